"""Side outputs: branches that come back nowhere are taken out, so that the rest keeps its shape."""

from netwright.draw.feeders import placed_feeders
from netwright.draw.finder import Finder, structure_of
from netwright.draw.graph import Edge, Graph
from netwright.draw.model import Shape
from netwright.draw.structure import (
    SINK,
    Branches,
    Fork,
    Lanes,
    Pass,
    Section,
    Series,
)

Parts = dict[str, list[tuple[list[str], list[Edge]]]]


def structure(graph: Graph) -> Series:
    """The series of a graph, its side outputs beside the boxes that they go out of."""
    order, edges = placed_feeders(graph)
    graph = Graph({name: graph.nodes[name] for name in order}, tuple(edges))
    shoots = _shoots(graph)
    if not shoots:
        return structure_of(order, edges)
    kept = _series(graph, shoots)
    missing = set(shoots) - set(_rows(kept))
    if missing:
        shoots = {tail: parts for tail, parts in shoots.items() if tail not in missing}
        kept = _series(graph, shoots)
    return _planted(kept, shoots, Finder(list(graph.nodes)))


def _shoots(graph: Graph) -> Parts:
    """What does not lead to the output behind most boxes, by the one box that it goes out of."""
    order = list(graph.nodes)
    tails = {edge.tail for edge in graph.edges}
    ends = [name for name in order if name not in tails]
    if len(ends) < 2:
        return {}
    shown = [end for end in ends if graph.nodes[end].shape is not Shape.BOX] or ends
    trunk = max((_leading(graph, end) for end in shown), key=len)
    found: Parts = {}
    outside = [name for name in order if name not in trunk]
    for part in Finder(order).parts(outside, list(graph.edges)):
        within = set(part)
        edges = [edge for edge in graph.edges if edge.head in within]
        roots = {edge.tail for edge in edges if edge.tail not in within}
        if len(roots) == 1:
            found.setdefault(roots.pop(), []).append((part, edges))
    return found


def _leading(graph: Graph, end: str) -> set[str]:
    """A box, and all that leads to it."""
    above: dict[str, list[str]] = {}
    for edge in graph.edges:
        above.setdefault(edge.head, []).append(edge.tail)
    found, left = set[str](), [end]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += above.get(name, ())
    return found


def _series(graph: Graph, shoots: Parts) -> Series:
    """The series of all that is no shoot."""
    gone = {name for parts in shoots.values() for part, _ in parts for name in part}
    nodes = [name for name in graph.nodes if name not in gone]
    edges = [edge for edge in graph.edges if edge.head not in gone]
    return structure_of(nodes, edges)


def _rows(series: Series) -> list[str]:
    """The boxes that stand in a series, not in a tangle."""
    found = list(series.nodes)
    for section in series.sections:
        if isinstance(section, Lanes):
            found += _rows(section.series)
        if isinstance(section, Branches):
            for branch in section.branches:
                if isinstance(branch, Series):
                    found += _rows(branch)
    return found


def _planted(series: Series, shoots: Parts, finder: Finder) -> Series:
    """The series with the shoots behind the boxes that they go out of."""
    sections: list[Section] = []
    for place, section in enumerate(series.sections):
        grown: Section = section
        if isinstance(section, Branches):
            rows = section.branches
            branches = [b if isinstance(b, Pass) else _planted(b, shoots, finder) for b in rows]
            grown = Branches(tuple(branches))
        elif isinstance(section, Lanes):
            grown = Lanes(_planted(section.series, shoots, finder), section.edges)
        tail = series.nodes[place - 1] if place else ""
        if tail in shoots and not isinstance(grown, Fork):
            parts = tuple(_shoot(part, edges, tail, finder) for part, edges in shoots[tail])
            grown = Fork(grown, parts)
        sections.append(grown)
    return Series(series.nodes, tuple(sections))


def _shoot(part: list[str], edges: list[Edge], tail: str, finder: Finder) -> Series:
    tails = {edge.tail for edge in edges}
    ends = [Edge(name, SINK, -1, 0) for name in part if name not in tails]
    return finder.series(part, edges + ends, tail, SINK)
