def max_pool_ceil(x: KerasTensor, kernel: int, *, stride: int) -> KerasTensor:
    """Max-pool whose last windows may reach over the end of the map."""
    end = (0, stride - 1)
    padded = ops.pad(x, ((0, 0), end, end, (0, 0)), constant_values=float("-inf"))
    return layers.MaxPooling2D(kernel, strides=stride)(padded)
