@keras.saving.register_keras_serializable()
class CellLoss(layers.Layer):
    """How far boxes in cells are from the true ones: half the squares, summed."""

    def __init__(
        self, sizes: Sequence[Sequence[float]], pull: float = 0.0, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.sizes, self.pull = sizes, pull

    def call(self, codes: Any, matches: Any, cells: Any, frame: Any) -> Any:
        image: Any = sides_of(frame)[:2]
        step: Any = image / sides_of(cells)[:2]
        rows: Any = ops.shape(codes)
        shape = (rows[0], -1, len(self.sizes), 4)
        codes = ops.reshape(codes, shape)
        truth: Any = ops.reshape(matches["truth"], shape)
        mine: Any = ops.reshape(matches["labels"] > 0, (*shape[:3], 1))
        side: Any = truth[..., 2:] - truth[..., :2]
        centre: Any = (truth[..., :2] + side / 2) / step - cell_places(cells)
        area: Any = ops.prod(side / image, axis=-1, keepdims=True)
        growth: Any = side / step / ops.array(self.sizes, side.dtype)
        growth = ops.log(ops.where(mine, growth, 1.0))
        centre = ops.where(mine, centre, 0.5)
        place: Any = ops.sigmoid(codes[..., :2]) - centre
        off: Any = ops.concatenate((place, codes[..., 2:] - growth), axis=-1)
        weight: Any = ops.where(mine, 2 - area, self.pull)
        return ops.sum(weight * ops.square(off) / 2)

    def compute_output_spec(self, *given: Any, **named: Any) -> Any:
        return KerasTensor((), keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"sizes": self.sizes, "pull": self.pull}
