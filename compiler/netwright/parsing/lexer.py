"""Cuts a spec into tokens, and sets its comments, docs and unreadable characters aside.

Which newlines end a line depends on brackets, so it is the reader that drops those that do not.
"""

import re
from collections.abc import Iterator

from netwright.parsing import characters
from netwright.parsing.docs import Docs
from netwright.parsing.faults import Faults
from netwright.parsing.symbols import (
    ARROW,
    END,
    INDEX,
    KERNEL,
    LIST,
    NAME,
    NEWLINE,
    NUMBER,
    STRING,
    TEMPLATE,
)
from netwright.parsing.tables import tables
from netwright.source import Source

Token = tuple[int, int, int]
"""Symbol, start and end."""

_WORDS = (TEMPLATE, NAME, KERNEL, NUMBER, STRING)
_GROUPS = (
    r"\n",
    r"#[^\n]*",
    r"->|\*\*|//|[=!<>]=|\.\.|[-+*/%<>=(){}\[\],:.]|_(?![A-Za-z0-9_])",
    *(tables().patterns[word] for word in _WORDS),
    r'"[^\n]*',
    r"[0-9](?:[A-Za-z0-9_]|\.(?!\.))*",
    r"&&?|\|[|>]?|:=|[^\x00-\x7f]+|\Z|.",
)
_TOKEN = re.compile(rf"[ \t\r\f\v]*(?:{'|'.join(f'({group})' for group in _GROUPS)})")
_LINE, _COMMENT, _SIGN, _NAME, _STRAY = 1, 2, 3, 5, 9
_KINDS = (END, NEWLINE, END, END, *_WORDS, STRING, NUMBER, END)


def tokens(source: Source, start: int, end: int, faults: Faults, docs: Docs) -> Iterator[Token]:
    """Tokens of a part of a source; newlines in a row are one, those beside `->` are none."""
    literals, text = tables().literals, source.text
    newline, last = -1, END
    for match in _TOKEN.finditer(text, start, end):
        group = match.lastindex or 0
        first, after = match.span(group)
        if group == _NAME:
            kind = literals.get(text[first:after], NAME)
        elif group == _SIGN:
            kind = literals[text[first:after]]
            if kind == LIST and first and text[first - 1] not in " \t\n[(,":
                kind = INDEX
        elif group <= _COMMENT:
            if group == _LINE:
                docs.newline()
                newline = first if newline < 0 else newline
            else:
                docs.comment(first, after)
            continue
        else:
            kind = _KINDS[group]
            if group >= _STRAY and first < after and not characters.mend(faults, first, after):
                continue
        if docs.pending:
            docs.attach(first)
        if newline >= 0:
            if kind != ARROW and last != ARROW:
                yield NEWLINE, newline, newline
            newline = -1
        yield kind, first, after
        if kind == END:
            return
        last = kind
