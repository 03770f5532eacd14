"""Arguments to parameters: which goes where, and what a value must be to be taken."""

from collections.abc import Callable, Mapping
from typing import Any

from netwright import syntax
from netwright.condition import Cond
from netwright.evaluate import Environment, evaluate
from netwright.ops.base import Kind, Op, Param
from netwright.source import Span
from netwright.spelling import nearest
from netwright.sym import Sym
from netwright.tensor import Dynamic
from netwright.values import Fault, Kernel, Partial, Ref, kind_of, spec_text

Signature = Mapping[str, bool]  # name of a parameter -> whether it must be given


def match(what: str, signature: Signature, args: tuple[syntax.Arg, ...], span: Span, *, taken: Mapping[str, Any] | None = None) -> dict[str, syntax.Arg]:
    """Each argument under the name of its parameter.

    Refuses what is unknown, given twice, too many or missing; ``taken`` are given otherwise.
    """
    names = list(signature)
    found: dict[str, syntax.Arg] = {}
    place = 0
    for arg in args:
        name = arg.name
        if name is None:
            if place >= len(names):
                most = f"{len(names)} argument{'s' * (len(names) != 1)}" if names else "no arguments"
                given = sum(other.name is None for other in args)
                raise Fault("surplus-argument", arg.span, f"`{what}` takes {most}, found {given}", help=f"its parameters are {listed(names)}" if names else "")
            name = names[place]
            place += 1
        elif name not in signature:
            help = nearest(name, names) or (f"the parameters of `{what}` are {listed(names)}" if names else f"`{what}` has no parameters")
            raise Fault("unknown-argument", arg.name_span or arg.span, f"`{what}` has no parameter `{name}`", help=help)
        if name in found:
            raise Fault("duplicate-argument", arg.span, f"`{name}` of `{what}` is given twice", help=f"by place and by name: `{found[name].span.text}` is `{name}` too" if found[name].name is None else "")
        found[name] = arg
    missing = [name for name, must in signature.items() if must and name not in found and name not in (taken or ())]
    if missing:
        raise Fault("missing-argument", span, f"`{what}` needs {listed(missing)}", help=f"`{what}({', '.join(names)})`")
    return found


