def warp(x: Any, boxes: Any, size: int | tuple[int, int], context: int = 0) -> Any:
    """What an image shows in each box, and some pixels around it, in one size."""
    height, width = (size, size) if isinstance(size, int) else size
    low: Any = boxes[..., :2]
    high: Any = boxes[..., 2:]
    grown = [width / (width - 2 * context), height / (height - 2 * context)]
    centre: Any = (low + high) / 2
    half: Any = (high - low) / 2 * ops.array(grown, keras.config.floatx())
    around = ops.concatenate((centre - half, centre + half), axis=-1)
    return RoiAlign((height, width), samples=1, scale=1.0, aligned=True)(x, around)
