def take_cells(cells: Any, places: Any) -> Any:
    """The channels (B, places…, C) of some of the cells of each image, (B, cells, C)."""
    sizes: Any = ops.shape(cells)
    first: Any = ops.arange(sizes[0], dtype="int32")
    first = ops.reshape(first * sizes[1], (-1, *[1] * (len(places.shape) - 1)))
    places = ops.cast(places, "int32") + first
    return ops.take(ops.reshape(cells, (-1, cells.shape[-1])), places, axis=0)
