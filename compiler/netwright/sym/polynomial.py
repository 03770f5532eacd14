"""Sizes that may be symbols: integer polynomials over names and calls, in a normal form.

A `Dim` is a number or a `Sym`. The same arithmetic that computes a shape from numbers computes its
formula from symbols. Two Syms are equal when their normal forms are; deciding more than that is
`netwright.condition`'s work. A Sym has no truth value: code that branches on one is wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, NoReturn, Protocol, runtime_checkable

from netwright.sym.general import NeedsNumber, NotGeneral
from netwright.sym.words import Word

POSITIVE, NATURAL, ANY, REAL = "pos", "nat", "any", "real"

LARGEST = 2**63
MOST_TERMS = 2000
HIGHEST = 64  # no power above it is a number of the language
LARGEST_EXPANDED = 8  # the highest power that is multiplied out


@runtime_checkable
class Open(Protocol):
    """An argument of a call that is no size: a condition, a list, a number with a fraction."""

    def keys(self) -> set[str]:
        """Keys of the symbols inside."""

    def substitute(self, values: "Mapping[str, Dim]") -> "Argument":
        """The argument with other sizes for some keys."""

    def show(self, name: Callable[[str], str]) -> str:
        """Python text."""


class Variable(NamedTuple):
    """A symbol: its key, which is unique and no name, and what is known of its sign."""

    key: str
    sign: str


class Call(NamedTuple):
    """A function of sizes that cannot be computed."""

    function: str
    args: "tuple[Argument, ...]"


Atom = Variable | Call
Monomial = frozenset[tuple[Atom, int]]
ONE: Monomial = frozenset()


class Sym:
    """A polynomial with integer coefficients; never a constant."""

    __slots__ = ("_hash", "_keys", "_weight", "terms", "word")

    def __init__(self, terms: Mapping[Monomial, int], word: Word | None = None) -> None:
        self.terms = terms
        self.word = word
        self._hash: int | None = None
        self._keys: frozenset[str] | None = None
        self._weight: int | None = None

    @property
    def weight(self) -> int:
        """How many variables and calls its text would have."""
        if self._weight is None:
            atoms = [atom for monomial in self.terms for atom, _ in monomial]
            inner = [arg for atom in atoms if isinstance(atom, Call) for arg in atom.args]
            self._weight = len(atoms) + sum(arg.weight for arg in inner if isinstance(arg, Sym))
        return self._weight

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Sym) and self.terms == other.terms)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __bool__(self) -> bool:
        raise NeedsNumber

    def __int__(self) -> NoReturn:
        raise NeedsNumber

    __index__ = __float__ = __iter__ = __int__

    def __add__(self, other: "Dim") -> "Dim":
        return add(self, other)

    def __radd__(self, other: int) -> "Dim":
        return add(other, self)

    def __sub__(self, other: "Dim") -> "Dim":
        return add(self, multiply(-1, other))

    def __rsub__(self, other: int) -> "Dim":
        return add(other, multiply(-1, self))

    def __mul__(self, other: "Dim") -> "Dim":
        return multiply(self, other)

    def __rmul__(self, other: int) -> "Dim":
        return multiply(other, self)

    def __neg__(self) -> "Dim":
        return multiply(-1, self)

    def __floordiv__(self, other: "Dim") -> "Dim":
        return floor_divide(self, other)

    def __rfloordiv__(self, other: int) -> "Dim":
        return floor_divide(other, self)

    def __mod__(self, other: "Dim") -> "Dim":
        return modulo(self, other)

    def __rmod__(self, other: int) -> "Dim":
        return modulo(other, self)

    def __pow__(self, other: "Dim") -> "Dim":
        return power(self, other)

    def __rpow__(self, other: int) -> "Dim":
        return power(other, self)

    def __repr__(self) -> str:
        from netwright.sym.text import show

        return show(self, str)


Dim = int | Sym
Argument = Dim | Open


def variable(key: str, sign: str = POSITIVE) -> Sym:
    """The symbol of a key, which is unique and no name; ``sign`` bounds its value."""
    return of_atom(Variable(key, sign))


HEAVIEST = 10_000  # a size that doubles its own text line by line would end no earlier than time


def apply(function: str, *args: Argument) -> Sym:
    """A call that cannot be computed, as an atom."""
    made = of_atom(Call(function, args))
    if made.weight > HEAVIEST:
        raise NotGeneral(None)
    return made


def of_atom(atom: Atom) -> Sym:
    return Sym({frozenset(((atom, 1),)): 1})


# Sums and products


def terms_of(dim: Dim) -> Mapping[Monomial, int]:
    """The polynomial of a size; a number is the term of the empty monomial."""
    if isinstance(dim, Sym):
        return dim.terms
    return {ONE: dim} if dim else {}


def of_terms(terms: Mapping[Monomial, int]) -> Dim:
    """A size of a polynomial: a number where nothing else is left."""
    left = {monomial: factor for monomial, factor in terms.items() if factor}
    if not left:
        return 0
    if len(left) == 1 and ONE in left:
        return left[ONE]
    if len(left) > MOST_TERMS or any(abs(factor) >= LARGEST for factor in left.values()):
        raise OverflowError("a formula of too many terms")
    return Sym(left)


def add(a: Dim, b: Dim) -> Dim:
    """Sum, with the terms of ``a`` first."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if isinstance(b, int) and b == 0:
        return a
    if isinstance(a, int) and a == 0:
        return b
    total = dict(terms_of(a))
    for monomial, factor in terms_of(b).items():
        total[monomial] = total.get(monomial, 0) + factor
    return of_terms(total)


