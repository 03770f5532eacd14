"""Where the modules of a body stand: paths, labels, the groups that labels make."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.bind.scope import Defaults
from netwright.bind.walk import Walk
from netwright.diagnostics import Related
from netwright.members import Container, chain_labels, is_long
from netwright.names.labels import label_reason, reserved_label
from netwright.program import Definition
from netwright.source import Span
from netwright.values import POISON, Fault, Scope


class Placing(Walk):
    """A body whose modules get their paths."""

    def __init__(self, definition: Definition, values: dict[str, Any], defaults: Defaults) -> None:
        super().__init__(definition, values, defaults)
        self.container = Container("", numbered=True)
        self.taken: list[dict[str, Any]] = [{}]
        self.turns: list[tuple[str, Span | None]] = []  # loops and labels around, for the trace
        self.changes = 0
        self.shared = 0  # modules so far
        self.in_loop = 0
        self.parameters = frozenset(param.name.name for param in definition.params)

    def where(self) -> str:
        """The loops and labels around the line, from the last label on."""
        start = max((i for i, (_, span) in enumerate(self.turns) if span is None), default=0)
        return ", ".join(said for said, _ in self.turns[start:] if said)

    def labels(self) -> dict[str, Any]:
        return self.taken[-1]

    def first_label(self, name: str) -> Any:
        span = self.taken[-1][name]
        return (Related(span, "the first one is here"),) if isinstance(span, Span) else ()

    def define(self, name: str, value: Any, span: Span) -> None:
        self.changes += 1
        super().define(name, value, span)
        if len(self.taken) == 1 and name in self.parameters:
            self.scope.names[name] = POISON  # a mistake that was reported

    def let(self, statement: syntax.Let) -> None:
        self.changes += 1
        super().let(statement)

    def place(self, kind: str, use: syntax.Use, equal: object) -> str:
        """The path of the module of a step; ``equal`` is what it may be shared with."""
        if self.pending is not None:
            (label, name), self.pending = self.pending, None
            if name:
                return self.labelled_path(name, label.span)
        if self.container.numbered:
            return self.container.number()
        if equal is None and self.in_loop:
            raise Fault(
                "unlabelled-weight",
                use.span,
                f"`{kind}` has weights and no label, in a loop of a body with labels: "
                "its name would need a counter",
                help=f"label it: `{kind}{{i}}: {kind}…`",
            )
        return self.container.kind(kind, equal)

    def labelled_path(self, name: str, span: Span) -> str:
        """The path of a label."""
        reason = label_reason(name)
        if reason:
            self.report(reserved_label(name, reason, span))
        path = self.container.label(name)
        if not path:
            raise Fault(
                "duplicate-label", span, f"`{name}` is the name of a layer above that has no label"
            )
        return path

    @contextmanager
    def group(
        self, label: syntax.Label, name: str, steps: tuple[syntax.Step, ...]
    ) -> Iterator[Scope]:
        outer, scope, in_loop = self.container, Scope(self.scope), self.in_loop
        prefix = f"{self.group_path(name, label.span, 'group')}."
        self.scope, self.in_loop = scope, 0
        self.container = Container(
            prefix, numbered=self.numbered_chain(steps), labels=chain_labels(steps)
        )
        self.container.bracket = any(
            isinstance(step, syntax.Use) and step.branches is not None for step in steps
        )
        self.taken.append({})
        self.turns.append((name, None))
        try:
            yield scope
        finally:
            self.container, self.in_loop = outer, in_loop
            self.scope = scope.parent or self.scope
            self.taken.pop()
            self.turns.pop()

    def group_path(self, name: str, span: Span, kind: str) -> str:
        """The path of a sub-module: its label, its number, or its kind."""
        if name:
            return self.labelled_path(name, span)
        if self.container.numbered:
            return self.container.number()
        self.changes += 1  # the next turn of a loop gives it another name
        return self.container.kind(kind)

    def branch(self, item: syntax.Line) -> None:
        """A branch; under a label on the bracket, a long one is a module of its own."""
        with self.branch_container(item.steps if item.label is None else ()):
            super().branch(item)

    @contextmanager
    def branch_container(self, steps: tuple[syntax.Step, ...]) -> Iterator[None]:
        """The container of what stands in a branch."""
        outer, bracket = self.container, self.container.bracket
        if bracket and is_long(steps, self.makes):
            prefix = f"{self.group_path('', steps[0].span, 'branch')}."
            self.container = Container(
                prefix, numbered=self.numbered_chain(steps), labels=chain_labels(steps)
            )
        outer.bracket = False
        try:
            yield
        finally:
            self.container = outer
            outer.bracket = bracket


__all__ = ["Placing"]
