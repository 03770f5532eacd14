"""Goes on after what cannot be read, so that one mistake is one error.

A broken line is skipped to the next newline at its depth; a declaration in column 1 closes all
that is open; a bracket that is not closed is reported where it opens, and found by the layout:
the line after it is not further to the right. A missing comma or bracket is taken as written.
"""

import re
from collections.abc import Iterator

from netwright.diagnostics import Related
from netwright.parsing.docs import Docs
from netwright.parsing.faults import Faults
from netwright.parsing.lexer import Token, tokens
from netwright.parsing.machine import Plan
from netwright.parsing.reader import Bracket, Reader
from netwright.parsing.symbols import (
    BINDS,
    BRACE,
    BRACE_END,
    BROKEN,
    CLOSERS,
    COMMA,
    DECLARES,
    END,
    ENDS,
    INDEX,
    LIST,
    NEWLINE,
    PARTS,
)
from netwright.parsing.tables import tables
from netwright.source import Source, Span

_DECLARES = r'[a-z]+[ \t]+["A-Za-z_]'
_LAST_ON_LINE = r"\[[ \t\r]*(?:#|\n)"
_BODY = r"(?:\s|#[^\n]*\n)*\{"
_CODE = r"\n([ \t]*)(?=[^\s#)\]}])"
_WORD = r"[A-Za-z_]\w*"


