"""Calls: a layer or block with the value of each argument, from the call, a `set` or a default."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.arguments import block_signature, block_value, op_signature, op_value, spread
from netwright.arguments import match as assigned
from netwright.bind.scope import Defaults, FileNames, default_for
from netwright.evaluate import Environment, evaluate, truth
from netwright.ops import find as ops
from netwright.ops.base import Op
from netwright.program import Definition
from netwright.record import record
from netwright.source import Span
from netwright.values import Fault, Partial, row

NO_DEFAULTS: Defaults = ()


@record
class Bound:
    """A callee with the value of every parameter; ``given`` tells what was written."""

    target: Any
    values: dict[str, Any]
    given: dict[str, syntax.Arg]
    span: Span

    @property
    def key(self) -> Any:
        """The values as a key, by what they are; made once."""
        if "_key" not in self.__dict__:
            self.__dict__["_key"] = row(tuple(self.values.values()))
        return self.__dict__["_key"]


def partial(callee: Partial, args: tuple[syntax.Arg, ...], span: Span, env: Environment) -> Partial:
    """A callee with some more arguments, each checked, none demanded."""
    target = callee.target
    values: dict[str, Any]
    if isinstance(target, Definition):
        if isinstance(target.node, syntax.Net | syntax.Variant):
            raise no_block(target, span)
        params = {param.name.name: param for param in target.params}
        found = assigned(target.name, dict.fromkeys(params, False), args, span)
        values = {
            name: block_value(target.name, params[name], argument(arg.value, env), arg.span)
            for name, arg in found.items()
        }
    else:
        signature = dict.fromkeys(op_signature(target), False)
        found = assigned(target.name, signature, spread(target, args), span)
        values = {name: op_value(target, name, arg.value, env) for name, arg in found.items()}
    merged = {**dict(callee.args), **values}
    words = (*callee.words, *((name, (arg, env)) for name, arg in found.items()))
    return Partial(target, tuple(sorted(merged.items())), words, callee.held)


def no_block(definition: Definition, span: Span) -> Fault:
    """The mistake of a net or a function in the place of a block."""
    what = "a function" if isinstance(definition.node, syntax.Function) else "a net"
    return Fault(
        "not-a-block",
        span,
        f"`{definition.name}` is no block: {what} cannot stand in a body",
    )


def bind_op(
    op: type[Op],
    taken: dict[str, Any],
    args: tuple[syntax.Arg, ...],
    span: Span,
    env: Environment,
    defaults: Defaults,
) -> Bound:
    """A layer's arguments."""
    given = assigned(
        op.name,
        op_signature(op),
        spread(op, args),
        span,
        given=_elsewhere(op.name, taken, defaults),
    )
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


def _elsewhere(callee: str, taken: dict[str, Any], defaults: Defaults) -> Callable[[str], bool]:
    """Tells the parameters that a partial application or a `set` gives."""
    return lambda name: name in taken or default_for(defaults, callee, name) is not None


def bind_block(
    definition: Definition,
    taken: dict[str, Any],
    args: tuple[syntax.Arg, ...],
    span: Span,
    env: Environment,
    defaults: Defaults,
) -> Bound:
    """A block's or net's arguments; a default may use the parameters before it."""
    callee = definition.name
    given = assigned(
        callee,
        block_signature(definition.params),
        args,
        span,
        given=_elsewhere(callee, taken, defaults),
    )
    values: dict[str, Any] = {}
    inner = FileNames(definition.home, values, caller=env)
    for param in definition.params:
        name = param.name.name
        if name in taken and name not in given:
            values[name] = taken[name]
            continue
        found = default_for(defaults, callee, name) if defaults else None
        where: Environment
        if name in given:
            expr, where, place = given[name].value, env, given[name].span
        elif found is not None:
            (expr, where), place = found, found[0].span
        else:
            assert param.default is not None
            expr, where, place = param.default, inner, param.default.span
        values[name] = block_value(callee, param, argument(expr, where), place)
    return Bound(definition, values, given, span)


def argument(expr: syntax.Expr, env: Environment) -> Any:
    """A value; a word such as `same` that nothing else is called stands for itself."""
    match expr:
        case syntax.Name() if expr.name in ops.words():
            try:
                return env.lookup(expr.name, expr.span)
            except Fault:
                return expr.name
        case syntax.Group():
            return argument(expr.inner, env)
        case syntax.Conditional():
            condition = truth(evaluate(expr.condition, env), expr.condition)
            if isinstance(condition, bool):
                return argument(expr.then if condition else expr.otherwise, env)
            return env.undecided(
                condition, lambda: argument(expr.then, env), lambda: argument(expr.otherwise, env)
            )
    return evaluate(expr, env)


def refuse_arguments(what: str, args: tuple[syntax.Arg, ...], span: Span) -> None:
    """Refuse arguments of what takes none."""
    if args:
        raise Fault(
            "surplus-argument", args[0].span, f"{what} takes no arguments, found {len(args)}"
        )
