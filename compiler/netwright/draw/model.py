"""The drawing model: a page of boxes, wires and frames, in points, that every format prints.

``y`` grows downwards. Text is in lines of runs; nothing here knows a net, a format or a colour.
"""

from enum import Enum

from netwright.draw.theme import Family
from netwright.record import field, record


class Shape(Enum):
    """How a box is drawn."""

    BOX = "box"
    BAR = "bar"
    CIRCLE = "circle"
    PILL = "pill"
    TAP = "tap"


class Line(Enum):
    """What a wire carries, which decides its colour and width."""

    FLOW = "flow"
    SKIP = "skip"
    POOL = "pool"
    UP = "up"
    TIE = "tie"


class Kind(Enum):
    """What a frame holds."""

    GROUP = "group"
    REPEAT = "repeat"
    BLOCK = "block"
    PANEL = "panel"


@record
class Row:
    """A line of text: ``bold`` and ``plain`` from the left, ``muted`` and a badge at the right."""

    bold: str = field(default="")
    plain: str = field(default="")
    muted: str = field(default="")
    right: str = field(default="")
    badge: str = field(default="")


@record
class Segment:
    """A part of a bar: the channels that one branch brings, and where it ends."""

    text: str
    width: float


@record
class Box:
    """Something with a place on the page; ``x`` and ``y`` are its middle."""

    id: str
    shape: Shape
    family: Family
    rows: tuple[Row, ...]
    x: float
    y: float
    width: float
    height: float
    segments: tuple[Segment, ...] = field(default=())
    tooltip: str = field(default="")
    link: str = field(default="")
    kind: str = field(default="")
    dashed: bool = field(default=False)
    heavy: bool = field(default=False)


@record
class Label:
    """A text beside a wire; ``x`` is its left edge, ``y`` its middle."""

    text: str
    x: float
    y: float
    width: float


@record
class Wire:
    """A line from a box to another: the control points of cubic curves, the first a plain point.

    ``arrow`` is the tip, where there is one.
    """

    tail: str
    head: str
    line: Line
    points: tuple[tuple[float, float], ...]
    arrow: tuple[float, float] | None
    label: Label | None = field(default=None)


@record
class Frame:
    """A rectangle around boxes and frames, with its title."""

    id: str
    kind: Kind
    title: Row
    left: float
    top: float
    right: float
    bottom: float
    boxes: tuple[str, ...]
    frames: "tuple[Frame, ...]" = field(default=())
    note: str = field(default="")
    tooltip: str = field(default="")
    link: str = field(default="")


@record
class Drawing:
    """A page: its boxes in the order of computation, wires, frames, title and legend."""

    name: str
    title: str
    subtitle: tuple[str, ...]
    width: float
    height: float
    head: float
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...]
    legend: tuple[tuple[tuple[str, str, float], ...], ...]
    legend_top: float
    detail: int
