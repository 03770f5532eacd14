"""Python text of sizes, laid out as `ruff format` would."""

from collections.abc import Callable

from netwright.sym.polynomial import (
    Argument,
    Atom,
    Call,
    Dim,
    Monomial,
    Open,
    Sym,
    Variable,
    sole_atom,
)

Name = Callable[[str], str]
Bound = tuple[str, int]  # a text, and how tightly it binds

SUM, DIVISION, TERM, UNARY, POWER, ATOM = range(6)  # how tightly a text binds

DIVISIONS = ("//", "%", "/")


def show(dim: Dim, name: Name, level: int = SUM) -> str:
    """Python text of a size; ``level`` says how tightly the text around it binds."""
    if isinstance(dim, int):
        return f"({dim})" if dim < 0 and level > SUM else str(dim)
    return _wrapped(_sum(dim, name), level)


def show_any(value: object, name: Name, level: int) -> str:
    """The same of an argument of a call, which may be a condition, a list or a word too."""
    if isinstance(value, int | Sym):
        return show(value, name, level)
    if isinstance(value, Open):
        return value.show(name)
    return repr(list(value) if type(value) is tuple else value)


def _wrapped(found: Bound, level: int) -> str:
    shown, binds = found
    return f"({shown})" if binds < level else shown


def _sum(dim: Sym, name: Name) -> Bound:
    """A polynomial: what is taken away last."""
    (first, factor), *rest = sorted(dim.terms.items(), key=lambda item: item[1] < 0)
    shown, binds = _term(first, abs(factor), name)
    if factor < 0:
        shown, binds = f"-{_wrapped((shown, binds), TERM)}", SUM
    for monomial, other in rest:
        sign = "-" if other < 0 else "+"
        shown += f" {sign} {_wrapped(_term(monomial, abs(other), name), DIVISION)}"
    return shown, SUM if rest else binds


def _term(monomial: Monomial, factor: int, name: Name) -> Bound:
    """A product: its number, its variables, its divisions."""
    texts = [(str(factor), ATOM)] if factor != 1 or not monomial else []
    factors = sorted(monomial, key=_order) if len(monomial) > 1 else monomial
    texts += [_raised(atom, exponent, name) for atom, exponent in factors]
    if len(texts) == 1:
        return texts[0]
    return " * ".join(_wrapped(found, TERM) for found in texts), TERM


def _order(item: tuple[Atom, int]) -> tuple[int, str]:
    """Variables, then calls, then divisions; among them by their names."""
    atom, _ = item
    if isinstance(atom, Variable):
        return 0, f"{atom.key}{atom.sign}"
    return 2 if atom.function in DIVISIONS else 1, f"{atom.function}{atom.args}"


def _raised(atom: Atom, exponent: int, name: Name) -> Bound:
    """An atom with its exponent."""
    if exponent == 1:
        return _atom(atom, name)
    base = _wrapped(_atom(atom, name), ATOM)
    tight = isinstance(atom, Variable)
    return f"{base}{'**' if tight else ' ** '}{exponent}", POWER


def _atom(atom: Atom, name: Name) -> Bound:
    if isinstance(atom, Variable):
        return name(atom.key), ATOM
    write = _WRITERS.get(atom.function, _function)
    return write(atom, name)


def _function(call: Call, name: Name) -> Bound:
    args = ", ".join(show_any(arg, name, SUM) for arg in call.args)
    return f"{call.function}({args})", ATOM


def _sum_of(call: Call, name: Name) -> Bound:
    left, right = call.args
    parts = show_any(left, name, SUM), show_any(right, name, DIVISION)
    return f" {call.function} ".join(parts), SUM


def _product(call: Call, name: Name) -> Bound:
    return " * ".join(show_any(arg, name, TERM) for arg in call.args), TERM


def _division(call: Call, name: Name) -> Bound:
    left, right = call.args
    parts = show_any(left, name, TERM), show_any(right, name, UNARY)
    return f" {call.function} ".join(parts), DIVISION


def _power(call: Call, name: Name) -> Bound:
    base, exponent = (show_any(arg, name, ATOM) for arg in call.args)
    tight = all(map(_is_simple, call.args))
    return f"{base}{'**' if tight else ' ** '}{exponent}", POWER


def _is_simple(arg: Argument) -> bool:
    """Whether an operand of a power stands without spaces."""
    if isinstance(arg, int):
        return arg >= 0
    return isinstance(arg, Sym) and isinstance(sole_atom(arg), Variable)


def _conditional(call: Call, name: Name) -> Bound:
    condition, then, otherwise = (show_any(arg, name, SUM) for arg in call.args)
    return f"({then} if {condition} else {otherwise})", ATOM


def _index(call: Call, name: Name) -> Bound:
    base, index = call.args
    return f"{show_any(base, name, ATOM)}[{show_any(index, name, SUM)}]", ATOM


def _slice(call: Call, name: Name) -> Bound:
    base, *ends = call.args
    start, stop = ("" if end == 0 else show_any(end, name, SUM) for end in ends)
    return f"{show_any(base, name, ATOM)}[{start}:{stop}]", ATOM


_WRITERS: dict[str, Callable[[Call, Name], Bound]] = {
    "+": _sum_of,
    "-": _sum_of,
    "*": _product,
    "//": _division,
    "%": _division,
    "/": _division,
    "**": _power,
    "if": _conditional,
    "index": _index,
    "slice": _slice,
}
