"""Howard et al., MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
Applications, 2017. arXiv:1704.04861, table 1. Sandler et al., MobileNetV2: Inverted
Residuals and Linear Bottlenecks, 2018. arXiv:1801.04381, table 2. Both as
keras.applications has them, layer names and counts too.

Generated from mobilenet.net by `netwright build mobilenet.net --target torch`.
"""

from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["InvertedResidual", "MobileNet", "MobileNetV2", "mobilenet", "mobilenetv2"]

WIDTHS = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
STAGES = [
    [1, 24, 2, 2],
    [3, 32, 3, 2],
    [6, 64, 4, 2],
    [10, 96, 3, 1],
    [13, 160, 3, 2],
    [16, 320, 1, 1],
]


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


class SameConv2d(nn.Conv2d):
    """Convolution to ceil(size / stride) cells; the odd cell of padding at the end."""

    def forward(self, input: Tensor) -> Tensor:
        x = pad_same(input, self.kernel_size, self.stride, self.dilation)
        return super().forward(x)


class PaddedConv2d(nn.Conv2d):
    """Convolution with `pad`, cells of zeros before and after each axis."""

    def __init__(
        self, *args: Any, pad: tuple[tuple[int, int], ...], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.pad = [cells for pair in reversed(pad) for cells in pair]

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(F.pad(input, self.pad))


class InvertedResidual(nn.Module):
    """Expand, filter, project: figure 4d.

    (in_channels, H, W) -> (width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(
        self, in_channels: int, width: int, stride: int = 1, expansion: int = 6
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.width = width
        self.stride = stride
        self.expansion = expansion
        if expansion != 1:
            self.expand = nn.Conv2d(in_channels, expansion * in_channels, 1, bias=False)
            self.expand_BN = nn.BatchNorm2d(
                expansion * in_channels, eps=0.001, momentum=0.001
            )
        self.relu6 = nn.ReLU6(inplace=True)
        self.depthwise = SameConv2d(
            expansion * in_channels,
            expansion * in_channels,
            3,
            stride=stride,
            groups=expansion * in_channels,
            bias=False,
        )
        self.depthwise_BN = nn.BatchNorm2d(
            expansion * in_channels, eps=0.001, momentum=0.001
        )
        self.project = nn.Conv2d(expansion * in_channels, width, 1, bias=False)
        self.project_BN = nn.BatchNorm2d(width, eps=0.001, momentum=0.001)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x
        if self.expansion != 1:
            y = self.expand(x)
            y = self.expand_BN(y)
            y = self.relu6(y)
        y = self.depthwise(y)
        y = self.depthwise_BN(y)
        y = self.relu6(y)
        y = self.project(y)
        y = self.project_BN(y)
        if self.stride == 1 and self.in_channels == self.width:
            y = x + y
        return y


class MobileNet(nn.Module):
    """One 3 x 3 filter a channel and a 1 x 1 convolution, thirteen times.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = SameConv2d(3, 32, 3, stride=2, bias=False)
        self.conv1_bn = nn.BatchNorm2d(32, eps=0.001, momentum=0.01)
        self.relu6 = nn.ReLU6(inplace=True)
        self.conv = nn.Sequential()
        channels = 32
        for i, width in enumerate(WIDTHS):
            stride = 2 if i > 0 and width > WIDTHS[i - 1] else 1
            before = 2 - stride
            self.conv.add_module(
                f"dw_{i + 1}",
                PaddedConv2d(
                    channels,
                    channels,
                    3,
                    stride=stride,
                    groups=channels,
                    bias=False,
                    pad=((before, 1), (before, 1)),
                ),
            )
            self.conv.add_module(
                f"dw_{i + 1}_bn", nn.BatchNorm2d(channels, eps=0.001, momentum=0.01)
            )
            self.conv.add_module(f"relu6_{len(self.conv)}", nn.ReLU6(inplace=True))
            self.conv.add_module(
                f"pw_{i + 1}", nn.Conv2d(channels, width, 1, bias=False)
            )
            self.conv.add_module(
                f"pw_{i + 1}_bn", nn.BatchNorm2d(width, eps=0.001, momentum=0.01)
            )
            self.conv.add_module(f"relu6_{len(self.conv)}", nn.ReLU6(inplace=True))
            channels = width
        self.adaptive_avg_pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.001)
        self.conv_preds = nn.Conv2d(channels, classes, 1)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.conv1_bn(x)
        x = self.relu6(x)
        x = self.conv(x)
        x = self.adaptive_avg_pool(x)
        x = self.dropout(x)
        x = self.conv_preds(x)
        x = x.flatten(1)
        x = self.softmax(x)
        return x


class MobileNetV2(nn.Module):
    """Seventeen inverted residuals.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.Conv1 = SameConv2d(3, 32, 3, stride=2, bias=False)
        self.bn_Conv1 = nn.BatchNorm2d(32, eps=0.001, momentum=0.001)
        self.relu6 = nn.ReLU6(inplace=True)
        self.expanded_conv = InvertedResidual(32, 16, expansion=1)
        channels = 16
        for first, width, n, stride in STAGES:
            for j in range(n):
                self.add_module(
                    f"block_{first + j}",
                    InvertedResidual(channels, width, stride=stride if j == 0 else 1),
                )
                channels = width
        self.Conv_1 = nn.Conv2d(channels, 1280, 1, bias=False)
        self.Conv_1_bn = nn.BatchNorm2d(1280, eps=0.001, momentum=0.001)
        self.predictions = nn.Linear(1280, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.Conv1(x)
        x = self.bn_Conv1(x)
        x = self.relu6(x)
        x = self.expanded_conv(x)
        for first, _, n, _ in STAGES:
            for j in range(n):
                x = self.get_submodule(f"block_{first + j}")(x)
        x = self.Conv_1(x)
        x = self.Conv_1_bn(x)
        x = self.relu6(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def mobilenet(classes: int = 1000) -> MobileNet:
    """MobileNet: 4,231,976 parameters, 0.569 GMACs at 3 x 224 x 224."""
    return MobileNet(classes=classes)


def mobilenetv2(classes: int = 1000) -> MobileNetV2:
    """MobileNetV2: 3,504,872 parameters, 0.301 GMACs at 3 x 224 x 224."""
    return MobileNetV2(classes=classes)
