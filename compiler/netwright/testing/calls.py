"""Random calls of the blocks of a spec."""

from netwright.tensor import Tensor, number
from netwright.testing.layers import Unfit
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.sight import Parameter, Sight, Unit
from netwright.testing.sizes import size

NORMS = (
    "batch_norm",
    "group_norm(2)",
    "instance_norm",
    "layer_norm(axis=0)",
    "batch_norm(eps=0.01)",
)
PLAIN = {
    "bool": ("false", "true"),
    "kernel": ("3", "1", "3x3", "1x1"),
    "float": ("0.5", "0.25"),
}
ACTIVATIONS = ("relu", "gelu", "leaky_relu(0.2)", "tanh", "silu", "elu(alpha=0.5)")


def call(pen: Pen, sight: Sight, x: Tensor, *, plain: bool = False) -> tuple[str, Tensor]:
    """The text of a call, and what it gives, worked out by a check."""
    choices: list[tuple[str, Unit]] = [(unit.name, unit) for unit in sight.units]
    choices = choices if plain else choices + list(sight.parts.items())
    name, unit = choose(pen, choices)
    if unit.taken.rank != x.rank or unit.taken.axes != x.axes:
        raise Unfit
    if name in sight.parts:
        return _held(pen, sight, name, unit, x)
    texts, values = arguments(pen, sight, unit.params, x)
    found = unit.result(values, x)
    if found is None:
        raise Unfit
    return (f"{name}({texts})" if texts else name), found


def _held(pen: Pen, sight: Sight, name: str, unit: Unit, x: Tensor) -> tuple[str, Tensor]:
    """A block that a parameter holds: what it needs is in its partial application."""
    found = unit.result("", x)
    if found is None:
        raise Unfit
    return choose(pen, [f"{name}()", name]), found


def arguments(
    pen: Pen, sight: Sight, params: tuple[Parameter, ...], x: Tensor | None
) -> tuple[str, str]:
    """The arguments of a call as they are written, and as numbers."""
    texts: list[str] = []
    values: list[str] = []
    placed = True
    for param in params:
        if param.default is not None and not chance(pen, 50):
            placed = False
            continue
        text, value = argument(pen, sight, param, x)
        named = not placed or chance(pen, 25)
        placed = placed and not named
        texts.append(f"{param.name}={text}" if named else text)
        values.append(f"{param.name}={value}" if named else value)
    return ", ".join(texts), ", ".join(values)


def argument(pen: Pen, sight: Sight, param: Parameter, x: Tensor | None) -> tuple[str, str]:
    """One argument, as it is written and as a number."""
    match param.kind:
        case "int":
            text, value = size(pen, sight, x, 1, 8)
            return text, str(value)
        case "bool" if sight.flags and chance(pen, 40):
            name, holds = choose(pen, sorted(sight.flags.items()))
            return name, str(holds).lower()
        case "list":
            items = str([pen.integer(2, 6) for _ in range(pen.integer(1, 3))])
            return items, items
        case "norm":
            return _layer(pen, sight.norms, NORMS)
        case "activation":
            return _layer(pen, sight.activations, ACTIVATIONS)
        case "tensor" if x is not None:
            fits = [name for name, other in sorted(sight.tensors.items()) if other == x]
            return choose(pen, ["_", *fits]), "image"
    text = choose(pen, PLAIN.get(param.kind, (param.text,)))
    return text, text


def _layer(pen: Pen, held: list[str], options: tuple[str, ...]) -> tuple[str, str]:
    text = choose(pen, options)
    return (choose(pen, held), text) if held and chance(pen, 50) else (text, text)


def sizes_of(x: Tensor) -> str:
    """The sizes of a tensor, as an input declares them."""
    return ", ".join(str(number(size)) for size in x.sizes)
