def matches_over(labels: Tensor, over: str) -> Tensor | int:
    """What a sum is divided by: how many matches count, or have an object, or 1."""
    if over == "one":
        return 1
    return (labels > 0 if over == "positive" else labels >= 0).sum().clamp(min=1)
