"""The order of axes: channels are first in the language and last in Keras.

A tensor whose first axis is its channels has them last in Keras; every other keeps its order. Two
sizes alone, ``input x[2, 16]``, do not say what they are: what reads them first decides.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from netwright.lower import model
from netwright.lower.model import Routine
from netwright.targets.variables import every
from netwright.tensor import CHANNELS, DEPTH, HEIGHT, LENGTH, OPEN, WIDTH, Tensor

BEHIND_CHANNELS = {2: (LENGTH,), 3: (HEIGHT, WIDTH), 4: (DEPTH, HEIGHT, WIDTH)}
OVER_CHANNELS = {
    "conv",
    "depthwise_conv",
    "separable_conv",
    "local_conv",
    "conv_transpose",
    "max_pool",
    "avg_pool",
    "adaptive_avg_pool",
    "adaptive_max_pool",
    "global_avg_pool",
    "global_max_pool",
    "upsample",
    "channel_shuffle",
    "crop",
    "spatial_dropout",
    "batch_norm",
    "frozen_batch_norm",
    "group_norm",
    "instance_norm",
    "lrn",
    "l2_normalize",
    "prelu",
    "normalize",
    "resize",
    "pad_to",
    "cells",
}
BY_AXIS = {  # these are told the axis of the channels, and take it anywhere
    "spatial_dropout",
    "batch_norm",
    "frozen_batch_norm",
    "group_norm",
    "instance_norm",
    "l2_normalize",
    "prelu",
    "normalize",
}
ARRANGING = {"reshape", "permute", "linear", "attention", "lstm", "gru", "rnn", "stack", "matmul"}
IN_STEPS = {"attention", "lstm", "gru", "rnn"}
OVER_FEATURES = {"linear", "attention", "lstm", "gru", "rnn", "rms_norm", "layer_norm"}

Value = tuple[int, int]  # a routine and one of its tensors


def channels_last(tensor: Tensor) -> bool:
    """Whether the first axis is the channels, which Keras has last."""
    return tensor.rank > 1 and tensor.axes[0] == CHANNELS


def keras_order(tensor: Tensor) -> list[int]:
    """Our axes in the order that they have in Keras."""
    axes = list(range(tensor.rank))
    return [*axes[1:], 0] if channels_last(tensor) else axes


def keras_axis(tensor: Tensor, axis: int) -> int:
    """The place of an axis in a Keras shape, where the batch is first; the last is -1."""
    place = keras_order(tensor).index(axis)
    return -1 if place == tensor.rank - 1 else place + 1


def permutation(found: Sequence[int], wanted: Sequence[int]) -> tuple[int, ...] | None:
    """The argument of `Permute` that turns one order of axes into another; none for the same."""
    if list(found) == list(wanted):
        return None
    return tuple(list(found).index(axis) + 1 for axis in wanted)


def settle(routines: Sequence[Routine]) -> None:
    """Say of every open tensor in some routines whether its first axis is the channels."""
    settling = _Settling(routines)
    for routine in routines:
        for value, tensor in routine.values.items():
            if _open(tensor) and settling.over_channels((id(routine), value)):
                axes = (CHANNELS, *BEHIND_CHANNELS[tensor.rank])
                routine.values[value] = tensor.resized(tensor.sizes, axes)
        routine.inputs = [
            (name, value, routine.values.get(value, tensor))
            for name, value, tensor in routine.inputs
        ]


def _open(tensor: Tensor) -> bool:
    return tensor.rank in BEHIND_CHANNELS and set(tensor.axes) == {OPEN}


def _alike(a: Tensor, b: Tensor) -> bool:
    return a.rank == b.rank and (a.axes == b.axes or _open(a) or _open(b))


class _Settling:
    """Groups of tensors that have one order, and what was first said of each group."""

    def __init__(self, routines: Sequence[Routine]) -> None:
        self.parents: dict[Value, Value] = {}
        self.said: dict[Value, bool] = {}
        self.passed = [routine for routine in routines if routine.passed]
        for routine in routines:
            self.read(routine)

    def over_channels(self, value: Value) -> bool:
        """What was said of the group of a tensor; nothing is taken for no."""
        return self.said.get(self.root(value), False)

    def root(self, value: Value) -> Value:
        """The tensor that stands for a group."""
        while value in self.parents:
            value = self.parents[value]
        return value

    def join(self, a: Value, b: Value) -> None:
        """Let two tensors have one order; what was said first of either holds."""
        first, second = self.root(a), self.root(b)
        if first != second:
            self.parents[second] = first
            if second in self.said:
                self.said.setdefault(first, self.said[second])

    def say(self, value: Value, over_channels: bool) -> None:
        """Note what a layer takes a tensor for, unless another said so before."""
        self.said.setdefault(self.root(value), over_channels)

    def read(self, routine: Routine) -> None:
        """Note what the statements of a routine say of its tensors."""
        loaded: dict[str, list[int]] = {}
        for value, tensor in routine.values.items():
            if not _open(tensor):
                self.say((id(routine), value), channels_last(tensor))
        for statement in every(routine.statements):
            for a, b in equals(statement, loaded):
                self.join((id(routine), a), (id(routine), b))
            if isinstance(statement, model.Layer):
                self.read_layer(id(routine), statement)
            elif isinstance(statement, model.Call):
                inside = [statement.routine] if statement.routine else self.passed
                for callee in inside if statement.parameter_kind == "block" else ():
                    self.read_call(id(routine), statement, callee)

    def read_layer(self, home: int, layer: model.Layer) -> None:
        """Note what a layer takes its inputs for."""
        name = layer.op.name
        if name in OVER_CHANNELS or (name == "pad" and getattr(layer.op, "axis", None) is None):
            for value in (layer.inputs[0], *layer.extra.values()):
                self.say((home, value), True)
        elif name in OVER_FEATURES:
            over = name == "layer_norm" and getattr(layer.op, "axis", None) == 0
            for value in layer.inputs:
                self.say((home, value), over)

    def read_call(self, home: int, call: model.Call, inside: Routine) -> None:
        """Let what a block is given and gives have the order that they have inside."""
        names = {name: value for name, value, _ in inside.inputs}
        pairs = [(value, names[name]) for name, value in call.tensors.items() if name in names]
        if call.inputs and "in" in names:
            pairs.append((call.inputs[0], names["in"]))
        outputs = {side.name: side.value for side in inside.outputs}
        pairs += [(value, outputs[name]) for name, value in call.outputs.items() if name in outputs]
        for outer, inner in (*pairs, (call.output, inside.result)):
            self.join((home, outer), (id(inside), inner))


def equals(statement: Any, loaded: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of tensors of a statement that have one order; ``loaded`` has those under an index."""
    match statement:
        case model.Layer():
            if statement.op.name not in ARRANGING:
                for value, tensor in zip(statement.inputs, statement.tensors, strict=True):
                    if _alike(tensor, statement.result):
                        yield value, statement.output
        case model.Call() if statement.parameter_kind in ("norm", "activation"):
            yield statement.inputs[0], statement.output
        case model.Alias():
            yield from zip(statement.sources, statement.outputs, strict=True)
        case model.Store():
            yield statement.source, statement.output
            loaded.setdefault(statement.name, []).append(statement.source)
        case model.Load():
            for source in loaded.get(statement.name, ()):
                yield source, statement.output
    for phi in getattr(statement, "phis", ()):
        for value in (phi.inside, phi.end, phi.after):
            if value >= 0:
                yield phi.before, value
