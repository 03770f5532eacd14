"""Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015.
arXiv:1512.00567, table 1. As keras.applications has it, counts too. But for
`predictions` Keras names the layers, `conv2d_17`, so that the lines stand in its order.

Generated from inception.net by `netwright build inception.net --target torch`.
"""

import torch
from torch import Tensor, nn

__all__ = [
    "ConvNorm",
    "InceptionA",
    "InceptionB",
    "InceptionC",
    "InceptionD",
    "InceptionE",
    "InceptionV3",
    "Stem",
    "inceptionv3",
]


def affine(norm: nn.Module, *, weight: bool = True, bias: bool = True) -> nn.Module:
    """A normalisation that learns its factors, its offsets, both or neither."""
    if not weight:
        norm.register_parameter("weight", None)
    if not bias:
        norm.register_parameter("bias", None)
    return norm


class ConvNorm(nn.Sequential):
    """Convolution, batch normalisation without factors, ReLU.

    (in_channels, H, W) -> (width, H', W')
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        kernel: int | tuple[int, int],
        stride: int = 1,
        pad: int | str = "same",
    ) -> None:
        super().__init__(
            nn.Conv2d(
                in_channels, width, kernel, stride=stride, padding=pad, bias=False
            ),
            affine(nn.BatchNorm2d(width, eps=0.001, momentum=0.01), weight=False),
            nn.ReLU(inplace=True),
        )


class Stem(nn.Sequential):
    """Five convolutions and two pools.

    (in_channels, H, W) -> (192, H', W')
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__(
            ConvNorm(in_channels, 32, 3, stride=2, pad=0),
            ConvNorm(32, 32, 3, pad=0),
            ConvNorm(32, 64, 3),
            nn.MaxPool2d(3, stride=2),
            ConvNorm(64, 80, 1),
            ConvNorm(80, 192, 3, pad=0),
            nn.MaxPool2d(3, stride=2),
        )


class InceptionA(nn.Module):
    """Branches of 1 x 1, 5 x 5 and twice 3 x 3, and a pool: figure 5.

    (in_channels, H, W) -> (width + 160 + pooled, H', W')
    """

    def __init__(self, in_channels: int, width: int, pooled: int) -> None:
        super().__init__()
        self.branch1x1 = ConvNorm(in_channels, width, 1)
        self.branch5x5 = nn.Sequential(
            ConvNorm(in_channels, 48, 1), ConvNorm(48, 64, 5)
        )
        self.branch3x3dbl = nn.Sequential(
            ConvNorm(in_channels, 64, 1), ConvNorm(64, 96, 3), ConvNorm(96, 96, 3)
        )
        self.branch_pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            ConvNorm(in_channels, pooled, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        branch1x1 = self.branch1x1(x)
        branch5x5 = self.branch5x5(x)
        branch3x3dbl = self.branch3x3dbl(x)
        branch_pool = self.branch_pool(x)
        x = torch.cat([branch1x1, branch5x5, branch3x3dbl, branch_pool], dim=1)
        return x


class InceptionB(nn.Module):
    """Half the resolution: 3 x 3, twice 3 x 3, and a pool: figure 10.

    (in_channels, H, W) -> (384 + width + in_channels, (H + 1) // 2 - 1,
    (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int, reduced: int, inner: int, width: int) -> None:
        super().__init__()
        self.branch3x3 = ConvNorm(in_channels, 384, 3, stride=2, pad=0)
        self.branch3x3dbl = nn.Sequential(
            ConvNorm(in_channels, reduced, 1),
            ConvNorm(reduced, inner, 3),
            ConvNorm(inner, width, 3, stride=2, pad=0),
        )
        self.max_pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        branch3x3 = self.branch3x3(x)
        branch3x3dbl = self.branch3x3dbl(x)
        y = self.max_pool(x)
        x = torch.cat([branch3x3, branch3x3dbl, y], dim=1)
        return x


class InceptionC(nn.Module):
    """7 x 7 as 1 x 7 and 7 x 1, once and twice, beside 1 x 1 and a pool: figure 6.

    (in_channels, H, W) -> (768, H', W')
    """

    def __init__(self, in_channels: int, inner: int) -> None:
        super().__init__()
        self.branch1x1 = ConvNorm(in_channels, 192, 1)
        self.branch7x7 = nn.Sequential(
            ConvNorm(in_channels, inner, 1),
            ConvNorm(inner, inner, (1, 7)),
            ConvNorm(inner, 192, (7, 1)),
        )
        self.branch7x7dbl = nn.Sequential(
            ConvNorm(in_channels, inner, 1),
            ConvNorm(inner, inner, (7, 1)),
            ConvNorm(inner, inner, (1, 7)),
            ConvNorm(inner, inner, (7, 1)),
            ConvNorm(inner, 192, (1, 7)),
        )
        self.branch_pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            ConvNorm(in_channels, 192, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        branch1x1 = self.branch1x1(x)
        branch7x7 = self.branch7x7(x)
        branch7x7dbl = self.branch7x7dbl(x)
        branch_pool = self.branch_pool(x)
        x = torch.cat([branch1x1, branch7x7, branch7x7dbl, branch_pool], dim=1)
        return x


class InceptionD(nn.Module):
    """Half the resolution: 3 x 3, 7 x 7 and 3 x 3, and a pool.

    (in_channels, H, W) -> (512 + in_channels, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch3x3 = nn.Sequential(
            ConvNorm(in_channels, 192, 1), ConvNorm(192, 320, 3, stride=2, pad=0)
        )
        self.branch7x7x3 = nn.Sequential(
            ConvNorm(in_channels, 192, 1),
            ConvNorm(192, 192, (1, 7)),
            ConvNorm(192, 192, (7, 1)),
            ConvNorm(192, 192, 3, stride=2, pad=0),
        )
        self.max_pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.branch3x3(x), self.branch7x7x3(x), self.max_pool(x)], dim=1)
        return x


