"""Where `shared` modules are made: on the line that declares them, if its sizes are known there."""

from collections.abc import Iterator, Sequence
from typing import Any

from netwright.lower import model
from netwright.lower.model import Place
from netwright.lower.text import Text
from netwright.record import record
from netwright.targets.variables import Unit, every


@record
class Use:
    """The first use of a shared module, and the conditions around it: whether each holds."""

    statement: Any
    arms: tuple[tuple[model.Arms, bool], ...]
    in_loop: bool


def first_use(statements: Sequence[Any], place: Place) -> Use | None:
    """The first line that uses a module; none where no line does."""
    return next(_uses(statements, place, (), in_loop=False), None)


def _uses(
    statements: Sequence[Any],
    place: Place,
    arms: tuple[tuple[model.Arms, bool], ...],
    *,
    in_loop: bool,
) -> Iterator[Use]:
    for statement in statements:
        match statement:
            case model.Layer() | model.Call() if statement.place is place:
                yield Use(statement, arms, in_loop)
            case model.Loop():
                yield from _uses(statement.body, place, arms, in_loop=True)
            case model.Group() | model.Side():
                yield from _uses(statement.body, place, arms, in_loop=in_loop)
            case Unit():
                yield from _uses([statement.group], place, arms, in_loop=in_loop)
            case model.Gather():
                for branch in statement.branches:
                    yield from _uses(branch.body, place, arms, in_loop=in_loop)
            case model.Arms():
                for body, holds in ((statement.then, True), (statement.otherwise, False)):
                    yield from _uses(body, place, (*arms, (statement, holds)), in_loop=in_loop)


def keys_of(target: Any, use: Use) -> set[str]:
    """The names that the lines which make a module speak of."""
    found: set[str] = set()

    def note(text: Text) -> str:
        found.update(name.key for name in text.names())
        return text.plain

    if isinstance(use.statement, model.Layer):
        target.module(use.statement, note, chained=False)
    else:
        target.construct(use.statement, note)
    for arms, _ in use.arms:
        note(arms.condition)
    return found


def used_only_in(statements: Sequence[Any], place: Place, arms: model.Arms) -> bool:
    """Whether all uses of a shared module are in the first arm of a condition."""
    everywhere, inside = (
        sum(getattr(s, "place", None) is place for s in every(body))
        for body in (statements, arms.then)
    )
    return everywhere == inside
