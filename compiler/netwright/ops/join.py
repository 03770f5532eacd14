"""Joins: one tensor of several branches. None broadcasts, but for the gate of `mul`."""

from typing import Any, ClassVar

from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.fit import check_axis, check_count, check_numbers, check_rank, place
from netwright.ops.reduce import check_reduction
from netwright.ops.shape import along, without
from netwright.tensor import (
    CHANNELS,
    DEPTH,
    FEATURES,
    LENGTH,
    OPEN,
    Dynamic,
    Size,
    Tensor,
    number,
    product,
)


class Join(Op):
    """Several tensors of one shape, value by value."""

    inputs: ClassVar[tuple[int, int | None]] = (1, None)
    joins = True

    def check(self, *inputs: Tensor) -> None:
        check_count(self, inputs)
        check_equal(self.name, *inputs)

    def shape(self, *inputs: Tensor) -> Tensor:
        return named(*inputs)


def check_equal(name: str, *inputs: Tensor) -> None:
    """Refuse tokens and shapes that differ from the first."""
    first = inputs[0]
    for operand, x in enumerate(inputs):
        check_numbers(name, x, operand)
        if x.rank != first.rank or not all(map(equal, first.sizes, x.sizes)):
            raise Misfit(
                "shape-mismatch",
                f"`{name}` needs equal shapes, found {first} and {x}",
                operand=operand,
            )


def equal(a: Size, b: Size) -> bool:
    """Whether two sizes are equal; a dynamic one never equals a fixed one."""
    return isinstance(a, Dynamic) == isinstance(b, Dynamic) and number(a) == number(b)


def named(*inputs: Tensor) -> Tensor:
    """The first tensor, its axes named as in the first whose names are known."""
    first = inputs[0]
    if OPEN not in first.axes:
        return first
    axes = next((x.axes for x in inputs if OPEN not in x.axes), first.axes)
    return Tensor(first.sizes, axes, first.integers)


@op("add", Role.MERGE, paper="He et al., Deep Residual Learning for Image Recognition, 2016")
class Add(Join):
    """The sum of tensors of one shape, which it keeps."""


@op("sub", Role.MERGE)
class Sub(Join):
    """The first tensor less the second, of one shape, which it keeps."""

    inputs = (2, 2)


@op("mul", Role.MERGE, paper="Hu et al., Squeeze-and-Excitation Networks, 2018")
class Mul(Join):
    """The product of tensors of one shape, which it keeps.

    A gate ``(C)`` or ``(C, 1, 1)`` beside ``(C, H, W)`` is one factor for each channel.
    """

    def check(self, *inputs: Tensor) -> None:
        full = gated(*inputs)
        for operand, x in enumerate(inputs):
            check_numbers(self.name, x, operand)
            if not is_gate(x, full) and not _alike(x, full):
                raise self._misfit(x, full, operand)

    def _misfit(self, x: Tensor, full: Tensor, operand: int) -> Misfit:
        channels = full.sizes[0] if full.sizes else 1
        places = f"[{channels}] or [{', '.join([str(channels)] + ['1'] * (full.rank - 1))}]"
        return Misfit(
            "shape-mismatch",
            f"`mul` needs equal shapes, found {full} and {x}",
            help=f"a gate beside {full} is {places}" if full.rank > 1 else "",
            operand=operand,
        )

    def shape(self, *inputs: Tensor) -> Tensor:
        full = gated(*inputs)
        return named(full, *(x for x in inputs if x.rank == full.rank))


def _alike(x: Tensor, other: Tensor) -> bool:
    return x.rank == other.rank and all(map(equal, x.sizes, other.sizes))


def gated(*inputs: Tensor) -> Tensor:
    """The first tensor that is no gate of another: of most axes, and more than 1 place."""
    rank = max(x.rank for x in inputs)
    widest = [x for x in inputs if x.rank == rank]
    return next((x for x in widest if any(size != 1 for size in x.sizes[1:])), widest[0])


