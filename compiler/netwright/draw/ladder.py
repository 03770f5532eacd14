"""Lays out a row of boxes with wires past some of them that are not nested: lanes on both sides.

Wires past the same boxes that would cross go to different sides, nested ones further out.
"""

from typing import TYPE_CHECKING

from netwright.draw.graph import HIDDEN, Edge
from netwright.draw.model import Line
from netwright.draw.piece import Piece, Track
from netwright.draw.structure import Tangle
from netwright.draw.ties import forks, joins, tie_bottom, tie_top

if TYPE_CHECKING:
    from netwright.draw.lay import Layout

NEAR_LANE, NEXT_LANE = 12.0, 9.0
Lane = tuple[int, int]


def is_ladder(tangle: Tangle) -> bool:
    """Whether each box of a tangle follows the one before it."""
    place = {name: number for number, name in enumerate(tangle.nodes)}
    steps = {(place.get(e.tail, -1), place.get(e.head, len(place))) for e in tangle.edges}
    return all((number - 1, number) in steps for number in range(len(place) + 1))


def ladder(layout: "Layout", tangle: Tangle) -> Piece:
    """The boxes under each other, and their wires."""
    return _Ladder(layout, tangle).piece


class _Ladder:
    """One row of boxes on its way down."""

    def __init__(self, layout: "Layout", tangle: Tangle) -> None:
        self.layout = layout
        self.nodes = tangle.nodes
        self.place = {name: number for number, name in enumerate(tangle.nodes)}
        drawn = [edge for edge in tangle.edges if edge.value != HIDDEN]
        self.edges = [(edge, self._ends(edge)) for edge in drawn]
        self.half = max(layout.widths[name] for name in tangle.nodes) / 2
        self.lanes = self._lanes()
        self.piece = Piece()
        self.active: list[tuple[Track, Lane]] = []
        self._run()

    def _ends(self, edge: Edge) -> Lane:
        return self.place.get(edge.tail, -1), self.place.get(edge.head, len(self.nodes))

    def _lanes(self) -> dict[int, float]:
        """How far from the middle each wire runs; one for each two neighbours straight."""
        found: dict[int, float] = {}
        straight: set[int] = set()
        sides: dict[int, list[tuple[Lane, int]]] = {1: [], -1: []}
        order = sorted(range(len(self.edges)), key=lambda n: self._reach(self.edges[n][1]))
        for number in order:
            lane = self.edges[number][1]
            if lane[1] - lane[0] == 1 and lane[0] not in straight:
                straight.add(lane[0])
                found[number] = 0.0
                continue
            side = next((s for s in (1, -1) if not _crosses(lane, sides[s])), 1)
            level = 1 + max((n for other, n in sides[side] if _meets(lane, other)), default=0)
            sides[side].append((lane, level))
            found[number] = side * (self.half + NEAR_LANE + NEXT_LANE * (level - 1))
        return found

    def _reach(self, lane: Lane) -> tuple[int, int]:
        return lane[1] - lane[0], lane[0]

    def _run(self) -> None:
        y = self._start(-1, 0.0, 0.0)
        self.piece.inlets = [track for track, _ in self.active]
        for number, name in enumerate(self.nodes):
            node = self.layout.nodes[name]
            ending = [track for track, lane in self.active if lane[1] == number]
            self.active = [pair for pair in self.active if pair[1][1] != number]
            room = joins(ending, node.shape, self.layout.widths[name])
            spot = self.layout.spot(name, 0.0, y + room)
            tie_bottom(ending, y, node.shape, spot)
            self.piece.put(name, spot)
            bottom = spot.y + spot.height / 2
            y = self._start(number, bottom, bottom)
        self.piece.height = y
        self.piece.outlets = [track for track, _ in self.active]
        for number, (_, lane) in enumerate(self.edges):
            self._keep_clear(self.lanes[number], lane)

    def _start(self, number: int, start: float, y: float) -> float:
        """Begin the wires of a box; those from outside stay open."""
        begun: list[Track] = []
        for place, (edge, lane) in enumerate(self.edges):
            if lane[0] == number:
                x = self.lanes[place]
                line = Line.SKIP if abs(x) > 0 else Line.FLOW
                track = Track(self.layout.real((edge,))[0], line, [(x, y)])
                begun.append(track)
                self.active.append((track, lane))
                self.piece.tracks.append(track)
        if number < 0:
            return y
        room = forks(begun)
        for track in begun:
            track.shift(0.0, room)
        tie_top(begun, start, y)
        return y + room

    def _keep_clear(self, x: float, lane: Lane) -> None:
        """Let nothing else stand in a lane."""
        tops = [self.piece.spots[name].y for name in self.nodes]
        start = tops[lane[0]] if lane[0] >= 0 else 0.0
        stop = tops[lane[1]] if lane[1] < len(tops) else self.piece.height
        if x:
            self.piece.rects.append((x - 1, start, x + 1, stop))


def _crosses(lane: Lane, others: list[tuple[Lane, int]]) -> bool:
    """Whether a lane begins inside another of its side and ends outside."""
    return any(a < lane[0] < b < lane[1] or lane[0] < a < lane[1] < b for (a, b), _ in others)


def _meets(lane: Lane, other: Lane) -> bool:
    return lane[0] < other[1] and other[0] < lane[1]
