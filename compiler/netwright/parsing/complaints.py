"""Says what is wrong where a token cannot stand: what was found, what was expected, what to do."""

from netwright.parsing import habits
from netwright.parsing.machine import Machine
from netwright.parsing.reader import Reader
from netwright.parsing.symbols import (
    BROKEN,
    COMMA,
    END,
    JOINING,
    NAME,
    NEWLINE,
    OPERANDS,
    OPERATORS,
    symbols,
)
from netwright.parsing.tables import tables

_LAST = tables().symbols["_RANGE"]
_LONGEST = 40
_OPENERS = symbols("LPAR _LIST _INDEX _BRANCHES")
_STARTS = (
    (symbols("NUMBER"), "a value", symbols("RPAR RSQB COLON")),
    (symbols("REQUIRE REPEAT"), "a line", symbols("RBRACE")),
    (symbols("BLOCK USE"), "a declaration", frozenset[int]()),
    (symbols("REPEAT"), "a layer", symbols("RSQB")),
    (symbols("NAME"), "a name", symbols("RPAR RSQB STRING")),
)
"""Where a token of each could stand, what is expected there, and what else may be."""


def tell(reader: Reader, kind: int, start: int, end: int) -> None:
    """Report a token that cannot stand where it stands, in a file."""
    expected = expectations(reader)
    habit = habits.known(reader, kind, start, end, expected)
    if habit is not None:
        reader.faults.error("syntax", habit.start, habit.end, habit.message, help=habit.help)
        return
    message, help = plain(reader, kind, start, end, expected)
    if kind == END:
        start = end = reader.end
    reader.faults.error("syntax", start, end, message, help=help)


def plain(
    machine: Machine, kind: int, start: int, end: int, expected: frozenset[int]
) -> tuple[str, str]:
    """What was expected and what was found, and the help where the mistake is a common one."""
    text = machine.source.text
    before, found = text[machine.at : machine.end], shown(text[start:end])
    after = f" after {shown(before)}" if before.strip() else ""
    if kind in (END, NEWLINE):
        found = "the end of the file" if kind == END else "the end of the line"
    help = ""
    if COMMA in expected and starts_value(kind) and before:
        help = f"a comma is missing: `{before[-_LONGEST:]}, {text[start:end][:_LONGEST]}`"
    elif kind == machine.last == COMMA:
        help = "remove one of the two commas"
    return f"expected {worded(expected)}{after}, found {found}", help


def starts_value(kind: int) -> bool:
    """Whether a token starts a value, or a branch."""
    return kind in OPERANDS or (tables().fallback.get(kind) == NAME and kind not in JOINING)


def expectations(machine: Machine) -> frozenset[int]:
    """The tokens that could stand here."""
    row = machine.rows[machine.states[-1]]
    return frozenset(k for k in row if k <= _LAST and k != BROKEN and machine.accepts(k))


def worded(expected: frozenset[int]) -> str:
    """What could stand in a place, in words."""
    words, left = [], expected
    for tokens, word, others in _STARTS:
        if tokens <= expected:
            words, left = [word], expected & others
            break
    else:
        left = expected - OPERATORS - _OPENERS or expected
    if NEWLINE in left or END in left:
        left -= symbols("RBRACE RSQB")
    if symbols("COMMA RPAR") <= left:
        left -= symbols("EQUAL")
    spellings = tables().spellings
    words += sorted(f"`{spellings[kind]}`" for kind in left if kind in spellings)
    if NEWLINE in left or END in left:
        words.append("the end of the line")
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def shown(text: str) -> str:
    """A piece of the source as messages show it."""
    return f"`{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}`"
