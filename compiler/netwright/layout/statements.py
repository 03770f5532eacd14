"""Where each kind of statement may break."""

from netwright.layout.assignments import simple
from netwright.layout.doc import SOFT, SPACE, Group, IfBroken, Indent, Lazy
from netwright.layout.expressions import (
    BARE,
    COLON,
    IN,
    INSIDE,
    bracket,
    expression,
    items,
    sequence,
)
from netwright.layout.page import Doc
from netwright.layout.parentheses import Parens, if_ends_break, value, wish
from netwright.layout.scan import Line
from netwright.layout.tree import COMMA, Node, Trailer, parse, parse_all

FROM, IMPORT, EQUALS = frozenset({"from"}), frozenset({"import"}), frozenset({"="})
COMMA_AS = frozenset({",", "as"})
NEVER_EMITTED = frozenset({":=", "await", "del", "global", "lambda", "nonlocal", "yield"})
FIRST, SECOND, WHOLE = 1, 2, 3


def document(line: Line) -> Doc:
    """How a statement, or the head of a compound one, may break."""
    make = BY_KEYWORD.get(line.words[0])
    if not NEVER_EMITTED.isdisjoint(line.words) or (not make and line.words[-1] == ":"):
        return line.text
    return (make or simple)(line, len(line.words))


def _test(line: Line, last: int) -> Doc:
    """``if``, ``elif``, ``while``, and ``with`` of one manager without a name."""
    if line.words[0] == "with" and line.find(COMMA_AS, 1, last):
        return line.text
    return [line.words[0] + " ", value(parse(line, 1, last - 1), FIRST), ":"]


def _for(line: Line, last: int) -> Doc:
    at = line.find(IN, 1, last)[0]
    if line.find(COMMA, 1, at):
        target = if_ends_break(items(line, 1, at, "(", level=FIRST), FIRST)
    else:
        target = value(parse(line, 1, at), FIRST)
    return ["for ", target, " in ", value(parse_all(line, at + 1, last - 1), SECOND), ":"]


def _return(line: Line, last: int) -> Doc:
    if len(line.find(COMMA, 1, last)) == 1:
        return ["return ", if_ends_break(items(line, 1, last, "(", level=FIRST), FIRST)]
    return ["return ", value(parse_all(line, 1, last), FIRST)]


def _raise(line: Line, last: int) -> Doc:
    doc: list[Doc] = ["raise "]
    for group, (first, end) in enumerate(line.split(FROM, 1, last), FIRST):
        doc += [" from "] if group > FIRST else []
        doc.append(_if_broken_or_never(parse(line, first, end), group))
    return doc


def _decorator(line: Line, last: int) -> Doc:
    return ["@", _if_broken_or_never(parse(line, 1, last), FIRST)]


def _if_broken_or_never(node: Node, group: int) -> Doc:
    """A value for which nothing gets parentheses only to fit."""
    wished = wish(node)
    return value(node, group, wished=Parens.NEVER if wished == Parens.IF_BETTER else wished)


def _if_broken(node: Node, group: int) -> Doc:
    """A value that gets parentheses whether or not they make it fit."""
    wished = wish(node)
    return value(node, group, wished=Parens.IF_BROKEN if wished == Parens.IF_BETTER else wished)


def _assert(line: Line, last: int) -> Doc:
    (first, end), *message = line.split(COMMA, 1, last)
    doc: list[Doc] = ["assert ", value(parse(line, first, end), FIRST)]
    for first, end in message:
        doc += [", ", _if_broken(parse(line, first, end), SECOND)]
    return doc


def _import(line: Line, last: int) -> Doc:
    at = line.find(IMPORT, 0, last)[0] + 1
    if line.words[at] == "*":
        return line.text
    return [line.cut(0, at) + " ", sequence(line, at, last, least=1)]


def _class(line: Line, last: int) -> Doc:
    return [line.cut(0, 2), bracket(line, 2, BARE, is_trailer=True) if last > 3 else "", ":"]


def _def(line: Line, last: int) -> Doc:
    """The parameters break before the annotation of what is returned."""
    opening = line.words.index("(")
    closing = line.partner[opening]
    has_parameters = opening + 1 < closing
    doc: list[Doc] = ["()"]
    if has_parameters:
        doc = ["(", Indent([SOFT, _parameters(line, opening + 1, closing)]), SOFT, ")"]
    if closing + 2 < last:
        doc += [" -> ", _returned(parse(line, closing + 2, last - 1), has_parameters)]
    return [line.cut(0, opening), Group(doc, WHOLE), ":"]


def _returned(node: Node, has_parameters: bool) -> Doc:
    if not has_parameters:
        return _if_broken(node, SECOND)
    if isinstance(node, Trailer) and node.is_subscript:
        return _if_broken_or_never(node, SECOND)
    return value(node, SECOND)


def _parameters(line: Line, first: int, last: int) -> Doc:
    """One a line with a comma behind the last, or several together on one line."""
    ranges = line.split(COMMA, first, last)

    def apart() -> Doc:
        doc: list[Doc] = []
        for start, end in ranges:
            doc += [_parameter(line, start, end), ",", SPACE]
        return [*doc[:-2], IfBroken(",")]

    return Lazy(line.cut(first, last), apart) if len(ranges) > 1 else apart()


def _parameter(line: Line, first: int, last: int) -> Doc:
    """``name: annotation = default``; what is missing is missing from the text."""
    cuts = [*line.find(COLON, first, last)[:1], *line.find(EQUALS, first, last)]
    doc: list[Doc] = [line.cut(first, cuts[0] if cuts else last)]
    for at, end in zip(cuts, [*cuts, last][1:], strict=True):
        doc.append(line.text[line.ends[at - 1] : line.starts[at + 1]])
        doc.append(expression(parse(line, at + 1, end), INSIDE))
    return doc


BY_KEYWORD = {
    "@": _decorator,
    "assert": _assert,
    "class": _class,
    "def": _def,
    "elif": _test,
    "for": _for,
    "from": _import,
    "if": _test,
    "raise": _raise,
    "return": _return,
    "while": _test,
    "with": _test,
}
