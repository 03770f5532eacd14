def pad_lowest(x: KerasTensor, pad: Any) -> KerasTensor:
    """Pads with what no max-pool chooses; `pad` is a number, or one or two an axis."""
    rank = len(x.shape) - 2
    sides = [pad] * rank if isinstance(pad, int) else [pad] if rank == 1 else pad
    pairs = [(side, side) if isinstance(side, int) else side for side in sides]
    padded: Any = ops.pad(x, [(0, 0), *pairs, (0, 0)], constant_values=float("-inf"))
    return padded
