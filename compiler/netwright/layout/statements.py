"""Where each kind of statement may break."""

from collections.abc import Callable

from netwright.layout.doc import (
    SOFT,
    Choice,
    Expanded,
    Group,
    IfBroken,
    Indent,
    Lazy,
    ParenthesesIfBetter,
)
from netwright.layout.expressions import BARE, COLON, COMMA, IN, INSIDE, SPACE, bracket, expression
from netwright.layout.expressions import items
from netwright.layout.page import Doc
from netwright.layout.parentheses import (
    IF_BETTER,
    IF_BROKEN,
    NEVER,
    if_ends_break,
    sequence,
    value,
    wish,
)
from netwright.layout.scan import Line
from netwright.layout.tree import PRECEDENCE, Atom, Node, Operation, Trailer, parse

ARROW, FROM, IMPORT, AS = (frozenset({word}) for word in ("->", "from", "import", "as"))
EQUALS = frozenset({"="})
FIRST, SECOND, WHOLE = 1, 2, 3
PARENTHESIZED = frozenset(PRECEDENCE[operator] for operator in ("+", "<<", "^", "|"))


def statement(line: Line) -> Doc:
    """The document of a statement or of the head of a compound one."""
    make = BY_KEYWORD.get(line.words[0])
    if make:
        return make(line, len(line.words))
    return assignment_or_expression(line, len(line.words))


def _test(line: Line, last: int) -> Doc:
    """``if``, ``elif``, ``while`` and ``with``."""
    if line.words[0] == "with" and line.find(AS | COMMA, 1, last):
        return line.text
    return [line.words[0] + " ", value(parse(line, 1, last - 1), FIRST), ":"]


def _for(line: Line, last: int) -> Doc:
    at = line.find(IN, 1, last)[0]
    if line.find(COMMA, 1, at):
        target = if_ends_break(items(line, 1, at, "(", level=FIRST), FIRST)
    else:
        target = value(parse(line, 1, at), FIRST)
    return ["for ", target, " in ", _value(line, at + 1, last - 1, SECOND), ":"]


def _return(line: Line, last: int) -> Doc:
    if len(line.find(COMMA, 1, last)) == 1:
        return ["return ", if_ends_break(items(line, 1, last, "(", level=FIRST), FIRST)]
    return ["return ", _value(line, 1, last, FIRST)] if last > 1 else "return"


def _raise(line: Line, last: int) -> Doc:
    doc: list[Doc] = ["raise"]
    ranges = line.split(FROM, 1, last) if last > 1 else []
    for group, (first, end) in enumerate(ranges, FIRST):
        doc += [" from " if group > FIRST else " ", _optional(parse(line, first, end), group)]
    return doc


def _optional(node: Node, group: int) -> Doc:
    """A value that gets parentheses if it breaks, not if that only makes it fit."""
    wished = wish(node)
    return value(node, group, wished=NEVER if wished == IF_BETTER else wished)


def _assert(line: Line, last: int) -> Doc:
    ranges = line.split(COMMA, 1, last)
    doc: list[Doc] = ["assert ", value(parse(line, *ranges[0]), FIRST)]
    for first, end in ranges[1:]:
        doc += [", ", _breakable(parse(line, first, end), SECOND)]
    return doc


def _breakable(node: Node, group: int) -> Doc:
    """A value that also gets parentheses where they do not make it fit."""
    return value(node, group, wished=NEVER if wish(node) == NEVER else IF_BROKEN)


def _import(line: Line, last: int) -> Doc:
    at = line.find(IMPORT, 0, last)[0] + 1
    return [line.cut(0, at) + " ", sequence(line, at, last, least=1)]


def _decorator(line: Line, last: int) -> Doc:
    return ["@", _optional(parse(line, 1, last), FIRST)]


def _class(line: Line, last: int) -> Doc:
    if last == 3:
        return line.text
    return [line.cut(0, 2), bracket(line, 2, BARE, is_trailer=True), ":"]


def _def(line: Line, last: int) -> Doc:
    """A function's head: the parameters break before the annotation of what it returns."""
    opening = line.words.index("(")
    closing = line.partner[opening]
    doc: list[Doc] = [line.cut(opening, closing + 1)]
    if opening + 1 < closing:
        doc = ["(", Indent([SOFT, _parameters(line, opening + 1, closing)]), SOFT, ")"]
    if closing + 2 < last:
        doc += [" -> ", _returned(parse(line, closing + 2, last - 1), opening + 1 < closing)]
    return [line.cut(0, opening), Group(doc, WHOLE), ":"]
