"""Sizes under numbers for their symbols, and after how many cells of a symbol they repeat.

A size made of sums, of floor divisions and rests by fixed numbers, and of smallest and largest
ones is linear along every residue of its period.
"""

from collections.abc import Mapping
from math import gcd, lcm

from netwright.sym import Call, Sym, Variable, keys, substitute, terms_of
from netwright.sym.polynomial import Argument, Atom

Values = Mapping[str, int]

FAR = 1 << 20
"""Where slopes are measured: smallest and largest ones have settled on one of their arguments."""


class Untold(Exception):
    """A size that is no sum, floor division or rest: nothing is said of what it may be."""


def at(dim: Argument, values: Values, known: dict[int, int] | None = None) -> int:
    """The number that a size is; ``known`` keeps those of the calls inside, by identity."""
    if isinstance(dim, int):
        return dim
    if not isinstance(dim, Sym):
        raise Untold
    known = {} if known is None else known
    total = 0
    for monomial, factor in dim.terms.items():
        for atom, exponent in monomial:
            if isinstance(atom, Variable):
                if atom.key not in values:
                    raise Untold  # how many boxes there are, only the net at work tells
                factor *= values[atom.key] ** exponent
                continue
            if id(atom) not in known:
                known[id(atom)] = _call(atom, values, known)
            factor *= known[id(atom)] ** exponent
        total += factor
    return total


def _call(call: Call, values: Values, known: dict[int, int]) -> int:
    if call.function not in ("//", "%", "max", "min"):
        found = substitute(Sym({frozenset(((call, 1),)): 1}), values)
        if not isinstance(found, int):
            raise Untold
        return found
    args = [at(arg, values, known) for arg in call.args]
    if call.function in ("max", "min"):
        return max(args) if call.function == "max" else min(args)
    dividend, divisor = args[0], args[1] or 1
    return dividend // divisor if call.function == "//" else dividend % divisor


def period(dim: Argument, key: str, values: Values) -> int:
    """After how many cells of a symbol a size has grown by a fixed number, the others fixed."""
    if not isinstance(dim, Sym) or key not in keys(dim):
        return 1
    found = 1
    for monomial in terms_of(dim):
        moving = [(atom, exponent) for atom, exponent in monomial if _moves(atom, key)]
        if len(moving) > 1 or any(exponent != 1 for _, exponent in moving):
            raise Untold
        found = lcm(found, *(_period(atom, key, values) for atom, _ in moving))
    return found


def _moves(atom: Atom, key: str) -> bool:
    return key in keys(Sym({frozenset(((atom, 1),)): 1}))


def _period(atom: Atom, key: str, values: Values) -> int:
    if isinstance(atom, Variable):
        return 1
    if atom.function in ("max", "min"):
        return lcm(*(period(arg, key, values) for arg in atom.args))
    if atom.function in ("//", "%"):
        return _divided(atom, key, values)
    raise Untold


def _divided(call: Call, key: str, values: Values) -> int:
    """The period of a floor division or a rest by what does not move."""
    dividend, divisor = call.args
    if period(divisor, key, values) != 1 or (isinstance(divisor, Sym) and key in keys(divisor)):
        raise Untold
    by, inner = at(divisor, values), period(dividend, key, values)
    return inner * (abs(by) // gcd(by, slope(dividend, key, values, inner)) or 1)


def slope(dim: Argument, key: str, values: Values, cells: int) -> int:
    """By how much a size grows over its period."""
    far = {**values, key: FAR}
    return at(dim, {**far, key: FAR + cells}) - at(dim, far)
