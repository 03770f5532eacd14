"""Layers that only arrange: the same values under other axes, or a part of them."""

from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.fit import check_axis, check_rank, place
from netwright.sym import Dim
from netwright.tensor import (
    FEATURES,
    IMAGE_AXES,
    LENGTH,
    OPEN,
    Dynamic,
    Size,
    Tensor,
    form,
    number,
    product,
    show_sizes,
)


@op("flatten", Role.SHAPE)
class Flatten(Op):
    """The axes from one on become one: ``(C, H, W) -> (C * H * W)``, in their order.

    ``flatten(from=1)`` keeps the channels: ``(C, H, W) -> (C, H * W)``.
    """

    from_: Any = param("The first axis to go in.", Kind.AXIS, default=0, least=0)

    def check(self, *inputs: Tensor) -> None:
        check_rank(self.name, inputs[0], 1)
        check_axis(self.name, self.from_, inputs[0], "from")

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        start = place(self.from_, x.rank)
        if start and start == x.rank - 1:
            return x
        name = FEATURES if LENGTH in x.axes[:start] or start == 0 else LENGTH
        sizes = (*x.sizes[:start], product(x.sizes[start:]))
        return Tensor(sizes, (*x.axes[:start], name), x.integers)


@op("reshape", Role.SHAPE)
class Reshape(Op):
    """The same values in their order under other sizes: ``reshape(8, 10, 10)``."""

    sizes: Any = param("The new sizes.", Kind.SIZES, least=1)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        wanted, found = product(tuple(self.sizes)), product(x.sizes)
        if number(wanted) != number(found):
            raise Misfit(
                "reshape-count",
                f"reshape to {show_sizes(self.sizes)} needs {wanted} values, found {found}: {x}",
                argument="sizes",
            )
        if isinstance(found, Dynamic) and form(wanted) != form(found):
            raise Misfit(
                "dynamic-size",
                f"reshape to {show_sizes(self.sizes)} fixes what is dynamic in {x}",
                argument="sizes",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        rank = len(self.sizes)
        axes = IMAGE_AXES.get(rank, (OPEN,) * rank)
        return Tensor(tuple(self.sizes), axes, inputs[0].integers)


@op("permute", Role.SHAPE)
class Permute(Op):
    """The axes in another order, their names with them: ``permute(1, 2, 0)``."""

    axes: Any = param("Which axis comes first, second, and so on.", Kind.SIZES, least=0)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        if sorted(self.axes) != list(range(x.rank)):
            each = "0" if x.rank == 1 else f"each of 0 to {x.rank - 1}"
            raise Misfit(
                "axis-mismatch",
                f"`permute({', '.join(map(str, self.axes))})` of {x} needs {each} once",
                argument="axes",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        names = tuple(x.axes[axis] for axis in self.axes)
        return Tensor(tuple(x.sizes[axis] for axis in self.axes), names, x.integers)


@op("slice", Role.SHAPE)
class Slice(Op):
    """The part of an axis from one place up to, not including, another."""

    from_: Dim = param("The first place, counted from 0.", least=0)
    to: Dim = param("The place behind the last.", least=1)
    axis: Any = param("The axis to cut.", Kind.AXIS, default=0, least=0)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_axis(self.name, self.axis, x)
        size = x.sizes[place(self.axis, x.rank)]
        if number(self.to) > number(size):
            raise Misfit(
                "slice-bounds",
                f"`slice` up to {self.to} goes beyond the {size} of axis {self.axis} of {x}",
                argument="to",
            )
        if number(self.from_) >= number(self.to):
            raise Misfit(
                "slice-bounds",
                f"`slice` from {self.from_} to {self.to} is empty",
                argument="from",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        axis = place(self.axis, x.rank)
        sizes = (*x.sizes[:axis], self.to - self.from_, *x.sizes[axis + 1 :])
        return Tensor(sizes, x.axes, x.integers)


@op("select", Role.SHAPE)
class Select(Op):
    """One place of an axis, which is gone: ``select(0)`` of ``(T, F)`` is ``(F)``."""

    index: Dim = param("The place, counted from 0; -1 is the last.")
    axis: Any = param("The axis that goes.", Kind.AXIS, default=0, least=0)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_rank(self.name, x, 2)
        check_axis(self.name, self.axis, x)
        size = x.sizes[place(self.axis, x.rank)]
        if not -number(size) <= number(self.index) < number(size):
            raise Misfit(
                "slice-bounds",
                f"`select({self.index})` is not among the {size} places of axis {self.axis} "
                f"of {x}, 0 to {number(size) - 1}",
                argument="index",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        return without(inputs[0], place(self.axis, inputs[0].rank))


def without(x: Tensor, axis: int) -> Tensor:
    """A tensor less one axis."""
    sizes = (*x.sizes[:axis], *x.sizes[axis + 1 :])
    return Tensor(sizes, (*x.axes[:axis], *x.axes[axis + 1 :]), x.integers)


def along(x: Tensor, axis: int, size: Size) -> Tensor:
    """A tensor of which one axis has another size."""
    return Tensor((*x.sizes[:axis], size, *x.sizes[axis + 1 :]), x.axes, x.integers)
