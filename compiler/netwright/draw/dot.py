"""A drawing in Graphviz's language, each box and wire with its place.

Graphviz draws, and measures text; where things stand is decided before (``layout=nop2``), so that
lanes are straight, columns are even, and the picture is the same in every version.
"""

from functools import cache
from typing import Any

from netwright.draw.labels import bar, boxed, legend, legend_width, panel_title, title, wire_label
from netwright.draw.metrics import BODY, FONT
from netwright.draw.model import Box, Drawing, Frame, Kind, Line, Shape, Wire
from netwright.draw.theme import LIGHT, Family, Theme
from netwright.record import record

PAGE_PAD = 0.2
Attributes = list[tuple[str, str]]


@record
class View:
    """Something that the template prints: its id, attributes and what is inside."""

    id: str
    attributes: str
    boxes: tuple[str, ...] = ()
    frames: "tuple[View, ...]" = ()
    tail: str = ""
    head: str = ""


def render(drawing: Drawing, theme: Theme = LIGHT) -> str:
    """The text of a `.dot` file."""
    return str(_template().render(page=_Page(drawing, theme).view())) + "\n"


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from netwright.resources import data_folder

    loader = FileSystemLoader(f"{data_folder('templates')}/dot")
    made = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True)
    return made.get_template("drawing.jinja")


def listed(attributes: Attributes) -> str:
    """Attributes as the language has them; a template would take longer for them than all else."""
    return ", ".join([f"{name}={value}" for name, value in attributes])


