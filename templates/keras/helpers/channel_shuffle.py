def channel_shuffle(x: KerasTensor, groups: int) -> KerasTensor:
    """The channels of the groups in turn: the first of each, the second of each."""
    channels = x.shape[-1]
    step = channels // groups
    order = [i for first in range(step) for i in range(first, channels, step)]
    shuffled: Any = ops.take(x, order, axis=-1)
    return shuffled
