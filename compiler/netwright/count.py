"""What papers say of a net beside its counts: depth, receptive field, output stride, anchors."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Generic, TypeVar

from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step, expand
from netwright.memory import activation_memory
from netwright.ops.base import Role
from netwright.record import record
from netwright.tensor import HEIGHT, Tensor, number
from netwright.values import Ref, plain

State = TypeVar("State")
Whole = int | Fraction


class Along(Generic[State]):
    """A quantity that each value of a net takes from the values it is made of."""

    start: State

    def layer(self, step: LayerStep, states: Sequence[State]) -> State:
        """The quantity behind a layer."""
        raise NotImplementedError

    def repeated(self, first: State, second: State, more: int) -> State:
        """The quantity after some more equal turns than two."""
        raise NotImplementedError

    def key(self, states: Sequence[State]) -> tuple[State, Any]:
        """What is left of the states of inputs where only their differences matter."""
        raise NotImplementedError

    def back(self, base: State, state: State) -> State:
        """The state, from one that was told by differences."""
        raise NotImplementedError

    def __init__(self) -> None:
        self.known: dict[Any, tuple[State, ...]] = {}

    def instance(self, instance: Instance, states: Sequence[State]) -> tuple[State, ...]:
        """The quantities of the results and named outputs of a block or net."""
        values = dict(enumerate(states))
        self.run(instance.steps, values)
        result = instance.result if type(instance.result) is tuple else (instance.result,)
        ids = [plain(ref).id for ref in result if isinstance(plain(ref), Ref)]
        ids += [output.id for output in instance.outputs]
        return tuple(values.get(id, self.start) for id in ids)

    def run(self, steps: Sequence[Step], values: dict[int, State]) -> None:
        """The quantities of all values, in the order of the steps."""
        for step in steps:
            if isinstance(step, LayerStep):
                states = [values.get(id, self.start) for id in step.inputs]
                values[step.output] = self.layer(step, states)
            elif isinstance(step, CallStep):
                self.call(step, values)
            else:
                self.fold(step, values)

    def call(self, step: CallStep, values: dict[int, State]) -> None:
        """A block at work; of equal differences between its inputs the work is done once."""
        states = [values.get(id, self.start) for id in step.inputs]
        base, rest = self.key(states)
        key = (id(step.instance), rest)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.instance(step.instance, rest)
        for id_, state in zip(step.outputs, found, strict=False):
            values[id_] = self.back(base, state)

    def fold(self, step: FoldStep, values: dict[int, State]) -> None:
        """Equal turns: from the second on each adds the same."""
        ends: list[State] = []
        for _ in range(min(step.times, 2)):
            if ends:
                values[step.enter] = ends[-1]
            before = values.get(step.enter, self.start)
            self.run(step.steps, values)
            ends.append(values[step.leave])
            if len(ends) == 1:
                first_enter = before
        values[step.enter] = first_enter
        if step.times > 2:
            ends.append(self.repeated(ends[0], ends[1], step.times - 2))
        values[step.leave] = ends[-1]


class Depth(Along[int]):
    """Layers with weights on the longest path to a value."""

    start = 0

    def layer(self, step: LayerStep, states: Sequence[int]) -> int:
        return max(states, default=0) + layers_of(step)

    def repeated(self, first: int, second: int, more: int) -> int:
        return second + more * (second - first)

    def key(self, states: Sequence[int]) -> tuple[int, Any]:
        base = min(states, default=0)
        return base, tuple(state - base for state in states)

    def back(self, base: int, state: int) -> int:
        return base + state


COUNTED = (
    Role.CONVOLUTION,
    Role.LINEAR,
    Role.RECURRENT,
    Role.ATTENTION,
    Role.EMBEDDING,
    Role.SHAPE,
)


def layers_of(step: LayerStep) -> int:
    """How many layers with weights a step is, as papers count: no norm, no lone parameter."""
    op = step.op
    if op.role not in COUNTED or op.inputs[1] == 0:
        return 0
    if not any(weight.trains for weight in step.weights):
        return 0
    layers = getattr(op, "layers", 1)
    return layers if isinstance(layers, int) else 1


@record
class Field:
    """How far a value sees along the height of the input, and cells of it from one to the next.

    Fractions stand only where a net makes more cells of one: whole numbers are much faster.
    """

    extent: Whole
    stride: Whole


class Fields(Along[Field]):
    """The receptive field of each value: one cell sees the union of what its parts see.

    Araujo et al., *Computing Receptive Fields of Convolutional Neural Networks*, 2019.
    """

    start = Field(1, 1)

    def layer(self, step: LayerStep, states: Sequence[Field]) -> Field:
        if not states:
            return self.start
        extent = max(state.extent for state in states)
        stride = max(state.stride for state in states)
        size, by = (number(n) for n in step.op.window(*step.tensors))
        finer = self.finer(step)
        wide = stride * by
        return Field(extent + (size - 1) * stride, wide if finer == 1 else Fraction(wide) / finer)

    @staticmethod
    def finer(step: LayerStep) -> int:
        """How many cells a layer makes of one: of upsampling and its like, else 1."""
        before, after = _height(step.tensors[:1]), _height((step.result,))
        if step.op.name not in FINER or not before or not after or after % before:
            return 1
        return after // before

    def repeated(self, first: Field, second: Field, more: int) -> Field:
        return Field(second.extent + more * (second.extent - first.extent), second.stride)

    def key(self, states: Sequence[Field]) -> tuple[Field, Any]:
        if not states:
            return self.start, ()
        base = states[0]
        return base, tuple(
            Field(
                1 + Fraction(state.extent - base.extent) / base.stride,
                Fraction(state.stride) / base.stride,
            )
            for state in states
        )

    def back(self, base: Field, state: Field) -> Field:
        extent = base.extent + (state.extent - 1) * base.stride
        return Field(extent, state.stride * base.stride)


FINER = frozenset({"upsample", "conv_transpose", "depth_to_space", "pixel_shuffle"})


def _height(tensors: Sequence[Any]) -> int:
    for tensor in tensors:
        if isinstance(tensor, Tensor) and HEIGHT in tensor.axes:
            return number(tensor.sizes[tensor.axes.index(HEIGHT)])
    return 0


def depth(instance: Instance) -> int:
    """Layers with weights on the longest path from an input to the result; no norm counts."""
    return _results(Depth(), instance)[0]


def receptive_field(instance: Instance) -> int:
    """Cells of the input that the last map sees along its height; a whole map's pool is none."""
    return _whole(max(field.extent for field in _results(Fields(), instance)))


def output_stride(instance: Instance) -> int:
    """Cells of the input from one cell of the last map to the next, along its height."""
    return _whole(_results(Fields(), instance)[0].stride)


def _results(along: Along[State], instance: Instance) -> tuple[State, ...]:
    """The quantity at the results of a net, the largest first."""
    count = len(instance.result) if type(instance.result) is tuple else 1
    found = along.instance(instance, ())[:count]
    return tuple(sorted(found, key=_size, reverse=True)) or (along.start,)


def _size(state: Any) -> Any:
    return state.extent if isinstance(state, Field) else state


def _whole(value: Whole) -> int:
    return -(-value.numerator // value.denominator)


def anchors(instance: Instance) -> int:
    """Boxes that the anchor layers of a detector lay over their maps."""
    return sum(
        number(leaf.step.result.sizes[0])
        for leaf in expand(instance.steps)
        if leaf.step.op.name in ("anchors", "prior_boxes") and isinstance(leaf.step.result, Tensor)
    )


__all__ = ["activation_memory", "anchors", "depth", "output_stride", "receptive_field"]
