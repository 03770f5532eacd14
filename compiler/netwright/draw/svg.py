"""Finishes the SVG that Graphviz writes: words for screen readers, colours for light and dark.

Graphviz measures each run of text and places it by that. Where the reader's face is narrower than
the one that was measured, runs would part: so those of a line are joined, and what stands at the
right is anchored there.
"""

import re
from collections.abc import Iterator
from html import escape

from netwright.draw.dot import frame_id
from netwright.draw.model import Box, Drawing, Frame, Row, Shape
from netwright.draw.sizes import SIDE, badge_width
from netwright.draw.theme import pairs

FACES = 'Arial, "Liberation Sans", Helvetica, "DejaVu Sans", sans-serif'
_GROUP = re.compile(
    r'<g id="([^"]*)" class="((node|cluster)[^"]*)">\n<title>.*?</title>\n(.*?)\n</g>\n(?=<|$)',
    re.S,
)
_TEXT = re.compile(r"<text [^>]*>[^<]*</text>\n?")
_OPEN = re.compile(r"<svg ([^>]*)>", re.S)
_TITLE = re.compile(r"<title>.*?</title>", re.S)


Texts = tuple[str, tuple[Row, ...], float]  # a title, lines, and where those end


def finish(svg: str, drawing: Drawing, *, follows: bool) -> str:
    """The finished SVG; ``follows`` says that it takes the reader's choice of light or dark."""
    svg = svg[svg.index("<svg") :]
    known = {box.id: _of_box(box) for box in drawing.boxes}
    known |= {frame_id(frame): _of_frame(frame) for frame in _frames(drawing.frames)}
    svg = _GROUP.sub(lambda found: _group(found, known), svg)
    said = escape(f"{drawing.title}: {'; '.join(drawing.subtitle)}", quote=True)
    head = f'role="img" aria-label="{said}" style="max-width: 100%; height: auto"'
    style = f"<style>\n{_style(svg, follows=follows)}</style>\n"
    svg = _OPEN.sub(lambda found: f'<svg class="netwright" {head} {found[1]}>\n{style}', svg, 1)
    return _TITLE.sub(lambda _: f"<title>{escape(drawing.title)}</title>", svg, 1)


def _style(svg: str, *, follows: bool) -> str:
    """Faces that may stand in for Arial, and each colour's other one."""
    lines = [f".netwright text {{ font-family: {FACES} }}"]
    if follows:
        lines.append("@media (prefers-color-scheme: dark) {")
        for light, dark in pairs():
            for part in ("fill", "stroke"):
                if f'{part}="{light}"' in svg:
                    lines.append(f'  .netwright [{part}="{light}"] {{ {part}: {dark} }}')
        lines.append("}")
    return "\n".join(lines) + "\n"


def _frames(frames: tuple[Frame, ...]) -> Iterator[Frame]:
    for frame in frames:
        yield frame
        yield from _frames(frame.frames)


def _of_box(box: Box) -> Texts:
    joins = box.shape in (Shape.BOX, Shape.PILL)
    return box.tooltip or box.id, box.rows if joins else (), box.x + box.width / 2 - SIDE + 2


def _of_frame(frame: Frame) -> Texts:
    rows = (frame.title, *([Row(muted=frame.note)] if frame.note else []))
    return frame.tooltip or frame.title.bold or "repeats", rows, frame.right - 8


def _group(found: "re.Match[str]", known: dict[str, Texts]) -> str:
    """A box or frame with its title in words, and the lines of its text joined."""
    name, classes, _, inside = found.groups()
    if name not in known:
        return found[0]
    title, rows, edge = known[name]
    inside = _joined(inside, rows, edge)
    return f'<g id="{name}" class="{classes}">\n<title>{escape(title)}</title>\n{inside}\n</g>\n'


def _joined(inside: str, rows: tuple[Row, ...], edge: float) -> str:
    """The texts of a box, each line's as one."""
    texts = list(_TEXT.finditer(inside))
    runs = [list(_runs(row)) for row in rows]
    if not rows or len(texts) != sum(map(len, runs)):
        return inside
    lines, place = list[str](), 0
    for row, line in zip(rows, runs, strict=True):
        own = [text[0].rstrip() for text in texts[place : place + len(line)]]
        lines += _line(row, own, line, edge)
        place += len(line)
    first, last = texts[0].start(), texts[-1].end()
    return f"{inside[:first]}{chr(10).join(lines)}\n{inside[last:]}"


def _runs(row: Row) -> Iterator[str]:
    """The runs of a line, as they come out: at the left, at the right, in the badge."""
    for place, text in (("left", row.bold), ("left", row.plain), ("left", row.muted)):
        if text:
            yield place
    if row.right:
        yield "right"
    if row.badge:
        yield "badge"


def _line(row: Row, texts: list[str], places: list[str], edge: float) -> Iterator[str]:
    """A line: the left runs as one text, the others where they belong."""
    left = [text for text, place in zip(texts, places, strict=True) if place == "left"]
    if left:
        spans = "".join(_span(text) for text in left[1:])
        first = left[0].replace("</text>", f"{spans}</text>")
        yield first
    badge = badge_width(row.badge) + 2 if row.badge else 0.0
    for text, place in zip(texts, places, strict=True):
        if place == "right":
            yield _anchored(text, "end", edge - badge - (5 if badge else 0))
        elif place == "badge":
            yield _anchored(text, "middle", edge - badge / 2)


def _span(text: str) -> str:
    """A text as a run of another."""
    attributes = re.sub(r'\b(text-anchor|x|y)="[^"]*" ?', "", text[len("<text ") :])
    attributes = attributes.replace('xml:space="preserve" ', "")
    weight = "" if "font-weight" in attributes else 'font-weight="normal" '
    return f"<tspan {weight}{attributes.replace('</text>', '</tspan>')}"


def _anchored(text: str, anchor: str, x: float) -> str:
    """A text held at its end or middle."""
    text = re.sub(r'text-anchor="[^"]*"', f'text-anchor="{anchor}"', text)
    return re.sub(r'\bx="[^"]*"', f'x="{round(x, 2):g}"', text, count=1)
