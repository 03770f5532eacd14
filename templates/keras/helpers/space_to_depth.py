def space_to_depth(x: KerasTensor, n: int, *, order: str = "row") -> KerasTensor:
    """Each square of n x n cells becomes channels, walked by row or by column."""
    height, width, channels = x.shape[1:]
    x = layers.Reshape((height // n, n, width // n, n, channels))(x)
    x = layers.Permute((1, 3, 2, 4, 5) if order == "row" else (1, 3, 4, 2, 5))(x)
    return layers.Reshape((height // n, width // n, n * n * channels))(x)
