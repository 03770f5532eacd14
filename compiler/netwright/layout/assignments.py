"""Where assignments and statements that are an expression may break."""

from netwright.layout.doc import SOFT, Choice, Expanded, Indent
from netwright.layout.expressions import BARE, COLON, COMMA, expression
from netwright.layout.page import Doc
from netwright.layout.parentheses import IF_BETTER, IF_BROKEN, in_parentheses, sequence, value, wish
from netwright.layout.scan import Line
from netwright.layout.tree import (
    PRECEDENCE,
    Atom,
    Bracket,
    Node,
    Operation,
    Prefix,
    Trailer,
    is_called,
    is_empty,
    parse,
)

ASSIGN = frozenset({"=", *(f"{operator}=" for operator in "+ - * / // % @ ** & | ^ << >>".split())})
TARGET, VALUE = 1, 2
GETS_PARENTHESES = frozenset(PRECEDENCE[operator] for operator in ("+", "<<", "^", "|"))


def simple(line: Line, last: int) -> Doc:
    """An assignment, a declaration or an expression."""
    found = line.find(ASSIGN, 0, last)
    colons = line.find(COLON, 0, found[0] if found else last)
    if colons:
        return _declaration(line, colons[0], found[0] if found else last, last)
    if not found:
        return _expression(line, last)
    operator, start = line.words[found[-1]], found[-1] + 1
    starts = [0, *(at + 1 for at in found)]
    targets = [Side(line, first, end) for first, end in zip(starts, found, strict=False)]
    return _assignment(targets, f" {operator} ", Side(line, start, last))


def _expression(line: Line, last: int) -> Doc:
    """Only some operators give a statement parentheses; others leave it too long."""
    if line.find(COMMA, 0, last):
        return sequence(line, 0, last)
    node = parse(line, 0, last)
    if isinstance(node, Operation):
        loosest = max(PRECEDENCE[operator.split()[0]] for operator in node.operators)
        if loosest in GETS_PARENTHESES:
            return value(node, VALUE)
    return expression(node, BARE)


class Side:
    """One side of an assignment, which may be a tuple without parentheses."""

    __slots__ = ("first", "last", "line", "node")

    def __init__(self, line: Line, first: int, last: int) -> None:
        self.line = line
        self.first = first
        self.last = last
        is_tuple = bool(line.find(COMMA, first, last))
        self.node = None if is_tuple else parse(line, first, last)

    @property
    def has_brackets(self) -> bool:
        """Whether it breaks in brackets of its own, or gets them if it breaks."""
        return self.node is None or isinstance(self.node, Bracket) or is_called(self.node)

    def bare(self) -> Doc:
        """Broken in its brackets only, if it is not a tuple."""
        return expression(self.node, BARE) if self.node else sequence(self.line, self.first, self.last)

    def parenthesized(self, group: int) -> Doc:
        """Given parentheses where they help."""
        return value(self.node, group) if self.node else self.bare()
