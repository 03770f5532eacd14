"""Equal turns of a loop, told once: what makes a net of 100,000 equal layers as cheap as one of two."""

from typing import Any

from netwright import syntax
from netwright.instance import FoldStep, totals
from netwright.source import Span
from netwright.values import Ref

_READS: dict[int, tuple[Any, frozenset[str]]] = {}


def reads(node: Any) -> frozenset[str]:
    """All names that stand anywhere in a piece of syntax."""
    known = _READS.get(id(node))
    if known is not None and known[0] is node:
        return known[1]
    found: set[str] = set()
    _collect(node, found)
    result = frozenset(found)
    _READS[id(node)] = (node, result)
    return result


def _collect(node: Any, found: set[str]) -> None:
    if isinstance(node, syntax.Name):
        found.add(node.name)
    elif isinstance(node, tuple):
        for item in node:
            _collect(item, found)
    elif hasattr(node, "__record_fields__"):
        for name in node.__record_fields__:
            value = node.__dict__[name]
            if name not in ("span", "name_span", "op_span") and not isinstance(value, str | int | float):
                _collect(value, found)


class Folding:
    """The state of a run before a turn, to see afterwards whether the next would be the same."""

    def __init__(self, run: Any) -> None:
        self.run = run
        self.current = run.current
        self.changes = run.changes
        self.steps = len(run.steps)
        self.index = run.container.index
        self.container = run.container
        self.outputs = len(run.outputs)

    def stable(self) -> bool:
        """Whether the turn left everything as it was, but for the values of the current tensor."""
        run = self.run
        return (
            isinstance(self.current, Ref)
            and isinstance(run.current, Ref)
            and run.current.tensor == self.current.tensor
            and run.changes == self.changes
            and len(run.outputs) == self.outputs
            and len(run.steps) > self.steps
        )

    def fold(self, times: int, span: Span) -> None:
        """Let the turn that was run stand for ``times`` of them."""
        run = self.run
        steps = tuple(run.steps[self.steps :])
        run.layers -= totals(steps).layers
        del run.steps[self.steps :]
        advance = self.container.index - self.index
        self.container.index = self.index + advance * times
        run.add(FoldStep(times, self.container.prefix, advance, self.current.id, run.current.id, steps, span, side=run.side))
