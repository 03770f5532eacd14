"""Conditions on symbols: what an `if` asks when its answer depends on the arguments of a block."""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from netwright.record import record
from netwright.sym import (
    NATURAL,
    Call,
    Dim,
    Sym,
    Variable,
    add,
    apply,
    bounds,
    keys,
    known,
    multiply,
    show_any,
    sole_atom,
    substitute,
    terms_of,
    variable,
)

NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@record
class Cond:
    """A condition that cannot be decided: ``op`` over its arguments.

    Comparisons take two values; ``and``, ``or`` and ``not`` take conditions; ``flag`` takes the key
    of a parameter that is true or false.
    """

    op: str
    args: "tuple[Any, ...]"

    def keys(self) -> set[str]:
        """Keys of all symbols inside."""
        if self.op == "flag":
            return {str(self.args[0])}
        return {key for arg in self.args for key in _keys(arg)}

    def substitute(self, values: Mapping[str, Dim]) -> "Cond | bool":
        """The condition with other sizes for some keys."""
        if self.op == "flag":
            value = values.get(str(self.args[0]))
            return self if value is None else as_condition(value)
        args = [_substitute(arg, values) for arg in self.args]
        return compare(args[0], self.op, args[1]) if self.op in NEGATED else combine(self.op, *args)

    def show(self, name: Callable[[str], str]) -> str:
        """Python text."""
        if self.op == "flag":
            return name(str(self.args[0]))
        parts = [f"({text})" if self._binds(arg) else text for arg, text in self._texts(name)]
        return f"not {parts[0]}" if self.op == "not" else f" {self.op} ".join(parts)

    def _texts(self, name: Callable[[str], str]) -> Iterator[tuple[object, str]]:
        for arg in self.args:
            yield arg, show_any(arg, name, 0)

    def _binds(self, arg: object) -> bool:
        """Whether an argument needs parentheses."""
        if not isinstance(arg, Cond) or arg.op == "flag":
            return False
        return self.op in NEGATED or (self.op == "not" and arg.op not in NEGATED) or arg.op == "or"

    def as_dim(self) -> Dim:
        """1 where it holds and 0 where not, as a factor in a count."""
        if self.op == "flag":
            return variable(str(self.args[0]), NATURAL)
        return apply("if", self, 1, 0)


def as_condition(value: Dim) -> "bool | Cond":
    """The condition behind a size that is 1 where it holds and 0 where not."""
    if isinstance(value, int):
        return bool(value)
    match sole_atom(value):
        case Variable(key):
            return Cond("flag", (key,))
        case Call("if", (Cond() as condition, 1, 0)):
            return condition
    return compare(value, "!=", 0)


def _keys(value: object) -> "set[str] | frozenset[str]":
    if isinstance(value, Cond):
        return value.keys()
    return keys(value) if isinstance(value, Sym) else frozenset()


def _substitute(value: object, values: Mapping[str, Dim]) -> object:
    if isinstance(value, Cond):
        return value.substitute(values)
    return substitute(value, values) if isinstance(value, Sym) else value


def compare(a: object, op: str, b: object) -> "bool | Cond":
    """Whether ``a op b`` for every value of the symbols, or the condition where it depends."""
    if isinstance(a, int) and isinstance(b, int):
        return COMPARE[op](a, b)
    if op in ("==", "!=") and a == b:
        return op == "=="
    if _is_size(a) and _is_size(b):
        return _compare_sizes(a, op, b)
    if isinstance(a, Sym | Cond) or isinstance(b, Sym | Cond):
        return Cond(op, (a, b))
    return _compare_values(a, op, b)


def _is_size(value: object) -> bool:
    return isinstance(value, int | Sym) and not isinstance(value, bool)


def _compare_values(a: object, op: str, b: object) -> bool:
    """Numbers, texts and lists, as Python compares them; what has no order holds never."""
    try:
        return COMPARE[op](a, b)
    except TypeError:
        return False


def _compare_sizes(a: Any, op: str, b: Any) -> "bool | Cond":
    left, right = known(a), known(b)
    if left is not None and right is not None:
        return _compare_values(left, op, right)
    low, high = bounds(add(a, -b))
    apart, equal = low > 0 or high < 0, low == high == 0
    holds, fails = {
        "==": (equal, apart),
        "!=": (apart, equal),
        "<": (high < 0, low >= 0),
        "<=": (high <= 0, low > 0),
        ">": (low > 0, high <= 0),
        ">=": (low >= 0, high < 0),
    }[op]
    return holds if holds or fails else Cond(op, (a, b))


def combine(op: str, *args: object) -> "bool | Cond":
    """``and``, ``or``, ``not`` with what is decided taken out."""
    if op == "not":
        return negate(args[0])
    absorbing = op == "or"
    left: list[Cond] = []
    for arg in args:
        if isinstance(arg, Cond):
            left += [arg] if arg not in left else []
        elif arg is absorbing:
            return absorbing
    if not left:
        return not absorbing
    return left[0] if len(left) == 1 else Cond(op, tuple(left))


def negate(condition: object) -> "bool | Cond":
    """The opposite, pushed inwards: ``else`` of ``a != b or c != d`` is ``a == b and c == d``."""
    if not isinstance(condition, Cond):
        return not condition
    if condition.op in NEGATED:
        return _opposite(condition)
    if condition.op == "not":
        inner = condition.args[0]
        return inner if isinstance(inner, Cond) else bool(inner)
    if condition.op == "flag":
        return Cond("not", (condition,))
    other = "or" if condition.op == "and" else "and"
    return combine(other, *(negate(arg) for arg in condition.args))


def _opposite(comparison: Cond) -> "bool | Cond":
    a, b = comparison.args
    return compare(a, NEGATED[comparison.op], b)


Facts = Mapping[str, Dim]


def facts(condition: object) -> Facts:
    """What may be put for some keys where a condition holds.

    Equalities are solved for a variable that stands alone, the input's channels before others;
    inequalities tell nothing.
    """
    found: dict[str, Dim] = {}
    for part in _parts(condition):
        told = part.substitute(found)
        solved = _told(told) if isinstance(told, Cond) else None
        if solved:
            found = {key: substitute(dim, dict([solved])) for key, dim in found.items()}
            found[solved[0]] = solved[1]
    return found


def _parts(condition: object) -> Iterator[Cond]:
    if isinstance(condition, Cond):
        if condition.op == "and":
            for arg in condition.args:
                yield from _parts(arg)
        else:
            yield condition


def _told(condition: Cond) -> tuple[str, Dim] | None:
    """A key and its value, of one condition that holds."""
    match condition:
        case Cond("flag", (str() as key,)):
            return key, 1
        case Cond("not", (Cond("flag", (str() as key,)),)):
            return key, 0
        case Cond("==", (int() | Sym() as a, int() | Sym() as b)):
            return _solve(add(a, -b))
    return None


def _solve(difference: Dim) -> tuple[str, Dim] | None:
    """A key and what it equals where a size is 0: a variable with the factor 1 or -1."""
    candidates = []
    for monomial, factor in terms_of(difference).items():
        atom = sole_atom(Sym({monomial: 1}))
        if abs(factor) == 1 and isinstance(atom, Variable):
            rest = add(difference, multiply(-factor, variable(*atom)))
            if atom.key not in keys(rest):
                candidates.append((atom.key, multiply(-factor, rest)))
    candidates.sort(key=lambda pair: not pair[0].startswith("in_"))
    return candidates[0] if candidates else None


__all__ = ["Cond", "Facts", "as_condition", "combine", "compare", "facts", "negate"]
