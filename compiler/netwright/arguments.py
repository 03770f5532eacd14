"""Arguments to parameters: which goes where, and its value as the parameter takes it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from netwright import syntax
from netwright.evaluate import Environment, NotGeneral, evaluate, truth
from netwright.kinds import TYPES, block_value, convert, type_of, words_of
from netwright.ops import find as ops
from netwright.ops.base import TENSOR_KINDS, Kind, Op, Param
from netwright.source import Span
from netwright.spelling import nearest
from netwright.sym import Sym
from netwright.values import Fault, kind_of, listed

Signature = Mapping[str, bool]  # name of a parameter -> whether it must be given
Given = Callable[[str], bool]


def nothing(name: str) -> bool:
    """No argument comes from elsewhere."""
    return False


def match(
    what: str,
    signature: Signature,
    args: tuple[syntax.Arg, ...],
    span: Span,
    *,
    given: Given = nothing,
) -> dict[str, syntax.Arg]:
    """Each argument under the name of its parameter; `Fault` where they do not fit.

    ``given`` tells which parameters have a value from elsewhere, by a `set` for instance.
    """
    found, faults = assign(what, signature, args, span, given=given)
    if faults:
        raise faults[0]
    return found


def assign(
    what: str,
    signature: Signature,
    args: tuple[syntax.Arg, ...],
    span: Span,
    *,
    given: Given = nothing,
) -> tuple[dict[str, syntax.Arg], list[Fault]]:
    """Each argument under the name of its parameter, and what is wrong with the others."""
    names = list(signature)
    found: dict[str, syntax.Arg] = {}
    faults: list[Fault] = []
    place = 0
    for arg in args:
        name = arg.name
        if name is None:
            place += 1
            if place <= len(names):
                name = names[place - 1]
            elif place == len(names) + 1:
                faults.append(_surplus(what, names, args, arg))
        elif name not in signature:
            faults.append(_unknown(what, name, names, arg))
            name = None
        if name is not None and name in found:
            faults.append(_twice(what, name, found[name], arg))
        elif name is not None:
            found[name] = arg
    missing = [name for name in names if signature[name] and name not in found and not given(name)]
    if missing and not faults:
        faults.append(
            Fault(
                "missing-argument",
                span,
                f"`{what}` needs {listed(missing)}",
                help=f"`{what}({', '.join(name for name in names if signature[name])})`",
            )
        )
    return found, faults


def _surplus(what: str, names: list[str], args: tuple[syntax.Arg, ...], arg: syntax.Arg) -> Fault:
    most = f"{len(names)} argument{'s' * (len(names) != 1)}" if names else "no arguments"
    count = sum(other.name is None for other in args)
    parameters = f"its parameter{'s are' if len(names) > 1 else ' is'} {listed(names)}"
    return Fault(
        "surplus-argument",
        arg.span,
        f"`{what}` takes {most}, found {count}",
        help=parameters if names else "",
    )


def _unknown(what: str, name: str, names: list[str], arg: syntax.Arg) -> Fault:
    all_of = f"the parameters of `{what}` are {listed(names)}" if names else "it has none"
    return Fault(
        "unknown-argument",
        arg.name_span or arg.span,
        f"`{what}` has no parameter `{name}`",
        help=nearest(name, names) or all_of,
    )


def _twice(what: str, name: str, first: syntax.Arg, arg: syntax.Arg) -> Fault:
    help = "" if first.name else f"by its place `{first.span.text}` is `{name}` too"
    return Fault("duplicate-argument", arg.span, f"`{name}` of `{what}` is given twice", help=help)


def op_signature(op: type[Op]) -> dict[str, bool]:
    """The parameters of a layer, and which must be given."""
    return _op_signature(op.name)


@cache
def _op_signature(name: str) -> dict[str, bool]:
    op = ops.find(name)
    assert op is not None
    return {name: spec.default is ... for name, spec in op.params.items()}


def tensor_params(op: type[Op]) -> tuple[str, ...]:
    """The parameters of a layer that take a tensor, such as `like`."""
    return _tensor_params(op.name) if op.params else ()


@cache
def _tensor_params(name: str) -> tuple[str, ...]:
    op = ops.find(name)
    assert op is not None
    return tuple(name for name, spec in op.params.items() if spec.kind in TENSOR_KINDS)


def frame_params(op: type[Op]) -> tuple[str, ...]:
    """The parameters of a layer that are the net's image where none is given."""
    return tuple([name for name in tensor_params(op) if op.params[name].kind is Kind.FRAME])


def is_function(op: type[Op], use: syntax.Use) -> bool:
    """Whether a step is no module: it joins tensors, its arguments name others, or it is none."""
    if op.joins or op.function or (use.branches is not None and op.inputs[1] != 3):
        return True
    tensors = tensor_params(op)
    if any(op.params[name].kind is not Kind.TENSOR for name in tensors):
        return True
    return bool(tensors) and any(arg.name in tensors for arg in use.args or ())


def block_signature(params: tuple[syntax.Param, ...]) -> dict[str, bool]:
    """The parameters of a block or net, and which must be given."""
    return {param.name.name: param.default is None for param in params}