def listed(names: list[str]) -> str:
    """``a``, ``b`` and ``c``."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def op_signature(op: type[Op]) -> dict[str, bool]:
    """The parameters of a layer, and which must be given."""
    return {name: spec.default is ... for name, spec in op.params.items()}


def block_signature(params: tuple[syntax.Param, ...]) -> dict[str, bool]:
    """The parameters of a block or net, and which must be given."""
    return {param.name.name: param.default is None for param in params}


def spread(op: type[Op], args: tuple[syntax.Arg, ...]) -> tuple[syntax.Arg, ...]:
    """Arguments with a row of sizes, ``reshape(8, 10, 10)``, gathered to one list."""
    kinds = list(op.params.values())
    if not kinds or kinds[0].kind is not Kind.SIZES:
        return args
    row = [arg for arg in args if arg.name is None]
    if len(row) < 2 or isinstance(row[0].value, syntax.ListOf):
        return args
    span = row[0].span.to(row[-1].span)
    gathered = syntax.Arg(None, syntax.ListOf(tuple(arg.value for arg in row), span), span)
    return (gathered, *(arg for arg in args if arg.name is not None))


def op_value(op: type[Op], name: str, expr: syntax.Expr, env: Environment) -> Any:
    """The value of an argument of a layer, refused where its parameter cannot take it."""
    spec = op.params[name]
    if isinstance(expr, syntax.Name) and (expr.name in spec.words or (spec.kind is Kind.PAD and expr.name == "same") or (spec.kind is Kind.AXIS and expr.name == "last")):
        return expr.name
    if spec.kind is Kind.INITIALISER:
        return _initialiser(op, name, expr, env)
    if spec.kind is Kind.SCALE and _is_parameter(expr):
        return _learned(expr, env)
    value = evaluate(expr, env)
    return convert(op.name, name, spec, value, expr.span)


def _is_parameter(expr: syntax.Expr) -> bool:
    name = expr.callee if isinstance(expr, syntax.Call) else expr
    return isinstance(name, syntax.Name) and name.name == "parameter"


def _learned(expr: syntax.Expr, env: Environment) -> Any:
    return env.call(expr) if isinstance(expr, syntax.Call) else "parameter"


def _initialiser(op: type[Op], name: str, expr: syntax.Expr, env: Environment) -> Any:
    from netwright.ops import init

    if isinstance(expr, syntax.Constant) and expr.value is None:
        return None
    if isinstance(expr, syntax.Name | syntax.Call):
        callee = expr.callee if isinstance(expr, syntax.Call) else expr
        if isinstance(callee, syntax.Name) and callee.name in init.SIGNATURES:
            signature = init.SIGNATURES[callee.name]
            args = match(callee.name, {key: p.default is ... for key, p in signature.items()}, expr.args if isinstance(expr, syntax.Call) else (), expr.span)
            values = {}
            for key, arg in args.items():
                spec = signature[key]
                word = isinstance(arg.value, syntax.Name | syntax.Input) and arg.value.span.text in spec.words
                values[key] = arg.value.span.text if word else convert(callee.name, key, spec, evaluate(arg.value, env), arg.span)
            full = {key: values.get(key, p.default) for key, p in signature.items()}
            return init.Init(callee.name, tuple(full.items()))
        if isinstance(callee, syntax.Name) and isinstance(expr, syntax.Call):
            raise Fault("unknown-initialiser", callee.span, f"no initialiser is called `{callee.name}`", help=nearest(callee.name, init.SIGNATURES))
    value = evaluate(expr, env)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return init.Init("constant", (("value", value),))
    if isinstance(value, init.Init):
        return value
    raise Fault("type-mismatch", expr.span, f"`{name}` of `{op.name}` takes {Kind.INITIALISER.value}, found {kind_of(value)}")


def convert(what: str, name: str, spec: Param, value: Any, span: Span) -> Any:
    """A value as a parameter takes it: its kind and bounds checked, ints for floats widened."""
    if value is None and spec.default is None:
        return None
    if isinstance(value, Sym) and spec.kind not in (Kind.TENSOR, Kind.ACTIVATION):
        return value
    if spec.kind is Kind.FLAG and isinstance(value, Cond):
        return value
    if isinstance(value, Dynamic):
        raise Fault("dynamic-argument", span, f"`{name}` of `{what}` needs a fixed number, found {value}, which is dynamic")
    if spec.words and not (isinstance(value, str) and value in spec.words):
        if spec.kind is Kind.WORD:
            help = nearest(str(value), spec.words) if isinstance(value, str) else ""
            raise Fault("type-mismatch", span, f"`{name}` of `{what}` is one of {listed(list(spec.words))}, found {kind_of(value)}", help=help)
    result = _CHECKS[spec.kind](value)
    if result is _NO:
        raise Fault("type-mismatch", span, f"`{name}` of `{what}` takes {spec.kind.value}, found {kind_of(value)}", help=_hint(spec, value))
    _bounds(what, name, spec, result, span)
    return result


def _hint(spec: Param, value: Any) -> str:
    if isinstance(value, str):
        return f"without the quotes: `{value}`" if value.replace(".", "").isdigit() else ""
    if isinstance(value, Partial) and value.target.__class__ is type:
        return f"`{value.name}` is a layer"
    return ""


def _bounds(what: str, name: str, spec: Param, value: Any, span: Span) -> None:
    numbers = [value] if isinstance(value, int | float) else _flat(value)
    for number in numbers:
        if spec.least is not None and number < spec.least:
            raise Fault("out-of-bounds", span, f"`{name}` of `{what}` must be at least {spec.least:g}, found {spec_text(value)}")
        if spec.most is not None and number > spec.most:
            raise Fault("out-of-bounds", span, f"`{name}` of `{what}` must be at most {spec.most:g}, found {spec_text(value)}")


def _flat(value: Any) -> list[int | float]:
    if isinstance(value, tuple):
        return [number for item in value for number in _flat(item)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


_NO = object()


def _integer(value: Any) -> Any:
    return value if isinstance(value, int | Sym) and not isinstance(value, bool) else _NO


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float | Sym) and not isinstance(value, bool) else _NO


def _kernel(value: Any) -> Any:
    if isinstance(value, Kernel):
        return value
    return _integer(value)


def _pairs(value: Any) -> Any:
    if type(value) is not tuple or not value:
        return _NO
    good = all(type(pair) is tuple and len(pair) == 2 and all(_integer(n) is not _NO for n in pair) for pair in value)
    return value if good else _NO


def _pad(value: Any) -> Any:
    if value == "same":
        return value
    return _pairs(value) if type(value) is tuple else _kernel(value)


def _sizes(value: Any) -> Any:
    if isinstance(value, Kernel):
        return tuple(value)
    if _integer(value) is not _NO:
        return (value,)
    return value if type(value) is tuple and all(_integer(n) is not _NO for n in value) else _NO


_CHECKS: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLAG: lambda value: value if isinstance(value, bool | Cond) else _NO,
    Kind.KERNEL: _kernel,
    Kind.PAD: _pad,
    Kind.PAIRS: lambda value: value if value == "same" else _pairs(value),
    Kind.WORD: lambda value: value if isinstance(value, str) else _NO,
    Kind.SIZES: _sizes,
    Kind.TENSOR: lambda value: value if isinstance(value, Ref) else _NO,
    Kind.ACTIVATION: lambda value: value if isinstance(value, Partial) else _NO,
    Kind.SCALE: lambda value: value if isinstance(value, str | Partial) else _number(value),
    Kind.AXIS: lambda value: value if value == "last" else _integer(value),
    Kind.INITIALISER: lambda value: value,
}

TYPES = ("int", "float", "bool", "text", "list", "kernel", "tensor", "tensors", "block", "norm", "activation")


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
        case syntax.Compare():
            return "bool"
        case syntax.Unary(op="not"):
            return "bool"
    return "int" if default is None else "any"


def block_value(what: str, param: syntax.Param, value: Any, span: Span) -> Any:
    """A value as a block's parameter takes it."""
    name, wanted = param.name.name, type_of(param)
    if isinstance(value, Sym | Cond) and wanted not in ("tensor", "tensors"):
        return value
    result = _BLOCK_CHECKS[wanted](value) if wanted in _BLOCK_CHECKS else value
    if result is _NO:
        raise Fault("type-mismatch", span, f"`{name}` of `{what}` takes {_WORDS[wanted]}, found {kind_of(value)}", help=_square(value, wanted))
    if wanted == "int" and isinstance(result, int) and result < 0:
        raise Fault("out-of-bounds", span, f"`{name}` of `{what}` must be at least 0, found {result}")
    return result