def multiply(a: Dim, b: Dim) -> Dim:
    """Product."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if isinstance(a, int) and a == 1:
        return b
    if isinstance(b, int) and b == 1:
        return a
    first, second = terms_of(a), terms_of(b)
    if len(first) * len(second) > MOST_TERMS**2:
        raise OverflowError("a formula of too many terms")
    total: dict[Monomial, int] = {}
    for left, m in first.items():
        for right, n in second.items():
            monomial = _join(left, right)
            total[monomial] = total.get(monomial, 0) + m * n
    return of_terms(total)


def _join(left: Monomial, right: Monomial) -> Monomial:
    """Product of two monomials."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for atom, exponent in right:
        powers[atom] = powers.get(atom, 0) + exponent
        if powers[atom] > HIGHEST:
            raise OverflowError("a power too high")
    return frozenset(powers.items())


# Division


def floor_divide(a: Dim, b: Dim) -> Dim:
    """``a // b``; what goes out exactly leaves the division."""
    if isinstance(b, int) and b == 0:
        return apply("//", a, b)  # in an arm that is never taken
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if not (is_whole(a) and is_whole(b)):
        return apply("//", a, b)
    if isinstance(b, int) and b == 1:
        return a
    whole, rest = _split(a, b)
    if isinstance(rest, int) and (rest == 0 or 0 <= rest < lower(b)):
        return whole
    inner = _sole_call(rest, "//") if isinstance(b, int) and b > 0 else None
    if inner and isinstance(b, int):
        dividend, divisor = inner
        if isinstance(dividend, int | Sym) and isinstance(divisor, int) and divisor > 0:
            return add(whole, floor_divide(dividend, divisor * b))
    return add(whole, apply("//", rest, b))


def modulo(a: Dim, b: Dim) -> Dim:
    """``a % b``, without the multiples of ``b``."""
    if isinstance(b, int) and b == 0:
        return apply("%", a, b)  # in an arm that is never taken
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    if not (is_whole(a) and is_whole(b)):
        return apply("%", a, b)
    if isinstance(b, int) and b == 1:
        return 0
    _, rest = _split(a, b)
    if isinstance(rest, int) and (rest == 0 or 0 <= rest < lower(b)):
        return rest
    return apply("%", rest, b)


def _split(a: Dim, by: Dim) -> tuple[Dim, Dim]:
    """``(q, r)`` with ``a == q * by + r``, as much in ``q`` as goes out exactly.

    ``by`` has one term; otherwise everything is left over.
    """
    divisors = terms_of(by)
    if len(divisors) != 1:
        return (1, 0) if a == by else (0, a)
    ((monomial, factor),) = divisors.items()
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for term, count in terms_of(a).items():
        left = _quotient(term, monomial)
        if left is None:
            rest[term] = count
        else:
            whole[left], rest[term] = divmod(count, factor)
    return of_terms(whole), of_terms(rest)


def _quotient(monomial: Monomial, by: Monomial) -> Monomial | None:
    """What is left of a monomial, or none where it does not divide."""
    powers = dict(monomial)
    for atom, exponent in by:
        left = powers.get(atom, 0) - exponent
        if left < 0:
            return None
        powers[atom] = left
    return frozenset((atom, exponent) for atom, exponent in powers.items() if exponent)


