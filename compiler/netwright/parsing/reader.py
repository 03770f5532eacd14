"""Reads a whole file, to its end whatever it holds; broken lines are left out of the tree.

A newline ends a line where the innermost bracket is loud: `{ }` or the `[ ]` of branches.
"""

from collections.abc import Iterable
from typing import Any

from netwright.parsing.faults import Faults
from netwright.parsing.machine import Machine, Plan, TooDeep
from netwright.parsing.symbols import (
    BRACE,
    BRACE_END,
    BRANCHES,
    CLOSERS,
    COMMA,
    END,
    ENDS,
    NEWLINE,
    SQUARE_END,
)
from netwright.source import Source

Token = tuple[int, int, int]


class Bracket:
    """A bracket that is open: what opened it and what closes it, its place in text and stack."""

    __slots__ = ("closer", "height", "loud", "opener", "start")

    def __init__(self, opener: int, start: int, height: int) -> None:
        self.opener = opener
        self.closer = CLOSERS[opener]
        self.loud = opener in (BRACE, BRANCHES)
        self.start = start
        self.height = height


class Reader(Machine):
    """The machine for a file: it knows the brackets that are open, and the line it is in.

    ``fresh`` is the place of the first token of the line, ``suspect`` a brace that was closed
    by one further to the left, so that it may be the one which was not closed.
    """

    def __init__(self, source: Source, faults: Faults, plans: list[Plan]) -> None:
        super().__init__(source, plans, state=0)
        self.faults = faults
        self.brackets: list[Bracket] = []
        self.fresh = 0
        self.suspect: Bracket | None = None

    def read(self, tokens: Iterable[Token]) -> None:
        """Take tokens to the end of the file."""
        newline = 0
        for kind, start, end in tokens:
            if kind == NEWLINE:
                newline = start
                continue
            if newline >= 0:
                self.fresh = start
                self.line(kind, newline)
                newline = -1
            self.feed(kind, start, end)

    @property
    def result(self) -> Any:
        """What the grammar makes of the file."""
        return self.values[-2]

    def line(self, kind: int, newline: int) -> None:
        """Go on to another line, which starts with this kind of token."""
        if self.ends_line(kind):
            self.feed(NEWLINE, newline, newline)

    def ends_line(self, kind: int) -> bool:
        """Whether a newline before this kind of token ends a line."""
        if kind in (BRACE_END, SQUARE_END, END) or self.last in (BRACE, BRANCHES, END):
            return False
        if not self.brackets:
            return True
        innermost = self.brackets[-1]
        return innermost.loud and (self.last != COMMA or innermost.closer != SQUARE_END)

    def feed(self, kind: int, start: int, end: int) -> None:
        """Take a token, or deal with it where it cannot stand."""
        if kind in CLOSERS and not self.room(kind, start, end):
            return
        try:
            taken = self.take(kind, start, end)
        except TooDeep:
            self.too_deep(kind, start, end)
            return
        if taken < 0:
            self.fault(kind, start, end)
        elif taken in CLOSERS:
            self.brackets.append(Bracket(taken, start, len(self.states) - 1))
        elif taken in ENDS:
            self.closed(self.brackets.pop(), start)

    def room(self, kind: int, start: int, end: int) -> bool:
        """Whether one more bracket may be opened."""
        if len(self.brackets) < self.deepest:
            return True
        self.too_deep(kind, start, end)
        return False

    def closed(self, bracket: Bracket, start: int) -> None:
        """Note where a bracket was closed."""
        if not self.brackets:
            self.suspect = None
        elif start == self.fresh and self.suspect is None and bracket.opener == BRACE:
            further = self.column(start) < self.indentation(bracket.start)
            self.suspect = bracket if further else None

    def column(self, place: int) -> int:
        """Characters before a place on its line."""
        return place - self.source.text.rfind("\n", 0, place) - 1

    def indentation(self, place: int) -> int:
        """White space at the start of the line of a place, in characters."""
        text = self.source.text
        start = text.rfind("\n", 0, place) + 1
        return len(text[start : place + 1]) - len(text[start : place + 1].lstrip())

    def too_deep(self, kind: int, start: int, end: int) -> None:
        """Deal with what is nested too deeply."""
        raise NotImplementedError

    def fault(self, kind: int, start: int, end: int) -> None:
        """Deal with a token that cannot stand where it stands."""
        raise NotImplementedError
