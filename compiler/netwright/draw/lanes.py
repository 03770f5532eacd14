"""Lays out a row of boxes with values that go past some of them: lanes at its sides.

A lane leaves and enters at the side of a box. Those that would cross go to different sides, and a
longer one runs further out.
"""

from typing import TYPE_CHECKING

from netwright.draw.column import Column
from netwright.draw.graph import HIDDEN, Edge
from netwright.draw.model import Line
from netwright.draw.piece import Piece, Spot, Track, clearance
from netwright.draw.structure import Lanes, every

if TYPE_CHECKING:
    from netwright.draw.lay import Layout

LANE, PORT = 11.0, 6.0
Way = tuple[int, int]


def laned(layout: "Layout", section: Lanes, shown: str) -> Piece:
    """The row, and its lanes."""
    return _Laned(layout, section, shown).piece


class _Laned:
    """A row whose lanes are drawn one by one, the short ones first."""

    def __init__(self, layout: "Layout", section: Lanes, shown: str) -> None:
        self.piece = Column(layout, section.series, shown).piece
        self.piece.inlets, self.piece.outlets = [*self.piece.inlets], [*self.piece.outlets]
        self.place = {name: number for number, name in enumerate(every(section.series))}
        self.ways: dict[int, list[Way]] = {1: [], -1: []}
        self.ports: dict[tuple[str, int, bool], int] = {}
        self.names = layout.names
        drawn = {(e.tail, e.head): e for e in section.edges if e.value != HIDDEN}.values()
        for edge in sorted(map(self._real, drawn), key=self._length):
            self._lane(edge)

    def _real(self, edge: Edge) -> Edge:
        """An edge by the name of who stands for its tail."""
        return Edge(self.names.get(edge.tail, edge.tail), edge.head, edge.value, edge.slot)

    def _length(self, edge: Edge) -> tuple[int, int]:
        start, stop = self._way(edge)
        return stop - start, start

    def _way(self, edge: Edge) -> Way:
        return self.place.get(edge.tail, -1), self.place.get(edge.head, len(self.place))

    def _lane(self, edge: Edge) -> None:
        """One value on its way past the row."""
        piece, way = self.piece, self._way(edge)
        side = next((s for s in (1, -1) if self._is_free(edge, s)), 1)
        self.ways[side].append(way)
        start = self._end(edge.tail, side, out=True)
        above = self._above(edge.head, side)
        stop = above[0] if above else self._end(edge.head, side, out=False)
        top, bottom = (start or (0.0, 0.0))[1], (stop or (0.0, piece.height))[1]
        placed = [*piece.rects, *piece.wires()]
        x = clearance(placed, [(-1.0, top, 1.0, bottom)], LANE, side) or LANE * side
        ends = above or ([stop] if stop else [])
        points = [*([start] if start else []), (x, top), (x, bottom), *ends]
        track = Track(edge, Line.SKIP, points)
        piece.rects.append((x - 1, top, x + 1, bottom))
        piece.tracks.append(track)
        if not start:
            piece.inlets.append(track)
        if not stop:
            piece.outlets.append(track)

    def _is_free(self, edge: Edge, side: int) -> bool:
        """Whether a lane at a side would cross no other, and no box on its way there."""
        a, b = self._way(edge)
        if any(c < a < d < b or a < c < b < d for c, d in self.ways[side]):
            return False
        ends = [self.piece.spots[name] for name in (edge.tail, edge.head) if name in self.place]
        return not any(self._meets(spot, side) for spot in ends)

    def _meets(self, end: Spot, side: int) -> bool:
        """Whether something stands beside a box."""
        return bool(self._beside(end, side))

    def _beside(self, end: Spot, side: int) -> list[Spot]:
        """What stands beside a box."""
        return [
            spot
            for spot in self.piece.spots.values()
            if (spot.x - end.x) * side > 0 and abs(spot.y - end.y) < (spot.height + PORT) / 2
        ]

    def _above(self, name: str, side: int) -> list[tuple[float, float]]:
        """The way into a box from above, over what stands beside it; none where there is none."""
        if name not in self.place:
            return []
        end = self.piece.spots[name]
        beside = self._beside(end, side)
        if not beside:
            return []
        y = min(spot.y - spot.height / 2 for spot in [end, *beside]) - PORT
        x = end.x + (end.width / 2 - LANE) * side
        over = [s for s in self.piece.spots.values() if abs(s.y - y) < s.height / 2 + PORT / 2]
        if any((s.x - x) * side > -s.width / 2 for s in over):
            return []
        return [(x, y), (x, end.y - end.height / 2)]

    def _end(self, name: str, side: int, *, out: bool) -> tuple[float, float] | None:
        """Where a lane leaves or enters a box; none where it goes on outside."""
        if name not in self.place:
            return None
        spot = self.piece.spots[name]
        key = (name, side, out)
        count = self.ports[key] = self.ports.get(key, -1) + 1
        most = max(0.0, spot.height / 2 - PORT)
        return spot.x + spot.width / 2 * side, spot.y + min(most, PORT * count) * (-1 if out else 1)
