"""The shape of a graph: what follows each other, what runs side by side, what is tangled.

A box that every path goes through cuts the graph; what lies between two cuts falls into branches
where it is not connected, and each branch is cut again. What has no cut and does not fall apart
is a row with lanes, if values that go past boxes of the row are all that is in the way, else a
tangle. Two ends that are no boxes, the source and the sink, stand for the outside.
"""

from collections.abc import Iterator, Sequence

from netwright.draw.combs import comb
from netwright.draw.graph import Edge
from netwright.draw.structure import (
    SINK,
    SOURCE,
    Branches,
    Lanes,
    Link,
    Pass,
    Section,
    Series,
    Tangle,
)


def structure_of(order: list[str], edges: list[Edge]) -> Series:
    """The series that boxes are, from the source to the sink."""
    tails = {edge.tail for edge in edges}
    heads = {edge.head for edge in edges}
    ends = [Edge(SOURCE, name, -1, 0) for name in order if name not in heads]
    ends += [Edge(name, SINK, -1, 0) for name in order if name not in tails]
    return Finder(order).series(order, edges + ends, SOURCE, SINK)


class Finder:
    """Takes apart graphs of one order of computation."""

    def __init__(self, order: Sequence[str]) -> None:
        self.place = {name: place for place, name in enumerate(order)}

    def series(self, nodes: list[str], edges: list[Edge], tail: str, head: str) -> Series:
        """Boxes between two others, by the cuts among them."""
        cuts = self.cuts(nodes, edges, tail)
        ends = [tail, *cuts, head]
        groups = self._between(nodes, edges, cuts)
        sections = tuple(
            self.section(inner, own, ends[place], ends[place + 1])
            for place, (inner, own) in enumerate(groups)
        )
        return Series(tuple(cuts), sections)

    def cuts(self, nodes: list[str], edges: list[Edge], tail: str) -> list[str]:
        """The boxes that every path goes through."""
        place = {name: index for index, name in enumerate(nodes)}
        reach = [-1] * (len(nodes) + 1)
        for edge in edges:
            start = 0 if edge.tail == tail else place[edge.tail] + 1
            reach[start] = max(reach[start], place.get(edge.head, len(nodes)))
        found: list[str] = []
        far = -1
        for index, name in enumerate(nodes):
            far = max(far, reach[index])
            if far == index:
                found.append(name)
        return found

    def _between(
        self, nodes: list[str], edges: list[Edge], cuts: list[str]
    ) -> list[tuple[list[str], list[Edge]]]:
        """Boxes and edges of each section between cuts."""
        found: list[tuple[list[str], list[Edge]]] = [([], []) for _ in range(len(cuts) + 1)]
        number: dict[str, int] = {}
        section = 0
        for name in nodes:
            if section < len(cuts) and name == cuts[section]:
                section += 1
                number[name] = section
            else:
                number[name] = section
                found[section][0].append(name)
        for edge in edges:
            found[number.get(edge.tail, 0)][1].append(edge)
        return found

    def section(self, nodes: list[str], edges: list[Edge], tail: str, head: str) -> Section:
        """What lies between two cuts."""
        direct = [edge for edge in edges if edge.tail == tail and edge.head == head]
        if not nodes:
            return Link(tuple(direct))
        parts = self.parts(nodes, edges)
        if len(parts) == 1 and not direct:
            whole = Tangle(tuple(nodes), tuple(edges))
            return self.lanes(nodes, edges, tail, head) or comb(self, whole, tail, head) or whole
        branches: list[tuple[int, Series | Pass]] = [(edge.slot, Pass(edge)) for edge in direct]
        for inner in parts:
            within = set(inner)
            own = [edge for edge in edges if edge.tail in within or edge.head in within]
            slot = min((edge.slot for edge in own if edge.head == head), default=len(edges))
            branches.append((slot, self.series(inner, own, tail, head)))
        return Branches(tuple(branch for _, branch in sorted(branches, key=lambda b: b[0])))

    def lanes(self, nodes: list[str], edges: list[Edge], tail: str, head: str) -> Lanes | None:
        """Boxes as a row and what goes past it, if all of that begins and ends at its boxes."""
        passing = detours(edges, [tail, *nodes, head])
        while passing:
            series = self.series(nodes, [e for e in edges if e not in passing], tail, head)
            ends = {tail, head, *_sides(series)}
            kept = [edge for edge in passing if edge.tail in ends and edge.head in ends]
            if len(kept) == len(passing):
                return Lanes(series, tuple(kept)) if series.nodes else None
            passing = kept
        return None

    def parts(self, nodes: list[str], edges: list[Edge]) -> list[list[str]]:
        """The boxes by what is connected through them alone."""
        parent = {name: name for name in nodes}

        def root(name: str) -> str:
            while parent[name] != name:
                parent[name] = parent[parent[name]]
                name = parent[name]
            return name

        for edge in edges:
            if edge.tail in parent and edge.head in parent:
                parent[root(edge.tail)] = root(edge.head)
        groups: dict[str, list[str]] = {}
        for name in nodes:
            groups.setdefault(root(name), []).append(name)
        return list(groups.values())


def detours(edges: list[Edge], order: list[str]) -> list[Edge]:
    """The edges between boxes that a longer way leads to as well."""
    place = {name: number for number, name in enumerate(order)}
    heads: dict[str, set[str]] = {}
    for edge in edges:
        heads.setdefault(edge.tail, set()).add(edge.head)
    reached: dict[str, int] = {}
    for name in reversed(order):
        reached[name] = 0
        for head in heads.get(name, ()):
            reached[name] |= reached.get(head, 0) | 1 << place[head]
    return [
        edge
        for edge in edges
        if any(
            reached[other] >> place[edge.head] & 1
            for other in heads[edge.tail]
            if other != edge.head
        )
    ]


def _sides(series: Series) -> Iterator[str]:
    """The boxes that a lane can come to: those of a row, and of two branches beside each other."""
    yield from series.nodes
    for section in series.sections:
        if isinstance(section, Branches) and len(section.branches) == 2:
            for branch in section.branches:
                yield from branch.nodes if isinstance(branch, Series) else ()
