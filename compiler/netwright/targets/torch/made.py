"""What a class makes: its modules in their order, and what their variables are called."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from netwright.lower import model
from netwright.lower.model import Place
from netwright.record import replace
from netwright.targets.code import loop_header
from netwright.targets.torch.declared import Use
from netwright.targets.variables import Unit, every


def members(statements: Sequence[Any]) -> Iterator[Any]:
    """The modules that are made anywhere inside."""
    for statement in every(statements):
        layer = isinstance(statement, model.Layer) and statement.place is not None
        if layer or isinstance(statement, model.Call | Unit):
            yield statement


def is_next(after: Sequence[Any], use: Use) -> bool:
    """Whether no module, and no place for another, stands before the first use of one."""
    between = takewhile(lambda statement: statement is not use.statement, every(after[1:]))
    declares = any(isinstance(statement, model.Declared) for statement in between)
    return not declares and next(members(after)) is use.statement


def lightened(call: model.Call) -> Place:
    """Where a call stands; an activation that is passed has a name like one without weights."""
    light = call.parameter_kind == "activation" and not call.place.user
    return replace(call.place, weights=False) if light else call.place


def stem_of(place: Place) -> str:
    """A variable for a module: its label without what is open in it."""
    if place.label is None:
        return "layer"
    text = "".join(part for part in place.label.parts if isinstance(part, str))
    stem = text.removeprefix('f"').partition("{")[0].rstrip("_")
    return stem if stem.isidentifier() else "layer"


def for_header(loop: model.Loop, live: set[str], render: Any) -> str:
    """The header of a loop, without the variables that nothing reads."""
    names = [name if key in live else "_" for name, key in loop.targets]
    return loop_header(names, render(loop.iterable))
