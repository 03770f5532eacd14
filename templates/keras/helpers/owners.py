def owners(rows: Any, there: Any, number: Any) -> Any:
    """For each of a number of boxes the last true one that wants it, or -1, (B, N)."""
    wanted: Any = rows[..., None] == ops.arange(number, dtype=rows.dtype)
    order: Any = ops.arange(ops.shape(rows)[1], dtype="int32")[:, None]
    return ops.max(ops.where(wanted & there[..., None], order, -1), axis=1)
