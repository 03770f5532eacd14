"""Lays a series out: boxes under each other on one straight line, branches beside it."""

from collections.abc import Iterable

from netwright.draw.beside import beside
from netwright.draw.fold import Folded
from netwright.draw.frames import Frames, Range
from netwright.draw.graph import Edge, Node
from netwright.draw.metrics import MUTED, width
from netwright.draw.model import Kind, Line, Row, Shape
from netwright.draw.piece import Border, Piece, Spot, Track
from netwright.draw.sizes import height, natural, row_width
from netwright.draw.structure import (
    SINK,
    SOURCE,
    Branches,
    Link,
    Pass,
    Section,
    Series,
    Tangle,
    count,
)
from netwright.draw.tangle import Untangler
from netwright.draw.ties import ARROW, LANE, forks, joins, tie_bottom, tie_top
from netwright.draw.wording import shape, short

FRAME_SIDE, FRAME_TOP, FRAME_BOTTOM = 10.0, 18.0, 9.0
LABEL_HEIGHT, LABEL_SIDE = 13.0, 5.0


class Layout:
    """Places the boxes of one graph; ``shapes`` says whether wires tell what they carry."""

    def __init__(self, folded: Folded, *, shapes: bool) -> None:
        self.nodes = folded.nodes
        self.names = folded.names
        self.shapes = shapes
        self.frames = Frames(folded.nodes, labels=shapes)
        self.widths: dict[str, float] = {}

    def piece(self, series: Series) -> Piece:
        """The whole graph."""
        self.measure(series)
        return self.series(series, "")

    # Widths

    def measure(self, series: Series) -> None:
        """Give the boxes of a column one width, and columns side by side the same."""
        self._columns([series])

    def _columns(self, columns: list[Series]) -> None:
        """Columns of one width; the longest branch goes on with the width of its column."""
        spine, others = list(columns), list[list[Series]]()
        for series in spine:
            for section in series.sections:
                if isinstance(section, Branches):
                    main, rest = main_branch(section)
                    spine += main
                    others += rest
                elif isinstance(section, Tangle):
                    self._natural(section.nodes)
        names = [name for series in spine for name in series.nodes]
        self._natural(names)
        boxes = [name for name in names if self.nodes[name].shape is Shape.BOX]
        wide = max((self.widths[name] for name in boxes), default=0.0)
        self.widths |= dict.fromkeys(boxes, wide)
        for each in others:
            self._columns(each)

    def _natural(self, names: Iterable[str]) -> None:
        self.widths |= {name: natural(self.nodes[name]) for name in names}

    # Series

    def series(self, series: Series, shown: str) -> Piece:
        """Boxes under each other; what comes from above and goes below stays open."""
        return _Column(self, series, shown).piece

    def section(self, section: Section, join: Node | None, shown: str) -> Piece:
        """What lies between two boxes."""
        match section:
            case Link():
                return self._link(section)
            case Branches():
                return self._branches(section, join, shown)
            case Tangle():
                return Untangler(self, section).piece()

    def _link(self, link: Link) -> Piece:
        piece = Piece()
        for place, edge in enumerate(self.real(link.edges)):
            line = Line.SKIP if place else Line.FLOW
            track = self.track(edge, line, (place * 2 * LANE, 0.0))
            piece.inlets.append(track)
            piece.outlets.append(track)
        return piece

    def _branches(self, section: Branches, join: Node | None, shown: str) -> Piece:
        pieces = [
            self._pass(branch) if isinstance(branch, Pass) else self.series(branch, shown)
            for branch in section.branches
        ]
        is_pass = [isinstance(branch, Pass) for branch in section.branches]
        return beside(pieces, is_pass, adds=join is not None and join.shape is Shape.CIRCLE)

    def _pass(self, branch: Pass) -> Piece:
        piece = Piece()
        for edge in self.real((branch.edge,)):
            track = self.track(edge, Line.SKIP, (0.0, 0.0))
            piece.inlets.append(track)
            piece.outlets.append(track)
            piece.tracks.append(track)
        return piece

    def real(self, edges: tuple[Edge, ...]) -> list[Edge]:
        """The edges between boxes, by the names of those that are left."""
        return [
            Edge(self.names.get(edge.tail, edge.tail), edge.head, edge.value, edge.slot)
            for edge in edges
            if edge.tail != SOURCE and edge.head != SINK
        ]

    def track(self, edge: Edge, line: Line, point: tuple[float, float]) -> Track:
        """A wire that is open at both ends."""
        return Track(edge, line, [point])

    def spot(self, name: str, x: float, top: float) -> Spot:
        """A place for a box whose top is known."""
        tall = height(self.nodes[name])
        return Spot(x, top + tall / 2, self.widths[name], tall)


