def cell_places(x: Any) -> Any:
    """Column and row of every cell of a map, row by row, (cells, 1, 2)."""
    sizes: Any = ops.shape(x)
    height, width = sizes[1:3]
    grid: Any = ops.meshgrid(ops.arange(height), ops.arange(width), indexing="ij")
    places: Any = ops.reshape(ops.stack(grid[::-1], axis=-1), (-1, 1, 2))
    return ops.cast(places, keras.config.floatx())
