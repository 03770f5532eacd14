def matches_over(labels: Tensor, positive: bool) -> Tensor:
    """How many matches count, or have an object, at least 1."""
    return (labels > 0 if positive else labels >= 0).sum().clamp(min=1)
