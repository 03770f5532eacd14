"""A net as one graph: every layer at work, and who reads what it gives."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from netwright.count import Field, Fields
from netwright.flat import Flat, Layer
from netwright.instance import Instance, scalars
from netwright.ops.base import Role
from netwright.tensor import HEIGHT, Tensor, number
from netwright.values import Ref, plain

CARRIES = frozenset({"dropout", "spatial_dropout", "stochastic_depth", "identity"})


class Graph:
    """The layers of a net in the order of computation; values are numbered through the net."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        flat, known = Flat(), dict[int, int]()
        self.inputs = [flat.number(place, known) for place in range(len(instance.inputs))]
        self.layers = list(flat.steps(instance.steps, known))
        main = instance.result if type(instance.result) is tuple else (instance.result,)
        self.main = [known[ref.id] for ref in map(plain, main) if isinstance(ref, Ref)]
        self.results = {*self.main, *(known[output.id] for output in instance.outputs)}
        self.results |= {known[value] for value in instance.trained if value in known}
        self.maker = {layer.step.output: layer for layer in self.layers}

    @cached_property
    def readers(self) -> dict[int, list[Layer]]:
        """The layers that read a value."""
        found: dict[int, list[Layer]] = {}
        for layer in self.layers:
            for value in dict.fromkeys(layer.step.inputs):
                found.setdefault(value, []).append(layer)
        return found

    @cached_property
    def fields(self) -> dict[int, Field]:
        """How far each value sees."""
        along, found = Fields(), dict[int, Field]()
        for layer in self.layers:
            states = [found.get(value, along.start) for value in layer.step.inputs]
            found[layer.step.output] = along.layer(layer.step, states)
        return found

    def behind(self, layer: Layer) -> list[Layer]:
        """The layers that read what a layer gives."""
        return self.readers.get(layer.step.output, [])

    def only(self, layer: Layer, through: Iterable[str] = CARRIES) -> Layer | None:
        """The one layer that reads what a layer gives, some kinds passed over."""
        found, kinds = self.behind(layer), frozenset(through)
        while len(found) == 1 and found[0].step.op.name in kinds:
            found = self.behind(found[0])
        return found[0] if len(found) == 1 else None

    def leaves(self, value: int) -> bool:
        """Whether a value is an output, perhaps through what has no weights."""
        if value in self.results:
            return True
        behind = self.readers.get(value, [])
        return bool(behind) and all(
            not one.step.weights and self.leaves(one.step.output) for one in behind
        )

    def of(self, *roles: Role) -> Iterator[Layer]:
        """The layers of some roles, those that only training uses left out."""
        return (one for one in self.layers if one.step.op.role in roles and not one.side)


def given(layer: Layer) -> Tensor:
    """What a layer reads first."""
    return layer.step.tensors[0]


def made(layer: Layer) -> Tensor:
    """What a layer gives; of several tensors the first."""
    result = layer.step.result
    return result if isinstance(result, Tensor) else result[0]


def channels(tensor: Tensor) -> int:
    """The channels of a map, the features of a row."""
    return number(tensor.sizes[0 if tensor.rank > 2 else -1])


def cells(tensor: Tensor) -> int:
    """Number of scalars of a tensor, for one example."""
    total = 1
    for size in tensor.sizes:
        total *= number(size)
    return total


def height(tensor: Tensor) -> int | None:
    """The height of a map; none of what is no map."""
    place = tensor.axes.index(HEIGHT) if HEIGHT in tensor.axes else None
    return number(tensor.sizes[place]) if place is not None else None


def params(layer: Layer) -> int:
    """Number of scalars that train in a layer; none where it is used again."""
    if layer.reused:
        return 0
    return sum(scalars(weight) for weight in layer.step.weights if weight.trains)
