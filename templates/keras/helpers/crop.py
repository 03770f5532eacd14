def crop(x: KerasTensor, *, like: KerasTensor) -> KerasTensor:
    """The centre of a map, in the height and width of another."""
    height, width = x.shape[1] - like.shape[1], x.shape[2] - like.shape[2]
    top, left = height // 2, width // 2
    return layers.Cropping2D(((top, height - top), (left, width - left)))(x)
