def round_away(x: Any) -> Any:
    """Whole numbers, halves away from zero, as Caffe rounds."""
    size: Any = ops.abs(x)
    whole: Any = ops.floor(size)
    return ops.sign(x) * (whole + ops.cast(size - whole >= 0.5, x.dtype))
