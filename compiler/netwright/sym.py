"""Sizes that may be symbols: integer polynomials over names and calls, in a normal form.

A `Dim` is a number or a `Sym`. The same arithmetic that computes a shape from numbers computes its
formula from symbols. Two Syms are equal when their normal forms are; deciding more than that is
`netwright.facts`' work. A Sym has no truth value: code that branches on one is wrong.
"""

from collections.abc import Callable, Iterable, Mapping

Atom = tuple[str, str, str] | tuple[str, str, tuple["Dim", ...]]
Monomial = tuple[tuple[Atom, int], ...]

POSITIVE, NATURAL, ANY = "pos", "nat", "any"


class Sym:
    """A polynomial with integer coefficients; never a constant."""

    __slots__ = ("_hash", "terms", "word")

    def __init__(self, terms: Mapping[Monomial, int], word: "Word | None" = None) -> None:
        self.terms = terms
        self.word = word
        self._hash: int | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sym) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __bool__(self) -> bool:
        raise TypeError(f"a rule branches on the symbol {self}")

    def __int__(self) -> int:
        raise TypeError(f"a rule needs the number behind the symbol {self}")

    __index__ = __float__ = __iter__ = __int__  # type: ignore[assignment]

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
        return show(self, str)


Dim = int | Sym


class Word:
    """How a size was written, and the keys that its text speaks of: valid while all of them are."""

    __slots__ = ("keys", "text")

    def __init__(self, text: object, keys: frozenset[str]) -> None:
        self.text = text
        self.keys = keys


class Sides:
    """A kernel that is a parameter: a number or one an axis, so each axis has a symbol of its own."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sides) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def each(self, rank: int) -> "tuple[Sym, ...]":
        """The side along each axis."""
        return tuple(variable(f"{self.key}.{axis}") for axis in range(rank))


def worded(dim: Dim, text: object, keys: Iterable[str]) -> Dim:
    """The same size, with the text to prefer when it is printed."""
    return Sym(dim.terms, Word(text, frozenset(keys))) if isinstance(dim, Sym) else dim


def variable(key: str, sign: str = POSITIVE) -> Sym:
    """The symbol of a key, which is unique and no name; ``sign`` bounds its value."""
    return Sym({((("var", key, sign), 1),): 1})


def apply(function: str, *args: Dim) -> Sym:
    """A call that cannot be computed, as an atom."""
    return Sym({((("call", function, args), 1),): 1})


def terms_of(dim: Dim) -> Mapping[Monomial, int]:
    """The polynomial of a size; a number is the term of the empty monomial."""
    if isinstance(dim, Sym):
        return dim.terms
    return {(): dim} if dim else {}


def of_terms(terms: Mapping[Monomial, int]) -> Dim:
    """A size of a polynomial: a number where nothing else is left."""
    left = {monomial: factor for monomial, factor in terms.items() if factor}
    if not left:
        return 0
    if len(left) == 1 and () in left:
        return left[()]
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
    total: dict[Monomial, int] = {}
    for left, m in terms_of(a).items():
        for right, n in terms_of(b).items():
            monomial = join(left, right)
            total[monomial] = total.get(monomial, 0) + m * n
    return of_terms(total)


def join(left: Monomial, right: Monomial) -> Monomial:
    """Product of two monomials, its atoms in one fixed order."""
    if not left or not right:
        return left or right
    powers: dict[Atom, int] = dict(left)
    for atom, exponent in right:
        powers[atom] = powers.get(atom, 0) + exponent
    return tuple(sorted(powers.items(), key=lambda item: _order(item[0])))


def _order(atom: Atom) -> tuple[bool, str]:
    return (atom[0] == "call", f"{atom[1]}{atom[2]}")


def quotient(monomial: Monomial, by: Monomial) -> Monomial | None:
    """What is left of a monomial, or none where it does not divide."""
    powers = dict(monomial)
    for atom, exponent in by:
        left = powers.get(atom, 0) - exponent
        if left < 0:
            return None
        powers[atom] = left
    return tuple((atom, exponent) for atom, exponent in powers.items() if exponent)


def split(a: Dim, by: Dim) -> tuple[Dim, Dim]:
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
        left = quotient(term, monomial)
        if left is None:
            rest[term] = count
            continue
        out, over = divmod(count, factor) if not left and factor > 0 else (count // factor, count % factor)
        if out:
            whole[left] = out
        if over:
            rest[term] = over
    return of_terms(whole), of_terms(rest)


def floor_divide(a: Dim, b: Dim) -> Dim:
    """``a // b``; what goes out exactly leaves the division."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if isinstance(b, int) and b == 1:
        return a
    whole, rest = split(a, b)
    if isinstance(rest, int) and (rest == 0 or (positive(b) and 0 <= rest < lower(b))):
        return whole
    if isinstance(b, int) and b > 0 and isinstance(rest, Sym):
        inner = _sole_call(rest, "//")
        if inner and isinstance(inner[1], int) and inner[1] > 0:
            return add(whole, floor_divide(inner[0], inner[1] * b))
    return add(whole, apply("//", rest, b))


