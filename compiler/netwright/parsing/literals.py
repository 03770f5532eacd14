"""Reads numbers, and texts and names with expressions inside them."""

import re
from collections.abc import Callable

from netwright.parsing.faults import Faults
from netwright.source import Span
from netwright.syntax import Expr

LARGEST = 2**63
_UNITS = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_ESCAPED = {'"': '"', "\\": "\\", "{": "{", "}": "}"}


def integer(digits: str) -> int:
    """A whole number; a very long one counts as the least that is too large."""
    return int(digits) if len(digits.lstrip("0")) < 30 else LARGEST


def number(text: str) -> int | float:
    """The value of a number, exactly: 4.1G is 4100000000. What is no number is 0."""
    digits = text.replace("_", "")
    if digits.isdecimal():
        return integer(digits)
    unit = _UNITS.get(digits[-1])
    try:
        return float(digits) if unit is None else _scaled(digits[:-1], unit)
    except ValueError:
        return 0


def _scaled(digits: str, unit: int) -> int | float:
    """Decimal digits times a unit, whole where it can be."""
    whole, _, fraction = digits.partition(".")
    parts = int("1" + "0" * min(len(fraction), 300))
    scaled = integer(whole + fraction) * unit
    return scaled // parts if scaled % parts == 0 else scaled / parts


def indexed(word: Span, part: Callable[[int, int], Expr]) -> tuple[str | Expr, ...]:
    """Texts and expressions of a name such as `up{i}`: every second part is an expression."""
    parts: list[str | Expr] = []
    text, place = word.text, 0
    while (brace := text.find("{", place)) >= 0:
        closed = text.index("}", brace)
        parts += [text[place:brace], part(word.start + brace + 1, word.start + closed)]
        place = closed + 1
    return (*parts, text[place:])


_PIECE = r"\\(.)|\{([^{}]*)\}|([{}])|[^\\{}]+|\\"


def interpolated(
    word: Span, faults: Faults, part: Callable[[int, int], Expr]
) -> tuple[str | Expr, ...]:
    """Texts and expressions of a string: every second part is an expression."""
    text = word.text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    if "{" not in inner and "}" not in inner and "\\" not in inner:
        return (inner,)
    parts: list[str | Expr] = [""]
    for match in re.finditer(_PIECE, inner):
        start, end = (word.start + 1 + place for place in match.span())
        escape, expression, brace = match.groups()
        if expression is not None:
            parts += [part(start + 1, end - 1), ""]
        elif brace or (escape and escape not in _ESCAPED):
            _complain(faults, start, end, brace)
        else:
            said = parts[-1]
            assert isinstance(said, str)
            parts[-1] = said + (escape or match[0])
    return tuple(parts)


def _complain(faults: Faults, start: int, end: int, brace: str | None) -> None:
    """Report a brace without its partner, or an escape that there is not."""
    if brace:
        message = f"`{brace}` in a string has no partner"
        help = f"`{{ }}` hold an expression; the sign itself is `\\{brace}`"
        faults.error("unclosed-bracket", start, end, message, help=help)
    else:
        found = faults.source.text[start:end]
        help = 'there are `\\"`, `\\\\`, `\\{` and `\\}`'
        faults.error("syntax", start, end, f"`{found}` is no escape", help=help)
