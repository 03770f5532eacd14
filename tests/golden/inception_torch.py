"""Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015.
arXiv:1512.00567

Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections on
Learning, 2016. arXiv:1602.07261

Inception-v3 with the names of torchvision, Inception-v4 with those of timm.

Generated from inception.net by `netwright build inception.net --target torch`.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

__all__ = [
    "V3A",
    "V3B",
    "V3C",
    "V3D",
    "V3E",
    "V4A",
    "V4B",
    "V4C",
    "AuxHead",
    "ConvUnit",
    "InceptionV3",
    "InceptionV3Outputs",
    "InceptionV4",
    "Mixed3a",
    "Mixed4a",
    "Mixed5a",
    "Pooled",
    "ReductionA",
    "ReductionB",
    "inceptionv3",
    "inceptionv3_noaux",
    "inceptionv4",
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


class V3A(nn.Module):
    """On 35 x 35 cells, with two 3 x 3 kernels for one of 5 x 5: figure 5.

    (in_channels, H, W) -> (224 + pooled, H, W)
    """

    def __init__(self, in_channels: int, pooled: int) -> None:
        super().__init__()
        self.branch1x1 = ConvUnit(in_channels, 64, 1)
        self.branch5x5_1 = ConvUnit(in_channels, 48, 1)
        self.branch5x5_2 = ConvUnit(48, 64, 5, pad=2)
        self.branch3x3dbl_1 = ConvUnit(in_channels, 64, 1)
        self.branch3x3dbl_2 = ConvUnit(64, 96, 3, pad=1)
        self.branch3x3dbl_3 = ConvUnit(96, 96, 3, pad=1)
        self.avg_pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.branch_pool = ConvUnit(in_channels, pooled, 1)

    def forward(self, x: Tensor) -> Tensor:
        y2 = self.branch5x5_1(x)
        y2 = self.branch5x5_2(y2)
        y3 = self.branch3x3dbl_1(x)
        y3 = self.branch3x3dbl_2(y3)
        y3 = self.branch3x3dbl_3(y3)
        y4 = self.avg_pool(x)
        y4 = self.branch_pool(y4)
        x = torch.cat([self.branch1x1(x), y2, y3, y4], dim=1)
        return x


class V3B(nn.Module):
    """From 35 x 35 cells to 17 x 17: figure 10.

    (in_channels, H, W) -> (480 + in_channels, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch3x3 = ConvUnit(in_channels, 384, 3, stride=2)
        self.branch3x3dbl_1 = ConvUnit(in_channels, 64, 1)
        self.branch3x3dbl_2 = ConvUnit(64, 96, 3, pad=1)
        self.branch3x3dbl_3 = ConvUnit(96, 96, 3, stride=2)
        self.max_pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        y2 = self.branch3x3dbl_1(x)
        y2 = self.branch3x3dbl_2(y2)
        y2 = self.branch3x3dbl_3(y2)
        x = torch.cat([self.branch3x3(x), y2, self.max_pool(x)], dim=1)
        return x


class V3C(nn.Module):
    """On 17 x 17 cells, with 7 x 7 kernels factorised: figure 6.

    (in_channels, H, W) -> (768, H, W)
    """

    def __init__(self, in_channels: int, inner: int) -> None:
        super().__init__()
        self.branch1x1 = ConvUnit(in_channels, 192, 1)
        self.branch7x7_1 = ConvUnit(in_channels, inner, 1)
        self.branch7x7_2 = ConvUnit(inner, inner, (1, 7), pad=(0, 3))
        self.branch7x7_3 = ConvUnit(inner, 192, (7, 1), pad=(3, 0))
        self.branch7x7dbl_1 = ConvUnit(in_channels, inner, 1)
        self.branch7x7dbl_2 = ConvUnit(inner, inner, (7, 1), pad=(3, 0))
        self.branch7x7dbl_3 = ConvUnit(inner, inner, (1, 7), pad=(0, 3))
        self.branch7x7dbl_4 = ConvUnit(inner, inner, (7, 1), pad=(3, 0))
        self.branch7x7dbl_5 = ConvUnit(inner, 192, (1, 7), pad=(0, 3))
        self.avg_pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.branch_pool = ConvUnit(in_channels, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        y2 = self.branch7x7_1(x)
        y2 = self.branch7x7_2(y2)
        y2 = self.branch7x7_3(y2)
        y3 = self.branch7x7dbl_1(x)
        y3 = self.branch7x7dbl_2(y3)
        y3 = self.branch7x7dbl_3(y3)
        y3 = self.branch7x7dbl_4(y3)
        y3 = self.branch7x7dbl_5(y3)
        y4 = self.avg_pool(x)
        y4 = self.branch_pool(y4)
        x = torch.cat([self.branch1x1(x), y2, y3, y4], dim=1)
        return x


class V3D(nn.Module):
    """From 17 x 17 cells to 8 x 8.

    (in_channels, H, W) -> (512 + in_channels, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch3x3_1 = ConvUnit(in_channels, 192, 1)
        self.branch3x3_2 = ConvUnit(192, 320, 3, stride=2)
        self.branch7x7x3_1 = ConvUnit(in_channels, 192, 1)
        self.branch7x7x3_2 = ConvUnit(192, 192, (1, 7), pad=(0, 3))
        self.branch7x7x3_3 = ConvUnit(192, 192, (7, 1), pad=(3, 0))
        self.branch7x7x3_4 = ConvUnit(192, 192, 3, stride=2)
        self.max_pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        y1 = self.branch3x3_1(x)
        y1 = self.branch3x3_2(y1)
        y2 = self.branch7x7x3_1(x)
        y2 = self.branch7x7x3_2(y2)
        y2 = self.branch7x7x3_3(y2)
        y2 = self.branch7x7x3_4(y2)
        x = torch.cat([y1, y2, self.max_pool(x)], dim=1)
        return x


class V3E(nn.Module):
    """On 8 x 8 cells, with 1 x 3 and 3 x 1 kernels side by side: figure 7.

    (in_channels, H, W) -> (2048, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch1x1 = ConvUnit(in_channels, 320, 1)
        self.branch3x3_1 = ConvUnit(in_channels, 384, 1)
        self.branch3x3_2a = ConvUnit(384, 384, (1, 3), pad=(0, 1))
        self.branch3x3_2b = ConvUnit(384, 384, (3, 1), pad=(1, 0))
        self.branch3x3dbl_1 = ConvUnit(in_channels, 448, 1)
        self.branch3x3dbl_2 = ConvUnit(448, 384, 3, pad=1)
        self.branch3x3dbl_3a = ConvUnit(384, 384, (1, 3), pad=(0, 1))
        self.branch3x3dbl_3b = ConvUnit(384, 384, (3, 1), pad=(1, 0))
        self.avg_pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.branch_pool = ConvUnit(in_channels, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        y2 = self.branch3x3_1(x)
        y2 = torch.cat([self.branch3x3_2a(y2), self.branch3x3_2b(y2)], dim=1)
        y3 = self.branch3x3dbl_1(x)
        y3 = self.branch3x3dbl_2(y3)
        y3 = torch.cat([self.branch3x3dbl_3a(y3), self.branch3x3dbl_3b(y3)], dim=1)
        y4 = self.avg_pool(x)
        y4 = self.branch_pool(y4)
        x = torch.cat([self.branch1x1(x), y2, y3, y4], dim=1)
        return x


class AuxHead(nn.Module):
    """Auxiliary classifier: section 4.

    (in_channels, H, W) -> (classes,)
    """

    def __init__(self, in_channels: int, classes: int) -> None:
        super().__init__()
        self.avg_pool = nn.AvgPool2d(5, stride=3)
        self.conv0 = ConvUnit(in_channels, 128, 1)
        self.conv1 = ConvUnit(128, 768, 5)
        self.fc = nn.Linear(768, classes)
        nn.init.normal_(self.fc.weight, std=0.001)

    def forward(self, x: Tensor) -> Tensor:
        x = self.avg_pool(x)
        x = self.conv0(x)
        x = self.conv1(x)
        x = x.mean(dim=(2, 3))
        x = self.fc(x)
        return x


class Pooled(nn.Sequential):
    """What the branches of Inception-v4 pool: the average of the cells that are there.

    (in_channels, H, W) -> (width, H, W)
    """

    def __init__(self, in_channels: int, width: int) -> None:
        super().__init__(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            ConvUnit(in_channels, width, 1),
        )


class Mixed3a(nn.Module):
    """Twice fewer cells by a convolution and by pooling: figure 3.

    (in_channels, H, W) -> (in_channels + 96, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.max_pool = nn.MaxPool2d(3, stride=2)
        self.conv = ConvUnit(in_channels, 96, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.max_pool(x), self.conv(x)], dim=1)
        return x


class Mixed4a(nn.Module):
    """Two ways of different length: figure 3.

    (in_channels, H, W) -> (192, H - 2, W - 2)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch0 = nn.Sequential(ConvUnit(in_channels, 64, 1), ConvUnit(64, 96, 3))
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 64, 1),
            ConvUnit(64, 64, (1, 7), pad=(0, 3)),
            ConvUnit(64, 64, (7, 1), pad=(3, 0)),
            ConvUnit(64, 96, 3),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.branch0(x), self.branch1(x)], dim=1)
        return x


class Mixed5a(nn.Module):
    """The other way about: figure 3.

    (in_channels, H, W) -> (192 + in_channels, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.conv = ConvUnit(in_channels, 192, 3, stride=2)
        self.max_pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.conv(x), self.max_pool(x)], dim=1)
        return x


class V4A(nn.Module):
    """On 35 x 35 cells: figure 4.

    (in_channels, H, W) -> (384, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch0 = ConvUnit(in_channels, 96, 1)
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 64, 1), ConvUnit(64, 96, 3, pad=1)
        )
        self.branch2 = nn.Sequential(
            ConvUnit(in_channels, 64, 1),
            ConvUnit(64, 96, 3, pad=1),
            ConvUnit(96, 96, 3, pad=1),
        )
        self.branch3 = Pooled(in_channels, 96)

    def forward(self, x: Tensor) -> Tensor:
        branch0 = self.branch0(x)
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        x = torch.cat([branch0, branch1, branch2, branch3], dim=1)
        return x


