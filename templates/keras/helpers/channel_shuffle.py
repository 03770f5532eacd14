def channel_shuffle(x: KerasTensor, groups: int) -> KerasTensor:
    """The channels of the groups in turn: the first of each, the second of each."""
    *sizes, channels = x.shape[1:]
    axes = range(1, len(sizes) + 1)
    x = layers.Reshape((*sizes, groups, channels // groups))(x)
    x = layers.Permute((*axes, len(sizes) + 2, len(sizes) + 1))(x)
    return layers.Reshape((*sizes, channels))(x)
