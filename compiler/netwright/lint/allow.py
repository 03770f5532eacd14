"""Where a rule does not apply: ``# lint: allow CODE: the reason``, on the line or above it.

Alone on a line the comment speaks of the line below, and of all that its braces hold. On the line
of a net it speaks of all that the net does, also in blocks of other files.
"""

import re
from collections.abc import Iterator

from netwright.formatting.pieces import COMMENT, Piece, pieces
from netwright.parsing.symbols import CLOSERS, ENDS
from netwright.record import record
from netwright.source import Source, Span

FORM = re.compile(r"#+\s*lint:\s*allow\s+([\w\s,-]*?)\s*(?::\s*(\S.*))?$")
START = re.compile(r"#+\s*lint\b")


@record
class Allowed:
    """Codes that are allowed on some lines, and the comment that says so."""

    codes: tuple[str, ...]
    first: int
    last: int
    span: Span
    reason: str


def allowed(source: Source) -> Iterator[Allowed]:
    """What the comments of a spec allow; of one that is not understood the codes are none."""
    if "lint:" not in source.text.replace(" ", ""):
        return
    found = pieces(source.text)
    lines = list(_lines(source.text, found))
    for place, piece in enumerate(found):
        if piece.kind != COMMENT or not START.match(piece.text):
            continue
        match = FORM.match(piece.text)
        codes = tuple(filter(None, re.split(r"[\s,]+", match[1]))) if match else ()
        first = last = lines[place]
        if place == 0 or piece.breaks:
            first, last = _below(found, lines, place)
        start = source.text.index(piece.text, _start(source.text, lines[place]))
        span = Span(source, start, start + len(piece.text))
        yield Allowed(codes, first, last, span, (match[2] or "") if match else "")


def _lines(text: str, found: list[Piece]) -> Iterator[int]:
    """The line of each piece."""
    at = 0
    for piece in found:
        at = text.index(piece.text, at)
        yield text.count("\n", 0, at) + 1
        at += len(piece.text)


def _start(text: str, line: int) -> int:
    """Where a line starts."""
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at


def _below(found: list[Piece], lines: list[int], place: int) -> tuple[int, int]:
    """The lines from the next that is no comment to where its brackets end."""
    rest = [at for at in range(place + 1, len(found)) if found[at].kind != COMMENT]
    if not rest:
        return lines[place], lines[place]
    first = last = lines[rest[0]]
    depth = 0
    for at in rest:
        if depth == 0 and lines[at] > last:
            break
        depth += (found[at].kind in CLOSERS) - (found[at].kind in ENDS)
        last = lines[at]
    return first, last
