"""Where expressions may break: the rules of `ruff format` for each kind of node.

A level says in what parentheses a node stands: `BARE` in none, so that it may break only in its
own brackets; `INSIDE` in some; a positive number in those that the group of that number adds if
it is expanded.
"""

from collections.abc import Callable

from netwright.layout.doc import (
    SOFT,
    SPACE,
    Group,
    GroupIfBroken,
    IfBroken,
    IfFlat,
    Indent,
    Lazy,
    Roomy,
)
from netwright.layout.page import Doc
from netwright.layout.scan import Line
from netwright.layout.tree import (
    COMMA,
    PRECEDENCE,
    Bracket,
    Conditional,
    Node,
    Operation,
    Prefix,
    Sequence,
    Trailer,
    chain,
    is_called,
    is_fluent,
    is_grouping,
    parse,
)

BARE, INSIDE = -1, 0
COLON, IN = frozenset({":"}), frozenset({"in"})
FOR, FOR_IF = frozenset({"for"}), frozenset({"for", "if"})


def expression(node: Node, level: int) -> Doc:
    """The document of a node at a level."""
    if isinstance(node, Trailer):
        return _trailer(node, level)
    if isinstance(node, Bracket):
        return bracket(node.line, node.first, level)
    if isinstance(node, Operation):
        return _operation(node, 0, len(node.operators), level)
    if isinstance(node, Conditional):
        return _group(node.text, level, lambda: _conditional(node, level))
    if isinstance(node, Prefix):
        cut = node.line.cut(node.first, node.first + 1)
        space = " " if cut.isalpha() else ""
        return [cut + space, expression(node.operand, level)]
    if isinstance(node, Sequence):
        return sequence(node.line, node.first, node.last)
    return node.text


def sequence(line: Line, first: int, last: int, *, least: int = 2) -> Doc:
    """A tuple without parentheses, or the names of an import: with them if it breaks."""

    def broken() -> Doc:
        return in_parentheses(items(line, first, last, "(", least=least))

    return Lazy(line.cut(first, last), broken)


def in_parentheses(doc: Doc) -> Doc:
    """A document on lines of its own within parentheses."""
    return ["(", Indent([SOFT, doc]), SOFT, ")"]


def _group(text: str, level: int, make: Callable[[], Doc]) -> Doc:
    """A group, but only within parentheses."""
    if level == INSIDE:
        return Lazy(text, make)
    return make() if level == BARE else GroupIfBroken(make(), level)


def _space(level: int) -> Doc:
    """A space that may be a line break, but only within parentheses."""
    if level == INSIDE:
        return SPACE
    return " " if level == BARE else [IfBroken(SPACE, level), IfFlat(" ", level)]


def _operation(node: Operation, first: int, last: int, level: int) -> Doc:
    """The operands ``first`` to ``last`` and the operators between them."""
    if first == last:
        return expression(node.operands[first], level)
    text = node.line.cut(node.operands[first].first, node.operands[last].last)
    return _group(text, level, lambda: _split_operation(node, first, last, level))


def _split_operation(node: Operation, first: int, last: int, level: int) -> Doc:
    """Broken before each of the operators that bind loosest."""
    precedences = [PRECEDENCE[name.split()[0]] for name in node.operators[first:last]]
    loosest = max(precedences)
    doc: list[Doc] = []
    for at, precedence in enumerate(precedences, first):
        if precedence == loosest:
            doc.append(_operation(node, first, at, level))
            doc += _operator(node, at, level)
            first = at + 1
    doc.append(_operation(node, first, last, level))
    return doc


def _operator(node: Operation, at: int, level: int) -> list[Doc]:
    """An operator with what is around it: nothing around a power of simple operands."""
    left, right, name = node.operands[at], node.operands[at + 1], node.operators[at]
    if node.line.starts[right.first] > node.line.ends[left.last - 1] + len(name):
        return [_space(level), name + " "]
    if level == BARE:
        return [name]
    group = max(level, 0)
    return [IfBroken(SOFT, group), name, IfBroken(" ", group)]


def _conditional(node: Conditional, level: int) -> Doc:
    """Broken before ``if`` and ``else``; conditionals in the alternative break along."""
    doc: list[Doc] = [expression(node.body, level), _space(level)]
    doc += ["if ", expression(node.test, level), _space(level), "else "]
    orelse = node.orelse
    if isinstance(orelse, Conditional):
        doc.append(_conditional(orelse, level))
    else:
        doc.append(_group(orelse.text, level, lambda: expression(orelse, level)))
    return doc


