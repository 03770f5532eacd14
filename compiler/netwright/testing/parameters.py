"""Random parameters of blocks and nets, each with the value that its body is drawn for."""

from collections.abc import Callable, Sequence

from netwright.tensor import CHANNELS, Tensor
from netwright.testing.calls import ACTIVATIONS, NORMS, arguments
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.sight import Parameter, Unit

KINDS = (
    *("int", "int", "bool", "int", "list", "kernel", "float", "norm", "activation", "block"),
    "tensor",
)
NAMES = {
    "int": ("width", "depth", "factor", "out", "groups", "hidden", "n"),
    "bool": ("flag", "project", "se"),
    "kernel": ("k", "kernel"),
    "float": ("p", "rate"),
    "list": ("widths", "depths"),
    "norm": ("norm",),
    "activation": ("act",),
    "block": ("part", "inner"),
    "tensor": ("other",),
}


def parameters(
    pen: Pen, units: Sequence[Unit], x: Tensor, *, most: int, tensors: bool = False
) -> tuple[Parameter, ...]:
    """Parameters of a block or net, those without a default first."""
    found: list[Parameter] = []
    for _ in range(pen.integer(0, most)):
        param = parameter(pen, units, x, [p.name for p in found], found)
        if param is not None and (tensors or param.kind != "tensor"):
            found.append(param)
    return tuple(sorted(found, key=lambda param: param.default is not None))


def parameter(
    pen: Pen, units: Sequence[Unit], x: Tensor, taken: list[str], earlier: list[Parameter]
) -> Parameter | None:
    """One parameter, or none where the kind has nothing to offer."""
    kind = choose(pen, KINDS)
    free = [name for name in NAMES[kind] if name not in taken]
    if not free or (kind == "norm" and x.axes[0] != CHANNELS):
        return None
    name = choose(pen, free)
    value, text, unit = _value(pen, kind, units, x)
    if text is None:
        return None
    default = text if chance(pen, 60) and kind != "tensor" else None
    if kind == "int" and default and chance(pen, 20):
        default = _computed(pen, earlier, default)
    return Parameter(name, kind, default, value, text, unit)


def _computed(pen: Pen, earlier: list[Parameter], default: str) -> str:
    """A default that an earlier parameter decides."""
    names = [param.name for param in earlier if param.kind == "int" and param.default is None]
    return f"2 * {choose(pen, names)}" if names else default


def _value(
    pen: Pen, kind: str, units: Sequence[Unit], x: Tensor
) -> tuple[object, str | None, Unit | None]:
    """A value of a kind, its text, and the block that it is, if it is one."""
    if kind in VALUES:
        return (*VALUES[kind](pen), None)
    if kind == "tensor":
        return x, "image" if x.integers is None else None, None
    fits = [
        unit
        for unit in units
        if unit.taken.axes == x.axes and all(param.kind != "tensor" for param in unit.params)
    ]
    if not fits:
        return None, None, None
    unit = choose(pen, fits)
    values = _required(pen, unit)
    return None, f"{unit.name}({values})" if values else unit.name, unit


def _number(pen: Pen) -> tuple[object, str]:
    value = pen.integer(2, 8)
    return value, str(value)


def _flag(pen: Pen) -> tuple[object, str]:
    value = chance(pen, 50)
    return value, str(value).lower()


def _items(pen: Pen) -> tuple[object, str]:
    items = [pen.integer(2, 6) for _ in range(pen.integer(1, 3))]
    return items, str(items)


def _kernel(pen: Pen) -> tuple[object, str]:
    text = choose(pen, ["3x3", "1x1", "3", "2"])
    return text, text


def _fraction(pen: Pen) -> tuple[object, str]:
    value = choose(pen, [0.5, 0.25])
    return value, repr(value)


VALUES: dict[str, Callable[[Pen], tuple[object, str]]] = {
    "int": _number,
    "bool": _flag,
    "list": _items,
    "kernel": _kernel,
    "float": _fraction,
    "norm": lambda pen: (None, choose(pen, NORMS)),
    "activation": lambda pen: (None, choose(pen, ACTIVATIONS)),
}


def _required(pen: Pen, unit: Unit) -> str:
    """Arguments for all that a block demands, so that it can be called without any."""
    from netwright.testing.sight import Sight

    needed = tuple(param for param in unit.params if param.default is None)
    _, values = arguments(pen, Sight(), needed, None)
    parts = values.split(", ") if values and "[" not in values else [values] if values else []
    return ", ".join(parts)
