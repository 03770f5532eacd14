"""Long et al., Fully Convolutional Networks for Semantic Segmentation, 2014.
arXiv:1411.4038

As torchvision has it, on a ResNet-50 whose last two stages are dilated in place of
strided.

Generated from fcn.net by `netwright build fcn.net --target torch`.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

__all__ = [
    "FCN",
    "Bottleneck",
    "FCNOutputs",
    "FcnHead",
    "fcn_resnet50",
    "fcn_resnet50_aux",
]


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
        self.conv1 = nn.Conv2d(in_channels, inner, 1, bias=False)
        nn.init.kaiming_normal_(self.conv1.weight, mode="fan_out")
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
        nn.init.kaiming_normal_(self.conv2.weight, mode="fan_out")
        self.bn2 = norm(inner)
        self.conv3 = nn.Conv2d(inner, out, 1, bias=False)
        nn.init.kaiming_normal_(self.conv3.weight, mode="fan_out")
        self.bn3 = norm(out)
        self.downsample: nn.Sequential | None = None
        if stride != 1 or in_channels != out:
            conv = nn.Conv2d(in_channels, out, 1, stride=stride, bias=False)
            nn.init.kaiming_normal_(conv.weight, mode="fan_out")
            self.downsample = nn.Sequential(conv, norm(out))

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


class FcnHead(nn.Sequential):
    """Scores of the classes for each cell.

    (in_channels, H, W) -> (classes, H, W)
    """

    def __init__(self, in_channels: int, classes: int) -> None:
        super().__init__(
            nn.Conv2d(in_channels, in_channels // 4, 3, padding=1, bias=False),
            nn.BatchNorm2d(in_channels // 4),
            nn.ReLU(inplace=True),
            nn.Dropout(0.1),
            nn.Conv2d(in_channels // 4, classes, 1),
        )


class FCNOutputs(NamedTuple):
    """What `FCN` returns with all its outputs."""

    out: Tensor
    aux: Tensor


class FCN(nn.Module):
    """Scores of the classes for each pixel, and others from one stage below.

    (3, H, W) -> (classes, H', W')
    """

    def __init__(
        self, depths: Sequence[int], classes: int = 21, auxiliary: bool = False
    ) -> None:
        super().__init__()
        self.auxiliary = auxiliary
        conv = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        self.backbone = nn.ModuleDict(
            {
                "conv1": conv,
                "bn1": nn.BatchNorm2d(64),
                "relu": nn.ReLU(inplace=True),
                "max_pool": nn.MaxPool2d(3, stride=2, padding=1),
            }
        )
        layer1 = nn.Sequential()
        channels = 64
        for _ in range(depths[0]):
            layer1.append(Bottleneck(channels, 64))
            channels = 256
        self.backbone["layer1"] = layer1
        layer2 = nn.Sequential()
        for j in range(depths[1]):
            layer2.append(Bottleneck(channels, 128, stride=2 if j == 0 else 1))
            channels = 512
        self.backbone["layer2"] = layer2
        layer3 = nn.Sequential()
        for j in range(depths[2]):
            layer3.append(Bottleneck(channels, 256, dilation=1 if j == 0 else 2))
            channels = 1024
        self.backbone["layer3"] = layer3
        layer4 = nn.Sequential()
        channels_2 = channels
        for j in range(depths[3]):
            layer4.append(Bottleneck(channels_2, 512, dilation=2 if j == 0 else 4))
            channels_2 = 2048
        self.backbone["layer4"] = layer4
        self.classifier = FcnHead(channels_2, classes)
        if auxiliary:
            self.aux_classifier = FcnHead(channels, classes)

    def forward(self, x: Tensor) -> Tensor | FCNOutputs:
        y: Tensor = self.backbone["conv1"](x)
        y = self.backbone["bn1"](y)
        y = self.backbone["relu"](y)
        y = self.backbone["max_pool"](y)
        y = self.backbone["layer1"](y)
        y = self.backbone["layer2"](y)
        y = layer3 = self.backbone["layer3"](y)
        y = self.backbone["layer4"](y)
        y = self.classifier(y)
        y = F.interpolate(y, size=x.shape[2:], mode="bilinear")
        if self.auxiliary:
            aux = self.aux_classifier(layer3)
            aux = F.interpolate(aux, size=x.shape[2:], mode="bilinear")
            return FCNOutputs(y, aux)
        return y


def fcn_resnet50(classes: int = 21, auxiliary: bool = False) -> FCN:
    """FCN_ResNet50: 32,957,013 parameters, 143 GMACs at 3 x 520 x 520."""
    return FCN([3, 4, 6, 3], classes=classes, auxiliary=auxiliary)


def fcn_resnet50_aux(classes: int = 21) -> FCN:
    """FCN_ResNet50_Aux: 35,322,218 parameters, 153 GMACs at 3 x 520 x 520."""
    return FCN([3, 4, 6, 3], auxiliary=True, classes=classes)
