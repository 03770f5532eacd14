"""The order in which Keras keeps the features of a flattened map.

PyTorch flattens ``(C, H, W)`` as it stands, Keras ``(H, W, C)``: what has a weight for each of the
features behind it has them in another order. `netwright.order` tells which maps that is true of.
"""

from collections.abc import Iterable, Iterator

from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step
from netwright.ops.activation import Identity
from netwright.order import KEEPING, Reader, by_weights
from netwright.tensor import CHANNELS, Tensor, number, product
from netwright.values import Ref, plain

Order = tuple[int, ...]  # at each place in Keras, the place in PyTorch
Known = dict[int, Order | None]

IDENTITY = Identity()


class Orders:
    """The orders of the values of a net; none crosses the border of a block."""

    def __init__(self) -> None:
        self.bodies: dict[int, _Body] = {}

    def body(self, instance: Instance) -> "_Body":
        """What is known of a block or net, worked out once."""
        if id(instance) not in self.bodies:
            self.bodies[id(instance)] = _Body(instance)
        return self.bodies[id(instance)]


class _Body:
    """Who reads which value in one block or net."""

    def __init__(self, instance: Instance) -> None:
        result = instance.result if type(instance.result) is tuple else (instance.result,)
        values = [plain(value) for value in result]
        self.results = [value.id for value in values if isinstance(value, Ref)]
        self.results += [output.id for output in instance.outputs]
        self.readers: dict[int, list[Reader]] = {}
        for step in flat(instance.steps):
            self._read(step)

    def _read(self, step: Step) -> None:
        match step:
            case LayerStep():
                inputs, reader = step.inputs, Reader(step.op, (step.output,))
            case CallStep():
                inputs, reader = step.inputs, Reader(None, step.outputs)
            case FoldStep():
                inputs, reader = (step.leave,), Reader(IDENTITY, (step.enter,))
        for value in inputs:
            self.readers.setdefault(value, []).append(reader)

    def made(self, step: LayerStep, known: Known) -> Order | None:
        """The order of what a layer gives, of values in the orders known."""
        if step.op.name == "flatten":
            alone = by_weights(step.output, self.readers, self.results)
            return flattened(step) if alone else None
        given = [known.get(value) for value in step.inputs]
        if not any(given):
            return None
        if step.op.name == "concat":
            return joined(step.tensors, given)
        return given[0] if step.op.role in KEEPING else None


def flat(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, those of loops too."""
    for step in steps:
        yield step
        if isinstance(step, FoldStep):
            yield from flat(step.steps)


def flattened(step: LayerStep) -> Order | None:
    """The order of a map that Keras flattened, where it is another than PyTorch's."""
    (x,) = step.tensors
    if not isinstance(step.result, Tensor) or step.result.rank != 1:
        return None
    if x.rank < 2 or x.axes[0] != CHANNELS:
        return None
    channels, cells = number(x.sizes[0]), number(product(x.sizes[1:]))
    if channels == 1 or cells == 1:
        return None
    return tuple(channel * cells + cell for cell in range(cells) for channel in range(channels))


def joined(tensors: tuple[Tensor, ...], given: list[Order | None]) -> Order:
    """The order of vectors behind each other."""
    found: list[int] = []
    for tensor, order in zip(tensors, given, strict=True):
        start = len(found)
        found += [start + place for place in order or range(number(tensor.sizes[0]))]
    return tuple(found)
