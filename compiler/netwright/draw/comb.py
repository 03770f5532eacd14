"""Lays out a comb: the maps at the left, a column of heads for each join, the joins below them."""

from typing import TYPE_CHECKING

from netwright.draw.bars import stretch
from netwright.draw.column import LABEL_HEIGHT, LABEL_SIDE
from netwright.draw.metrics import MUTED, width
from netwright.draw.model import Line, Shape
from netwright.draw.piece import Piece, Spot, Track
from netwright.draw.sizes import SEGMENT_SIDE
from netwright.draw.structure import Comb, Tooth
from netwright.draw.ties import ARROW, FORK, joins, tie_bottom
from netwright.draw.wording import shape

if TYPE_CHECKING:
    from netwright.draw.lay import Layout

COLUMN, LANE, TRUNK = 22.0, 7.0, 14.0
Points = list[tuple[float, float]]


def combed(layout: "Layout", section: Comb, shown: str) -> Piece:
    """The row of maps, their heads, and the joins."""
    return _Combed(layout, section, shown).piece


class _Row:
    """What hangs at one map: what its heads share, and the heads."""

    def __init__(self, layout: "Layout", tooth: Tooth) -> None:
        self.tap = tooth.tap
        parts = [tooth.lead if tooth.lead.nodes else None, *tooth.heads]
        self.pieces = [layout.series(part) if part is not None else Piece() for part in parts]


