"""He et al., Deep Residual Learning for Image Recognition, 2015. arXiv:1512.03385

The networks of section 4.2, whose shortcuts have no weights: option A.

Generated from resnet_cifar.net by `netwright build resnet_cifar.net --target torch`.
"""

import torch.nn.functional as F
from torch import Tensor, nn

__all__ = [
    "Basic",
    "ResNetCIFAR",
    "resnet20_cifar",
    "resnet56_cifar",
    "resnet110_cifar",
]


class Basic(nn.Module):
    """Two 3 x 3 convolutions beside every second cell of the input, with channels of
    zeros behind it.

    (in_channels, H, W) -> (width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(self, in_channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.width = width
        self.stride = stride
        self.avg_pool = nn.AvgPool2d(1, stride=stride)
        self.conv1 = nn.Conv2d(
            in_channels, width, 3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        y1 = x
        if self.stride != 1 or self.in_channels != self.width:
            y1 = self.avg_pool(x)
            y1 = F.pad(y1, (0, 0, 0, 0, 0, self.width - self.in_channels))
        y2 = self.conv1(x)
        y2 = self.bn1(y2)
        y2 = self.relu(y2)
        y2 = self.conv2(y2)
        y2 = self.bn2(y2)
        x = y1 + y2
        x = self.relu(x)
        return x


class ResNetCIFAR(nn.Module):
    """6 n + 2 layers with weights.

    (3, H, W) -> (classes,)
    """

    def __init__(self, n: int, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU(inplace=True)
        channels = 16
        for i in range(3):
            layer = nn.Sequential()
            for j in range(n):
                layer.append(
                    Basic(channels, 16 * 2**i, stride=2 if i > 0 and j == 0 else 1)
                )
                channels = 16 * 2**i
            self.add_module(f"layer{i + 1}", layer)
        self.fc = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.bn1(x)
        x = self.relu(x)
        for i in range(3):
            x = self.get_submodule(f"layer{i + 1}")(x)
        x = x.mean(dim=(2, 3))
        x = self.fc(x)
        return x


def resnet20_cifar(classes: int = 10) -> ResNetCIFAR:
    """ResNet20_CIFAR: 269,722 parameters, 0.0406 GMACs at 3 x 32 x 32."""
    return ResNetCIFAR(3, classes=classes)


def resnet56_cifar(classes: int = 10) -> ResNetCIFAR:
    """ResNet56_CIFAR: 853,018 parameters, 0.125 GMACs at 3 x 32 x 32."""
    return ResNetCIFAR(9, classes=classes)


def resnet110_cifar(classes: int = 10) -> ResNetCIFAR:
    """ResNet110_CIFAR: 1,727,962 parameters, 0.253 GMACs at 3 x 32 x 32."""
    return ResNetCIFAR(18, classes=classes)
