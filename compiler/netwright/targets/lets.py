"""The numbers of a `let` line, which get their values at once."""

from collections.abc import Sequence
from typing import Any

from netwright.lower import model


def line_at(statements: Sequence[Any], place: int) -> list[model.Number]:
    """The numbers of the line that starts here; none where it started further up."""
    first = statements[place]
    if place and _of_line(statements[place - 1], first):
        return []
    end = place
    while end < len(statements) and _of_line(statements[end], first):
        end += 1
    return list(statements[place:end])


def _of_line(statement: Any, first: model.Number) -> bool:
    return isinstance(statement, model.Number) and statement.line == first.line


def assignment(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """``previous, current = current, width``: one line, or none."""
    if not pairs:
        return []
    return [f"{', '.join(name for name, _ in pairs)} = {', '.join(value for _, value in pairs)}"]