class _Combed:
    """A comb on its way down: each map, then the row of its heads."""

    def __init__(self, layout: "Layout", section: Comb, shown: str) -> None:
        self.layout = layout
        self.section = section
        self.shown = shown
        self.piece = Piece()
        self.rows = [_Row(layout.quiet(), tooth) for tooth in section.teeth]
        self.lanes = [LANE, *(self._lane(join.nodes[0]) for join in section.joins)]
        self.names = section.spine.nodes
        self.half = max((layout.widths[name] for name in self.names), default=0.0) / 2
        self.rights: list[float] = []
        self.x = self._columns()
        self.floor = 0.0  # what begins next must stay below
        self.ends: list[list[Track]] = [[] for _ in section.joins]
        self._run()

    def _columns(self) -> list[float]:
        """The lines of what heads share, and of each column of heads; each with room for lanes."""
        right, found = self.half + TRUNK, list[float]()
        for place in range(len(self.section.joins) + 1):
            pieces = [row.pieces[place] for row in self.rows if row.pieces[place].spots]
            left = max((-piece.bounds[0] for piece in pieces), default=0.0)
            found.append(right + left + (COLUMN if pieces else 0.0))
            self.rights.append(found[-1] + max((p.bounds[2] for p in pieces), default=0.0))
            right = self.rights[-1] + (self.lanes[place] * len(pieces) if place else 0.0)
        return found

    def _lane(self, join: str) -> float:
        """The room for each wire into a join: for what it brings to a bar."""
        parts = self.layout.nodes[join].parts
        return max((width(part, MUTED) + SEGMENT_SIDE for part in parts), default=LANE)

    def _run(self) -> None:
        y = 0.0
        self._heads({row.tap for row in self.rows} - {*self.names}, None)
        for place, name in enumerate(self.names):
            y = self._map(place, name, y)
            self._heads({name}, self.piece.spots[name])
        self.piece.height = max(y, self.floor)
        for place in range(len(self.section.joins)):
            self._join(place)

    # Maps

    def _map(self, place: int, name: str, y: float) -> float:
        """One map under the one before it, low enough for the line to its heads."""
        layout, piece = self.layout, self.piece
        text = self._told(self.names[place - 1]) if place else ""
        top = y + (ARROW + (LABEL_HEIGHT if text else 0.0) if place else 0.0)
        spot = layout.spot(name, 0.0, top)
        if any(row.tap == name for row in self.rows):
            spot.y = max(spot.y, self.floor + FORK)
        piece.put(name, spot)
        for track in layout.section(self.section.spine.sections[place], None, "").inlets:
            track.points = [(0.0, y), (0.0, spot.y - spot.height / 2)]
            piece.tracks.append(track)
            if not place:
                piece.inlets.append(track)
            elif text:
                track.text, track.label = text, (LABEL_SIDE, y + 7.5)
                right = LABEL_SIDE + width(text, MUTED) + 2
                piece.rects.append((LABEL_SIDE - 2, y + 1.5, right, y + 13.5))
        return spot.y + spot.height / 2

    def _told(self, name: str) -> str:
        """What a map gives, where that was not told yet."""
        after = self.layout.nodes[name].after
        text = shape(after) if after is not None and self.layout.shapes else ""
        if text == self.shown:
            return ""
        self.shown = text
        return text

    # Heads

    def _heads(self, taps: set[str], spot: Spot | None) -> None:
        """The rows of heads of one map; of the box above, where ``spot`` is none."""
        for row in self.rows:
            if row.tap in taps:
                self._row(row, spot)

    def _row(self, row: _Row, spot: Spot | None) -> None:
        y, start = self._line(spot)
        outside = spot is None
        lead, *heads = row.pieces
        if lead.spots:
            self._hang(lead, self.x[0], y, start, outside=outside)
            low = y + FORK + lead.height
            y, outside = low + FORK, False
            start = [(self.x[0], low), (self.x[0], y)]
        for place, head in enumerate(heads):
            if head.spots:
                self._hang(head, self.x[place + 1], y, start, outside=outside)
                self.ends[place] += head.outlets
                self.floor = max(self.floor, y + FORK + head.height + LANE)

    def _line(self, spot: Spot | None) -> tuple[float, Points]:
        """How high the line to some heads runs, and where it begins."""
        trunk = self.half + TRUNK / 2
        if spot is None:
            y = self.floor + FORK if self.floor else 0.0
            return y, [(trunk, 0.0), (trunk, y)] if y else []
        y, right = max(self.floor + FORK, spot.y), spot.x + spot.width / 2
        return y, [(right, y)] if y == spot.y else [(right, spot.y), (trunk, spot.y), (trunk, y)]

    def _hang(self, piece: Piece, x: float, y: float, start: Points, *, outside: bool) -> None:
        """Boxes under a line that comes from a map."""
        piece.shift(x, y + FORK)
        for track in piece.outlets:
            if track not in piece.tracks:
                track.shift(x, y + FORK)
                piece.tracks.append(track)
        for track in piece.inlets:
            track.lead([*start, (x, y)])
            if outside:
                self.piece.inlets.append(track)
        self.piece.absorb(piece)

    # Joins

    def _join(self, place: int) -> None:
        """A join under its column: the last head straight above it, the others in lanes."""
        series, x, tracks = self.section.joins[place], self.x[place + 1], self.ends[place]
        node = self.layout.nodes[series.nodes[0]]
        y = self.floor + 4
        for number, track in enumerate(tracks):
            behind = len(tracks) - 1 - number
            room = self.lanes[place + 1]
            lane = max(self.rights[place + 1] - room / 2, x) + room * behind if behind else x
            low = track.points[-1][1] + LANE / 2
            track.points += [(track.points[-1][0], low), (lane, low), (lane, y)]
        piece = self.layout.series(series, self.shown)
        spot = piece.spots[node.id]
        piece.rects.remove(spot.rect)
        if node.shape is Shape.BAR:
            inner = Piece()
            ends = [(t, t.points[-1][0] - x) for t in tracks]
            inner.outlets = [Track(t.edge, Line.FLOW, [(end, 0.0)]) for t, end in ends]
            stretch(spot, inner, node)
        piece.rects.append(spot.rect)
        y += joins(tracks, node.shape, spot.width)
        piece.shift(x, y)
        for track in piece.outlets:
            if track not in piece.tracks:
                track.shift(x, y)
                piece.tracks.append(track)
        tie_bottom(tracks, self.floor + 4, node.shape, spot)
        self.piece.absorb(piece)
        self.piece.outlets += piece.outlets
        self.piece.height = max(self.piece.height, y + piece.height)