def is_gate(x: Tensor, full: Tensor) -> bool:
    """Whether a tensor is one factor for each channel of another."""
    return gates(x, full) and equal(x.sizes[0], full.sizes[0])


def gates(x: Tensor, full: Tensor) -> bool:
    """Whether a tensor has the form of a gate, be its channels as many as another's or not."""
    ones = x.rank in (1, full.rank) and all(size == 1 for size in x.sizes[1:])
    return ones and x.rank > 0 and full.rank > 1


@op("min", Role.MERGE)
class Min(Join):
    """The smallest value at each place of tensors of one shape, which it keeps."""


class Fold(Join):
    """Of one tensor what is left along an axis, of several value by value."""

    axis: Any

    def check(self, *inputs: Tensor) -> None:
        if len(inputs) == 1:
            check_reduction(self.name, self.axis, inputs[0])
            return
        if self.axis != 0:
            raise Misfit(
                "argument-conflict",
                f"`axis` is for `{self.name}` of one tensor, found {len(inputs)}",
                argument="axis",
            )
        check_equal(self.name, *inputs)

    def shape(self, *inputs: Tensor) -> Tensor:
        if len(inputs) == 1:
            return without(inputs[0], place(self.axis, inputs[0].rank))
        return named(*inputs)


@op("max", Role.MERGE, paper="Goodfellow et al., Maxout Networks, 2013")
class Max(Fold):
    """The largest value along an axis, which is gone: ``(T, F) -> (F)``.

    Of several tensors of one shape the largest at each place.
    """

    axis: Any = param("The axis that goes, of one tensor.", Kind.AXIS, default=0, least=0)


@op("mean", Role.MERGE)
class Mean(Fold):
    """The mean along an axis, which is gone: ``(T, F) -> (F)``.

    Of several tensors of one shape the mean at each place.
    """

    axis: Any = param("The axis that goes, of one tensor.", Kind.AXIS, default=0, least=0)


@op(
    "l1_distance",
    Role.MERGE,
    paper="Koch et al., Siamese Neural Networks for One-Shot Image Recognition, 2015",
)
class L1Distance(Join):
    """``|a - b|`` at each place of two tensors of one shape, which it keeps."""

    inputs = (2, 2)


