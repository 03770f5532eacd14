def pad_same(
    x: KerasTensor,
    kernel: int | tuple[int, ...],
    *,
    stride: int | tuple[int, ...] = 1,
    dilation: int | tuple[int, ...] = 1,
    value: float = 0.0,
) -> KerasTensor:
    """Pads so that a window gives as many cells as strides; the odd cell is at the end."""
    pads = [(0, 0)]
    for axis, size in enumerate(x.shape[1:-1]):
        k, s, d = (
            n if isinstance(n, int) else n[axis] for n in (kernel, stride, dilation)
        )
        over = 1 if s == 1 else size - (size - 1) // s * s
        extra = max(d * (k - 1) + 1 - over, 0)
        pads.append((extra // 2, extra - extra // 2))
    padded: Any = ops.pad(x, [*pads, (0, 0)], constant_values=value)
    return padded
