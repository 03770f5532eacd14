@keras.saving.register_keras_serializable()
class ResizeLike(layers.Layer):
    """A map in the sizes that another has when the model runs, by interpolation."""

    def __init__(self, mode: str = "nearest", **options: Any) -> None:
        super().__init__(**options)
        self.mode = mode

    def call(self, inputs: Any, like: Any) -> Any:
        old: Any = ops.shape(inputs)
        new: Any = ops.shape(like)
        x: Any = inputs
        for axis in range(1, len(inputs.shape) - 1):
            size: Any = ops.cast(old[axis], "float32")
            cells: Any = ops.arange(new[axis], dtype="float32")
            places: Any = (cells + 0.5) * size / ops.cast(new[axis], "float32")
            if self.mode == "nearest":
                x = ops.take(x, ops.cast(places, "int32"), axis)
                continue
            first: Any = ops.floor(places - 0.5)
            steps = (ops.cast(first + step, "int32") for step in (0, 1))
            near: Any = [ops.clip(step, 0, old[axis] - 1) for step in steps]
            near = [ops.take(x, place, axis) for place in near]
            rest = (-1, *[1] * (len(inputs.shape) - 1 - axis))
            part = ops.cast(ops.reshape(places - 0.5 - first, rest), x.dtype)
            x = near[0] + (near[1] - near[0]) * part
        return x

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"mode": self.mode}
