"""What parameters of a routine are bound to: symbols, or numbers where it cannot stay general."""

from collections.abc import Iterator
from typing import Any

from netwright import syntax
from netwright.arguments import type_of
from netwright.condition import Cond
from netwright.lower.kinds import Parameter
from netwright.lower.wording import python_name
from netwright.program import Definition
from netwright.sym import ANY, NATURAL, REAL, Sides, Sym, variable
from netwright.values import Partial, Ref, plain


def subsets(values: dict[str, Any], given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What may be bound to numbers: what is given, one parameter more, or all."""
    base = {name: values[name] for name in values if name in given}
    if base:
        yield base
    for name, value in values.items():
        if name not in base:
            yield {**base, name: value}
    if len(values) != len(base) + 1 or not values:
        yield dict(values)


def layers_as_blocks(definition: Definition, values: dict[str, Any]) -> dict[str, Any]:
    """Parameters whose layer cannot be called by who does not know it: one that is held where a
    block may be, and a norm or activation that lacks an argument."""
    kinds = {param.name.name: type_of(param) for param in definition.params}
    return {
        name: value
        for name, value in values.items()
        if (lacks(value) if kinds.get(name) in ("norm", "activation") else holds_layer(value))
    }


def holds_layer(value: Any) -> bool:
    """Whether a value is a layer, or a list with one in it."""
    if type(value) is tuple:
        return any(map(holds_layer, value))
    return isinstance(value, Partial) and isinstance(value.target, type)


def lacks(value: Any) -> bool:
    """Whether a layer still needs arguments."""
    if not holds_layer(value):
        return False
    given = {name for name, _ in value.args}
    return any(spec.default is ... for n, spec in value.target.params.items() if n not in given)


def spelt(values: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Values as a key: what they are, whatever words they were given in."""
    return tuple(sorted((name, repr(_unworded(value))) for name, value in values.items()))


def _unworded(value: Any) -> Any:
    if type(value) is tuple:
        return tuple(map(_unworded, value))
    if isinstance(value, Partial):
        args = tuple((name, _unworded(arg)) for name, arg in value.args)
        return Partial(value.target, args, held=value.held)
    return value


def is_number(value: Any) -> bool:
    """Whether a value is known: nothing in it is a symbol."""
    if isinstance(value, Sym | Cond | Sides) or isinstance(plain(value), Ref):
        return False
    if isinstance(value, Partial):
        return not isinstance(value.target, Parameter) and all(
            is_number(arg) for _, arg in value.args
        )
    return all(map(is_number, value)) if isinstance(value, tuple) else True


def symbol(param: syntax.Param, key: str) -> Any:
    """What stands for a parameter when nothing is known of it."""
    kind = type_of(param)
    match kind:
        case "bool":
            return Cond("flag", (key,))
        case "block" | "norm" | "activation":
            return Partial(Parameter(python_name(param.name.name), kind, key))
        case "kernel":
            return Sides(key)
        case "int":
            return variable(key, NATURAL)
        case "float":
            return variable(key, REAL)
    if kind == "any" and isinstance(param.default, syntax.Name | syntax.Call):
        return variable(key, ANY)
    return variable(key, NATURAL if kind in ("list", "any") else ANY)
