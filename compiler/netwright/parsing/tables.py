"""Reads `net.tables`, the LALR(1) tables that Lark made from the grammar.

A line is one of ``symbols NAME …`` (their numbers are their places), ``literal SYMBOL TEXT``,
``regex SYMBOL PATTERN``, ``kept SYMBOL …`` (tokens that nodes are
made from), ``fallback SYMBOL OTHER``, ``rule ORIGIN LENGTH ACTION CHILD …`` and
``state ACTION SYMBOL …,…``, where an action is the next state or the complement of a rule.
"""

from netwright.parsing import __name__ as package
from netwright.record import record
from netwright.resources import text

EXPRESSION = 1
"""The state in which an expression alone is read; a file is read in state 0."""


@record
class Rule:
    """A rule of the grammar: what it reduces, and which children its action takes (-1: none)."""

    origin: int
    length: int
    action: str
    children: tuple[int, ...]


class Rows(dict[int, dict[int, int]]):
    """Actions by state and symbol; a row is read when a parser first comes to it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def __missing__(self, state: int) -> dict[int, int]:
        row = self[state] = {}
        for group in filter(None, self.lines[state].split(",")):
            action, *symbols = map(int, group.split())
            for symbol in symbols:
                row[symbol] = action
        return row


class Tables:
    """Everything that the lexer and the machine need to know of the grammar."""

    def __init__(self, source: str) -> None:
        found: dict[str, list[str]] = {}
        for line in source.splitlines():
            kind, _, rest = line.partition(" ")
            found.setdefault(kind, []).append(rest)
        self.names = found["symbols"][0].split()
        self.symbols = {name: number for number, name in enumerate(self.names)}
        self.patterns = dict(self._spelled(found["regex"]))
        self.spellings = dict(self._spelled(found["literal"]))
        self.literals = {spelling: number for number, spelling in self.spellings.items()}
        pairs = (line.split() for line in found["fallback"])
        self.fallback = {int(kind): int(other) for kind, other in pairs}
        self.kept = frozenset(map(int, found["kept"][0].split()))
        self.rules = [self._rule(line) for line in found["rule"]]
        self.rows = Rows(found["state"])

    def entered(self) -> dict[int, int]:
        """The symbol that leads to each state: of an LALR table there is one alone."""
        return {
            state: symbol
            for number in range(len(self.rows.lines))
            for symbol, state in self.rows[number].items()
            if state >= 0
        }

    @staticmethod
    def _spelled(lines: list[str]) -> list[tuple[int, str]]:
        pairs = (line.split(" ", 1) for line in lines)
        return [(int(number), spelling) for number, spelling in pairs]

    @staticmethod
    def _rule(line: str) -> Rule:
        origin, length, action, *children = line.split()
        places = (-1 if child == "-" else int(child) for child in children)
        return Rule(int(origin), int(length), action, tuple(places))


_LOADED: list[Tables] = []


def tables() -> Tables:
    """The tables, read once."""
    if not _LOADED:
        _LOADED.append(Tables(text(package, "net.tables")))
    return _LOADED[0]
