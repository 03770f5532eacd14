@keras.saving.register_keras_serializable()
class MatchCells(layers.Layer):
    """The boxes of the cells of a map with the true ones, given as corners in pixels of
    the image, each in the cell of its centre with the anchor that fits it best.
    """

    def __init__(
        self, sizes: Sequence[Sequence[float]], ignore: float, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.sizes, self.ignore = sizes, ignore

    def call(
        self, boxes: Any, targets: Any, cells: Any, frame: Any, image: Any = None
    ) -> Any:
        truth, labels = true_boxes(targets, frame, image)
        there: Any = labels >= 0
        own = owners(self.rows(truth, cells, frame), there, boxes)
        overlap: Any = overlaps(truth[:, :, None], boxes[:, None])
        overlap = ops.where(there[..., None], overlap, -1.0)
        most: Any = ops.max(overlap, axis=1)
        none: Any = ops.where(most > self.ignore, -1, 0)
        place: Any = ops.maximum(own, 0)
        label: Any = ops.take_along_axis(labels, place, axis=1)
        return {
            "boxes": ops.stop_gradient(boxes),
            "truth": ops.take_along_axis(truth, place[..., None], axis=1),
            "labels": ops.where(own >= 0, label + 1, none),
        }

    def rows(self, truth: Any, cells: Any, frame: Any) -> Any:
        """The box of a cell that each true one wants, (B, T)."""
        number: Any = ops.cast(sides_of(cells)[:2], "int32")
        step: Any = (sides_of(frame) / sides_of(cells))[:2]
        side: Any = (truth[..., 2:] - truth[..., :2]) / step
        centre: Any = (truth[..., :2] + truth[..., 2:]) / 2 / step
        place: Any = ops.clip(ops.cast(centre, "int32"), 0, number - 1)
        anchors: Any = ops.array(self.sizes, side.dtype)
        both: Any = ops.prod(ops.minimum(side[..., None, :], anchors), axis=-1)
        areas: Any = ops.prod(side, axis=-1, keepdims=True)
        areas = areas + ops.prod(anchors, axis=-1)
        fits: Any = ops.cast(ops.argmax(both / (areas - both), axis=-1), "int32")
        cell: Any = place[..., 1] * number[0] + place[..., 0]
        return cell * len(self.sizes) + fits

    def compute_output_spec(
        self, boxes: Any, targets: Any, cells: Any, frame: Any, image: Any = None
    ) -> Any:
        return matches_spec(*boxes.shape[:2])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"sizes": self.sizes, "ignore": self.ignore}
