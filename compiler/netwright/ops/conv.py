"""Convolutions, dense and transposed."""

from typing import Any

from netwright.ops.base import Axes, Kind, Misfit, Op, Role, Weight, op, optional, param
from netwright.ops.fit import check_fixed
from netwright.ops.window import (
    Pair,
    check_image,
    check_ranks,
    check_window,
    each,
    image_axes,
    pairs,
    reach,
    slide,
    spatial,
)
from netwright.sym import Dim
from netwright.tensor import Size, Tensor, form, number, product


@op(
    "conv",
    Role.CONVOLUTION,
    paper="LeCun et al., Backpropagation Applied to Handwritten Zip Code Recognition, 1989",
)
class Conv(Op):
    """Convolution: ``(C, …) -> (width, …)`` over 1 to 3 axes.

    Each axis gives ``(n + 2 * pad - dilation * (k - 1) - 1) // stride + 1`` cells.
    """

    width: Dim = param("Number of output channels.", least=1)
    k: Any = param("Kernel; a number takes the rank of the input.", Kind.KERNEL, least=1)
    stride: Any = param("Cells from one window to the next.", Kind.KERNEL, default=1, least=1)
    pad: Any = param("Cells of zeros around the input.", Kind.PAD, default=0, least=0)
    dilation: Any = param(
        "Cells from one tap of the kernel to the next.", Kind.KERNEL, default=1, least=1
    )
    groups: Dim = param("Parts that the channels are split into.", default=1, least=1)
    bias: bool = param("Whether a bias is added.", Kind.FLAG, default=True)
    init: Any = param("How the kernel starts.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the bias starts.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_window(self.name, x, self.k, self.stride, self.pad, self.dilation)
        check_fixed(self.name, x.sizes[0], "channels")
        check_groups(self.groups, x, self.width)

    def shape(self, *inputs: Tensor) -> Tensor:
        return slide(inputs[0], self.width, self.k, self.stride, self.pad, self.dilation)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        (x,) = inputs
        kernel = (self.width, form(x.sizes[0]) // self.groups, *each(self.k, spatial(x)))
        return with_bias(self.bias, self.width, Weight("weight", kernel, Axes.CONVOLUTION))

    def macs(self, *inputs: Tensor) -> Size:
        (x,) = inputs
        taps = product((form(x.sizes[0]) // self.groups, *each(self.k, spatial(x))))
        return product((taps, *self.shape(x).sizes))

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return along_height(inputs[0], self.k, self.stride, self.dilation)


@op(
    "conv_transpose",
    Role.CONVOLUTION,
    paper="Zeiler et al., Deconvolutional Networks, 2010",
)
class ConvTranspose(Op):
    """Transposed convolution: ``(C, …) -> (width, …)``, the gradient of `conv` as a layer.

    Each axis gives ``(n - 1) * stride - 2 * pad + dilation * (k - 1) + output_pad + 1`` cells;
    ``pad=same`` gives ``n * stride``, the odd cell cut at the end.
    """

    width: Dim = param("Number of output channels.", least=1)
    k: Any = param("Kernel; a number takes the rank of the input.", Kind.KERNEL, least=1)
    stride: Any = param("Cells between neighbours of the input.", Kind.KERNEL, default=1, least=1)
    pad: Any = param("Cells cut off around the output.", Kind.PAD, default=0, least=0)
    output_pad: Any = param("Cells more at the end of the output.", Kind.KERNEL, default=0, least=0)
    dilation: Any = param(
        "Cells from one tap of the kernel to the next.", Kind.KERNEL, default=1, least=1
    )
    groups: Dim = param("Parts that the channels are split into.", default=1, least=1)
    bias: bool = param("Whether a bias is added.", Kind.FLAG, default=True)
    init: Any = param("How the kernel starts.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the bias starts.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_image(self.name, x, self.k)
        rows = {"stride": self.stride, "pad": self.pad, "output_pad": self.output_pad}
        check_ranks(x, **rows, dilation=self.dilation)
        check_fixed(self.name, x.sizes[0], "channels")
        check_groups(self.groups, x, self.width)
        rank = spatial(x)
        spans = zip(each(self.k, rank), each(self.dilation, rank), strict=True)
        sides = zip(
            (reach(k, d) for k, d in spans),
            each(self.stride, rank),
            each(self.dilation, rank),
            each(self.output_pad, rank),
            strict=True,
        )
        for span, stride, dilation, more in sides:
            self._check_ends(span, stride, dilation, more)
        for size in self.shape(x).sizes[1:]:
            if number(size) < 1:
                raise Misfit(
                    "kernel-too-large",
                    f"nothing is left of {x}: `pad` cuts the output to {self.shape(x)}",
                    argument="pad",
                )

    def _check_ends(self, span: Dim, stride: Dim, dilation: Dim, more: Dim) -> None:
        """Refuse more cells at the end than a window could have left out."""
        if self.pad == "same" and more != 0:
            raise Misfit(
                "argument-conflict",
                f"`pad=same` decides the output, `output_pad={more}` cannot change it",
                argument="output_pad",
            )
        if self.pad == "same" and int(span) < int(stride):
            raise Misfit(
                "argument-conflict",
                f"`pad=same` needs a kernel of at least the stride, found {span} and {stride}",
                argument="pad",
            )
        if int(more) >= max(int(stride), int(dilation)):
            raise Misfit(
                "argument-conflict",
                f"`output_pad` must be less than the stride or the dilation, "
                f"found {more}, {stride} and {dilation}",
                argument="output_pad",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        rank = spatial(x)
        if self.pad == "same":
            steps = zip(x.sizes[1:], each(self.stride, rank), strict=True)
            return Tensor((self.width, *(n * s for n, s in steps)), image_axes(x))
        sides = zip(
            x.sizes[1:],
            each(self.k, rank),
            each(self.stride, rank),
            self.cuts(x),
            each(self.output_pad, rank),
            each(self.dilation, rank),
            strict=True,
        )
        sizes = (
            (n - 1) * s + (reach(k, d) + more) + -before + -after
            for n, k, s, (before, after), more, d in sides
        )
        return Tensor((self.width, *sizes), image_axes(x))

    def cuts(self, x: Tensor) -> tuple[Pair, ...]:
        """Cells cut off before and after each axis of the full output."""
        rank = spatial(x)
        if self.pad != "same":
            return pairs(x, self.pad, self.k, self.stride, self.dilation)
        rows = zip(each(self.k, rank), each(self.dilation, rank), strict=True)
        strides = each(self.stride, rank)
        extra = tuple(reach(k, d) - s for (k, d), s in zip(rows, strides, strict=True))
        return tuple((cells // 2, cells - cells // 2) for cells in extra)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        (x,) = inputs
        kernel = (form(x.sizes[0]), self.width // self.groups, *each(self.k, spatial(x)))
        return with_bias(self.bias, self.width, Weight("weight", kernel, Axes.TRANSPOSED))

    def macs(self, *inputs: Tensor) -> Size:
        (x,) = inputs
        taps = product((self.width // self.groups, *each(self.k, spatial(x))))
        return product((taps, *x.sizes))


def along_height(
    x: Tensor, kernel: object, stride: object, dilation: object = 1
) -> tuple[Size, Size]:
    """Extent and stride of a window along the first spatial axis."""
    rank = spatial(x)
    return reach(each(kernel, rank)[0], each(dilation, rank)[0]), each(stride, rank)[0]


def with_bias(bias: object, width: Dim, *weights: Weight) -> tuple[Weight, ...]:
    """The weights, and a bias of ``width`` where there is one; ``bias`` may be a symbol's flag."""
    return (*weights, *optional("bias", bias, width))


def check_groups(groups: Dim, x: Tensor, width: Dim) -> None:
    """Refuse groups that split the channels unevenly, on either side."""
    for channels, side in ((form(x.sizes[0]), "input"), (width, "output")):
        if channels % groups != 0:
            raise Misfit(
                "group-mismatch",
                f"{groups} groups do not divide the {channels} {side} channels",
                argument="groups",
            )
