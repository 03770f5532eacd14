def pixel_shuffle(x: KerasTensor, n: int) -> KerasTensor:
    """Channels become squares of n x n cells, the place in the square counting fastest."""
    height, width, channels = x.shape[1:]
    x = layers.Reshape((height, width, channels // (n * n), n, n))(x)
    x = layers.Permute((1, 4, 2, 5, 3))(x)
    return layers.Reshape((height * n, width * n, channels // (n * n)))(x)
