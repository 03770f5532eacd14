@keras.saving.register_keras_serializable()
class ResizeShorter(layers.Layer):
    """Pictures whose shorter side is of one length, unless the longer one would be too
    long.
    """

    def __init__(self, shorter: int, longer: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.shorter, self.longer = shorter, longer

    def call(self, inputs: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        if all(isinstance(size, int) for size in sizes[1:3]):
            sides: Any = self.fitted(*sizes[1:3])
        else:  # of a graph that is traced for any size
            exact: Any = ops.cast(sizes[1:3], "float64")
            least: Any = ops.min(exact)
            most: Any = ops.max(exact)
            scale: Any = self.shorter / least
            if self.longer is not None:
                scale = ops.minimum(scale, self.longer / most)
            sides = ops.cast(exact * scale, "int32")
            sides = sides[0], sides[1]
        return stretch(stretch(inputs, 1, sides[0]), 2, sides[1])

    def fitted(self, height: int, width: int) -> tuple[int, int]:
        """The new height and width."""
        scale = self.shorter / min(height, width)
        if self.longer is not None:
            scale = min(scale, self.longer / max(height, width))
        return int(height * scale), int(width * scale)

    def compute_output_shape(self, input_shape: Any) -> Any:
        batch, *sides, channels = input_shape
        found = (None, None) if None in sides else self.fitted(*sides)
        return (batch, *found, channels)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"shorter": self.shorter, "longer": self.longer}
