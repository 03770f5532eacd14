"""Takes a spec apart into tokens and comments, each with the line breaks before it.

It works on tokens and not on the tree, so that no comment can be lost.
"""

from itertools import pairwise

from netwright.diagnostics import Report
from netwright.parsing.declarations import Declarations
from netwright.parsing.docs import Docs
from netwright.parsing.faults import Faults
from netwright.parsing.lexer import tokens
from netwright.parsing.machine import plans
from netwright.parsing.reader import Reader
from netwright.parsing.symbols import ARROW, BRACE, BRANCHES, CLOSERS, COMMA, ENDS
from netwright.source import Source, Span
from netwright.syntax import Constant

COMMENT = -1
"""The kind of a comment; all other kinds are symbols of the grammar."""


class Piece:
    """A token or comment; ``breaks`` is 0 on the line of the piece before it, 2 after a blank line.

    ``opener`` is the innermost bracket around it, for a closing bracket its partner; ``space``
    stands before it where it does not start a line.
    """

    __slots__ = ("breaks", "kind", "opener", "space", "text")

    def __init__(self, kind: int, text: str, breaks: int) -> None:
        self.kind = kind
        self.text = text
        self.breaks = breaks
        self.opener: Piece | None = None
        self.space = " "


class _Comments(Docs):
    """Keeps the places of all comments."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(faults)
        self.places: list[tuple[int, int, int]] = []

    def comment(self, start: int, end: int) -> None:
        """Keep a comment."""
        self.places.append((start, end, COMMENT))


class _Recorder(Reader):
    """A reader that keeps the tokens it has taken, as what they were taken."""

    def __init__(self, source: Source, faults: Faults, docs: Docs) -> None:
        def part(start: int, end: int) -> Constant:
            """Stands for an expression in a name or a text, which is written as it was."""
            return Constant(None, Span(source, start, end))

        super().__init__(source, faults, plans(Declarations(faults, part, docs)))
        self.places: list[tuple[int, int, int]] = []

    def take(self, kind: int, start: int, end: int) -> int:
        """Take a token, and keep it if it has a text."""
        taken = super().take(kind, start, end)
        assert taken >= 0, "only what can be read is formatted"
        if start < end:
            self.places.append((start, end, taken))
        return taken


def pieces(text: str) -> list[Piece]:
    """The pieces of a spec that can be read, in order."""
    source = Source("", text)
    faults = Faults(source, Report())
    comments = _Comments(faults)
    recorder = _Recorder(source, faults, comments)
    start = 1 if text.startswith("\ufeff") else 0
    recorder.read(tokens(source, start, len(text), faults, comments))
    found: list[Piece] = []
    before = start
    for first, after, kind in sorted(recorder.places + comments.places):
        breaks = min(text.count("\n", before, first), 2) if found else 0
        found.append(Piece(kind, text[first:after].rstrip(), breaks))
        before = after
    paired(found)
    return found


def paired(found: list[Piece]) -> None:
    """Tell each piece what bracket it stands in."""
    opened: list[Piece] = []
    for piece in found:
        if piece.kind in ENDS:
            piece.opener = opened.pop()
        else:
            piece.opener = opened[-1] if opened else None
        if piece.kind in CLOSERS:
            opened.append(piece)


def settled(found: list[Piece]) -> list[Piece]:
    """The pieces with the breaks of the one form, without the commas at the ends of branches.

    A body or branches on several lines start on a line of their own and end before one.
    """
    tall = _tall(found)
    token = None
    for before, piece in pairwise(found):
        token = token if before.kind == COMMENT else before
        joins = ARROW in (piece.kind, token.kind if token else COMMENT)
        if before.kind in CLOSERS or piece.kind in ENDS or joins:
            piece.breaks = min(piece.breaks, 1)
        if before in tall and (piece.kind != COMMENT or piece.breaks):
            piece.breaks = 0 if piece.opener is before and piece.kind in ENDS else 1
        elif piece.kind in ENDS and piece.opener in tall:
            piece.breaks = 1
    return [piece for place, piece in enumerate(found) if not _spare(piece, found, place)]


def _tall(found: list[Piece]) -> set[Piece | None]:
    """The brackets of lines and branches that stand on several lines."""
    tall: set[Piece | None] = set()
    for piece in found:
        if piece.breaks or (piece.kind in ENDS and piece.opener in tall):
            tall.add(piece.opener)
        if piece.kind in ENDS and piece.opener in tall and piece.opener is not None:
            tall.add(piece.opener.opener)
    return {opener for opener in tall if opener is not None and opener.kind in (BRACE, BRANCHES)}


def _spare(piece: Piece, found: list[Piece], place: int) -> bool:
    """Whether a piece is a comma between branches that a newline parts as well, or the last."""
    if piece.kind != COMMA or piece.opener is None or piece.opener.kind != BRANCHES:
        return False
    behind = found[place + 1]
    return behind.kind == COMMENT or behind.breaks > 0 or behind.kind in ENDS