def modulo(a: Dim, b: Dim) -> Dim:
    """``a % b``, without the multiples of ``b``."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    if isinstance(b, int) and b == 1:
        return 0
    _, rest = split(a, b)
    if isinstance(rest, int) and (rest == 0 or (positive(b) and 0 <= rest < lower(b))):
        return rest
    return apply("%", rest, b)


def power(a: Dim, b: Dim) -> Dim:
    """``a ** b``; a constant in the exponent leaves it (``2**(i + 1)`` is ``2 * 2**i``)."""
    if isinstance(b, int):
        if isinstance(a, int):
            return a**b
        if 0 <= b <= 8:
            result: Dim = 1
            for _ in range(b):
                result = multiply(result, a)
            return result
        return apply("**", a, b)
    constant = terms_of(b).get((), 0)
    if isinstance(a, int) and a > 0 and constant > 0:
        return multiply(a**constant, apply("**", a, add(b, -constant)))
    return apply("**", a, b)


def maximum(*args: Dim) -> Dim:
    """``max(…)``."""
    if all(isinstance(arg, int) for arg in args):
        return max(args)  # type: ignore[type-var]
    return args[0] if len(set(args)) == 1 else apply("max", *args)


def minimum(*args: Dim) -> Dim:
    """``min(…)``."""
    if all(isinstance(arg, int) for arg in args):
        return min(args)  # type: ignore[type-var]
    return args[0] if len(set(args)) == 1 else apply("min", *args)


def _sole_call(dim: Sym, function: str) -> tuple[Dim, ...] | None:
    """The arguments, where a size is one call and nothing else."""
    if len(dim.terms) == 1:
        ((monomial, factor),) = dim.terms.items()
        if factor == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            atom = monomial[0][0]
            if atom[0] == "call" and atom[1] == function:
                return atom[2]  # type: ignore[return-value]
    return None


def lower(dim: Dim) -> int:
    """A bound from below where one is easily told, else a very small number."""
    total = 0
    for monomial, factor in terms_of(dim).items():
        least = 1
        for atom, _ in monomial:
            least *= _least(atom)
        if monomial and (factor < 0 or least < 0):
            return -(2**62)
        total += factor * (least if monomial else 1)
    return total


def _least(atom: Atom) -> int:
    if atom[0] == "var":
        return {POSITIVE: 1, NATURAL: 0}.get(str(atom[2]), -1)
    args = atom[2]
    if atom[1] in ("//", "%", "len"):
        return 0 if all(isinstance(arg, str) or lower(arg) >= 0 for arg in args) else -1
    if atom[1] in ("max", "min", "if"):
        bounds = [lower(arg) for arg in args if isinstance(arg, int | Sym)]
        return max(-1, min(bounds, default=-1)) if atom[1] != "max" else max(-1, *bounds)
    if atom[1] == "**":
        return 1 if all(lower(arg) >= 1 for arg in args[:1] if isinstance(arg, int | Sym)) else -1
    return -1


def positive(dim: Dim) -> bool:
    """Whether a size is surely at least 1."""
    return lower(dim) >= 1


def keys(dim: Dim) -> set[str]:
    """The keys of the symbols inside."""
    found: set[str] = set()
    if isinstance(dim, Sym):
        for monomial in dim.terms:
            for atom, _ in monomial:
                found |= _atom_keys(atom)
    return found


def _atom_keys(atom: Atom) -> set[str]:
    if atom[0] == "var":
        return {atom[1]}
    found: set[str] = set()
    for arg in atom[2]:
        found |= keys(arg) if isinstance(arg, int | Sym) else getattr(arg, "keys", set)()
    return found


Compute = Callable[..., Dim]
COMPUTE: dict[str, Compute] = {
    "//": floor_divide,
    "%": modulo,
    "**": power,
    "max": maximum,
    "min": minimum,
}


def substitute(dim: Dim, values: Mapping[str, Dim]) -> Dim:
    """The size with other sizes for some keys; the normal form of the result."""
    if isinstance(dim, int) or not (keys(dim) & values.keys()):
        return dim
    total: Dim = 0
    for monomial, factor in dim.terms.items():
        product: Dim = factor
        for atom, exponent in monomial:
            product = multiply(product, power(_substitute_atom(atom, values), exponent))
        total = add(total, product)
    return total


def _substitute_atom(atom: Atom, values: Mapping[str, Dim]) -> Dim:
    if atom[0] == "var":
        key = atom[1]
        return values[key] if key in values else Sym({((atom, 1),): 1})
    args = [
        substitute(arg, values) if isinstance(arg, int | Sym) else arg.substitute(values)  # type: ignore[attr-defined]
        for arg in atom[2]
    ]
    if atom[1] == "if":
        condition, then, otherwise = args
        if isinstance(condition, bool):
            return then if condition else otherwise
        return then if then == otherwise else apply("if", *args)
    if atom[1] in COMPUTE:
        return COMPUTE[atom[1]](*args)
    return apply(str(atom[1]), *args)


SUM, TERM, UNARY, POWER, ATOM = range(5)


def show(dim: Dim, name: Callable[[str], str], level: int = SUM) -> str:
    """Python text of a size; ``name`` gives the text of a key."""
    if isinstance(dim, int):
        return f"({dim})" if dim < 0 and level > SUM else str(dim)
    parts = []
    for monomial, factor in sorted(dim.terms.items(), key=lambda item: item[1] < 0):
        text = _show_term(monomial, abs(factor), name)
        parts.append((" - " if factor < 0 else " + ") + text)
    if len(parts) == 1 and not parts[0].startswith(" - "):
        text = parts[0][3:]
        sole = len(next(iter(dim.terms))) == 1 and abs(next(iter(dim.terms.values()))) == 1
        loose = not (sole and _is_tight(next(iter(dim.terms))[0]))
        return f"({text})" if loose and level >= TERM and not (level == TERM and not _has_division(dim)) else text
    text = "".join(parts)
    text = text[3:] if text.startswith(" + ") else "-" + text[3:]
    return f"({text})" if level > SUM else text


def _is_tight(item: tuple[Atom, int]) -> bool:
    atom, exponent = item
    return exponent == 1 and (atom[0] == "var" or atom[1] not in ("//", "%", "**", "if"))


def _has_division(dim: Sym) -> bool:
    return any(atom[0] == "call" and atom[1] in ("//", "%", "if") for m in dim.terms for atom, _ in m)


def _show_term(monomial: Monomial, factor: int, name: Callable[[str], str]) -> str:
    parts = [str(factor)] if factor != 1 or not monomial else []
    ordered = sorted(monomial, key=lambda item: item[0][0] == "call" and item[0][1] in ("//", "%"))
    for position, (atom, exponent) in enumerate(ordered):
        alone = len(ordered) == 1 and factor == 1 and exponent == 1
        text = _show_atom(atom, name, alone=alone or (position == 0 and not parts and exponent == 1))
        parts.append(text if exponent == 1 else f"{text}**{exponent}")
    return " * ".join(parts)


def _show_atom(atom: Atom, name: Callable[[str], str], *, alone: bool) -> str:
    if atom[0] == "var":
        return name(atom[1])
    function, args = atom[1], atom[2]
    if function in ("//", "%"):
        text = f"{show_any(args[0], name, TERM)} {function} {show_any(args[1], name, UNARY)}"
        return text if alone else f"({text})"
    if function == "**":
        return f"{show_any(args[0], name, ATOM)}**{show_any(args[1], name, UNARY)}"
    if function == "if":
        condition, then, otherwise = (show_any(arg, name, SUM) for arg in args)
        return f"({then} if {condition} else {otherwise})"
    if function == "index":
        return f"{show_any(args[0], name, ATOM)}[{show_any(args[1], name, SUM)}]"
    return f"{function}({', '.join(show_any(arg, name, SUM) for arg in args)})"


def show_any(value: object, name: Callable[[str], str], level: int) -> str:
    """Python text of an argument of a call, which may be a condition too."""
    if isinstance(value, int | Sym):
        return show(value, name, level)
    text: str = value.show(name)  # type: ignore[attr-defined]
    return text
