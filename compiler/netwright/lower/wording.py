"""The spec's expressions as Python text, as they were written."""

import ast
import keyword
from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.builtins import BUILTINS
from netwright.evaluate import NotGeneral
from netwright.lower.text import (
    ATOM,
    COMPARISON,
    SUM,
    TERM,
    UNARY,
    NameOf,
    SizeOf,
    Text,
    python_value,
)
from netwright.values import Kernel

TAKEN = frozenset(
    {"x", "self", "name", "nn", "torch", "F", "Tensor", "partial", "OrderedDict", "keras", "ops"}
)


def python_name(name: str) -> str:
    """A name of the spec as a variable of Python."""
    return f"{name}_" if keyword.iskeyword(name) or name in TAKEN else name


class Speaker:
    """What the wording of an expression must know of the body that it stands in."""

    def row(self, name: str) -> "NameOf | Text | None":
        """The text of a name, or none where it is no variable."""
        raise NotImplementedError

    def size(self, base: syntax.Expr, name: str) -> SizeOf | None:
        """The size that ``base.name`` asks a tensor for."""
        raise NotImplementedError

    def inline(self, expr: syntax.Expr) -> Any:
        """The value of an expression that has no text of its own."""
        raise NotImplementedError


def word(expr: syntax.Expr, speaker: Speaker) -> Text:
    """Python text of an expression."""
    return _RULES[type(expr)](expr, speaker)


def kernel_text(kernel: Kernel) -> str:
    """``3`` for a square, ``(1, 7)`` else."""
    return str(kernel[0]) if len(set(kernel)) == 1 else f"({', '.join(map(str, kernel))})"


def _number(expr: syntax.Number, speaker: Speaker) -> Text:
    text = expr.text
    if text[-1] in "KMGT":
        text = f"{expr.value:_}" if isinstance(expr.value, int) else str(expr.value)
    return Text.of(text)


def _constant(expr: syntax.Constant, speaker: Speaker) -> Text:
    return Text.of(str(expr.value))


def _string(expr: syntax.Text, speaker: Speaker) -> Text:
    if all(isinstance(part, str) for part in expr.parts):
        return Text.of(python_value("".join(map(str, expr.parts))))
    return template(expr.parts, speaker)


