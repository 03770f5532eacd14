"""Ties up the open wires of a piece: to the box above it, and to the box below."""

import math

from netwright.draw.graph import Edge, Node
from netwright.draw.model import Line, Shape
from netwright.draw.piece import NEAR, Piece, Spot, Track

ARROW = 13.0  # room for an arrow between two boxes
FORK = 9.0  # from a box to where its wires part, and on to the next
LANE = 6.0  # between wires that run side by side
PORT = 13.0  # between wires that end in one box


def forks(inlets: list[Track]) -> float:
    """The room above a piece in which wires part."""
    kinds = {track.line is Line.SKIP for track in inlets if abs(track.points[0][0]) > NEAR}
    return FORK + LANE * (len(kinds) - 1) + FORK if kinds else 0.0


def tie_top(inlets: list[Track], start: float, y: float) -> None:
    """Let wires begin at ``(0, start)``; they part at ``y`` and below."""
    straight = any(abs(track.points[0][0]) <= NEAR for track in inlets)
    both = len({track.line is Line.SKIP for track in inlets}) > 1
    for track in inlets:
        x = track.points[0][0]
        if abs(x) <= NEAR:
            track.lead([(0.0, start)])
            continue
        bus = y + FORK + (LANE if both and track.line is not Line.SKIP else 0.0)
        lead = [(0.0, bus), (x, bus)]
        track.lead(lead if straight else [(0.0, start), *lead])


def joins(outlets: list[Track], shape: Shape, width: float) -> float:
    """The room below a piece in which wires come together."""
    if shape in (Shape.CIRCLE, Shape.BAR):
        return ARROW
    half = width / 2 - 6
    wide = sum(abs(track.points[-1][0]) > half for track in outlets)
    return ARROW + LANE * max(0, wide - 1) + (6 if wide else 0)


def tie_bottom(outlets: list[Track], y: float, shape: Shape, spot: Spot) -> None:
    """Let wires end in a box below; ``y`` is where they come out of the piece."""
    if shape is Shape.CIRCLE:
        for track in outlets:
            _into_circle(track, spot)
    elif shape is Shape.BAR:
        for track in outlets:
            _down(track, track.points[-1][0], spot)
    else:
        _into_box(outlets, y, spot)


def _down(track: Track, x: float, spot: Spot) -> None:
    track.points.append((x, spot.y - spot.height / 2))


def _into_circle(track: Track, spot: Spot) -> None:
    """From above, or from the side."""
    x, radius = track.points[-1][0], spot.width / 2
    if abs(x - spot.x) < radius - 1:
        track.points.append((x, spot.y - math.sqrt(radius**2 - (x - spot.x) ** 2)))
    else:
        side = spot.x + spot.width / 2 * (1 if x > spot.x else -1)
        track.points += [(x, spot.y), (side, spot.y)]


def _into_box(outlets: list[Track], y: float, spot: Spot) -> None:
    """Each at a place of its own along the upper side; from afar over a bus, the nearest first."""
    half = spot.width / 2 - 6
    order = sorted(outlets, key=lambda track: track.points[-1][0])
    ports = _ports([track.points[-1][0] for track in order])
    for side in (-1, 1):
        row = [n for n, track in enumerate(order) if track.points[-1][0] * side > NEAR]
        row.sort(key=lambda n: abs(order[n].points[-1][0]))
        for place, number in enumerate(row):
            track = order[number]
            x = track.points[-1][0]
            if abs(x) > half:
                bus = y + 6 + LANE * place
                port = spot.x + max(-half, min(half, ports[number]))
                track.points += [(x, bus), (port, bus)]
            _down(track, track.points[-1][0], spot)
    for track in order:
        if abs(track.points[-1][0]) <= NEAR and track.points[-1][1] < spot.y - spot.height / 2:
            _down(track, track.points[-1][0], spot)


def _ports(ends: list[float]) -> list[float]:
    """Places along a side for wires from the left on: one that comes straight keeps the middle."""
    middle = (len(ends) - 1) / 2
    if any(abs(x) <= NEAR for x in ends):
        middle = min(range(len(ends)), key=lambda place: abs(ends[place]))
    return [(place - middle) * PORT for place in range(len(ends))]


def tie_shared(piece: Piece, nodes: dict[str, Node]) -> None:
    """A dotted line between two uses of one module that stand side by side."""
    first: dict[str, str] = {}
    for name, node in nodes.items():
        if name not in piece.spots or node.call is None:
            continue
        other = first.setdefault(node.path, name)
        one, two = piece.spots[other], piece.spots[name]
        if node.reused and other != name and abs(one.y - two.y) <= NEAR:
            left, right = sorted((one, two), key=lambda spot: spot.x)
            ends = [(left.x + left.width / 2, left.y), (right.x - right.width / 2, right.y)]
            if not any(_stands_between(spot, ends) for spot in piece.spots.values()):
                track = Track(Edge(other, name, -1, 0), Line.TIE, ends)
                track.arrow = False
                piece.tracks.append(track)


def _stands_between(spot: Spot, ends: list[tuple[float, float]]) -> bool:
    left, top, right, bottom = spot.rect
    return top < ends[0][1] < bottom and ends[0][0] < right - 1 and left + 1 < ends[1][0]