def _square(value: Any, wanted: str) -> str:
    return "annotate the parameter: `kernel: kernel` takes any size" if isinstance(value, Kernel) and wanted == "int" else ""


def _int_or_square(value: Any) -> Any:
    if isinstance(value, Kernel):
        return value[0] if len(set(value)) == 1 else _NO
    return value if isinstance(value, Dynamic) else _integer(value)


_BLOCK_CHECKS: dict[str, Callable[[Any], Any]] = {
    "int": _int_or_square,
    "float": lambda value: float(value) if isinstance(value, int | float) and not isinstance(value, bool) else _NO,
    "bool": lambda value: value if isinstance(value, bool) else _NO,
    "text": lambda value: value if isinstance(value, str) else _NO,
    "list": lambda value: value if type(value) is tuple else tuple(value) if isinstance(value, range) else _NO,
    "kernel": _kernel,
    "tensor": lambda value: value if isinstance(value, Ref) else _NO,
    "tensors": lambda value: value if type(value) is tuple and all(isinstance(item, Ref) for item in value) else _NO,
    "block": lambda value: value if isinstance(value, Partial) else _NO,
    "norm": lambda value: value if isinstance(value, Partial) else _NO,
    "activation": lambda value: value if isinstance(value, Partial) else _NO,
}

_WORDS = {
    "int": "an integer", "float": "a number", "bool": "true or false", "text": "a text", "list": "a list",
    "kernel": "a kernel", "tensor": "a tensor", "tensors": "a list of tensors", "block": "a block",
    "norm": "a normalisation", "activation": "an activation",
}
