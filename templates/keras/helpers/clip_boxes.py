def clip_boxes(boxes: Any, frame: Any) -> Any:
    """Boxes, cut at the frame."""
    return ops.minimum(ops.maximum(boxes, 0), sides_of(frame))
