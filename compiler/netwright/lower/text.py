"""Python text that knows its names, so that each target can word them its own way."""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from netwright.record import field, record, replace

CHOICE, COMPARISON, SUM, TERM, UNARY, POWER, ATOM = range(7)


def binding(text: str) -> int:
    """How tightly the outermost operator of an expression binds."""
    match ast.parse(text, mode="eval").body:
        case ast.IfExp():
            return CHOICE
        case ast.BoolOp() | ast.Compare():
            return COMPARISON
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return SUM
        case ast.BinOp(op=ast.Pow()):
            return POWER
        case ast.BinOp():
            return TERM
        case ast.UnaryOp():
            return UNARY
    return ATOM


@record
class NameOf:
    """A parameter, `let` or loop variable in a text: its key, and its name as it is now."""

    key: str
    name: str
    level: int = field(default=4, compare=False)

    @property
    def plain(self) -> str:
        """The name; that of a block which only a constructor knows is ``block``."""
        return f"block.{self.name.rpartition('.')[2]}" if "'" in self.name else self.name


@record
class SizeOf:
    """A size of a tensor that the spec asked for, ``in.channels``: PyTorch knows it from the
    constructor (``text``, none where nothing words it), Keras asks the tensor itself."""

    value: int
    axis: int
    rank: int
    text: "Text | None" = field(compare=False)
    level: int = field(default=0, compare=False)  # how tightly the text around it binds

    def within(self, text: str) -> str:
        """Its text, in parentheses where the text around it binds more tightly."""
        return f"({text})" if binding(text) < self.level else text


Part = str | NameOf | SizeOf


@record
class Text:
    """Python text in parts."""

    parts: tuple[Part, ...]

    @staticmethod
    def of(*parts: "Part | Text | None") -> "Text":
        """Parts and texts joined."""
        found: list[Part] = []
        for part in parts:
            if isinstance(part, Text):
                found += part.parts
            elif part:
                found.append(part)
        merged: list[Part] = []
        for piece in found:
            if isinstance(piece, str) and merged and isinstance(merged[-1], str):
                merged[-1] += piece
            else:
                merged.append(piece)
        return Text(tuple(merged))

    @staticmethod
    def join(separator: str, texts: Iterable["Text"]) -> "Text":
        """Texts with a separator between them."""
        parts: list[Part | Text] = []
        for text in texts:
            parts += [separator, text] if parts else [text]
        return Text.of(*parts)

    def operand(self, level: int) -> "Text":
        """The text as an operand of what binds so tightly; expressions were parenthesised as
        they were written, a size is not known as one."""
        sole = self.parts[0] if len(self.parts) == 1 else None
        return Text((replace(sole, level=level),)) if isinstance(sole, SizeOf) else self

    def names(self) -> Iterator[NameOf]:
        """The names inside, those behind sizes too."""
        for part in self.parts:
            if isinstance(part, NameOf):
                yield part
            elif isinstance(part, SizeOf) and part.text is not None:
                yield from part.text.names()

    def sizes(self) -> Iterator[SizeOf]:
        """The sizes of tensors inside."""
        return (part for part in self.parts if isinstance(part, SizeOf))

    def render(self, name: Callable[[NameOf], str], size: Callable[[SizeOf], str]) -> str:
        """The text, with each name and size as a target words it."""
        return "".join(
            part
            if isinstance(part, str)
            else name(part)
            if isinstance(part, NameOf)
            else size(part)
            for part in self.parts
        )

    @property
    def plain(self) -> str:
        """The text with names as they are."""
        return self.render(
            lambda name: name.plain,
            lambda size: size.within(size.text.plain) if size.text else "size",
        )

    @property
    def simple(self) -> bool:
        """Whether it is one number, name or call, which needs no parentheses anywhere."""
        text = self.plain
        closed = text[:1] == "[" and text.find("]") == len(text) - 1
        return closed or all(char.isalnum() or char in "_." for char in text)


def python_value(value: Any) -> str:
    """A value as Python writes it; texts in double quotes."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple):
        items = ", ".join(map(python_value, value))
        if type(value) is tuple:
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    return repr(value).replace("e-0", "e-") if isinstance(value, float) else repr(value)
