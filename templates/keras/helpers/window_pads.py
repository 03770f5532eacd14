def window_pads(
    size: Any, span: int, stride: int, pad: Any, *, ceil: bool
) -> tuple[tuple[int, int], int]:
    """Cells around an axis, and those that a last window may hang over its end; that
    window starts before the padding behind.
    """
    if pad == "same":
        over = 1 if stride == 1 else size - (size - 1) // stride * stride
        extra = max(span - over, 0)
        return (extra // 2, extra - extra // 2), 0
    before, after = (pad, pad) if isinstance(pad, int) else pad
    if not ceil or after + stride <= span:
        return (before, after), stride - 1 if ceil else 0
    rest = (size + before + after - span) % stride
    over = stride - rest if rest else 0
    last = size + before + after + over - span
    return (before, after), over if last < size + before else 0
