@keras.saving.register_keras_serializable()
class ResizeTo(layers.Layer):
    """Pictures in one size."""

    def __init__(self, height: int, width: int, **options: Any) -> None:
        super().__init__(**options)
        self.sides = height, width

    def call(self, inputs: Any) -> Any:
        height, width = self.sides
        return stretch(stretch(inputs, 1, height), 2, width)

    def get_config(self) -> dict[str, Any]:
        height, width = self.sides
        return super().get_config() | {"height": height, "width": width}