def spread(op: type[Op], args: tuple[syntax.Arg, ...]) -> tuple[syntax.Arg, ...]:
    """Arguments with a row of sizes, ``reshape(8, 10, 10)``, gathered to one list."""
    first = next(iter(op.params.values()), None)
    if len(args) < 2 or first is None or first.kind is not Kind.SIZES:
        return args
    row = [arg for arg in args if arg.name is None]
    if len(row) < 2 or isinstance(row[0].value, syntax.ListOf):
        return args
    span = row[0].span.to(row[-1].span)
    gathered = syntax.Arg(None, syntax.ListOf(tuple(arg.value for arg in row), span), span)
    return (gathered, *(arg for arg in args if arg.name is not None))


def op_value(op: type[Op], name: str, expr: syntax.Expr, env: Environment) -> Any:
    """The value of an argument of a layer, refused where its parameter cannot take it."""
    return value_for(op.name, name, op.params[name], expr, env)


def value_for(what: str, name: str, spec: Param, expr: syntax.Expr, env: Environment) -> Any:
    """The value of an argument under the rules of a parameter, which may take words."""
    if isinstance(expr, syntax.Name):
        if is_word(spec, expr.name):
            return expr.name
    elif isinstance(expr, syntax.Group):
        return value_for(what, name, spec, expr.inner, env)
    elif isinstance(expr, syntax.Conditional):
        condition = truth(evaluate(expr.condition, env), expr.condition)
        if isinstance(condition, bool):
            arm = expr.then if condition else expr.otherwise
            return value_for(what, name, spec, arm, env)
        return env.undecided(
            condition,
            lambda: value_for(what, name, spec, expr.then, env),
            lambda: value_for(what, name, spec, expr.otherwise, env),
        )
    if spec.kind is Kind.INITIALISER:
        return _initialiser(what, name, expr, env)
    return convert(what, name, spec, evaluate(expr, env), expr.span)


def is_word(spec: Param, name: str) -> bool:
    """Whether a parameter takes a name as a word."""
    return name in words_of(spec)


def is_literal(expr: syntax.Expr) -> bool:
    """Whether an expression has a value without any name."""
    match expr:
        case syntax.Number() | syntax.Constant() | syntax.KernelSize():
            return True
        case syntax.Text():
            return all(isinstance(part, str) for part in expr.parts)
        case syntax.Group():
            return is_literal(expr.inner)
        case syntax.Unary():
            return is_literal(expr.operand)
        case syntax.Binary():
            return is_literal(expr.left) and is_literal(expr.right)
        case syntax.ListOf():
            return all(map(is_literal, expr.items))
    return False


def is_fixed(op: type[Op], name: str, expr: syntax.Expr) -> bool:
    """Whether an argument of a layer has the same value wherever it is worked out."""
    return is_literal(expr) or (
        isinstance(expr, syntax.Name) and is_word(op.params[name], expr.name)
    )


def _initialiser(what: str, name: str, expr: syntax.Expr, env: Environment) -> Any:
    from netwright.ops import init

    if isinstance(expr, syntax.Constant) and expr.value is None:
        return None
    callee = expr.callee if isinstance(expr, syntax.Call) else expr
    if isinstance(callee, syntax.Name):
        if callee.name in init.SIGNATURES:
            args = expr.args if isinstance(expr, syntax.Call) else ()
            start = _start(callee.name, args, expr.span, env)
            if any(isinstance(value, Sym) for _, value in start):
                raise NotGeneral(expr.span)  # how weights start is written in numbers
            return init.Init(callee.name, start)
        if isinstance(expr, syntax.Call):
            raise unknown_initialiser(callee)
    value = evaluate(expr, env)
    if isinstance(value, Sym):
        raise NotGeneral(expr.span)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return init.constant(value)
    if isinstance(value, init.Init):
        return value
    raise Fault(
        "type-mismatch",
        expr.span,
        f"`{name}` of `{what}` takes {Kind.INITIALISER.value}, found {kind_of(value)}",
    )


def unknown_initialiser(callee: syntax.Name) -> Fault:
    """The mistake of a call that is no initialiser."""
    from netwright.ops import init

    return Fault(
        "unknown-initialiser",
        callee.span,
        f"no initialiser is called `{callee.name}`",
        help=nearest(callee.name, init.SIGNATURES)
        or f"the initialisers are {listed(init.SIGNATURES)}",
    )


def _start(
    name: str, args: tuple[syntax.Arg, ...], span: Span, env: Environment
) -> tuple[tuple[str, Any], ...]:
    """The arguments of an initialiser, in the order of its signature."""
    from netwright.ops import init

    specs = init.SIGNATURES[name]
    found = match(name, {key: spec.default is ... for key, spec in specs.items()}, args, span)
    return tuple(
        (key, value_for(name, key, spec, found[key].value, env) if key in found else spec.default)
        for key, spec in specs.items()
    )


__all__ = [
    "TYPES",
    "block_signature",
    "block_value",
    "convert",
    "is_literal",
    "listed",
    "match",
    "op_signature",
    "op_value",
    "spread",
    "type_of",
]
