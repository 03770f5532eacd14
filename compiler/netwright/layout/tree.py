"""Expressions as deep as their line breaks need: what is in a bracket stays words until asked."""

from collections.abc import Iterator

from netwright.layout.scan import Line

ATTRIBUTE, POWER, INVERSION, COMPARISON, CONDITIONAL = 1, 2, 3, 10, 12
PRECEDENCE = {"**": POWER, "+": 5, "-": 5, "<<": 6, ">>": 6, "&": 7, "^": 8, "|": 9}
PRECEDENCE |= dict.fromkeys(("*", "/", "//", "%", "@"), 4)
PRECEDENCE |= dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "is", "not"), COMPARISON)
PRECEDENCE |= dict.fromkeys(("and", "or"), 11)
COMMA, OWN_PARENTHESES = frozenset({","}), frozenset({",", "for"})
LOOSEST_OF_PREFIX = {"-": POWER, "+": POWER, "~": POWER, "not": COMPARISON}


class Node:
    """An expression: the words of a line from ``first`` up to ``last``."""

    __slots__ = ("first", "last", "line")

    def __init__(self, line: Line, first: int, last: int) -> None:
        self.line = line
        self.first = first
        self.last = last

    @property
    def text(self) -> str:
        """The expression on one line."""
        return self.line.cut(self.first, self.last)

    @property
    def parts(self) -> "Iterator[Node]":
        """The expressions that it consists of and no bracket hides, from left to right."""
        return iter(())


class Atom(Node):
    """A name, a number, a string, ``...``: nothing that can be broken."""

    __slots__ = ()


class Bracket(Node):
    """What begins with its own bracket: a list, a dict, a tuple, or ``(a + b)``."""

    __slots__ = ()


class Sequence(Node):
    """Several expressions with commas between and no brackets around them."""

    __slots__ = ()


class Prefix(Node):
    """``-x``, ``not x``, ``*x``: an operator before its one operand."""

    __slots__ = ("operand",)

    def __init__(self, line: Line, first: int, operand: Node) -> None:
        super().__init__(line, first, operand.last)
        self.operand = operand

    @property
    def parts(self) -> Iterator[Node]:
        """The operand."""
        yield self.operand


class Trailer(Node):
    """``base.name``, ``base(...)`` or ``base[...]``; ``at`` is the dot or the bracket."""

    __slots__ = ("at", "base")

    def __init__(self, base: Node, at: int, last: int) -> None:
        super().__init__(base.line, base.first, last)
        self.base = base
        self.at = at

    @property
    def is_attribute(self) -> bool:
        """Whether it is ``base.name``."""
        return self.line.words[self.at] == "."

    @property
    def is_subscript(self) -> bool:
        """Whether it is ``base[...]``."""
        return self.line.words[self.at] == "["


class Operation(Node):
    """Operands and the operators between them, ``a * b + c``, whatever binds tighter."""

    __slots__ = ("operands", "operators")

    def __init__(self, operands: list[Node], operators: list[str]) -> None:
        super().__init__(operands[0].line, operands[0].first, operands[-1].last)
        self.operands = operands
        self.operators = operators

    @property
    def parts(self) -> Iterator[Node]:
        """The operands."""
        return iter(self.operands)


class Conditional(Node):
    """``body if test else orelse``."""

    __slots__ = ("body", "orelse", "test")

    def __init__(self, body: Node, test: Node, orelse: Node) -> None:
        super().__init__(body.line, body.first, orelse.last)
        self.body = body
        self.test = test
        self.orelse = orelse

    @property
    def parts(self) -> Iterator[Node]:
        """Body, test and alternative."""
        yield self.body
        yield self.test
        yield self.orelse


def parse_all(line: Line, first: int, last: int) -> Node:
    """The expression, or the sequence of them, from ``first`` up to ``last``."""
    commas = line.find(COMMA, first, last)
    return Sequence(line, first, last) if commas else parse(line, first, last)


def parse(line: Line, first: int, last: int) -> Node:
    """The expression that the words from ``first`` up to ``last`` are."""
    node = _conditional(line, first, last)
    return node if node.last == last else Atom(line, first, last)


def _conditional(line: Line, at: int, last: int) -> Node:
    body = _operation(line, at, last, CONDITIONAL - 1)
    if body.last >= last or line.words[body.last] != "if":
        return body
    test = _operation(line, body.last + 1, last, CONDITIONAL - 1)
    return Conditional(body, test, _conditional(line, test.last + 1, last))


def _operation(line: Line, at: int, last: int, loosest: int) -> Node:
    """Operands as long as the operators between them bind at least as tight as ``loosest``."""
    words = line.words
    operands = [_operand(line, at, last)]
    operators = []
    while (at := operands[-1].last) < last and PRECEDENCE.get(words[at], 99) <= loosest:
        width = 2 if (words[at], words[at + 1]) in (("is", "not"), ("not", "in")) else 1
        operators.append(line.cut(at, at + width))
        operands.append(_operand(line, at + width, last))
    return Operation(operands, operators) if operators else operands[0]


def _operand(line: Line, at: int, last: int) -> Node:
    word = line.words[at]
    if word in LOOSEST_OF_PREFIX:
        return Prefix(line, at, _operation(line, at + 1, last, LOOSEST_OF_PREFIX[word]))
    node: Node = Atom(line, at, at + 1)
    if at in line.partner:
        node = Bracket(line, at, line.partner[at] + 1)
    while (at := node.last) < last and line.words[at] in ".([":
        node = Trailer(node, at, line.partner.get(at, at + 1) + 1)
    return node


def chain(node: Node) -> list[Node]:
    """A node without trailers, and the trailers that follow it one by one."""
    links = [node]
    while isinstance(node, Trailer):
        node = node.base
        links.append(node)
    return links[::-1]


def is_grouping(node: Node) -> bool:
    """Whether it is an expression in parentheses that are not its own, as ``(a + b)``."""
    if not isinstance(node, Bracket) or node.line.words[node.first] != "(":
        return False
    first, last = node.first + 1, node.last - 1
    return first < last and not node.line.find(OWN_PARENTHESES, first, last)


def is_empty(node: Node) -> bool:
    """Whether it ends in a bracket with nothing in it."""
    return node.last - 2 in node.line.partner


def is_called(node: Node) -> bool:
    """Whether it is a call or a subscript."""
    return isinstance(node, Trailer) and not node.is_attribute


def is_fluent(node: Node) -> bool:
    """Whether two attributes or more follow a call, a subscript or the first parentheses."""
    count = 0
    while isinstance(node, Trailer):
        base = node.base
        count += node.is_attribute and (is_called(base) or is_grouping(base))
        node = base
    return count > 1
