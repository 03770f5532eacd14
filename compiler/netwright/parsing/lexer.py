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
_LINE, _COMMENT, _STRAY = 1, 2, 9
_KINDS = (0, 0, 0, 0, TEMPLATE, 0, KERNEL, NUMBER, STRING, STRING, NUMBER, 0)
"""The symbol of each group, 0 where the text decides."""


def tokens(source: Source, start: int, end: int, faults: Faults, docs: Docs) -> Iterator[Token]:
    """Tokens of a part of a source; newlines in a row are one, those beside `->` are none."""
    text = source.text
    newline, last = -1, NEWLINE
    for match in _TOKEN.finditer(text, start, end):
        group = match.lastindex or 0
        first, after = match.span(group)
        if group == _LINE:
            docs.newline()
            newline = first if newline < 0 else newline
        elif group == _COMMENT:
            docs.comment(first, after)
        elif group < _STRAY or first == after or characters.mend(faults, first, after):
            kind = _KINDS[group] or _sign(text, first, after)
            if docs.pending:
                docs.attach(first)
            if newline >= 0 and kind != ARROW and last != ARROW:
                yield NEWLINE, newline, newline
            yield kind, first, after
            newline, last = -1, kind
        if last == END:
            return


def _sign(text: str, start: int, end: int) -> int:
    """The symbol of a word or sign; nothing at all is the end."""
    word = text[start:end]
    if word == "[" and start and (text[start - 1].isalnum() or text[start - 1] in "_})]"):
        return INDEX
    return tables().literals.get(word, NAME) if word else END
