@keras.saving.register_keras_serializable()
class RoiPool(layers.Layer):
    """The largest value in each part of every box, in whole cells, (boxes, k, k, C)."""

    def __init__(
        self, size: int | tuple[int, int], scale: float = 1.0, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.size, self.scale = size, scale

    def call(self, x: Any, boxes: Any) -> Any:
        sizes: Any = ops.shape(x)
        height, width = sizes[1:3]
        k = (self.size, self.size) if isinstance(self.size, int) else self.size
        corners: Any = round_away(boxes * self.scale)
        top, bottom = self.along(corners[..., 1], corners[..., 3], k[0], height)
        left, right = self.along(corners[..., 0], corners[..., 2], k[1], width)
        cells = ops.reshape(x, (sizes[0], -1, x.shape[-1]))
        tall: Any = ops.max(bottom - top)
        wide: Any = ops.max(right - left)
        top, bottom = top[..., None], bottom[..., None]
        left, right = left[..., None, :], right[..., None, :]

        def larger(step: Any, best: Any) -> Any:
            row: Any = ops.maximum(ops.minimum(top + step // wide, bottom - 1), 0)
            column: Any = ops.maximum(ops.minimum(left + step % wide, right - 1), 0)
            return ops.maximum(best, take_cells(cells, row * width + column))

        first = take_cells(cells, ops.clip(top * width + left, 0, height * width - 1))
        best = ops.fori_loop(0, tall * wide, larger, first)
        best = ops.where(((top < bottom) & (left < right))[..., None], best, 0.0)
        return ops.reshape(best, (-1, *k, x.shape[-1]))

    def along(self, start: Any, end: Any, parts: int, cells: Any) -> list[Any]:
        """The first cell of each part along an axis, and the one behind its last."""
        side: Any = ops.maximum(end - start + 1, 1)
        steps: Any = ops.arange(parts + 1, dtype=start.dtype)
        places: Any = steps * (side / parts)[..., None]
        ends: Any = ops.floor(places[..., :-1]), ops.ceil(places[..., 1:])
        inside = (ops.clip(start[..., None] + each, 0, cells) for each in ends)
        return [ops.cast(each, "int32") for each in inside]

    def compute_output_shape(self, x_shape: Any, boxes_shape: Any) -> Any:
        k = (self.size, self.size) if isinstance(self.size, int) else self.size
        rows = None if None in boxes_shape[:2] else boxes_shape[0] * boxes_shape[1]
        return (rows, *k, x_shape[-1])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"size": self.size, "scale": self.scale}
