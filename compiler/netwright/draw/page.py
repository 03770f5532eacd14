"""Puts a net, the panels of its blocks, the title and the legend on one page."""

from collections.abc import Iterable, Iterator

from netwright.bind.refused import Refused
from netwright.draw.graph import Node
from netwright.draw.metrics import MUTED, TITLE, folded, width, wrapped
from netwright.draw.mistake import whole
from netwright.draw.model import (
    Box,
    Drawing,
    Frame,
    Kind,
    Label,
    Line,
    Row,
    Segment,
    Shape,
    Wire,
)
from netwright.draw.packing import pack
from netwright.draw.piece import Border, Piece, Rect, Spot, Track
from netwright.draw.sizes import CHIP_ROOM, bar_rows, pill_rows, row_width, rows
from netwright.draw.theme import FAMILIES, Family
from netwright.draw.wires import curve
from netwright.draw.wording import call_text, link
from netwright.instance import CallStep
from netwright.ops.base import Role
from netwright.record import field, record
from netwright.source import Span
from netwright.values import spec_text

PANEL_SIDE, PANEL_GAP = 14.0, 24.0
MORE = 90.0  # what the title and the legend take of the height
PANEL_HEAD = 24.0
SUBTITLE, MOST_DOC = 10.0, 2
NARROWEST = 330.0


@record
class Panel:
    """A block drawn once: its title lines, and its boxes."""

    key: str
    title: Row
    note: str
    piece: Piece
    nodes: dict[str, Node]
    tooltip: str
    span: Span


@record
class Sheet:
    """What goes on a page; ``doc`` is the first sentence of what the spec says of the net.

    ``keys`` are the words for its colours, where those do not tell what layers are.
    """

    name: str
    doc: str
    facts: tuple[str, ...]
    spine: Piece
    nodes: dict[str, Node]
    panels: tuple[Panel, ...]
    detail: int
    keys: tuple[tuple[str, str], ...] = field(default=())


def page(sheet: Sheet) -> Drawing:
    """The drawing of a page."""
    return _Page(sheet).drawing()


