"""Sizes of boxes, from their text; and the lines of text that a box holds."""

from netwright.draw.graph import Node
from netwright.draw.metrics import MUTED, shortened, width
from netwright.draw.model import Row, Shape
from netwright.draw.wording import short

TITLE_HEIGHT, MUTED_HEIGHT, PAD = 14.0, 11.5, 4.5
SIDE = 9.0  # cells of nothing left and right of the text
GAP = 14.0  # between the texts at the left and at the right
BADGE_SIDE = 5.0
CIRCLE, TAP = 18.0, 7.0
BAR_HEIGHT, SEGMENT_SIDE = 32.0, 7.0
CHIP_ROOM = 34.0  # a colour of the legend, and the room around it
LEAST, LONGEST = 96.0, 190.0


def rows(node: Node) -> tuple[Row, ...]:
    """The lines of a box: what comes before its head, the head, what comes behind."""
    right = ""
    if node.params > 0:
        right = short(node.params)
    elif node.params < 0:
        right = f"{short(-node.params)} in all"
    badge = f"×{node.times:,}" if node.times > 1 else ""
    bold = shortened(node.bold, LONGEST, bold=True)
    head = Row(bold, shortened(node.plain, LONGEST), right=right, badge=badge)
    above, below = map(_muted, (node.above, node.below))
    return (*above, head, *below)


def _muted(texts: tuple[str, ...]) -> list[Row]:
    """Lines in small letters, of a length that a box can have."""
    return [Row(muted=shortened(text, LONGEST, MUTED)) for text in texts]


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
            return max(map(row_width, pill_rows(node))) + 2 * SIDE
    return max(LEAST, max(map(row_width, rows(node))) + 2 * SIDE)


def pill_rows(node: Node) -> tuple[Row, ...]:
    """The lines of an input or output."""
    plain = shortened(node.plain, LONGEST, MUTED)
    muted = f"\u00a0 {plain}" if node.bold and plain else plain
    bold = shortened(node.bold, LONGEST, bold=True)
    return (Row(bold=bold, muted=muted), *_muted(node.below))


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