def _trailer(node: Trailer, level: int) -> Doc:
    """Attributes, calls and subscripts; a fluent chain may break before its dots."""
    if level == BARE or not is_fluent(node):
        return [_link(link, level, "") for link in chain(node)]
    if level == INSIDE:
        return Lazy(node.text, lambda: [_link(link, level, SOFT) for link in chain(node)])
    return Group([_link(link, level, SOFT) for link in chain(node)], -level)


def _link(link: Node, level: int, dot: Doc) -> Doc:
    if not isinstance(link, Trailer):
        return expression(link, level)
    if not link.is_attribute:
        return bracket(link.line, link.at, level, is_trailer=True)
    text = "." + link.line.words[link.at + 1]
    return [dot, text] if is_called(link.base) or is_grouping(link.base) else text


def bracket(line: Line, at: int, level: int, *, is_trailer: bool = False) -> Doc:
    """A bracket whose content is on its line or has lines of its own."""
    first, last = at + 1, line.partner[at]
    opening, closing = line.words[at], line.words[last]
    if first == last:
        return opening + closing
    text = line.cut(first, last)

    def content() -> Doc:
        inner = _content(line, first, last, opening)
        return [Indent([SOFT, Lazy(text, lambda: inner) if is_trailer else inner]), SOFT]

    doc: Doc = Lazy(text, content)
    return [opening, Roomy(doc, level) if level > 0 else doc, closing]


def _content(line: Line, first: int, last: int, opening: str) -> Doc:
    """What is in a bracket: a comprehension or items."""
    if line.find(FOR, first, last):
        return Lazy(line.cut(first, last), lambda: comprehension(line, first, last, opening))
    return items(line, first, last, opening)


def items(
    line: Line, first: int, last: int, opening: str, *, level: int = INSIDE, least: int = 2
) -> Doc:
    """Items one a line, with a comma behind the last if there are ``least`` or more."""
    ranges = line.split(COMMA, first, last)
    if ranges[-1][0] == last:
        return [_item(line, *ranges[0], opening, level), ","]
    doc: list[Doc] = []
    for start, end in ranges:
        doc += [_item(line, start, end, opening, level), ",", SPACE]
    del doc[-2:]
    if len(ranges) >= least:
        doc.append(IfBroken(","))
    return doc


def _item(line: Line, first: int, last: int, opening: str, level: int) -> Doc:
    """An expression, an argument with its name, a slice, or a key with its value."""
    if line.words[first] in ("*", "**"):
        return [line.words[first], expression(parse(line, first + 1, last), level)]
    if opening == "{" and (colons := line.find(COLON, first, last)):
        return Lazy(line.cut(first, last), lambda: _pair(line, first, colons[0], last))
    if opening == "[":
        return _slice(line, first, last)
    if first + 1 < last and line.words[first + 1] == "=":
        return [line.words[first] + "=", expression(parse(line, first + 2, last), level)]
    return expression(parse(line, first, last), level)


def _pair(line: Line, first: int, colon: int, last: int) -> Doc:
    key, value = parse(line, first, colon), parse(line, colon + 1, last)
    return [expression(key, INSIDE), ": ", expression(value, INSIDE)]


def _slice(line: Line, first: int, last: int) -> Doc:
    """An expression, or several with colons between them, spaced as they are."""
    doc: list[Doc] = []
    end = line.starts[first]
    for start, stop in line.split(COLON, first, last):
        if start < stop:
            doc.append(line.text[end : line.starts[start]])
            doc.append(expression(parse(line, start, stop), INSIDE))
            end = line.ends[stop - 1]
    doc.append(line.text[end : line.ends[last - 1]])
    return doc


def comprehension(line: Line, first: int, last: int, opening: str) -> Doc:
    """An element, and each ``for`` and ``if`` on a line of its own."""
    start = line.find(FOR, first, last)[0]
    clauses = line.find(FOR_IF, start, last)
    doc: list[Doc] = [_item(line, first, start, opening, INSIDE)]
    for at, end in zip(clauses, [*clauses[1:], last], strict=True):
        begin = at + 1
        if line.words[at] == "for":
            begin = line.find(IN, at, end)[0] + 1
        doc += [SPACE, line.cut(at, begin) + " "]
        doc.append(expression(parse(line, begin, end), INSIDE))
    return doc
