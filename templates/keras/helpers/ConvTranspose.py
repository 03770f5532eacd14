@keras.saving.register_keras_serializable()
class ConvTranspose(layers.Layer):
    """Transposed convolution in groups, with both a stride and a dilation, or with more
    padding of the output: zeros are put between the cells, and a convolution runs over
    them.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, ...],
        strides: int | tuple[int, ...] = 1,
        output_padding: int | tuple[int, ...] = 0,
        dilation_rate: int | tuple[int, ...] = 1,
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.filters, self.groups, self.use_bias = filters, groups, use_bias
        self.kernel_size, self.strides = kernel_size, strides
        self.output_padding, self.dilation_rate = output_padding, dilation_rate
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def each(self, value: int | tuple[int, ...], rank: int) -> list[int]:
        """One number an axis."""
        return [value] * rank if isinstance(value, int) else list(value)

    def build(self, input_shape: Any) -> None:
        kernel = self.each(self.kernel_size, len(input_shape) - 2)
        self.kernel = self.add_weight(
            shape=(*kernel, self.filters // self.groups, input_shape[-1]),
            initializer=self.kernel_initializer,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.filters,), initializer=self.bias_initializer, name="bias"
            )

    def call(self, inputs: Any) -> Any:
        sizes = list(inputs.shape[1:])
        rank = len(sizes) - 1
        strides = self.each(self.strides, rank)
        dilation = self.each(self.dilation_rate, rank)
        rate: Any = tuple(dilation)
        extra = self.each(self.output_padding, rank)
        x: Any = inputs
        for axis, s in enumerate(strides):
            x = ops.expand_dims(x, axis + 2)
            behind = [(0, s - 1), *[(0, 0)] * (rank - axis)]
            sizes[axis] *= s
            x = ops.reshape(ops.pad(x, [*[(0, 0)] * (axis + 2), *behind]), (-1, *sizes))
        rows = zip(self.kernel.shape, dilation, strides, extra, strict=False)
        ends = [(d * (k - 1), d * (k - 1) + 1 - s + more) for k, d, s, more in rows]
        cuts = [slice(0, end if end < 0 else None) for _, end in ends]
        x = x[:, *cuts]
        x = ops.pad(x, [(0, 0), *((a, max(b, 0)) for a, b in ends), (0, 0)])
        kernel = ops.flip(self.kernel, axis=tuple(range(rank)))
        parts: Any = ops.split(kernel, self.groups, axis=-1)
        kernel = ops.concatenate(
            [ops.swapaxes(part, -1, -2) for part in parts], axis=-1
        )
        x = ops.conv(x, kernel, padding="valid", dilation_rate=rate)
        if self.use_bias:
            x = x + self.bias
        return self.activation(x)

    def get_config(self) -> dict[str, Any]:
        serialize = keras.initializers.serialize
        return super().get_config() | {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "output_padding": self.output_padding,
            "dilation_rate": self.dilation_rate,
            "groups": self.groups,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": serialize(self.kernel_initializer),
            "bias_initializer": serialize(self.bias_initializer),
        }
