@keras.saving.register_keras_serializable()
class PadTo(layers.Layer):
    """Zeros below and at the right, up to a multiple of cells."""

    def __init__(self, multiple: int, **options: Any) -> None:
        super().__init__(**options)
        self.multiple = multiple

    def call(self, inputs: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        ends: Any = [(0, -size % self.multiple) for size in sizes[1:3]]
        return ops.pad(inputs, [(0, 0), *ends, (0, 0)])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"multiple": self.multiple}