def template(parts: "tuple[str | syntax.Expr, ...]", speaker: Speaker) -> Text:
    """An f-string of a template, or a plain string where nothing is open."""
    texts: list[Text | str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(python_value(part)[1:-1].replace("{", "{{").replace("}", "}}"))
        else:
            texts.append(_open(word(part, speaker)))
    inside = Text.of(*texts)
    start = 'f"' if "{" in inside.plain else '"'
    return Text.of(start, inside, '"')


def _open(text: Text) -> Text:
    """What stands in a template: an expression in braces; a text as it is, without its quotes."""
    if '"' not in text.plain:
        return Text.of("{", text, "}")
    said = ast.parse(text.plain, mode="eval").body
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        return Text.of(python_value(said.value)[1:-1].replace("{", "{{").replace("}", "}}"))
    if isinstance(said, ast.JoinedStr):
        return _without_quotes(text)
    quoted = [part.replace('"', "'") if isinstance(part, str) else part for part in text.parts]
    return Text.of("{", *quoted, "}")


def _without_quotes(text: Text) -> Text:
    """The inside of an f-string."""
    parts = list(text.parts)
    if isinstance(parts[0], str):
        parts[0] = parts[0].partition('f"')[2]
    if isinstance(parts[-1], str):
        parts[-1] = parts[-1].rpartition('"')[0]
    return Text.of(*parts)


def _name(expr: syntax.Name, speaker: Speaker) -> Text:
    row = speaker.row(expr.name)
    if row is not None:
        return Text.of(row)
    value = speaker.inline(expr)
    return Text.of(kernel_text(value) if isinstance(value, Kernel) else python_value(value))


def _attribute(expr: syntax.Attribute, speaker: Speaker) -> Text:
    if isinstance(expr.name, str):
        size = speaker.size(expr.base, expr.name)
        if size is not None:
            return Text.of(size)
    return Text.of(python_value(speaker.inline(expr)))


def _index(expr: syntax.Index, speaker: Speaker) -> Text:
    return Text.of(word(expr.base, speaker).operand(ATOM), "[", word(expr.index, speaker), "]")


def _slice(expr: syntax.Slice, speaker: Speaker) -> Text:
    start = word(expr.start, speaker) if expr.start else None
    stop = word(expr.stop, speaker) if expr.stop else None
    return Text.of(word(expr.base, speaker).operand(ATOM), "[", start, ":", stop, "]")


def _call(expr: syntax.Call, speaker: Speaker) -> Text:
    callee = expr.callee.name if isinstance(expr.callee, syntax.Name) else ""
    name = speaker.row(callee) or (callee if callee in BUILTINS else None)
    if name is None:  # a layer or block with arguments
        return Text.of(python_value(speaker.inline(expr)))
    try:
        args = [_argument(arg, speaker) for arg in expr.args]
    except NotGeneral:  # how many tensors a list holds is known
        return Text.of(python_value(speaker.inline(expr)))
    whole = Text.of(name, "(", Text.join(", ", args), ")")
    return args[0] if _is_whole(expr, name) else whole


def _is_whole(expr: syntax.Call, name: "NameOf | Text | str") -> bool:
    """Whether a call of ``int`` is given what is an integer in Python already."""
    inner = expr.args[0].value if len(expr.args) == 1 else None
    return (
        name == "int"
        and isinstance(inner, syntax.Call)
        and isinstance(inner.callee, syntax.Name)
        and inner.callee.name in ("int", "len", "round")
        and len(inner.args) == 1
    )


def _argument(arg: syntax.Arg, speaker: Speaker) -> Text:
    text = word(arg.value, speaker)
    return Text.of(python_name(arg.name), "=", text) if arg.name is not None else text


OPERANDS = {
    "+": (SUM, SUM),
    "-": (SUM, TERM),
    "*": (TERM, UNARY),
    "/": (TERM, UNARY),
    "//": (TERM, UNARY),
    "%": (TERM, UNARY),
    "**": (ATOM, UNARY),
}


def _unary(expr: syntax.Unary, speaker: Speaker) -> Text:
    operand = word(expr.operand, speaker)
    return Text.of("not ", operand) if expr.op == "not" else Text.of("-", operand.operand(UNARY))


def _binary(expr: syntax.Binary, speaker: Speaker) -> Text:
    before, behind = OPERANDS.get(expr.op, (COMPARISON, COMPARISON))
    left = word(expr.left, speaker).operand(before)
    right = word(expr.right, speaker).operand(behind)
    if expr.op == "**" and left.simple and right.simple:
        return Text.of(left, "**", right)
    if expr.op == "**" and left.simple and isinstance(expr.right, syntax.Group):
        return Text.of(left, " ** ", right)
    return Text.of(left, f" {expr.op} ", right)


def _compare(expr: syntax.Compare, speaker: Speaker) -> Text:
    texts = [word(operand, speaker).operand(SUM) for operand in expr.operands]
    parts: list[Text | str] = [texts[0]]
    pairs = zip(expr.operands, expr.operands[1:], strict=False)
    for op, text, pair in zip(expr.ops, texts[1:], pairs, strict=True):
        parts += [f" {IDENTITY.get(op, op) if any(map(_is_none, pair)) else op} ", text]
    return Text.of(*parts)


IDENTITY = {"==": "is", "!=": "is not"}


def _is_none(expr: syntax.Expr) -> bool:
    return isinstance(expr, syntax.Constant) and expr.value is None


def _conditional(expr: syntax.Conditional, speaker: Speaker) -> Text:
    then = word(expr.then, speaker).operand(COMPARISON)
    condition = word(expr.condition, speaker).operand(COMPARISON)
    return Text.of(then, " if ", condition, " else ", word(expr.otherwise, speaker))


def _list(expr: syntax.ListOf, speaker: Speaker) -> Text:
    return Text.of("[", Text.join(", ", [word(item, speaker) for item in expr.items]), "]")


def _comprehension(expr: syntax.Comprehension, speaker: Speaker) -> Text:
    targets = [python_name(target.name) for target in expr.targets]
    inner = _Inner(speaker, {target.name for target in expr.targets})
    parts: list[Text | str] = [
        word(expr.element, inner),
        f" for {', '.join(targets)} in ",
        word(expr.iterable, speaker),
    ]
    if expr.condition is not None:
        parts += [" if ", word(expr.condition, inner)]
    return Text.of("[", *parts, "]") if expr.brackets else Text.of(*parts)


class _Inner(Speaker):
    """A body and the variables of a comprehension."""

    def __init__(self, outer: Speaker, names: set[str]) -> None:
        self.outer = outer
        self.names = names

    def size(self, base: syntax.Expr, name: str) -> SizeOf | None:
        return self.outer.size(base, name)

    def inline(self, expr: syntax.Expr) -> Any:
        return self.outer.inline(expr)

    def row(self, name: str) -> "NameOf | Text | None":
        return Text.of(python_name(name)) if name in self.names else self.outer.row(name)


_RULES: dict[type, Callable[[Any, Speaker], Text]] = {
    syntax.Number: _number,
    syntax.Constant: _constant,
    syntax.Text: _string,
    syntax.KernelSize: lambda expr, speaker: Text.of(kernel_text(Kernel(expr.sizes))),
    syntax.Name: _name,
    syntax.Template: lambda expr, speaker: Text.of(python_value(speaker.inline(expr))),
    syntax.Attribute: _attribute,
    syntax.Index: _index,
    syntax.Slice: _slice,
    syntax.Call: _call,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.Compare: _compare,
    syntax.Conditional: _conditional,
    syntax.ListOf: _list,
    syntax.Group: lambda expr, speaker: Text.of("(", word(expr.inner, speaker), ")"),
    syntax.Comprehension: _comprehension,
}