class _Page:
    """A page on its way."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.right = 0.0
        self.bottom = 0.0
        self.framed: list[tuple[Panel, Rect]] = []
        left, top, right, bottom = sheet.spine.bounds
        sheet.spine.shift(-left, -top)
        self.spine_size = right - left, bottom - top
        self.sizes = [panel_size(panel) for panel in sheet.panels]
        self._arrange()
        self.width = max(self.right, NARROWEST, width(sheet.name, TITLE, bold=True))
        doc = folded(sheet.doc, self.width, SUBTITLE, MOST_DOC)
        self.subtitle = (*doc, *wrapped(sheet.facts, self.width, SUBTITLE))
        self.head = 22.0 + 13.5 * len(self.subtitle) + 12.0
        self.legend = self._legend()

    def _arrange(self) -> None:
        """Panels where there is room beside or under the net."""
        sizes = [self.spine_size, *self.sizes]
        packed = pack(sizes, gap=PANEL_GAP, least=NARROWEST, more=MORE)
        self.right, self.bottom = packed.width, packed.height
        for panel, (x, y), (wide, tall) in zip(
            self.sheet.panels, packed.places[1:], self.sizes, strict=True
        ):
            rect = (x, y, x + wide, y + tall)
            left, _, right, _ = panel.piece.bounds
            panel.piece.shift(x + (wide - right - left) / 2, y + PANEL_HEAD + _note(panel))
            self.framed.append((panel, rect))

    def _legend(self) -> tuple[tuple[tuple[str, str, float], ...], ...]:
        """Rows of families that are there, each with its words and the width of those."""
        nodes = [*self.sheet.nodes.values()]
        nodes += [node for panel in self.sheet.panels for node in panel.nodes.values()]
        found: list[list[tuple[str, str, float]]] = [[]]
        x = 0.0
        for key, text in self.sheet.keys or self._entries(nodes):
            wide = width(text, MUTED) + 6
            if x + wide + CHIP_ROOM > self.width and found[-1]:
                found.append([])
                x = 0.0
            found[-1].append((key, text, wide))
            x += wide + CHIP_ROOM
        return tuple(tuple(row) for row in found)

    def _entries(self, nodes: list[Node]) -> Iterator[tuple[str, str]]:
        """What the colours mean that are there, and the badge."""
        pieces = [self.sheet.spine, *(panel.piece for panel in self.sheet.panels)]
        return meanings(nodes, {track.line for piece in pieces for track in piece.tracks})

    def drawing(self) -> Drawing:
        """The finished page."""
        sheet = self.sheet
        nodes = dict(sheet.nodes)
        boxes, wires = list[Box](), list[Wire]()
        for panel in sheet.panels:
            nodes |= panel.nodes
        for piece in (sheet.spine, *(panel.piece for panel in sheet.panels)):
            piece.shift(0.0, self.head)
            boxes += [box(nodes[name], spot) for name, spot in _order(piece, nodes)]
            wires += [wire(track) for track in piece.tracks]
        panels = [self._panel(panel, rect) for panel, rect in self.framed]
        legend_top = self.head + self.bottom + 20.0
        return Drawing(
            sheet.name,
            sheet.name,
            self.subtitle,
            self.width,
            legend_top + 18.0 * len(self.legend) * bool(self.legend[0]),
            self.head,
            tuple(boxes),
            tuple(wires),
            (*nested(sheet.spine), *panels),
            self.legend,
            legend_top,
            sheet.detail,
        )

    def _panel(self, panel: Panel, rect: Rect) -> Frame:
        """The frame around a block."""
        left, top, right, bottom = rect
        return Frame(
            panel.key,
            Kind.PANEL,
            panel.title,
            left,
            top + self.head,
            right,
            bottom + self.head,
            tuple(name for name in panel.nodes if name in panel.piece.spots),
            nested(panel.piece),
            note=panel.note,
            tooltip=panel.tooltip,
            link=link(panel.span),
        )


def meanings(nodes: Iterable[Node], lines: set[Line]) -> Iterator[tuple[str, str]]:
    """What the colours of boxes and lines mean, and the badge."""
    nodes = list(nodes)
    roles = {node.role for node in nodes if node.role is not None}
    roles |= {Role.POOLING} if Line.POOL in lines else set()
    for family in Family:
        said = [role.value for role in Role if role in roles and FAMILIES[role] is family]
        if family is Family.MERGE and Line.SKIP in lines:
            said.append("skip")
        if said:
            yield family.name, ", ".join(said)
    if any(node.family is Family.ERROR for node in nodes):
        yield Family.ERROR.name, "error"
    if any(node.times > 1 or any(group.times > 1 for group in node.groups) for node in nodes):
        yield "×", "repeats"


def _note(panel: Panel) -> float:
    return 12.0 if panel.note else 0.0


def panel_size(panel: Panel) -> tuple[float, float]:
    """The size of a panel with its title."""
    left, _, right, bottom = panel.piece.bounds
    text = max(row_width(panel.title), width(panel.note, MUTED)) + 2 * PANEL_SIDE
    wide = max(right - left + 2 * PANEL_SIDE, text)
    return wide, bottom + PANEL_HEAD + _note(panel) + PANEL_SIDE


def _order(piece: Piece, nodes: dict[str, Node]) -> list[tuple[str, Spot]]:
    """Boxes in the order of computation."""
    return [(name, piece.spots[name]) for name in nodes if name in piece.spots]


def box(node: Node, spot: Spot) -> Box:
    """A node with its place."""
    lines = rows(node)
    if node.shape is Shape.PILL:
        lines = pill_rows(node)
    elif node.shape is Shape.BAR:
        lines = bar_rows(node)
    elif node.shape is Shape.TAP:
        lines = ()
    return Box(
        node.id,
        node.shape,
        node.family,
        lines,
        spot.x,
        spot.y,
        spot.width,
        spot.height,
        segments=tuple(Segment(text, wide) for text, wide in spot.parts),
        tooltip=tooltip(node),
        link=link(node.span),
        kind=node.mark or node.family.name.lower(),
        dashed=node.reused or node.side or node.mark == "removed",
        heavy=node.mark == "added",
    )


def tooltip(node: Node) -> str:
    """All that is known of a box: where it stands, what it was given, what it counts."""
    lines = [node.path] if node.path else []
    if node.shape is Shape.TAP:
        return "input of the block" if node.outputs else "output of the block"
    for step in node.steps:
        if isinstance(step, CallStep):
            args = ", ".join(f"{name}={spec_text(value)}" for name, value in step.instance.args)
            lines.append(f"{step.instance.name}({args})")
        elif isinstance(step.op, Refused):
            lines.append(whole(step.op.diagnostic))
        else:
            lines.append(call_text(step))
    if node.before is not None and node.after is not None and node.family is not Family.TERMINAL:
        lines.append(f"{node.before} -> {node.after}")
    if node.params:
        lines.append(f"{abs(node.params):,} params")
    return "\n".join(lines)


def wire(track: Track) -> Wire:
    """A track with its curves."""
    points, tip = curve(track)
    label = None
    if track.label is not None and track.text:
        x, y = track.label
        label = Label(track.text, x, y, width(track.text, MUTED))
    return Wire(track.edge.tail, track.edge.head, track.line, points, tip, label)


def nested(piece: Piece) -> tuple[Frame, ...]:
    """Frames in frames, by which boxes they hold."""
    places = {name: place for place, name in enumerate(piece.spots)}
    borders = sorted(piece.borders, key=lambda border: min(places[n] for n in border.names))
    order = sorted(borders, key=lambda border: -_area(border.rect))
    inside: dict[int, list[Border]] = {}
    tops: list[Border] = []
    for border in borders:
        outer = [other for other in order[: order.index(border)] if _holds(other, border)]
        row = inside.setdefault(id(outer[-1]), []) if outer else tops
        row.append(border)
    return tuple(_frame(border, inside) for border in tops)


def _frame(border: Border, inside: dict[int, list[Border]]) -> Frame:
    """A frame with those in it."""
    inner = inside.get(id(border), ())
    return Frame(
        border.key,
        border.kind,
        border.title,
        *border.rect,
        border.names,
        tuple(_frame(each, inside) for each in inner),
        tooltip=border.tooltip,
        link=border.link,
    )


def _area(rect: Rect) -> float:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])


def _holds(one: Border, other: Border) -> bool:
    """Whether a frame is around another."""
    outer, inner = one.rect, other.rect
    across = outer[0] <= inner[0] and inner[2] <= outer[2]
    down = outer[1] <= inner[1] and inner[3] <= outer[3]
    return across and down and {*other.names} <= {*one.names}
