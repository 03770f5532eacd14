"""From a checked net to a picture, or to the text of one."""

from collections.abc import Iterable

from netwright.draw.compose import compose
from netwright.draw.dot import PAGE_PAD, render
from netwright.draw.graphviz import CannotDraw, run
from netwright.draw.model import Drawing
from netwright.draw.theme import THEMES
from netwright.pipeline import Checked, CheckedNet

FORMATS = ("svg", "png", "pdf", "dot", "mmd", "html")
LARGEST = 32_767  # pixels of a PNG along one side; Graphviz shrinks what is larger without a word


def draw(
    checked: Checked,
    net: CheckedNet,
    format: str = "svg",
    *,
    detail: int | None = None,
    theme: str = "auto",
    expand: Iterable[str] = (),
) -> bytes:
    """A net as SVG, PNG or PDF, or as DOT or Mermaid text or a page, which need no Graphviz.

    ``detail`` is 1 (stages), 2 (stages and blocks) or 3 (every layer); without it, what a page has
    room for. ``auto`` colours SVG and HTML as their reader likes, everything else light. Blocks of
    the names in ``expand`` are drawn open where they stand.
    """
    if format not in FORMATS:
        raise ValueError(f"no picture is {format!r}: it is one of {', '.join(FORMATS)}")
    if format == "html":
        from netwright.draw import html

        return html.render(checked, net, detail, theme, frozenset(expand)).encode()
    return printed(compose(checked, net, detail, frozenset(expand)), format, theme)


def draw_difference(
    before: tuple[Checked, CheckedNet],
    after: tuple[Checked, CheckedNet],
    format: str = "svg",
    *,
    theme: str = "auto",
) -> bytes:
    """What changed from one net to another: the second, with marks, and what is gone beside it."""
    from netwright.draw.difference import compose_difference

    return printed(compose_difference(before, after), format, theme)


def printed(drawing: Drawing, format: str, theme: str) -> bytes:
    """A page in a format."""
    match format:
        case "mmd":
            from netwright.draw import mermaid

            return mermaid.render(drawing, THEMES[theme]).encode()
        case "dot":
            return render(drawing, THEMES[theme]).encode()
        case "svg":
            from netwright.draw import svg

            picture = run(render(drawing, THEMES[theme]), "svg").decode()
            return svg.finish(picture, drawing, follows=theme == "auto").encode()
        case "png":
            _refuse_large(drawing)
    return run(render(drawing, THEMES[theme]), format)


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
