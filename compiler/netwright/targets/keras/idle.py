"""Layers that no output depends on: a model of Keras does not hold them, so they are left out.

They keep their numbers: PyTorch has them, and the layers behind are called as they are there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from netwright.lower import model
from netwright.targets.keras.fuse import Skip, inside
from netwright.targets.variables import every, inputs_of, outputs_of

Reads = Callable[[Any], Iterable[int]]


def without_idle(
    statements: Sequence[Any], results: Iterable[int], reads: Reads
) -> tuple[Any, ...]:
    """The body without what no result depends on; ``reads`` gives tensors that are asked for
    their sizes."""
    return _Live(statements, results, reads).kept(statements)


class _Live:
    """The tensors of a body that its results depend on."""

    def __init__(self, statements: Sequence[Any], results: Iterable[int], reads: Reads) -> None:
        self.values = set(results)
        found = list(every(statements))
        stores = [s for s in found if isinstance(s, model.Store)]
        before = -1
        while before != len(self.values):
            before = len(self.values)
            for statement in reversed(found):
                self.values |= set(self.wanted(statement, stores, reads))

    def wanted(self, statement: Any, stores: Sequence[model.Store], reads: Reads) -> Iterator[int]:
        """What a statement needs for what is wanted of it."""
        match statement:
            case model.Layer() | model.Call():
                if self.values.isdisjoint(outputs_of(statement)):
                    return
                yield from inputs_of(statement)
            case model.Alias():
                pairs = zip(statement.sources, statement.outputs, strict=True)
                yield from (source for source, output in pairs if output in self.values)
            case model.Load():
                if statement.output in self.values:
                    yield from (s.source for s in stores if s.name == statement.name)
            case model.Store():
                if statement.output in self.values:
                    yield statement.source
            case model.Losses():
                yield from inputs_of(statement)
            case model.Side():
                yield statement.value
        for phi in getattr(statement, "phis", ()):
            if self.values & {phi.inside, phi.after}:
                yield from (phi.before, phi.end)
        yield from reads(statement)

    def kept(self, statements: Sequence[Any]) -> tuple[Any, ...]:
        """Some statements without those that are not wanted."""
        return tuple(kept for statement in statements for kept in self.one(statement))

    def one(self, statement: Any) -> Iterator[Any]:
        """What is left of a statement."""
        match statement:
            case model.Layer() | model.Call():
                idle = self.values.isdisjoint(outputs_of(statement))
                yield Skip(statement.place) if idle else statement
            case model.Alias():
                rows = zip(statement.names, statement.sources, statement.outputs, strict=True)
                wanted = [row for row in rows if row[2] in self.values]
                if wanted:
                    yield model.Alias(*zip(*wanted, strict=True))
            case model.Load():
                if statement.output in self.values:
                    yield statement
            case model.Store():
                if self.values & {statement.source, statement.output}:
                    yield statement
            case _:
                changed = inside(statement, self.kept)
                if isinstance(changed, model.Loop | model.Arms):
                    phis = [p for p in changed.phis if self.values & {p.inside, p.after}]
                    changed = type(changed)(**{**changed.__dict__, "phis": tuple(phis)})
                yield changed
