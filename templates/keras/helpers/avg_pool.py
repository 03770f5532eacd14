def avg_pool(
    x: KerasTensor,
    kernel: int | tuple[int, ...],
    *,
    stride: int | tuple[int, ...],
    pad: Any = 0,
    ceil: bool = False,
    count_include_pad: bool = True,
) -> KerasTensor:
    """Average pool that divides by the cells of a window in the map and its padding, or
    in the map alone.
    """
    around, behind = [(0, 0)], [(0, 0)]
    for axis, size in enumerate(x.shape[1:-1]):
        k, s = (n if isinstance(n, int) else n[axis] for n in (kernel, stride))
        p = pad if isinstance(pad, int | str) else pad[axis]
        pair, over = window_pads(size, k, s, p, ceil=ceil)
        around.append(pair)
        behind.append((0, over))
    edges = [*around, (0, 0)], [*behind, (0, 0)]
    ones: Any = ops.ones_like(x)
    ones = ops.pad(ones, edges[0], constant_values=float(count_include_pad))
    padded: Any = ops.pad(ops.pad(x, edges[0]), edges[1])
    counted: Any = ops.average_pool(ops.pad(ones, edges[1]), kernel, stride)
    return ops.average_pool(padded, kernel, stride) / counted
