"""He et al., Deep Residual Learning for Image Recognition, 2015. arXiv:1512.03385

Xie et al., Aggregated Residual Transformations for Deep Neural Networks, 2016.
arXiv:1611.05431

Generated from resnet.net by `netwright build resnet.net --target torch`.
"""

from collections.abc import Callable, Sequence
from functools import partial

from torch import Tensor, nn

__all__ = [
    "Basic",
    "Bottleneck",
    "ResNet",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "wideresnet50_2",
]


class Basic(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut: figure 5, left.

    (in_channels, H, W) -> (width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(self, in_channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.out_channels = width
        self.conv1 = nn.Conv2d(
            in_channels, width, 3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample: nn.Sequential | None = None
        if stride != 1 or in_channels != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, width, 1, stride=stride, bias=False),
                nn.BatchNorm2d(width),
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(x)
        y = self.bn1(y)
        y = self.relu(y)
        y = self.conv2(y)
        y = self.bn2(y)
        if self.downsample is not None:
            x = self.downsample(x)
        x = y + x
        x = self.relu(x)
        return x


class Bottleneck(nn.Module):
    """A 3 x 3 convolution between two of 1 x 1: figure 5, right. The stride is in the 3
    x 3 one.

    (in_channels, H, W) -> (4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int = 1,
        groups: int = 1,
        base: int = 64,
        dilation: int = 1,
        norm: Callable[[int], nn.Module] = nn.BatchNorm2d,
    ) -> None:
        super().__init__()
        inner = width * base // 64 * groups
        out = 4 * width
        self.out_channels = out
        self.conv1 = nn.Conv2d(in_channels, inner, 1, bias=False)
        self.bn1 = norm(inner)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(
            inner,
            inner,
            3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            groups=groups,
            bias=False,
        )
        self.bn2 = norm(inner)
        self.conv3 = nn.Conv2d(inner, out, 1, bias=False)
        self.bn3 = norm(out)
        self.downsample: nn.Sequential | None = None
        if stride != 1 or in_channels != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out, 1, stride=stride, bias=False), norm(out)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(x)
        y = self.bn1(y)
        y = self.relu(y)
        y = self.conv2(y)
        y = self.bn2(y)
        y = self.relu(y)
        y = self.conv3(y)
        y = self.bn3(y)
        if self.downsample is not None:
            x = self.downsample(x)
        x = y + x
        x = self.relu(x)
        return x


class ResNet(nn.Module):
    """Residual network of four stages, each at half the resolution of the one before:
    table 1.

    (3, H, W) -> (classes,)
    """

    def __init__(
        self,
        unit: Callable[..., Basic | Bottleneck],
        depths: Sequence[int],
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.depths = depths
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.max_pool = nn.MaxPool2d(3, stride=2, padding=1)
        channels = 64
        for i, n in enumerate(depths):
            layer = nn.Sequential()
            for j in range(n):
                block = unit(channels, 64 * 2**i, stride=2 if i > 0 and j == 0 else 1)
                layer.append(block)
                channels = block.out_channels
            self.add_module(f"layer{i + 1}", layer)
        self.fc = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.bn1(x)
        x = self.relu(x)
        x = self.max_pool(x)
        for i in range(len(self.depths)):
            x = self.get_submodule(f"layer{i + 1}")(x)
        x = x.mean(dim=(2, 3))
        x = self.fc(x)
        return x


def resnet18(classes: int = 1000) -> ResNet:
    """ResNet18: 11,689,512 parameters, 1.81 GMACs at 3 x 224 x 224."""
    return ResNet(Basic, [2, 2, 2, 2], classes=classes)


def resnet34(classes: int = 1000) -> ResNet:
    """ResNet34: 21,797,672 parameters, 3.66 GMACs at 3 x 224 x 224."""
    return ResNet(Basic, [3, 4, 6, 3], classes=classes)


def resnet50(classes: int = 1000) -> ResNet:
    """ResNet50: 25,557,032 parameters, 4.09 GMACs at 3 x 224 x 224."""
    return ResNet(Bottleneck, [3, 4, 6, 3], classes=classes)


def resnet101(classes: int = 1000) -> ResNet:
    """ResNet101: 44,549,160 parameters, 7.80 GMACs at 3 x 224 x 224."""
    return ResNet(Bottleneck, [3, 4, 23, 3], classes=classes)


def resnet152(classes: int = 1000) -> ResNet:
    """ResNet152: 60,192,808 parameters, 11.5 GMACs at 3 x 224 x 224."""
    return ResNet(Bottleneck, [3, 8, 36, 3], classes=classes)


def resnext50_32x4d(classes: int = 1000) -> ResNet:
    """ResNeXt50_32x4d: 25,028,904 parameters, 4.23 GMACs at 3 x 224 x 224."""
    unit = partial(Bottleneck, groups=32, base=4)
    return ResNet(unit, [3, 4, 6, 3], classes=classes)


def resnext101_32x8d(classes: int = 1000) -> ResNet:
    """ResNeXt101_32x8d: 88,791,336 parameters, 16.4 GMACs at 3 x 224 x 224."""
    unit = partial(Bottleneck, groups=32, base=8)
    return ResNet(unit, [3, 4, 23, 3], classes=classes)


def wideresnet50_2(classes: int = 1000) -> ResNet:
    """WideResNet50_2: 68,883,240 parameters, 11.4 GMACs at 3 x 224 x 224."""
    unit = partial(Bottleneck, base=128)
    return ResNet(unit, [3, 4, 6, 3], classes=classes)
