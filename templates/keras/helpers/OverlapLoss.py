@keras.saving.register_keras_serializable()
class OverlapLoss(layers.Layer):
    """How far the sigmoid of a logit is from how much its box and the true one overlap,
    or from 1, and of a box without an object from 0: half the squares, summed.
    """

    def __init__(
        self, some: float, empty: float, whole: bool = False, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.some, self.empty, self.whole = some, empty, whole

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = matches["labels"]
        overlap: Any = overlaps(matches["boxes"], matches["truth"])
        wanted: Any = ops.ones_like(overlap) if self.whole else overlap
        wanted = ops.where(labels > 0, ops.stop_gradient(wanted), 0.0)
        off: Any = wanted - ops.sigmoid(logits[..., 0])
        weight: Any = ops.where(labels > 0, float(self.some), float(self.empty))
        weight = ops.where(labels < 0, 0.0, weight)
        return ops.sum(weight * ops.square(off) / 2)

    def compute_output_spec(self, *given: Any, **named: Any) -> Any:
        return KerasTensor((), keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "some": self.some,
            "empty": self.empty,
            "whole": self.whole,
        }
