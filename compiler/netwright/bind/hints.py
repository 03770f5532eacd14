"""What would make the branches of a join fit, where one change is likely to be meant."""

from netwright.ops.base import Misfit, Op
from netwright.tensor import CHANNELS, Dynamic, Tensor, number


def join_hint(op: type[Op], misfit: Misfit, tensors: tuple[Tensor, ...]) -> str:
    """The fix of two branches that do not fit, or nothing."""
    place = misfit.operand
    if misfit.code != "shape-mismatch" or not op.joins or not place or place >= len(tensors):
        return ""
    first, other = tensors[0], tensors[place]
    if first.rank != other.rank or first.axes[:1] != (CHANNELS,) or other.axes[:1] != (CHANNELS,):
        return ""
    if any(isinstance(size, Dynamic) for size in (*first.sizes, *other.sizes)):
        return ""
    cells = [(number(a), number(b)) for a, b in zip(first.sizes[1:], other.sizes[1:], strict=True)]
    if op.name == "add" and all(a == b for a, b in cells):
        kernel = "x".join("1" * (first.rank - 1)) or "1"
        small, wide = (
            (place, first) if number(first.sizes[0]) > number(other.sizes[0]) else (0, other)
        )
        width = wide.sizes[0]
        return f"project branch {small + 1}: `conv({width}, {kernel}, bias=false) -> batch_norm`"
    return _cells_hint(cells, place)


def _cells_hint(cells: list[tuple[int, int]], place: int) -> str:
    """What would give two maps the same cells."""
    differences = {a - b for a, b in cells}
    if len(differences) != 1:
        return ""
    (lost,) = differences
    small = place + 1 if lost > 0 else 1
    if lost and lost % 2 == 0 and abs(lost) <= 10:
        return f"branch {small} is {abs(lost)} cells smaller: `pad={abs(lost) // 2}` keeps them"
    if all(max(pair) == 2 * min(pair) for pair in cells):
        return f"branch {small} has half the resolution: `stride=2` in the other, too"
    return ""
