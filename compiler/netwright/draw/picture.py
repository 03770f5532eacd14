"""From a checked net to a picture."""

from netwright.draw.compose import compose
from netwright.draw.dot import render
from netwright.draw.graphviz import run
from netwright.draw.theme import THEMES
from netwright.pipeline import Checked, CheckedNet

FORMATS = ("svg", "png", "pdf", "dot", "mmd")


def draw(
    checked: Checked,
    net: CheckedNet,
    format: str = "svg",
    *,
    detail: int | None = None,
    theme: str = "auto",
) -> bytes:
    """A net as a picture, or as the text of one."""
    drawing = compose(checked, net, detail)
    text = render(drawing, THEMES[theme])
    if format == "dot":
        return text.encode()
    return run(text, format)