def quoted(text: str) -> str:
    """A string of the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def points(value: float) -> str:
    """A coordinate, to a tenth of a point."""
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.1f}"


def inches(value: float) -> str:
    """A size, in the unit that widths are given in."""
    return f"{value / 72:.4g}"


class _Page:
    """The views of a drawing; Graphviz's ``y`` grows upwards."""

    def __init__(self, drawing: Drawing, theme: Theme) -> None:
        self.drawing = drawing
        self.theme = theme

    def view(self) -> dict[str, Any]:
        """What the template prints."""
        drawing = self.drawing
        boxes = [self.box(box) for box in drawing.boxes]
        if drawing.legend[0]:
            boxes.append(self.legend())
        return {
            "name": quoted(drawing.name),
            "graph": listed(self.graph()),
            "node": listed(self.node()),
            "edge": listed(self.edge()),
            "boxes": boxes,
            "frames": [self.frame(frame) for frame in drawing.frames],
            "wires": [self.wire(wire) for wire in drawing.wires],
        }

    def at(self, x: float, y: float) -> str:
        """A place."""
        return f"{points(x)},{points(self.drawing.height - y)}"

    # Defaults

    def graph(self) -> Attributes:
        """The page and its title."""
        drawing = self.drawing
        return [
            ("layout", "nop2"),
            ("bb", quoted(f"0,0,{points(drawing.width)},{points(drawing.height)}")),
            ("pad", points(PAGE_PAD)),
            ("outputorder", "edgesfirst"),
            ("bgcolor", quoted(self.theme.page)),
            ("fontname", quoted(FONT)),
            ("fontcolor", quoted(self.theme.text)),
            ("label", f"<{title(drawing, self.theme)}>"),
            ("lp", quoted(self.at(drawing.width / 2, drawing.head / 2 - 6))),
            ("id", "drawing"),
        ]

    def node(self) -> Attributes:
        """What boxes have in common."""
        return [
            ("shape", "box"),
            ("style", quoted("filled,rounded")),
            ("fontname", quoted(FONT)),
            ("fontsize", points(BODY)),
            ("fontcolor", quoted(self.theme.text)),
            ("fixedsize", "true"),
            ("margin", "0"),
            ("penwidth", "1.2"),
        ]

    def edge(self) -> Attributes:
        """What wires have in common."""
        return [
            ("fontname", quoted(FONT)),
            ("fontsize", "9"),
            ("fontcolor", quoted(self.theme.muted)),
            ("color", quoted(self.theme.flow)),
            ("arrowsize", "0.6"),
            ("penwidth", "1.1"),
        ]

    # Boxes

    def box(self, box: Box) -> View:
        """A box by its shape."""
        theme = self.theme
        found: Attributes = [
            ("id", quoted(box.id)),
            ("class", quoted(box.kind)),
            ("pos", quoted(self.at(box.x, box.y))),
            ("width", inches(box.width)),
            ("height", inches(box.height)),
            ("fillcolor", quoted(theme.fills[box.family])),
            ("color", quoted(theme.borders[box.family])),
            ("tooltip", quoted(box.tooltip or box.id)),
        ]
        if box.link:
            found.append(("URL", quoted(box.link)))
        if box.heavy or box.family is Family.ERROR:
            found.append(("penwidth", "3" if box.heavy else "2.6"))
        if box.dashed:
            found.append(("style", quoted("filled,rounded,dashed")))
        return View(quoted(box.id), listed(found + self._shaped(box)))

    def _shaped(self, box: Box) -> Attributes:
        match box.shape:
            case Shape.CIRCLE:
                sign = box.rows[0].bold
                return [("shape", "circle"), ("fontsize", "14"), ("label", f"<<B>{sign}</B>>")]
            case Shape.TAP:
                flow = quoted(self.theme.flow)
                dot = [("shape", "circle"), ("fillcolor", flow), ("color", flow)]
                return [*dot, ("label", '""')]
            case Shape.BAR:
                label = f"<{bar(box, self.theme)}>"
                return [
                    ("shape", "plain"),
                    ("style", quoted("")),
                    ("fixedsize", "false"),
                    ("label", label),
                ]
        return [("label", f"<{boxed(box, self.theme)}>")]

    def legend(self) -> View:
        """The legend as one box without a border."""
        drawing = self.drawing
        tall = 18.0 * len(drawing.legend)
        wide = legend_width(drawing)
        found = [
            ("id", "legend"),
            ("class", "legend"),
            ("pos", quoted(self.at(wide / 2, drawing.legend_top + tall / 2))),
            ("shape", "plain"),
            ("style", quoted("")),
            ("fixedsize", "false"),
            ("tooltip", "legend"),
            ("label", f"<{legend(drawing, self.theme)}>"),
        ]
        return View("legend", listed(found))

    # Frames and wires

    def frame(self, frame: Frame) -> View:
        """A frame as a cluster with its sides."""
        theme = self.theme
        low, high = self.at(frame.left, frame.bottom), self.at(frame.right, frame.top)
        tall = 28.0 if frame.note else 16.0
        panel = frame.kind is Kind.PANEL
        colours = (theme.page, theme.panel_border) if panel else (theme.group, theme.group_border)
        found: Attributes = [
            ("id", quoted(frame_id(frame))),
            ("class", frame.kind.value),
            ("bb", quoted(f"{low},{high}")),
            ("style", quoted("rounded,dashed" if panel else "rounded,filled")),
            ("fillcolor", quoted(colours[0])),
            ("color", quoted(colours[1])),
            ("penwidth", "1"),
            ("tooltip", quoted(frame.tooltip or frame.title.bold or "repeats")),
            ("label", f"<{panel_title(frame, theme)}>"),
            ("lp", quoted(self.at((frame.left + frame.right) / 2, frame.top + 3 + tall / 2))),
        ]
        if frame.link:
            found.append(("URL", quoted(frame.link)))
        boxes = tuple(quoted(name) for name in frame.boxes)
        inner = tuple(self.frame(each) for each in frame.frames)
        return View(quoted(f"cluster_{_plain(frame.id)}"), listed(found), boxes, inner)

    def wire(self, wire: Wire) -> View:
        """A wire with its curve."""
        path = " ".join(self.at(x, y) for x, y in wire.points)
        if wire.arrow is not None:
            path = f"e,{self.at(*wire.arrow)} {path}"
        found: Attributes = [("class", wire.line.value), ("pos", quoted(path))]
        colour = self._colour(wire.line)
        if colour:
            found += [("color", quoted(colour)), ("penwidth", "2")]
        if wire.line is Line.TIE:
            found += [("style", "dotted"), ("penwidth", "1")]
        if wire.arrow is None:
            found.append(("arrowhead", "none"))
        if wire.label is not None:
            label = wire.label
            found.append(("label", f"<{wire_label(label)}>"))
            found.append(("lp", quoted(self.at(label.x + label.width / 2, label.y))))
        return View("", listed(found), tail=quoted(wire.tail), head=quoted(wire.head))

    def _colour(self, line: Line) -> str:
        theme = self.theme
        colours = {
            Line.SKIP: theme.skip,
            Line.POOL: theme.borders[Family.POOLING],
            Line.UP: theme.borders[Family.ACTIVATION],
        }
        return colours.get(line, "")


def frame_id(frame: Frame) -> str:
    """The id of a frame."""
    return f"frame_{_plain(frame.id)}"


def _plain(text: str) -> str:
    """A text that may stand in an id."""
    return "".join(char if char.isalnum() else "_" for char in text)