class V4B(nn.Module):
    """On 17 x 17 cells: figure 5.

    (in_channels, H, W) -> (1024, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch0 = ConvUnit(in_channels, 384, 1)
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 192, 1),
            ConvUnit(192, 224, (1, 7), pad=(0, 3)),
            ConvUnit(224, 256, (7, 1), pad=(3, 0)),
        )
        self.branch2 = nn.Sequential(
            ConvUnit(in_channels, 192, 1),
            ConvUnit(192, 192, (7, 1), pad=(3, 0)),
            ConvUnit(192, 224, (1, 7), pad=(0, 3)),
            ConvUnit(224, 224, (7, 1), pad=(3, 0)),
            ConvUnit(224, 256, (1, 7), pad=(0, 3)),
        )
        self.branch3 = Pooled(in_channels, 128)

    def forward(self, x: Tensor) -> Tensor:
        branch0 = self.branch0(x)
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        x = torch.cat([branch0, branch1, branch2, branch3], dim=1)
        return x


class ReductionB(nn.Module):
    """From 17 x 17 cells to 8 x 8: figure 8.

    (in_channels, H, W) -> (512 + in_channels, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch0 = nn.Sequential(
            ConvUnit(in_channels, 192, 1), ConvUnit(192, 192, 3, stride=2)
        )
        self.branch1 = nn.Sequential(
            ConvUnit(in_channels, 256, 1),
            ConvUnit(256, 256, (1, 7), pad=(0, 3)),
            ConvUnit(256, 320, (7, 1), pad=(3, 0)),
            ConvUnit(320, 320, 3, stride=2),
        )
        self.branch2 = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.branch0(x), self.branch1(x), self.branch2(x)], dim=1)
        return x


