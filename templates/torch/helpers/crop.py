def crop(x: Tensor, *, like: Tensor) -> Tensor:
    """The centre of a map, in the height and width of another."""
    height, width = like.shape[-2:]
    top, left = (x.shape[-2] - height) // 2, (x.shape[-1] - width) // 2
    return x[..., top : top + height, left : left + width]
