def in_each(boxes: Any, scores: Any) -> Any:
    """Boxes with an entry for each image; anchors are those of all."""
    if len(boxes.shape) == len(scores.shape):
        return boxes
    batch: Any = ops.shape(scores)
    rows: Any = ops.shape(boxes)
    return ops.broadcast_to(boxes, (batch[0], *rows))