class Recovery(Reader):
    """A reader that skips what it cannot read.

    While it skips, ``skipped`` holds the brackets that were opened in what is skipped.
    ``again`` is where it wants to read on when that lies behind it, ``lost`` are the names of
    declarations that could not be read, ``assumed`` counts braces that were closed for the author.
    """

    def __init__(self, source: Source, faults: Faults, docs: Docs, plans: list[Plan]) -> None:
        super().__init__(source, faults, plans)
        self.docs = docs
        self.skipped: list[Bracket] | None = None
        self.again = -1
        self.lost: list[str] = []
        self.assumed = 0
        self.entered: dict[int, int] = {}

    def read_all(self, start: int) -> None:
        """Read the file from a place to its end."""
        self.again = start
        while self.again >= 0:
            start, self.again = self.again, -1
            self.read(self.tokens(start))

    def tokens(self, start: int) -> Iterator[Token]:
        """Tokens up to where the reader goes back to a line that it has seen."""
        end = len(self.source.text)
        for token in tokens(self.source, start, end, self.faults, self.docs):
            yield token
            if self.again >= 0:
                return

    def line(self, kind: int, newline: int) -> None:
        """Go on to another line, which may be where skipping ends."""
        if self.brackets and self.declares(kind):
            self.unclosed(self.suspect or self.brackets[-1], kind, self.fresh)
            self.skipped = None
            self.assumed += sum(bracket.opener == BRACE for bracket in self.brackets)
            self.close(0)
        if self.skipped is None:
            super().line(kind, newline)
        if self.skipped is not None and self.skips_no_more(kind):
            self.skipped = None
            super().line(kind, newline)

    def declares(self, kind: int) -> bool:
        """Whether the new line is a declaration in column 1."""
        if kind not in DECLARES and (kind not in BINDS or self.brackets[-1].loud):
            return False
        return self.column(self.fresh) == 0 and bool(
            re.compile(_DECLARES).match(self.source.text, self.fresh)
        )

    def skips_no_more(self, kind: int) -> bool:
        """Whether a new line is at the depth of the line that is skipped."""
        assert self.skipped is not None
        if self.skipped:
            indentation = self.indentation(self.skipped[-1].start)
            if kind in ENDS or self.column(self.fresh) > indentation:
                return False
        return bool(self.brackets) or (kind not in ENDS and self.column(self.fresh) == 0)

    def feed(self, kind: int, start: int, end: int) -> None:
        """Take a token, unless it is skipped."""
        if self.skipped is None or self.leaves(kind, start, self.skipped):
            before = self.source.text[start - 1 : start] if kind == BRACE else ""
            if before.isalnum() or before == "_":
                self.tight_brace(start)
            super().feed(kind, start, end)

    def tight_brace(self, start: int) -> None:
        """Report a brace right behind a word; it is read as if there were a space."""
        word = re.split(r"\W", self.source.text[max(0, start - 40) : start])[-1]
        message = f"`{{` right behind `{word}` opens no body"
        help = f"write `{word} {{`; an index, `{word}{{i}}`, is closed on its line"
        self.faults.error("syntax", start, start + 1, message, help=help)

    def leaves(self, kind: int, start: int, skipped: list[Bracket]) -> bool:
        """Whether skipping ends at this token."""
        if kind in CLOSERS and (skipped or not self.opens_lines(kind, start)):
            if len(skipped) <= self.deepest:
                skipped.append(Bracket(kind, start, 0))
            return False
        if kind in ENDS and any(bracket.closer == kind for bracket in skipped):
            while skipped.pop().closer != kind:
                pass
            return False
        if kind in ENDS and all(bracket.closer != kind for bracket in self.brackets):
            return False
        if kind not in ENDS and kind not in CLOSERS and kind != END:
            return False
        self.skipped = None
        return True

    def opens_lines(self, kind: int, start: int) -> bool:
        """Whether a bracket in a broken line opens lines that can be read."""
        text = self.source.text
        if len(self.brackets) >= self.deepest:
            return False
        if kind == BRACE:
            return bool(self.brackets) or not text.startswith("extern", self.fresh)
        return (
            kind in (LIST, INDEX)
            and bool(self.brackets)
            and bool(re.compile(_LAST_ON_LINE).match(text, start))
        )

    def too_deep(self, kind: int, start: int, end: int) -> None:
        """Report nesting, once a file."""
        message = f"this is nested more than {self.deepest} deep"
        help = "give the inner part a name: a `block`, a `let` or a `def`"
        self.faults.once("nesting-too-deep", start, end, message, help=help)
        self.skip(kind, start, end)

    def fault(self, kind: int, start: int, end: int) -> None:
        """Report a token that cannot stand here, and go on."""
        if self.last in ENDS and self.accepts(BROKEN):
            self.skip(kind, start, end)
        elif kind in ENDS:
            self.mismatched(kind, start, end)
        elif kind == END and self.brackets:
            self.unclosed(self.suspect or self.brackets[-1], kind, start)
            self.close(0)
            if not self.accepts(END):
                self.break_line(start)
            self.feed(END, start, end)
        elif self.outdented(kind, start):
            self.reopen(kind, start, end)
        elif (
            kind == NEWLINE
            and self.accepts(BRACE)
            and re.compile(_BODY).match(self.source.text, start)
        ):
            self.late_brace(start)
        else:
            self.complain(kind, start, end)

    def complain(self, kind: int, start: int, end: int) -> None:
        """Report an ordinary mistake; where it is a missing comma, take it as written."""
        from netwright.parsing import complaints  # needed for wrong specs only

        complaints.tell(self, kind, start, end)
        if complaints.starts_value(kind) and self.accepts(COMMA, kind):
            self.take(COMMA, self.end, self.end)
            super().feed(kind, start, end)
        else:
            self.skip(kind, start, end)

    def mismatched(self, kind: int, start: int, end: int) -> None:
        """Deal with a closing bracket that cannot stand here."""
        opened = [place for place, bracket in enumerate(self.brackets) if bracket.closer == kind]
        sign = self.source.text[start:end]
        if not opened and kind == BRACE_END and self.assumed:
            self.assumed -= 1
        elif not opened:
            message = f"`{sign}` closes nothing"
            help = "remove it, or open the bracket that it closes"
            self.faults.error("stray-bracket", start, end, message, help=help)
        elif opened[-1] == len(self.brackets) - 1:
            self.complain(kind, start, end)
        else:
            self.unclosed(self.suspect or self.brackets[-1], kind, start)
            self.close(opened[-1] + 1)
            if len(self.brackets) == opened[-1] + 1 and self.accepts(kind):
                self.feed(kind, start, end)
            else:
                self.skip(kind, start, end)

    def unclosed(self, bracket: Bracket, kind: int, start: int) -> None:
        """Report a bracket that is not closed, and where it was noticed."""
        if "nesting-too-deep" in self.faults.told:
            return
        opener = self.source.text[bracket.start]
        closer = {"(": ")", "[": "]", "{": "}"}[opener]
        noticed = "the file ends here" if kind == END else f"`{closer}` is missing before this"
        self.faults.error(
            "unclosed-bracket",
            bracket.start,
            bracket.start + 1,
            f"`{opener}` is not closed",
            help=f"`{closer}` is missing",
            related=Related(Span(self.source, start, start + (kind != END)), noticed),
        )

    def outdented(self, kind: int, start: int) -> bool:
        """Whether a token shows that the innermost bracket, one of no lines, was not closed."""
        if not self.brackets or self.brackets[-1].loud:
            return False
        if kind == BRACE:
            quiet = [bracket.closer for bracket in reversed(self.brackets[self.loud() :])]
            return self.accepts(*quiet, BRACE)
        bracket = self.brackets[-1]
        return start == self.fresh and self.column(start) <= self.indentation(bracket.start)

    def reopen(self, kind: int, start: int, end: int) -> None:
        """Report a bracket that was not closed on its line, and read the lines behind it."""
        bracket, silent = self.brackets[-1], self.faults.silent_until
        self.unclosed(bracket, kind, start)
        line = start if kind == BRACE else self.outdented_line(bracket.start)
        if line >= start or line <= silent:
            self.close(self.loud())
            if kind != BRACE:
                super().line(kind, self.end)
            self.feed(kind, start, end)
        else:
            self.break_line(start)
            self.faults.silent_until = start
            self.again = self.source.text.rfind("\n", 0, line)

    def outdented_line(self, place: int) -> int:
        """Where the next line starts that is not further right than the line of a place."""
        indentation = self.indentation(place)
        lines = re.compile(_CODE).finditer(self.source.text, place)
        return next(match.end() for match in lines if len(match[1]) <= indentation)

    def late_brace(self, newline: int) -> None:
        """Report a `{` on a line of its own; the newline before it is left out."""
        brace = re.compile(_BODY).match(self.source.text, newline)
        assert brace is not None
        message = "`{` stands on the line of what it opens"
        help = "put it at the end of the line above"
        self.faults.error("syntax", brace.end() - 1, brace.end(), message, help=help)

    def skip(self, kind: int, start: int, end: int) -> None:
        """Leave out the line that is being read, and its rest from this token on."""
        self.skipped = self.break_line(start)
        if kind != NEWLINE:
            self.feed(kind, start, end)

    def loud(self) -> int:
        """How many brackets are open up to the innermost that holds lines."""
        loud = len(self.brackets)
        while loud and not self.brackets[loud - 1].loud:
            loud -= 1
        return loud

    def break_line(self, start: int) -> list[Bracket]:
        """Put a mark in the place of the line that is being read; gives what was open in it."""
        dropped = self.brackets[self.loud() :]
        del self.brackets[self.loud() :]
        if self.last == BRACE_END and self.accepts(NEWLINE, BROKEN):
            self.take(NEWLINE, self.end, self.end)
        floor = self.brackets[-1].height if self.brackets else 0
        while len(self.states) - 1 > floor and not self.at_line_start():
            start = min(self.pop(1)[1], start)
        self.take(BROKEN, self.end, self.end)
        if not self.brackets:
            self.lose(start)
        return dropped

    def at_line_start(self) -> bool:
        """Whether what is read so far ends behind a line."""
        if not self.entered:
            self.entered = tables().entered()
        return (
            self.entered[self.states[-1]] in PARTS
            and self.rows[self.states[-1]].get(BROKEN, -1) >= 0
        )

    def lose(self, start: int) -> None:
        """Note the names that a lost declaration would have made known."""
        text = self.source.text
        end = text.find("\n", start)
        words = re.compile(_WORD).findall(text, start, end if end >= 0 else len(text))
        self.lost += words[1:] if words[:1] in (["use"], ["let"]) else words[1:2]

    def close(self, count: int) -> None:
        """Close brackets down to a number of them, as if what closes them were there."""
        while len(self.brackets) > count:
            closer = self.brackets[-1].closer
            if not self.accepts(closer):
                self.break_line(self.end)
            else:
                self.take(closer, self.end, self.end)
                self.brackets.pop()
