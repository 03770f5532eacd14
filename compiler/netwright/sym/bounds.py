"""Between what numbers a size lies for all values of its symbols, as far as is easily told."""

from math import inf

from netwright.sym.arguments import Listed
from netwright.sym.polynomial import (
    ANY,
    NATURAL,
    POSITIVE,
    REAL,
    Argument,
    Atom,
    Call,
    Dim,
    Sym,
    Variable,
    is_whole,
    terms_of,
)

Bound = int | float  # a whole number, or infinity
Bounds = tuple[Bound, Bound]

UNKNOWN: Bounds = (-inf, inf)
SIGNS: dict[str, Bounds] = {POSITIVE: (1, inf), NATURAL: (0, inf), ANY: UNKNOWN, REAL: UNKNOWN}
SHALLOW = 64  # larger powers of numbers are not worked out


def bounds(value: Argument) -> Bounds:
    """The least and the largest value, either may be infinite."""
    if isinstance(value, int):
        return value, value
    if isinstance(value, Sym):
        return _sum(value)
    number = value.values if isinstance(value, Listed) else None
    return (number, number) if isinstance(number, int | float) else UNKNOWN


def _sum(dim: Sym) -> Bounds:
    low: Bound = 0
    high: Bound = 0
    for monomial, factor in terms_of(dim).items():
        product: Bounds = (factor, factor)
        for atom, exponent in monomial:
            product = _times(product, _raised(_atom(atom), exponent))
        low, high = low + product[0], high + product[1]
    return low, high


def _times(a: Bounds, b: Bounds) -> Bounds:
    corners = [_product(left, right) for left in a for right in b]
    return min(corners), max(corners)


def _product(a: Bound, b: Bound) -> Bound:
    return 0 if a == 0 or b == 0 else a * b


def _raised(base: Bounds, exponent: int) -> Bounds:
    """A power by a whole number of at least 1."""
    low, high = base
    if exponent % 2 or low >= 0:
        return low**exponent, high**exponent
    return 0 if high >= 0 else high**exponent, max(low**exponent, high**exponent)


def _atom(atom: Atom) -> Bounds:
    if isinstance(atom, Variable):
        return SIGNS[atom.sign]
    return _call(atom)


def _call(call: Call) -> Bounds:
    args = [bounds(arg) for arg in call.args]
    match call.function:
        case "//":
            return _floor(call.args, *args)
        case "%":
            return _rest(*args)
        case "**":
            return _power(*args)
        case "max" if len(args) > 1:
            return max(low for low, _ in args), max(high for _, high in args)
        case "min" if len(args) > 1:
            return min(low for low, _ in args), min(high for _, high in args)
        case "if":
            return min(args[1][0], args[2][0]), max(args[1][1], args[2][1])
        case "len" | "abs":
            return 0, inf
    return UNKNOWN


def _floor(args: tuple[Argument, ...], dividend: Bounds, divisor: Bounds) -> Bounds:
    """``a // b`` for a divisor that is surely positive."""
    if divisor[0] < 1 or not all(isinstance(arg, int | Sym) and is_whole(arg) for arg in args):
        return UNKNOWN
    low, high = dividend
    least = _floored(low, divisor[0] if low < 0 else divisor[1])
    return least, _floored(high, divisor[0] if high >= 0 else divisor[1])


def _floored(a: Bound, b: Bound) -> Bound:
    if a in (inf, -inf):
        return a if b != inf else (0 if a > 0 else -inf)
    return (0 if a >= 0 else -1) if b == inf else a // b


def _rest(dividend: Bounds, divisor: Bounds) -> Bounds:
    """``a % b``, which has the sign of ``b``."""
    low, high = divisor
    if low > 0:
        return 0, min(high, dividend[1]) if dividend[0] >= 0 else high
    return (low, 0) if high < 0 else UNKNOWN


def _power(base: Bounds, exponent: Bounds) -> Bounds:
    """``a ** b`` for a base of at least 1 and an exponent of at least 0."""
    if base[0] < 1 or exponent[0] < 0:
        return (0, inf) if base[0] >= 0 and exponent[0] >= 0 else UNKNOWN
    least = base[0] ** exponent[0] if base[0] <= SHALLOW and exponent[0] <= SHALLOW else 1
    return least, inf


__all__ = ["Bounds", "Dim", "bounds"]
