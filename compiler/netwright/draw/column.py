"""One series on its way down: a section, the box that it ends in, the next section, …"""

from typing import TYPE_CHECKING

from netwright.draw.bars import stretch
from netwright.draw.frames import Range, frame_title, frame_tooltip, has_title
from netwright.draw.metrics import MUTED, width
from netwright.draw.model import Row, Shape
from netwright.draw.piece import Border, Piece, Track, clearance
from netwright.draw.sizes import row_width
from netwright.draw.structure import Fork, Series
from netwright.draw.ties import FORK, forks, joins, tie_bottom, tie_top
from netwright.draw.wording import link, shape

if TYPE_CHECKING:
    from netwright.draw.lay import Layout

FRAME_SIDE, FRAME_TOP, FRAME_BOTTOM = 10.0, 18.0, 9.0
LABEL_HEIGHT, LABEL_SIDE = 13.0, 5.0
SHOOT = 20.0  # between a column and what shoots out of it


class Column:
    """Places one series; ``shown`` is the shape that was told last.

    ``within`` are the boxes of this column where frames may go on in the next; ``entered`` says
    that it goes on from another column, by one wire.
    """

    def __init__(
        self,
        layout: "Layout",
        series: Series,
        shown: str,
        *,
        within: set[str] | None = None,
        entered: bool = False,
    ) -> None:
        self.layout = layout
        self.series = series
        self.shown = shown
        self.piece = Piece()
        self.entered = entered
        self.y = 0.0
        self.ranges = layout.frames.ranges(series, within)
        self.open: list[tuple[Range, float]] = []
        self.closed = False  # whether a frame ends right above
        self.shoots: list[tuple[Piece, float]] = []
        self.floor = 0.0  # what goes on beside the column must stay below
        self._run()

    def _run(self) -> None:
        series = self.series
        for place, name in enumerate(series.nodes):
            self._above(place, name)
            self._close(place + 1)
        self._end()
        for shoot, y in reversed(self.shoots):
            self._put_shoot(shoot, y)

    def _above(self, place: int, name: str) -> None:
        """A section, tied to the box before it, and the box that it ends in."""
        layout, node = self.layout, self.layout.nodes[name]
        inner = layout.section(self.series.sections[place], node, self.shown)
        self._tie(place, inner)
        room = joins(inner.outlets, node.shape, layout.widths[name]) if inner.outlets else 0.0
        below = self.y + inner.height
        self.closed = False
        spot = layout.spot(name, 0.0, below + room)
        if node.shape is Shape.BAR and inner.outlets:
            stretch(spot, inner, node)
        tie_bottom(inner.outlets, below, node.shape, spot)
        self.piece.absorb(inner)
        self.piece.tracks += [track for track in inner.outlets if track not in inner.tracks]
        self.piece.put(name, spot)
        self.y = spot.y + spot.height / 2

    def _tie(self, place: int, inner: Piece) -> None:
        """Put a section under what is there, its wires tied to the box above or left open."""
        start = self._bottom(place - 1) if place else self.y
        mark, text = self._mark(place - 1) if place and inner.inlets else ((0.0, 0.0), "")
        opens = any(each.start == place for each in self.ranges)
        room = self._plant(place)
        if opens:  # what goes past a frame, or out of the box above it, parts before it begins
            self.y, room = self.y + room, 0.0
        self._open(place)
        top = self.y
        gathers = opens and len(inner.inlets) > 1
        if place or self.entered or gathers:
            self.y += max(forks(inner.inlets), room)
        self._sink(inner)
        if place or self.entered or gathers:
            tie_top(inner.inlets, start, top)
            if text:
                track = min(inner.inlets, key=lambda each: abs(each.points[-1][0]))
                track.text, track.label = text, mark
        if not place:
            first = [track for track in inner.inlets if track.points[0][1] <= start]
            self.piece.inlets = first if self.entered or gathers else inner.inlets

    def _plant(self, place: int) -> float:
        """Note what shoots out of the box above; the room in which it parts from the column."""
        section = self.series.sections[place]
        if not isinstance(section, Fork):
            return 0.0
        for shoot in section.shoots:
            piece = self.layout.series(shoot, self.shown)
            self.shoots.append((piece, self.y))
            self.floor = max(self.floor, self.y + 2 * FORK + piece.height + 4)
        return 2 * FORK

    def _sink(self, inner: Piece) -> None:
        """Move a piece, with the wires that it does not hold yet, to where the column ends."""
        inner.shift(0.0, self.y)
        for track in {id(track): track for track in (*inner.inlets, *inner.outlets)}.values():
            if track not in inner.tracks:
                track.shift(0.0, self.y)

    def _mark(self, place: int) -> tuple[tuple[float, float], str]:
        """The label under a box and where it stands, with the room for it."""
        text = self._label(place)
        mark = (LABEL_SIDE, self.y + 7.5)
        if text:
            self.y += LABEL_HEIGHT
            right = LABEL_SIDE + width(text, MUTED) + 2
            self.piece.rects.append((LABEL_SIDE - 2, mark[1] - 6, right, mark[1] + 6))
        return mark, text

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
        if node.shape in (Shape.PILL, Shape.BAR, Shape.CIRCLE):
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
        if after.shape in (Shape.PILL, Shape.TAP):
            return True
        if node.call is None or after.call is None or node.groups != after.groups:
            return False
        same = after.after is not None and shape(after.after) == text
        return same and node.call.instance.definition is after.call.instance.definition

    # Frames

    def _open(self, place: int) -> None:
        for each in self.ranges:
            if each.start == place:
                self.y += 8 if not self.closed else 10
                self.closed = False
                self.open.append((each, self.y))
                self.y += FRAME_TOP if has_title(each) else FRAME_BOTTOM

    def _close(self, place: int) -> None:
        for each, top in [pair for pair in reversed(self.open) if pair[0].stop == place]:
            self.open.remove((each, top))
            self.y += FRAME_BOTTOM
            self.closed = True
            self._frame(each, top)

    def _frame(self, each: Range, top: float) -> None:
        """A frame around all that stands below its top."""
        piece, layout = self.piece, self.layout
        inner = [rect for rect in piece.rects if (rect[1] + rect[3]) / 2 > top]
        title = frame_title(each, layout.nodes)
        at_left = row_width(Row(title.bold, title.plain, title.muted)) + 16
        at_right = row_width(Row(right=title.right, badge=title.badge)) + 16
        left = min(-at_left, *(rect[0] - FRAME_SIDE for rect in inner))
        right = max(at_right, *(rect[2] + FRAME_SIDE for rect in inner))
        names = [name for name in piece.spots if name in each.names]
        rect = (left, top, right, self.y)
        group = each.group
        border = Border(group.key, group.kind, title, rect, names)
        border.tooltip = frame_tooltip(group)
        border.link = link(group.span)
        piece.borders.append(border)
        piece.rects.append(rect)

    # Ends

    def _end(self) -> None:
        """What goes on below stays open."""
        inner = self.layout.section(self.series.sections[-1], None, self.shown)
        self._tie(len(self.series.nodes), inner)
        self.piece.absorb(inner)
        self.piece.outlets = inner.outlets
        self.piece.tracks += [track for track in inner.outlets if track not in inner.tracks]
        self.piece.height = max(self.y + inner.height, self.floor)

    def _put_shoot(self, inner: Piece, y: float) -> None:
        """A branch that comes back nowhere, at the right of all that stands beside it."""
        inner.shift(0.0, y + 2 * FORK)
        spine = (-1.0, 0.0, 1.0, self.piece.height)
        placed = [spine, *self.piece.rects, *self.piece.wires()]
        dx = clearance(placed, inner.rects, SHOOT, 1)
        inner.shift(dx, 0.0)
        tracks: list[Track] = inner.inlets
        for track in tracks:
            x = track.points[0][0]
            track.lead([(0.0, y + FORK), (x, y + FORK)])
            inner.rects.append((0.0, y + FORK - 2, x, y + FORK + 2))
        self.piece.absorb(inner)
