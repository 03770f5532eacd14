"""What expressions are worth: numbers, texts, lists, kernels, tensors, partial applications."""

from collections.abc import Iterator
from typing import Any

from netwright.condition import Cond
from netwright.diagnostics import Diagnostic, Related
from netwright.record import field, record
from netwright.source import Span
from netwright.sym import Sym
from netwright.tensor import Dynamic, Tensor


class Fault(Exception):
    """One mistake, on its way from where it was found to where it is reported."""

    def __init__(self, code: str, span: Span, message: str, *, help: str = "", related: tuple[Related, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, span, message, help=help, related=related)


class Poisoned(Exception):
    """A value that depends on a mistake which was reported already."""


class Kernel(tuple[int, ...]):
    """A size such as ``3x3``; equal to another of the same sides, and no list."""

    __slots__ = ()

    def __str__(self) -> str:
        return "x".join(map(str, self))


@record
class Ref:
    """A tensor in a body: what is known of it, and which value of the body it is."""

    tensor: Tensor
    id: int
    span: Span | None = field(default=None, compare=False)
    label: str = field(default="", compare=False)


class Scope:
    """The names inside a labelled line: its inner tensors and scopes, and the tensor at its end."""

    __slots__ = ("names", "parent", "value")

    def __init__(self, parent: "Scope | None" = None) -> None:
        self.parent = parent
        self.names: dict[str, Any] = {}
        self.value: Any = None

    def find(self, name: str) -> Any:
        """The value of a name here or further out; none where there is none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def every(self) -> Iterator[str]:
        """All names that can be seen from here."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.names
            scope = scope.parent


@record
class Partial:
    """A layer or block with some arguments, as a value: ``bottleneck(groups=32)``.

    ``target`` is a definition or the class of a layer; ``args`` pairs of name and value.
    """

    target: Any
    args: tuple[tuple[str, Any], ...] = field(default=())
    words: tuple[tuple[str, Any], ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """What the layer or block is called."""
        return str(self.target.name)


def kind_of(value: Any) -> str:
    """What a value is, in words for a message."""
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{value}"'
        case Kernel():
            return f"the size {value}"
        case tuple():
            return "a list"
        case None:
            return "`none`"
        case Ref():
            return f"the tensor {value.tensor}"
        case Partial():
            return f"the {'block' if hasattr(value.target, 'node') else 'layer'} `{value.name}`"
        case Dynamic():
            return f"the dynamic size {value}"
        case Sym() | Cond():
            return "a number" if isinstance(value, Sym) else "a condition"
        case Scope():
            return "a group of names"
    return f"a {type(value).__name__}"


def spec_text(value: Any) -> str:
    """A value as the spec writes it."""
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "none"
        case str():
            return f'"{value}"'
        case Kernel():
            return str(value)
        case tuple():
            return f"[{', '.join(map(spec_text, value))}]"
        case Partial():
            args = ", ".join(f"{name}={spec_text(arg)}" for name, arg in value.args)
            return f"{value.name}({args})" if args else value.name
        case Ref():
            return str(value.tensor)
    return str(value)
