def crop_axes(x: Tensor, *, like: Tensor) -> Tensor:
    """The centre of a tensor, in the sizes that another has behind the channels."""
    for axis in range(2, x.dim()):
        size = like.shape[axis]
        x = x.narrow(axis, (x.shape[axis] - size) // 2, size)
    return x
