"""The functions of expressions, a pure subset of Python's."""

from collections.abc import Callable
from typing import Any

from netwright import sym, syntax
from netwright.evaluate import LONGEST, NotGeneral, _Listed, _symbolic
from netwright.sym import Sym
from netwright.tensor import Dynamic, number
from netwright.values import Fault, kind_of

Builtin = Callable[[list[Any], syntax.Call], Any]


def _arity(args: list[Any], call: syntax.Call, least: int, most: int) -> None:
    if not least <= len(args) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise Fault("argument-count", call.span, f"`{call.callee.span.text}` takes {wanted} arguments, found {len(args)}")


def _numbers(args: list[Any], call: syntax.Call) -> list[Any]:
    for arg, node in zip(args, call.args, strict=False):
        if isinstance(arg, bool) or not isinstance(arg, int | float | Sym | Dynamic):
            raise Fault("type-mismatch", node.span, f"`{call.callee.span.text}` takes numbers, found {kind_of(arg)}")
    return [number(arg) if isinstance(arg, Dynamic) else arg for arg in args]


def _range(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 3)
    for arg, node in zip(args, call.args, strict=False):
        if isinstance(arg, bool) or not isinstance(arg, int | Sym | Dynamic):
            raise Fault("type-mismatch", node.span, f"`range` takes whole numbers, found {kind_of(arg)}")
    if any(isinstance(arg, Sym) for arg in args):
        raise NotGeneral(call.span)
    if len(args) == 3 and args[2] == 0:
        raise Fault("division-by-zero", call.args[2].span, "the step of a range is 0")
    return range(*(number(arg) for arg in args))


def _items(value: Any, call: syntax.Call) -> Any:
    if isinstance(value, Sym):
        raise NotGeneral(call.span)
    if type(value) is not tuple and not isinstance(value, range):
        raise Fault("type-mismatch", call.span, f"`{call.callee.span.text}` takes a list, found {kind_of(value)}")
    if len(value) > LONGEST:
        raise Fault("list-too-long", call.span, f"a list has at most {LONGEST:,} items, found {len(value):,}")
    return value


def _enumerate(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 2)
    start = args[1] if len(args) > 1 else 0
    return tuple((start + i, item) for i, item in enumerate(_items(args[0], call)))


def _zip(args: list[Any], call: syntax.Call) -> Any:
    return tuple(zip(*(_items(arg, call) for arg in args), strict=False))


def _extreme(name: str, symbolic: Callable[..., Any], plain: Callable[..., Any]) -> Builtin:
    def run(args: list[Any], call: syntax.Call) -> Any:
        if len(args) == 1 and isinstance(args[0], Sym):
            return sym.apply(name, args[0])
        if len(args) == 1 and type(args[0]) is not tuple and not isinstance(args[0], range):
            raise Fault("type-mismatch", call.span, f"`{name}` of one value takes a list, found {kind_of(args[0])}")
        values = _numbers(list(args[0]) if len(args) == 1 else args, call)
        if not values:
            raise Fault("type-mismatch", call.span, f"`{name}` of nothing")
        if any(isinstance(value, Sym) for value in values):
            if any(isinstance(value, float) for value in values):
                return sym.apply(name, *(value if isinstance(value, Sym) else _Listed(value) for value in values))
            return symbolic(*values)
        return plain(values)

    return run


def _len(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    if isinstance(args[0], Sym):
        return sym.apply("len", args[0])
    if not isinstance(args[0], tuple | range | str):
        raise Fault("type-mismatch", call.span, f"`len` takes a list, found {kind_of(args[0])}")
    return len(args[0])


def _sum(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    if isinstance(args[0], Sym):
        return sym.apply("sum", args[0])
    total: Any = 0
    for value in _numbers(list(_items(args[0], call)), call):
        total = total + value
    return total


def _rounding(name: str, plain: Callable[..., Any]) -> Builtin:
    def run(args: list[Any], call: syntax.Call) -> Any:
        _arity(args, call, 1, 2 if name == "round" else 1)
        if isinstance(args[0], bool) and name == "int":
            return int(args[0])
        values = _numbers(args, call)
        if isinstance(values[0], Sym):
            return sym.apply(name, *values)
        return plain(*values)

    return run


def _reversed(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    return tuple(reversed(_items(args[0], call)))


def _list(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    return tuple(_items(args[0], call))


BUILTINS: dict[str, Builtin] = {
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "reversed": _reversed,
    "list": _list,
    "len": _len,
    "sum": _sum,
    "min": _extreme("min", sym.minimum, min),
    "max": _extreme("max", sym.maximum, max),
    "round": _rounding("round", round),
    "int": _rounding("int", int),
    "float": _rounding("float", float),
    "abs": _rounding("abs", abs),
}

__all__ = ["BUILTINS", "_symbolic"]
