"""A rule: what it finds in the graph of a net, and what is said of it."""

from collections.abc import Callable, Iterator

from netwright.lint.graph import Graph
from netwright.record import field, record
from netwright.source import Span


@record
class Finding:
    """What a rule says of a line; ``params`` and ``macs`` are what the advice saves there."""

    span: Span
    message: str
    help: str
    params: int = field(default=0)
    macs: int = field(default=0)


Find = Callable[[Graph], Iterator[Finding]]


@record
class Rule:
    """A code with its page in `docs/lint`, and the function that looks for it."""

    code: str
    find: Find


RULES: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Find], Find]:
    """Declare a function as the search of a rule."""

    def declare(find: Find) -> Find:
        RULES[code] = Rule(code, find)
        return find

    return declare
