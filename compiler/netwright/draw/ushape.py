"""Draws a U: the way down at the left, the way up at the right, the skips straight across."""

from itertools import pairwise

from netwright.draw.fold import Folded
from netwright.draw.graph import Edge
from netwright.draw.lay import Layout
from netwright.draw.levels import Level, Valley
from netwright.draw.metrics import MUTED, width
from netwright.draw.model import Line, Shape
from netwright.draw.piece import Piece, Spot, Track, clearance
from netwright.draw.sizes import height, natural
from netwright.draw.structure import Series

STEP, ROW_GAP, ACROSS, BESIDE = 16.0, 40.0, 26.0, 18.0
Point = tuple[float, float]


def ushape(found: Valley) -> Piece:
    """The boxes and wires of a U."""
    return _UShape(found).piece


class _UShape:
    """A U on its way: rows from above, each with its left and right stack."""

    def __init__(self, found: Valley) -> None:
        self.found = found
        self.nodes = found.nodes
        self.piece = Piece()
        self.shoots: list[tuple[str, Piece]] = []
        *self.rows, self.lowest = found.rows
        self.left = self._widest([name for row in self.rows for name in row.down])
        self.right = self._widest([name for row in self.rows for name in row.rise])
        self.bottom = self._widest(self.lowest.down)
        self.x = (self.left + self.right) / 2 + self._across()
        y = 0.0
        for row in self.rows:
            y = self._row(row, y) + ROW_GAP
        self._stack(self.lowest.down, self.x / 2, y, self.bottom)
        for number, row in enumerate(self.rows):
            below = self.rows[number + 1] if number + 1 < len(self.rows) else self.lowest
            self._wires(row, below)
        self._chain(self.lowest.down, upwards=False)
        self.shoots += [(tail, self._shoot(series)) for tail, series in self.lowest.shoots]
        for tail, piece in self.shoots:
            self._beside(tail, piece)
        self.piece.height = self.piece.bounds[3]

    # Places

    def _widest(self, names: "list[str] | tuple[str, ...]") -> float:
        return max((natural(self.nodes[name]) for name in names), default=0.0)

    def _across(self) -> float:
        """The room between the two ways: for the joins, and for the lowest row with its words."""
        wide = 60.0
        for row in self.rows:
            between = [*row.past, *([row.join] if row.rise else [])]
            wide = max(wide, sum(natural(self.nodes[n]) + ACROSS for n in between) + ACROSS)
        words = [self._words(self.lowest.pool), self._words(self.lowest.up)]
        room = max(width(text, MUTED) for text in words) + BESIDE
        return max(wide, self.bottom + 2 * room - (self.left + self.right) / 2)

    def _words(self, name: str) -> str:
        return self.found.words.get(name, "")

    def _tall(self, names: tuple[str, ...]) -> float:
        return sum(height(self.nodes[n]) for n in names) + STEP * max(0, len(names) - 1)

    def _row(self, row: Level, y: float) -> float:
        """One row from its upper side; gives its lower side."""
        shoots = [(tail, self._shoot(series)) for tail, series in row.shoots]
        beside = sum(piece.height + STEP for _, piece in shoots)
        tall = max(self._tall(row.down), self._tall(row.rise), beside, 20.0)
        floor = y + tall
        self._stack(row.down, 0.0, floor - self._tall(row.down), self.left)
        self._stack(row.rise[::-1], self.x, floor - self._tall(row.rise), self.right)
        self._join(row)
        self.shoots += shoots
        return floor

    def _stack(self, names: tuple[str, ...], x: float, y: float, wide: float) -> None:
        """Boxes from above to below."""
        for name in names:
            node = self.nodes[name]
            tall = height(node)
            own = wide if node.shape is Shape.BOX else natural(node)
            self.piece.put(name, Spot(x, y + tall / 2, own, tall))
            y += tall + STEP

    def _join(self, row: Level) -> None:
        """What stands on the skip: evenly between the two ways, the join last."""
        start = self.piece.spots[row.down[-1]]
        y = start.y
        between = list(row.past)
        if row.rise:
            between.append(row.join)
            y = self.piece.spots[row.rise[0]].y
        else:
            self._put(row.join, self.x, y)
        left, right = self.left / 2, self.x - (self.right / 2 if row.rise else 0.0)
        wide = sum(natural(self.nodes[name]) for name in between)
        gap = (right - left - wide) / (len(between) + 1)
        x = left
        for name in between:
            own = natural(self.nodes[name])
            self._put(name, x + gap + own / 2, y)
            x += gap + own

    def _put(self, name: str, x: float, y: float) -> None:
        node = self.nodes[name]
        self.piece.put(name, Spot(x, y, natural(node), height(node)))

    def _shoot(self, series: Series) -> Piece:
        folded = Folded(series, self.nodes, self.found.names)
        return Layout(folded, shapes=True).series(series)

    def _beside(self, tail: str, shoot: Piece) -> None:
        """A side output, right of the box that it goes out of."""
        spot = self.piece.spots[tail]
        under = tail == self.lowest.down[-1]
        shoot.shift(spot.x, spot.y + (spot.height / 2 + STEP if under else 14))
        shoot.shift(clearance(self.piece.rects, shoot.rects, ACROSS, 1), 0.0)
        for track in shoot.inlets:
            start = self._end(tail, 1) if under else self._side(tail, 1)
            track.lead([start] if under else [start, (track.points[0][0], spot.y)])
        self.piece.absorb(shoot)

    # Wires

    def _wires(self, row: Level, below: Level) -> None:
        self._chain(row.down, upwards=False)
        self._chain(row.rise, upwards=True)
        path = [row.down[-1], *row.past, row.join, *row.rise[:1]]
        for place, (tail, head) in enumerate(pairwise(path)):
            track = self._wire(tail, head, Line.SKIP, [self._side(tail, 1), self._side(head, -1)])
            track.arrow = place + 2 == len(path) or head in row.past
        self._down(row, below)
        self._up(row, below)

    def _chain(self, names: tuple[str, ...], *, upwards: bool) -> None:
        sign = -1 if upwards else 1
        for tail, head in pairwise(names):
            self._wire(tail, head, Line.FLOW, [self._end(tail, sign), self._end(head, -sign)])

    def _down(self, row: Level, below: Level) -> None:
        """To the row below, through the pool where one is drawn as a wire."""
        tail, head = row.down[-1], below.down[0]
        start = self._end(tail, 1)
        if below.join:
            points = [start, self._end(head, -1)]
        else:
            side = self._side(head, -1)
            points = [start, (start[0], side[1]), side]
        line = Line.POOL if below.pool else Line.FLOW
        track = self._wire(tail, head, line, points)
        self._tell(track, below.pool, (start[0], start[1] + ROW_GAP / 2), 1)

    def _up(self, row: Level, below: Level) -> None:
        """From the row below, through the up-sampling where one is drawn as a wire."""
        head = row.rise[0] if row.rise else row.join
        end = self._end(head, 1)
        if below.join:
            tail = below.rise[-1] if below.rise else below.join
            points = [self._end(tail, -1), end]
        else:
            tail = below.down[-1]
            side = self._side(tail, 1)
            points = [side, (end[0], side[1]), end]
        line = Line.UP if below.up else Line.FLOW
        track = self._wire(tail, head, line, points)
        self._tell(track, below.up, (end[0], end[1] + ROW_GAP / 2), 1 if below.join else -1)

    def _tell(self, track: Track, name: str, at: Point, side: int) -> None:
        """The words of a box that is drawn as a wire, beside it."""
        text = self._words(name)
        if not text:
            return
        wide = width(text, MUTED)
        x = at[0] + 6 if side > 0 else at[0] - 6 - wide
        track.text, track.label = text, (x, at[1])
        self.piece.rects.append((x, at[1] - 6, x + wide, at[1] + 6))

    def _wire(self, tail: str, head: str, line: Line, points: list[Point]) -> Track:
        track = Track(Edge(tail, head, -1, 0), line, points)
        self.piece.tracks.append(track)
        return track

    def _end(self, name: str, sign: int) -> Point:
        """The middle of the upper (-1) or lower side."""
        spot = self.piece.spots[name]
        return spot.x, spot.y + sign * spot.height / 2

    def _side(self, name: str, sign: int) -> Point:
        """The middle of the left (-1) or right side."""
        spot = self.piece.spots[name]
        return spot.x + sign * spot.width / 2, spot.y
