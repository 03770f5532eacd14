"""Random branches side by side, and the layers that join them."""

from netwright.ops import find as ops
from netwright.tensor import CHANNELS, Tensor, number
from netwright.testing.chains import Grown, Step, chain, labelled
from netwright.testing.layers import Unfit, given, layer
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.pieces import Piece, braces, brackets
from netwright.testing.sight import Sight
from netwright.testing.sizes import condition, size

DEEPEST = 3


def same(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors can be added."""
    return a.sizes == b.sizes and a.integers == b.integers


def join(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """Branches side by side, and the layer that joins them."""
    kinds = ["add", "concat", "mul", "sub", "max", "min", "mean", "l1_distance", "stack"]
    name = choose(pen, kinds)
    count = 2 if name in ("sub", "l1_distance", "mul") else pen.integer(2, 3)
    branches = [branch(pen, sight, x, name) for _ in range(count)]
    axis = "(axis=0)" if name == "concat" and chance(pen, 10) else ""
    result = joined(name, [tensor for _, tensor in branches])
    inner = [piece for piece, _ in branches]
    head = labelled(pen, sight, f"{name}{axis}", result)
    if chance(pen, 20):
        return gated(pen, sight, x)
    behind = ""
    if chance(pen, 35):
        text, result = layer(pen, sight, result)
        behind = f" -> {text}"
    if all(not piece.bodies for piece in inner) and chance(pen, 50):
        items = ", ".join(piece.head for piece in inner)
        return (Piece(f"{head} [ {items} ]{behind}"),), result
    return (brackets(head, inner, behind),), result


def joined(name: str, tensors: list[Tensor]) -> Tensor:
    """What a join makes of its branches."""
    op = ops.find(name)
    assert op is not None
    values = {key: spec.default for key, spec in op.params.items()}
    return given(op, values, *tensors)


def branch(pen: Pen, sight: Sight, x: Tensor, name: str) -> tuple[Piece, Tensor]:
    """A branch that fits the others: it keeps the tensor's shape, but for its channels."""
    if chance(pen, 25):
        return Piece("_"), x
    kept = [text for text, tensor in sight.tensors.items() if same(tensor, x)]
    if kept and chance(pen, 20):
        return Piece(choose(pen, kept)), x
    inner = sight.inner()
    if chance(pen, 12) and sight.depth < DEEPEST:
        condition_text, holds = condition(pen, sight, x)
        piece, result = branch(pen, inner, x, name)
        return braces(f"if {condition_text}", [piece]), result if holds else x
    text, result = chain(pen, inner, x, pen.integer(1, 2))
    if name == "concat" and result.sizes[1:] == x.sizes[1:] and result.rank == x.rank:
        return Piece(labelled(pen, inner, text, result)), result
    if not same(result, x):
        text, result = back(pen, inner, text, result, x)
    return Piece(labelled(pen, inner, text, result)), result


def back(pen: Pen, sight: Sight, text: str, found: Tensor, x: Tensor) -> Step:
    """A chain with one more layer, that gives the shape of ``x`` again."""
    steps = f"{text} -> "
    if x.rank >= 3 and found.rank == x.rank and found.sizes[1:] == x.sizes[1:]:
        more, result = f"conv({width(pen, x)}, 1)", None
        return steps + more, result or x
    if x.rank >= 3:
        return called_same(pen, sight, x)
    if found.rank == x.rank and found.sizes[:-1] == x.sizes[:-1]:
        return steps + f"linear({number(x.sizes[-1])})", x
    return called_same(pen, sight, x)


def called_same(pen: Pen, sight: Sight, x: Tensor) -> Step:
    """A layer with weights that keeps the shape."""
    if x.rank >= 3 and x.axes[0] == CHANNELS:
        k = choose(pen, ["3", "1"])
        return f"conv({width(pen, x)}, {k}, pad=same)", x
    if x.integers is None and x.axes[-1] != "width":
        return f"linear({number(x.sizes[-1])})", x
    return "identity", x


def width(pen: Pen, x: Tensor) -> str:
    """The channels of a tensor, as a number or as the spec asks for them."""
    value = str(number(x.sizes[0]))
    return choose(pen, [value, "_.channels"]) if x.axes[0] == CHANNELS else value


def gated(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A gate for each channel, multiplied with the tensor."""
    if x.rank != 3 or x.axes[0] != CHANNELS:
        raise Unfit
    inner, _ = size(pen, sight, None, 1, 6)
    gate = f"global_avg_pool -> linear({inner}) -> relu -> linear({number(x.sizes[0])}) -> sigmoid"
    return (Piece(labelled(pen, sight, f"mul [ _, {gate} ]", x)),), x
