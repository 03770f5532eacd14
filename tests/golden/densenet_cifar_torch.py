"""Huang et al., Densely Connected Convolutional Networks, 2016. arXiv:1608.06993

The networks for CIFAR, whose counts are those of the authors' densenet.lua.

Generated from densenet_cifar.net by `netwright build densenet_cifar.net --target
torch`.
"""

from collections import OrderedDict
from collections.abc import Callable

import torch
from torch import Tensor, nn

__all__ = [
    "DenseLayer",
    "DenseNetCIFAR",
    "PlainLayer",
    "Transition",
    "densenet40_cifar",
    "densenetbc100_cifar",
]


class DenseLayer(nn.Module):
    """The input, and `growth` channels computed from it: figure 2, with the bottleneck
    of section 3.

    (in_channels, H, W) -> (in_channels + growth, H, W)
    """

    def __init__(self, in_channels: int, growth: int, expansion: int = 4) -> None:
        super().__init__()
        self.out_channels = in_channels + growth
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(in_channels, expansion * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(expansion * growth)
        self.conv2 = nn.Conv2d(expansion * growth, growth, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm1(x)
        y = self.relu(y)
        y = self.conv1(y)
        y = self.norm2(y)
        y = self.relu(y)
        y = self.conv2(y)
        x = torch.cat([x, y], dim=1)
        return x


class Transition(nn.Module):
    """Fewer channels at half the resolution.

    (in_channels, H, W) -> (in_channels // reduction, H // 2, W // 2)
    """

    def __init__(self, in_channels: int, reduction: int = 2) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(in_channels, in_channels // reduction, 1, bias=False)
        self.avg_pool = nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x)
        x = self.relu(x)
        x = self.conv(x)
        x = self.avg_pool(x)
        return x


class PlainLayer(nn.Module):
    """The input, and `growth` channels computed from it: section 3, without a
    bottleneck.

    (in_channels, H, W) -> (in_channels + growth, H, W)
    """

    def __init__(self, in_channels: int, growth: int) -> None:
        super().__init__()
        self.out_channels = in_channels + growth
        self.norm = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(in_channels, growth, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(x)
        y = self.relu(y)
        y = self.conv(y)
        x = torch.cat([x, y], dim=1)
        return x


class DenseNetCIFAR(nn.Module):
    """Three dense blocks of as many layers each: section 4.2.

    (3, H, W) -> (classes,)
    """

    def __init__(
        self,
        unit: Callable[..., PlainLayer | DenseLayer],
        n: int,
        width: int,
        growth: int = 12,
        reduction: int = 1,
        classes: int = 10,
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(
            OrderedDict(conv0=nn.Conv2d(3, width, 3, padding=1, bias=False))
        )
        channels = width
        for i in range(3):
            if i > 0:
                self.features.add_module(
                    f"transition{i}", Transition(channels, reduction=reduction)
                )
                channels = channels // reduction
            denseblock = nn.Sequential()
            for _ in range(n):
                block = unit(channels, growth)
                denseblock.append(block)
                channels = block.out_channels
            self.features.add_module(f"denseblock{i + 1}", denseblock)
        self.features.add_module("norm", nn.BatchNorm2d(channels))
        self.relu = nn.ReLU(inplace=True)
        self.classifier = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
            elif isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = self.relu(x)
        x = x.mean(dim=(2, 3))
        x = self.classifier(x)
        return x


def densenet40_cifar(
    growth: int = 12, reduction: int = 1, classes: int = 10
) -> DenseNetCIFAR:
    """DenseNet40_CIFAR: 1,019,722 parameters, 0.265 GMACs at 3 x 32 x 32."""
    return DenseNetCIFAR(
        PlainLayer, 12, width=16, growth=growth, reduction=reduction, classes=classes
    )


def densenetbc100_cifar(growth: int = 12, classes: int = 10) -> DenseNetCIFAR:
    """DenseNetBC100_CIFAR: 769,162 parameters, 0.288 GMACs at 3 x 32 x 32."""
    return DenseNetCIFAR(
        DenseLayer, 16, width=24, reduction=2, growth=growth, classes=classes
    )
