"""A drawing as Mermaid text: the same boxes, wires and frames, laid out by whoever shows it."""

from functools import cache
from html import escape
from typing import Any

from netwright.draw.model import Box, Drawing, Frame, Line, Row, Shape, Wire
from netwright.draw.theme import Family, Theme
from netwright.record import record

RESERVED = frozenset(
    ("call", "class", "classdef", "click", "default", "direction", "end", "flowchart", "graph")
) | frozenset(("href", "linkstyle", "style", "subgraph", "o", "x"))
OPENINGS = {
    Shape.BOX: ("[", "]"),
    Shape.BAR: ("[/", "/]"),
    Shape.CIRCLE: ("((", "))"),
    Shape.PILL: ("([", "])"),
    Shape.TAP: ("((", "))"),
}


@record
class Group:
    """A frame as the template prints it."""

    id: str
    title: str
    boxes: tuple[str, ...]
    groups: "tuple[Group, ...]"


def render(drawing: Drawing, theme: Theme) -> str:
    """The text of a `.mmd` file."""
    framed = {name for frame in drawing.frames for name in frame.boxes}
    return (
        str(
            _template().render(
                title=_plain(drawing.title),
                subtitle=drawing.subtitle,
                boxes=[_box(box) for box in drawing.boxes if box.id not in framed],
                groups=[_group(frame, drawing) for frame in drawing.frames],
                wires=[_wire(wire) for wire in drawing.wires],
                classes=_classes(drawing, theme),
                links=_links(drawing, theme),
            )
        )
        + "\n"
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from netwright.resources import data_folder

    loader = FileSystemLoader(f"{data_folder('templates')}/mermaid")
    made = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True)
    return made.get_template("drawing.jinja")


def _id(name: str) -> str:
    plain = "".join(char if char.isascii() and char.isalnum() else "_" for char in name)
    return f"{plain}_" if plain.lower() in RESERVED or plain[:1].isdigit() else plain


def _plain(text: str) -> str:
    """A text that means nothing to Mermaid."""
    escaped = escape(text.replace("\u00a0", " ").strip(), quote=False).replace('"', "#quot;")
    return escaped.replace("`", "'")


def _row(row: Row) -> str:
    parts = [f"<b>{_plain(row.bold)}</b>" if row.bold else "", _plain(row.plain), _plain(row.muted)]
    parts += [_plain(row.right), f"<b>{row.badge}</b>" if row.badge else ""]
    return " ".join(filter(None, parts))


def _box(box: Box) -> str:
    """A box with its lines."""
    rows = [_row(row) for row in box.rows]
    if box.segments:
        rows.insert(0, " | ".join(_plain(part.text) for part in box.segments))
    left, right = OPENINGS[box.shape]
    return f'{_id(box.id)}{left}"{"<br/>".join(rows) or " "}"{right}:::{box.kind}'


def _group(frame: Frame, drawing: Drawing) -> Group:
    inner = {name for each in frame.frames for name in each.boxes}
    names = set(frame.boxes) - inner
    boxes = tuple(_box(box) for box in drawing.boxes if box.id in names)
    title = " ".join(filter(None, (_row(frame.title), _plain(frame.note)))) or " "
    groups = tuple(_group(each, drawing) for each in frame.frames)
    return Group(f"frame_{_id(frame.id)}", title, boxes, groups)


def _wire(wire: Wire) -> str:
    arrow = "---" if wire.arrow is None else "-->"
    if wire.line is Line.TIE:
        arrow = "-.-"
    label = f'|"{_plain(wire.label.text)}"|' if wire.label else ""
    return f"{_id(wire.tail)} {arrow}{label} {_id(wire.head)}"


def _classes(drawing: Drawing, theme: Theme) -> list[str]:
    there = {box.family for box in drawing.boxes}
    return [
        f"{family.name.lower()} fill:{theme.fills[family]},stroke:{theme.borders[family]},"
        f"color:{theme.text}"
        for family in Family
        if family in there
    ]


def _links(drawing: Drawing, theme: Theme) -> list[str]:
    """The wires that have a colour of their own, by their numbers."""
    colours = {
        Line.SKIP: theme.skip,
        Line.POOL: theme.borders[Family.POOLING],
        Line.UP: theme.borders[Family.ACTIVATION],
    }
    found = []
    for line, colour in colours.items():
        numbers = [str(n) for n, wire in enumerate(drawing.wires) if wire.line is line]
        if numbers:
            found.append(f"{','.join(numbers)} stroke:{colour},stroke-width:2px")
    return found
