"""Other sizes for the symbols of a size, and the calls that can be computed then."""

import operator
from collections.abc import Callable, Mapping

from netwright.sym.arguments import Listed
from netwright.sym.polynomial import (
    Argument,
    Atom,
    Call,
    Dim,
    Sym,
    Variable,
    add,
    apply,
    floor_divide,
    keys,
    maximum,
    minimum,
    modulo,
    multiplied,
    multiply,
    of_atom,
    power,
    sole_atom,
)

NORMAL: dict[str, Callable[..., Dim]] = {
    "//": floor_divide,
    "%": modulo,
    "**": power,
    "max": maximum,
    "min": minimum,
}
PLAIN: dict[str, Callable[..., object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "max": max,
    "min": min,
    "abs": abs,
    "float": float,
    "index": operator.getitem,
    "int": int,
    "len": len,
    "round": round,
    "sum": sum,
}


def call(function: str, *args: Argument) -> Dim:
    """A function of sizes, computed as far as its arguments are known."""
    dims = [arg for arg in args if isinstance(arg, int | Sym)]
    if function in NORMAL and len(dims) == len(args):
        return NORMAL[function](*dims)
    found = _computed(function, args)
    return found if isinstance(found, int) else apply(function, *args)


def _computed(function: str, args: tuple[Argument, ...]) -> object:
    """What a call of known arguments gives; none where one is not known, or there is no result."""
    values = [known(arg) for arg in args]
    if function not in PLAIN or None in values:
        return None
    try:
        return PLAIN[function](*values)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None  # in an arm that is never taken


def known(arg: object) -> object:
    """The value behind an argument that holds no symbol; none where it does."""
    if isinstance(arg, int):
        return arg
    if isinstance(arg, Listed):
        return arg.values
    atom = sole_atom(arg) if isinstance(arg, Sym) else None
    return _computed(atom.function, atom.args) if isinstance(atom, Call) else None


def substitute(dim: Dim, values: Mapping[str, Dim]) -> Dim:
    """The size with other sizes for some keys, all at once; the normal form of the result."""
    if isinstance(dim, int) or keys(dim).isdisjoint(values):
        return dim
    total: Dim = 0
    for monomial, factor in dim.terms.items():
        product: Dim = factor
        for atom, exponent in monomial:
            product = multiply(product, multiplied(_substitute_atom(atom, values), exponent))
        total = add(total, product)
    return total


def _substitute_atom(atom: Atom, values: Mapping[str, Dim]) -> Dim:
    if isinstance(atom, Variable):
        return values[atom.key] if atom.key in values else of_atom(atom)
    args = [_substitute_argument(arg, values) for arg in atom.args]
    if atom.function == "if":
        return choose(*args)
    return call(atom.function, *args)


def _substitute_argument(arg: Argument, values: Mapping[str, Dim]) -> Argument:
    return substitute(arg, values) if isinstance(arg, int | Sym) else arg.substitute(values)


def choose(condition: Argument, then: Argument, otherwise: Argument) -> Dim:
    """``then if condition else otherwise``."""
    assert isinstance(then, int | Sym) and isinstance(otherwise, int | Sym)
    if isinstance(condition, bool):
        return then if condition else otherwise
    return then if then == otherwise else apply("if", condition, then, otherwise)
