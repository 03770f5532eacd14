"""Folds what did not change between two nets: boxes in a row without a mark become one."""

from collections.abc import Iterator

from netwright.draw.fold import Folded
from netwright.draw.graph import Edge, Node
from netwright.draw.model import Kind, Shape
from netwright.draw.structure import Branches, Fork, Link, Pass, Section, Series, element
from netwright.draw.theme import Family
from netwright.record import replace

LEAST = 2  # boxes that are worth a fold


def without_unchanged(folded: Folded) -> Folded:
    """The same net with rows of unmarked boxes as one box each."""
    folder = _Folder(folded)
    series = folder.series(folded.series)
    kept = {name: node for name, node in folder.nodes.items() if name not in folder.gone}
    return Folded(series, kept, folder.names)


class _Folder:
    """The nodes on their way."""

    def __init__(self, folded: Folded) -> None:
        self.nodes = dict(folded.nodes)
        self.names = dict(folded.names)
        self.gone: set[str] = set()
        marked = [node for node in self.nodes.values() if node.mark]
        self.open = {group.key for node in marked for group in node.groups}

    def series(self, series: Series) -> Series:
        """A series with its unchanged rows folded, and those of its branches."""
        nodes: list[str] = []
        sections: list[Section] = []
        for start, stop in self._rows(series):
            name, section = series.nodes[start], series.sections[start]
            if stop - start >= LEAST:
                self._merge([n for place in range(start, stop) for n in element(series, place)])
                name = self._first(series, start)
                section = self._into(section, nodes, name)
                self._stand(name, series.nodes[start:stop])
            else:
                section = self._section(section)
            nodes.append(name)
            sections.append(section)
        return Series(tuple(nodes), (*sections, self._section(series.sections[-1])))

    def _into(self, section: Section, nodes: list[str], name: str) -> Section:
        """What leads to a row that is one box now; what shoots out there still does."""
        link = Link((Edge(nodes[-1], name, -1, 0),)) if nodes else Link(())
        return Fork(link, section.shoots) if isinstance(section, Fork) else link

    def _stand(self, name: str, others: tuple[str, ...]) -> None:
        """Let a box stand for others, and for those that they stood for."""
        stood = {one: other for one, other in self.names.items() if other in others}
        self.names |= dict.fromkeys((*stood, *others), name)
        self.names.pop(name, None)

    def _first(self, series: Series, place: int) -> str:
        return next(element(series, place))

    def _rows(self, series: Series) -> Iterator[tuple[int, int]]:
        """Where rows of elements begin and end that can be one box."""
        place = 0
        while place < len(series.nodes):
            stop = place + 1
            while stop < len(series.nodes) and self._joins(series, place, stop):
                stop += 1
            yield place, stop
            place = stop

    def _joins(self, series: Series, place: int, other: int) -> bool:
        """Whether two elements are unchanged and under the same labels that hold changes."""
        one, two = (self._plain(series, each) for each in (place, other))
        return one is not None and one == two and not isinstance(series.sections[other], Fork)

    def _plain(self, series: Series, place: int) -> tuple[str, ...] | None:
        """The labels with changes around an element without; none if it has one."""
        nodes = [self.nodes[name] for name in element(series, place)]
        if any(node.mark or node.shape in (Shape.PILL, Shape.TAP) for node in nodes):
            return None
        section = series.sections[place]
        if place and isinstance(section, Link) and len(section.edges) != 1:
            return None
        return tuple(group.key for group in nodes[-1].groups if group.key in self.open)

    def _merge(self, names: list[str]) -> None:
        """One box for some."""
        first, last = self.nodes[names[0]], self.nodes[names[-1]]
        rows = [self.nodes[name] for name in names]
        count = sum(node.times for node in rows)
        total = sum(-n.params if n.params < 0 else n.params * n.times for n in rows)
        ends = dict.fromkeys(_label(node) for node in (first, last))
        self.gone |= set(names[1:])
        self.nodes[first.id] = replace(
            first,
            shape=Shape.BOX,
            family=Family.OTHER,
            bold="unchanged",
            plain=f"{count:,} boxes",
            above=(),
            below=(" … ".join(ends),),
            after=last.after,
            params=total,
            times=1,
            parts=(),
            steps=(),
            groups=tuple(group for group in first.groups if group.key in self.open),
        )

    def _section(self, section: Section) -> Section:
        if isinstance(section, Fork):
            inner = self._section(section.inner)
            assert not isinstance(inner, Fork)
            return Fork(inner, section.shoots)
        if not isinstance(section, Branches):
            return section
        return Branches(
            tuple(b if isinstance(b, Pass) else self.series(b) for b in section.branches)
        )


def _label(node: Node) -> str:
    """What a box is called in the spec: its outermost label, or its own."""
    labels = [group.title for group in node.groups if group.kind is Kind.GROUP]
    return labels[0] if labels else node.path or node.bold
