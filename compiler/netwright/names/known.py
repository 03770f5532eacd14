"""What a name stands for, as far as the text alone tells, and which names a body can see."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from netwright import syntax
from netwright.record import field, record
from netwright.source import Span

Parts = tuple[Any, ...]  # texts, and expressions between them
Arms = tuple[int, ...]


class Sort(Enum):
    """What kind of thing a name stands for."""

    TENSOR = "a tensor"
    VALUE = "a number, text or list"
    CALLABLE = "a layer or block"
    SHARED = "a shared module"
    FILE = "an imported file"
    ANY = "something that only a run can tell"


@record
class Known:
    """What is known of a name.

    ``target`` is the layer, definition or file, or none where a run will tell; ``given`` are the
    arguments that a partial application has; ``inner`` are the names inside a labelled line.
    """

    sort: Sort
    target: Any = field(default=None)
    given: frozenset[str] = field(default=frozenset())
    inner: "Sight | None" = field(default=None, compare=False)


TENSOR, VALUE, ANY = Known(Sort.TENSOR), Known(Sort.VALUE), Known(Sort.ANY)
UNKNOWN_CALLABLE = Known(Sort.CALLABLE)


class Sight:
    """The names of one scope, in the order in which they are bound."""

    __slots__ = ("labels", "later", "names", "parent", "patterns")

    def __init__(self, parent: "Sight | None" = None) -> None:
        self.parent = parent
        self.names: dict[str, Known] = {}
        self.patterns: list[tuple[Parts, Known]] = []
        self.labels: dict[str, list[tuple[Arms, Span]]] = {}
        self.later: dict[str, Span] = {}

    def scopes(self) -> Iterator["Sight"]:
        """This scope and those around it."""
        scope: Sight | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find(self, name: str) -> Known | None:
        """What a name stands for here, or further out."""
        for scope in self.scopes():
            if name in scope.names:
                return scope.names[name]
        return None

    def indexed(self, name: str) -> Known | None:
        """What an indexed label may make of a name, as `enc{i}` makes `enc3`."""
        for scope in self.scopes():
            for parts, known in scope.patterns:
                if fits(name, parts):
                    return known
        return None

    def find_like(self, parts: Parts) -> Known | None:
        """What a name with expressions inside may stand for; none where nothing is like it."""
        for scope in self.scopes():
            for name, known in scope.names.items():
                if fits(name, parts):
                    return known
            for other, known in scope.patterns:
                if alike(parts, other):
                    return known
        return None

    def comes_later(self, name: str) -> Span | None:
        """Where a name is bound only further down."""
        for scope in self.scopes():
            if name in scope.later:
                return scope.later[name]
        return None

    def every(self) -> list[str]:
        """All plain names that can be seen from here."""
        return [name for scope in self.scopes() for name in scope.names]


def ends(parts: Parts) -> tuple[str, str]:
    """The text before the first and behind the last expression of a name."""
    first = parts[0] if isinstance(parts[0], str) else ""
    last = parts[-1] if isinstance(parts[-1], str) else ""
    return first, last


def fits(name: str, parts: Parts) -> bool:
    """Whether a template may give a name."""
    first, last = ends(parts)
    return len(name) > len(first) + len(last) and name.startswith(first) and name.endswith(last)


def alike(parts: Parts, other: Parts) -> bool:
    """Whether two templates may give the same name."""
    (a, b), (c, d) = ends(parts), ends(other)
    return (a.startswith(c) or c.startswith(a)) and (b.endswith(d) or d.endswith(b))


def is_plain(parts: Parts) -> bool:
    """Whether a label or name has no expression inside."""
    return all(isinstance(part, str) for part in parts)


def label_text(parts: Parts) -> str:
    """The text of a label without expressions."""
    return "".join(parts)


def bindings(statements: Iterable[syntax.Statement]) -> Iterator[tuple[Parts, Span]]:
    """All names that lines bind in their own scope, those in braces and brackets too."""
    for statement in statements:
        match statement:
            case syntax.Line():
                if statement.label is not None and statement.label.parts:
                    yield statement.label.parts, statement.label.span
                if statement.label is None or simple(statement.steps):
                    yield from _in_steps(statement.steps)
            case syntax.Let():
                for target in statement.targets:
                    yield (target.name,), target.span
            case syntax.Shared() | syntax.Input():
                yield (statement.name.name,), statement.name.span
            case syntax.Output() if statement.steps:
                yield (statement.name.name,), statement.name.span


def simple(steps: Iterable[syntax.Step]) -> bool:
    """Whether a labelled chain may be no scope: it has no braces."""
    return all(isinstance(step, syntax.Use) for step in steps)


def _in_steps(steps: Iterable[syntax.Step]) -> Iterator[tuple[Parts, Span]]:
    for step in steps:
        match step:
            case syntax.Use() if step.branches is not None:
                yield from bindings(step.branches.items)
            case syntax.Braces() | syntax.Repeat() | syntax.For():
                yield from bindings(step.body.statements)
            case syntax.If():
                yield from bindings(step.then.statements)
                if step.otherwise is not None:
                    yield from bindings(step.otherwise.statements)
