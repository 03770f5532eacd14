def pixel_shuffle(x: KerasTensor, n: int) -> KerasTensor:
    """Channels become squares of n x n cells, the place in the square counting fastest."""
    channels, step = x.shape[-1], n * n
    order = [i for first in range(step) for i in range(first, channels, step)]
    shuffled: Any = ops.depth_to_space(ops.take(x, order, axis=-1), n)
    return shuffled
