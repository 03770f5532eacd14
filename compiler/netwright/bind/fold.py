"""Equal turns of a loop, told once: what makes 100,000 equal layers as cheap as two."""

from typing import TYPE_CHECKING, Any

from netwright import syntax
from netwright.instance import FoldStep, totals
from netwright.source import Span
from netwright.values import Ref

if TYPE_CHECKING:
    from netwright.bind.run import Run


class Reads:
    """The names that stand in pieces of syntax, each collected once."""

    def __init__(self) -> None:
        self._known: dict[int, frozenset[str]] = {}

    def __call__(self, node: object) -> frozenset[str]:
        """All names that stand anywhere in a body, which the program keeps alive."""
        known = self._known.get(id(node))
        if known is None:
            found: set[str] = set()
            _collect(node, found)
            known = self._known[id(node)] = frozenset(found)
        return known


def _collect(start: Any, found: set[str]) -> None:
    left = [start]
    while left:
        node = left.pop()
        if isinstance(node, syntax.Name):
            found.add(node.name)
        elif isinstance(node, tuple):
            left += node
        elif hasattr(node, "__record_fields__") and not isinstance(node, Span):
            left += vars(node).values()


class Folding:
    """The state of a run before a turn, to see afterwards whether the next would be the same."""

    def __init__(self, run: "Run") -> None:
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
            and not run.damaged
            and run.container is self.container
        )

    def fold(self, times: int, span: Span) -> None:
        """Let the turn that was run stand for ``times`` of them."""
        run = self.run
        steps = tuple(run.steps[self.steps :])
        if not steps:
            return
        run.layers -= totals(steps).layers
        del run.steps[self.steps :]
        advance = self.container.index - self.index
        self.container.index = self.index + advance * times
        step = FoldStep(
            times,
            self.container.prefix,
            advance,
            self.current.id,
            run.current.id,
            steps,
            span,
            side=run.side,
        )
        run.add(step)
