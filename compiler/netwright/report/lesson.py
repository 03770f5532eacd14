"""A layer at work in words, for people who learn: what it does, how it moves, what its weights are.

A sentence is told only where its numbers come to those of the layer.
"""

from collections.abc import Iterator
from inspect import cleandoc
from math import prod

from netwright.instance import LayerStep, scalars
from netwright.ops.base import Role
from netwright.ops.window import SPATIAL
from netwright.tensor import Tensor, number


def told(step: LayerStep) -> Iterator[str]:
    """The sentences of a layer."""
    doc = cleandoc(type(step.op).__doc__ or "").partition("\n\n")[0]
    if doc:
        yield doc.replace("\n", " ").replace("``", "")
    yield from _window(step)
    yield from _weights(step)
    yield from _work(step)


def _window(step: LayerStep) -> Iterator[str]:
    """How a window moves along the first axis it slides over."""
    made, sides = step.result, [_first(step, name) for name in ("k", "stride", "pad", "dilation")]
    kernel, stride, pad, dilation = sides
    if not isinstance(made, Tensor) or kernel is None or pad is None or made.rank < 2:
        return
    stride = kernel if stride is None else stride
    cells, places = number(step.tensors[0].sizes[1]), number(made.sizes[1])
    reach = (dilation or 1) * (kernel - 1) + 1
    if (cells + 2 * pad - reach) // stride + 1 != places:
        return
    around = f"{pad} + {cells} + {pad}" if pad else str(cells)
    spread = f"{kernel} cells, {dilation} apart," if (dilation or 1) > 1 else f"{kernel} cells"
    axis = SPATIAL.get(made.rank - 1, ("",))[0]
    times = "once" if places == 1 else f"{places} times"
    if kernel > 1 or stride > 1:
        yield (
            f"Along the {axis} a window of {spread} moves by {stride} "
            f"over {around} cells: it fits {times}."
        )


def _first(step: LayerStep, name: str) -> int | None:
    """The number of an argument along the first axis; none where it is no plain number."""
    value = getattr(step.op, name, 0 if name == "pad" else None)
    value = value[0] if isinstance(value, tuple) and value else value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _weights(step: LayerStep) -> Iterator[str]:
    """What the weights of a layer are."""
    sizes = {weight.name: tuple(map(int, weight.sizes)) for weight in step.weights}
    weight = sizes.get("weight", ())
    bias = ", and a bias" if "bias" in sizes else ""
    match step.op.role:
        case Role.CONVOLUTION if step.op.name == "conv" and len(weight) > 2:
            out, channels, *window = weight
            cells = "×".join(map(str, window))
            yield (
                f"Each of the {out:,} output channels has {prod(weight[1:]):,} weights, "
                f"{cells} for each of {channels:,} input channels{bias}."
            )
        case Role.LINEAR if len(weight) == 2:
            out, given = weight
            yield f"Each of the {out:,} outputs weighs all {given:,} inputs{bias}."
        case Role.RECURRENT:
            gates, hidden = int(getattr(step.op, "gates", 1)), getattr(step.op, "hidden", 0)
            given = number(step.tensors[0].sizes[-1])
            yield (
                f"{gates} gate{'s' * (gates > 1)} of {hidden:,} values, each from the {given:,} "
                f"inputs and the {hidden:,} values of the step before."
            )
        case Role.ATTENTION:
            width = number(step.tensors[0].sizes[-1])
            yield f"Four matrices of {width:,} × {width:,}: query, key, value and output."


def _work(step: LayerStep) -> Iterator[str]:
    """How often a weight multiplies."""
    weight = next((one for one in step.weights if one.name == "weight"), None)
    made = step.result
    if weight is None or not step.macs or not isinstance(made, Tensor):
        return
    sizes = list(map(number, made.sizes))
    for places in (sizes[1:], sizes[:-1]):
        if scalars(weight) * prod(places) == step.macs:
            where = " × ".join(map(str, places))
            yield (
                f"Each weight multiplies once at each of {where} places."
                if places
                else ("Each weight multiplies once.")
            )
            return
