"""What a value must be, to be taken by a parameter of a layer or a block."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.arithmetic import is_whole
from netwright.condition import Cond
from netwright.ops.base import TENSOR_KINDS, Kind, Param, Role
from netwright.record import replace
from netwright.source import Span
from netwright.spelling import nearest
from netwright.sym import Sides, Sym
from netwright.tensor import Dynamic
from netwright.values import Fault, Kernel, Partial, Ref, kind_of, listed, plain, spec_text

Check = Callable[[Any], Any]

_NO = object()


def convert(what: str, name: str, spec: Param, value: Any, span: Span) -> Any:
    """A value as a layer's parameter takes it: its kind and its bounds checked."""
    if value is None and spec.default is None:
        return None
    if isinstance(value, Sym | Sides) and spec.kind not in TENSOR_KINDS | {Kind.ACTIVATION}:
        return (value,) if spec.kind is Kind.SIZES and isinstance(value, Sym) else value
    if isinstance(value, Dynamic) and spec.kind is not Kind.SIZES:
        raise Fault(
            "dynamic-argument",
            span,
            f"`{name}` of `{what}` needs a fixed number, found {value}, which is dynamic",
        )
    if spec.kind is Kind.WORD and not isinstance(value, str):
        raise _no_word(what, name, spec, value, span)
    if spec.words and isinstance(value, str):
        if value not in spec.words:
            raise _no_word(what, name, spec, value, span)
        return value
    result = _CHECKS[spec.kind](value)
    if result is _NO:
        raise Fault(
            "type-mismatch",
            span,
            f"`{name}` of `{what}` takes {spec.kind.value}, found {kind_of(value)}",
            help=_layer_hint(spec, value),
        )
    if spec.least is not None or spec.most is not None:
        _bounds(what, name, spec, result, span)
    return result


def _no_word(what: str, name: str, spec: Param, value: Any, span: Span) -> Fault:
    help = nearest(value, spec.words) if isinstance(value, str) else ""
    words, found = listed(spec.words), kind_of(value)
    return Fault(
        "type-mismatch", span, f"`{name}` of `{what}` is one of {words}, found {found}", help=help
    )


def words_of(spec: Param) -> tuple[str, ...]:
    """The words that a parameter takes, alone or beside numbers."""
    return spec.words or _WORDS.get(spec.kind, ())


_WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.PAD: ("same",),
    Kind.PAIRS: ("same",),
    Kind.AXIS: ("last",),
    Kind.SCALE: ("parameter",),
}


def unknown_word(
    what: str, name: str, spec: Param, word: syntax.Name, words: tuple[str, ...]
) -> Fault:
    """The mistake of a name, which nothing else has, in the place of a word."""
    wanted = f"is one of {listed(words)}" if spec.words else f"takes {spec.kind.value}"
    message = f"`{name}` of `{what}` {wanted}, found `{word.name}`"
    return Fault("type-mismatch", word.span, message, help=nearest(word.name, words))


def _layer_hint(spec: Param, value: Any) -> str:
    if isinstance(value, str):
        digits = value.replace(".", "", 1).removeprefix("-")
        return f"without the quotes: `{value}`" if digits.isdigit() else ""
    if isinstance(value, Kernel) and spec.kind is Kind.INTEGER:
        return f"one number: `{value[0]}`"
    if isinstance(value, float) and value.is_integer() and spec.kind is Kind.INTEGER:
        return f"a whole number: `{int(value)}`; `//` divides without a rest"
    if isinstance(value, int) and spec.kind is Kind.FLAG:
        return f"`{'true' if value else 'false'}`"
    return ""


def _bounds(what: str, name: str, spec: Param, value: Any, span: Span) -> None:
    for number in (value,) if isinstance(value, int | float) else _flat(value):
        if spec.least is not None and number < spec.least:
            bound = f"at least {spec.least:g}"
        elif spec.most is not None and number > spec.most:
            bound = f"at most {spec.most:g}"
        else:
            continue
        raise Fault(
            "out-of-bounds",
            span,
            f"`{name}` of `{what}` must be {bound}, found {spec_text(value)}",
        )


def _flat(value: Any) -> list[int | float]:
    if isinstance(value, tuple):
        return [number for item in value for number in _flat(item)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _integer(value: Any) -> Any:
    return value if isinstance(value, Sym) or is_whole(value) else _NO


def _number(value: Any) -> Any:
    if isinstance(value, int | float | Sym) and not isinstance(value, bool):
        return value
    return _NO


def _kernel(value: Any) -> Any:
    return value if isinstance(value, Kernel) else _integer(value)


def _pairs(value: Any) -> Any:
    if type(value) is not tuple or not value:
        return _NO
    for pair in value:
        if type(pair) is not tuple or len(pair) != 2 or _NO in map(_integer, pair):
            return _NO
    return value


def _pad(value: Any) -> Any:
    if value == "same":
        return value
    return _pairs(value) if type(value) is tuple else _kernel(value)


def _size(value: Any) -> Any:
    return value if isinstance(value, Dynamic) else _integer(value)


def _sizes(value: Any) -> Any:
    if isinstance(value, Kernel):
        return tuple(value)
    if _size(value) is not _NO:
        return (value,)
    return value if type(value) is tuple and _NO not in map(_size, value) else _NO


def _flag(value: Any) -> Any:
    return value if isinstance(value, bool | Cond) else _NO


def _tensor(value: Any) -> Any:
    inner = plain(value)
    return inner if isinstance(inner, Ref) else _NO


def _several(value: Any) -> Any:
    found = _tensors(value)
    return found if found is not _NO and found else _tensor(value)


def _numbers(value: Any) -> Any:
    """A list of numbers, or of lists of numbers."""
    if type(value) is not tuple:
        return _NO
    good = all((_numbers if type(item) is tuple else _number)(item) is not _NO for item in value)
    return value if good else _NO


def _activation(value: Any) -> Any:
    good = isinstance(value, Partial) and getattr(value.target, "role", None) is Role.ACTIVATION
    return value if good else _NO


def _scale(value: Any) -> Any:
    if isinstance(value, Partial):
        return value if value.name == "parameter" else _NO
    return value if value == "parameter" else _number(value)


_CHECKS: dict[Kind, Check] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.KERNEL: _kernel,
    Kind.PAD: _pad,
    Kind.PAIRS: lambda value: value if value == "same" else _pairs(value),
    Kind.WORD: lambda value: value if isinstance(value, str) else _NO,
    Kind.SIZES: _sizes,
    Kind.TENSOR: _tensor,
    Kind.TENSORS: _several,
    Kind.FRAME: _tensor,
    Kind.NUMBERS: _numbers,
    Kind.ACTIVATION: _activation,
    Kind.SCALE: _scale,
    Kind.AXIS: lambda value: value if value == "last" else _integer(value),
    Kind.INITIALISER: lambda value: value,
}


