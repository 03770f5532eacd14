"""Conditions on symbols: what an `if` asks when its answer depends on the arguments of a block."""

from collections.abc import Callable, Iterator, Mapping

from netwright.record import record
from netwright.sym import ANY, NATURAL, POSITIVE, Dim, Sym, add, keys, lower, show_any, substitute, variable

SWAPPED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@record
class Cond:
    """A condition that cannot be decided: ``op`` over its arguments.

    Comparisons take two values; ``and``, ``or`` and ``not`` take conditions; ``flag`` takes the key
    of a parameter that is true or false.
    """

    op: str
    args: "tuple[object, ...]"

    def keys(self) -> set[str]:
        """Keys of all symbols inside."""
        if self.op == "flag":
            return {str(self.args[0])}
        found: set[str] = set()
        for arg in self.args:
            found |= arg.keys() if isinstance(arg, Cond) else keys(arg) if isinstance(arg, Sym) else set()
        return found

    def substitute(self, values: Mapping[str, Dim]) -> "Cond | bool":
        """The condition with other sizes for some keys."""
        if self.op == "flag":
            value = values.get(str(self.args[0]))
            return self if value is None or isinstance(value, Sym) else bool(value)
        args = tuple(_substitute(arg, values) for arg in self.args)
        if self.op in NEGATED:
            return compare(args[0], self.op, args[1])
        return combine(self.op, *args)

    def show(self, name: Callable[[str], str]) -> str:
        """Python text."""
        if self.op == "flag":
            return name(str(self.args[0]))
        parts = [f"({text})" if self.op != "or" and isinstance(arg, Cond) and arg.op == "or" else text
                 for arg in self.args for text in [show_any(arg, name, 0) if not isinstance(arg, str) else repr(arg)]]
        if self.op == "not":
            return f"not {parts[0]}"
        return f" {self.op} ".join(parts)

    def as_dim(self) -> Dim:
        """1 where it holds and 0 where not, as a factor in a count."""
        if self.op == "flag":
            return variable(str(self.args[0]), NATURAL)
        return Sym({((("call", "if", (self, 1, 0)), 1),): 1})  # type: ignore[dict-item]


def _substitute(value: object, values: Mapping[str, Dim]) -> object:
    if isinstance(value, Cond):
        return value.substitute(values)
    return substitute(value, values) if isinstance(value, Sym) else value


def compare(a: object, op: str, b: object) -> "bool | Cond":
    """Whether ``a op b`` for every value of the symbols, or the condition where it depends."""
    if op in ("==", "!=") and (a is b or a == b):
        return op == "=="
    if not (isinstance(a, int | Sym) and isinstance(b, int | Sym)) or isinstance(a, bool):
        return Cond(op, (a, b))
    difference = add(a, -b)
    if isinstance(difference, int):
        return {"==": difference == 0, "!=": difference != 0, "<": difference < 0,
                "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0}[op]
    least, most = lower(difference), -lower(-difference)
    if op in ("==", "!=") and (least > 0 or most < 0):
        return op == "!="
    if op in (">", "<=") and (least > 0 or most <= 0):
        return (least > 0) == (op == ">")
    if op in ("<", ">=") and (least >= 0 or most < 0):
        return (most < 0) == (op == "<")
    return Cond(op, (a, b))


def combine(op: str, *args: object) -> "bool | Cond":
    """``and``, ``or``, ``not`` with what is decided taken out."""
    if op == "not":
        return negate(args[0])
    absorbing = op == "or"
    left: list[object] = []
    for arg in args:
        if isinstance(arg, bool):
            if arg is absorbing:
                return absorbing
        elif arg not in left:
            left.append(arg)
    if not left:
        return not absorbing
    return left[0] if len(left) == 1 else Cond(op, tuple(left))  # type: ignore[return-value]


def negate(condition: object) -> "bool | Cond":
    """The opposite, pushed inwards: ``else`` of ``a != b or c != d`` is ``a == b and c == d``."""
    if not isinstance(condition, Cond):
        return not condition
    if condition.op in NEGATED:
        return compare(condition.args[0], NEGATED[condition.op], condition.args[1])
    if condition.op == "not":
        return condition.args[0]  # type: ignore[return-value]
    if condition.op == "flag":
        return Cond("not", (condition,))
    other = "or" if condition.op == "and" else "and"
    return combine(other, *(negate(arg) for arg in condition.args))


Facts = Mapping[str, Dim]


def facts(condition: object) -> Facts:
    """What may be put for some keys where a condition holds.

    Equalities are solved for a variable that stands alone, the input's channels before others;
    inequalities tell nothing.
    """
    found: dict[str, Dim] = {}
    for part in _parts(condition):
        part = part.substitute(found)
        if not isinstance(part, Cond):
            continue
        if part.op == "flag":
            solved: tuple[str, Dim] | None = (str(part.args[0]), 1)
        elif part.op == "not" and isinstance(part.args[0], Cond) and part.args[0].op == "flag":
            solved = (str(part.args[0].args[0]), 0)
        else:
            solved = _solve(part) if part.op == "==" else None
        if solved:
            key, value = solved
            found = {old: substitute(dim, {key: value}) for old, dim in found.items()} | {key: value}
    return found


def _parts(condition: object) -> Iterator[Cond]:
    if isinstance(condition, Cond):
        if condition.op == "and":
            for arg in condition.args:
                yield from _parts(arg)
        else:
            yield condition


def _solve(equality: Cond) -> tuple[str, Dim] | None:
    """A key and what it equals, from ``a == b`` with a variable of factor 1 or -1."""
    a, b = equality.args
    if not (isinstance(a, int | Sym) and isinstance(b, int | Sym)):
        return None
    difference = add(a, -b)
    if isinstance(difference, int):
        return None
    candidates = []
    for monomial, factor in difference.terms.items():
        if abs(factor) == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            atom = monomial[0][0]
            rest = add(difference, Sym({monomial: -factor}))
            if atom[0] == "var" and atom[1] not in keys(rest):
                candidates.append((atom[1], rest * -1 if factor == 1 else rest))
    candidates.sort(key=lambda pair: not pair[0].startswith("in_"))
    return candidates[0] if candidates else None


SIGNS = {"pos": POSITIVE, "nat": NATURAL, "any": ANY}
