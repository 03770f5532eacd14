"""A size on symbols is worth what it is on numbers, however it was simplified or printed."""

import operator
from collections.abc import Callable
from typing import Any

from effort import cases
from hypothesis import assume, example, given, reject
from hypothesis import strategies as st

from netwright import sym
from netwright.condition import Cond, combine, compare, facts, negate
from netwright.record import record
from netwright.sym import ANY, NATURAL, POSITIVE, REAL, Dim, Sym, substitute, variable

MANY = cases(400)

SIGNS = {"w": POSITIVE, "v": POSITIVE, "n": NATURAL, "i": NATURAL, "k": ANY, "j": ANY}
VALUES = {
    POSITIVE: st.integers(1, 9),
    NATURAL: st.integers(0, 9),
    ANY: st.integers(-9, 9),
    REAL: st.integers(-12, 12).map(lambda quarters: quarters / 4),
}


@record
class Expression:
    """Python text, and its value as an expression of the language computes it."""

    text: str
    run: Callable[[dict[str, Any]], Any]


def name(key: str) -> Expression:
    return Expression(key, lambda values: values[key])


def number(value: int) -> Expression:
    return Expression(f"({value})", lambda values: value)


class NoCase(Exception):
    """Numbers that the language refuses: a division by zero, a fraction, one too large."""


def binary(op: str, a: Expression, b: Expression) -> Expression:
    text = f"{op}({a.text}, {b.text})" if op.isalpha() else f"({a.text} {op} {b.text})"
    return Expression(text, lambda values: computed(op, a.run(values), b.run(values)))


