def stretch(x: Any, axis: int, cells: Any) -> Any:
    """More or fewer cells along an axis, by lines between their centres; places are
    rounded as in PyTorch, once.
    """
    kind = keras.config.floatx()
    sizes: Any = ops.shape(x)
    step: Any = ops.divide(ops.cast(sizes[axis], kind), ops.cast(cells, kind))
    places: Any = ops.arange(cells, dtype="float64")
    places = ops.cast((places + 0.5) * ops.cast(step, "float64") - 0.5, kind)
    places = ops.maximum(places, 0)
    first: Any = ops.cast(places, "int32")
    part: Any = places - ops.cast(first, kind)
    part = ops.reshape(part, (-1, *[1] * (len(x.shape) - 1 - axis)))
    part = ops.cast(part, x.dtype)
    last: Any = ops.minimum(first + 1, sizes[axis] - 1)
    return ops.take(x, first, axis) * (1 - part) + ops.take(x, last, axis) * part
