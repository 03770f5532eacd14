@keras.saving.register_keras_serializable()
class RoiAlign(layers.Layer):
    """Means of samples between the cells in each part of every box, (boxes, k, k, C), from
    the map that suits its size.
    """

    def __init__(
        self,
        size: int | tuple[int, int],
        samples: int = 2,
        scale: float | None = None,
        aligned: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.size, self.samples = size, samples
        self.scale, self.aligned = scale, aligned

    def call(self, maps: Any, boxes: Any, frame: Any = None) -> Any:
        maps = keras.tree.flatten(maps)
        shape: Any = ops.shape(maps[0])
        channels = maps[0].shape[-1]
        cells = [ops.reshape(x, (shape[0], -1, channels)) for x in maps]
        sizes: Any = ops.stack([sides_of(x)[:2] for x in maps])
        numbers: Any = sizes[:, 0] * sizes[:, 1]
        starts: Any = ops.cumsum(numbers) - numbers
        scales: Any = self.scales(maps, frame)
        level = suited_level(boxes, scales)
        sizes = ops.take(sizes, level, axis=0)
        start: Any = ops.take(starts, level, axis=0)
        scale: Any = ops.take(scales, level, axis=0)
        corners: Any = boxes * scale[..., None] - (0.5 if self.aligned else 0.0)
        sides: Any = corners[..., 2:] - corners[..., :2]
        sides = sides if self.aligned else ops.maximum(sides, 1)
        k = (self.size, self.size) if isinstance(self.size, int) else self.size
        rows = self.along(corners[..., 1], sides[..., 1], k[0], sizes[..., 1])
        columns = self.along(corners[..., 0], sides[..., 0], k[1], sizes[..., 0])
        flat: Any = ops.concatenate(cells, axis=1)
        total: Any = 0.0
        for row, weight in rows:
            row = start[..., None] + row * sizes[..., :1]
            for column, other in columns:
                found = take_cells(flat, row[..., None] + column[..., None, :])
                total += found * (weight[..., None] * other[..., None, :])[..., None]
        parts = (-1, k[0], self.samples, k[1], self.samples, channels)
        return ops.cast(ops.mean(ops.reshape(total, parts), axis=(2, 4)), maps[0].dtype)

    def scales(self, maps: Any, frame: Any) -> Any:
        """Cells of each map for a pixel: told, or the power of two that the frame says."""
        if self.scale is not None:
            return ops.array([self.scale], keras.config.floatx())
        found = [sides_of(x)[1] / sides_of(frame)[1] for x in maps]
        return ops.power(2.0, ops.round(ops.log2(ops.stack(found))))

    def along(self, start: Any, side: Any, parts: int, cells: Any) -> list[Any]:
        """The cells before and behind each sample along an axis, and their weights."""
        number = parts * self.samples
        steps: Any = ops.arange(number, dtype=start.dtype)
        places: Any = start[..., None] + (steps + 0.5) / number * side[..., None]
        cells = cells[..., None]
        inside: Any = ops.cast((places >= -1) & (places <= cells), places.dtype)
        places = ops.clip(places, 0, cells - 1)
        low: Any = ops.floor(places)
        high: Any = ops.minimum(low + 1, cells - 1)
        return [(low, (low + 1 - places) * inside), (high, (places - low) * inside)]

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "size": self.size,
            "samples": self.samples,
            "scale": self.scale,
            "aligned": self.aligned,
        }
