"""Bars: as wide as the branches that end in them, a part for each."""

from netwright.draw.graph import Node
from netwright.draw.metrics import MUTED, width
from netwright.draw.piece import Piece, Spot
from netwright.draw.sizes import SEGMENT_SIDE, natural

LEAST_HALF = 12.0
LANE_END, BRANCH_END = 14.0, 24.0


def stretch(spot: Spot, inner: Piece, node: Node) -> None:
    """Make a bar as wide as what ends in it, each branch with its part."""
    ends = sorted((track.points[-1][0], track.edge.slot) for track in inner.outlets)
    texts = [node.parts[slot] for _, slot in ends]
    bounds = bar_bounds([x for x, _ in ends], texts)
    tails = [inner.spots[t.edge.tail] for t in inner.outlets if t.edge.tail in inner.spots]
    tails = [tail for tail in tails if any(abs(tail.x - x) < 1 for x, _ in ends)]
    left = min(bounds[0], -LEAST_HALF, *(tail.x - tail.width / 2 for tail in tails))
    right = max(bounds[-1], LEAST_HALF, *(tail.x + tail.width / 2 for tail in tails))
    more = max(0.0, natural(node) - (right - left)) / 2
    bounds = [left - more, *bounds[1:-1], right + more]
    spot.x, spot.width = (bounds[0] + bounds[-1]) / 2, bounds[-1] - bounds[0]
    spot.parts = tuple(
        (text, bounds[place + 1] - bounds[place]) for place, text in enumerate(texts)
    )


def shares(texts: tuple[str, ...], whole: float) -> tuple[tuple[str, float], ...]:
    """Parts of a bar whose wires come from anywhere: by the widths of their texts."""
    widths = [width(text, MUTED) + 2 * SEGMENT_SIDE for text in texts]
    return tuple((text, own * whole / sum(widths)) for text, own in zip(texts, widths, strict=True))


def bar_bounds(ends: list[float], texts: list[str]) -> list[float]:
    """Where the parts of a bar begin and end, for wires that come down at ``ends``."""
    halves = [width(text, MUTED) / 2 + SEGMENT_SIDE for text in texts]
    inner = [
        (ends[place] + halves[place] + ends[place + 1] - halves[place + 1]) / 2
        for place in range(len(ends) - 1)
    ]
    first, last = max(halves[0], BRANCH_END), max(halves[-1], LANE_END)
    return [ends[0] - first, *inner, ends[-1] + last]
