"""Corners of wires as curves: rounded where they turn, an S where they change columns."""

import math

from netwright.draw.piece import Track

Point = tuple[float, float]
ROUND = 6.0
ARROW_LENGTH = 6.0


def curve(track: Track) -> tuple[tuple[Point, ...], Point | None]:
    """Control points of a wire, and the tip of its arrow."""
    points, curved = _clean(track)
    tip = points[-1] if track.arrow else None
    if tip is not None:
        points[-1] = _back(points[-2], tip, ARROW_LENGTH)
    found: list[Point] = [points[0]]
    for place in range(1, len(points)):
        here = points[place]
        if place in curved:
            _bend(found, here)
            continue
        turns = place + 1 < len(points) and place + 1 not in curved
        if not turns:
            _line(found, here)
            continue
        ahead = points[place + 1]
        radius = min(ROUND, _distance(found[-1], here), _distance(here, ahead) / 2)
        _line(found, _back(found[-1], here, radius))
        _corner(found, here, _back(ahead, here, radius))
    return tuple(found), tip


def _clean(track: Track) -> tuple[list[Point], set[int]]:
    """The corners without those that change nothing."""
    points: list[Point] = []
    curved: set[int] = set()
    for place, point in enumerate(track.points):
        if points and _distance(points[-1], point) < 0.05:
            continue
        bends = place in track.curved and points and abs(points[-1][0] - point[0]) > 0.5
        straight = len(points) > 1 and len(points) - 1 not in curved and not bends
        if straight and _aligned(points[-2], points[-1], point):
            points[-1] = point
            continue
        if bends:
            curved.add(len(points))
        points.append(point)
    if len(points) == 1:
        points.append((points[0][0], points[0][1] + 1))
    return points, curved


def _aligned(a: Point, b: Point, c: Point) -> bool:
    across = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    along = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return abs(across) < 1e-6 and along >= 0


def _distance(a: Point, b: Point) -> float:
    return math.hypot(b[0] - a[0], b[1] - a[1])


def _back(start: Point, end: Point, length: float) -> Point:
    """The point so far before the end of a line."""
    whole = _distance(start, end)
    part = min(1.0, length / whole) if whole else 0.0
    return end[0] + (start[0] - end[0]) * part, end[1] + (start[1] - end[1]) * part


def _between(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _line(found: list[Point], end: Point) -> None:
    start = found[-1]
    if _distance(start, end) > 0.01 or len(found) == 1:
        found += [_between(start, end, 1 / 3), _between(start, end, 2 / 3), end]


def _corner(found: list[Point], corner: Point, end: Point) -> None:
    found += [_between(found[-1], corner, 0.6), _between(end, corner, 0.6), end]


def _bend(found: list[Point], end: Point) -> None:
    """From a vertical start to a vertical end."""
    start = found[-1]
    half = (start[1] + end[1]) / 2
    found += [(start[0], half), (end[0], half), end]
