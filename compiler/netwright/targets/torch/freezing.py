"""Frozen weights in PyTorch, and batch norms that keep their statistics."""

from collections.abc import Callable, Iterable
from typing import Any

from netwright.freeze import Frozen
from netwright.layout import docstring
from netwright.targets.code import Block
from netwright.targets.frozen import Names, condition
from netwright.weights.table import Slot

MOST = 3  # axes that `nn.BatchNorm3d` has behind the channels
DOC = "Set the mode; frozen batch norms stay in evaluation, and so do their statistics."


def freezing(frozen: Frozen | None, free: Callable[[str], str]) -> list[Any]:
    """The end of the constructor of a net."""
    if frozen is None:
        return []
    name, parameter = free("name"), free("parameter")
    test = condition(_weights(frozen, frozen.parts), _weights(frozen, frozen.but), name)
    lines: list[Any] = ["self.requires_grad_(False)"]
    if test:
        inner = Block(f"if {test}:", [f"{parameter}.requires_grad = False"])
        lines = [Block(f"for {name}, {parameter} in self.named_parameters():", [inner])]
    return [*lines, *(["self.train()"] if frozen.stills else [])]


def train(frozen: Frozen | None) -> list[Any]:
    """``def train`` of a net in which batch norms are frozen."""
    if frozen is None or not frozen.stills:
        return []
    norms = [slot for slot in frozen.slots if slot.op.name == "batch_norm"]
    kinds = " | ".join(sorted({_class(slot) for slot in norms if not frozen.leaves(slot.path)}))
    header, test = "for module in self.modules():", " and not module.weight.requires_grad"
    if not all(getattr(slot.op, "scale", True) is True for slot in norms):  # no weight to ask
        header = "for name, module in self.named_modules():"
        paths = (Names((), _dotted(frozen.parts)), Names((), _dotted(frozen.but)))
        found = condition(*paths, 'f"{name}."')
        test = f" and {found}" if found else ""
    inner = Block(f"if isinstance(module, {kinds}){test}:", ["module.eval()"])
    doc = "\x00" + "\n".join(docstring(DOC, 2))
    body: list[Any] = [doc, "super().train(mode)", Block(header, [inner]), "return self"]
    return ["", Block("def train(self, mode: bool = True) -> Self:", body)]


def _weights(frozen: Frozen, paths: tuple[str, ...]) -> Names:
    """The names of the weights of some parts; one that is a weight itself is whole."""
    names = {name for known in frozen.tables for name in known.weights}
    return Names(
        tuple(path for path in paths if path in names),
        _dotted(path for path in paths if path not in names),
    )


def _dotted(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{path}." for path in paths)


def _class(slot: Slot) -> str:
    """The class of a batch norm, which our own derive from."""
    return f"nn.BatchNorm{min(max(slot.tensors[0].rank - 1, 1), MOST)}d"
