"""The ledger of a net: a row for each layer at work, or for each block, with shapes and counts."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil

from netwright.count import Field, Fields
from netwright.flat import Flat, Layer
from netwright.instance import Instance, LayerStep, scalars
from netwright.memory import Alive, Keeping, Memory, ends_of, size
from netwright.record import field, record, replace
from netwright.source import Span
from netwright.tensor import Tensor


@record
class Row:
    """A layer under its path, or the sum of ``times`` layers that are shown as one.

    ``kept`` is what it adds to the activations that training keeps, ``held`` what inference holds
    at once while it works; ``receptive_field`` and ``output_stride`` are cells of the input along
    its height.
    """

    path: str
    kind: str
    inputs: tuple[Tensor, ...]
    output: tuple[Tensor, ...]
    params: int
    total_params: int
    macs: int
    kept: Memory
    held: Memory
    receptive_field: int
    output_stride: int
    span: Span = field(compare=False)
    times: int = field(default=1)
    side: bool = field(default=False)

    @property
    def activation_bytes(self) -> int:
        """Bytes that training keeps for one example, in single precision."""
        return self.kept.bytes()

    @property
    def inference_bytes(self) -> int:
        """Bytes that inference holds at once for one example, in single precision."""
        return self.held.bytes()


class Meter:
    """What follows from the other layers: how far each value sees, what is kept and what is held.

    ``inputs`` and ``ends`` are the values that a net is given and those that it gives.
    """

    def __init__(
        self, layers: Sequence[Layer], inputs: Mapping[int, Tensor], ends: Sequence[int]
    ) -> None:
        self.alive = Alive(layers, inputs, ends)
        self.along = Fields()
        self.fields: dict[int, Field] = {}
        self.tensors: dict[int, Tensor] = {}
        self.keeping = Keeping(self.tensors)

    def field(self, step: LayerStep) -> Field:
        """How far the output of the next layer sees."""
        states = [self.fields.get(value, self.along.start) for value in step.inputs]
        self.fields[step.output] = self.along.layer(step, states)
        return self.fields[step.output]

    def kept(self, step: LayerStep) -> Memory:
        """What training keeps for the next layer that it did not keep before."""
        self.tensors.update(zip(step.inputs, step.tensors, strict=False))
        if isinstance(step.result, Tensor):
            self.tensors[step.output] = step.result
        roots = {self.keeping.root(value) for value in (*step.inputs, step.output)}
        new, before = roots - self.keeping.kept, self.keeping.inner
        self.keeping.layer(step)
        values = sum(size(self.tensors.get(value)) for value in new & self.keeping.kept)
        inner = self.keeping.inner
        return Memory(values + inner.values - before.values, inner.extra - before.extra)


def rows(instance: Instance) -> Iterator[Row]:
    """Every layer in the order of computation, loops turned and blocks opened."""
    layers, meter = metered(instance)
    return (_row(layer, meter) for layer in layers)


def metered(instance: Instance) -> tuple[list[Layer], Meter]:
    """The layers of a net, and what measures them one after another."""
    flat, known = Flat(), dict[int, int]()
    inputs = [flat.number(place, known) for place in range(len(instance.inputs))]
    layers = list(flat.steps(instance.steps, known))
    ends = [known[value] for value in ends_of(instance) if value in known]
    sizes = zip(inputs, (tensor for _, tensor in instance.inputs), strict=True)
    return layers, Meter(layers, dict(sizes), ends)


def _row(layer: Layer, meter: Meter) -> Row:
    """One layer; its weights count where it is first used, its MACs outside side outputs."""
    step = layer.step
    weights = [] if layer.reused else [weight for weight in step.weights if weight.counted]
    reach = meter.field(step)
    return Row(
        layer.path,
        step.op.name,
        step.tensors,
        step.result if isinstance(step.result, tuple) else (step.result,),
        sum(scalars(weight) for weight in weights if weight.trains),
        sum(map(scalars, weights)),
        0 if layer.side else step.macs,
        meter.kept(step),
        meter.alive.next(layer),
        ceil(reach.extent),
        ceil(reach.stride),
        step.span,
        side=layer.side,
    )


def folded(instance: Instance) -> list[Row]:
    """The layers, but what repeats in a row once, with the sum of its counts."""
    return [row for _, row in _folded(instance)]


def _folded(instance: Instance) -> list[tuple[Layer, Row]]:
    """The folded rows, each with its first layer."""
    layers, meter = metered(instance)
    groups: dict[tuple[int, ...], tuple[Layer, list[Row]]] = {}
    for layer in layers:
        groups.setdefault(layer.key, (layer, []))[1].append(_row(layer, meter))
    return [
        (layer, replace(_sum(group), path=layer.shown, kind=group[0].kind))
        for layer, group in groups.values()
    ]


def summed(instance: Instance, depth: int) -> Iterator[Row]:
    """Neighbours with the same first ``depth`` parts of their paths, as one row each."""
    for path, members in groupby(_folded(instance), lambda pair: _cut(pair[1].path, depth)):
        group = list(members)
        layer, first = group[0]
        if len(group) == 1 and first.path == path:
            yield first
            continue
        row = _sum([row for _, row in group])
        name = dict(layer.blocks).get(path.count(".") + 1)
        times = min(row.times for _, row in group) if name else 1
        yield replace(row, path=path, kind=name or f"{row.times:,} layers", times=times)


def _cut(path: str, depth: int) -> str:
    return ".".join(path.split(".")[:depth])


def _sum(group: Sequence[Row]) -> Row:
    """One row for several: their sums, and how far the last one sees."""
    first, last = group[0], group[-1]
    if len(group) == 1:
        return first
    return replace(
        last,
        inputs=first.inputs,
        params=sum(row.params for row in group),
        total_params=sum(row.total_params for row in group),
        macs=sum(row.macs for row in group),
        kept=sum((row.kept for row in group), Memory()),
        held=max((row.held for row in group), key=Memory.bytes),
        times=sum(row.times for row in group),
        side=all(row.side for row in group),
        span=first.span,
    )
