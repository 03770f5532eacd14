"""What expressions are worth: numbers, texts, lists, kernels, tensors, partial applications."""

from collections.abc import Iterable, Iterator
from typing import Any

from netwright.condition import Cond
from netwright.diagnostics import Diagnostic, Related
from netwright.record import field, record
from netwright.source import Span
from netwright.sym import Sym
from netwright.tensor import Dynamic, Tensor


class Fault(Exception):
    """One mistake, on its way from where it was found to where it is reported."""

    def __init__(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        help: str = "",
        related: tuple[Related, ...] = (),
    ) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, span, message, help=help, related=related)
        self.inputs: tuple[Any, ...] | None = None  # of the layer, where they are known


class Poisoned(Exception):
    """A value that depends on a mistake which was reported already."""


class Exhausted(Exception):
    """A spec that asks for more work than it may: nothing further is checked."""

    def __init__(self, code: str, span: Span, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, span, message, help=help)


class Budget:
    """How many turns of loops, lines and calls of functions a check may still run."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, span: Span, count: int = 1) -> None:
        """Count what is done."""
        self.left -= count
        if self.left < 0:
            message = "this spec has too many turns of loops, lines and calls to be checked"
            raise Exhausted("too-much-work", span, message)


class Poison:
    """The tensor of a line with a mistake: whatever takes it is not checked further."""

    def __repr__(self) -> str:
        return "POISON"


POISON = Poison()


def known(value: Any) -> Any:
    """The value, unless a mistake that was reported already made it."""
    if value is POISON:
        raise Poisoned
    return value


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

    ``target`` is a definition or the class of a layer; ``args`` pairs of name and value. ``held``
    is the parameter that holds it, if one does.
    """

    target: Any
    args: tuple[tuple[str, Any], ...] = field(default=())
    words: tuple[tuple[str, Any], ...] = field(default=(), compare=False)
    held: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        """What its module is called without a label: the parameter, else the layer or block.

        A body does not know what a parameter holds, so it cannot be called by that.
        """
        return self.held or self.name

    @property
    def name(self) -> str:
        """What the layer or block is called."""
        return str(self.target.name)


def holds(value: Any, kind: type) -> bool:
    """Whether a value is of a kind, or a list with one of that kind in it."""
    value = plain(value)
    return any(holds(v, kind) for v in value) if type(value) is tuple else isinstance(value, kind)


def plain(value: Any) -> Any:
    """The tensor of a value that may be a group with a tensor at its end."""
    while isinstance(value, Scope):
        value = value.value
    return value


def identity(value: Any) -> Any:
    """A key that tells apart what Python holds equal: `1`, `true` and `1.0`; a size and a list."""
    return (type(value), row(value)) if type(value) is tuple else (type(value), value)


def row(values: tuple[Any, ...]) -> Any:
    """The key of a row of values."""
    types = tuple(map(type, values))
    if tuple in types:
        return types, tuple(map(identity, values))
    return types, values


def listed(names: Iterable[str]) -> str:
    """``a``, ``b`` and ``c``."""
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def kind_of(value: Any) -> str:
    """What a value is, in words for a message."""
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{shortened(value)}"'
        case Kernel():
            return f"the size {value}"
        case tuple():
            return f"the list {shortened(spec_text(value))}"
        case None:
            return "`none`"
        case Ref():
            return f"the tensor {value.tensor}"
        case Partial():
            return f"the {_sort(value.target)} `{value.name}`"
        case Dynamic():
            return f"the dynamic size {value}"
        case Sym() | Cond():
            return "a number" if isinstance(value, Sym) else "a condition"
        case Scope():
            inner = value.value
            return kind_of(inner) if inner is not None else "a file"
        case range():
            return "a range"
    return f"a {type(value).__name__}"


def _sort(target: Any) -> str:
    """What a partial application is of: a layer, block, function or net."""
    kind = type(getattr(target, "node", None)).__name__
    return {"Block": "block", "Extern": "layer", "Function": "function"}.get(
        kind, "layer" if kind == "NoneType" else "net"
    )


LONGEST_SHOWN = 60


def shortened(text: str) -> str:
    """A text for a message: its middle left out where it is long."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:40]}…{text[-16:]}"


def spec_text(value: Any) -> str:
    """A value as the spec writes it; of long lists the first items."""
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "none"
        case str():
            return f'"{shortened(value)}"'
        case Kernel():
            return str(value)
        case tuple():
            more = ", …" if len(value) > 12 else ""
            return f"[{', '.join(map(spec_text, value[:12]))}{more}]"
        case Partial():
            args = ", ".join(f"{name}={spec_text(arg)}" for name, arg in value.args)
            return f"{value.name}({args})" if args else value.name
        case Ref():
            return str(value.tensor)
    return str(value)
