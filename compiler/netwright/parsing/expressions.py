"""Makes expressions: one method for each action that the grammar names."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.parsing import literals
from netwright.parsing.faults import Faults
from netwright.source import Span
from netwright.syntax import Arg, Expr, Name

Part = Callable[[int, int], Expr]
"""Reads the expression between two places of the source."""


class Expressions:
    """Makes the expressions of one source."""

    def __init__(self, faults: Faults, part: Part) -> None:
        self.faults = faults
        self.part = part

    def name(self, at: Span, word: Span) -> Name:
        """``width``, ``_`` or ``in``."""
        return Name(word.text, at)

    def number(self, at: Span, word: Span) -> syntax.Number:
        """``64``, ``4.1G``."""
        text = word.text
        value = literals.number(text)
        self._bounded(at, value)
        return syntax.Number(value, text, at)

    def kernel(self, at: Span, word: Span) -> syntax.KernelSize:
        """``3x3``."""
        sizes = tuple(literals.integer(side) for side in word.text.split("x"))
        self._bounded(at, max(sizes))
        return syntax.KernelSize(sizes, at)

    def _bounded(self, at: Span, value: float) -> None:
        if value >= literals.LARGEST:
            self.faults.error(
                "number-too-large",
                at.start,
                at.end,
                f"a number of {at.end - at.start} characters is too large",
                help="numbers are below 2**63",
            )

    def text(self, at: Span, word: Span) -> syntax.Text:
        """``"height {H}"``."""
        return syntax.Text(literals.interpolated(word, self.faults, self.part), at)

    def template(self, at: Span, word: Span) -> syntax.Template:
        """``up{i}``."""
        return syntax.Template(literals.indexed(word, self.part), at)

    def constant(self, at: Span, word: Span) -> syntax.Constant:
        """``true``, ``false`` or ``none``."""
        return syntax.Constant({"true": True, "false": False}.get(word.text), at)

    def group(self, at: Span, inner: Expr) -> syntax.Group:
        """``(a + b)``."""
        return syntax.Group(inner, at)

    def list(self, at: Span, *items: Expr) -> syntax.ListOf:
        """``[1, 2]``."""
        return syntax.ListOf(items, at)

    def comprehension(
        self,
        at: Span,
        element: Expr,
        targets: tuple[Name, ...],
        iterable: Expr,
        condition: Expr | None,
    ) -> syntax.Comprehension:
        """``[2 * i for i in xs if i]``."""
        return syntax.Comprehension(element, targets, iterable, condition, True, at)

    def attribute(self, at: Span, base: Expr, word: Span) -> syntax.Attribute:
        """``in.channels``."""
        return syntax.Attribute(base, word.text, at)

    def attribute_template(self, at: Span, base: Expr, word: Span) -> syntax.Attribute:
        """``backbone.layer{i}``."""
        return syntax.Attribute(base, self.template(word, word), at)

    def index(self, at: Span, base: Expr, index: Expr) -> syntax.Index:
        """``xs[0]``."""
        return syntax.Index(base, index, at)

    def slice(self, at: Span, base: Expr, start: Expr | None, stop: Expr | None) -> syntax.Slice:
        """``xs[1:]``."""
        return syntax.Slice(base, start, stop, at)

    def call(self, at: Span, callee: Expr, args: tuple[Arg, ...]) -> syntax.Call:
        """``min(a, b)``; only a name can be called."""
        if not isinstance(callee, Name | syntax.Attribute):
            where = callee.span
            message = (
                f"`{where.text}` cannot be called"
                if at.end - at.start < 60
                else "this cannot be called"
            )
            self.faults.error(
                "syntax", where.start, where.end, message, help="only a name can be called"
            )
            return syntax.Call(Name("_", where), args, at)
        return syntax.Call(callee, args, at)

    def arguments(self, at: Span, *args: Arg) -> tuple[Arg, ...]:
        """``(64, 3x3, pad=1)``."""
        return args

    def argument(self, at: Span, value: Expr) -> Arg:
        """``64``, an argument by place."""
        return Arg(None, value, at)

    def argument_named(self, at: Span, word: Span, value: Expr) -> Arg:
        """``pad=1``."""
        return Arg(word.text, value, at, word)

    def generator(
        self,
        at: Span,
        element: Expr,
        targets: tuple[Name, ...],
        iterable: Expr,
        condition: Expr | None,
    ) -> Arg:
        """``sum(i for i in xs)``, its sole argument."""
        return Arg(None, syntax.Comprehension(element, targets, iterable, condition, False, at), at)

    def unary(self, at: Span, op: Span, operand: Expr) -> syntax.Unary:
        """``-x``, ``not x``."""
        return syntax.Unary(op.text, operand, at)

    def binary(self, at: Span, left: Expr, op: Span, right: Expr) -> syntax.Binary:
        """``a + b``, ``a and b``."""
        return syntax.Binary(op.text, left, right, at, op)

    def compare(self, at: Span, *parts: Any) -> syntax.Compare:
        """``a < b <= c``."""
        return syntax.Compare(parts[::2], tuple(op.text for op in parts[1::2]), at)

    def conditional(
        self, at: Span, then: Expr, condition: Expr, otherwise: Expr
    ) -> syntax.Conditional:
        """``a if c else b``."""
        return syntax.Conditional(condition, then, otherwise, at)

    def targets(self, at: Span, *names: Name) -> tuple[Name, ...]:
        """``i, n``."""
        return names