ON_SYMBOLS: dict[str, Callable[[Any, Any], Any]] = {
    "+": sym.add,
    "-": lambda x, y: sym.add(x, sym.multiply(-1, y)),
    "*": sym.multiply,
    "//": sym.floor_divide,
    "%": sym.modulo,
    "**": sym.power,
    "max": sym.maximum,
    "min": sym.minimum,
}
ON_NUMBERS: dict[str, Callable[[int, int], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "max": max,
    "min": min,
}


def computed(op: str, x: Any, y: Any) -> Any:
    """What the language computes; of numbers, Python's result."""
    if isinstance(x, Sym) or isinstance(y, Sym):
        return ON_SYMBOLS[op](x, y)
    if (op in ("//", "%") and y == 0) or (op == "**" and not -1 < y < 64):
        raise NoCase
    found = ON_NUMBERS[op](x, y)
    if abs(found) >= 2**63:
        raise NoCase
    return found


def conditional(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    def run(values: dict[str, Any]) -> Any:
        asked = condition.run(values)
        if isinstance(asked, bool):
            return (then if asked else otherwise).run(values)
        arms = then.run(values), otherwise.run(values)
        return arms[0] if arms[0] == arms[1] else sym.apply("if", asked, *arms)

    return Expression(f"({then.text} if {condition.text} else {otherwise.text})", run)


def comparison(op: str, a: Expression, b: Expression) -> Expression:
    return Expression(
        f"({a.text} {op} {b.text})", lambda values: compare(a.run(values), op, b.run(values))
    )


def logical(op: str, parts: tuple[Expression, ...]) -> Expression:
    text = f"(not {parts[0].text})" if op == "not" else f" {op} ".join(p.text for p in parts)
    return Expression(
        f"({text})", lambda values: combine(op, *(part.run(values) for part in parts))
    )


def flag(key: str) -> Expression:
    return Expression(key, lambda values: values[key])


leaves = st.sampled_from(sorted(SIGNS)).map(name) | st.integers(-4, 12).map(number)


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    ops = st.sampled_from(["+", "-", "*", "//", "%", "max", "min"])
    raised = st.builds(binary, st.just("**"), inner, st.integers(0, 3).map(number) | leaves)
    choices = st.builds(conditional, comparisons(inner), inner, inner)
    return st.builds(binary, ops, inner, inner) | raised | choices


def comparisons(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    ops = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return st.builds(comparison, ops, inner, inner)


expressions = st.recursive(leaves, grown, max_leaves=7)
simple = st.recursive(leaves, lambda inner: st.builds(binary, st.sampled_from("+-*"), inner, inner))


def joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.builds(logical, st.sampled_from(["and", "or"]), st.tuples(inner, inner))
    return pairs | st.builds(logical, st.just("not"), st.tuples(inner))


conditions = st.recursive(
    comparisons(leaves | simple | expressions) | st.sampled_from(["a", "b"]).map(flag),
    joined,
    max_leaves=4,
)
assignments = st.fixed_dictionaries({key: VALUES[sign] for key, sign in SIGNS.items()})
flags = st.fixed_dictionaries({"a": st.booleans(), "b": st.booleans()})

SYMBOLS: dict[str, Any] = {
    **{key: variable(key, sign) for key, sign in SIGNS.items()},
    "a": Cond("flag", ("a",)),
    "b": Cond("flag", ("b",)),
}


def symbolic(expression: Expression) -> Any:
    """The expression on symbols; one that grows beyond all bounds is no case."""
    try:
        return expression.run(SYMBOLS)
    except (NoCase, OverflowError):
        reject()


def worth(expression: Expression, values: dict[str, Any]) -> Any:
    """The expression on numbers; what the language refuses is no case."""
    try:
        return expression.run(values)
    except NoCase:
        reject()


def said(text: str, values: dict[str, Any]) -> Any:
    """What Python makes of a text."""
    return eval(text, {}, values)


def known(condition: "bool | Cond", values: dict[str, Any]) -> bool:
    """A condition on symbols, with numbers put in."""
    found = condition.substitute(values) if isinstance(condition, Cond) else condition
    assert isinstance(found, bool), found
    return found


@MANY
@given(expressions, assignments)
@example(
    binary("**", binary("**", number(2), name("n")), number(2)),
    {"n": 2, **dict.fromkeys("wvikj", 1)},
)
@example(
    binary("%", binary("-", number(0), name("w")), number(2)), {"w": 3, **dict.fromkeys("vnikj", 1)}
)
@example(
    binary("-", number(0), binary("//", name("w"), number(2))),
    {"w": 3, **dict.fromkeys("vnikj", 1)},
)
@example(binary("//", name("w"), number(-2)), {"w": 3, **dict.fromkeys("vnikj", 1)})
@example(
    binary("max", number(0), binary("*", name("k"), name("j"))),
    {"k": 2, "j": -3, **dict.fromkeys("wvni", 1)},
)
def test_a_size_on_symbols_is_worth_its_number(
    expression: Expression, values: dict[str, int]
) -> None:
    value = worth(expression, values)
    size = symbolic(expression)
    assert substitute(size, values) == value
    assert said(sym.show(size, str), values) == value
    low, high = sym.bounds(size)
    assert low <= value <= high


@MANY
@given(conditions, assignments, flags)
def test_a_condition_on_symbols_never_contradicts_the_numbers(
    condition: Expression, values: dict[str, int], given: dict[str, bool]
) -> None:
    everything: dict[str, Any] = {**values, **given}
    truth = worth(condition, everything)
    asked = symbolic(condition)
    assert known(asked, everything) is truth
    assert known(negate(asked), everything) is not truth
    if isinstance(asked, Cond):
        assert said(asked.show(str), everything) is truth
        assert substitute(asked.as_dim(), everything) == int(truth)


@MANY
@given(conditions, assignments, flags)
def test_facts_hold_wherever_their_condition_does(
    condition: Expression, values: dict[str, int], given: dict[str, bool]
) -> None:
    everything: dict[str, Any] = {**values, **given}
    truth = worth(condition, everything)
    asked = symbolic(condition) if truth else negate(symbolic(condition))
    told = facts(asked)
    for key, size in told.items():
        assert substitute(size, everything) == everything[key]
        assert not (sym.keys(size) & told.keys())


@MANY
@given(
    expressions,
    assignments,
    st.permutations(sorted(SIGNS)),
    st.dictionaries(st.sampled_from(sorted(SIGNS)), simple, max_size=3),
)
def test_substitution_puts_everything_in_at_once(
    expression: Expression,
    values: dict[str, int],
    order: list[str],
    instead: dict[str, Expression],
) -> None:
    put = {key: symbolic(instead[key]) for key in order if key in instead}
    moved = {key: worth(instead[key], values) if key in instead else values[key] for key in values}
    for key, sign in SIGNS.items():
        assume(sign == ANY or moved[key] >= (1 if sign == POSITIVE else 0))
    value = worth(expression, moved)
    try:
        found = substitute(symbolic(expression), put)
    except OverflowError:
        reject()
    assert substitute(found, values) == value


@MANY
@given(expressions, expressions)
def test_equal_sizes_hash_and_compare_alike_in_any_order(a: Expression, b: Expression) -> None:
    left, right = symbolic(a), symbolic(b)
    try:
        one, other = left * right + left + right, right + left + right * left
    except OverflowError:
        reject()
    assert one == other and hash(one) == hash(other)
    assert one - other == 0


@given(st.integers(1, 40).map(lambda quarters: quarters / 4), st.integers(1, 9))
def test_a_number_with_a_fraction_is_not_taken_for_a_whole_one(scale: float, width: int) -> None:
    size = (variable("s", REAL) * 2 * variable("w")) // variable("w")
    assert isinstance(size, Sym)
    assert eval(sym.show(size, str), {}, {"s": scale, "w": width}) == 2 * scale * width // width


def test_calls_are_computed_once_their_arguments_are_known() -> None:
    scaled: Dim = sym.apply("round", sym.apply("*", variable("w"), sym.Listed(0.25)))
    assert substitute(scaled, {"w": 64}) == 16
    assert sym.show(scaled, str) == "round(w * 0.25)"
    picked = sym.apply("index", variable("depths"), variable("i", NATURAL))
    assert sym.show(picked, str) == "depths[i]"
    assert substitute(sym.apply("index", sym.Listed((3, 4)), variable("i")), {"i": 1}) == 4


def test_a_flag_takes_a_condition_of_the_caller() -> None:
    asked = compare(variable("stride"), "!=", 1)
    assert isinstance(asked, Cond)
    inner = Cond("flag", ("project",))
    assert inner.substitute({"project": asked.as_dim()}) == asked


def test_what_divides_by_zero_is_left_alone() -> None:
    size = 10 // variable("n", NATURAL)
    assert substitute(size, {"n": 0}) == sym.apply("//", 10, 0)


def test_powers_and_products_stay_within_bounds() -> None:
    size: Dim = variable("w") + variable("v")
    raised = False
    for _ in range(100):
        try:
            size = size * size
        except OverflowError:
            raised = True
            break
    assert raised


def test_text_is_what_a_person_writes() -> None:
    w, i = variable("w"), variable("i", NATURAL)
    assert str(64 * 2 ** (i + 1)) == "128 * 2**i"
    assert str((w + 3) // 2) == "1 + (w + 1) // 2"
    assert str(4 * w - 1) == "4 * w - 1"
    assert str(1 - w) == "1 - w"
    assert str(3 * (w // 2)) == "3 * (w // 2)"
    assert str(2 ** (i - 1)) == "2 ** (i - 1)"
    assert str(-(w // 2)) == "-(w // 2)"
