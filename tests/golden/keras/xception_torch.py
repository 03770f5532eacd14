"""Chollet, Xception: Deep Learning with Depthwise Separable Convolutions, 2016.
arXiv:1610.02357, figure 5. As keras.applications has it, layer names and counts too;
shortcuts have none, so that Keras calls them `conv2d` and `batch_normalization`, with
numbers.

Generated from xception.net by `netwright build xception.net --target torch`.
"""

import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["Downsample", "Entry", "ExitFlow", "MiddleFlow", "Xception", "xception"]


class SeparableConv(nn.Module):
    """A filter for each channel, then a convolution of one cell."""

    def __init__(self, depthwise: nn.Module, pointwise: nn.Module) -> None:
        super().__init__()
        self.depthwise = depthwise
        self.pointwise = pointwise

    def forward(self, x: Tensor) -> Tensor:
        x = self.depthwise(x)
        x = self.pointwise(x)
        return x


def pad_same(
    x: Tensor,
    kernel: int | tuple[int, ...],
    stride: int | tuple[int, ...] = 1,
    dilation: int | tuple[int, ...] = 1,
    value: float = 0.0,
) -> Tensor:
    """Pad, so that a window gives ceil(size / stride) cells; the odd one at the end."""
    pads: list[int] = []
    for axis in reversed(range(x.dim() - 2)):
        window = (kernel, stride, dilation)
        k, s, d = (n if isinstance(n, int) else n[axis] for n in window)
        size = x.shape[axis + 2]
        excess = max((size - 1) // s * s + d * (k - 1) + 1 - size, 0)
        pads += [excess // 2, excess - excess // 2]
    return F.pad(x, pads, value=value)


class PadSame(nn.Module):
    """Pads, so that a window gives ceil(size / stride) cells."""

    def __init__(
        self,
        kernel: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        dilation: int | tuple[int, ...] = 1,
        value: float = 0.0,
    ) -> None:
        super().__init__()
        self.window = (kernel, stride, dilation)
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        return pad_same(x, *self.window, value=self.value)


class Entry(nn.Module):
    """Two convolutions, the first at half the resolution.

    (in_channels, H, W) -> (64, (H + 1) // 2 - 3, (W + 1) // 2 - 3)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 32, 3, stride=2, bias=False)
        self.conv1_bn = nn.BatchNorm2d(32, eps=0.001, momentum=0.01)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(32, 64, 3, bias=False)
        self.conv2_bn = nn.BatchNorm2d(64, eps=0.001, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.conv1_bn(x)
        x = self.relu(x)
        x = self.conv2(x)
        x = self.conv2_bn(x)
        x = self.relu(x)
        return x


class Downsample(nn.Module):
    """Two separable convolutions and a pool, beside a convolution at half the
    resolution.

    (in_channels, H, W) -> (width, (H + 1) // 2, (W + 1) // 2)
    """

    def __init__(
        self, in_channels: int, inner: int, width: int, active: bool = True
    ) -> None:
        super().__init__()
        self.active = active
        self.relu = nn.ReLU()
        self.sepconv1 = SeparableConv(
            nn.Conv2d(
                in_channels, in_channels, 3, padding=1, groups=in_channels, bias=False
            ),
            nn.Conv2d(in_channels, inner, 1, bias=False),
        )
        self.sepconv1_bn = nn.BatchNorm2d(inner, eps=0.001, momentum=0.01)
        self.sepconv2 = SeparableConv(
            nn.Conv2d(inner, inner, 3, padding=1, groups=inner, bias=False),
            nn.Conv2d(inner, width, 1, bias=False),
        )
        self.sepconv2_bn = nn.BatchNorm2d(width, eps=0.001, momentum=0.01)
        self.max_pool = nn.Sequential(
            PadSame(3, stride=2, value=float("-inf")), nn.MaxPool2d(3, stride=2)
        )
        self.shortcut = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, stride=2, bias=False),
            nn.BatchNorm2d(width, eps=0.001, momentum=0.01),
        )

    def forward(self, x: Tensor) -> Tensor:
        y = x
        if self.active:
            y = self.relu(x)
        y = self.sepconv1(y)
        y = self.sepconv1_bn(y)
        y = self.relu(y)
        y = self.sepconv2(y)
        y = self.sepconv2_bn(y)
        y = self.max_pool(y)
        x = y + self.shortcut(x)
        return x


class MiddleFlow(nn.Module):
    """Three separable convolutions beside their input.

    (in_channels, H, W) -> (in_channels, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        for i in range(3):
            self.add_module(
                f"sepconv{i + 1}",
                SeparableConv(
                    nn.Conv2d(
                        in_channels,
                        in_channels,
                        3,
                        padding=1,
                        groups=in_channels,
                        bias=False,
                    ),
                    nn.Conv2d(in_channels, in_channels, 1, bias=False),
                ),
            )
            self.add_module(
                f"sepconv{i + 1}_bn",
                nn.BatchNorm2d(in_channels, eps=0.001, momentum=0.01),
            )
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for i in range(3):
            y = self.relu(y)
            y = self.get_submodule(f"sepconv{i + 1}")(y)
            y = self.get_submodule(f"sepconv{i + 1}_bn")(y)
        x = y + x
        return x


class ExitFlow(nn.Module):
    """Two separable convolutions, each normalised and active.

    (in_channels, H, W) -> (2048, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.sepconv1 = SeparableConv(
            nn.Conv2d(
                in_channels, in_channels, 3, padding=1, groups=in_channels, bias=False
            ),
            nn.Conv2d(in_channels, 1536, 1, bias=False),
        )
        self.sepconv1_bn = nn.BatchNorm2d(1536, eps=0.001, momentum=0.01)
        self.relu = nn.ReLU(inplace=True)
        self.sepconv2 = SeparableConv(
            nn.Conv2d(1536, 1536, 3, padding=1, groups=1536, bias=False),
            nn.Conv2d(1536, 2048, 1, bias=False),
        )
        self.sepconv2_bn = nn.BatchNorm2d(2048, eps=0.001, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        x = self.sepconv1(x)
        x = self.sepconv1_bn(x)
        x = self.relu(x)
        x = self.sepconv2(x)
        x = self.sepconv2_bn(x)
        x = self.relu(x)
        return x


class Xception(nn.Module):
    """Entry flow, middle flow, exit flow.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.block1 = Entry(3)
        self.block2 = Downsample(64, 128, 128, active=False)
        self.block3 = Downsample(128, 256, 256)
        self.block4 = Downsample(256, 728, 728)
        for i in range(8):
            self.add_module(f"block{i + 5}", MiddleFlow(728))
        self.block13 = Downsample(728, 728, 1024)
        self.block14 = ExitFlow(1024)
        self.predictions = nn.Linear(2048, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
            elif isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.block1(x)
        x = self.block2(x)
        x = self.block3(x)
        x = self.block4(x)
        for i in range(8):
            x = self.get_submodule(f"block{i + 5}")(x)
        x = self.block13(x)
        x = self.block14(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def xception(classes: int = 1000) -> Xception:
    """Xception: 22,855,952 parameters, 8.36 GMACs at 3 x 299 x 299."""
    return Xception(classes=classes)
