def owners(rows: Any, there: Any, boxes: Any) -> Any:
    """For each box the last true one that wants it, or -1, (B, N)."""
    sizes: Any = ops.shape(boxes)
    wanted: Any = rows[..., None] == ops.arange(sizes[1], dtype=rows.dtype)
    sizes = ops.shape(rows)
    order: Any = ops.arange(sizes[1], dtype="int32")
    return ops.max(ops.where(wanted & there[..., None], order[:, None], -1), axis=1)