def _sole_call(dim: Dim, function: str) -> tuple[Argument, ...] | None:
    """The arguments, where a size is one call and nothing else."""
    atom = sole_atom(dim)
    return atom.args if isinstance(atom, Call) and atom.function == function else None


def sole_atom(dim: Dim) -> Atom | None:
    """The symbol or call that a size is, where it is nothing else."""
    if isinstance(dim, int) or len(dim.terms) != 1:
        return None
    ((monomial, factor),) = dim.terms.items()
    if factor != 1 or len(monomial) != 1:
        return None
    ((atom, exponent),) = monomial
    return atom if exponent == 1 else None


# Powers, extremes and other functions


def power(a: Dim, b: Dim) -> Dim:
    """``a ** b``; a constant in the exponent leaves it (``2**(i + 1)`` is ``2 * 2**i``), unless
    what stays may be negative: ``2**(2 - i)`` is whole, and ``2**-i`` is not."""
    if isinstance(b, int):
        if isinstance(a, int):
            return a**b if b >= 0 and _is_small(a, b) else apply("**", a, b)
        return multiplied(a, b) if 0 <= b <= LARGEST_EXPANDED else apply("**", a, b)
    if isinstance(a, int) and a == 1:
        return 1
    constant = terms_of(b).get(ONE, 0)
    if isinstance(a, int) and a > 0 and constant > 0 and _is_small(a, constant):
        rest = add(b, -constant)
        if lower(rest) >= 0:
            return multiply(a**constant, apply("**", a, rest))
    return apply("**", a, b)


def _is_small(base: int, exponent: int) -> bool:
    """Whether a power is no larger than the language's numbers."""
    return abs(base) <= 1 or exponent * (abs(base).bit_length() - 1) < LARGEST.bit_length()


def multiplied(base: Dim, times: int) -> Dim:
    result: Dim = 1
    for _ in range(times):
        result = multiply(result, base)
    return result


def maximum(*args: Dim) -> Dim:
    """``max(…)``."""
    numbers = [arg for arg in args if isinstance(arg, int)]
    if len(numbers) == len(args):
        return max(numbers)
    return args[0] if len(set(args)) == 1 else apply("max", *args)


def minimum(*args: Dim) -> Dim:
    """``min(…)``."""
    numbers = [arg for arg in args if isinstance(arg, int)]
    if len(numbers) == len(args):
        return min(numbers)
    return args[0] if len(set(args)) == 1 else apply("min", *args)


# What is known of values


def is_whole(dim: Dim) -> bool:
    """Whether a size is an integer for all values of its symbols."""
    return all(
        exponent >= 0 and _is_whole_atom(atom)
        for monomial in terms_of(dim)
        for atom, exponent in monomial
    )


def _is_whole_atom(atom: Atom) -> bool:
    if isinstance(atom, Variable):
        return atom.sign != REAL
    if atom.function in ("len", "int"):
        return True
    if atom.function == "round":
        return len(atom.args) == 1
    args = atom.args[1:] if atom.function == "if" else atom.args
    whole = all(isinstance(arg, int | Sym) and is_whole(arg) for arg in args)
    if atom.function == "**":
        return whole and lower(args[1]) >= 0
    return whole and atom.function in ("//", "%", "max", "min", "if", "abs")


def lower(dim: Argument) -> int:
    """A bound from below where one is easily told, else a very small number."""
    if isinstance(dim, int):
        return dim
    from netwright.sym.bounds import bounds

    return int(max(bounds(dim)[0], -LARGEST))


def positive(dim: Dim) -> bool:
    """Whether a size is surely at least 1."""
    return lower(dim) >= 1


def keys(dim: Dim) -> frozenset[str]:
    """The keys of the symbols inside."""
    if isinstance(dim, int):
        return frozenset()
    if dim._keys is None:
        found = (_atom_keys(atom) for monomial in dim.terms for atom, _ in monomial)
        dim._keys = frozenset().union(*found)
    return dim._keys


def _atom_keys(atom: Atom) -> Iterable[str]:
    if isinstance(atom, Variable):
        return (atom.key,)
    found: set[str] = set()
    for arg in atom.args:
        found |= keys(arg) if isinstance(arg, int | Sym) else arg.keys()
    return found
