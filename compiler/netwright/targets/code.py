"""Python code as a tree: logical lines, and blocks of them under a header."""

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


def logical(code: "Sequence[str | Block]") -> Iterator[str]:
    """All logical lines, without their depth: for what reads names out of code."""
    for item in code:
        if isinstance(item, Block):
            if item.body:
                yield item.header
                yield from logical(item.body)
        elif not item.startswith("\x00"):
            yield item
