"""Convolutions that do not sum over all channels, or share no weights: the parts of others."""

from typing import Any

from netwright.ops.base import Axes, Kind, Op, Role, Weight, op, optional, param
from netwright.ops.conv import along_height, with_bias
from netwright.ops.fit import check_fixed
from netwright.ops.window import check_window, each, slide, spatial
from netwright.sym import Dim
from netwright.tensor import Size, Tensor, form, product


@op(
    "depthwise_conv",
    Role.CONVOLUTION,
    paper="Sifre, Rigid-Motion Scattering for Image Classification, 2014",
)
class DepthwiseConv(Op):
    """A kernel for each channel: ``(C, …) -> (C * multiplier, …)``, cells as in `conv`."""

    k: Any = param("Kernel; a number takes the rank of the input.", Kind.KERNEL, least=1)
    stride: Any = param("Cells from one window to the next.", Kind.KERNEL, default=1, least=1)
    pad: Any = param("Cells of zeros around the input.", Kind.PAD, default=0, least=0)
    dilation: Any = param(
        "Cells from one tap of the kernel to the next.", Kind.KERNEL, default=1, least=1
    )
    multiplier: Dim = param("Output channels for each input channel.", default=1, least=1)
    bias: bool = param("Whether a bias is added.", Kind.FLAG, default=True)
    init: Any = param("How the kernel starts.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the bias starts.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_window(self.name, x, self.k, self.stride, self.pad, self.dilation)
        check_fixed(self.name, x.sizes[0], "channels")

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        width = form(x.sizes[0]) * self.multiplier
        return slide(x, width, self.k, self.stride, self.pad, self.dilation)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        (x,) = inputs
        width = form(x.sizes[0]) * self.multiplier
        kernel = Weight("weight", (width, 1, *each(self.k, spatial(x))), Axes.DEPTHWISE)
        return with_bias(self.bias, width, kernel)

    def macs(self, *inputs: Tensor) -> Size:
        (x,) = inputs
        return product((*each(self.k, spatial(x)), *self.shape(x).sizes))

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return along_height(inputs[0], self.k, self.stride, self.dilation)


@op(
    "separable_conv",
    Role.CONVOLUTION,
    paper="Chollet, Xception: Deep Learning with Depthwise Separable Convolutions, 2017",
)
class SeparableConv(Op):
    """A depthwise convolution without bias, then a 1x1 one: ``(C, …) -> (width, …)``."""

    width: Dim = param("Number of output channels.", least=1)
    k: Any = param("Kernel; a number takes the rank of the input.", Kind.KERNEL, least=1)
    stride: Any = param("Cells from one window to the next.", Kind.KERNEL, default=1, least=1)
    pad: Any = param("Cells of zeros around the input.", Kind.PAD, default=0, least=0)
    dilation: Any = param(
        "Cells from one tap of the kernel to the next.", Kind.KERNEL, default=1, least=1
    )
    multiplier: Dim = param(
        "Channels between the parts for each input channel.", default=1, least=1
    )
    bias: bool = param("Whether a bias is added at the end.", Kind.FLAG, default=True)
    init: Any = param("How both kernels start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the bias starts.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_window(self.name, x, self.k, self.stride, self.pad, self.dilation)
        check_fixed(self.name, x.sizes[0], "channels")

    def shape(self, *inputs: Tensor) -> Tensor:
        return slide(inputs[0], self.width, self.k, self.stride, self.pad, self.dilation)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        (x,) = inputs
        middle, rank = form(x.sizes[0]) * self.multiplier, spatial(x)
        depthwise = (middle, 1, *each(self.k, rank))
        pointwise = (self.width, middle, *each(1, rank))
        return (
            Weight("depthwise.weight", depthwise, Axes.DEPTHWISE),
            Weight("pointwise.weight", pointwise, Axes.CONVOLUTION),
            *optional("pointwise.bias", self.bias, self.width),
        )

    def macs(self, *inputs: Tensor) -> Size:
        (x,) = inputs
        middle = form(x.sizes[0]) * self.multiplier
        taps = middle * (form(product(each(self.k, spatial(x)))) + self.width)
        return product((taps, *self.shape(x).sizes[1:]))

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return along_height(inputs[0], self.k, self.stride, self.dilation)


@op(
    "local_conv",
    Role.CONVOLUTION,
    paper="Taigman et al., DeepFace: Closing the Gap to Human-Level Performance, 2014",
)
class LocalConv(Op):
    """Convolution with weights and a bias of its own at every place: ``(C, …) -> (width, …)``."""

    width: Dim = param("Number of output channels.", least=1)
    k: Any = param("Kernel; a number takes the rank of the input.", Kind.KERNEL, least=1)
    stride: Any = param("Cells from one window to the next.", Kind.KERNEL, default=1, least=1)
    pad: Any = param("Cells of zeros around the input.", Kind.PAD, default=0, least=0)
    bias: bool = param("Whether a bias is added.", Kind.FLAG, default=True)
    init: Any = param("How the kernels start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the bias starts.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_window(self.name, x, self.k, self.stride, self.pad)
        check_fixed(self.name, x.sizes[0], "channels")
        for size in x.sizes[1:]:
            check_fixed(self.name, size, "cells, each with its own weights")

    def shape(self, *inputs: Tensor) -> Tensor:
        return slide(inputs[0], self.width, self.k, self.stride, self.pad)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        (x,) = inputs
        places = tuple(form(size) for size in self.shape(x).sizes[1:])
        kernels = (self.width, form(x.sizes[0]), *places, *each(self.k, spatial(x)))
        weight = Weight("weight", kernels, Axes.LOCAL)
        return (weight, *optional("bias", self.bias, self.width, *places))

    def macs(self, *inputs: Tensor) -> Size:
        (x,) = inputs
        return product((form(x.sizes[0]), *each(self.k, spatial(x)), *self.shape(x).sizes))

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return along_height(inputs[0], self.k, self.stride)
