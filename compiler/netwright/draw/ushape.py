"""Draws a net that goes down and comes up again as a U: one row for each resolution.

The way down stands at the left, the way up at the right, the skips run straight across. Pools and
up-samplings that stand between two rows are the wires between them.
"""

from typing import TYPE_CHECKING

from netwright.draw.graph import Node
from netwright.draw.metrics import MUTED, width
from netwright.draw.model import Line, Shape
from netwright.draw.piece import Piece, Spot, Track
from netwright.draw.sizes import CIRCLE, height, natural
from netwright.draw.structure import Branches, Edge, Fork, Link, Pass, Section, Series
from netwright.draw.theme import Family
from netwright.draw.ties import FORK
from netwright.draw.wording import shape
from netwright.instance import LayerStep
from netwright.record import record, replace

if TYPE_CHECKING:
    from netwright.draw.lay import Layout

LEAST_LEVELS = 2
STEP, ROW_GAP, ACROSS = 16.0, 40.0, 40.0
PILL_HEIGHT = 20.0
UPWARDS = frozenset(("conv_transpose", "upsample", "pixel_shuffle", "depth_to_space"))


@record
class Level:
    """One resolution: boxes on the way down, what joins, boxes on the way up (from the join on).

    ``pool`` and ``up`` are boxes that are drawn as the wires from the row above and to it;
    ``past`` are those on the skip.
    """

    down: tuple[str, ...]
    past: tuple[str, ...]
    join: str
    rise: tuple[str, ...]
    pool: str
    up: str
    shoots: tuple[tuple[str, Series], ...]


def levels(series: Series, nodes: dict[str, Node]) -> list[Level]:
    """The rows of a U from the upper to the lowest, whose ``join`` is empty; none if it is no U."""
    found: list[Level] = []
    current: Series | None = series
    while current is not None:
        level, current = _level(current, nodes, bool(found))
        if level is None:
            return []
        found.append(level)
    return found if len(found) > LEAST_LEVELS and _shrinks(found, nodes) else []


def _level(
    series: Series, nodes: dict[str, Node], inner: bool
) -> tuple[Level | None, Series | None]:
    """One row, and the series below it."""
    places = [n for n, each in enumerate(series.sections) if isinstance(_bare(each), Branches)]
    if len(places) > 1 or not all(map(_simple, series.sections)) or not series.nodes:
        return None, None
    shoots = tuple(
        (series.nodes[place - 1], shoot)
        for place, section in enumerate(series.sections)
        if isinstance(section, Fork) and place
        for shoot in section.shoots
    )
    at = places[0] if places else len(series.nodes)
    down, rise = list(series.nodes[:at]), list(series.nodes[at:])
    pool = down.pop(0) if inner and len(down) > bool(not places) and _pools(nodes[down[0]]) else ""
    ends = rise if rise else down
    up = ends.pop() if inner and len(ends) > 1 and _rises(nodes[ends[-1]]) else ""
    if not places:
        return Level(tuple(down), (), "", (), pool, up, shoots), None
    section = _bare(series.sections[at])
    assert isinstance(section, Branches)
    skip, below = _sides(section)
    if below is None or not down or not rise or nodes[rise[0]].shape is Shape.BOX:
        return None, None
    return Level(tuple(down), skip, rise[0], tuple(rise[1:]), pool, up, shoots), below


def _bare(section: Section) -> Section:
    return section.inner if isinstance(section, Fork) else section


def _simple(section: Section) -> bool:
    bare = _bare(section)
    return isinstance(bare, Branches) or (isinstance(bare, Link) and len(bare.edges) < 2)


def _sides(section: Branches) -> tuple[tuple[str, ...], Series | None]:
    """The boxes on the skip, and what runs below it."""
    if len(section.branches) != 2:
        return (), None
    order = sorted(section.branches, key=lambda b: 0 if isinstance(b, Pass) else len(_all(b)))
    skip, below = order
    if isinstance(below, Pass):
        return (), None
    if isinstance(skip, Series) and (len(skip.nodes) > 1 or len(skip.sections) != 2):
        return (), None
    return () if isinstance(skip, Pass) else skip.nodes, below


def _all(series: Series) -> list[str]:
    found = list(series.nodes)
    for section in series.sections:
        bare = _bare(section)
        if isinstance(bare, Branches):
            found += [n for b in bare.branches if isinstance(b, Series) for n in _all(b)]
    return found


def _layer(node: Node) -> LayerStep | None:
    first = node.steps[0] if node.steps else None
    return first if isinstance(first, LayerStep) else None


def _pools(node: Node) -> bool:
    return node.family is Family.POOLING and len(node.steps) == 1


def _rises(node: Node) -> bool:
    step = _layer(node)
    return step is not None and step.op.name in UPWARDS and node.shape is Shape.BOX


