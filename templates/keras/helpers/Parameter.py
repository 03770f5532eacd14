@keras.saving.register_keras_serializable()
class Parameter(layers.Layer):
    """Learned numbers, the same for every example of a batch."""

    def __init__(
        self, shape: tuple[int, ...], initializer: Any = "zeros", **options: Any
    ) -> None:
        super().__init__(**options)
        self.shape = tuple(shape)
        self.initializer = keras.initializers.get(initializer)

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(
            shape=self.shape, initializer=self.initializer, name="kernel"
        )

    def call(self, inputs: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        return ops.broadcast_to(self.kernel, (sizes[0], *self.shape))

    def get_config(self) -> dict[str, Any]:
        initializer = keras.initializers.serialize(self.initializer)
        return super().get_config() | {
            "shape": self.shape,
            "initializer": initializer,
        }
