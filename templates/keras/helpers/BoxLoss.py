@keras.saving.register_keras_serializable()
class BoxLoss(Loss):
    """How far boxes are from the true ones, over the matches with an object."""

    def __init__(
        self,
        weights: Sequence[float] = (1, 1, 1, 1),
        beta: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.weights_, self.beta = weights, beta

    def call(self, moves: Any, matches: Any) -> Any:
        labels: Any = ops.ravel(matches["labels"])
        rows: Any = ops.reshape(moves, (-1, moves.shape[-1] // 4, 4))
        if rows.shape[1] > 1:
            place: Any = ops.maximum(labels, 0)
            rows = ops.take_along_axis(rows, place[:, None, None], axis=1)
        off: Any = ops.abs(rows[:, 0] - self.wanted(matches, labels))
        near: Any = off < self.beta
        square: Any = 0.5 * off * off / max(self.beta, 1e-9)
        loss: Any = ops.where(near, square, off - 0.5 * self.beta)
        loss = ops.where(labels[:, None] > 0, loss, 0.0)
        return self.share(ops.sum(loss), labels)

    def wanted(self, matches: Any, labels: Any) -> Any:
        """The moves that bring boxes to the true ones; of what has none, none."""
        some: Any = labels[:, None] > 0
        unit: Any = ops.array([0.0, 0.0, 1.0, 1.0], keras.config.floatx())
        parts: Any = [ops.reshape(matches[key], (-1, 4)) for key in ("boxes", "truth")]
        parts = [ops.where(some, part, unit) for part in parts]
        box, truth = parts
        side: Any = box[:, 2:] - box[:, :2]
        true: Any = truth[:, 2:] - truth[:, :2]
        step: Any = (truth[:, :2] + 0.5 * true - (box[:, :2] + 0.5 * side)) / side
        moves: Any = ops.concatenate((step, ops.log(true / side)), axis=1)
        return moves * ops.array(self.weights_, moves.dtype)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"weights": self.weights_, "beta": self.beta}
