def large_enough(boxes: Any, side: float) -> Any:
    """Whether boxes are as wide and as high as a side."""
    sizes = boxes[..., 2:] - boxes[..., :2]
    return ops.all(sizes >= side, axis=-1)
