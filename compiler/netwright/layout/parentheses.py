"""Which expressions get parentheses so that they can break, as `ruff format` decides."""

from enum import Enum, auto

from netwright.layout.doc import SOFT, Group, IfBroken, Indent, Lazy, ParenthesesIfBetter
from netwright.layout.expressions import BARE, INSIDE, expression, in_parentheses
from netwright.layout.page import Doc
from netwright.layout.tree import (
    ATTRIBUTE,
    CONDITIONAL,
    INVERSION,
    PRECEDENCE,
    Bracket,
    Conditional,
    Node,
    Operation,
    Prefix,
    Sequence,
    Trailer,
    is_called,
    is_empty,
    is_fluent,
)


class Parens(Enum):
    """When an expression has parentheses around it that are not its own."""

    IF_BROKEN = auto()
    IF_BETTER = auto()
    NEVER = auto()


def wish(node: Node) -> Parens:
    """When a node wants parentheses: if it breaks, only if they make it fit, or never."""
    while not is_fluent(node):
        if isinstance(node, Operation | Conditional):
            return Parens.IF_BROKEN
        if isinstance(node, Bracket | Sequence):
            return Parens.NEVER
        if isinstance(node, Trailer):
            node = node.base
        elif isinstance(node, Prefix):
            node = node.operand
        else:
            return Parens.IF_BETTER
    return Parens.IF_BROKEN


def value(node: Node, group: int, *, wished: Parens | None = None) -> Doc:
    """An expression that ends a statement or stands in its head."""
    wished = wished or wish(node)
    if wished == Parens.NEVER:
        return expression(node, BARE)
    if wished == Parens.IF_BETTER:
        return ParenthesesIfBetter(expression(node, group), group)
    if breaks_well(node):
        return if_ends_break(expression(node, group), group)
    return Lazy(node.text, lambda: in_parentheses(expression(node, INSIDE)))


def if_ends_break(doc: Doc, group: int) -> Doc:
    """In parentheses only if it does not fit with its first or last bracket broken."""
    inner = Indent([SOFT, doc], group)
    return Group([IfBroken("("), inner, SOFT, IfBroken(")")], group)


def breaks_well(node: Node) -> bool:
    """Whether it begins or ends in a bracket and has no other place to break as well."""
    survey = Survey()
    survey.visit_below(node)
    if not survey.has_brackets or survey.count > 1:
        return False
    if survey.precedence <= ATTRIBUTE:
        return True
    return any(end is not None and _opens(end) for end in (survey.first, survey.last))


def _opens(node: Node) -> bool:
    """Whether it is a bracket or a call, with something in it."""
    if isinstance(node, Trailer) and (node.is_attribute or node.is_subscript):
        return False
    return isinstance(node, Bracket | Trailer) and not is_empty(node)


class Survey:
    """The loosest operators of an expression, and what stands at both its ends."""

    __slots__ = ("begun", "count", "first", "has_brackets", "last", "precedence")

    def __init__(self) -> None:
        self.precedence = 0
        self.count = 0
        self.has_brackets = False
        self.begun = False
        self.first: Node | None = None
        self.last: Node | None = None

    def visit(self, node: Node) -> None:
        """Take a node and what is below it into account."""
        self.last = node
        self.visit_below(node)
        if not self.begun:
            self.begun, self.first = True, node

    def visit_below(self, node: Node) -> None:
        """The parts of a node, without those in brackets."""
        if isinstance(node, Trailer):
            self._trailer(node)
            return
        if isinstance(node, Bracket):
            self.has_brackets = True
        elif isinstance(node, Operation):
            for operator in node.operators:
                self._operator(PRECEDENCE[operator.split()[0]], 1)
        elif isinstance(node, Conditional):
            self._operator(CONDITIONAL, 2)
        elif isinstance(node, Prefix):
            self.begun = True
            if node.line.words[node.first] == "~":
                self._operator(INVERSION, 1)
        for part in node.parts:
            self.visit(part)

    def _trailer(self, node: Trailer) -> None:
        self.visit(node.base)
        if not node.is_attribute:
            self.has_brackets = True
        elif is_called(node.base) or isinstance(node.base, Bracket):
            self._operator(ATTRIBUTE, 1)
        self.last = node

    def _operator(self, precedence: int, count: int) -> None:
        if precedence > self.precedence:
            self.precedence, self.count = precedence, count
        elif precedence == self.precedence:
            self.count += count
