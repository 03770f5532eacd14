def max_pool_ceil(x: KerasTensor, kernel: int, *, stride: int) -> KerasTensor:
    """Max-pool whose last windows may reach over the end of the map."""
    height, width = x.shape[1:3]
    bottom, right = (kernel - height) % stride, (kernel - width) % stride
    pads = ((0, 0), (0, bottom), (0, right), (0, 0))
    padded = ops.pad(x, pads, constant_values=float("-inf"))
    return layers.MaxPooling2D(kernel, strides=stride)(padded)
