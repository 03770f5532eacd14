"""The weights of one layer as PyTorch holds them, and as Keras does.

`to_keras` gives the arrays in the order of a Keras layer's own list; where a layer here is several
in Keras, `parts` tells how their names end and how many arrays each has. A depthwise kernel has the
values of the grouped one in the same order, so an array may need ``reshape`` to its variable.

``order`` tells, at each place of the input's features in Keras, their place in PyTorch: it is given
where a plain `Flatten` of Keras left them in an order of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netwright.ops.activation import Prelu
from netwright.ops.attention import Attention
from netwright.ops.base import Axes, Op, Weight
from netwright.ops.learned import Parameter, Scale
from netwright.ops.recurrent import Recurrent
from netwright.tensor import CHANNELS, LENGTH, Tensor, number
from netwright.weights import heads, recurrence

Array = Any
Turn = Callable[[Array, "Place"], Array]


class Place:
    """Where a layer stands: what flows in, and the order that its features have in Keras."""

    def __init__(self, op: Op, inputs: Sequence[Tensor], order: Sequence[int] | None) -> None:
        self.op = op
        self.inputs = tuple(inputs)
        self.order = list(order) if order is not None else None

    @property
    def channels_last(self) -> bool:
        """Whether the channels of the input are first here and last in Keras."""
        x = self.inputs[0]
        return x.rank > 1 and x.axes[0] == CHANNELS

    @property
    def channels(self) -> int:
        """The channels of the input."""
        return number(self.inputs[0].sizes[0])

    @property
    def rank(self) -> int:
        """Number of axes behind the channels."""
        return self.inputs[0].rank - 1


def to_keras(
    op: Op,
    weights: Mapping[str, Array],
    inputs: Sequence[Tensor],
    *,
    order: Sequence[int] | None = None,
) -> list[Array]:
    """The arrays of a layer in Keras's order, of those in a PyTorch state dict by name."""
    if isinstance(op, Recurrent):
        return recurrence.to_keras(op, weights)
    if isinstance(op, Attention):
        return heads.to_keras(op, weights)
    place = Place(op, inputs, order)
    return [turn(weights[w.name], place) for w, turn, _ in _turns(op, place)]


def to_torch(
    op: Op,
    arrays: Sequence[Array],
    inputs: Sequence[Tensor],
    *,
    order: Sequence[int] | None = None,
) -> dict[str, Array]:
    """The arrays of a layer by their names in a PyTorch state dict, of those in Keras's order."""
    import numpy

    if isinstance(op, Recurrent):
        return recurrence.to_torch(op, arrays)
    if isinstance(op, Attention):
        return heads.to_torch(op, arrays)
    place = Place(op, inputs, order)
    rows = zip(_turns(op, place), arrays, strict=True)
    found = {w.name: back(array, place) for (w, _, back), array in rows}
    uncounted = (w for w in op.weights(*inputs) if not w.counted)
    return {
        **{w.name: found[w.name].reshape(_sizes(w)) for w in op.weights(*inputs) if w.counted},
        **{w.name: numpy.zeros(_sizes(w), dtype="int64") for w in uncounted},
    }


def parts(op: Op, inputs: Sequence[Tensor]) -> list[tuple[str, int]]:
    """How the names of the layers end that one is in Keras, and how many arrays each holds."""
    count = len([w for w in op.weights(*inputs) if w.counted])
    if isinstance(op, Recurrent):
        return recurrence.parts(op)
    if isinstance(op, Attention):
        return [("", 8 if op.bias else 4)]
    if op.name == "separable_conv" and inputs[0].rank == 4:
        return [("_depthwise", 1), ("_pointwise", count - 1)]
    return [("", count)]


def _sizes(weight: Weight) -> tuple[int, ...]:
    return tuple(int(size) for size in weight.sizes)


def _turns(op: Op, place: Place) -> list[tuple[Weight, Turn, Turn]]:
    """The weights of a layer, and how each is turned there and back."""
    weights = [w for w in op.weights(*place.inputs) if w.counted]
    match op:
        case Prelu():
            return [(w, _slopes, _vector_back) for w in weights]
        case Parameter() | Scale():
            return [(w, _learned, _learned_back) for w in weights]
    return [(w, *TURNS.get(w.axes, (_vector, _vector_back))) for w in weights]


def _kernel(array: Array, place: Place) -> Array:
    """``(out, in, …)`` or, transposed, ``(in, out, …)``: the window first, the two swapped."""
    return array.transpose(*range(2, array.ndim), 1, 0)


def _kernel_back(array: Array, place: Place) -> Array:
    return array.transpose(array.ndim - 1, array.ndim - 2, *range(array.ndim - 2))


