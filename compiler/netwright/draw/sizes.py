"""Sizes of boxes, from their text; and the lines of text that a box holds."""

from netwright.draw.graph import Node
from netwright.draw.metrics import BODY, MUTED, width
from netwright.draw.model import Row, Shape
from netwright.draw.wording import short

TITLE_HEIGHT, MUTED_HEIGHT, PAD = 14.0, 11.5, 4.5
SIDE = 9.0  # cells of nothing left and right of the text
GAP = 14.0  # between the texts at the left and at the right
BADGE_SIDE = 5.0
CIRCLE, TAP = 18.0, 7.0
BAR_HEIGHT, SEGMENT_SIDE = 28.0, 7.0
LEAST, MOST = 96.0, 240.0


def rows(node: Node) -> tuple[Row, ...]:
    """The lines of a box: what comes before its head, the head, what comes behind."""
    right = ""
    if node.params > 0:
        right = short(node.params)
    elif node.params < 0:
        right = f"{short(-node.params)} in all"
    badge = f"×{node.times:,}" if node.times > 1 else ""
    head = Row(node.bold, node.plain, right=right, badge=badge)
    return (*(Row(muted=text) for text in node.above), head, *(Row(muted=t) for t in node.below))


def row_width(row: Row) -> float:
    """Points that a line takes."""
    left = width(row.bold, bold=True) + width(row.muted, MUTED)
    if row.plain:
        left += width("\u00a0 " + row.plain) if row.bold else width(row.plain)
    right = width(row.right, MUTED)
    if row.badge:
        right += badge_width(row.badge) + (5 if row.right else 0)
    return left + right + (GAP if right and left else 0)


def badge_width(badge: str) -> float:
    """Points of a badge."""
    return width(badge, bold=True) + 2 * BADGE_SIDE


def natural(node: Node) -> float:
    """The width that a box wants."""
    match node.shape:
        case Shape.CIRCLE:
            return CIRCLE
        case Shape.TAP:
            return TAP
        case Shape.BAR:
            return bar_width(node)
        case Shape.PILL:
            least = 70.0 if node.bold else 0.0
            return max(least, max(map(row_width, pill_rows(node))) + 2 * SIDE)
    return max(LEAST, max(map(row_width, rows(node))) + 2 * SIDE)


def pill_rows(node: Node) -> tuple[Row, ...]:
    """The lines of an input or output."""
    muted = f"\u00a0 {node.plain}" if node.bold and node.plain else node.plain
    return (Row(bold=node.bold, muted=muted), *(Row(muted=text) for text in node.below))


def bar_rows(node: Node) -> tuple[Row, ...]:
    """The line under the segments of a bar."""
    return (Row(bold=node.bold, muted=f"\u00a0 {node.plain}" if node.plain else ""),)


def bar_width(node: Node) -> float:
    """The least width of a bar."""
    texts = sum(width(part, MUTED) + 2 * SEGMENT_SIDE for part in node.parts)
    return max(texts, row_width(bar_rows(node)[0]) + 2 * SIDE)


def height(node: Node) -> float:
    """The height of a box."""
    match node.shape:
        case Shape.CIRCLE:
            return CIRCLE
        case Shape.TAP:
            return TAP
        case Shape.BAR:
            return BAR_HEIGHT
    if node.shape is Shape.PILL and not node.bold:
        return MUTED_HEIGHT + 2 * PAD
    lines = len(node.above) + len(node.below)
    return TITLE_HEIGHT + MUTED_HEIGHT * lines + 2 * PAD


__all__ = ["BODY", "GAP", "MUTED", "height", "natural", "row_width", "rows"]
