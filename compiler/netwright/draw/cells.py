"""Folds cells in a row that each take the ones before it, which are no series: NASNet's."""

from collections.abc import Iterator
from typing import Any

from netwright.draw.alike import extent, numberless, spanned, total
from netwright.draw.graph import Graph, Node, connected
from netwright.record import replace

Pattern = tuple[tuple[str, int], ...]


def fold_cells(graph: Graph) -> Graph:
    """The graph with each row of equal cells as one box."""
    nodes = list(graph.nodes.values())
    readers: dict[int, list[int]] = {}
    for place, node in enumerate(nodes):
        for value in node.inputs:
            readers.setdefault(value, []).append(place)
    left: list[Node] = []
    place = 0
    while place < len(nodes):
        row = list(_row(nodes, place, readers))
        left.append(_joined(row) if len(row) > 1 else row[0])
        place += len(row)
    return connected(left) if len(left) < len(nodes) else graph


def _row(nodes: list[Node], start: int, readers: dict[int, list[int]]) -> Iterator[Node]:
    """A box, and the equal ones that go on from it in the same way."""
    first = nodes[start]
    yield first
    if first.call is None or len(first.inputs) < 2:
        return
    pattern: Pattern | None = None
    for place in range(start + 1, len(nodes)):
        before, node = nodes[place - 1], nodes[place]
        found = _pattern(before, node) if _likeness(before) == _likeness(node) else None
        if found is None or (pattern is not None and found != pattern):
            return
        if place - 2 >= start and _leaves(nodes[place - 2], place, readers):
            return
        pattern = found
        yield node


def _likeness(node: Node) -> Any:
    """What equal cells have in common: all but the channels that come in."""
    label = numberless(node.below[0]) if node.below else ""
    sizes = tuple(tensor and extent(tensor) for tensor in (node.before, node.after))
    return node.token, label, sizes, node.after, tuple(group.key for group in node.groups)


def _pattern(before: Node, node: Node) -> Pattern | None:
    """Where each input of a box comes from: from the box before, or from what that one took."""
    found: list[tuple[str, int]] = []
    for value in node.inputs:
        if value in before.outputs:
            found.append(("made", before.outputs.index(value)))
        elif value in before.inputs:
            found.append(("taken", before.inputs.index(value)))
        else:
            return None
    return tuple(found) if any(kind == "made" for kind, _ in found) else None


def _leaves(node: Node, place: int, readers: dict[int, list[int]]) -> bool:
    """Whether somebody behind the row reads a cell in the middle of it."""
    return any(reader > place for value in node.outputs for reader in readers.get(value, ()))


def _joined(row: list[Node]) -> Node:
    """One box for a row of cells; it gives what its last ones give."""
    first, last = row[0], row[-1]
    outputs = tuple(value for node in reversed(row) for value in node.outputs)
    label = tuple(spanned(one, other) for one, other in zip(first.below, last.below, strict=False))
    return replace(
        first,
        outputs=outputs,
        after=last.after,
        times=len(row),
        params=total(row, len(row)),
        below=(*label, f"each takes the {len(first.inputs)} before it"),
    )
