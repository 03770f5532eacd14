"""What is put around a tensor or cut off it."""

from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.fit import check_axis, check_numbers, check_rank, place
from netwright.ops.window import Pair, check_image, check_ranks, pairs
from netwright.tensor import Tensor, number
from netwright.values import Ref


@op("pad", Role.SHAPE)
class Pad(Op):
    """Cells around the axes behind the channels, or at the ends of one axis.

    ``pad([[1, 1], [0, 2]])`` is one pair an axis, ``pad([[8, 8]], axis=0)`` adds channels,
    ``pad(same, kernel=3, stride=2)`` is what a convolution with ``pad=same`` would add.
    """

    pad: Any = param("Cells before and after each axis.", Kind.PAD, least=0)
    value: float = param("What is put there.", Kind.NUMBER, default=0.0)
    axis: Any = param("The one axis that grows.", Kind.AXIS, default=None, least=0)
    kernel: Any = param("Kernel that `same` is for.", Kind.KERNEL, default=None, least=1)
    stride: Any = param("Stride that `same` is for.", Kind.KERNEL, default=1, least=1)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        self._check_same()
        if self.axis is None:
            check_image(self.name, x, self.kernel, "kernel")
            check_ranks(x, pad=self.pad, stride=self.stride)
            return
        check_numbers(self.name, x)
        check_rank(self.name, x, 1)
        check_axis(self.name, self.axis, x)
        if isinstance(self.pad, tuple) and len(self.pad) != 1:
            raise Misfit(
                "kernel-rank",
                f"`pad` has {len(self.pad)} axes, but `axis={self.axis}` is one",
                argument="pad",
            )

    def _check_same(self) -> None:
        if self.pad == "same" and self.kernel is None:
            raise Misfit(
                "argument-conflict",
                "`pad(same)` needs the kernel that it is for",
                help="`pad(same, kernel=3x3, stride=2)`",
                argument="pad",
            )
        if self.pad == "same" and self.axis is not None:
            raise Misfit(
                "argument-conflict",
                f"`pad(same)` is for all axes behind the channels, not for `axis={self.axis}`",
                argument="axis",
            )
        if self.pad != "same" and (self.kernel is not None or self.stride != 1):
            name = "stride" if self.kernel is None else "kernel"
            raise Misfit("argument-conflict", f"`{name}` is for `pad(same)` alone", argument=name)

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        sides = zip(x.sizes, self.ends(x), strict=True)
        return Tensor(tuple(size + before + after for size, (before, after) in sides), x.axes)

    def ends(self, x: Tensor) -> tuple[Pair, ...]:
        """Cells before and after every axis, the channels' too."""
        if self.axis is None:
            return ((0, 0), *pairs(x, self.pad, self.kernel, self.stride))
        axis = place(self.axis, x.rank)
        (pair,) = self.pad if isinstance(self.pad, tuple) else ((self.pad, self.pad),)
        cells: Pair = pair if isinstance(pair, tuple) else (pair, pair)
        return tuple(cells if other == axis else (0, 0) for other in range(x.rank))


@op("crop", Role.SHAPE)
class Crop(Op):
    """Cells cut off the axes behind the channels, or the centre of another tensor's size.

    The odd cell of ``crop(like=x)`` is cut at the end.
    """

    edges: Any = param("Cells off before and after each axis.", Kind.PAIRS, default=None, least=0)
    like: Any = param("A tensor whose height and width are kept.", Kind.TENSOR, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_image(self.name, x)
        if (self.edges is None) == (self.like is None):
            raise Misfit(
                "argument-conflict",
                "`crop` takes either one pair an axis or `like`",
                help="`crop([[1, 1], [1, 1]])` or `crop(like=x)`",
                argument="" if self.like is None else "like",
            )
        if self.like is not None:
            self._check_like(x, second(self.like))
            return
        check_ranks(x, edges=self.edges)
        for size in self.shape(x).sizes[1:]:
            if number(size) < 1:
                raise Misfit(
                    "crop-bounds",
                    f"nothing is left of {x} without {show_edges(self.edges)} of its cells",
                    argument="edges",
                )

    def _check_like(self, x: Tensor, like: Tensor) -> None:
        if like.rank != x.rank:
            raise Misfit(
                "rank-mismatch",
                f"`crop(like=…)` needs as many axes, found {x} and {like}",
                argument="like",
            )
        for size, wanted in zip(x.sizes[1:], like.sizes[1:], strict=True):
            if number(size) < number(wanted):
                raise Misfit(
                    "crop-bounds",
                    f"`crop` cannot grow {size} cells to {wanted}: found {x}, like {like}",
                    help="`upsample(like=…)` grows; crop the larger tensor like the smaller",
                    argument="like",
                )

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        if self.like is not None:
            return Tensor((x.sizes[0], *second(self.like).sizes[1:]), x.axes)
        sides = zip(x.sizes[1:], pairs(x, self.edges, 1, 1), strict=True)
        sizes = (size + -before + -after for size, (before, after) in sides)
        return Tensor((x.sizes[0], *sizes), x.axes)


def second(like: object) -> Tensor:
    """The tensor that an argument names."""
    assert isinstance(like, Ref)
    return like.tensor


def show_edges(edges: tuple[tuple[object, ...], ...]) -> str:
    """``[[1, 1], [0, 2]]``."""
    return f"[{', '.join(map(str, map(list, edges)))}]"
