def sides_of(x: Any) -> Any:
    """Width and height of a map or an image, twice, as corners have them, (4,)."""
    sizes: Any = ops.shape(x)
    height, width = sizes[1:3]
    sides = ops.convert_to_tensor([width, height, width, height])
    return ops.cast(sides, keras.config.floatx())
