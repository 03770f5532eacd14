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
        return tuple(found for found in declarations if found is not BROKEN)

    def dotted_path(self, at: Span, *words: Span) -> Path:
        return tuple(word.text for word in words), False, at

    def quoted_path(self, at: Span, word: Span) -> Path:
        parts = self.text(at, word).parts
        if len(parts) == 1 and isinstance(parts[0], str):
            return tuple(parts[0].split("/")), True, at
        self.faults.error("syntax", at.start, at.end, "a path holds no expression")
        return (), True, at

    def import_names(self, at: Span, path: Path, *names: Name) -> syntax.Import:
        self.docs.take(at.start)
        return syntax.Import(path[0], path[1], names, None, at, path[2])

    def import_as(self, at: Span, path: Path, alias: Name) -> syntax.Import:
        self.docs.take(at.start)
        return syntax.Import(path[0], path[1], (), alias, at, path[2])

    def function(
        self, at: Span, name: Name, params: tuple[Param, ...], result: Expr
    ) -> syntax.Function:
        return syntax.Function(name, params, result, self.docs.take(at.start), at)

    def block(
        self,
        at: Span,
        name: Name,
        params: tuple[Param, ...] | None,
        contract: Contract | None,
        body: Body,
    ) -> syntax.Block:
        return syntax.Block(name, params or (), contract, body, self.docs.take(at.start), at)

    def net(self, at: Span, name: Name, params: tuple[Param, ...] | None, body: Body) -> syntax.Net:
        return syntax.Net(name, params or (), body, self.docs.take(at.start), at)

    def variant(
        self, at: Span, name: Name, base: Name, args: tuple[Arg, ...] | None, body: Body | None
    ) -> syntax.Variant:
        return syntax.Variant(name, base, args or (), body, self.docs.take(at.start), at)

    def expects(self, at: Span, *expects: Any) -> Body:
        return self.body(at, *expects)

    def extern(
        self,
        at: Span,
        name: Name,
        params: tuple[Param, ...] | None,
        contract: Contract | None,
        entries: tuple[tuple[Name, Expr], ...] | None,
    ) -> syntax.Extern:
        doc = self.docs.take(at.start)
        return syntax.Extern(name, params or (), contract, entries or (), doc, at)

    def entries(self, at: Span, *entries: Any) -> tuple[tuple[Name, Expr], ...]:
        return tuple(entry for entry in entries if entry is not BROKEN)

    def entry(self, at: Span, name: Name, value: Expr) -> tuple[Name, Expr]:
        self.docs.take(at.start)
        return name, value

    def params(self, at: Span, *params: Param) -> tuple[Param, ...]:
        return params

    def plain_params(self, at: Span, *params: Param) -> tuple[Param, ...]:
        return params

    def param(self, at: Span, name: Name, annotation: Name | None, default: Expr | None) -> Param:
        return Param(name, annotation, default, at)

    def plain_param(self, at: Span, name: Name, default: Expr | None) -> Param:
        return Param(name, None, default, at)

    def contract(self, at: Span, inputs: tuple[Name, ...], outputs: tuple[Expr, ...]) -> Contract:
        return Contract(inputs, outputs, at)

    def axes(self, at: Span, *names: Name) -> tuple[Name, ...]:
        return names

    def results(self, at: Span, *sizes: Expr) -> tuple[Expr, ...]:
        return sizes
