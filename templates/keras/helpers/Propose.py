@keras.saving.register_keras_serializable()
class Propose(layers.Layer):
    """The boxes of each image that are most likely an object, best first, (B, keep, 4);
    zeros where there are fewer.
    """

    def __init__(
        self,
        keep: int,
        overlap: float,
        pre: int | None = None,
        min_size: float = 0.001,
        train_keep: int | None = None,
        train_pre: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.keep, self.overlap, self.pre, self.min_size = keep, overlap, pre, min_size
        self.train_keep, self.train_pre = train_keep, train_pre

    def call(self, logits: Any, boxes: Any, frame: Any, training: Any = None) -> Any:
        pre = (self.train_pre or self.pre) if training else self.pre
        keep = (self.train_keep or self.keep) if training else self.keep
        scores, corners, levels = [], [], []
        for level, (score, box) in enumerate(zip(logits, boxes, strict=True)):
            box = in_each(box, score)
            score, box = score[:, None, :, 0], box[:, None]
            if pre is not None:
                score, box = best_rows(score, box, pre)
            scores.append(score[:, 0])
            corners.append(box[:, 0])
            levels.append(ops.full_like(score[:, 0], level))
        logit: Any = ops.concatenate(scores, axis=1)
        box = clip_boxes(ops.concatenate(corners, axis=1), frame)
        valid = large_enough(box, self.min_size) & (logit > float("-inf"))
        score, groups = ops.sigmoid(logit), ops.concatenate(levels, axis=1)
        score = ops.where(valid, score, -1.0)
        best = suppress(box, score, groups, keep, self.overlap)[..., None]
        found: Any = ops.take_along_axis(box, ops.maximum(best, 0), axis=1)
        return ops.stop_gradient(ops.where(best >= 0, found, 0.0))

    def compute_output_shape(
        self, logits_shape: Any, boxes_shape: Any, frame_shape: Any
    ) -> Any:
        return (frame_shape[0], self.keep, 4)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "keep": self.keep,
            "overlap": self.overlap,
            "pre": self.pre,
            "min_size": self.min_size,
            "train_keep": self.train_keep,
            "train_pre": self.train_pre,
        }
