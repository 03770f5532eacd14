@keras.saving.register_keras_serializable()
class Detect(layers.Layer):
    """The boxes of each image that are an object, best first, in pixels of the image:
    `boxes` (B, keep, 4), `scores` and `labels` (B, keep); a label is -1 where none is left.
    """

    def __init__(
        self,
        score: float,
        overlap: float,
        keep: int,
        pre: int | None = None,
        min_size: float = 0.0,
        per_class: bool = True,
        background: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.score, self.overlap, self.keep = score, overlap, keep
        self.pre, self.min_size = pre, min_size
        self.per_class, self.background = per_class, background

    def call(self, boxes: Any, scores: Any, frame: Any, image: Any = None) -> Any:
        pairs = zip(keras.tree.flatten(boxes), keras.tree.flatten(scores), strict=True)
        rows = [self.candidates(box, score, frame) for box, score in pairs]
        parts = zip(*rows, strict=True)
        joined: Any = [ops.concatenate(part, axis=1) for part in parts]
        box, score, label = joined
        groups = label if self.per_class else ops.zeros_like(label)
        best = suppress(box, score, groups, self.keep, self.overlap)
        place: Any = ops.maximum(best, 0)
        found: Any = best >= 0
        box = ops.take_along_axis(box, place[..., None], axis=1)
        if image is not None:
            box = box * (sides_of(image) / sides_of(frame))
        score = ops.take_along_axis(score, place, axis=1)
        label = ops.take_along_axis(label, place, axis=1)
        return {
            "boxes": ops.where(found[..., None], box, 0.0),
            "scores": ops.where(found, score, 0.0),
            "labels": ops.where(found, label, -1),
        }

    def candidates(self, boxes: Any, scores: Any, frame: Any) -> tuple[Any, Any, Any]:
        """Boxes, scores and labels of a map; below the least score is -1."""
        first = 1 if self.background else 0
        boxes = boxes if len(boxes.shape) == 4 else in_each(boxes, scores)
        boxes = boxes[:, :, None] if len(boxes.shape) == 3 else boxes[:, :, first:]
        boxes = ops.swapaxes(boxes, 1, 2)
        scores = ops.swapaxes(scores[..., first:], 1, 2)
        there: Any = boxes[..., 2] > boxes[..., 0]  # rows that fill up are empty
        scores = ops.where(there & (scores > self.score), scores, -1.0)
        boxes = clip_boxes(boxes, frame)
        if self.pre is not None:
            scores, boxes = best_rows(scores, boxes, self.pre)
        scores = ops.where(large_enough(boxes, self.min_size), scores, -1.0)
        sizes: Any = ops.shape(scores)
        boxes = ops.broadcast_to(boxes, (*sizes, 4))
        labels: Any = ops.arange(first, first + scores.shape[1], dtype="int32")
        labels = ops.broadcast_to(ops.reshape(labels, (-1, 1)), sizes)
        rows = (sizes[0], sizes[1] * sizes[2])
        boxes = ops.reshape(boxes, (*rows, 4))
        return boxes, ops.reshape(scores, rows), ops.reshape(labels, rows)

    def compute_output_spec(
        self, boxes: Any, scores: Any, frame: Any, image: Any = None
    ) -> Any:
        rows = (frame.shape[0], self.keep)
        return {
            "boxes": KerasTensor((*rows, 4), keras.config.floatx()),
            "scores": KerasTensor(rows, keras.config.floatx()),
            "labels": KerasTensor(rows, "int32"),
        }

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "score": self.score,
            "overlap": self.overlap,
            "keep": self.keep,
            "pre": self.pre,
            "min_size": self.min_size,
            "per_class": self.per_class,
            "background": self.background,
        }
