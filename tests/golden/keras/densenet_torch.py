"""Huang et al., Densely Connected Convolutional Networks, 2016. arXiv:1608.06993, table
1. As keras.applications has it, layer names and counts too.

Generated from densenet.net by `netwright build densenet.net --target torch`.
"""

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

    def __init__(self, in_channels: int, growth: int = 32) -> None:
        super().__init__()
        self.add_module(
            "0_bn", nn.BatchNorm2d(in_channels, eps=1.001e-5, momentum=0.01)
        )
        self.relu = nn.ReLU(inplace=True)
        self.add_module("1_conv", nn.Conv2d(in_channels, 4 * growth, 1, bias=False))
        self.add_module("1_bn", nn.BatchNorm2d(4 * growth, eps=1.001e-5, momentum=0.01))
        self.add_module(
            "2_conv", nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)
        )

    def forward(self, x: Tensor) -> Tensor:
        y = self.get_submodule("0_bn")(x)
        y = self.relu(y)
        y = self.get_submodule("1_conv")(y)
        y = self.get_submodule("1_bn")(y)
        y = self.relu(y)
        y = self.get_submodule("2_conv")(y)
        x = torch.cat([x, y], dim=1)
        return x


class Transition(nn.Module):
    """Half the channels at half the resolution.

    (in_channels, H, W) -> (in_channels // 2, H // 2, W // 2)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(in_channels, eps=1.001e-5, momentum=0.01)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(in_channels, in_channels // 2, 1, bias=False)
        self.avg_pool = nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn(x)
        x = self.relu(x)
        x = self.conv(x)
        x = self.avg_pool(x)
        return x


class DenseNet(nn.Module):
    """Dense blocks with transitions between them.

    (3, H, W) -> (classes,)
    """

    def __init__(self, depths: Sequence[int], classes: int = 1000) -> None:
        super().__init__()
        self.depths = depths
        self.conv1_conv = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.conv1_bn = nn.BatchNorm2d(64, eps=1.001e-5, momentum=0.01)
        self.relu = nn.ReLU(inplace=True)
        self.max_pool = nn.MaxPool2d(3, stride=2, padding=1)
        channels = 64
        for i, n in enumerate(depths):
            if i > 0:
                self.add_module(f"pool{i + 1}", Transition(channels))
                channels = channels // 2
            conv = nn.Sequential()
            for j in range(n):
                conv.add_module(f"block{j + 1}", DenseLayer(channels))
                channels = channels + 32
            self.add_module(f"conv{i + 2}", conv)
        self.bn = nn.BatchNorm2d(channels, eps=1.001e-5, momentum=0.01)
        self.predictions = nn.Linear(channels, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
            elif isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1_conv(x)
        x = self.conv1_bn(x)
        x = self.relu(x)
        x = self.max_pool(x)
        for i in range(len(self.depths)):
            if i > 0:
                x = self.get_submodule(f"pool{i + 1}")(x)
            x = self.get_submodule(f"conv{i + 2}")(x)
        x = self.bn(x)
        x = self.relu(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def densenet121(classes: int = 1000) -> DenseNet:
    """DenseNet121: 7,978,856 parameters, 2.83 GMACs at 3 x 224 x 224."""
    return DenseNet([6, 12, 24, 16], classes=classes)


def densenet169(classes: int = 1000) -> DenseNet:
    """DenseNet169: 14,149,480 parameters, 3.36 GMACs at 3 x 224 x 224."""
    return DenseNet([6, 12, 32, 32], classes=classes)


def densenet201(classes: int = 1000) -> DenseNet:
    """DenseNet201: 20,013,928 parameters, 4.29 GMACs at 3 x 224 x 224."""
    return DenseNet([6, 12, 48, 32], classes=classes)