class _Column:
    """One series on its way down."""

    def __init__(self, layout: Layout, series: Series, shown: str) -> None:
        self.layout = layout
        self.series = series
        self.shown = shown
        self.piece = Piece()
        self.y = 0.0
        self.ranges = layout.frames.ranges(series)
        self.open: list[tuple[Range, float]] = []
        for place, name in enumerate(series.nodes):
            self._above(place, name)
            self._close(place + 1)
        self._end()

    def _above(self, place: int, name: str) -> None:
        """A section, tied to the box before it, and the box that it ends in."""
        layout, node = self.layout, self.layout.nodes[name]
        inner = layout.section(self.series.sections[place], node, self.shown)
        self._tie(place, inner)
        wide = layout.widths[name]
        room = joins(inner.outlets, node.shape, wide) if inner.outlets else 0.0
        below = self.y + inner.height
        spot = layout.spot(name, 0.0, below + room)
        if node.shape is Shape.BAR:
            _stretch(spot, inner, node)
        tie_bottom(inner.outlets, below, node.shape, spot)
        self.piece.absorb(inner)
        self.piece.tracks += [t for t in inner.outlets if t not in inner.tracks]
        self.piece.put(name, spot)
        self.y = spot.y + spot.height / 2

    def _tie(self, place: int, inner: Piece) -> None:
        """Put a section under what is there, its wires tied to the box above or left open."""
        start = self.y if place == 0 else self._bottom(place - 1)
        text = self._label(place - 1) if place and inner.inlets else ""
        mark = (LABEL_SIDE, self.y + 7.5)
        if text:
            self.y += LABEL_HEIGHT
            wide = width(text, MUTED)
            left = LABEL_SIDE - 2
            self.piece.rects.append((left, mark[1] - 6, left + wide + 4, mark[1] + 6))
        self._open(place)
        room = forks(inner.inlets) if place else 0.0
        top = self.y
        self.y += room
        inner.shift(0.0, self.y)
        self._shift_open(inner)
        if place:
            tie_top(inner.inlets, start, top)
            if text:
                track = _main(inner.inlets)
                track.text, track.label = text, mark
        else:
            self.piece.inlets = inner.inlets

    def _shift_open(self, inner: Piece) -> None:
        """Move the wires that no piece holds yet."""
        for track in {id(t): t for t in (*inner.inlets, *inner.outlets)}.values():
            if track not in inner.tracks:
                track.shift(0.0, self.y)

    def _bottom(self, place: int) -> float:
        spot = self.piece.spots[self.series.nodes[place]]
        return spot.y + spot.height / 2

    def _label(self, place: int) -> str:
        """What a wire carries, where that has changed and the next box does not say it."""
        layout = self.layout
        node = layout.nodes[self.series.nodes[place]]
        if not layout.shapes or node.after is None:
            return ""
        text = shape(node.after)
        if node.shape in (Shape.PILL, Shape.BAR):
            self.shown = text
        if text == self.shown or self._waits(place, text):
            return ""
        self.shown = text
        return text

    def _waits(self, place: int, text: str) -> bool:
        """Whether a later wire of the same frame says it, or the output does."""
        if place + 1 == len(self.series.nodes):
            return False
        node, after = (self.layout.nodes[self.series.nodes[p]] for p in (place, place + 1))
        if after.shape is Shape.PILL:
            return True
        if node.call is None or after.call is None or node.groups != after.groups:
            return False
        same = after.after is not None and shape(after.after) == text
        return same and node.call.instance.definition is after.call.instance.definition

    # Frames

    def _open(self, place: int) -> None:
        for each in self.ranges:
            if each.start == place:
                self.y += 4
                self.open.append((each, self.y))
                self.y += FRAME_TOP if has_title(each) else FRAME_BOTTOM

    def _close(self, place: int) -> None:
        for each, top in [pair for pair in reversed(self.open) if pair[0].stop == place]:
            self.open.remove((each, top))
            self.y += FRAME_BOTTOM
            self._frame(each, top)

    def _frame(self, each: Range, top: float) -> None:
        """A frame around all that stands below its top."""
        piece, layout = self.piece, self.layout
        inner = [r for r in piece.rects if (r[1] + r[3]) / 2 > top]
        title = frame_title(each, layout)
        at_left = row_width(Row(title.bold, title.plain, title.muted)) + 16
        at_right = row_width(Row(right=title.right, badge=title.badge)) + 16
        left = min(-at_left, *(rect[0] - FRAME_SIDE for rect in inner))
        right = max(at_right, *(rect[2] + FRAME_SIDE for rect in inner))
        names = [n for n in layout.frames.members[each.group.key] if n in piece.spots]
        rect = (left, top, right, self.y)
        order = [name for name in layout.nodes if name in set(names)]
        border = Border(each.group.key, each.group.kind, title, rect, order)
        piece.borders.append(border)
        piece.rects.append(rect)

    def _end(self) -> None:
        """What goes on below stays open."""
        inner = self.layout.section(self.series.sections[-1], None, self.shown)
        self._tie(len(self.series.nodes), inner)
        self.piece.absorb(inner)
        self.piece.outlets = inner.outlets
        for track in inner.outlets:
            if track not in self.piece.tracks:
                self.piece.tracks.append(track)
        self.piece.height = self.y + inner.height


