"""The weights of a net, layer by layer, under the names that PyTorch and Keras give them."""

from collections.abc import Iterator

from netwright import flat
from netwright.bind.paths import Naming, is_named, naming
from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step, advanced, places
from netwright.ops.base import Op, Weight
from netwright.record import field, record, replace
from netwright.tensor import Tensor
from netwright.weights.orders import Known, Order, Orders

Trail = tuple[tuple[Naming, str], ...]


@record
class Slot:
    """A layer with weights: where it stands, what it is, and what it is given.

    ``trail`` holds the paths of the calls that lead to it and its own, each with how names follow
    from it. ``order`` is the order of its features in Keras where it is not PyTorch's; ``side``
    says that only training uses the layer, ``named`` that the spec says its name in Keras, and
    ``idle`` that no output depends on it: then Keras has none.
    """

    trail: Trail
    op: Op
    tensors: tuple[Tensor, ...]
    weights: tuple[Weight, ...]
    order: Order | None
    side: bool
    named: bool
    idle: bool = field(default=False)

    @property
    def path(self) -> str:
        """Where the layer stands in the PyTorch state dict."""
        return ".".join(path for _, path in self.trail if path)

    @property
    def layer(self) -> str:
        """The name of the layer in Keras; where Keras chooses, the path, to know it by."""
        if not self.named:
            return self.path
        name = ""
        for way, path in self.trail:
            name = way.joined(name, way.of(path))
        return name

    @property
    def names(self) -> dict[str, Weight]:
        """The weights by their names in the PyTorch state dict."""
        return {".".join(filter(None, (self.path, w.name))): w for w in self.weights}


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
    def idle(self) -> tuple[Slot, ...]:
        """The layers that no output depends on."""
        return tuple(slot for slot in self.slots if slot.idle)

    @property
    def sides(self) -> bool:
        """Whether some layers are there for training only."""
        return any(slot.side for slot in self.slots)


def table(net: str, instance: Instance) -> Table:
    """The weights of a net that was checked."""
    reached = flat.reached(instance)
    slots = _slots(instance, instance.steps, Orders(), {})
    return Table(net, tuple(replace(slot, idle=slot.path not in reached) for slot in slots))


def _slots(
    instance: Instance, steps: tuple[Step, ...], orders: Orders, known: Known
) -> Iterator[Slot]:
    """The layers of some steps of a body, under their paths in it."""
    found = [[*slots] for slots in _of_steps(instance, steps, orders, known)]
    for place in places(steps):  # in the order of the modules, whatever that of computation is
        yield from found[place]


def _of_steps(
    instance: Instance, steps: tuple[Step, ...], orders: Orders, known: Known
) -> Iterator[list[Slot]]:
    """The layers of each step, in the order of computation."""
    body, way = orders.body(instance), naming(instance.definition)
    for step in steps:
        trail = () if isinstance(step, FoldStep) else ((way, step.path),)
        if isinstance(step, LayerStep):
            yield list(_of_layer(step, trail, known, named=is_named(step, way)))
            known[step.output] = body.made(step, known)
        elif isinstance(step, CallStep):
            inner = () if step.reused else _slots(step.instance, step.instance.steps, orders, {})
            yield [
                replace(slot, trail=trail + slot.trail, side=slot.side or step.side)
                for slot in inner
            ]
        else:
            yield list(_turns(instance, step, orders, known))


def _of_layer(step: LayerStep, trail: Trail, known: Known, *, named: bool) -> Iterator[Slot]:
    """A layer, if it has weights of its own."""
    if step.weights and not step.reused:
        order = known.get(step.inputs[0]) if step.inputs else None
        yield Slot(trail, step.op, step.tensors, step.weights, order, step.side, named)


def _turns(instance: Instance, fold: FoldStep, orders: Orders, known: Known) -> Iterator[Slot]:
    """The layers of all turns of a loop."""
    for turn in range(fold.times):
        for slot in _slots(instance, fold.steps, orders, known):
            (way, path), *inner = slot.trail
            path = advanced(path, fold.prefix, turn * fold.advance)
            yield replace(slot, trail=((way, path), *inner), side=slot.side or fold.side)
        known[fold.enter] = known.get(fold.leave)
