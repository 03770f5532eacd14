def causal_mask(query: Tensor, key: Tensor) -> Tensor:
    """Which keys each place of the query must not see: those behind it."""
    return query.new_ones(query.shape[1], key.shape[1]).triu(1).bool()