@op(
    "l2_distance",
    Role.MERGE,
    paper="Chopra et al., Learning a Similarity Metric Discriminatively, 2005",
)
class L2Distance(Join):
    """Euclid's distance of two vectors: ``(F), (F) -> (1)``."""

    inputs = (2, 2)

    def check(self, *inputs: Tensor) -> None:
        check_count(self, inputs)
        check_equal(self.name, *inputs)
        if inputs[0].rank != 1:
            raise Misfit(
                "rank-mismatch",
                f"`l2_distance` is between vectors [F], found {inputs[0]} and {inputs[1]}",
                help="`flatten` makes a vector",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        return Tensor((1,), (FEATURES,))


@op("concat", Role.MERGE, paper="Szegedy et al., Going Deeper with Convolutions, 2015")
class Concat(Join):
    """Tensors behind each other along an axis: ``(A, H, W), (B, H, W) -> (A + B, H, W)``."""

    axis: Any = param("The axis that grows.", Kind.AXIS, default=0, least=0)

    def check(self, *inputs: Tensor) -> None:
        first = inputs[0]
        check_rank(self.name, first, 1)
        check_axis(self.name, self.axis, first)
        axis = place(self.axis, first.rank)
        for operand, x in enumerate(inputs):
            check_kind(self.name, first, x, operand)
            rest = [number for number in range(first.rank) if number != axis]
            if x.rank != first.rank:
                raise Misfit(
                    "shape-mismatch",
                    f"`concat` needs as many axes, found {first} and {x}",
                    operand=operand,
                )
            for other in rest:
                if not equal(first.sizes[other], x.sizes[other]):
                    raise self._misfit(first, x, other, operand)

    def _misfit(self, first: Tensor, x: Tensor, axis: int, operand: int) -> Misfit:
        name = first.axes[axis] or x.axes[axis]
        what = f"{name}" if name else f"sizes of axis {axis}"
        return Misfit(
            "shape-mismatch",
            f"`concat` along axis {self.axis} needs equal {what}s, "
            f"found {first.sizes[axis]} and {x.sizes[axis]}: {first} and {x}",
            operand=operand,
        )

    def shape(self, *inputs: Tensor) -> Tensor:
        axis = place(self.axis, inputs[0].rank)
        total = inputs[0].sizes[axis]
        for x in inputs[1:]:
            total = total + x.sizes[axis]
        return along(named(*inputs), axis, total)


def check_kind(name: str, first: Tensor, x: Tensor, operand: int) -> None:
    """Refuse tokens among numbers, or tokens of two vocabularies."""
    if x.integers != first.integers:
        kinds = ["numbers" if t.integers is None else f"tokens of {t.integers}" for t in (first, x)]
        raise Misfit(
            "integer-input",
            f"`{name}` needs tensors of one kind, found {kinds[0]} and {kinds[1]}: {first} and {x}",
            operand=operand,
        )


@op("stack", Role.MERGE)
class Stack(Join):
    """Tensors of one shape along a new axis: two ``(F)`` make ``(2, F)``."""

    axis: Any = param("Where the new axis stands.", Kind.AXIS, default=0, least=0)

    def check(self, *inputs: Tensor) -> None:
        first = inputs[0]
        for operand, x in enumerate(inputs):
            check_kind(self.name, first, x, operand)
        check_equal(self.name, *(Tensor(x.sizes, x.axes) for x in inputs))
        if isinstance(self.axis, int) and self.axis > first.rank:
            raise Misfit(
                "axis-mismatch",
                f"`stack` has `axis={self.axis}`, but the new axis of {first} is 0 to {first.rank}",
                argument="axis",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        first = named(*inputs)
        axis = place(self.axis, first.rank + 1)
        sizes = (*first.sizes[:axis], len(inputs), *first.sizes[axis:])
        if first.rank == 1 and axis == 0:
            return Tensor(sizes, (LENGTH, FEATURES), first.integers)
        name = DEPTH if axis == 1 and first.rank == 3 and first.axes[0] == CHANNELS else OPEN
        return Tensor(sizes, (*first.axes[:axis], name, *first.axes[axis:]), first.integers)


@op("list", Role.MERGE)
class List(Op):
    """The branches, kept apart: a list of tensors, which has no shape of its own."""

    inputs = (1, None)
    joins = True

    def shape(self, *inputs: Tensor) -> Any:
        return inputs


@op("matmul", Role.MERGE)
class Matmul(Op):
    """Matrix product of two tensors: ``(…, n, k), (…, k, m) -> (…, n, m)``."""

    inputs = (2, 2)
    joins = True

    def check(self, *inputs: Tensor) -> None:
        check_count(self, inputs)
        first, other = inputs
        for operand, x in enumerate(inputs):
            check_numbers(self.name, x, operand)
            check_rank(self.name, x, 2)
        if first.rank != other.rank or not all(map(equal, first.sizes[:-2], other.sizes[:-2])):
            raise Misfit(
                "shape-mismatch",
                f"`matmul` needs matrices in equal numbers, found {first} and {other}",
                operand=1,
            )
        if not equal(first.sizes[-1], other.sizes[-2]):
            raise Misfit(
                "shape-mismatch",
                f"`matmul` needs as many rows in the second as columns in the first, "
                f"found {other.sizes[-2]} and {first.sizes[-1]}: {first} and {other}",
                operand=1,
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        first, other = inputs
        axes = (*first.axes[:-1], other.axes[-1])
        return Tensor((*first.sizes[:-1], other.sizes[-1]), axes)

    def macs(self, *inputs: Tensor) -> Size:
        first, other = inputs
        return product((*first.sizes, other.sizes[-1]))
