"""Breaks a long series into columns, so that the page is no strip."""

from itertools import pairwise

from netwright.draw.column import LABEL_SIDE, Column
from netwright.draw.lay import Layout
from netwright.draw.model import Kind, Shape
from netwright.draw.piece import Piece, Track
from netwright.draw.structure import Branches, Comb, Lanes, Link, Series, Tangle, every
from netwright.draw.wording import shape

GUTTER, TURN = 30.0, 11.0
UNEVEN = 0.5  # how far a column may end from where it should, as a part of its height
SPLIT = 0.12  # what a column that breaks a frame costs, as a part of its height


def in_columns(layout: Layout, series: Series, tall: Piece, count: int) -> Piece:
    """The series in as many columns, of about the same height; ``tall`` is it in one."""
    cuts = _cuts(layout, series, tall, count)
    bounds = [0, *cuts, len(series.nodes)]
    whole, x, last = Piece(), 0.0, ""
    for start, stop in pairwise(bounds):
        part = _part(series, start, stop)
        within = set(every(part))
        piece = Column(layout, part, last, within=within, entered=start > 0).piece
        left, _, right, _ = piece.bounds
        piece.shift(x - left, TURN)
        if start:
            _connect(layout, whole, piece, series.nodes[start - 1], x - GUTTER / 2)
        whole.absorb(piece)
        x += right - left + GUTTER
        after = layout.nodes[series.nodes[stop - 1]].after
        last = shape(after) if after is not None and layout.shapes else ""
    whole.height = max(rect[3] for rect in whole.rects) + TURN
    return whole


def _cuts(layout: Layout, series: Series, tall: Piece, count: int) -> list[int]:
    """The boxes that columns begin with: near equal heights, never inside a block or a repeat.

    A label is better not broken, so frames around one cost as much as some height.
    """
    ranges = layout.frames.ranges(series)
    closed = [r for r in ranges if r.group.kind is not Kind.GROUP]
    split = SPLIT * tall.bounds[3] / count

    def cost(place: int, wanted: float) -> float:
        broken = sum(r.start < place < r.stop for r in ranges)
        return abs(_top(series, tall, place) - wanted) + split * broken

    places = [
        place
        for place in range(2, len(series.nodes) - 1)
        if _can_begin(series, place) and not any(r.start < place < r.stop for r in closed)
    ]
    found: list[int] = []
    for number in range(1, count):
        wanted = tall.bounds[3] * number / count
        rest = [place for place in places if not found or place > found[-1] + 1]
        if not rest:
            break
        costs = {place: cost(place, wanted) for place in rest}
        best = min(rest, key=costs.__getitem__)
        if costs[best] < UNEVEN * tall.bounds[3] / count:
            found.append(best)
    return found


def _can_begin(series: Series, place: int) -> bool:
    """Whether one value is all that goes over a section."""
    section = series.sections[place]
    whole = isinstance(section, Branches | Comb | Lanes | Tangle)
    return whole or (isinstance(section, Link) and len(section.edges) == 1)


def _top(series: Series, tall: Piece, place: int) -> float:
    """Where a section begins: under the box before it."""
    spot = tall.spots[series.nodes[place - 1]]
    return spot.y + spot.height / 2


def _part(series: Series, start: int, stop: int) -> Series:
    """Some boxes of a series, the last without a wire that goes on."""
    last = series.sections[-1] if stop == len(series.nodes) else Link(())
    return Series(series.nodes[start:stop], (*series.sections[start:stop], last))


def _connect(layout: Layout, whole: Piece, piece: Piece, tail: str, gutter: float) -> None:
    """The wire from the end of a column up to the beginning of the next."""
    spot = whole.spots[tail]
    bottom = max(rect[3] for rect in whole.rects if rect[0] <= gutter and spot.x <= rect[2])
    low = bottom + TURN
    for track in piece.inlets:
        x = track.points[0][0]
        start = (spot.x, spot.y + spot.height / 2)
        track.lead([start, (spot.x, low), (gutter, low), (gutter, 0.0), (x, 0.0)])
        whole.rects.append((min(spot.x, gutter) - 1, low - 1, gutter + 1, low + 1))
    for track in piece.inlets[:1]:
        _tell(layout, track, tail, bottom)


def _tell(layout: Layout, track: Track, tail: str, bottom: float) -> None:
    """What the wire carries, if the box before it has changed it."""
    node = layout.nodes[tail]
    if not layout.shapes or node.after is None or node.shape in (Shape.BAR, Shape.PILL):
        return
    if node.before is not None and shape(node.before) == shape(node.after):
        return
    track.text = shape(node.after)
    track.label = (track.points[0][0] + LABEL_SIDE, bottom + TURN + 9)