def type_of(param: syntax.Param) -> str:
    """The type of a block's parameter: its annotation, else its default's, else an integer."""
    if param.annotation is not None:
        return param.annotation.name
    default = param.default
    while isinstance(default, syntax.Group):
        default = default.inner
    match default:
        case syntax.Number():
            return "float" if isinstance(default.value, float) else "int"
        case syntax.Constant():
            return "bool" if isinstance(default.value, bool) else "any"
        case syntax.Text():
            return "text"
        case syntax.KernelSize():
            return "kernel"
        case syntax.ListOf() | syntax.Comprehension():
            return "list"
        case syntax.Compare() | syntax.Unary(op="not"):
            return "bool"
    return "int" if default is None else "any"


def block_value(what: str, param: syntax.Param, value: Any, span: Span) -> Any:
    """A value as a parameter of a block or net takes it."""
    wanted = type_of(param)
    if isinstance(value, Sym | Sides | Cond) and wanted not in ("tensor", "tensors"):
        return value
    if value is None and isinstance(param.default, syntax.Constant):
        return value
    result = _BLOCK_CHECKS[wanted](value) if wanted in _BLOCK_CHECKS else _any(value)
    if result is _NO:
        raise _not_taken(what, param, value, span)
    if wanted == "int" and isinstance(result, int) and result < 0:
        raise Fault(
            "out-of-bounds",
            span,
            f"`{param.name.name}` of `{what}` must be at least 0, found {result}",
        )
    return replace(result, held=param.name.name) if isinstance(result, Partial) else result


def _not_taken(what: str, param: syntax.Param, value: Any, span: Span) -> Fault:
    name, wanted = param.name.name, type_of(param)
    return Fault(
        "type-mismatch",
        span,
        f"`{name}` of `{what}` takes {TYPES[wanted]}, found {kind_of(value)}",
        help=_annotation(name, value) if wanted == "int" else "",
    )


def _annotation(name: str, value: Any) -> str:
    """How the parameter would have to be declared, to take the value."""
    match value:
        case Kernel():
            kind = "kernel"
        case bool():
            kind = "bool"
        case float():
            kind = "float"
        case str():
            digits = value.replace(".", "", 1)
            return f"without the quotes: `{value}`" if digits.isdigit() else _says(name, "text")
        case tuple() | range():
            kind = "list"
        case Partial():
            kind = "block"
        case _:
            kind = "tensor" if isinstance(plain(value), Ref) else ""
    return _says(name, kind) if kind else ""


def _says(name: str, kind: str) -> str:
    return f"a parameter that takes it is declared `{name}: {kind}`"


def _int_or_square(value: Any) -> Any:
    if isinstance(value, Kernel):
        return value[0] if len(set(value)) == 1 else _NO
    return _size(value)


def _float(value: Any) -> Any:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if good else _NO


def _listing(value: Any) -> Any:
    if isinstance(value, range):
        return tuple(value) if len(value) <= 100_000 else _NO
    return value if type(value) is tuple else _NO


def _tensors(value: Any) -> Any:
    value = plain(value)
    if type(value) is not tuple:
        return _NO
    inner = tuple(map(plain, value))
    return inner if all(isinstance(item, Ref) for item in inner) else _NO


def _callee(value: Any) -> Any:
    node = getattr(value.target, "node", None) if isinstance(value, Partial) else value
    return value if node is None or isinstance(node, syntax.Block | syntax.Extern) else _NO


def _layer(value: Any) -> Any:
    return _callee(value) if isinstance(value, Partial) else _NO


def _any(value: Any) -> Any:
    inner = plain(value)
    return inner if isinstance(inner, Ref) else value


_BLOCK_CHECKS: dict[str, Check] = {
    "int": _int_or_square,
    "float": _float,
    "bool": lambda value: value if isinstance(value, bool) else _NO,
    "text": lambda value: value if isinstance(value, str) else _NO,
    "list": _listing,
    "kernel": _kernel,
    "tensor": _tensor,
    "tensors": _tensors,
    "block": _layer,
    "norm": _layer,
    "activation": _layer,
}

TYPES = {
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
    "text": "a text",
    "list": "a list",
    "kernel": "a kernel",
    "tensor": "a tensor",
    "tensors": "a list of tensors",
    "block": "a block",
    "norm": "a normalisation",
    "activation": "an activation",
}


def is_size(value: Any) -> bool:
    """Whether a value can be a size of a tensor."""
    return _size(value) is not _NO
