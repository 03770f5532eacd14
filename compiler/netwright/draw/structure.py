"""The forms of a graph: what follows each other, what runs side by side, what hangs at what.

Two ends that are no boxes, the source and the sink, stand for the outside.
"""

from collections.abc import Iterator

from netwright.draw.graph import Edge
from netwright.record import record

SOURCE, SINK = "(", ")"


@record
class Link:
    """Values that go straight from a box to the next."""

    edges: tuple[Edge, ...]


@record
class Branches:
    """What runs side by side between two boxes, in the order of the inputs it ends in."""

    branches: "tuple[Series | Pass, ...]"


@record
class Pass:
    """A value that goes past all that runs beside it."""

    edge: Edge


@record
class Tangle:
    """Boxes between two others that are neither a row nor side by side."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]


@record
class Lanes:
    """A row of boxes, and values that go past some of them: out of one of them, into another.

    Boxes of a branch count too, if there is but one beside it.
    """

    series: "Series"
    edges: tuple[Edge, ...]


@record
class Tooth:
    """What goes out of one box of a comb: ``lead``, and behind it a head for each of its joins."""

    tap: str
    lead: "Series"
    heads: "tuple[Series | None, ...]"


@record
class Comb:
    """Boxes in a row, and heads out of several of them that end in the same joins.

    ``joins`` are rows too: each begins with the box that heads end in.
    """

    spine: "Series"
    teeth: tuple[Tooth, ...]
    joins: "tuple[Series, ...]"

    @property
    def rows(self) -> "Iterator[Series]":
        """All rows of boxes in it."""
        yield self.spine
        for tooth in self.teeth:
            yield tooth.lead
            yield from (head for head in tooth.heads if head is not None)
        yield from self.joins


@record
class Fork:
    """A section out of whose first wire ``shoots`` go that come back nowhere: side outputs."""

    inner: "Link | Branches | Lanes | Comb | Tangle"
    shoots: "tuple[Series, ...]"


Section = Link | Branches | Lanes | Comb | Tangle | Fork


@record
class Series:
    """Boxes one after another: ``sections`` stand before, between and behind ``nodes``."""

    nodes: tuple[str, ...]
    sections: tuple[Section, ...]


def count(series: Series) -> int:
    """How many boxes a series holds."""
    return len(series.nodes) + sum(map(_count, series.sections))


def _count(section: Section) -> int:
    match section:
        case Branches():
            return sum(count(b) for b in section.branches if isinstance(b, Series))
        case Lanes():
            return count(section.series)
        case Comb():
            return sum(map(count, section.rows))
        case Tangle():
            return len(section.nodes)
        case Fork():
            return _count(section.inner) + sum(map(count, section.shoots))
    return 0


def element(series: Series, place: int) -> Iterator[str]:
    """The boxes of a section and of the node behind it."""
    yield from inside(series.sections[place])
    yield series.nodes[place]


def inside(section: Section) -> Iterator[str]:
    """The boxes of a section, its shoots left out."""
    if isinstance(section, Fork):
        section = section.inner
    if isinstance(section, Tangle):
        yield from section.nodes
    elif isinstance(section, Lanes):
        yield from every(section.series)
    elif isinstance(section, Comb):
        for row in section.rows:
            yield from every(row)
    elif isinstance(section, Branches):
        for branch in section.branches:
            if isinstance(branch, Series):
                yield from every(branch)


def every(series: Series) -> Iterator[str]:
    """All boxes of a series."""
    for place in range(len(series.nodes)):
        yield from element(series, place)
    yield from inside(series.sections[-1])
