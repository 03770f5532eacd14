"""Python code as a tree: logical lines, and blocks of them under a header."""

import ast
import re
from collections.abc import Iterator, Sequence

from netwright.layout import layout

Line = str
Code = "list[str | Block]"


class Block:
    """A header such as ``for i in range(n):`` and the lines under it."""

    __slots__ = ("body", "header")

    def __init__(self, header: str, body: "list[str | Block]") -> None:
        self.header = header
        self.body = body


def text_of(code: "Sequence[str | Block]", indent: int = 0) -> Iterator[str]:
    """Physical lines, laid out; an empty line is kept, a block without lines is left out."""
    for item in code:
        if isinstance(item, Block):
            if item.body:
                yield from layout(item.header, indent)
                yield from text_of(item.body, indent + 1)
        elif not item:
            yield ""
        elif item.startswith("\x00"):  # laid out already: docstrings
            yield from item[1:].split("\n")
        else:
            yield from layout(item, indent)


def loop_header(names: Sequence[str], iterable: str) -> str:
    """``for i, n in enumerate(depths):``, shorter where a variable is ``_``."""
    whole = f"for {', '.join(names) or '_'} in {iterable}:"
    match ast.parse(iterable, mode="eval").body:
        case ast.Call(ast.Name("enumerate"), [items]) if len(names) == 2:
            return _uncounted(names, items, iterable) or whole
    return whole


def _uncounted(names: Sequence[str], items: ast.expr, iterable: str) -> str | None:
    """A header without ``enumerate``, where its items or its numbers are not read."""
    if names[0] == "_":
        return f"for {names[1].strip('()')} in {ast.get_source_segment(iterable, items)}:"
    if names[1] != "_":
        return None
    match items:
        case ast.Call(ast.Name("reversed"), [turned]):  # as long as what it turns
            return _uncounted(names, turned, iterable)
        case ast.Call(ast.Name("range"), [_]):
            return f"for {names[0]} in {ast.get_source_segment(iterable, items)}:"
        case ast.Call(ast.Name("zip" | "enumerate")):  # these have no length in Python
            return None
    return f"for {names[0]} in range(len({ast.get_source_segment(iterable, items)})):"


def logical(code: "Sequence[str | Block]") -> Iterator[str]:
    """All logical lines, without their depth: for what reads names out of code."""
    for item in code:
        if isinstance(item, Block):
            if item.body:
                yield item.header
                yield from logical(item.body)
        elif not item.startswith("\x00"):
            yield item


def parallel(pairs: list[tuple[str, str]]) -> list[str]:
    """Assignments that happen at once: one after another where the order allows it."""
    left, lines = list(pairs), []
    while left:
        for name, value in left:
            others = [other for n, other in left if n != name]
            if not any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", other) for other in others):
                lines.append(f"{name} = {value}")
                left.remove((name, value))
                break
        else:
            lines.append(f"{', '.join(n for n, _ in left)} = {', '.join(v for _, v in left)}")
            break
    return lines


OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def negated(condition: str) -> str:
    """The opposite of a condition, as text."""
    match condition.split(" "):
        case [_]:
            return f"not {condition}"
        case ["not", name]:
            return name
        case [left, sign, right] if sign in OPPOSITE:
            return f"{left} {OPPOSITE[sign]} {right}"
    return f"not ({condition})"
