"""Where assignments and statements that are an expression may break."""

from netwright.layout.doc import SOFT, Choice, Expanded, Indent, Lazy
from netwright.layout.expressions import BARE, COLON, INSIDE, expression, in_parentheses
from netwright.layout.page import Doc
from netwright.layout.parentheses import Parens, breaks_well, if_ends_break, value, wish
from netwright.layout.scan import Line
from netwright.layout.tree import (
    PRECEDENCE,
    Atom,
    Bracket,
    Node,
    Operation,
    Prefix,
    Sequence,
    Trailer,
    is_called,
    is_empty,
    parse,
    parse_all,
)

BINARY = ("+", "-", "*", "/", "//", "%", "@", "**", "&", "|", "^", "<<", ">>")
ASSIGN = frozenset({"=", *(f"{operator}=" for operator in BINARY)})
TARGET, VALUE = 1, 2
GETS_PARENTHESES = frozenset(PRECEDENCE[operator] for operator in ("+", "<<", "^", "|"))


def simple(line: Line, last: int) -> Doc:
    """An assignment, a declaration or an expression."""
    found = line.find(ASSIGN, 0, last)
    colons = line.find(COLON, 0, found[0] if found else last)
    if colons:
        return _declaration(line, colons[0], found[0] if found else last, last)
    if not found:
        return _lone(parse_all(line, 0, last))
    starts = [0, *(at + 1 for at in found)]
    targets = [parse_all(line, first, end) for first, end in zip(starts, found, strict=False)]
    operator = f" {line.words[found[-1]]} "
    return _assignment(targets, operator, parse_all(line, starts[-1], last))


def _lone(node: Node) -> Doc:
    """Only some operators give a statement parentheses; others leave it too long."""
    if isinstance(node, Operation):
        loosest = max(PRECEDENCE[operator.split()[0]] for operator in node.operators)
        if loosest in GETS_PARENTHESES:
            return value(node, VALUE)
    return expression(node, BARE)


def _declaration(line: Line, colon: int, equals: int, last: int) -> Doc:
    target, annotation = parse(line, 0, colon), parse(line, colon + 1, equals)
    doc: list[Doc] = [expression(target, BARE), ": "]
    if equals == last:
        return [*doc, value(annotation, VALUE)]
    node = parse_all(line, equals + 1, last)
    if _can_break(annotation):
        return [*doc, _right_first(annotation, " = ", node)]
    return [*doc, annotation.text, " = ", value(node, VALUE)]


def _can_break(node: Node) -> bool:
    while isinstance(node, Prefix) or (isinstance(node, Trailer) and node.is_attribute):
        node = node.operand if isinstance(node, Prefix) else node.base
    return not isinstance(node, Atom) and not is_empty(node)


def _assignment(targets: list[Node], operator: str, node: Node) -> Doc:
    *others, target = targets
    if not others and not _has_brackets(target):
        return [expression(target, BARE), operator, value(node, VALUE)]
    doc: list[Doc] = []
    for other in others:
        doc += [_target(other) if doc else expression(other, BARE), " = "]
    return [*doc, _right_first(target, operator, node)]


def _target(node: Node) -> Doc:
    if _takes_parentheses(node):
        return Lazy(node.text, lambda: in_parentheses(expression(node, INSIDE)))
    return expression(node, BARE)


def _right_first(target: Node, operator: str, node: Node) -> Doc:
    """The target breaks only where nothing on the right can make the statement fit."""
    left = _target(target)
    if _takes_parentheses(target) and breaks_well(target):
        left = if_ends_break(expression(target, TARGET), TARGET)
    if wish(node) != Parens.IF_BETTER or not isinstance(node, Atom | Trailer) or node.text == "...":
        return [left, operator, value(node, VALUE)]
    right = expression(node, BARE)
    variants: list[Doc] = [
        [left, operator, right],
        [left, operator, Expanded(right)],
        [left, operator, "(", Expanded([Indent([SOFT, right]), SOFT]), ")"],
        [Expanded(left), operator, right],
    ]
    if isinstance(node, Atom):
        del variants[1]
    return Choice(*variants)


def _has_brackets(node: Node) -> bool:
    """Whether it breaks in brackets of its own, or gets them if it breaks."""
    return isinstance(node, Bracket | Sequence) or is_called(node)


def _takes_parentheses(node: Node) -> bool:
    """Whether a target breaks by parentheses rather than in its own brackets."""
    if _has_brackets(node):
        return False
    while isinstance(node, Trailer) and node.is_attribute:
        node = node.base
        if _has_brackets(node):
            return False
    return True
