@keras.saving.register_keras_serializable()
class Match(layers.Layer):
    """Boxes (B, N, 4) with the true ones, given as corners in pixels of the image, that
    they overlap most: `boxes`, `truth` (B, N, 4) and `labels` (B, N); a label is 0 where
    there is none, and -1 where it does not count.
    """

    def __init__(
        self,
        high: float,
        low: float | None = None,
        best: str = "plain",
        added: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.high, self.low, self.best, self.added = high, low, best, added

    def call(self, boxes: Any, targets: Any, frame: Any, image: Any = None) -> Any:
        truth, labels = true_boxes(targets, frame, image)
        if self.added:
            boxes = ops.concatenate((boxes, truth), axis=1)
        there: Any = labels >= 0
        overlap: Any = overlaps(truth[:, :, None], boxes[:, None])
        overlap = ops.where(there[..., None], overlap, -1.0)
        most: Any = ops.max(overlap, axis=1)
        place: Any = ops.argmax(overlap, axis=1)
        sure: Any = most >= self.high
        none: Any = most < (self.high if self.low is None else self.low)
        if self.best == "kept":
            fits: Any = overlap == ops.max(overlap, axis=2, keepdims=True)
            sure = sure | ops.any(fits & there[..., None], axis=1)
        elif self.best == "forced":
            own = owners(ops.argmax(overlap, axis=2), there, boxes)
            place, sure = ops.where(own >= 0, own, place), sure | (own >= 0)
        label: Any = ops.take_along_axis(labels, place, axis=1)
        label = ops.where(sure, label, ops.where(none, 0, -1))
        filled: Any = boxes[..., 2] > boxes[..., 0]  # rows that fill up are empty
        return {
            "boxes": ops.stop_gradient(boxes),
            "truth": ops.take_along_axis(truth, place[..., None], axis=1),
            "labels": ops.where(filled, label, -1),
        }

    def compute_output_spec(
        self, boxes: Any, targets: Any, frame: Any, image: Any = None
    ) -> Any:
        return matches_spec(boxes.shape[0], None if self.added else boxes.shape[1])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "high": self.high,
            "low": self.low,
            "best": self.best,
            "added": self.added,
        }
