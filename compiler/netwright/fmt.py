"""The one form of a spec: `netwright fmt`. What a spec means never changes, nor does a comment."""

from netwright.formatting.lines import Layout
from netwright.formatting.pieces import Piece, pieces, settled
from netwright.formatting.spaces import spaced
from netwright.syntax import File


def format(spec: File | str) -> str:
    """The text of a spec in the one form: four spaces a level, lines of up to 100 characters.

    Text that cannot be read comes back as it is; `parse` says what is wrong with it.
    """
    text = spec if isinstance(spec, str) else spec.source.text
    if isinstance(spec, str) and _wrong(text):
        return text
    found = settled(pieces(text))
    spaced(found)
    layout = Layout()
    line: list[Piece] = []
    for piece in found:
        if piece.breaks and line:
            layout.add(line)
            line = []
        line.append(piece)
    if line:
        layout.add(line)
    return "".join(f"{line}\n" for line in layout.text)


def _wrong(text: str) -> bool:
    """Whether a text cannot be read."""
    from netwright.diagnostics import Report
    from netwright.parse import parse
    from netwright.source import Source

    report = Report()
    parse(Source("", text), report)
    return report.failed
