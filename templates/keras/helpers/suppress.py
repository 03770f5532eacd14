def suppress(boxes: Any, scores: Any, groups: Any, keep: int, overlap: float) -> Any:
    """Places of the best boxes of each image, (B, keep), -1 where none is left; a box
    that overlaps a better one of its group goes, and so does a negative score.
    """
    left, top, right, bottom = (boxes[..., i] for i in range(4))
    area = (right - left) * (bottom - top)
    sizes: Any = ops.shape(scores)
    places: Any = ops.arange(sizes[1], dtype="int32")
    turns: Any = ops.arange(keep, dtype="int32")

    def take_best(turn: Any, state: Any) -> tuple[Any, Any]:
        scores, found = state
        place: Any = ops.cast(ops.argmax(scores, axis=1, keepdims=True), "int32")
        best: Any = [
            ops.take_along_axis(values, place, axis=1)
            for values in (left, top, right, bottom, area, groups, scores)
        ]
        x, y, x2, y2, one, group, score = best
        width: Any = ops.subtract(ops.minimum(right, x2), ops.maximum(left, x))
        height: Any = ops.subtract(ops.minimum(bottom, y2), ops.maximum(top, y))
        shared: Any = ops.multiply(ops.maximum(width, 0), ops.maximum(height, 0))
        near: Any = (shared / (area + one - shared) > overlap) & (groups == group)
        found = ops.where((turns == turn) & (score >= 0), place, found)
        return ops.where(near | (places == place), -1.0, scores), found

    none = ops.full((sizes[0], keep), -1, dtype="int32")
    state: Any = ops.stop_gradient(scores), none
    state = ops.fori_loop(0, keep, take_best, state)
    return state[1]
