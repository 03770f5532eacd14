def best_rows(scores: Any, boxes: Any, number: int) -> Any:
    """The best scores of each class and their boxes, (B, classes, number, 4)."""
    padding: Any = [(0, 0), (0, 0), (0, number)]  # there may be fewer
    scores = ops.pad(scores, padding, constant_values=float("-inf"))
    best: Any = ops.top_k(scores, number)
    boxes = ops.pad(boxes, [*padding, (0, 0)])
    return best[0], ops.take_along_axis(boxes, best[1][..., None], axis=2)
