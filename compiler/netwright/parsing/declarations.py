"""Makes declarations and files: one method for each action that the grammar names."""

from typing import Any

from netwright import syntax
from netwright.parsing.lines import BROKEN, Lines
from netwright.source import Span
from netwright.syntax import Arg, Body, Contract, Expr, Name, Param

Path = tuple[tuple[str, ...], bool, Span]
"""Parts of the path of a `use`, whether it was quoted, and its place."""


class Declarations(Lines):
    """Makes the declarations of one source; a file is told to `parse` by its declarations."""

    def file(self, at: Span, *declarations: Any) -> tuple[syntax.Declaration, ...]:
        """All declarations; broken ones are left out."""
        return tuple(found for found in declarations if found is not BROKEN)

    def dotted_path(self, at: Span, *words: Span) -> Path:
        """``parts.units``."""
        return tuple(word.text for word in words), False, at

    def quoted_path(self, at: Span, word: Span) -> Path:
        """``"parts/units"``."""
        parts = self.text(at, word).parts
        if len(parts) == 1 and isinstance(parts[0], str):
            return tuple(parts[0].split("/")), True, at
        self.faults.error("syntax", at.start, at.end, "a path holds no expression")
        return (), True, at

    def import_names(self, at: Span, path: Path, *names: Name) -> syntax.Import:
        """``use parts.units (basic)``."""
        self.docs.take(at.start)
        return syntax.Import(path[0], path[1], names, None, at, path[2])

    def import_as(self, at: Span, path: Path, alias: Name) -> syntax.Import:
        """``use parts.units as units``."""
        self.docs.take(at.start)
        return syntax.Import(path[0], path[1], (), alias, at, path[2])

    def function(
        self, at: Span, name: Name, params: tuple[Param, ...], result: Expr
    ) -> syntax.Function:
        """``def f(x, y=1) = x + y``."""
        return syntax.Function(name, params, result, self.docs.take(at.start), at)

    def block(
        self,
        at: Span,
        name: Name,
        params: tuple[Param, ...] | None,
        contract: Contract | None,
        body: Body,
    ) -> syntax.Block:
        """``block down(width) : [C, H, W] -> [width, H, W] { … }``."""
        return syntax.Block(name, params or (), contract, body, self.docs.take(at.start), at)

    def net(self, at: Span, name: Name, params: tuple[Param, ...] | None, body: Body) -> syntax.Net:
        """``net Small(classes=10) { … }``."""
        return syntax.Net(name, params or (), body, self.docs.take(at.start), at)

    def variant(
        self, at: Span, name: Name, base: Name, args: tuple[Arg, ...] | None, body: Body | None
    ) -> syntax.Variant:
        """``net Small100 = Small(classes=100) { … }``."""
        return syntax.Variant(name, base, args or (), body, self.docs.take(at.start), at)

    def expects(self, at: Span, *expects: Any) -> Body:
        """The braces of a variant."""
        return self.body(at, *expects)

    def extern(
        self,
        at: Span,
        name: Name,
        params: tuple[Param, ...] | None,
        contract: Contract | None,
        entries: tuple[tuple[Name, Expr], ...] | None,
    ) -> syntax.Extern:
        """``extern gate(width) : [C] -> [width] { macs = C }``."""
        doc = self.docs.take(at.start)
        return syntax.Extern(name, params or (), contract, entries or (), doc, at)

    def entries(self, at: Span, *entries: Any) -> tuple[tuple[Name, Expr], ...]:
        """The braces of an `extern`."""
        return tuple(entry for entry in entries if entry is not BROKEN)

    def entry(self, at: Span, name: Name, value: Expr) -> tuple[Name, Expr]:
        """``macs = C``."""
        self.docs.take(at.start)
        return name, value

    def params(self, at: Span, *params: Param) -> tuple[Param, ...]:
        """``(unit: block, width=8)``."""
        return params

    def plain_params(self, at: Span, *params: Param) -> tuple[Param, ...]:
        """``(x, y=1)``, without types."""
        return params

    def param(self, at: Span, name: Name, annotation: Name | None, default: Expr | None) -> Param:
        """``width: int = 8``."""
        return Param(name, annotation, default, at)

    def plain_param(self, at: Span, name: Name, default: Expr | None) -> Param:
        """``y=1``."""
        return Param(name, None, default, at)

    def contract(self, at: Span, inputs: tuple[Name, ...], outputs: tuple[Expr, ...]) -> Contract:
        """``: [C, H, W] -> [width, H, W]``."""
        return Contract(inputs, outputs, at)

    def axes(self, at: Span, *names: Name) -> tuple[Name, ...]:
        """``[C, H, W]``."""
        return names

    def results(self, at: Span, *sizes: Expr) -> tuple[Expr, ...]:
        """``[width, H // 2, W // 2]``."""
        return sizes
