"""The boxes of a body and the values between them: what is drawn, before it has a place."""

from collections.abc import Iterable
from typing import Any

from netwright.draw.atoms import Group
from netwright.draw.model import Shape
from netwright.draw.theme import Family
from netwright.instance import CallStep, LayerStep
from netwright.ops.base import Role
from netwright.record import field, record
from netwright.source import Span
from netwright.tensor import Tensor


@record
class Node:
    """A box without a place: what it says, the values it takes and gives, the frames around it.

    ``before`` and ``after`` are the tensors at its ends; ``token`` tells its equals; ``paths`` are
    those of all its layers, ``path`` that of the one it is called after. ``mark`` is what a
    difference says of it.
    """

    id: str
    shape: Shape
    family: Family
    bold: str
    plain: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    above: tuple[str, ...] = field(default=())
    below: tuple[str, ...] = field(default=())
    before: Tensor | None = field(default=None)
    after: Tensor | None = field(default=None)
    params: int = field(default=0)
    times: int = field(default=1)
    token: Any = field(default=None)
    groups: tuple[Group, ...] = field(default=())
    steps: tuple[LayerStep | CallStep, ...] = field(default=())
    parts: tuple[str, ...] = field(default=())
    role: Role | None = field(default=None)
    path: str = field(default="")
    paths: tuple[str, ...] = field(default=())
    span: Span | None = field(default=None)
    reused: bool = field(default=False)
    side: bool = field(default=False)
    mark: str = field(default="")

    @property
    def call(self) -> CallStep | None:
        """The block that the box stands for, if it is one."""
        first = self.steps[0] if self.steps else None
        return first if isinstance(first, CallStep) else None


HIDDEN = -2  # the value of an edge that places a box, and is not drawn


@record
class Edge:
    """A value on its way from a box to an input of another."""

    tail: str
    head: str
    value: int
    slot: int


@record
class Graph:
    """Boxes in the order of computation, and the edges between them."""

    nodes: dict[str, Node]
    edges: tuple[Edge, ...]

    def into(self, node: str) -> list[Edge]:
        """The edges that end in a box, by their slots."""
        return sorted((e for e in self.edges if e.head == node), key=lambda edge: edge.slot)


def connected(nodes: Iterable[Node]) -> Graph:
    """The graph of some boxes, by the values that they take and give."""
    by_id = {node.id: node for node in nodes}
    makers = {value: node.id for node in by_id.values() for value in node.outputs}
    edges = [
        Edge(makers[value], node.id, value, slot)
        for node in by_id.values()
        for slot, value in enumerate(node.inputs)
        if value in makers
    ]
    return Graph(by_id, tuple(edges))
