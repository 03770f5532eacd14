"""Finds nets that go down and come up again, resolution by resolution: the rows of a U."""

from collections.abc import Callable
from itertools import pairwise

from netwright.draw.fold import Folded
from netwright.draw.graph import Node
from netwright.draw.model import Shape
from netwright.draw.structure import Branches, Fork, Link, Pass, Section, Series
from netwright.draw.theme import Family
from netwright.draw.wording import shape, short
from netwright.instance import LayerStep
from netwright.ops.base import Role
from netwright.record import record, replace
from netwright.tensor import number

LEAST = 3
UPWARDS = frozenset(("conv_transpose", "upsample", "pixel_shuffle", "depth_to_space"))
Shoots = tuple[tuple[str, Series], ...]


@record
class Level:
    """One row: boxes on the way down, on the skip, the join, and boxes on the way up behind it.

    ``pool`` and ``up`` are boxes that are drawn as the wires from the row above and back to it.
    The lowest row has no join.
    """

    down: tuple[str, ...]
    past: tuple[str, ...]
    join: str
    rise: tuple[str, ...]
    pool: str
    up: str
    shoots: Shoots


@record
class Valley:
    """A net as a U: its rows from above, and its boxes with what they say there.

    ``words`` are those of boxes that are drawn as wires.
    """

    rows: tuple[Level, ...]
    nodes: dict[str, Node]
    words: dict[str, str]
    names: dict[str, str]


def valley(folded: Folded) -> Valley | None:
    """The U that a net is, or none."""
    rows = _levels(folded.series, folded.nodes)
    if rows is None or any(_is_blocked(row) for row in rows):
        return None
    hidden = {name for row in rows for name in (row.pool, row.up, *_said(row, folded)) if name}
    words = {name: _words(folded.nodes[name]) for name in hidden}
    nodes = {name: node for name, node in folded.nodes.items() if name not in hidden}
    for row in rows:
        if row.join:
            nodes[row.join] = _join(nodes[row.join], row, words)
        for name in (*row.down, *row.rise):
            nodes[name] = _with_shape(nodes[name])
    rows = [replace(row, past=tuple(n for n in row.past if n not in hidden)) for row in rows]
    return Valley(tuple(rows), nodes, words, folded.names)


def _is_blocked(row: Level) -> bool:
    """Whether a side output goes out of a join that has boxes on both sides."""
    return bool(row.rise) and any(tail == row.join for tail, _ in row.shoots)


def _levels(series: Series, nodes: dict[str, Node]) -> list[Level] | None:
    found: list[Level] = []
    current: Series | None = series
    while current is not None:
        level, current = _level(current, nodes, inner=bool(found))
        if level is None:
            return None
        found.append(level)
    return found if len(found) >= LEAST and _shrinks(found, nodes) else None


def _level(
    series: Series, nodes: dict[str, Node], *, inner: bool
) -> tuple[Level | None, Series | None]:
    """One row, and the series below it."""
    bare = [_bare(section) for section in series.sections]
    places = [place for place, section in enumerate(bare) if isinstance(section, Branches)]
    if len(places) > 1 or not all(map(_simple, bare)) or not series.nodes:
        return None, None
    at = places[0] if places else len(series.nodes)
    down, rise = list(series.nodes[:at]), list(series.nodes[at:])
    up = _taken(rise or down, -1, _rises, nodes) if inner else ""
    pool = _taken(down, 0, _pools, nodes) if inner else ""
    shoots = _shoots(series)
    if not places:
        return Level(tuple(down), (), "", (), pool, up, shoots), None
    skip, below = _sides(bare[at])
    if below is None or not down or not rise or nodes[rise[0]].shape is Shape.BOX:
        return None, None
    return Level(tuple(down), skip, rise[0], tuple(rise[1:]), pool, up, shoots), below


def _taken(
    names: list[str], place: int, fits: Callable[[Node], bool], nodes: dict[str, Node]
) -> str:
    """The first or last box of some, taken out of them, if it may be drawn as a wire."""
    return names.pop(place) if len(names) > 1 and fits(nodes[names[place]]) else ""


def _shoots(series: Series) -> Shoots:
    return tuple(
        (series.nodes[place - 1], shoot)
        for place, section in enumerate(series.sections)
        if isinstance(section, Fork)
        for shoot in section.shoots
    )


def _bare(section: Section) -> Section:
    return section.inner if isinstance(section, Fork) else section


def _simple(section: Section) -> bool:
    return isinstance(section, Branches) or (isinstance(section, Link) and len(section.edges) < 2)


def _sides(section: Section) -> tuple[tuple[str, ...], Series | None]:
    """The boxes on the skip, one at most, and what runs below it."""
    if not isinstance(section, Branches) or len(section.branches) != 2:
        return (), None
    skip, below = sorted(section.branches, key=_size)
    if isinstance(below, Pass) or _size(skip) > 1:
        return (), None
    return () if isinstance(skip, Pass) else skip.nodes, below


def _size(branch: "Series | Pass") -> int:
    """How many boxes a branch holds, as far as it matters which is longer."""
    if isinstance(branch, Pass):
        return 0
    plain = all(isinstance(_bare(section), Link) for section in branch.sections)
    return len(branch.nodes) if plain else 1000


def _pools(node: Node) -> bool:
    return node.role is Role.POOLING and len(node.steps) == 1


def _rises(node: Node) -> bool:
    return any(isinstance(step, LayerStep) and step.op.name in UPWARDS for step in node.steps)


def _shrinks(rows: list[Level], nodes: dict[str, Node]) -> bool:
    """Whether each row is a smaller map than the one above."""
    sizes: list[int] = []
    for row in rows:
        maps = [nodes[name].after for name in row.down]
        sides = [number(x.sizes[-1]) for x in maps if x is not None and x.rank > 1]
        if len(sides) < len(row.down) or not sides:
            return False
        sizes.append(min(sides))
    return all(one > other for one, other in pairwise(sizes))


# What the boxes say


def _said(row: Level, folded: Folded) -> tuple[str, ...]:
    """The box on a skip that the join says: one that only cuts or pads."""
    return tuple(name for name in row.past if folded.nodes[name].family is Family.OTHER)


def _words(node: Node) -> str:
    counts = short(node.params) if node.params > 0 else ""
    said = ", ".join([*node.above, " ".join(filter(None, (node.bold, node.plain)))])
    return f"{said} · {counts}" if counts else said


def _join(node: Node, row: Level, words: dict[str, str]) -> Node:
    """A join on a skip: a pill that says what it joins."""
    if node.shape is not Shape.BAR:
        return node
    past = [words[name].lower() for name in row.past if name in words]
    text = ", ".join([*past, f"{node.bold.lower()} {' + '.join(node.parts)}"])
    return replace(node, shape=Shape.PILL, bold="", plain=text)


def _with_shape(node: Node) -> Node:
    """A box that tells the shape that it gives, behind its label."""
    if node.shape is not Shape.BOX or node.after is None:
        return node
    *rest, last = node.below or ("",)
    text = " · ".join(filter(None, (last, shape(node.after))))
    return replace(node, below=(*rest, text))
