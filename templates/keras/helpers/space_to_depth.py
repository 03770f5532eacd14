def space_to_depth(x: Any, n: int, *, order: str = "row") -> KerasTensor:
    """Each square of n x n cells becomes channels, walked by row or by column."""
    places = [(i, j) if order == "row" else (j, i) for i in range(n) for j in range(n)]
    return layers.Concatenate()([x[:, i::n, j::n] for i, j in places])
