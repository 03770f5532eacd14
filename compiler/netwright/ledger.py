"""The ledger of a net: a row for each layer at work, or for each block, with shapes and counts."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil

from netwright.count import Field, Fields
from netwright.flat import Flat, Layer
from netwright.instance import Instance, LayerStep, scalars
from netwright.memory import Keeping, Memory, size
from netwright.record import field, record, replace
from netwright.source import Span
from netwright.tensor import Tensor


@record
class Row:
    """A layer under its path, or the sum of ``times`` layers that are shown as one.

    ``activation_bytes`` are what it adds to those that training keeps, for one example in single
    precision; ``receptive_field`` and ``output_stride`` are cells of the input along its height.
    """

    path: str
    kind: str
    inputs: tuple[Tensor, ...]
    output: tuple[Tensor, ...]
    params: int
    total_params: int
    macs: int
    activation_bytes: int
    receptive_field: int
    output_stride: int
    span: Span = field(compare=False)
    times: int = field(default=1)
    side: bool = field(default=False)


class Meter:
    """What follows from the layers before: how far each value sees, and what training keeps."""

    def __init__(self) -> None:
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
    meter = Meter()
    return (_row(layer, meter) for layer in Flat().net(instance))


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
        meter.kept(step).bytes(),
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
    meter = Meter()
    groups: dict[tuple[int, ...], tuple[Layer, list[Row]]] = {}
    for layer in Flat().net(instance):
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
        activation_bytes=sum(row.activation_bytes for row in group),
        times=sum(row.times for row in group),
        side=all(row.side for row in group),
        span=first.span,
    )
