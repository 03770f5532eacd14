def max_pool(
    x: KerasTensor,
    kernel: int | tuple[int, ...],
    *,
    stride: int | tuple[int, ...],
    pad: Any = 0,
    dilation: int | tuple[int, ...] = 1,
    ceil: bool = False,
) -> KerasTensor:
    """Max-pool with dilation, or with windows that may reach over the end."""
    pads, starts = [(0, 0)], []
    for axis, size in enumerate(x.shape[1:-1]):
        k, s, d = (
            n if isinstance(n, int) else n[axis] for n in (kernel, stride, dilation)
        )
        p = pad if isinstance(pad, int | str) else pad[axis]
        (before, after), over = window_pads(size, d * (k - 1) + 1, s, p, ceil=ceil)
        pads.append((before, after + over))
        ends = [d * (i + 1 - k) or None for i in range(k)]
        starts.append([slice(d * i, end, s) for i, end in enumerate(ends)])
    padded: Any = ops.pad(x, [*pads, (0, 0)], constant_values=float("-inf"))
    parts = [padded[:, *place] for place in itertools.product(*starts)]
    return layers.Maximum()(parts) if len(parts) > 1 else parts[0]
