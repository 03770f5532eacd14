"""Colours: one family for each group of roles, told apart by everybody, on light and on dark.

Borders were found by a search over normal, deutan, protan and tritan vision; the tests compute it.
The kind of a layer is in words too, so that no colour carries a meaning alone.
"""

from enum import Enum

from netwright.ops.base import Role
from netwright.record import record


class Family(Enum):
    """What a box is, as far as its colour tells: one for each group of roles."""

    TERMINAL = "terminal"
    CONVOLUTION = "convolution"
    POOLING = "pooling"
    LINEAR = "linear"
    SEQUENCE = "sequence"
    ACTIVATION = "activation"
    MERGE = "merge"
    OTHER = "other"
    DETECTION = "detection"
    ERROR = "error"


FAMILIES = {
    Role.CONVOLUTION: Family.CONVOLUTION,
    Role.POOLING: Family.POOLING,
    Role.LINEAR: Family.LINEAR,
    Role.EMBEDDING: Family.LINEAR,
    Role.RECURRENT: Family.SEQUENCE,
    Role.ATTENTION: Family.SEQUENCE,
    Role.ACTIVATION: Family.ACTIVATION,
    Role.MERGE: Family.MERGE,
    Role.NORMALISATION: Family.OTHER,
    Role.REGULARISATION: Family.OTHER,
    Role.SHAPE: Family.OTHER,
    Role.DETECTION: Family.DETECTION,
}


@record
class Theme:
    """The colours of a page; fills and borders by family."""

    name: str
    page: str
    text: str
    muted: str
    flow: str
    skip: str
    group: str
    group_border: str
    panel_border: str
    badge: str
    badge_text: str
    fills: dict[Family, str]
    borders: dict[Family, str]


LIGHT = Theme(
    "light",
    page="#ffffff",
    text="#1b1f24",
    muted="#57606a",
    flow="#6e7782",
    skip="#b08901",
    group="#f6f8fa",
    group_border="#d0d7de",
    panel_border="#3b6fb7",
    badge="#3a6fb6",
    badge_text="#fefefe",
    fills={
        Family.TERMINAL: "#eaeef2",
        Family.CONVOLUTION: "#dbe6f6",
        Family.POOLING: "#fbe1d8",
        Family.LINEAR: "#f6e4ee",
        Family.SEQUENCE: "#ebe3fc",
        Family.ACTIVATION: "#d5efe6",
        Family.MERGE: "#fff3b0",
        Family.OTHER: "#f3f4f6",
        Family.DETECTION: "#efe4f2",
        Family.ERROR: "#fde3ea",
    },
    borders={
        Family.TERMINAL: "#30363d",
        Family.CONVOLUTION: "#3b6fb6",
        Family.POOLING: "#b83200",
        Family.LINEAR: "#a0527f",
        Family.SEQUENCE: "#8224e3",
        Family.ACTIVATION: "#009e73",
        Family.MERGE: "#b08900",
        Family.OTHER: "#9aa1a9",
        Family.DETECTION: "#480060",
        Family.ERROR: "#e91c52",
    },
)

DARK = Theme(
    "dark",
    page="#0d1117",
    text="#e6edf3",
    muted="#a4adb8",
    flow="#848d97",
    skip="#e99e21",
    group="#151b23",
    group_border="#3d444d",
    panel_border="#73adf9",
    badge="#9cc4ff",
    badge_text="#0d1118",
    fills={
        Family.TERMINAL: "#262c36",
        Family.CONVOLUTION: "#182c4a",
        Family.POOLING: "#4a1d0f",
        Family.LINEAR: "#43223a",
        Family.SEQUENCE: "#321f57",
        Family.ACTIVATION: "#0f3a2d",
        Family.MERGE: "#3d3306",
        Family.OTHER: "#1d232c",
        Family.DETECTION: "#301536",
        Family.ERROR: "#4a0f20",
    },
    borders={
        Family.TERMINAL: "#d1d9e0",
        Family.CONVOLUTION: "#73adf8",
        Family.POOLING: "#da5725",
        Family.LINEAR: "#c98eb7",
        Family.SEQUENCE: "#9c64e6",
        Family.ACTIVATION: "#1bd280",
        Family.MERGE: "#e99e20",
        Family.OTHER: "#617c7a",
        Family.DETECTION: "#9c3c9c",
        Family.ERROR: "#e60f48",
    },
)

THEMES = {"light": LIGHT, "dark": DARK, "auto": LIGHT}


def pairs() -> list[tuple[str, str]]:
    """Each light colour with its dark one, for a page that follows the reader's choice."""
    found: dict[str, str] = {}
    for name in Theme.__annotations__:
        light, dark = getattr(LIGHT, name), getattr(DARK, name)
        if isinstance(light, dict):
            found |= {light[family]: dark[family] for family in Family}
        elif name != "name":
            found[light] = dark
    return list(found.items())