class V4C(nn.Module):
    """On 8 x 8 cells: figure 6.

    (in_channels, H, W) -> (1536, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch0 = ConvUnit(in_channels, 256, 1)
        self.branch1_0 = ConvUnit(in_channels, 384, 1)
        self.branch1_1a = ConvUnit(384, 256, (1, 3), pad=(0, 1))
        self.branch1_1b = ConvUnit(384, 256, (3, 1), pad=(1, 0))
        self.branch2_0 = ConvUnit(in_channels, 384, 1)
        self.branch2_1 = ConvUnit(384, 448, (3, 1), pad=(1, 0))
        self.branch2_2 = ConvUnit(448, 512, (1, 3), pad=(0, 1))
        self.branch2_3a = ConvUnit(512, 256, (1, 3), pad=(0, 1))
        self.branch2_3b = ConvUnit(512, 256, (3, 1), pad=(1, 0))
        self.branch3 = Pooled(in_channels, 256)

    def forward(self, x: Tensor) -> Tensor:
        y2 = self.branch1_0(x)
        y2 = torch.cat([self.branch1_1a(y2), self.branch1_1b(y2)], dim=1)
        y3 = self.branch2_0(x)
        y3 = self.branch2_1(y3)
        y3 = self.branch2_2(y3)
        y3 = torch.cat([self.branch2_3a(y3), self.branch2_3b(y3)], dim=1)
        x = torch.cat([self.branch0(x), y2, y3, self.branch3(x)], dim=1)
        return x


class InceptionV3Outputs(NamedTuple):
    """What `InceptionV3` returns in training."""

    logits: Tensor
    AuxLogits: Tensor


class InceptionV3(nn.Module):
    """Inception-v3: table 1, and an auxiliary classifier for training.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000, aux: bool = True) -> None:
        super().__init__()
        self.aux = aux
        self.Conv2d_1a_3x3 = ConvUnit(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = ConvUnit(32, 32, 3)
        self.Conv2d_2b_3x3 = ConvUnit(32, 64, 3, pad=1)
        self.max_pool = nn.MaxPool2d(3, stride=2)
        self.Conv2d_3b_1x1 = ConvUnit(64, 80, 1)
        self.Conv2d_4a_3x3 = ConvUnit(80, 192, 3)
        self.Mixed_5b = V3A(192, 32)
        self.Mixed_5c = V3A(256, 64)
        self.Mixed_5d = V3A(288, 64)
        self.Mixed_6a = V3B(288)
        self.Mixed_6b = V3C(768, 128)
        self.Mixed_6c = V3C(768, 160)
        self.Mixed_6d = V3C(768, 160)
        self.Mixed_6e = V3C(768, 192)
        if aux:
            self.AuxLogits = AuxHead(768, classes)
        self.Mixed_7a = V3D(768)
        self.Mixed_7b = V3E(1280)
        self.Mixed_7c = V3E(2048)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(2048, classes)
        nn.init.normal_(self.fc.weight, std=0.1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor | InceptionV3Outputs:
        x = self.Conv2d_1a_3x3(x)
        x = self.Conv2d_2a_3x3(x)
        x = self.Conv2d_2b_3x3(x)
        x = self.max_pool(x)
        x = self.Conv2d_3b_1x1(x)
        x = self.Conv2d_4a_3x3(x)
        x = self.max_pool(x)
        x = self.Mixed_5b(x)
        x = self.Mixed_5c(x)
        x = self.Mixed_5d(x)
        x = self.Mixed_6a(x)
        x = self.Mixed_6b(x)
        x = self.Mixed_6c(x)
        x = self.Mixed_6d(x)
        x = self.Mixed_6e(x)
        y: Tensor = self.Mixed_7a(x)
        y = self.Mixed_7b(y)
        y = self.Mixed_7c(y)
        y = y.mean(dim=(2, 3))
        y = self.dropout(y)
        y = self.fc(y)
        if self.training and self.aux:
            AuxLogits = self.AuxLogits(x)
            return InceptionV3Outputs(y, AuxLogits)
        return y


class InceptionV4(nn.Module):
    """Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual
    Connections on Learning, 2016, figure 9.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(
            ConvUnit(3, 32, 3, stride=2),
            ConvUnit(32, 32, 3),
            ConvUnit(32, 64, 3, pad=1),
            Mixed3a(64),
            Mixed4a(160),
            Mixed5a(192),
        )
        for _ in range(4):
            self.features.append(V4A(384))
        self.features.append(ReductionA(384, 192, 224, 256, 384))
        for _ in range(7):
            self.features.append(V4B(1024))
        self.features.append(ReductionB(1024))
        for _ in range(3):
            self.features.append(V4C(1536))
        self.dropout = nn.Dropout(0.2)
        self.last_linear = nn.Linear(1536, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = x.mean(dim=(2, 3))
        x = self.dropout(x)
        x = self.last_linear(x)
        return x


def inceptionv3(classes: int = 1000, aux: bool = True) -> InceptionV3:
    """InceptionV3: 27,161,264 parameters, 5.71 GMACs at 3 x 299 x 299."""
    return InceptionV3(classes=classes, aux=aux)


def inceptionv3_noaux(classes: int = 1000) -> InceptionV3:
    """InceptionV3_NoAux: 23,834,568 parameters, 5.71 GMACs at 3 x 299 x 299."""
    return InceptionV3(aux=False, classes=classes)


def inceptionv4(classes: int = 1000) -> InceptionV4:
    """InceptionV4: 42,679,816 parameters, 12.3 GMACs at 3 x 299 x 299."""
    return InceptionV4(classes=classes)
