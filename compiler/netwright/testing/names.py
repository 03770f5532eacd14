"""Random `let`s, and lines that start at a tensor by its name."""

from netwright.tensor import Tensor
from netwright.testing.chains import Grown, chain, labelled
from netwright.testing.joins import same
from netwright.testing.layers import Unfit
from netwright.testing.pen import Pen, choose
from netwright.testing.pieces import Piece, braces
from netwright.testing.sight import Sight
from netwright.testing.sizes import expression


def let_number(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``let name = …``, maybe of a name that is bound already."""
    text, value = expression(pen, sight, x)
    if not 1 <= value <= 40:
        raise Unfit
    names = ["n", "m", "inner", "wide", *sight.numbers]
    name = choose(pen, names[:4] if sight.turns else names)
    if name in sight.taken or name in sight.turns:
        raise Unfit
    sight.numbers[name] = value
    return (Piece(f"let {name} = {text}"),), x


def let_tensor(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``let name = _``."""
    name = choose(pen, ["before", "kept", "old"])
    if name in sight.taken:
        raise Unfit
    source, tensor = choose(pen, [("_", x), *sight.tensors.items()])
    sight.tensors[name] = tensor
    return (Piece(f"let {name} = {source}"),), x


def swap(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``let a, b = b, _``: two tensors that move on by one."""
    a, b = "older", "newer"
    if a in sight.tensors and b in sight.tensors:
        sight.tensors[a], sight.tensors[b] = sight.tensors[b], x
        return (Piece(f"let {a}, {b} = {b}, _"),), x
    if sight.turns or sight.depth:
        raise Unfit
    sight.tensors[a] = sight.tensors[b] = x
    return (Piece(f"let {a}, {b} = _, _"),), x


def again(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A line that starts at a tensor by its name."""
    if not sight.tensors:
        raise Unfit
    name, tensor = choose(pen, sorted(sight.tensors.items()))
    text, result = chain(pen, sight, tensor, pen.integer(1, 2))
    return (Piece(labelled(pen, sight, f"{name} -> {text}", result)),), result


def stored(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A tensor of an indexed label, by its name or in a loop of its own."""
    if not sight.stored or sight.turns:
        raise Unfit
    name, (turns, tensor) = choose(pen, sorted(sight.stored.items()))
    if not same(tensor, x):
        text, result = chain(pen, sight, tensor, 1)
        return (
            Piece(labelled(pen, sight, f"{name}{pen.integer(0, turns - 1)} -> {text}", result)),
        ), result
    inside = [Piece(f"add [ _, {name}{{j}} ]")]
    order = choose(pen, [f"range({turns})", f"reversed(range({turns}))"])
    return (braces(f"for j in {order}", inside),), x
