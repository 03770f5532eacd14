"""The functions of expressions, a pure subset of Python's."""

from collections.abc import Callable
from typing import Any

from netwright import sym, syntax
from netwright.arithmetic import (
    arithmetic,
    bounded,
    is_number,
    is_whole,
    plain_number,
    symbolic,
    within,
)
from netwright.evaluate import NotGeneral
from netwright.limits import limits
from netwright.source import Span
from netwright.sym import Sym
from netwright.tensor import Dynamic
from netwright.values import Fault, kind_of

Builtin = Callable[[list[Any], syntax.Call], Any]

BY_NAME = {"enumerate": {"start": 1}}


def arguments(name: str, call: syntax.Call) -> tuple[syntax.Arg, ...]:
    """The arguments of a call by place; of those by name, only Python's few."""
    for place, arg in enumerate(call.args):
        if arg.name is not None and BY_NAME.get(name, {}).get(arg.name) != place:
            raise Fault(
                "unknown-argument",
                arg.name_span or arg.span,
                f"`{name}` takes no argument by name, found `{arg.name}`",
            )
    return call.args


def _name(call: syntax.Call) -> str:
    return call.callee.span.text


def _arity(args: list[Any], call: syntax.Call, least: int, most: int) -> None:
    if not least <= len(args) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        plural = "s" * (wanted != "1")
        raise Fault(
            "argument-count",
            call.span,
            f"`{_name(call)}` takes {wanted} argument{plural}, found {len(args)}",
        )


def _numbers(args: list[Any], call: syntax.Call) -> list[Any]:
    places = [arg.span for arg in call.args] if len(args) == len(call.args) else []
    for place, arg in enumerate(args):
        if not is_number(arg):
            raise Fault(
                "type-mismatch",
                places[place] if places else call.span,
                f"`{_name(call)}` takes numbers, found {kind_of(arg)}",
            )
    return list(map(plain_number, args))


def _range(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 3)
    for arg, node in zip(args, call.args, strict=True):
        if not isinstance(arg, Sym | Dynamic) and not is_whole(arg):
            raise Fault(
                "type-mismatch", node.span, f"`range` takes whole numbers, found {kind_of(arg)}"
            )
    if any(isinstance(arg, Sym) for arg in args):
        raise NotGeneral(call.span)
    if len(args) == 3 and args[2] == 0:
        raise Fault("division-by-zero", call.args[2].span, "the step of a range is 0")
    found = range(*map(plain_number, args))
    within(_length(found), call.span)
    return found


def _length(value: Any) -> int:
    """How many items there are; `len` itself stops at 2**63 of them."""
    if isinstance(value, range):
        return max(0, -((value.start - value.stop) // value.step))
    return len(value)


def items(value: Any, call: syntax.Call) -> Any:
    """The items of a list or range, refused where they are too many."""
    if isinstance(value, Sym):
        raise NotGeneral(call.span)
    if type(value) is not tuple and not isinstance(value, range):
        raise Fault(
            "type-mismatch", call.span, f"`{_name(call)}` takes a list, found {kind_of(value)}"
        )
    most = limits().items
    if _length(value) > most:
        raise Fault(
            "list-too-long",
            call.span,
            f"a list has at most {most:,} items, found {_length(value):,}",
        )
    return value


def _enumerate(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 2)
    start = plain_number(args[1]) if len(args) > 1 else 0
    if not is_whole(start):
        raise Fault(
            "type-mismatch", call.args[1].span, f"it starts at a whole number, not {kind_of(start)}"
        )
    pairs = tuple((start + i, item) for i, item in enumerate(items(args[0], call)))
    return bounded(pairs, call.span) if len(pairs) * 3 > limits().items else pairs


def _zip(args: list[Any], call: syntax.Call) -> Any:
    rows = tuple(zip(*(items(arg, call) for arg in args), strict=False))
    return bounded(rows, call.span)


def _extreme(name: str, of_symbols: Callable[..., Any], of_numbers: Callable[..., Any]) -> Builtin:
    def run(args: list[Any], call: syntax.Call) -> Any:
        if len(args) == 1 and isinstance(args[0], Sym):
            return sym.apply(name, args[0])
        values = _numbers(list(items(args[0], call)) if len(args) == 1 else args, call)
        if not values:
            raise Fault("argument-count", call.span, f"`{name}` of nothing")
        if any(isinstance(value, Sym) for value in values):
            if any(isinstance(value, float) for value in values):
                return sym.apply(name, *map(symbolic, values))
            return of_symbols(*values)
        return of_numbers(values)

    return run


def _len(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    if isinstance(args[0], Sym):
        return sym.apply("len", args[0])
    if not isinstance(args[0], tuple | range | str):
        raise Fault("type-mismatch", call.span, f"`len` takes a list, found {kind_of(args[0])}")
    return _length(args[0])


def _sum(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    if isinstance(args[0], Sym):
        return sym.apply("sum", args[0])
    total: Any = 0
    for value in _numbers(list(items(args[0], call)), call):
        total = arithmetic("+", total, value, call.span)
    return total


def _rounding(name: str, plain: Callable[..., Any]) -> Builtin:
    def run(args: list[Any], call: syntax.Call) -> Any:
        _arity(args, call, 1, 2 if name == "round" else 1)
        if isinstance(args[0], bool) and name == "int":
            return int(args[0])
        values = _numbers(args, call)
        if isinstance(values[0], Sym):
            whole = name == "int" and sym.is_whole(values[0])
            return values[0] if whole else sym.apply(name, *values)
        if len(values) > 1:
            return _rounded(values, call.args[1].span)
        return within(plain(*values), call.span)

    return run


def _rounded(values: list[Any], span: Span) -> Any:
    """A number rounded to some decimals; where there are more than it has, itself."""
    if not is_whole(values[1]):
        raise Fault("type-mismatch", span, f"decimals are counted, found {kind_of(values[1])}")
    return round(values[0], max(-20, min(values[1], 20)))


def _reversed(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    return tuple(reversed(items(args[0], call)))


def _list(args: list[Any], call: syntax.Call) -> Any:
    _arity(args, call, 1, 1)
    return tuple(items(args[0], call))


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
