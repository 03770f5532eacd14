def in_each(boxes: Any, scores: Any) -> Any:
    """Boxes with an entry for each image; anchors are those of all."""
    if len(boxes.shape) == len(scores.shape):
        return boxes
    return ops.broadcast_to(boxes, (ops.shape(scores)[0], *ops.shape(boxes)))
