def window_pads(
    size: int, span: int, stride: int, pad: Any, *, ceil: bool
) -> tuple[tuple[int, int], int]:
    """Cells around an axis, and those that a last window hangs over its end; that window
    starts before the padding behind.
    """
    if pad == "same":
        extra = max((size - 1) // stride * stride + span - size, 0)
        return (extra // 2, extra - extra // 2), 0
    before, after = (pad, pad) if isinstance(pad, int) else pad
    rest = (size + before + after - span) % stride
    over = stride - rest if ceil and rest else 0
    last = size + before + after + over - span
    return (before, after), over if last < size + before else 0
