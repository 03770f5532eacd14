"""Small nets of every shape that is drawn in its own way, and what a picture of one says."""

from pathlib import Path
from typing import Any

import netwright
from netwright.draw import draw
from netwright.draw.compose import compose
from netwright.draw.model import Box, Drawing

HOME = Path(__file__).parent / "golden/draw"
NETS = netwright.load(HOME / "nets.net")


def drawing(name: str, detail: int | None = None, expand: frozenset[str] = frozenset()) -> Drawing:
    return drawn(NETS[name], detail, expand)


def drawn(
    net: netwright.Net, detail: int | None = None, expand: frozenset[str] = frozenset()
) -> Drawing:
    return compose(net._checked, net._net, detail, expand)


def picture(name: str, format: str, **options: Any) -> bytes:
    net = NETS[name]
    return draw(net._checked, net._net, format, **options)


def said(found: Drawing) -> dict[str, str]:
    """The words of each box, by its id."""
    return {box.id: words(box) for box in found.boxes}


def words(box: Box) -> str:
    rows = [(r.bold, r.plain, r.muted, r.right, r.badge) for r in box.rows]
    return " | ".join(" ".join(filter(None, row)).replace("\u00a0", "").strip() for row in rows)


def box(found: Drawing, id: str) -> Box:
    return next(each for each in found.boxes if each.id == id)
