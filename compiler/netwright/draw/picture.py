"""From a checked net to a picture, or to the text of one."""

from collections.abc import Iterable

from netwright.draw.compose import compose
from netwright.draw.dot import PAGE_PAD, render
from netwright.draw.graphviz import CannotDraw, run
from netwright.draw.model import Drawing
from netwright.draw.theme import THEMES
from netwright.pipeline import Checked, CheckedNet

FORMATS = ("svg", "png", "pdf", "dot", "mmd")
LARGEST = 32_767  # pixels of a PNG along one side; Graphviz shrinks what is larger without a word
PIXELS = 96 / 72


def draw(
    checked: Checked,
    net: CheckedNet,
    format: str = "svg",
    *,
    detail: int | None = None,
    theme: str = "auto",
    expand: Iterable[str] = (),
) -> bytes:
    """A net as SVG, PNG or PDF, or as DOT or Mermaid text, which need no Graphviz.

    ``detail`` is 1 (stages), 2 (stages and blocks) or 3 (every layer); without it, what a page has
    room for. ``auto`` colours an SVG as its reader likes, everything else light. Blocks of the
    names in ``expand`` are drawn open where they stand.
    """
    drawing = compose(checked, net, detail, frozenset(expand))
    if format == "mmd":
        from netwright.draw import mermaid

        return mermaid.render(drawing, THEMES[theme]).encode()
    text = render(drawing, THEMES[theme])
    if format == "dot":
        return text.encode()
    if format == "png":
        _refuse_large(drawing)
    picture = run(text, format)
    if format == "svg":
        from netwright.draw import svg

        return svg.finish(picture.decode(), drawing, follows=theme == "auto").encode()
    return picture


def _refuse_large(drawing: Drawing) -> None:
    """Refuse a picture with more pixels than a PNG can have."""
    sides = [(side / 72 + 2 * PAGE_PAD) * 96 for side in (drawing.width, drawing.height)]
    if max(sides) <= LARGEST:
        return
    wide, tall = (f"{side:,.0f}" for side in sides)
    lower = f"`--detail {drawing.detail - 1}` has fewer boxes; " if drawing.detail > 1 else ""
    raise CannotDraw(
        f"the picture would have {wide} × {tall} pixels, and a PNG has {LARGEST:,} at most",
        f"{lower}SVG and PDF have no such bound",
    )
