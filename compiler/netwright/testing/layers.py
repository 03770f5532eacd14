"""Random layers that fit a tensor: any layer of the language, its arguments by their kinds."""

from typing import Any

from netwright.ops import find as ops
from netwright.ops.base import Kind, Misfit, Op, Param
from netwright.ops.init import constant
from netwright.tensor import Tensor, number
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.sight import Sight
from netwright.testing.sizes import size
from netwright.values import Kernel

Given = tuple[str, Any]  # the text of an argument, and its value

OFTEN = ("relu", "conv", "linear", "batch_norm", "conv", "conv", "max_pool", "linear")
SELDOM = {  # by the rank of a tensor: layers that few sizes fit
    2: ("lstm", "gru", "rnn", "attention"),
    3: ("pixel_shuffle", "depth_to_space", "space_to_depth", "reorg", "resize"),
}
LEFT_OUT = ("list", "stack", "concat", "add", "mul", "min")  # what stands before brackets
INITS = ("zeros", "he_normal", "normal(0.1)", "glorot_uniform", "0.5", "uniform(0.2)")
TRIES = 6


class Unfit(Exception):
    """A draw that does not fit where it stands."""


def layer(pen: Pen, sight: Sight, x: Tensor) -> tuple[str, Tensor]:
    """The text of a layer on a tensor, and what it gives."""
    takes_one = [name for name, op in ops.every().items() if op.inputs[0] == 1]
    names = [*OFTEN, *(name for name in takes_one if name not in LEFT_OUT), *SELDOM.get(x.rank, ())]
    for _ in range(TRIES):
        name = choose(pen, names)
        try:
            return called(pen, sight, x, name)
        except Unfit:
            continue
    return "identity", x


def called(pen: Pen, sight: Sight, x: Tensor, name: str) -> tuple[str, Tensor]:
    """A layer of this name on a tensor; `Unfit` where its arguments do not fit."""
    op = ops.find(name)
    assert op is not None
    values: dict[str, Any] = {}
    texts: list[str] = []
    for key, spec in op.params.items():
        must = spec.default is ...
        rarely = 4 if spec.kind is Kind.INITIALISER else 22
        if must or (key != "like" and chance(pen, rarely)):
            text, value = argument(pen, sight, x, op, key, spec)
            texts.append(text if must else f"{key}={text}")
            values[key] = value
        else:
            values[key] = spec.default
    result = given(op, values, x)
    return f"{name}({', '.join(texts)})" if texts else name, result


def given(op: type[Op], values: dict[str, Any], *inputs: Tensor) -> Tensor:
    """What a layer makes of its inputs; `Unfit` where it refuses them."""
    made = op(**values)
    try:
        made.check(*inputs)
        result = made.shape(*inputs)
    except Misfit as misfit:
        raise Unfit from misfit
    if not isinstance(result, Tensor) or any(number(n) < 1 for n in result.sizes):
        raise Unfit
    if sum(number(n) for n in result.sizes) > 400:
        raise Unfit
    return result


def argument(pen: Pen, sight: Sight, x: Tensor, op: type[Op], key: str, spec: Param) -> Given:
    """An argument of a layer, as a text and as a value."""
    match spec.kind:
        case Kind.INTEGER:
            return _integer(pen, sight, x, op, key, spec)
        case Kind.NUMBER:
            return _fraction(pen, sight, key)
        case Kind.FLAG:
            return _flag(pen, sight)
        case Kind.KERNEL:
            return _kernel(pen, sight, x, key)
        case Kind.PAD:
            return _pad(pen, x, key)
        case Kind.PAIRS:
            return _pairs(pen, x.rank - 1)
        case Kind.WORD:
            word = choose(pen, spec.words)
            return word, word
        case Kind.SIZES:
            return _sizes(pen, x, op)
        case Kind.AXIS:
            return _axis(pen, x)
        case Kind.INITIALISER:
            return choose(pen, INITS), None
        case Kind.NUMBERS if x.rank > 1:
            numbers = tuple(0.25 * (place + 1) for place in range(number(x.sizes[0])))
            return str(list(numbers)), numbers
        case Kind.SCALE:
            return choose(pen, [("0.5", 0.5), ("parameter", "parameter"), ("2", 2)])
    raise Unfit


