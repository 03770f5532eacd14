def overlaps(a: Any, b: Any) -> Any:
    """Intersection over union of boxes (…, 4)."""
    low: Any = ops.maximum(a[..., :2], b[..., :2])
    high: Any = ops.minimum(a[..., 2:], b[..., 2:])
    both: Any = ops.prod(ops.maximum(high - low, 0), axis=-1)
    areas: Any = [ops.prod(x[..., 2:] - x[..., :2], axis=-1) for x in (a, b)]
    return both / ops.maximum(areas[0] + areas[1] - both, 1e-9)