def _shrinks(rows: list[Level], nodes: dict[str, Node]) -> bool:
    """Whether each row is smaller than the one above."""
    sizes = []
    for level in rows:
        after = nodes[level.down[-1]].after if level.down else None
        if after is None or after.rank < 2:
            return False
        sizes.append(str(after.sizes[-1]) if not isinstance(after.sizes[-1], int) else after.sizes[-1])
    return all(
        not isinstance(one, int) or not isinstance(other, int) or one > other
        for one, other in zip(sizes, sizes[1:], strict=False)
    )


class UShape:
    """A U on its way: rows from the top, each with its left and right stack."""

    def __init__(self, layout: "Layout", rows: list[Level]) -> None:
        self.layout = layout
        self.rows = rows
        self.piece = Piece()
        self.nodes = layout.nodes
        self._tell_shapes()
        self.left = self._widest(name for level in rows[:-1] for name in level.down)
        self.right = self._widest(name for level in rows[:-1] for name in level.rise)
        self.bottom = self._widest(iter(rows[-1].down))
        pills = [self._pill(level) for level in rows[:-1]]
        labels = [self._label_room(level) for level in rows]
        across = max([*(pill + 2 * ACROSS for pill in pills), self.bottom + 2 * max(labels)])
        self.x = (self.left + self.right) / 2 + across
        self.y: list[float] = []
        self._rows()

    def _tell_shapes(self) -> None:
        """Let each stack tell its shape in its last box."""
        for level in self.rows:
            for stack in (level.down, level.rise):
                for name in stack:
                    node = self.nodes[name]
                    if node.shape is Shape.BOX and node.after is not None:
                        below = (*node.below[:-1], *_with(node.below[-1:], shape(node.after)))
                        self.nodes[name] = replace(node, below=below)

    def _widest(self, names: "object") -> float:
        wide = 0.0
        for name in names:  # type: ignore[attr-defined]
            wide = max(wide, natural(self.nodes[name]))
        return wide

    def _pill(self, level: Level) -> float:
        return CIRCLE if self.nodes[level.join].shape is Shape.CIRCLE else pill_width(self.nodes, level)

    def _label_room(self, level: Level) -> float:
        texts = [self.text(name) for name in (level.pool, level.up) if name]
        return max((width(text, MUTED) + 14 for text in texts), default=30.0)

    def text(self, name: str) -> str:
        """What a box says that is drawn as a wire."""
        node = self.nodes[name]
        return " ".join(filter(None, (node.bold, node.plain)))

    def _rows(self) -> None:
        """Place everything, row by row."""
        y = 0.0
        for number, level in enumerate(self.rows[:-1]):
            downs, rises = self._tall(level.down), self._tall(level.rise)
            floor = y + max(downs, rises, PILL_HEIGHT)
            self._stack(level.down, 0.0, floor - downs, self.left)
            self._stack(tuple(reversed(level.rise)), self.x, floor - rises, self.right)
            self._across(level, floor)
            y = floor + ROW_GAP
            if number == 0:
                self.piece.inlets = []
        self._lowest(y)
        self._wires()
        self.piece.height = max(rect[3] for rect in self.piece.rects)

    def _tall(self, names: tuple[str, ...]) -> float:
        return sum(height(self.nodes[n]) for n in names) + STEP * max(0, len(names) - 1)

    def _stack(self, names: tuple[str, ...], x: float, y: float, wide: float) -> None:
        """Boxes from above to below."""
        for name in names:
            node = self.nodes[name]
            tall = height(node)
            own = wide if node.shape is Shape.BOX else natural(node)
            self.piece.put(name, Spot(x, y + tall / 2, own, tall))
            y += tall + STEP

    def _across(self, level: Level, floor: float) -> None:
        """The join, in the middle of the skip."""
        last = self.piece.spots[level.down[-1]]
        circle = self.nodes[level.join].shape is Shape.CIRCLE
        tall = CIRCLE if circle else PILL_HEIGHT
        y = last.y if level.rise else floor - tall / 2
        x = self.x / 2 if level.rise else self.x
        self.piece.put(level.join, Spot(x, y, self._pill(level), tall))

    def _lowest(self, y: float) -> None:
        self._stack(self.rows[-1].down, self.x / 2, y, self.bottom)


def _with(below: tuple[str, ...], text: str) -> tuple[str, ...]:
    return (f"{below[0]} · {text}",) if below else (text,)


def pill_width(nodes: dict[str, Node], level: Level) -> float:
    """The width of a join that stands on a skip."""
    return width(pill_text(nodes, level), MUTED) + 18


def pill_text(nodes: dict[str, Node], level: Level) -> str:
    """``crop, concat 64 + 64``."""
    past = [nodes[name].bold.lower() for name in level.past]
    join = nodes[level.join]
    return ", ".join([*past, f"{join.bold.lower()} {' + '.join(join.parts)}"])


__all__ = ["FORK", "Edge", "Line", "Track", "UShape", "levels"]
