"""The outputs of a routine: the main one, those beside it, and those that are not always there."""

from collections.abc import Sequence
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.model import Routine
from netwright.lower.text import Text
from netwright.record import record
from netwright.targets.variables import every
from netwright.tensor import DETECTIONS


@record
class SideOutput:
    """An output that is not always there, under the conditions that it stands in."""

    side: model.Side
    conditions: tuple[Text, ...]


@record
class Outputs:
    """What a routine returns: names and values, the main one first."""

    main: tuple[str, int]
    others: tuple[tuple[str, int], ...]
    sides: tuple[SideOutput, ...]

    @property
    def several(self) -> bool:
        """Whether there is always more than one output in evaluation."""
        return bool(self.others)

    @property
    def trained(self) -> bool:
        """Whether it is training that the side outputs wait for."""
        return any(output.side.training for output in self.sides)


def detects(routine: Routine, found: Outputs) -> bool:
    """Whether a net finds boxes in a picture, and gives nothing beside them."""
    result = routine.values.get(routine.result)
    alone = routine.is_net and not found.others and not found.sides
    return alone and result is not None and result.axes[:1] == (DETECTIONS,)


def pull(
    statements: Sequence[Any], conditions: tuple[Text, ...] = ()
) -> tuple[tuple[Any, ...], list[SideOutput]]:
    """The statements without the outputs that are not always there, and those."""
    left: list[Any] = []
    found: list[SideOutput] = []
    for statement in statements:
        if isinstance(statement, model.Losses):
            left.append(statement)
        elif isinstance(statement, model.Side) and (statement.training or conditions):
            found.append(SideOutput(statement, conditions))
        elif isinstance(statement, model.Arms):
            then, some = pull(statement.then, (*conditions, statement.condition))
            found += some
            if some and not then and not statement.otherwise and not statement.phis:
                continue
            left.append(type(statement)(**{**statement.__dict__, "then": then}))
        else:
            left.append(statement)
    return tuple(left), found


def outputs(routine: Routine, statements: Sequence[Any], sides: list[SideOutput]) -> Outputs:
    """The outputs of a routine, from its statements without side outputs, and those."""
    found = _outputs(routine, sides)
    hidden = any(isinstance(s, model.Side) for s in every(_inner(statements)))
    open_ = [output for output in sides if not output.side.training]
    if hidden or (open_ and not _alike(routine, found)):
        raise NotGeneral(routine.node.name.span)
    return found


def _inner(statements: Sequence[Any]) -> list[Any]:
    """The statements inside others."""
    return [s for s in every(statements) if not any(s is outer for outer in statements)]


def _alike(routine: Routine, found: Outputs) -> bool:
    """Whether a net has all its side outputs, or none of them: each a chain of its own."""
    return (
        routine.is_net
        and not found.several
        and len({output.conditions for output in found.sides}) == 1
        and not any(output.side.training or not output.side.body for output in found.sides)
    )


def _outputs(routine: Routine, sides: list[SideOutput]) -> Outputs:
    origin: dict[int, int] = {}
    for statement in every(routine.statements):
        if isinstance(statement, model.Alias):
            for source, output in zip(statement.sources, statement.outputs, strict=True):
                origin[output] = origin.get(source, source)
    result = origin.get(routine.result, routine.result)
    plain = [side for side in routine.outputs if not side.training]
    same = (side for side in plain if origin.get(side.value, side.value) == result)
    main = next(same, None) if routine.is_net else None
    name = main.name if main else routine.label
    others = tuple((side.name, side.value) for side in plain if side is not main)
    if routine.more:
        listed = tuple((f"output{n}", value) for n, value in enumerate(routine.more, start=1))
        return Outputs(("output0", routine.result), (*listed, *others), tuple(sides))
    return Outputs((name, routine.result), others, tuple(sides))


def conjunction(conditions: Sequence[str]) -> str:
    """What holds if all conditions do."""
    weak = (" or ", " if ")
    alone = len(conditions) == 1
    return " and ".join(
        f"({c})" if not alone and any(word in c for word in weak) else c for c in conditions
    )
