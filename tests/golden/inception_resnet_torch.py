"""Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections
on Learning, 2016. arXiv:1602.07261

Inception-ResNet-v2 as it was released and as timm has it, whose widths are not the
paper's, and Inception-ResNet-v1 of the paper, with names in the same style.

Generated from inception_resnet.net by `netwright build inception_resnet.net --target
torch`.
"""

import torch
from torch import Tensor, nn

__all__ = [
    "ConvUnit",
    "InceptionA",
    "InceptionB",
    "InceptionC",
    "InceptionResNetV1",
    "InceptionResNetV2",
    "Mixed5b",
    "ReductionA",
    "ReductionB",
    "inceptionresnetv1",
    "inceptionresnetv2",
]


class ConvUnit(nn.Module):
    """Convolution, batch normalisation, ReLU.

    (in_channels, H, W) -> (width, H', W')
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        kernel: int | tuple[int, int],
        stride: int = 1,
        pad: int | tuple[int, int] = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, width, kernel, stride=stride, padding=pad, bias=False
        )
        self.bn = nn.BatchNorm2d(width, eps=0.001)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        x = self.bn(x)
        x = self.relu(x)
        return x


class ReductionA(nn.Module):
    """From 35 x 35 cells to 17 x 17: figure 7, widths in table 1.

    (in_channels, H, W) -> (n + m + in_channels, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int, k: int, l: int, m: int, n: int) -> None:
        super().__init__()
        self.branch0 = ConvUnit(in_channels, n, 3, stride=2)
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, k, 1),
            ConvUnit(k, l, 3, pad=1),
            ConvUnit(l, m, 3, stride=2),
        )
        self.branch2 = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.branch0(x), self.branch1(x), self.branch2(x)], dim=1)
        return x


class Mixed5b(nn.Module):
    """An Inception module without reduction: table 1 of Inception-v3 has its like.

    (in_channels, H, W) -> (320, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch0 = ConvUnit(in_channels, 96, 1)
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 48, 1), ConvUnit(48, 64, 5, pad=2)
        )
        self.branch2 = nn.Sequential(
            ConvUnit(in_channels, 64, 1),
            ConvUnit(64, 96, 3, pad=1),
            ConvUnit(96, 96, 3, pad=1),
        )
        self.branch3 = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            ConvUnit(in_channels, 64, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        branch0 = self.branch0(x)
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        x = torch.cat([branch0, branch1, branch2, branch3], dim=1)
        return x


class InceptionA(nn.Module):
    """Residual module on 35 x 35 cells: figure 10.

    (in_channels, H, W) -> (in_channels, H, W)
    """

    def __init__(self, in_channels: int, middle: int, last: int) -> None:
        super().__init__()
        self.branch0 = ConvUnit(in_channels, 32, 1)
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 32, 1), ConvUnit(32, 32, 3, pad=1)
        )
        self.branch2 = nn.Sequential(
            ConvUnit(in_channels, 32, 1),
            ConvUnit(32, middle, 3, pad=1),
            ConvUnit(middle, last, 3, pad=1),
        )
        self.conv2d = nn.Conv2d(64 + last, in_channels, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.cat([self.branch0(x), self.branch1(x), self.branch2(x)], dim=1)
        y = self.conv2d(y)
        y = y * 0.17
        x = x + y
        x = self.relu(x)
        return x


class InceptionB(nn.Module):
    """Residual module on 17 x 17 cells: figure 11.

    (in_channels, H, W) -> (in_channels, H, W)
    """

    def __init__(self, in_channels: int, first: int, middle: int, last: int) -> None:
        super().__init__()
        self.branch0 = ConvUnit(in_channels, last, 1)
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, first, 1),
            ConvUnit(first, middle, (1, 7), pad=(0, 3)),
            ConvUnit(middle, last, (7, 1), pad=(3, 0)),
        )
        self.conv2d = nn.Conv2d(2 * last, in_channels, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.cat([self.branch0(x), self.branch1(x)], dim=1)
        y = self.conv2d(y)
        y = y * 0.1
        x = x + y
        x = self.relu(x)
        return x


class InceptionC(nn.Module):
    """Residual module on 8 x 8 cells: figure 13. The last of a net is linear and not
    scaled.

    (in_channels, H, W) -> (in_channels, H, W)
    """

    def __init__(
        self, in_channels: int, middle: int, last: int, linear: bool = False
    ) -> None:
        super().__init__()
        self.linear = linear
        self.branch0 = ConvUnit(in_channels, 192, 1)
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 192, 1),
            ConvUnit(192, middle, (1, 3), pad=(0, 1)),
            ConvUnit(middle, last, (3, 1), pad=(1, 0)),
        )
        self.conv2d = nn.Conv2d(192 + last, in_channels, 1)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = torch.cat([self.branch0(x), self.branch1(x)], dim=1)
        y = self.conv2d(y)
        if not self.linear:
            y = y * 0.2
        x = x + y
        if not self.linear:
            x = self.relu(x)
        return x


class ReductionB(nn.Module):
    """From 17 x 17 cells to 8 x 8: figure 12.

    (in_channels, H, W) -> (384 + m + o + in_channels, (H + 1) // 2 - 1,
    (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int, m: int, n: int, o: int) -> None:
        super().__init__()
        self.branch0 = nn.Sequential(
            ConvUnit(in_channels, 256, 1), ConvUnit(256, 384, 3, stride=2)
        )
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 256, 1), ConvUnit(256, m, 3, stride=2)
        )
        self.branch2 = nn.Sequential(
            ConvUnit(in_channels, 256, 1),
            ConvUnit(256, n, 3, pad=1),
            ConvUnit(n, o, 3, stride=2),
        )
        self.branch3 = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        branch0 = self.branch0(x)
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        x = torch.cat([branch0, branch1, branch2, branch3], dim=1)
        return x


