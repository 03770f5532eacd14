"""A net as a tree of parts: layers, blocks, and groups of what shares a label."""

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

from netwright.instance import (
    CallStep,
    FoldStep,
    Instance,
    LayerStep,
    Step,
    Totals,
    advanced,
    step_totals,
    totals,
)
from netwright.ops.base import TENSOR_KINDS
from netwright.record import record, replace
from netwright.source import Span

One = LayerStep | CallStep


@record
class Part:
    """A layer, a block or a group under its path in the net; ``steps`` are what it stands for."""

    path: str
    steps: tuple[One, ...]
    depth: int

    @property
    def name(self) -> str:
        """The last piece of the path."""
        return self.path.rpartition(".")[2]

    @property
    def numbered(self) -> bool:
        """Whether it has a number for a name: its place, which moves when others come and go."""
        return self.name.isdigit()

    @property
    def step(self) -> One | None:
        """The layer or block; none for a group."""
        whole = len(self.steps) == 1 and len(_pieces(self.steps[0].path)) == self.depth
        return self.steps[0] if whole else None

    @property
    def kind(self) -> str:
        """The name of the layer or block, or nothing."""
        match self.step:
            case LayerStep() as step:
                return step.op.name
            case CallStep() as step:
                return step.instance.name
        return ""

    @property
    def args(self) -> tuple[tuple[str, Any], ...]:
        """What the layer or block was given, by parameter."""
        match self.step:
            case LayerStep() as step:
                given = step.op.params.items()
                return tuple(
                    (name, step.op.argument(name))
                    for name, param in given
                    if param.kind not in TENSOR_KINDS  # another line says what that is
                )
            case CallStep() as step:
                return step.instance.args
        return ()

    @property
    def span(self) -> Span:
        """Where it stands in the spec."""
        return self.steps[0].span

    @property
    def totals(self) -> Totals:
        """Its counts."""
        return step_totals(self.steps[0]) if len(self.steps) == 1 else totals(self.steps)

    @cached_property
    def parts(self) -> "tuple[Part, ...]":
        """What a block or group consists of."""
        match self.step:
            case LayerStep():
                return ()
            case CallStep() as step:
                return parts(step.instance, self.path)
        return tuple(_parts(self.steps, self.path, self.depth + 1))


def parts(instance: Instance, path: str = "") -> tuple[Part, ...]:
    """The parts of a block or net that stands at a path."""
    return tuple(_parts(tuple(_turned(instance.steps)), path, 1))


def _parts(steps: tuple[One, ...], path: str, depth: int) -> Iterator[Part]:
    """Steps whose paths start with the same ``depth`` pieces, as one part each."""
    for (head, _), group in groupby(enumerate(steps), lambda one: _place(one, depth)):
        members = tuple(step for _, step in group)
        yield Part(f"{path}.{head}" if path else head, members, depth)


def _place(numbered: tuple[int, One], depth: int) -> tuple[str, int]:
    """What neighbours of one group share; a layer or block is alone."""
    place, step = numbered
    pieces = _pieces(step.path)
    alone = len(pieces) == depth
    return pieces[depth - 1], place if alone else -1


def _pieces(path: str) -> list[str]:
    return path.split(".")


def _turned(steps: tuple[Step, ...]) -> Iterator[One]:
    """The steps with loops that were told once turned, and what was spliced in its place."""
    for step in steps:
        if isinstance(step, CallStep) and not step.path:
            yield from _turned(step.instance.steps)
            continue
        if not isinstance(step, FoldStep):
            yield step
            continue
        inner = tuple(_turned(step.steps))
        for turn in range(step.times):
            for one in inner:
                path = advanced(one.path, step.prefix, turn * step.advance)
                yield replace(one, path=path, side=one.side or step.side)