def main_branch(section: Branches) -> tuple[list[Series], list[list[Series]]]:
    """The branch that the column goes on with, if one is far longer, and the others by width."""
    columns = sorted((b for b in section.branches if isinstance(b, Series)), key=count)
    if not columns:
        return [], []
    if len(columns) == 1 or count(columns[-1]) >= 3 * count(columns[-2]):
        return [columns[-1]], [[each] for each in columns[:-1]]
    return [], [columns]


def _main(tracks: list[Track]) -> Track:
    """The wire that goes straight on, or the first."""
    return min(tracks, key=lambda track: abs(track.points[-1][0]))


def _stretch(spot: Spot, inner: Piece, node: Node) -> None:
    """Make a bar as wide as what ends in it, each branch with its part."""
    ends = sorted((track.points[-1][0], track.edge.slot) for track in inner.outlets)
    bounds = bar_bounds([x for x, _ in ends], [node.parts[slot] for _, slot in ends])
    tails = [inner.spots[t.edge.tail] for t in inner.outlets if t.edge.tail in inner.spots]
    tails = [tail for tail in tails if any(abs(tail.x - x) < 1 for x, _ in ends)]
    left = min(bounds[0], *(tail.x - tail.width / 2 for tail in tails), 0.0)
    right = max(bounds[-1], *(tail.x + tail.width / 2 for tail in tails), 0.0)
    more = max(0.0, natural(node) - (right - left)) / 2
    left, right = min(left - more, -12.0), max(right + more, 12.0)
    bounds = [left, *bounds[1:-1], right]
    spot.x, spot.width = (left + right) / 2, right - left
    spot.parts = tuple(
        (node.parts[slot], bounds[place + 1] - bounds[place])
        for place, (_, slot) in enumerate(ends)
    )


def bar_bounds(ends: list[float], texts: list[str]) -> list[float]:
    """Where the parts of a bar begin and end, for wires that come down at ``ends``."""
    halves = [width(text, MUTED) / 2 + 7 for text in texts]
    inner = [
        (ends[place] + halves[place] + ends[place + 1] - halves[place + 1]) / 2
        for place in range(len(ends) - 1)
    ]
    return [ends[0] - max(halves[0], 24.0), *inner, ends[-1] + max(halves[-1], 14.0)]


def has_title(each: Range) -> bool:
    """Whether a frame says something."""
    return bool(each.group.title) or each.group.times > 1


def frame_title(each: Range, layout: Layout) -> Row:
    """The label of a frame, and what it holds in all."""
    group = each.group
    nodes = [layout.nodes[name] for name in layout.frames.members[group.key]]
    total = sum(-n.params if n.params < 0 else n.params * n.times for n in nodes)
    right = short(total) if total and group.kind is not Kind.PANEL and len(nodes) > 1 else ""
    badge = f"×{group.times:,}" if group.times > 1 else ""
    muted = f"\u00a0 {group.note}" if group.note else ""
    return Row(bold=group.title, muted=muted, right=right, badge=badge)


__all__ = ["ARROW", "Layout", "bar_bounds"]
