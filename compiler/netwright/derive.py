"""How a layer comes to its shape and its counts, in words and in numbers: for people who learn.

Nothing here knows a layer. The rules of a layer are arithmetic, so they run on names as well: the
expression that comes out is the derivation, once with the names and once with the numbers.
"""

from collections.abc import Iterable, Iterator
from math import prod
from typing import Any

from netwright.instance import LayerStep, scalars
from netwright.ops.base import Kind, Op
from netwright.record import record, replace
from netwright.sym import Dim, Sym, keys, multiply, show, variable
from netwright.tensor import Size, Tensor, form, number

PLAIN = (0, 1)
"""Numbers that stay numbers, so that a stride or a dilation of one makes no formula longer."""

NAMED = (Kind.INTEGER, Kind.KERNEL, Kind.PAD)


@record
class Fact:
    """A quantity of a layer: its formula with names, the same with numbers, and what it comes to.

    ``formula`` is empty where there is nothing to compute.
    """

    name: str
    formula: str
    numbers: str
    value: int


class Derivation:
    """One layer at work, on names for its arguments and for the sizes of its inputs."""

    def __init__(self, step: LayerStep) -> None:
        self.step = step
        self.known: dict[str, int] = {}
        self.op = self._op(step.op)
        single = len(step.tensors) == 1
        self.tensors = tuple(
            self._tensor(tensor, "input" if single else f"input{place + 1}")
            for place, tensor in enumerate(step.tensors)
        )

    def _op(self, op: Op) -> Op:
        """The layer with names in place of its numbers."""
        given = {
            name: self._argument(name, spec.kind, op.argument(name))
            for name, spec in op.params.items()
        }
        return type(op)(**given)

    def _argument(self, name: str, kind: Kind, value: Any) -> Any:
        if kind not in NAMED:
            return value
        if isinstance(value, tuple) and value and all(isinstance(side, int) for side in value):
            alike = len(set(value)) == 1
            return type(value)(
                self._named(name if alike else f"{name}[{place}]", side)
                for place, side in enumerate(value)
            )
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return self._named(name, value) if is_number else value

    def _tensor(self, tensor: Tensor, name: str) -> Tensor:
        axes = dict.fromkeys(tensor.axes)
        alone = all(axes) and len(axes) == len(tensor.axes)
        sizes = tuple(
            self._named(f"{name}.{axis}" if alone else f"{name}[{place}]", number(size))
            for place, (axis, size) in enumerate(zip(tensor.axes, tensor.sizes, strict=True))
        )
        return replace(tensor, sizes=sizes)

    def _named(self, name: str, value: int) -> Dim:
        """A number under a name."""
        if value in PLAIN:
            return value
        self.known[name] = value
        return variable(name)

    def fact(self, name: str, size: Size, value: int) -> Fact:
        """A quantity that the rules give; that of boxes is known when the net runs, and no rule."""
        dim = form(size)
        if not isinstance(dim, Sym) or not keys(dim) <= self.known.keys():
            return Fact(name, "", "", value)
        formula = show(dim, str)
        return Fact(name, formula, show(dim, lambda key: str(self.known[key])), value)


def derive(step: LayerStep) -> Iterator[Fact]:
    """The sizes of the output, the weights, and the MACs of a layer."""
    derivation = Derivation(step)
    yield from _sizes(derivation)
    weights = derivation.op.weights(*derivation.tensors)
    for found, weight in zip(weights, step.weights, strict=True):
        if weight.counted:
            yield derivation.fact(weight.name, _product(found.sizes), scalars(weight))
    if step.macs:
        yield _macs(derivation)


def _sizes(derivation: Derivation) -> Iterator[Fact]:
    """The size of each axis of the output."""
    made, shown = derivation.op.shape(*derivation.tensors), derivation.step.result
    rows = zip(_several(made), _several(shown), strict=True)
    for named_sizes, known in rows:
        # the rank of some layers depends on a number, such as whether there are four a box
        tensor = named_sizes if named_sizes.rank == known.rank else known
        for place, (axis, size) in enumerate(zip(known.axes, tensor.sizes, strict=True)):
            named = axis and known.axes.count(axis) == 1
            name = f"output.{axis}" if named else f"output[{place}]"
            yield derivation.fact(name, size, number(known.sizes[place]))


def _several(made: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (made,) if isinstance(made, Tensor) else made


def _macs(derivation: Derivation) -> Fact:
    """The MACs: of a layer that multiplies by its weight at each cell, in these terms."""
    step, made = derivation.step, derivation.step.result
    weight = next((w for w in step.weights if w.name.endswith("weight")), None)
    if weight is not None and isinstance(made, Tensor):
        cells = [(axis, number(n)) for axis, n in zip(made.axes, made.sizes, strict=True)]
        for skip in (0, len(cells) - 1):
            rest = [cell for place, cell in enumerate(cells) if place != skip]
            rest += [("each", number(made.each))] if made.each is not None else []
            if scalars(weight) * prod(n for _, n in rest) == step.macs:
                formula = " * ".join(["weight", *(f"output.{axis}" for axis, _ in rest)])
                numbers = " * ".join(map(str, [scalars(weight), *(n for _, n in rest)]))
                return Fact("MACs", formula, numbers, step.macs)
    each = made.each if isinstance(made, Tensor) else None
    times = derivation._named("output.each", 1 if each is None else number(each))
    rule = multiply(times, form(derivation.op.macs(*derivation.tensors)))
    return derivation.fact("MACs", rule, step.macs)


def _product(sizes: Iterable[Dim]) -> Dim:
    """The product of some sizes, the empty one 1."""
    total: Dim = 1
    for size in sizes:
        total = multiply(total, size)
    return total
