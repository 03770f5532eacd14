"""Huang et al., Densely Connected Convolutional Networks, 2016. arXiv:1608.06993

Generated from densenet.net by `netwright build densenet.net --target torch`.
"""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = [
    "DenseLayer",
    "DenseNet",
    "Transition",
    "densenet121",
    "densenet169",
    "densenet201",
]


class DenseLayer(nn.Module):
    """The input, and `growth` channels computed from it: figure 2, with the bottleneck
    of section 3.

    (in_channels, H, W) -> (in_channels + growth, H, W)
    """

    def __init__(self, in_channels: int, growth: int, expansion: int = 4) -> None:
        super().__init__()
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


class DenseNet(nn.Module):
    """Dense blocks with transitions between them: table 1.

    (3, H, W) -> (classes,)
    """

    def __init__(
        self,
        depths: Sequence[int],
        width: int = 64,
        growth: int = 32,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(
            OrderedDict(
                conv0=nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False),
                norm0=nn.BatchNorm2d(width),
                relu=nn.ReLU(inplace=True),
                max_pool=nn.MaxPool2d(3, stride=2, padding=1),
            )
        )
        channels = width
        for i, n in enumerate(depths):
            if i > 0:
                self.features.add_module(f"transition{i}", Transition(channels))
                channels = channels // 2
            denseblock = nn.Sequential()
            for j in range(n):
                denseblock.add_module(
                    f"denselayer{j + 1}", DenseLayer(channels, growth)
                )
                channels = channels + growth
            self.features.add_module(f"denseblock{i + 1}", denseblock)
        self.features.add_module("norm5", nn.BatchNorm2d(channels))
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


def densenet121(width: int = 64, growth: int = 32, classes: int = 1000) -> DenseNet:
    """DenseNet121: 7,978,856 parameters, 2.83 GMACs at 3 x 224 x 224."""
    return DenseNet([6, 12, 24, 16], width=width, growth=growth, classes=classes)


def densenet169(width: int = 64, growth: int = 32, classes: int = 1000) -> DenseNet:
    """DenseNet169: 14,149,480 parameters, 3.36 GMACs at 3 x 224 x 224."""
    return DenseNet([6, 12, 32, 32], width=width, growth=growth, classes=classes)


def densenet201(width: int = 64, growth: int = 32, classes: int = 1000) -> DenseNet:
    """DenseNet201: 20,013,928 parameters, 4.29 GMACs at 3 x 224 x 224."""
    return DenseNet([6, 12, 48, 32], width=width, growth=growth, classes=classes)
