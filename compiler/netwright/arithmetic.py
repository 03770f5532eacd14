"""Arithmetic and comparison of values, within the bounds of the language."""

import math
import operator
from collections.abc import Callable
from typing import Any

from netwright import sym
from netwright.condition import Cond, compare
from netwright.limits import limits
from netwright.source import Span
from netwright.sym import Listed, Sym
from netwright.tensor import Dynamic, number
from netwright.values import Fault, Ref, Scope, kind_of, shortened

LARGEST = 2**63

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}

EXACT = {op: ARITHMETIC[op] for op in ("+", "-", "*")}

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def symbolic(value: Any) -> Any:
    """A value as an argument of a symbol's call."""
    return value if isinstance(value, int | Sym) else Listed(value)


def is_number(value: Any) -> bool:
    """Whether a value can be computed with; true and false cannot."""
    return isinstance(value, int | float | Sym | Dynamic) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number that is known."""
    return isinstance(value, int) and not isinstance(value, bool)


def shown(span: Span) -> str:
    """The text of an expression, for a message."""
    return shortened(" ".join(span.text.split()))


def compute(op: str, left: Any, right: Any, span: Span) -> Any:
    """``left op right`` of any two values: numbers, lists and texts."""
    if type(left) is type(right) is int:
        return arithmetic(op, left, right, span)
    if op == "+" and type(left) is type(right) is tuple:
        return bounded(left + right, span)
    if op == "+" and isinstance(left, str) and isinstance(right, str):
        return bounded_text(left + right, span)
    if op == "*" and tuple in (type(left), type(right)):
        items, times = (left, right) if type(left) is tuple else (right, left)
        if is_whole(times):
            return _repeated(items, times, span)
    if not (is_number(left) and is_number(right)):
        raise Fault(
            "type-mismatch",
            span,
            f"`{op}` cannot take {kind_of(left)} and {kind_of(right)}: `{shown(span)}`",
        )
    return arithmetic(op, left, right, span)


def arithmetic(op: str, left: Any, right: Any, span: Span) -> Any:
    """``left op right`` on numbers and symbols."""
    if type(left) is type(right) is int and op in EXACT:
        result = EXACT[op](left, right)
        return result if -LARGEST < result < LARGEST else within(result, span)
    if Sym in (type(left), type(right)) and (op == "/" or float in (type(left), type(right))):
        return sym.apply(op, *map(symbolic, (left, right)))
    if Dynamic in (type(left), type(right)) and (
        op in ("/", "**") or float in (type(left), type(right))
    ):
        left, right = plain_number(left), plain_number(right)
    _divisible(op, left, right, span)
    if op == "**" and isinstance(left, int) and isinstance(right, int):
        return _power(left, right, span)
    try:
        result = ARITHMETIC[op](left, right)
    except OverflowError:
        raise _too_large(span) from None
    if isinstance(result, complex):
        raise Fault("type-mismatch", span, f"`{shown(span)}` is no real number")
    return within(result, span)


def plain_number(value: Any) -> Any:
    """A dynamic size as the number that it is checked at."""
    return number(value) if isinstance(value, Dynamic) else value


def within(value: Any, span: Span) -> Any:
    """A number, refused where it is larger than the language's largest."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _too_large(span)
    elif isinstance(value, int | Dynamic) and abs(number(value)) >= LARGEST:
        raise _too_large(span)
    return value


def _too_large(span: Span) -> Fault:
    return Fault(
        "number-too-large", span, f"`{shown(span)}` is too large: whole numbers stay below 2**63"
    )


def _divisible(op: str, left: Any, right: Any, span: Span) -> None:
    """Refuse a division by zero."""
    divisor = plain_number(right)
    if op in ("/", "//", "%") and not isinstance(divisor, Sym) and divisor == 0:
        raise Fault("division-by-zero", span, f"division by zero: `{shown(span)}` divides by 0")
    numbers = not isinstance(left, Sym) and not isinstance(divisor, Sym)
    if op == "**" and numbers and left == 0 and divisor < 0:
        raise Fault("division-by-zero", span, f"`{shown(span)}`: 0 has no negative power")


def _power(left: int, right: int, span: Span) -> Any:
    if right < 0:
        return 1.0 / left**-right if abs(left) == 1 else float(left) ** right
    if abs(left) > 1 and right * (abs(left).bit_length() - 1) >= LARGEST.bit_length() - 1:
        raise _too_large(span)
    return within(1 if right == 0 else left ** (right if abs(left) > 1 else 2 - right % 2), span)


def _repeated(items: tuple[Any, ...], times: int, span: Span) -> tuple[Any, ...]:
    if len(items) * times > limits().items:
        raise _too_long(len(items) * times, span)
    return bounded(items * times, span)


def bounded(items: tuple[Any, ...], span: Span) -> tuple[Any, ...]:
    """A list, refused where it has too many items, those of inner lists counted."""
    most = limits().items
    count = _count(items, most, span)
    if count > most:
        raise _too_long(count, span)
    return items


def _count(items: tuple[Any, ...], limit: int, span: Span, depth: int = 1) -> int:
    """How many items a list and the lists inside have; above the limit any number."""
    deepest = limits().nesting
    if depth > deepest:
        raise Fault("list-too-deep", span, f"lists are nested more than {deepest} deep")
    total = len(items)
    if total <= limit:
        for item in items:
            if type(item) is tuple:
                total += _count(item, limit - total, span, depth + 1)
                if total > limit:
                    break
    return total


def _too_long(count: int, span: Span) -> Fault:
    return Fault(
        "list-too-long",
        span,
        f"a list has at most {limits().items:,} items, found {count:,} or more",
    )


def bounded_text(text: str, span: Span) -> str:
    """A text, refused where it is too long."""
    most = limits().items
    if len(text) > most:
        raise Fault("text-too-long", span, f"a text has at most {most:,} characters")
    return text


def compare_two(left: Any, op: str, right: Any, span: Span) -> "bool | Cond":
    """Whether ``left op right``, or the condition where that depends on symbols."""
    if isinstance(left, Sym | Cond) or isinstance(right, Sym | Cond):
        return compare(left, op, right)
    left, right = plain_number(left), plain_number(right)
    if any(isinstance(value, Ref | Scope) for value in (left, right)):
        raise Fault(
            "type-mismatch", span, f"`{op}` compares no tensors: compare their sizes instead"
        )
    if op not in ("==", "!=") and not (is_number(left) and is_number(right)):
        raise Fault(
            "type-mismatch", span, f"`{op}` cannot compare {kind_of(left)} and {kind_of(right)}"
        )
    return ORDER[op](left, right)