class InceptionE(nn.Module):
    """Branches that part once more at their ends, and a pool: figure 7.

    (in_channels, H, W) -> (2048, H', W')
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch1x1 = ConvNorm(in_channels, 320, 1)
        self.branch3x3 = ConvNorm(in_channels, 384, 1)
        self.branch3x3_1 = ConvNorm(384, 384, (1, 3))
        self.branch3x3_2 = ConvNorm(384, 384, (3, 1))
        self.branch3x3dbl = nn.Sequential(
            ConvNorm(in_channels, 448, 1), ConvNorm(448, 384, 3)
        )
        self.branch3x3dbl_1 = ConvNorm(384, 384, (1, 3))
        self.branch3x3dbl_2 = ConvNorm(384, 384, (3, 1))
        self.branch_pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            ConvNorm(in_channels, 192, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        y2 = self.branch3x3(x)
        y2 = torch.cat([self.branch3x3_1(y2), self.branch3x3_2(y2)], dim=1)
        y3 = self.branch3x3dbl(x)
        y3 = torch.cat([self.branch3x3dbl_1(y3), self.branch3x3dbl_2(y3)], dim=1)
        x = torch.cat([self.branch1x1(x), y2, y3, self.branch_pool(x)], dim=1)
        return x


class InceptionV3(nn.Module):
    """Eleven modules behind the stem.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.stem = Stem(3)
        self.mixed0 = InceptionA(192, 64, 32)
        self.mixed1 = InceptionA(256, 64, 64)
        self.mixed2 = InceptionA(288, 64, 64)
        self.mixed3 = InceptionB(288, 64, 96, 96)
        self.mixed4 = InceptionC(768, 128)
        self.mixed5 = InceptionC(768, 160)
        self.mixed6 = InceptionC(768, 160)
        self.mixed7 = InceptionC(768, 192)
        self.mixed8 = InceptionD(768)
        self.mixed9 = InceptionE(1280)
        self.mixed10 = InceptionE(2048)
        self.predictions = nn.Linear(2048, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        x = self.mixed0(x)
        x = self.mixed1(x)
        x = self.mixed2(x)
        x = self.mixed3(x)
        x = self.mixed4(x)
        x = self.mixed5(x)
        x = self.mixed6(x)
        x = self.mixed7(x)
        x = self.mixed8(x)
        x = self.mixed9(x)
        x = self.mixed10(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def inceptionv3(classes: int = 1000) -> InceptionV3:
    """InceptionV3: 23,817,352 parameters, 5.71 GMACs at 3 x 299 x 299."""
    return InceptionV3(classes=classes)
