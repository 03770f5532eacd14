@keras.saving.register_keras_serializable()
class Reorg(layers.Layer):
    """Cells become channels as in Darknet, which reads the map under other sizes."""

    def __init__(self, n: int, **options: Any) -> None:
        super().__init__(**options)
        self.n = n

    def call(self, inputs: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        _, height, width, channels = sizes
        n, squares = self.n, self.n * self.n
        x = ops.transpose(inputs, (0, 3, 1, 2))
        x = ops.reshape(x, (-1, channels // squares, height, n, width, n))
        x = ops.transpose(x, (0, 3, 5, 1, 2, 4))
        x = ops.reshape(x, (-1, squares * channels, height // n, width // n))
        return ops.transpose(x, (0, 2, 3, 1))

    def compute_output_shape(self, input_shape: Any) -> Any:
        batch, *sides, channels = input_shape
        fewer = [side and side // self.n for side in sides]
        return batch, *fewer, channels * self.n * self.n

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"n": self.n}
