"""Makes a net small that has too many boxes: labels as one box each, the middle left out."""

import math

from netwright.draw.atoms import Group
from netwright.draw.build import change
from netwright.draw.graph import Graph, Node, connected
from netwright.draw.model import Kind, Shape
from netwright.draw.theme import Family


def depth(graph: Graph) -> int:
    """How many labels stand around the box that has most of them."""
    return max((len(_labels(node)) for node in graph.nodes.values()), default=0)


def collapsed(graph: Graph, level: int) -> Graph:
    """The graph with each label of some depth as one box, which stands where the label ends."""
    rows: dict[str, list[Node]] = {}
    for node in graph.nodes.values():
        for key in _labels(node)[level - 1 : level]:
            rows.setdefault(key, []).append(node)
    place = {name: number for number, name in enumerate(graph.nodes)}
    ones = {key: _as_one(row, graph, level, place) for key, row in rows.items()}
    gone = {node.id for key, row in rows.items() for node in row if ones[key] is not None}
    ends = {row[-1].id: one for row, one in zip(rows.values(), ones.values(), strict=True) if one}
    return connected(
        [
            ends.get(node.id, node)
            for node in graph.nodes.values()
            if node.id not in gone or node.id in ends
        ]
    )


def under(graph: Graph, level: int, path: str) -> list[Node]:
    """The boxes under the label of some depth that stands at a path."""
    return [node for node in graph.nodes.values() if _labels(node)[level - 1 : level] == [path]]


def _labels(node: Node) -> list[str]:
    return [group.key for group in node.groups if group.kind is Kind.GROUP]


def _as_one(row: list[Node], graph: Graph, level: int, place: dict[str, int]) -> Node | None:
    """The boxes under a label as one, where one value comes out and nothing of it goes back in."""
    names = {node.id for node in row}
    leaving = [edge for edge in graph.edges if edge.tail in names and edge.head not in names]
    wanted = dict.fromkeys(edge.value for edge in leaving)
    if len(row) < 2 or len(wanted) != 1:
        return None
    if any(place[edge.head] < place[row[-1].id] for edge in leaving):
        return None
    made = {value for node in row for value in node.outputs}
    taken = dict.fromkeys(v for node in row for v in node.inputs if v not in made)
    last = next(node for node in row if set(node.outputs) & set(wanted))
    return _merged(row, last, level, tuple(taken), tuple(wanted))


def _merged(
    row: list[Node], last: Node, level: int, taken: tuple[int, ...], wanted: tuple[int, ...]
) -> Node:
    """One box for those under a label."""
    first = row[0]
    group = [each for each in first.groups if each.kind is Kind.GROUP][level - 1]
    return Node(
        first.id,
        Shape.BOX,
        max(row, key=lambda node: abs(node.params)).family,
        group.title,
        change(first.before, last.after) if first.before and last.after else "",
        taken,
        wanted,
        below=(f"{sum(node.times for node in row):,} boxes",),
        before=first.before,
        after=last.after,
        params=sum(_params(node, group) for node in row),
        token=tuple(node.token for node in row),
        groups=first.groups[: level - 1],
        path=group.key,
        span=first.span,
    )


def _params(node: Node, label: Group) -> int:
    """What trains in a box and in all turns of the loops that are told once under a label."""
    keys = [group.key for group in node.groups]
    loops = node.groups[keys.index(label.key) + 1 :]
    count = -node.params if node.params < 0 else node.params * node.times
    return count * math.prod(group.times for group in loops)


def elided(graph: Graph, most: int) -> Graph:
    """The first and the last boxes, and one for all between them."""
    nodes = list(graph.nodes.values())
    head, tail = nodes[: most // 2], nodes[-(most // 2) :]
    gone = nodes[len(head) : -len(tail)]
    made = {value for node in (*head, *gone) for value in node.outputs}
    needed = tuple(dict.fromkeys(v for node in tail for v in node.inputs if v in made))
    given = {value for node in gone for value in node.outputs}
    middle = Node(
        "elided",
        Shape.BOX,
        Family.OTHER,
        f"… {len(gone):,} more",
        "",
        tuple(dict.fromkeys(v for n in gone for v in n.inputs if v not in given)),
        tuple(v for v in needed if v in given),
        before=gone[0].before,
        after=gone[-1].after,
        params=sum(abs(node.params) for node in gone),
    )
    return connected([*head, middle, *tail])
