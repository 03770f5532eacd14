"""Calls: the layer or block with the value of each argument, from the call, a `set` or a default."""

from typing import Any

from netwright import syntax
from netwright.arguments import block_signature, block_value, listed, match, op_signature, op_value, spread
from netwright.bind.scope import Defaults, FileNames, default_for
from netwright.evaluate import Environment, evaluate
from netwright.ops.base import Op
from netwright.program import Definition
from netwright.record import record
from netwright.source import Span
from netwright.spelling import nearest
from netwright.values import Fault, Partial

NO_DEFAULTS: Defaults = ()


@record
class Bound:
    """A callee with the value of every parameter; ``spans`` and ``given`` tell what was written."""

    target: Any
    values: dict[str, Any]
    given: dict[str, syntax.Arg]
    span: Span


def partial(callee: Partial, args: tuple[syntax.Arg, ...], span: Span, env: Environment) -> Partial:
    """A callee with some more arguments, each checked, none demanded."""
    target = callee.target
    if isinstance(target, Definition):
        params = {param.name.name: param for param in target.params}
        found = match(target.name, dict.fromkeys(params, False), args, span)
        values = {name: block_value(target.name, params[name], evaluate(arg.value, env), arg.span) for name, arg in found.items()}
    else:
        found = match(target.name, dict.fromkeys(op_signature(target), False), spread(target, args), span)
        values = {name: op_value(target, name, arg.value, env) for name, arg in found.items()}
    merged = {**dict(callee.args), **values}
    return Partial(target, tuple(sorted(merged.items())), (*callee.words, *((name, (arg, env)) for name, arg in found.items())))


def bind_op(op: type[Op], taken: dict[str, Any], args: tuple[syntax.Arg, ...], span: Span, env: Environment, defaults: Defaults) -> Bound:
    """A layer's arguments."""
    given = match(op.name, op_signature(op), spread(op, args), span, taken=_with_sets(op.name, taken, defaults))
    values: dict[str, Any] = {}
    for name, spec in op.params.items():
        if name in given:
            values[name] = op_value(op, name, given[name].value, env)
        elif name in taken:
            values[name] = taken[name]
        else:
            found = default_for(defaults, op.name, name) if defaults else None
            values[name] = op_value(op, name, *found) if found else spec.default
    return Bound(op, values, given, span)


def _with_sets(name: str, taken: dict[str, Any], defaults: Defaults) -> dict[str, Any]:
    if not defaults:
        return taken
    return {**{arg: None for callee, args in defaults if callee == name for arg in args}, **taken}


def bind_block(definition: Definition, taken: dict[str, Any], args: tuple[syntax.Arg, ...], span: Span, env: Environment, defaults: Defaults) -> Bound:
    """A block's or net's arguments; a default may use the parameters before it."""
    given = match(definition.name, block_signature(definition.params), args, span, taken=_with_sets(definition.name, taken, defaults))
    values: dict[str, Any] = {}
    inner = FileNames(definition.home, values)
    for param in definition.params:
        name = param.name.name
        if name in taken and name not in given:
            values[name] = taken[name]
            continue
        found = default_for(defaults, definition.name, name) if defaults else None
        if name in given:
            expr, where, place = given[name].value, env, given[name].span
        elif found is not None:
            (expr, where), place = found, found[0].span
        else:
            assert param.default is not None
            expr, where, place = param.default, inner, param.default.span
        values[name] = block_value(definition.name, param, _evaluate(expr, where), place)
    return Bound(definition, values, given, span)


def _evaluate(expr: syntax.Expr, env: Environment) -> Any:
    """A value; a word such as `same` that nothing else is called stands for itself."""
    if isinstance(expr, syntax.Name):
        from netwright.ops import find as ops

        try:
            return env.lookup(expr.name, expr.span)
        except Fault:
            if expr.name in ops.words():
                return expr.name
            raise
    return evaluate(expr, env)


def refuse_arguments(what: str, args: tuple[syntax.Arg, ...], span: Span) -> None:
    """Refuse arguments of what takes none."""
    if args:
        raise Fault("surplus-argument", args[0].span, f"{what} takes no arguments, found {len(args)}")


__all__ = ["Bound", "bind_block", "bind_op", "listed", "nearest", "partial", "refuse_arguments"]
