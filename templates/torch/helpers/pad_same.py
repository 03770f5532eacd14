def pad_same(
    x: Tensor,
    kernel: int | tuple[int, ...],
    stride: int | tuple[int, ...] = 1,
    dilation: int | tuple[int, ...] = 1,
    value: float = 0.0,
) -> Tensor:
    """Pad, so that a window gives ceil(size / stride) cells; the odd one at the end."""
    pads: list[int] = []
    for axis in reversed(range(x.dim() - 2)):
        window = (kernel, stride, dilation)
        k, s, d = (n if isinstance(n, int) else n[axis] for n in window)
        size = x.shape[axis + 2]
        excess = max((size - 1) // s * s + d * (k - 1) + 1 - size, 0)
        pads += [excess // 2, excess - excess // 2]
    return F.pad(x, pads, value=value)
