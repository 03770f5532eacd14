"""Places branches side by side: the longest stays on the line, or all stand around it."""

from netwright.draw.model import Line
from netwright.draw.piece import Piece, Rect, clearance

COLUMN, LANE_GAP = 16.0, 11.0
ALIKE = 0.6  # branches of which one is that much of the other stand around the line
FAR = 3.0  # a branch that much longer than all others is the line itself


def beside(
    pieces: list[Piece], is_pass: list[bool], *, adds: bool, main: Piece | None = None
) -> Piece:
    """Branches as one piece; ``adds`` says that they end in a sum, whose side branch is a skip.

    ``main`` stays on the line; if it is none, the branch that is far longer than the others.
    """
    columns = [piece for piece, passing in zip(pieces, is_pass, strict=True) if not passing]
    lanes = [piece for piece, passing in zip(pieces, is_pass, strict=True) if passing]
    whole = Piece()
    whole.height = max(piece.height for piece in pieces)
    main = main or _main(columns)
    placed: list[Rect] = []
    if main is None:
        _around(columns, whole.height, placed)
    else:
        _sides(main, columns, whole.height, placed, adds=adds)
    for place, lane in enumerate(lanes):
        _lane(lane, whole.height, placed, 1 if place % 2 == 0 else -1)
    for piece in pieces:
        whole.absorb(piece)
        whole.inlets += piece.inlets
        whole.outlets += piece.outlets
    return whole


def _main(columns: list[Piece]) -> Piece | None:
    """The branch that stays on the line; none where all are alike."""
    if len(columns) == 1:
        return columns[0]
    by_height = sorted(columns, key=lambda piece: -piece.height)
    ratio = by_height[1].height / max(1.0, by_height[0].height) if len(columns) > 1 else 1.0
    if len(columns) == 2:
        return by_height[0] if ratio < ALIKE else None
    return by_height[0] if columns and ratio * FAR < 1 else None


def _around(columns: list[Piece], height: float, placed: list[Rect]) -> None:
    """Branches from left to right, the line in their middle."""
    if not columns:
        return
    x = 0.0
    starts: list[float] = []
    for place, piece in enumerate(columns):
        left, _, right, _ = piece.bounds
        x = x - left if place else 0.0
        starts.append(x)
        x += right + COLUMN
    half = len(starts) // 2
    middle = starts[half] if len(starts) % 2 else (starts[0] + starts[-1]) / 2
    for piece, start in zip(columns, starts, strict=True):
        piece.shift(start - middle, height - piece.height)
        placed += piece.rects


def _sides(
    main: Piece, columns: list[Piece], height: float, placed: list[Rect], *, adds: bool
) -> None:
    """The main branch on the line, the others to its right and left in turn."""
    placed += main.rects
    others = [piece for piece in columns if piece is not main]
    for place, piece in enumerate(others):
        sign = 1 if place % 2 == 0 else -1
        joined = bool(piece.outlets)
        piece.shift(0.0, (height - piece.height) / 2 if joined else 0.0)
        rects = [(left, 0.0, right, height) for left, _, right, _ in [piece.bounds]]
        dx = clearance(placed, rects if joined else piece.rects, COLUMN, sign)
        piece.shift(dx, 0.0)
        placed += piece.rects
        if adds and piece.inlets:
            for track in piece.tracks:
                track.line = Line.SKIP


def _lane(lane: Piece, height: float, placed: list[Rect], sign: int) -> None:
    """A wire past all of them."""
    rect = (-1.0, 0.0, 1.0, height)
    dx = clearance(placed, [rect], LANE_GAP, sign) or LANE_GAP * sign
    lane.shift(dx, 0.0)
    lane.rects.append((dx - 1, 0.0, dx + 1, height))
    placed += lane.rects
