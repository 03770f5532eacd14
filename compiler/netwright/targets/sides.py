"""The outputs of a routine: the main one, those beside it, and those that only training has."""

from collections.abc import Sequence
from typing import Any

from netwright.lower import model
from netwright.lower.model import Routine
from netwright.lower.text import Text
from netwright.record import record
from netwright.targets.variables import every


@record
class SideOutput:
    """A training output, under the conditions that it stands in."""

    side: model.Side
    conditions: tuple[Text, ...]


@record
class Outputs:
    """What a routine returns: names and values, the main one first."""

    main: tuple[str, int]
    others: tuple[tuple[str, int], ...]
    training: tuple[SideOutput, ...]

    @property
    def several(self) -> bool:
        """Whether there is more than one output in evaluation."""
        return bool(self.others)


def pull(
    statements: Sequence[Any], conditions: tuple[Text, ...] = ()
) -> tuple[tuple[Any, ...], list[SideOutput]]:
    """The statements without training outputs, and those."""
    left: list[Any] = []
    found: list[SideOutput] = []
    for statement in statements:
        if isinstance(statement, model.Side) and statement.training:
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


def outputs(routine: Routine, training: list[SideOutput]) -> Outputs:
    """The outputs of a routine."""
    origin: dict[int, int] = {}
    names: dict[int, str] = {}
    for statement in every(routine.statements):
        if isinstance(statement, model.Alias):
            for name, source, output in zip(
                statement.names, statement.sources, statement.outputs, strict=True
            ):
                origin[output] = origin.get(source, source)
                names.setdefault(origin[output], name)
    result = origin.get(routine.result, routine.result)
    plain = [side for side in routine.outputs if not side.training]
    same = (side for side in plain if origin.get(side.value, side.value) == result)
    main = next(same, None) if routine.is_net else None
    name = main.name if main else names.get(result, "output")
    if not routine.is_net:
        name = "output"  # the names of a block are its own
    others = tuple((side.name, side.value) for side in plain if side is not main)
    if routine.more:
        listed = tuple((f"output{n}", value) for n, value in enumerate(routine.more, start=1))
        return Outputs(("output0", routine.result), (*listed, *others), tuple(training))
    return Outputs((name, routine.result), others, tuple(training))
