"""Whether a block may give the very tensor that it is given: no layer of Keras stands between."""

from collections.abc import Iterator

from netwright.lower import model
from netwright.lower.model import Routine
from netwright.targets.variables import every

MOVING = {  # these may be nothing in Keras: for pads of 0, squares of 1, axes that are in place
    "channel_shuffle",
    "crop",
    "depth_to_space",
    "flatten",
    "pad",
    "permute",
    "pixel_shuffle",
    "space_to_depth",
}


def may_pass(call: model.Call) -> bool:
    """Whether a block may give its input; of one that a parameter holds nobody knows."""
    return call.routine is None or _may(call.routine)


def _may(routine: Routine) -> bool:
    sources: dict[int, list[int]] = {}
    for statement in every(routine.statements):
        for value, source in _same(statement):
            sources.setdefault(value, []).append(source)
    left, seen = [routine.result], set[int]()
    while left:
        value = left.pop()
        if value not in seen:
            seen.add(value)
            left += sources.get(value, ())
    return any(value in seen for _, value, _ in routine.inputs)


def _same(statement: object) -> Iterator[tuple[int, int]]:
    """Pairs of values of a statement that may be one tensor in Keras."""
    match statement:
        case model.Layer() if statement.op.name in MOVING:
            yield statement.output, statement.inputs[0]
        case model.Call() if statement.parameter_kind == "block" and may_pass(statement):
            for source in (*statement.inputs, *statement.tensors.values()):
                yield statement.output, source
        case model.Alias():
            yield from zip(statement.outputs, statement.sources, strict=True)
        case model.Load() | model.Store():
            yield statement.output, getattr(statement, "source", statement.output)
        case model.Loop() | model.Arms():
            for phi in statement.phis:
                for value in (phi.inside, phi.after):
                    yield from ((value, phi.before), (value, phi.end))
