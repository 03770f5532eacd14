"""Layers that Keras named itself, found by the order in which they were made, kind by kind."""

from collections.abc import Iterable, Iterator
from math import prod
from typing import Any

from netwright.weights import layout
from netwright.weights.published import STEMS
from netwright.weights.state import WeightsError
from netwright.weights.table import Slot

Shape = tuple[int, int]  # number of axes and of scalars: a depthwise kernel has its own order


def by_creation(net: str, slots: Iterable[Slot], layers: Iterable[Any]) -> dict[str, Any]:
    """The layers of a model under the names that they would have by their paths.

    A layer of the spec is the next of that class whose weights have its shapes. Side outputs come
    last, as in the emitted code.
    """
    queues = _queues(layers)
    found: dict[str, Any] = {}
    made = [slot for slot in slots if not slot.idle]
    for slot in sorted(made, key=lambda slot: slot.side):
        for name, shapes in _parts(slot):
            fitting = [queue for queue in queues if queue and _shapes(queue[0].weights) == shapes]
            if fitting:
                found[name] = fitting[0].pop(0)
            elif not slot.side:
                raise WeightsError(
                    f"the Keras model has no layer for `{slot.path}`",
                    f"is it the model that is emitted for {net}?",
                )
    return found


def by_number(held: Iterable[str], layers: Iterable[str]) -> dict[str, str]:
    """The layers of a file under those of a model, where Keras chose the names of both.

    It numbers the layers of a class in the order in which they were made, from wherever its count
    stood: ``conv2d_1`` in a file may be ``conv2d_94`` here. Classes of unlike length are left out.
    """
    theirs, ours = _numbered(held), _numbered(layers)
    return {
        name: other
        for stem, names in theirs.items()
        if len(names) == len(ours.get(stem, ()))
        for name, other in zip(names, ours[stem], strict=True)
    }


def _numbered(names: Iterable[str]) -> dict[str, list[str]]:
    """Names by what stands before their number, in the order of the numbers."""
    found: dict[str, list[str]] = {}
    for name in names:
        stem, _, digits = name.rpartition("_")
        stem = stem if digits.isdecimal() else name
        found.setdefault(STEMS.get(stem, stem), []).append(name)
    return {stem: sorted(named, key=number_of) for stem, named in found.items()}


def number_of(name: str) -> int:
    """The number at the end of a name; one without is the first."""
    digits = name.rpartition("_")[2]
    return int(digits) if digits.isdecimal() else -1


def _queues(layers: Iterable[Any]) -> list[list[Any]]:
    """Layers with weights by class, in the order of the numbers in their names."""
    queues: dict[type, list[Any]] = {}
    for layer in layers:
        if layer.weights:
            queues.setdefault(type(layer), []).append(layer)
    return [sorted(queue, key=lambda layer: number_of(layer.name)) for queue in queues.values()]


def _parts(slot: Slot) -> Iterator[tuple[str, list[Shape]]]:
    """The Keras layers that one is: the name by its path, and the shapes of its weights."""
    arrays = iter(zeros_in_keras(slot))
    for suffix, count in layout.parts(slot.op, slot.tensors):
        yield slot.layer + suffix, _shapes([next(arrays) for _ in range(count)])


def _shapes(arrays: Iterable[Any]) -> list[Shape]:
    return [(len(array.shape), prod(array.shape)) for array in arrays]


def zeros_in_keras(slot: Slot) -> list[Any]:
    """Zeros in the shapes that the weights of a layer have in Keras, which take no room."""
    import numpy

    zeros = {
        weight.name: numpy.broadcast_to(numpy.int8(0), tuple(map(int, weight.sizes)))
        for weight in slot.weights
        if weight.counted
    }
    return layout.to_keras(slot.op, zeros, slot.tensors)
