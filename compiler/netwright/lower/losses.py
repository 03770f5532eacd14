"""`losses` on symbols: one statement, whose lines only training runs."""

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
    trace.out.append(model.Losses("losses", ref.id, True, tuple(body), found))
