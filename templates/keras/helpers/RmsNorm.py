@keras.saving.register_keras_serializable()
class RmsNorm(layers.RMSNormalization):
    """RMS normalisation whose factors start as they are told to."""

    def __init__(self, initializer: Any, **options: Any) -> None:
        super().__init__(**options)
        self.initializer = keras.initializers.get(initializer)

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.scale.assign(self.initializer(self.scale.shape))

    def get_config(self) -> dict[str, Any]:
        initializer = keras.initializers.serialize(self.initializer)
        return super().get_config() | {"initializer": initializer}
