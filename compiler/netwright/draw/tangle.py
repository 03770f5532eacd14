"""Lays out boxes that are no row and no branches: in rows, with curved wires between them."""

from itertools import pairwise
from typing import TYPE_CHECKING

from netwright.draw.graph import HIDDEN
from netwright.draw.model import Line
from netwright.draw.piece import Piece, Track
from netwright.draw.ranks import Rows, lay_rows
from netwright.draw.sizes import height
from netwright.draw.structure import SINK, SOURCE, Tangle

if TYPE_CHECKING:
    from netwright.draw.lay import Layout

BETWEEN, ROW_GAP, JOINT = 14.0, 40.0, 10.0
CLEAR = 9.0  # between boxes that are moved to make wires straight
ROUNDS = 16


class Untangler:
    """One tangle on its way to a piece."""

    def __init__(self, layout: "Layout", tangle: Tangle) -> None:
        self.layout = layout
        self.tangle = tangle
        self.rows, self.joints = lay_rows(tangle)
        self.places = {n: (y, x) for y, row in enumerate(self.rows) for x, n in enumerate(row)}
        self.x: dict[str, float] = {}
        self.above: dict[str, list[str]] = {}
        self.below: dict[str, list[str]] = {}
        for place, edge in enumerate(tangle.edges):
            path = [edge.tail, *self.joints[place], edge.head]
            for one, other in pairwise(path):
                self.below.setdefault(one, []).append(other)
                self.above.setdefault(other, []).append(one)

    def piece(self) -> Piece:
        """The boxes and wires; what comes from outside and goes there stays open."""
        self._columns()
        piece, tops, tall = Piece(), [], []
        y = 0.0
        for row in self.rows:
            tops.append(y)
            tall.append(max((height(self.layout.nodes[n]) for n in row if n[0] != "~"), default=0))
            y += tall[-1] + ROW_GAP
        piece.height = y - ROW_GAP
        for number, row in enumerate(self.rows):
            for name in row:
                if name[0] != "~":
                    self._put(piece, name, tops[number], tall[number])
        self._wires(piece, tops, tall)
        ends = [track.points[-1][0] for track in piece.outlets] or [0.0]
        return piece.shift(-(min(ends) + max(ends)) / 2, 0.0)

    def _put(self, piece: Piece, name: str, top: float, tall: float) -> None:
        own = height(self.layout.nodes[name])
        piece.put(name, self.layout.spot(name, self.x[name], top + (tall - own) / 2))

    # Columns

    def _wide(self, name: str) -> float:
        return JOINT if name[0] == "~" else self.layout.widths[name]

    def _columns(self) -> None:
        """Places along the rows: near the neighbours above and below, never over each other."""
        for row in self.rows:
            x = 0.0
            for name in row:
                self.x[name] = x + self._wide(name) / 2
                x += self._wide(name) + BETWEEN
            for name in row:
                self.x[name] -= (x - BETWEEN) / 2
        for turn in range(ROUNDS):
            order: Rows = self.rows if turn % 2 == 0 else self.rows[::-1]
            for row in order:
                self._settle(row)
        for _ in range(2):
            self._align()
            for joints in self.joints.values():
                self._straighten(joints)

    def _align(self) -> None:
        """Put a box under the only one that it comes from, or over the only one that it goes to."""
        for near, rows in ((self.above, self.rows), (self.below, self.rows[::-1])):
            for name in [name for row in rows for name in row]:
                others = [other for other in near.get(name, ()) if other in self.x]
                if len(others) == 1 and self._fits(name, self.x[others[0]]):
                    self.x[name] = self.x[others[0]]

    def _straighten(self, joints: list[str]) -> None:
        """Let a long wire run straight, where there is room in all its rows."""
        xs = sorted({self.x[joint] for joint in joints})
        middle = xs[len(xs) // 2] if xs else 0.0
        for x in sorted(xs, key=lambda x: abs(x - middle)):
            if all(self._fits(joint, x) for joint in joints):
                self.x |= dict.fromkeys(joints, x)
                return

    def _fits(self, name: str, x: float) -> bool:
        """Whether something could stand elsewhere between its neighbours."""
        number, place = self.places[name]
        row = self.rows[number]
        near = [(other, 1) for other in row[max(0, place - 1) : place]]
        near += [(other, -1) for other in row[place + 1 : place + 2]]
        half = self._wide(name) / 2 + CLEAR
        return all((x - self.x[o]) * sign >= self._wide(o) / 2 + half for o, sign in near)

    def _settle(self, row: list[str]) -> None:
        """Move a row towards its neighbours, in order and with room between."""
        wanted, weights = [], []
        for name in row:
            near = [
                self.x[n]
                for n in (*self.above.get(name, ()), *self.below.get(name, ()))
                if n in self.x
            ]
            wanted.append(sum(near) / len(near) if near else 0.0)
            weights.append(4.0 if name[0] == "~" else 1.0)
        offsets, total = [], 0.0
        for place, name in enumerate(row):
            if place:
                total += (self._wide(row[place - 1]) + self._wide(name)) / 2 + BETWEEN
            offsets.append(total)
        targets = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
        for name, found, offset in zip(row, isotonic(targets, weights), offsets, strict=True):
            self.x[name] = found + offset

    # Wires

    def _wires(self, piece: Piece, tops: list[float], tall: list[float]) -> None:
        row_of = {name: number for number, row in enumerate(self.rows) for name in row}
        inner = set(self.tangle.nodes)
        for place, edge in enumerate(self.tangle.edges):
            if edge.tail == SOURCE or edge.head == SINK or edge.value == HIDDEN:
                continue
            real = self.layout.real((edge,))[0]
            track = Track(real, Line.FLOW, [])
            if edge.tail in inner:
                spot = piece.spots[edge.tail]
                track.points.append((spot.x, spot.y + spot.height / 2))
            for joint in self.joints[place]:
                number = row_of[joint]
                self._through(piece, track, self.x[joint], tops[number], tall[number])
            if edge.head in inner:
                self._into(piece, track, edge.head, edge.slot)
            piece.tracks.append(track)
            if edge.tail not in inner:
                piece.inlets.append(track)
            if edge.head not in inner:
                piece.outlets.append(track)

    def _through(self, piece: Piece, track: Track, x: float, top: float, tall: float) -> None:
        """A long wire goes straight through a row."""
        if track.points:
            track.curved.add(len(track.points))
        track.points += [(x, top), (x, top + tall)]
        piece.rects.append((x - 1, top, x + 1, top + tall))

    def _into(self, piece: Piece, track: Track, head: str, slot: int) -> None:
        """To the upper side of a box, each wire at a place of its own."""
        spot = piece.spots[head]
        ends = self.above.get(head, [])
        order = sorted(range(len(ends)), key=lambda place: (self.x.get(ends[place], 0.0), place))
        place = order.index(min(slot, len(order) - 1)) if order else 0
        spread = min(12.0, spot.width * 0.6 / max(1, len(order)))
        x = spot.x + (place - (len(order) - 1) / 2) * spread
        if track.points:
            track.curved.add(len(track.points))
        track.points.append((x, spot.y - spot.height / 2))


def isotonic(wanted: list[float], weights: list[float]) -> list[float]:
    """The rising row nearest to the wanted one, by weighted squares: pools of equal values."""
    pools: list[list[float]] = []
    for value, weight in zip(wanted, weights, strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value2, weight2, count2 = pools.pop()
            value1, weight1, count1 = pools.pop()
            both = weight1 + weight2
            pools.append([(value1 * weight1 + value2 * weight2) / both, both, count1 + count2])
    return [value for value, _, count in pools for _ in range(int(count))]
