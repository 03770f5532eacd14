"""Pools: one value for each window, each part of a grid, or each channel."""

from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, family, op, param
from netwright.ops.conv import along_height
from netwright.ops.window import (
    check_image,
    check_ranks,
    check_window,
    each,
    image_axes,
    pairs,
    slide,
    spatial,
)
from netwright.tensor import CHANNELS, Size, Tensor, form, number


@op(
    "max_pool",
    Role.POOLING,
    paper="Ranzato et al., Unsupervised Learning of Invariant Feature Hierarchies, 2007",
)
class MaxPool(Op):
    """The largest value of each window: ``(C, …) -> (C, …)``; padding never wins.

    Each axis gives ``(n + 2 * pad - dilation * (k - 1) - 1) / stride + 1`` cells, rounded down,
    or up with ``ceil``, where a last window that starts in the padding is left out.
    """

    k: Any = param("Window; a number takes the rank of the input.", Kind.KERNEL, least=1)
    stride: Any = param(
        "Cells from one window to the next; without it, the window.",
        Kind.KERNEL,
        default=None,
        least=1,
    )
    pad: Any = param("Cells around the input.", Kind.PAD, default=0, least=0)
    dilation: Any = param(
        "Cells from one value of a window to the next.", Kind.KERNEL, default=1, least=1
    )
    ceil: bool = param("Whether a last window may hang over the end.", Kind.FLAG, default=False)

    @property
    def step(self) -> Any:
        """The stride, which is the window where none is given."""
        return self.k if self.stride is None else self.stride

    def check(self, *inputs: Tensor) -> None:
        check_pool(self.name, inputs[0], self.k, self.step, self.pad, self.dilation, self.ceil)

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        channels = form(x.sizes[0])
        return slide(x, channels, self.k, self.step, self.pad, self.dilation, ceil=self.ceil)

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return along_height(inputs[0], self.k, self.step, self.dilation)


@op(
    "avg_pool",
    Role.POOLING,
    paper="LeCun et al., Backpropagation Applied to Handwritten Zip Code Recognition, 1989",
)
class AvgPool(Op):
    """The mean of each window: ``(C, …) -> (C, …)``, cells as in `max_pool`."""

    k: Any = param("Window; a number takes the rank of the input.", Kind.KERNEL, least=1)
    stride: Any = param(
        "Cells from one window to the next; without it, the window.",
        Kind.KERNEL,
        default=None,
        least=1,
    )
    pad: Any = param("Cells of zeros around the input.", Kind.PAD, default=0, least=0)
    ceil: bool = param("Whether a last window may hang over the end.", Kind.FLAG, default=False)
    count_include_pad: bool = param(
        "Whether the mean counts the cells of padding.", Kind.FLAG, default=True
    )

    @property
    def step(self) -> Any:
        """The stride, which is the window where none is given."""
        return self.k if self.stride is None else self.stride

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_pool(self.name, x, self.k, self.step, self.pad, 1, self.ceil)
        if spatial(x) == 3 and self.pad != "same":
            # PyTorch's avg_pool3d wants the window in the input, whatever is around it
            check_window(self.name, x, self.k, self.step, 0)

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return slide(x, form(x.sizes[0]), self.k, self.step, self.pad, ceil=self.ceil)

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return along_height(inputs[0], self.k, self.step)


def check_pool(
    name: str, x: Tensor, kernel: object, stride: object, pad: object, dilation: object, ceil: bool
) -> None:
    """Refuse a window that does not fit, or one that may see padding alone."""
    if ceil:
        check_image(name, x, kernel)
        check_ranks(x, stride=stride, pad=pad, dilation=dilation)
    else:
        check_window(name, x, kernel, stride, pad, dilation)
    if pad == "same":
        return
    sides = zip(each(kernel, spatial(x)), pairs(x, pad, kernel, stride, dilation), strict=True)
    for size, pair in sides:
        most = max(number(side) for side in pair)
        if 2 * most > number(size):
            raise Misfit(
                "pool-pad",
                f"a pad of {most} is more than half of a window of {size}",
                help="a window of padding alone has no value",
                argument="pad",
            )
    cells = slide(x, 1, kernel, stride, pad, dilation, ceil=ceil).sizes
    if any(number(size) < 1 for size in cells):
        check_window(name, x, kernel, stride, pad, dilation)


@family
class AdaptivePool(Op):
    """A grid of a given size, whatever the input: ``(C, …) -> (C, size, …)``."""

    size: Any = param(
        "Cells of the output; a number takes the rank of the input.", Kind.KERNEL, least=1
    )

    def check(self, *inputs: Tensor) -> None:
        check_image(self.name, inputs[0], self.size, "size")

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return Tensor((x.sizes[0], *each(self.size, spatial(x))), image_axes(x))


@op(
    "adaptive_avg_pool",
    Role.POOLING,
    paper="He et al., Spatial Pyramid Pooling in Deep Convolutional Networks, 2014",
)
class AdaptiveAvgPool(AdaptivePool):
    """The mean of each part of a grid: ``(C, …) -> (C, size, …)``.

    Part ``i`` of an axis reaches from ``i * n // size`` to the ceiling of ``(i + 1) * n / size``.
    """


@op(
    "adaptive_max_pool",
    Role.POOLING,
    paper="He et al., Spatial Pyramid Pooling in Deep Convolutional Networks, 2014",
)
class AdaptiveMaxPool(AdaptivePool):
    """The largest value of each part of a grid, as in `adaptive_avg_pool`."""


class GlobalPool(Op):
    """One value for each channel: ``(C, …) -> (C)``; no part of a receptive field."""

    def check(self, *inputs: Tensor) -> None:
        check_image(self.name, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        return Tensor(inputs[0].sizes[:1], (CHANNELS,))


@op("global_avg_pool", Role.POOLING, paper="Lin et al., Network in Network, 2013")
class GlobalAvgPool(GlobalPool):
    """The mean of each channel: ``(C, …) -> (C)``."""


@op(
    "global_max_pool",
    Role.POOLING,
    paper="Oquab et al., Is Object Localization for Free?, 2015",
)
class GlobalMaxPool(GlobalPool):
    """The largest value of each channel: ``(C, …) -> (C)``."""
