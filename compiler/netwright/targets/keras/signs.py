"""Whether a tensor is never negative: then zeros around it win no max-pool."""

from collections.abc import Sequence
from typing import Any

from netwright.lower import model
from netwright.targets.variables import every

POSITIVE = {
    "relu",
    "relu6",
    "sigmoid",
    "hard_sigmoid",
    "softplus",
    "softmax",
    "l1_distance",
    "l2_distance",
}
KEEPING = {
    "max_pool",
    "avg_pool",
    "adaptive_avg_pool",
    "adaptive_max_pool",
    "global_avg_pool",
    "global_max_pool",
    "dropout",
    "spatial_dropout",
    "stochastic_depth",
    "identity",
    "flatten",
    "reshape",
    "permute",
    "slice",
    "select",
    "crop",
    "channel_shuffle",
    "pixel_shuffle",
    "space_to_depth",
    "depth_to_space",
    "reorg",
    "concat",
    "stack",
    "add",
    "mul",
    "max",
    "min",
    "mean",
    "sum",
}


def never_negative(statements: Sequence[Any], value: int) -> bool:
    """Whether a tensor of a body comes from what gives no negative numbers."""
    return _Signs(statements).positive(value)


class _Signs:
    """What makes each tensor of a body."""

    def __init__(self, statements: Sequence[Any]) -> None:
        self.sources: dict[int, tuple[int, ...]] = {}
        self.layers: dict[int, model.Layer] = {}
        self.calls: dict[int, model.Call] = {}
        self.asked: set[int] = set()
        stored: dict[str, list[int]] = {}
        for statement in every(statements):
            self.read(statement, stored)

    def read(self, statement: Any, stored: dict[str, list[int]]) -> None:
        """Note what a statement makes, and of which tensors."""
        match statement:
            case model.Layer():
                self.layers[statement.output] = statement
            case model.Call():
                self.calls[statement.output] = statement
            case model.Alias():
                pairs = zip(statement.sources, statement.outputs, strict=True)
                self.sources.update({output: (source,) for source, output in pairs})
            case model.Store():
                self.sources[statement.output] = (statement.source,)
                stored.setdefault(statement.name, []).append(statement.source)
            case model.Load():
                self.sources[statement.output] = tuple(stored.get(statement.name, ()))
        for phi in getattr(statement, "phis", ()):
            self.sources[phi.after] = (phi.before, phi.end)
            self.sources.setdefault(phi.inside, (phi.before, phi.end))

    def positive(self, value: int) -> bool:
        """Whether a tensor is never negative; what a loop carries is, if its turns keep it so."""
        if value in self.asked:
            return True
        self.asked.add(value)
        if value in self.layers:
            return self.layer(self.layers[value])
        if value in self.calls:
            routine = self.calls[value].routine
            return routine is not None and never_negative(routine.statements, routine.result)
        return bool(self.sources.get(value)) and all(map(self.positive, self.sources[value]))

    def layer(self, layer: model.Layer) -> bool:
        """Whether a layer, with what it was fused with, gives no negative numbers."""
        last = (layer.words or {}).get("activation") or layer.op.name
        if last in POSITIVE:
            return True
        zeros = last == "pad" and getattr(layer.op, "value", 0.0) == 0
        plain = last == "upsample" and getattr(layer.op, "mode", "") != "bicubic"
        return (last in KEEPING or zeros or plain) and all(map(self.positive, layer.inputs))
