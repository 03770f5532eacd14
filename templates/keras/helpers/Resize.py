@keras.saving.register_keras_serializable()
class Resize(layers.Layer):
    """More or fewer cells by interpolation, as PyTorch has it; with `corners` the centres
    of the corner cells coincide, else their outer edges.
    """

    def __init__(
        self,
        size: tuple[int, ...],
        mode: str = "nearest",
        corners: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.size, self.mode, self.corners = tuple(size), mode, corners

    def call(self, inputs: Any) -> Any:
        x: Any = inputs
        for axis, cells in enumerate(self.size, start=1):
            weights = ops.cast(self.weights_of(x.shape[axis], cells), x.dtype)
            x = ops.matmul(ops.moveaxis(x, axis, -1), weights)
            x = ops.moveaxis(x, -1, axis)
        return x

    def weights_of(self, size: int, cells: int) -> Any:
        """What each of the new cells takes of the old ones: (size, cells)."""
        kind = keras.backend.result_type(self.compute_dtype, "float32")
        places: Any = ops.arange(cells, dtype=kind)
        if self.corners:
            places = places * ((size - 1) / max(cells - 1, 1))
        else:
            places = (places + 0.5) * (size / cells) - 0.5
        if self.mode == "nearest":
            near: Any = ops.cast(places + 0.5, "int32")
            return ops.one_hot(near, size, axis=0, dtype=kind)
        reach = 1 if self.mode == "bilinear" else 2
        first: Any = ops.floor(places)
        weights: Any = 0.0
        for step in range(1 - reach, reach + 1):
            near = ops.cast(ops.clip(first + step, 0, size - 1), "int32")
            weight = self.kernel(ops.abs(places - first - step))
            weights += weight * ops.one_hot(near, size, axis=0, dtype=kind)
        return weights

    def kernel(self, x: Any) -> Any:
        """The weight of a cell at a distance: a line, or Keys's cubic with a = -0.75."""
        if self.mode == "bilinear":
            return ops.maximum(1 - x, 0)
        near = (1.25 * x - 2.25) * x * x + 1
        return ops.where(x <= 1, near, ((-0.75 * x + 3.75) * x - 6) * x + 3)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "size": self.size,
            "mode": self.mode,
            "corners": self.corners,
        }
