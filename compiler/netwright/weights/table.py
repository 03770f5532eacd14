"""The weights of a net, layer by layer, under the names that PyTorch and Keras give them."""

from collections.abc import Iterator, Mapping
from typing import Any

from netwright.flat import Flat
from netwright.instance import Instance
from netwright.ops.base import Op, Weight
from netwright.record import record
from netwright.tensor import Tensor
from netwright.weights.orders import Order, Orders


@record
class Slot:
    """A layer with weights: where it stands, what it is, and what it is given.

    ``order`` is the order of its features in Keras where it is not PyTorch's; ``side`` says that
    only training uses the layer.
    """

    path: str
    op: Op
    tensors: tuple[Tensor, ...]
    weights: tuple[Weight, ...]
    order: Order | None
    side: bool

    def named(self, weight: Weight) -> str:
        """The name of a weight in the PyTorch state dict."""
        return ".".join(filter(None, (self.path, weight.name)))

    @property
    def layer(self) -> str:
        """The name of the layer in Keras."""
        return self.path.replace(".", "_")

    @property
    def names(self) -> dict[str, Weight]:
        """The weights by their names in the state dict."""
        return {self.named(weight): weight for weight in self.weights}


class Table:
    """The layers of a net that have weights, each once, in the order of the state dict."""

    def __init__(self, net: str, slots: tuple[Slot, ...]) -> None:
        self.net = net
        self.slots = slots
        self.weights = {name: weight for slot in slots for name, weight in slot.names.items()}

    def sizes(self, name: str) -> tuple[int, ...]:
        """The sizes of a weight in the state dict."""
        return tuple(map(int, self.weights[name].sizes))

    def slot(self, name: str) -> Slot:
        """The layer that has a weight."""
        return next(slot for slot in self.slots if name in slot.names)

    @property
    def sides(self) -> bool:
        """Whether some layers are there for training only."""
        return any(slot.side for slot in self.slots)


def table(instance: Instance) -> Table:
    """The weights of a net that was checked."""
    return Table(instance.name, tuple(_slots(instance)))


def _slots(instance: Instance) -> Iterator[Slot]:
    orders, seen = Orders(), set[str]()
    for layer in Flat().net(instance):
        step = layer.step
        order = orders.through(step)
        if step.weights and not layer.reused and layer.path not in seen:
            seen.add(layer.path)
            yield Slot(layer.path, step.op, step.tensors, step.weights, order, layer.side)


Arrays = Mapping[str, Any]
