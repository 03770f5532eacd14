"""Geometry on its way: boxes with places, wires with open ends, in coordinates of their own.

A piece has its spine at ``x = 0`` and its top at ``y = 0``. Wires that come from above are its
inlets, those that go on below its outlets; whoever puts the piece under a box ties them up.
"""

from collections.abc import Iterable
from itertools import pairwise

from netwright.draw.graph import Edge
from netwright.draw.model import Kind, Line, Row

Rect = tuple[float, float, float, float]  # left, top, right, bottom
NEAR = 0.5


class Spot:
    """Where a box is: its middle and its size."""

    __slots__ = ("height", "parts", "width", "x", "y")

    def __init__(self, x: float, y: float, width: float, height: float) -> None:
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        self.parts: tuple[tuple[str, float], ...] = ()

    @property
    def rect(self) -> Rect:
        """Its sides."""
        half, tall = self.width / 2, self.height / 2
        return self.x - half, self.y - tall, self.x + half, self.y + tall


class Track:
    """A wire: its corners from tail to head; ``curved`` are corners that an S leads to."""

    __slots__ = ("arrow", "curved", "edge", "label", "line", "points", "text")

    def __init__(self, edge: Edge, line: Line, points: list[tuple[float, float]]) -> None:
        self.edge = edge
        self.line = line
        self.points = points
        self.curved: set[int] = set()
        self.arrow = True
        self.text = ""
        self.label: tuple[float, float] | None = None

    def lead(self, points: list[tuple[float, float]]) -> None:
        """Put corners in front."""
        self.points[:0] = points
        self.curved = {place + len(points) for place in self.curved}

    def shift(self, dx: float, dy: float) -> None:
        """Move it."""
        self.points = [(x + dx, y + dy) for x, y in self.points]
        if self.label is not None:
            self.label = (self.label[0] + dx, self.label[1] + dy)


class Border:
    """A frame: what it is, its sides, the boxes in it."""

    __slots__ = ("key", "kind", "link", "names", "rect", "title", "tooltip")

    def __init__(self, key: str, kind: Kind, title: Row, rect: Rect, names: Iterable[str]) -> None:
        self.key = key
        self.kind = kind
        self.title = title
        self.rect = rect
        self.names = tuple(names)
        self.tooltip = ""
        self.link = ""


class Piece:
    """Boxes, wires and frames that are placed together."""

    def __init__(self) -> None:
        self.spots: dict[str, Spot] = {}
        self.tracks: list[Track] = []
        self.borders: list[Border] = []
        self.rects: list[Rect] = []
        self.inlets: list[Track] = []
        self.outlets: list[Track] = []
        self.height = 0.0

    def shift(self, dx: float, dy: float) -> "Piece":
        """Move everything."""
        for spot in self.spots.values():
            spot.x += dx
            spot.y += dy
        for track in self.tracks:
            track.shift(dx, dy)
        for border in self.borders:
            border.rect = moved(border.rect, dx, dy)
        self.rects = [moved(rect, dx, dy) for rect in self.rects]
        return self

    def absorb(self, other: "Piece") -> None:
        """Take in all of another piece but its open ends."""
        self.spots |= other.spots
        self.tracks += other.tracks
        self.borders += other.borders
        self.rects += other.rects

    def put(self, name: str, spot: Spot) -> None:
        """Place a box."""
        self.spots[name] = spot
        self.rects.append(spot.rect)

    def wires(self) -> list[Rect]:
        """The room that wires take."""
        return [
            (min(a[0], b[0]) - 1, min(a[1], b[1]) - 1, max(a[0], b[0]) + 1, max(a[1], b[1]) + 1)
            for track in self.tracks
            for a, b in pairwise(track.points)
        ]

    @property
    def bounds(self) -> Rect:
        """The sides of all that is in it."""
        if not self.rects:
            return (0.0, 0.0, 0.0, self.height)
        left, top, right, bottom = zip(*self.rects, strict=True)
        return min(left), min(0.0, *top), max(right), max(self.height, *bottom)


def moved(rect: Rect, dx: float, dy: float) -> Rect:
    """The rectangle elsewhere."""
    left, top, right, bottom = rect
    return left + dx, top + dy, right + dx, bottom + dy


def clearance(placed: list[Rect], new: list[Rect], gap: float, sign: int) -> float:
    """How far to move a piece to the right (``sign`` 1) or left (-1) so that it stands free."""
    best = 0.0
    for left, top, right, bottom in new:
        for other in placed:
            if other[1] < bottom and top < other[3]:
                need = other[2] + gap - left if sign > 0 else right + gap - other[0]
                best = max(best, need)
    return best * sign
