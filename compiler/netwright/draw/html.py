"""A page that unfolds: the parts of a net and its spec as data, and the script that shows them.

The page stands alone: it asks for nothing from the network, and its script knows no net. Every
part was laid out here; to open one the script pushes what is around apart.
"""

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from netwright.draw.compose import doc_of, facts, refuse_unknown
from netwright.draw.model import Box, Frame, Kind, Row, Wire
from netwright.draw.nest import Nest, Opening, Part
from netwright.draw.page import meanings
from netwright.draw.scene import Scenes
from netwright.draw.theme import DARK, LIGHT, Family, Theme
from netwright.pipeline import Checked, CheckedNet
from netwright.record import record
from netwright.source import Source

Json = dict[str, Any]
Point = tuple[float, float]


@record
class View:
    """What the template prints; ``data`` is JSON that may stand in a script."""

    title: str
    doc: str
    facts: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    families: tuple[str, ...]
    theme: str
    light: dict[str, str]
    dark: dict[str, str]
    data: str


def render(
    checked: Checked, net: CheckedNet, detail: int | None, theme: str, expand: frozenset[str]
) -> str:
    """The text of a `.html` file.

    At first labels are open, with ``detail`` 1 nothing is and with 3 everything; and all blocks of
    the names in ``expand``.
    """
    scenes = Scenes(net.instance, checked.program)
    refuse_unknown(expand, scenes)
    nest = Nest(scenes)
    data = _Data(nest, expand, detail or 2)
    return str(_template().render(page=data.view(net, theme))) + "\n"


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from netwright.resources import data_folder

    loader = FileSystemLoader(f"{data_folder('templates')}/html")
    made = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, autoescape=True)
    return made.get_template("page.jinja")


class _Data:
    """The parts of a nest as data, short enough to be sent by mail."""

    def __init__(self, nest: Nest, expand: frozenset[str], detail: int) -> None:
        self.nest = nest
        self.expand = expand
        self.detail = detail
        self.sources: dict[Source, int] = {}
        self.tips: dict[str, int] = {}

    def view(self, net: CheckedNet, theme: str) -> View:
        """What the template prints."""
        self._source(net.definition.node.name.span.source)
        parts = [self.part(self.nest.parts[key]) for key in sorted(self.nest.parts)]
        lines = {wire.line for part in self.nest.parts.values() for wire in part.wires}
        sources = [source.text.rstrip("\n").split("\n") for source in self.sources]
        data = {"parts": parts, "tips": list(self.tips), "sources": sources}
        return View(
            net.name,
            doc_of(net),
            facts(net.instance),
            tuple((key.lower(), words) for key, words in meanings(self.nest.nodes, lines)),
            tuple(os.path.basename(source.path) for source in self.sources),
            tuple(family.value for family in Family),
            theme,
            colours(LIGHT),
            colours(DARK),
            # what ends a script or opens a comment in it must not stand in one
            json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        )

    def part(self, part: Part) -> Json:
        """Boxes, wires and frames with their places."""
        return {
            "size": [short(value) for value in (part.left, part.right, part.height)],
            "boxes": [self.box(box, part) for box in part.boxes],
            "wires": [_wire(wire) for wire in part.wires],
            "frames": [_frame(frame) for frame in _every(part.frames)],
        }

    def box(self, box: Box, part: Part) -> Json:
        """A box; what is the same in most of them is left out."""
        found: Json = {
            "id": box.id,
            "kind": box.kind,
            "at": [short(value) for value in (box.x, box.y, box.width, box.height)],
            "rows": [_row(row) for row in box.rows],
            "tip": self.tips.setdefault(box.tooltip, len(self.tips)),
        }
        if box.shape.value != "box":
            found["shape"] = box.shape.value
        if box.segments:
            found["parts"] = [[segment.text, short(segment.width)] for segment in box.segments]
        if box.dashed:
            found["dashed"] = 1
        places = [(self._source(span.source), span.line) for span in part.spans[box.id]]
        if places:
            found["lines"] = list(dict.fromkeys(places))
        if box.id in part.opens:
            found["opens"] = part.opens[box.id].part
            if part.opens[box.id].block and not box.rows[-1].bold:
                found["label"] = box.rows[-1].muted
            if self._is_open(part.opens[box.id]) or box.family is Family.ERROR:
                found["open"] = 1
        return found

    def _is_open(self, opening: Opening) -> bool:
        """Whether a box is open when the page is."""
        if opening.kind is Kind.GROUP:
            return self.detail > 1
        return opening.block in self.expand or (self.detail > 2 and bool(opening.block))

    def _source(self, source: Source) -> int:
        return self.sources.setdefault(source, len(self.sources))


def _row(row: Row) -> list[str]:
    """The texts of a line, without those at its end that are empty."""
    texts = [row.bold, row.plain, row.muted.replace("\u00a0", " ").strip(), row.right, row.badge]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _wire(wire: Wire) -> Json:
    found: Json = {
        "ends": [wire.tail, wire.head],
        "line": wire.line.value,
        "points": [short(value) for point in _fewest(wire.points) for value in point],
    }
    if wire.arrow is not None:
        found["tip"] = [short(value) for value in wire.arrow]
    if wire.label is not None:
        found["label"] = [wire.label.text, short(wire.label.x), short(wire.label.y)]
    return found


def _fewest(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The control points of a wire; of one that is a straight line its ends."""
    across, down = zip(*points, strict=True)
    straight = any(max(axis) - min(axis) < 0.05 for axis in (across, down))
    return (points[0], points[-1]) if straight else points


def _frame(frame: Frame) -> Json:
    sides = (frame.left, frame.top, frame.right, frame.bottom)
    return {
        "at": [short(value) for value in sides],
        "row": _row(frame.title),
        "tip": frame.tooltip,
    }


def _every(frames: Iterable[Frame]) -> Iterator[Frame]:
    for frame in frames:
        yield frame
        yield from _every(frame.frames)


def short(value: float) -> float | int:
    """A coordinate, to a tenth of a point."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def colours(theme: Theme) -> dict[str, str]:
    """The colours of a theme by the names that the style has for them."""
    names = ("page", "text", "muted", "flow", "skip", "group", "group_border", "badge")
    found = {name.replace("_", "-"): str(getattr(theme, name)) for name in names}
    found["badge-text"] = theme.badge_text
    for family in Family:
        found[f"{family.value}-fill"] = theme.fills[family]
        found[family.value] = theme.borders[family]
    return found
