"""Cuts a spec into tokens, and sets its comments, docs and unreadable characters aside.

Which newlines end a line depends on brackets, so the machine drops those that do not.
"""

import re
from collections.abc import Iterator

from netwright.parsing.docs import Docs
from netwright.parsing.faults import Faults
from netwright.parsing.tables import tables
from netwright.source import Source

END = 0
_SYMBOLS = tables().symbols
NEWLINE, ARROW, NAME, LIST, INDEX, NUMBER, STRING = map(
    _SYMBOLS.__getitem__, ("_NL", "_ARROW", "NAME", "_LIST", "_INDEX", "NUMBER", "STRING")
)

Token = tuple[int, int, int]
"""Symbol, start and end."""

_WORDS = ("TEMPLATE", "NAME", "KERNEL", "NUMBER", "STRING")
_SYNTAX = "|".join(
    [
        r"(\n)",
        r"(#[^\n]*)",
        r"(->|\*\*|//|[=!<>]=|\.\.|[-+*/%<>=(){}\[\],:.]|_(?![A-Za-z0-9_]))",
        *(f"({tables().patterns[_SYMBOLS[word]]})" for word in _WORDS),
        r'("[^\n]*)',
        r"([0-9](?:[A-Za-z0-9_]|\.(?!\.))*)",
        r"(&&?|\|[|>]?|:=|[^\x00-\x7f]+|\Z|.)",
    ]
)
"""All of it in one pattern; the groups are numbered as `_KINDS` says."""

_PATTERN = re.compile(rf"[ \t\r\f\v]*(?:{_SYNTAX})")
_LINE, _COMMENT, _SIGN, _WORD = 1, 2, 3, 5
_KINDS = (END, NEWLINE, END, END, *(_SYMBOLS[word] for word in _WORDS), STRING, NUMBER, END)
_OPEN, _ODD_NUMBER, _ODD = 9, 10, 11


class Lexer:
    """The tokens of a source, or of a part of it that holds an expression."""

    def __init__(self, source: Source, faults: Faults, docs: Docs) -> None:
        self.source = source
        self.faults = faults
        self.docs = docs

    def tokens(self, start: int, end: int) -> Iterator[Token]:
        """Tokens from ``start`` on; newlines in a row are one, those beside `->` are none."""
        literals, text = tables().literals, self.source.text
        newline = last = -1
        for match in _PATTERN.finditer(text, start, end):
            group = match.lastindex or 0
            first, after = match.span(group)
            if group == _LINE:
                self.docs.newline(first)
                newline = newline if newline >= 0 else first
                continue
            if group == _COMMENT:
                self.docs.comment(first, after)
                continue
            ...
