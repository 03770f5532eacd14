def of_each_image(boxes: Any, frame: Any) -> Any:
    """The same boxes for every image of a batch, (B, N, 4)."""
    rows: Any = ops.shape(boxes)
    batch: Any = ops.shape(frame)
    return ops.broadcast_to(boxes, (batch[0], rows[0], 4))
