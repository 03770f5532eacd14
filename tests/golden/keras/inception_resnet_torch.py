"""Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections
on Learning, 2016. arXiv:1602.07261. Inception-ResNet-v2 as keras.applications has it,
counts too, and the few names that are not Keras's own.

Generated from inception_resnet.net by `netwright build inception_resnet.net --target
torch`.
"""

import torch
from torch import Tensor, nn

__all__ = [
    "Block8",
    "Block17",
    "Block35",
    "ConvNorm",
    "InceptionA",
    "InceptionB",
    "InceptionResNetV2",
    "ReductionB",
    "Stem",
    "inceptionresnetv2",
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


class Block35(nn.Module):
    """Inception-ResNet-A: figure 16.

    (in_channels, H, W) -> (in_channels, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch_0 = ConvNorm(in_channels, 32, 1)
        self.branch_1 = nn.Sequential(ConvNorm(in_channels, 32, 1), ConvNorm(32, 32, 3))
        self.branch_2 = nn.Sequential(
            ConvNorm(in_channels, 32, 1), ConvNorm(32, 48, 3), ConvNorm(48, 64, 3)
        )
        self.conv = nn.Conv2d(128, in_channels, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.cat([self.branch_0(x), self.branch_1(x), self.branch_2(x)], dim=1)
        y = self.conv(y)
        y = y * 0.17
        x = x + y
        x = self.relu(x)
        return x


class Block17(nn.Module):
    """Inception-ResNet-B: figure 17.

    (in_channels, H, W) -> (in_channels, H, W)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch_0 = ConvNorm(in_channels, 192, 1)
        self.branch_1 = nn.Sequential(
            ConvNorm(in_channels, 128, 1),
            ConvNorm(128, 160, (1, 7)),
            ConvNorm(160, 192, (7, 1)),
        )
        self.conv = nn.Conv2d(384, in_channels, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.cat([self.branch_0(x), self.branch_1(x)], dim=1)
        y = self.conv(y)
        y = y * 0.1
        x = x + y
        x = self.relu(x)
        return x


class Block8(nn.Module):
    """Inception-ResNet-C: figure 19. The last one is neither scaled nor followed by an
    activation.

    (in_channels, H, W) -> (in_channels, H, W)
    """

    def __init__(self, in_channels: int, last: bool = False) -> None:
        super().__init__()
        self.last = last
        self.branch_0 = ConvNorm(in_channels, 192, 1)
        self.branch_1 = nn.Sequential(
            ConvNorm(in_channels, 192, 1),
            ConvNorm(192, 224, (1, 3)),
            ConvNorm(224, 256, (3, 1)),
        )
        self.conv = nn.Conv2d(448, in_channels, 1)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = torch.cat([self.branch_0(x), self.branch_1(x)], dim=1)
        y = self.conv(y)
        if not self.last:
            y = y * 0.2
        x = x + y
        if not self.last:
            x = self.relu(x)
        return x


class ReductionB(nn.Module):
    """Half the resolution: three branches that end in 3 x 3, and a pool: figure 18.

    (in_channels, H, W) -> (992 + in_channels, (H + 1) // 2 - 1, (W + 1) // 2 - 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch_0 = nn.Sequential(
            ConvNorm(in_channels, 256, 1), ConvNorm(256, 384, 3, stride=2, pad=0)
        )
        self.branch_1 = nn.Sequential(
            ConvNorm(in_channels, 256, 1), ConvNorm(256, 288, 3, stride=2, pad=0)
        )
        self.branch_2 = nn.Sequential(
            ConvNorm(in_channels, 256, 1),
            ConvNorm(256, 288, 3),
            ConvNorm(288, 320, 3, stride=2, pad=0),
        )
        self.max_pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        branch_0 = self.branch_0(x)
        branch_1 = self.branch_1(x)
        branch_2 = self.branch_2(x)
        y = self.max_pool(x)
        x = torch.cat([branch_0, branch_1, branch_2, y], dim=1)
        return x


class InceptionResNetV2(nn.Module):
    """Three rows of residual blocks, and modules that halve the resolution between
    them: figure 15.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.stem = Stem(3)
        self.mixed_5b = InceptionA(192, 96, 64)
        for i in range(10):
            self.add_module(f"block35_{i + 1}", Block35(320))
        self.mixed_6a = InceptionB(320, 256, 256, 384)
        for i in range(20):
            self.add_module(f"block17_{i + 1}", Block17(1088))
        self.mixed_7a = ReductionB(1088)
        for i in range(10):
            self.add_module(f"block8_{i + 1}", Block8(2080, last=i == 9))
        self.conv_7b = nn.Conv2d(2080, 1536, 1, bias=False)
        self.conv_7b_bn = affine(
            nn.BatchNorm2d(1536, eps=0.001, momentum=0.01), weight=False
        )
        self.relu = nn.ReLU(inplace=True)
        self.predictions = nn.Linear(1536, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        x = self.mixed_5b(x)
        for i in range(10):
            x = self.get_submodule(f"block35_{i + 1}")(x)
        x = self.mixed_6a(x)
        for i in range(20):
            x = self.get_submodule(f"block17_{i + 1}")(x)
        x = self.mixed_7a(x)
        for i in range(10):
            x = self.get_submodule(f"block8_{i + 1}")(x)
        x = self.conv_7b(x)
        x = self.conv_7b_bn(x)
        x = self.relu(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def inceptionresnetv2(classes: int = 1000) -> InceptionResNetV2:
    """InceptionResNetV2: 55,813,192 parameters, 13.2 GMACs at 3 x 299 x 299."""
    return InceptionResNetV2(classes=classes)