def _integer(pen: Pen, sight: Sight, x: Tensor, op: type[Op], key: str, spec: Param) -> Given:
    if key in ("groups", "heads"):
        divisors = [
            n for n in (1, 2, 3, 4, 6) if number(x.sizes[0 if key == "groups" else -1]) % n == 0
        ]
        if op.name == "conv" and chance(pen, 30):
            return "_.channels" if x.axes[0] == "channels" else str(x.sizes[0]), number(x.sizes[0])
        value = choose(pen, divisors)
        return str(value), value
    if key in ("to", "from", "index"):
        value = pen.integer(0, 3)
        return str(value), value
    if key in ("width", "features", "hidden"):
        return size(pen, sight, x, 1, 12)
    return size(pen, sight, x, int(spec.least or 0), min(int(spec.most or 3), 3))


def _fraction(pen: Pen, sight: Sight, key: str) -> Given:
    if sight.factors and chance(pen, 50):
        return choose(pen, sorted(sight.factors.items()))
    value = choose(pen, [0.25, 0.5, 0.1] if key != "eps" else [1e-3, 1e-5])
    return repr(value), value


def _flag(pen: Pen, sight: Sight) -> Given:
    if sight.flags and chance(pen, 40):
        return choose(pen, sorted(sight.flags.items()))
    return choose(pen, [("false", False), ("true", True)])


def _kernel(pen: Pen, sight: Sight, x: Tensor, key: str) -> Given:
    if key == "k" and sight.kernels and chance(pen, 50):
        return choose(pen, list(sight.kernels.items()))
    most = {"k": 3, "size": 3, "output_pad": 1}.get(key, 2)
    if chance(pen, 25) and x.rank > 2:
        sides = tuple(pen.integer(0 if key == "output_pad" else 1, most) for _ in range(x.rank - 1))
        return "x".join(map(str, sides)), Kernel(sides)
    if key == "output_pad":
        return choose(pen, [("0", 0), ("1", 1)])
    return size(pen, sight, None, 1, most)


def _pad(pen: Pen, x: Tensor, key: str) -> Given:
    kind = pen.integer(0, 3)
    if kind == 0:
        value = pen.integer(0, 1)
        return str(value), value
    if kind == 1:
        return "same", "same"
    if kind == 2 and x.rank > 2:
        sides = tuple(pen.integer(0, 1) for _ in range(x.rank - 1))
        return "x".join(map(str, sides)), Kernel(sides)
    return _pairs(pen, x.rank - 1)


def _pairs(pen: Pen, rank: int) -> Given:
    pairs = tuple((pen.integer(0, 1), pen.integer(0, 1)) for _ in range(rank))
    return f"[{', '.join(str(list(pair)) for pair in pairs)}]", pairs


def _axis(pen: Pen, x: Tensor) -> Given:
    place = pen.integer(0, x.rank)
    return ("last", "last") if place == x.rank else (str(place), place)


def _sizes(pen: Pen, x: Tensor, op: type[Op]) -> Given:
    if op.name == "permute":
        axes = list(range(x.rank))
        order = [axes.pop(pen.integer(0, len(axes) - 1)) for _ in range(x.rank)]
        return ", ".join(map(str, order)), tuple(order)
    if op.name == "reshape":
        sizes = [number(n) for n in x.sizes]
        if len(sizes) > 1 and chance(pen, 50):
            sizes = [sizes[0] * sizes[1], *sizes[2:]]
        elif sizes[0] % 2 == 0:
            sizes = [2, sizes[0] // 2, *sizes[1:]]
        return str(sizes), tuple(sizes)
    sizes = [pen.integer(4, 8) for _ in range(x.rank - 1)]
    return str(sizes), tuple(sizes)


__all__ = ["Unfit", "called", "constant", "given", "layer"]
