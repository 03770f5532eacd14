"""Random numbers of a spec: written out, or as an expression of what is in sight."""

from netwright.tensor import CHANNELS, Dynamic, Tensor, number
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.sight import Sight

Worded = tuple[str, int]  # a text, and its value at a first turn

TRIES = 4


def size(pen: Pen, sight: Sight, x: Tensor | None, least: int, most: int) -> Worded:
    """A whole number within bounds at the first turn."""
    if chance(pen, 55):
        for _ in range(TRIES):
            text, value = expression(pen, sight, x)
            if least <= value <= most:
                return text, value
    value = pen.integer(least, most)
    return str(value), value


def expression(pen: Pen, sight: Sight, x: Tensor | None) -> Worded:
    """A number of what is in sight, alone or computed with."""
    text, value = _name(pen, sight, x)
    forms: list[Worded] = [
        (text, value),
        (f"2 * {text}", 2 * value),
        (f"{text} + 1", value + 1),
        (f"{text} // 2 + 1", value // 2 + 1),
        (f"max({text}, 3)", max(value, 3)),
        (f"min({text}, 6)", min(value, 6)),
        (f"{text} * {text}", value * value),
        (f"{text} % 3 + 2", value % 3 + 2),
        (f"round({text} * 1.5)", round(value * 1.5)),
        (f"({text} + 3) // 2", (value + 3) // 2),
        (f"3 * {text} - 1", 3 * value - 1),
        (f"-{text} % 4 + 1", -value % 4 + 1),
    ]
    forms += [(f"{name}({text})", max(1, value // 2)) for name in sight.functions]
    if value < 6:
        forms.append((f"2**{text}", 2**value))
    if sight.flags and chance(pen, 25):
        flag, holds = choose(pen, sorted(sight.flags.items()))
        forms = [(f"({text} if {flag} else 4)", value if holds else 4)]
    return choose(pen, forms)


def _name(pen: Pen, sight: Sight, x: Tensor | None) -> Worded:
    names: list[Worded] = [*sight.numbers.items()]
    for name, items in sight.lists.items():
        names.append((f"len({name})", len(items)))
        if items:
            place = pen.integer(0, len(items) - 1)
            names.append((f"{name}[{place}]", items[place]))
    names += _axes("_", x) if x is not None else []
    names += _axes("in", sight.input) if sight.input is not None else []
    for name, tensor in sight.tensors.items():
        names += _axes(name, tensor)
    return choose(pen, names) if names else ("3", 3)


def _axes(name: str, x: Tensor) -> list[Worded]:
    """The sizes that a tensor tells by name; channels twice, since nets speak of them most."""
    found: list[Worded] = []
    if "" in x.axes:
        return found  # what it is called depends on the layers behind it
    for axis in (CHANNELS, CHANNELS, "height", "features"):
        place = x.axis(axis)
        if place is not None and not isinstance(x.sizes[place], Dynamic):
            found.append((f"{name}.{axis}", number(x.sizes[place])))
    return found


def condition(pen: Pen, sight: Sight, x: Tensor | None) -> tuple[str, bool]:
    """A condition, and whether it holds at the first turn."""
    if sight.flags and chance(pen, 45):
        name, holds = choose(pen, sorted(sight.flags.items()))
        return choose(pen, [(name, holds), (f"not {name}", not holds)])
    text, value = _name(pen, sight, x)
    other, against = choose(pen, [("4", 4), ("1", 1), _name(pen, sight, x), ("0", 0)])
    op, holds = choose(
        pen,
        [
            ("!=", value != against),
            ("==", value == against),
            (">", value > against),
            ("<=", value <= against),
            ("<", value < against),
        ],
    )
    first = f"{text} {op} {other}", holds
    if chance(pen, 30):
        second, too = condition(pen, sight, x)
        word = choose(pen, ["or", "and"])
        wrapped = f"({second})" if " or " in second or " and " in second else second
        return f"{first[0]} {word} {wrapped}", (holds or too) if word == "or" else (holds and too)
    return first
