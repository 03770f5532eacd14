def reorg(x: KerasTensor, n: int) -> KerasTensor:
    """Cells become channels as in Darknet, which reads the map under other sizes."""
    height, width, channels = x.shape[1:]
    x = layers.Permute((3, 1, 2))(x)
    x = layers.Reshape((channels // (n * n), height, n, width, n))(x)
    x = layers.Permute((3, 5, 1, 2, 4))(x)
    x = layers.Reshape((n * n * channels, height // n, width // n))(x)
    return layers.Permute((2, 3, 1))(x)
