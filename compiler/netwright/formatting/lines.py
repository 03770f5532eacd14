"""Lays pieces out on lines: indentation, and breaks where a line would be too long."""

from collections import deque

from netwright.formatting.pieces import COMMENT, Piece
from netwright.parsing.symbols import (
    ARROW,
    BRACE,
    BRANCHES,
    CLOSERS,
    COMMA,
    ENDS,
    LIST,
    ROUND,
    symbols,
)

WIDTH = 100
_STEP = 4
_HEADERS = symbols("BLOCK EXTERN")
"""Declarations whose `->` belongs to a contract."""
(_FOR,) = symbols("FOR")

Line = list[Piece]


class Layout:
    """The lines so far, with the indentation of the line of each bracket that is open."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.opened: list[int] = []
        self.joined = False

    def add(self, line: Line) -> None:
        """Put a line on the page, on several lines where it is too long for one."""
        waiting = deque([line])
        while waiting:
            line = waiting.popleft()
            indentation = self.indentation(line)
            parts = [line]
            if indentation + len(written(line)) > WIDTH:
                parts = broken(line, WIDTH - indentation)
            if len(parts) > 1:
                waiting.extendleft(reversed(parts))
            else:
                self.put(line, indentation)

    def put(self, line: Line, indentation: int) -> None:
        """Write a line, and note which brackets it opens and closes."""
        if line[0].breaks > 1:
            self.text.append("")
        comment = f"  {line[-1].text}" if line[-1].kind == COMMENT and len(line) > 1 else ""
        alone = line[0].text if line[0].kind == COMMENT else ""
        self.text.append(" " * indentation + written(line) + comment + alone)
        for piece in line:
            if piece.kind in CLOSERS:
                self.opened.append(indentation)
            elif piece.kind in ENDS:
                self.opened.pop()
            if piece.kind != COMMENT:
                self.joined = piece.kind == ARROW

    def indentation(self, line: Line) -> int:
        """How far a line is indented: by its bracket, and once more where it goes on a chain."""
        if line[0].kind in ENDS:
            return self.opened[-1]
        inner = self.opened[-1] + _STEP if self.opened else 0
        return inner + _STEP * (self.joined or line[0].kind == ARROW)


def written(line: Line) -> str:
    """The text of a line without its comment."""
    tokens = [piece for piece in line if piece.kind != COMMENT]
    return "".join(piece.space * (place > 0) + piece.text for place, piece in enumerate(tokens))


def broken(line: Line, width: int) -> list[Line]:
    """A line on several lines: a body, branches, a chain or a list, whichever stands outermost."""
    pairs = _outermost(line)
    bodies = [pair for pair in pairs if line[pair[0]].kind == BRACE]
    branches = [pair for pair in pairs if line[pair[0]].kind == BRANCHES]
    if bodies or branches:
        start, end = (bodies or branches)[-1]
        return _opened(line, start, end)
    arrows = _arrows(line, pairs)
    if arrows and line[0].kind not in _HEADERS:
        return _chained(line, arrows, width)
    pairs = [pair for pair in pairs if line[pair[0]].kind in (ROUND, LIST)]
    if not pairs:
        return [line]
    return _opened(line, *max(pairs, key=lambda pair: len(written(line[slice(*pair)]))))


def _outermost(line: Line) -> list[tuple[int, int]]:
    """The brackets that a line opens and closes, those inside others left out."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for place, piece in enumerate(line):
        if piece.kind in CLOSERS:
            opened.append(place)
        elif piece.kind in ENDS and opened:
            start = opened.pop()
            while found and found[-1][0] > start:
                found.pop()
            if place > start + 1:
                found.append((start, place))
    return found


def _arrows(line: Line, pairs: list[tuple[int, int]]) -> list[int]:
    """The arrows of a line that stand in no bracket of it and do not start or end it."""
    last = len([piece for piece in line if piece.kind != COMMENT]) - 1
    inside = {place for start, end in pairs for place in range(start, end)}
    arrows = (place for place in range(1, last) if line[place].kind == ARROW)
    return [place for place in arrows if place not in inside]


def _chained(line: Line, arrows: list[int], width: int) -> list[Line]:
    """A chain broken behind arrows, as few as will do."""
    lines: list[Line] = []
    start = 0
    for arrow, following in zip(arrows, [*arrows[1:], len(line) - 1], strict=True):
        room = width if not lines else width - _STEP
        if len(written(line[start : following + 1])) > room:
            lines.append(line[start : arrow + 1])
            start = arrow + 1
    return _parted([*lines, line[start:]])


def _opened(line: Line, start: int, end: int) -> list[Line]:
    """A line with what stands in one of its brackets on lines of its own."""
    opener = line[start]
    inner = line[start + 1 : end]
    commas = {piece for piece in inner if piece.kind == COMMA and piece.opener is opener}
    if opener.kind == BRACE or any(p.kind == _FOR and p.opener is opener for p in inner):
        commas = set()
    items: list[Line] = [[]]
    for piece in inner:
        if piece not in commas or opener.kind != BRANCHES:
            items[-1].append(piece)
        if piece in commas:
            items.append([])
    items = [item for item in items if item]
    if commas and opener.kind != BRANCHES and items[-1][-1].kind != COMMA:
        items[-1].append(_comma(opener))
    return _parted([line[: start + 1], *items, line[end:]])


def _comma(opener: Piece) -> Piece:
    """The comma behind the last item of a list."""
    comma = Piece(COMMA, ",", 0)
    comma.opener = opener
    comma.space = ""
    return comma


def _parted(lines: list[Line]) -> list[Line]:
    """Lines, all but the first of which start anew."""
    for line in lines[1:]:
        line[0].breaks = 1
    return lines
