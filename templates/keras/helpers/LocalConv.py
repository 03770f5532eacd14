@keras.saving.register_keras_serializable()
class LocalConv(layers.Layer):
    """Convolution with weights and a bias of its own at every place."""

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, ...],
        strides: int | tuple[int, ...] = 1,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.filters, self.use_bias = filters, use_bias
        self.kernel_size, self.strides = kernel_size, strides
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def build(self, input_shape: Any) -> None:
        *sizes, channels = input_shape[1:]
        windows = [self.kernel_size, self.strides]
        kernel, stride = (
            [n] * len(sizes) if isinstance(n, int) else list(n) for n in windows
        )
        rows = zip(sizes, kernel, stride, strict=True)
        cells = [(n - k) // s + 1 for n, k, s in rows]
        self.taps = [
            [slice(i, i + (c - 1) * s + 1, s) for i in range(k)]
            for c, k, s in zip(cells, kernel, stride, strict=True)
        ]
        fan = channels * math.prod(kernel)
        self.kernel = self.add_weight(
            shape=(*cells, fan, self.filters),
            initializer=self.kernel_initializer,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(*cells, self.filters),
                initializer=self.bias_initializer,
                name="bias",
            )

    def call(self, inputs: Any) -> Any:
        taps = itertools.product(*self.taps)
        windows = ops.concatenate([inputs[:, *tap] for tap in taps], axis=-1)
        x = ops.einsum("n...k,...ko->n...o", windows, self.kernel)
        return x + self.bias if self.use_bias else x

    def get_config(self) -> dict[str, Any]:
        serialize = keras.initializers.serialize
        return super().get_config() | {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "use_bias": self.use_bias,
            "kernel_initializer": serialize(self.kernel_initializer),
            "bias_initializer": serialize(self.bias_initializer),
        }
