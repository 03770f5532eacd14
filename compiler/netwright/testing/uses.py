"""Random uses of blocks, and lines that make no module."""

from netwright.tensor import Tensor
from netwright.testing.calls import call
from netwright.testing.chains import Grown, chain, label, labelled
from netwright.testing.joins import called_same, same
from netwright.testing.layers import Unfit, layer
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.pieces import Piece
from netwright.testing.sight import Sight
from netwright.testing.sizes import expression


def block_line(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A block at work."""
    text, result = call(pen, sight, x)
    if chance(pen, 25):
        more, result = layer(pen, sight, result)
        text = f"{text} -> {more}"
    return (Piece(labelled(pen, sight, text, result)),), result


def share(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """One set of weights, used twice."""
    name = label(pen, sight)
    text, result = called_same(pen, sight, x)
    if sight.units and chance(pen, 60):
        text, result = call(pen, sight, x)
    if same(result, x):
        sight.shared[name] = x
        uses = choose(pen, [f"{name} -> relu -> {name}", f"add [ {name}, relu -> {name} ]"])
    else:
        uses = f"l1_distance [ {name}, relu -> {name} ]"
    return (Piece(f"shared {name} = {text}"), Piece(uses)), result


def splice(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A block's members in this body."""
    if not sight.units:
        raise Unfit
    text, result = call(pen, sight, x, plain=True)
    return (Piece(f"splice {text if text.endswith(')') else f'{text}()'}"),), result


def setting(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``set``: other defaults from here on."""
    items = ["conv(bias=false)", "batch_norm(eps=0.001)", "linear(bias=false)", "dropout(p=0.1)"]
    return (Piece(f"set {choose(pen, items)}"),), x


def requirement(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``require`` of something that holds."""
    text, value = expression(pen, sight, x)
    return (Piece(f'require {text} <= {max(value, 0) + 99}, "too large"'),), x


def output(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """An output on the side, in nets sometimes for training only."""
    name = choose(pen, ["aux", "scores", "extra"])
    if name in sight.taken or sight.outputs > 1:
        raise Unfit
    sight.taken.add(name)
    sight.outputs += 1
    when = " when training" if sight.is_net and chance(pen, 50) else ""
    if chance(pen, 25) and not when:
        return (Piece(f"output {name}"),), x
    text, _ = chain(pen, sight.inner(), x, pen.integer(1, 2))
    return (Piece(f"output {name}{when}: {text}"),), x
