"""`losses` on symbols: one statement, whose lines only training runs."""

from collections.abc import Sequence
from typing import Any

from netwright import syntax
from netwright.bind.losses import entries, scope_of
from netwright.lower import model
from netwright.lower.wording import python_name
from netwright.ops.losses import truth


def lower_losses(trace: Any, statement: syntax.Losses) -> None:
    """The lines of `losses`, and the values that they end in."""
    out, trace.out = trace.out, []
    current, ref = trace.current, trace.new(truth(), statement.targets.span)
    trace.routine.truth = python_name(statement.targets.name), ref.id
    with scope_of(trace, statement, ref) as scope:
        trace.body(statement.body)
        found = tuple((name, value.id) for name, value in entries(statement, scope))
    body, trace.out = trace.out, out
    trace.current = current
    losses = tuple((name, sayable(value, body)) for name, value in found)
    trace.out.append(model.Losses("losses", ref.id, True, tuple(body), losses))


def sayable(value: int, body: Sequence[model.Statement]) -> int:
    """A loss, whose label need not be a name of Python: then what it is a label of."""
    for statement in body:
        if isinstance(statement, model.Alias) and value in statement.outputs:
            place = statement.outputs.index(value)
            if not statement.names[place].isidentifier():
                return statement.sources[place]
    return value
