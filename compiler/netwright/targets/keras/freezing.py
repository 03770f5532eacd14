"""Frozen layers in Keras: a function through which every model of the file goes."""

from collections.abc import Iterator
from typing import Any

from netwright.freeze import FreezeError, Frozen
from netwright.instance import CallStep, FoldStep, Instance, Step
from netwright.targets.code import Block
from netwright.targets.frozen import Names, condition
from netwright.weights.models import names_of
from netwright.weights.table import Slot


def freezing(frozen: Frozen, name: str, *, nested: bool) -> list[Any]:
    """``def frozen(model: keras.Model) -> keras.Model``; ``nested`` says that models of shared
    blocks are in it."""
    doc = '"""The model, with the layers frozen whose weights stay as they are."""'
    return [
        Block(
            f"def {name}(model: keras.Model) -> keras.Model:",
            [doc, *_body(frozen, name, nested=nested), "return model"],
        )
    ]


def _body(frozen: Frozen, name: str, *, nested: bool) -> list[Any]:
    parts, but = _names(frozen, frozen.parts), _names(frozen, frozen.but)
    test = condition(parts, but, "layer.name")
    if not test:
        return ["model.trainable = False"]
    inner: list[Any] = [Block(f"if {test}:", ["layer.trainable = False"])]
    if nested:
        inner = [
            Block("if isinstance(layer, keras.Model):", [f"{name}(layer)"]),
            Block(f"elif {test}:", ["layer.trainable = False"]),
        ]
    return [Block("for layer in model.layers:", inner)]


def _names(frozen: Frozen, paths: tuple[str, ...]) -> Names:
    """The names of layers in some parts: whole, or as they begin where no other begins so."""
    there = [slot for slot in frozen.slots if not slot.idle]
    whole: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    for path in paths:
        inside = [slot for slot in there if _is_in(slot, path)]
        named = dict.fromkeys(name for slot in inside for name in _named(slot))
        others = [name for slot in there if slot not in inside for name in names_of(slot)]
        start = _beginning(path, list(named), others)
        if len(named) > 1 and start:
            beginnings[start] = None
        else:
            whole |= named
    return Names(tuple(whole), tuple(beginnings))


def _is_in(slot: Slot, path: str) -> bool:
    return slot.path == path or slot.path.startswith(f"{path}.")


def _named(slot: Slot) -> list[str]:
    """What Keras calls a layer; `FreezeError` where it chooses the name itself."""
    if not slot.named:
        raise FreezeError(
            f"Keras chooses the name of `{slot.path}` itself",
            "freeze all but layers with labels of their own, or build with `--target torch`",
        )
    return names_of(slot)


def _beginning(path: str, names: list[str], others: list[str]) -> str:
    """How all names of a part begin, as its path does, if no other begins so."""
    start = f"{path.replace('.', '_')}_"
    fits = all(name.startswith(start) for name in names)
    return start if fits and not any(name.startswith(start) for name in others) else ""


def any_shared(net: Instance) -> bool:
    """Whether a block is used again anywhere in a net or its losses: then it is a model."""
    calls = [step for step in _every(net.steps) if isinstance(step, CallStep)]
    return any(call.reused or (net.trained and call.declared is not None) for call in calls)


def _every(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, CallStep):
            yield from _every(step.instance.steps)
        elif isinstance(step, FoldStep):
            yield from _every(step.steps)