class InceptionResNetV1(nn.Module):
    """Figure 15, with 5, 10 and 5 residual modules.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.conv2d_1a = ConvUnit(3, 32, 3, stride=2)
        self.conv2d_2a = ConvUnit(32, 32, 3)
        self.conv2d_2b = ConvUnit(32, 64, 3, pad=1)
        self.max_pool = nn.MaxPool2d(3, stride=2)
        self.conv2d_3b = ConvUnit(64, 80, 1)
        self.conv2d_4a = ConvUnit(80, 192, 3)
        self.conv2d_4b = ConvUnit(192, 256, 3, stride=2)
        self.repeat = nn.Sequential()
        for _ in range(5):
            self.repeat.append(InceptionA(256, 32, 32))
        self.mixed_6a = ReductionA(256, 192, 192, 256, 384)
        self.repeat_1 = nn.Sequential()
        for _ in range(10):
            self.repeat_1.append(InceptionB(896, 128, 128, 128))
        self.mixed_7a = ReductionB(896, 256, 256, 256)
        self.repeat_2 = nn.Sequential()
        for _ in range(5):
            self.repeat_2.append(InceptionC(1792, 192, 192))
        self.dropout = nn.Dropout(0.2)
        self.classif = nn.Linear(1792, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2d_1a(x)
        x = self.conv2d_2a(x)
        x = self.conv2d_2b(x)
        x = self.max_pool(x)
        x = self.conv2d_3b(x)
        x = self.conv2d_4a(x)
        x = self.conv2d_4b(x)
        x = self.repeat(x)
        x = self.mixed_6a(x)
        x = self.repeat_1(x)
        x = self.mixed_7a(x)
        x = self.repeat_2(x)
        x = x.mean(dim=(2, 3))
        x = self.dropout(x)
        x = self.classif(x)
        return x


class InceptionResNetV2(nn.Module):
    """Figure 15, with 10, 20 and 10 residual modules and wider branches.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.conv2d_1a = ConvUnit(3, 32, 3, stride=2)
        self.conv2d_2a = ConvUnit(32, 32, 3)
        self.conv2d_2b = ConvUnit(32, 64, 3, pad=1)
        self.max_pool = nn.MaxPool2d(3, stride=2)
        self.conv2d_3b = ConvUnit(64, 80, 1)
        self.conv2d_4a = ConvUnit(80, 192, 3)
        self.mixed_5b = Mixed5b(192)
        self.repeat = nn.Sequential()
        for _ in range(10):
            self.repeat.append(InceptionA(320, 48, 64))
        self.mixed_6a = ReductionA(320, 256, 256, 384, 384)
        self.repeat_1 = nn.Sequential()
        for _ in range(20):
            self.repeat_1.append(InceptionB(1088, 128, 160, 192))
        self.mixed_7a = ReductionB(1088, 288, 288, 320)
        self.repeat_2 = nn.Sequential()
        for _ in range(9):
            self.repeat_2.append(InceptionC(2080, 224, 256))
        self.block8 = InceptionC(2080, 224, 256, linear=True)
        self.conv2d_7b = ConvUnit(2080, 1536, 1)
        self.dropout = nn.Dropout(0.2)
        self.classif = nn.Linear(1536, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2d_1a(x)
        x = self.conv2d_2a(x)
        x = self.conv2d_2b(x)
        x = self.max_pool(x)
        x = self.conv2d_3b(x)
        x = self.conv2d_4a(x)
        x = self.max_pool(x)
        x = self.mixed_5b(x)
        x = self.repeat(x)
        x = self.mixed_6a(x)
        x = self.repeat_1(x)
        x = self.mixed_7a(x)
        x = self.repeat_2(x)
        x = self.block8(x)
        x = self.conv2d_7b(x)
        x = x.mean(dim=(2, 3))
        x = self.dropout(x)
        x = self.classif(x)
        return x


def inceptionresnetv1(classes: int = 1000) -> InceptionResNetV1:
    """InceptionResNetV1: 22,756,328 parameters, 6.21 GMACs at 3 x 299 x 299."""
    return InceptionResNetV1(classes=classes)


def inceptionresnetv2(classes: int = 1000) -> InceptionResNetV2:
    """InceptionResNetV2: 55,843,464 parameters, 13.2 GMACs at 3 x 299 x 299."""
    return InceptionResNetV2(classes=classes)
