def suited_level(boxes: Any, scales: Any) -> Any:
    """Which map suits each box: a box of 224 pixels takes the one of every 16th."""
    sides = boxes[..., 2:] - boxes[..., :2]
    side: Any = ops.sqrt(sides[..., 0] * sides[..., 1])
    level: Any = ops.log2(side / 224)
    steps: Any = ops.log2(1 / scales)
    level = ops.clip(ops.floor(level + 4 + 1e-6), steps[0], steps[-1])
    return ops.cast(level - steps[0], "int32")