def _depthwise(array: Array, place: Place) -> Array:
    """``(C * m, 1, …) -> (…, C, m)``; Keras has no such layer over three axes, and a group each."""
    split = array.reshape(place.channels, -1, *array.shape[2:])
    found = split.transpose(*range(2, split.ndim), 0, 1)
    return found.reshape(*array.shape[2:], 1, -1) if place.rank == 3 else found


def _depthwise_back(array: Array, place: Place) -> Array:
    window = array.shape[:-2]
    split = array.reshape(*window, place.channels, -1)
    turned = split.transpose(len(window), len(window) + 1, *range(len(window)))
    return turned.reshape(-1, 1, *window)


def _local(array: Array, place: Place) -> Array:
    """``(out, C, places…, window…) -> (places…, window * C, out)``."""
    rank = place.rank
    turned = array.transpose(*range(2, 2 + 2 * rank), 1, 0)
    return turned.reshape(*turned.shape[:rank], -1, array.shape[0])


def _local_back(array: Array, place: Place) -> Array:
    (weight,) = (w for w in place.op.weights(*place.inputs) if w.axes is Axes.LOCAL)
    width, channels, *rest = _sizes(weight)
    turned = array.reshape(*rest, channels, width)
    return turned.transpose(turned.ndim - 1, turned.ndim - 2, *range(turned.ndim - 2))


def _linear(array: Array, place: Place) -> Array:
    """``(out, in) -> (in, out)``."""
    return (array if place.order is None else array[:, place.order]).T


def _linear_back(array: Array, place: Place) -> Array:
    return array.T if place.order is None else array.T[:, _inverse(place.order)]


def _inverse(order: Sequence[int]) -> Array:
    import numpy

    return numpy.argsort(order)


def _vector(array: Array, place: Place) -> Array:
    """One number for each channel or feature; the bias of `local_conv` has one for each place."""
    if _for_each(array, place):
        return array[place.order]
    if place.op.name == "local_conv":
        return array.transpose(*range(1, array.ndim), 0)
    return array


def _vector_back(array: Array, place: Place) -> Array:
    if place.order is not None and _for_each(array, place):
        return array.ravel()[_inverse(place.order)]
    if place.op.name == "local_conv":
        return array.transpose(array.ndim - 1, *range(array.ndim - 1))
    return array


def _for_each(array: Array, place: Place) -> bool:
    """Whether an array has a number for each feature of the input, in an order of its own."""
    if place.order is None or place.op.name == "linear":
        return False
    return bool(array.size == len(place.order))


def _slopes(array: Array, place: Place) -> Array:
    """One slope for each channel, with an axis of one for each other axis."""
    flat = _vector(array, place)
    ones = (1,) * place.rank
    return flat.reshape((*ones, -1) if place.channels_last or not ones else (-1, *ones))


def _learned(array: Array, place: Place) -> Array:
    """A `parameter` without the stored batch; numbers for a map have the channels last."""
    array = array.reshape(_bare(array, place))
    if _for_each(array, place):
        return array[place.order]
    if array.ndim > 1 and _over_map(array, place):
        return array.transpose(*range(1, array.ndim), 0)
    alone = isinstance(place.op, Scale) and array.shape != (1,) and array.ndim == 1
    if alone and not place.channels_last and place.inputs[0].axes[0] != LENGTH:
        return array.reshape(-1, *(1,) * place.rank)
    return array


def _learned_back(array: Array, place: Place) -> Array:
    if place.order is not None and _for_each(array, place):
        return array[_inverse(place.order)]
    if array.ndim > 1 and _over_map(array, place):
        return array.transpose(array.ndim - 1, *range(array.ndim - 1))
    return array


def _bare(array: Array, place: Place) -> tuple[int, ...]:
    """The sizes without a leading 1 that stands for the batch."""
    batch = isinstance(place.op, Parameter) and place.op.batch is True
    return tuple(array.shape[1:] if batch else array.shape)


def _over_map(array: Array, place: Place) -> bool:
    """Whether learned numbers have the channels last in Keras."""
    if isinstance(place.op, Parameter):
        return bool(array.ndim > 2)
    return place.channels_last and array.ndim == place.rank + 1


TURNS: dict[Axes, tuple[Turn, Turn]] = {
    Axes.LINEAR: (_linear, _linear_back),
    Axes.CONVOLUTION: (_kernel, _kernel_back),
    Axes.TRANSPOSED: (_kernel, _kernel_back),
    Axes.DEPTHWISE: (_depthwise, _depthwise_back),
    Axes.LOCAL: (_local, _local_back),
}
