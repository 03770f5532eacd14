"""He et al., Identity Mappings in Deep Residual Networks, 2016. arXiv:1603.05027. As
keras.applications has it, layer names and counts too: a stage ends in its stride.

Generated from resnet_v2.net by `netwright build resnet_v2.net --target torch`.
"""

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

__all__ = [
    "ConvNorm",
    "Preactivated",
    "ResNetV2",
    "resnet50v2",
    "resnet101v2",
    "resnet152v2",
]


class ConvNorm(nn.Module):
    """Convolution and batch normalisation.

    (in_channels, H, W) -> (width, H', W')
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            width,
            kernel,
            stride=stride,
            padding=kernel // 2,
            groups=groups,
            bias=bias,
        )
        self.bn = nn.BatchNorm2d(width, eps=1.001e-5, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        x = self.bn(x)
        return x


class Preactivated(nn.Module):
    """Normalisation and activation first, then three convolutions: figure 4e. The
    shortcut is a convolution, every second cell, or the input.

    (in_channels, H, W) -> (4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(
        self, in_channels: int, width: int, stride: int = 1, project: bool = False
    ) -> None:
        super().__init__()
        self.stride = stride
        self.project = project
        self.preact_bn = nn.BatchNorm2d(in_channels, eps=1.001e-5, momentum=0.01)
        self.relu = nn.ReLU()
        if project:
            self.add_module("0_conv", nn.Conv2d(in_channels, 4 * width, 1))
        self.max_pool = nn.MaxPool2d(1, stride=stride)
        self.add_module("1", ConvNorm(in_channels, width, bias=False))
        self.add_module(
            "2", ConvNorm(width, width, kernel=3, stride=stride, bias=False)
        )
        self.add_module("3_conv", nn.Conv2d(width, 4 * width, 1))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.preact_bn(x)
        y = self.relu(y)
        if self.project:
            z1 = self.get_submodule("0_conv")(y)
        else:
            if self.stride != 1:
                x = self.max_pool(x)
            z1 = x
        z2 = self.get_submodule("1")(y)
        z2 = self.relu(z2)
        z2 = self.get_submodule("2")(z2)
        z2 = self.relu(z2)
        z2 = self.get_submodule("3_conv")(z2)
        y = z1 + z2
        return y


class ResNetV2(nn.Module):
    """Four stages, the last without a stride.

    (3, H, W) -> (classes,)
    """

    def __init__(self, depths: Sequence[int], classes: int = 1000) -> None:
        super().__init__()
        self.depths = depths
        self.conv1_conv = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.max_pool = nn.MaxPool2d(3, stride=2)
        channels = 64
        for i, n in enumerate(depths):
            stride = 2 if i < len(depths) - 1 else 1
            conv = nn.Sequential()
            for j in range(n):
                conv.add_module(
                    f"block{j + 1}",
                    Preactivated(
                        channels,
                        64 * 2**i,
                        stride=stride if j == n - 1 else 1,
                        project=j == 0,
                    ),
                )
                channels = 256 * 2**i
            self.add_module(f"conv{i + 2}", conv)
        self.post_bn = nn.BatchNorm2d(channels, eps=1.001e-5, momentum=0.01)
        self.relu = nn.ReLU(inplace=True)
        self.predictions = nn.Linear(channels, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1_conv(x)
        x = F.pad(x, (1, 1, 1, 1))
        x = self.max_pool(x)
        for i in range(len(self.depths)):
            x = self.get_submodule(f"conv{i + 2}")(x)
        x = self.post_bn(x)
        x = self.relu(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def resnet50v2(classes: int = 1000) -> ResNetV2:
    """ResNet50V2: 25,568,360 parameters, 3.48 GMACs at 3 x 224 x 224."""
    return ResNetV2([3, 4, 6, 3], classes=classes)


def resnet101v2(classes: int = 1000) -> ResNetV2:
    """ResNet101V2: 44,577,896 parameters, 7.19 GMACs at 3 x 224 x 224."""
    return ResNetV2([3, 4, 23, 3], classes=classes)


def resnet152v2(classes: int = 1000) -> ResNetV2:
    """ResNet152V2: 60,236,904 parameters, 10.9 GMACs at 3 x 224 x 224."""
    return ResNetV2([3, 8, 36, 3], classes=classes)
