"""The order in which Keras keeps the features of a flattened map.

PyTorch flattens ``(C, H, W)`` as it stands, Keras ``(H, W, C)``: what has a weight for each of the
features behind it needs its weights in another order.
"""

from netwright.instance import LayerStep
from netwright.ops.base import Role
from netwright.tensor import CHANNELS, Tensor, number, product

Order = tuple[int, ...]  # at each place in Keras, the place in PyTorch

KEEPING = (Role.ACTIVATION, Role.REGULARISATION, Role.NORMALISATION)


class Orders:
    """The orders of the values of a net, as far as they are not PyTorch's."""

    def __init__(self) -> None:
        self.known: dict[int, Order] = {}

    def through(self, step: LayerStep) -> Order | None:
        """The order of a layer's first input; that of its output is noted."""
        given = [self.known.get(value) for value in step.inputs]
        made = _made(step, given)
        if made is None:
            self.known.pop(step.output, None)
        else:
            self.known[step.output] = made
        return given[0] if given else None


def _made(step: LayerStep, given: list[Order | None]) -> Order | None:
    """The order of what a layer gives."""
    if step.op.name == "flatten" and isinstance(step.result, Tensor) and step.result.rank == 1:
        return flattened(step.tensors[0])
    if not any(given):
        return None
    if step.op.name == "concat":
        return _joined(step.tensors, given)
    if step.op.role in KEEPING or (step.op.joins and step.result == step.tensors[0]):
        return given[0]
    return None


def flattened(x: Tensor) -> Order | None:
    """The order of a map that Keras flattened, where it is another than PyTorch's."""
    if x.rank < 2 or x.axes[0] != CHANNELS:
        return None
    channels, cells = number(x.sizes[0]), number(product(x.sizes[1:]))
    if channels == 1 or cells == 1:
        return None
    return tuple(channel * cells + cell for cell in range(cells) for channel in range(channels))


def _joined(tensors: tuple[Tensor, ...], given: list[Order | None]) -> Order:
    """The order of vectors behind each other."""
    found: list[int] = []
    for tensor, order in zip(tensors, given, strict=True):
        start, size = len(found), number(tensor.sizes[0])
        found += [start + place for place in order or range(size)]
    return tuple(found)
