"""Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, 2018.
arXiv:1801.04381

Generated from mobilenet.net by `netwright build mobilenet.net --target torch`.
"""

from collections.abc import Sequence

from torch import Tensor, nn

__all__ = [
    "ConvNorm",
    "DepthwiseNorm",
    "InvertedResidual",
    "MobileNetV2",
    "mobilenet_v2",
]


class ConvNorm(nn.Sequential):
    """Convolution, batch normalisation, ReLU6.

    (in_channels, H, W) -> (width, H', W')
    """

    def __init__(
        self, in_channels: int, width: int, kernel: int = 3, stride: int = 1
    ) -> None:
        super().__init__(
            nn.Conv2d(
                in_channels,
                width,
                kernel,
                stride=stride,
                padding=kernel // 2,
                bias=False,
            ),
            nn.BatchNorm2d(width),
            nn.ReLU6(inplace=True),
        )


class DepthwiseNorm(nn.Sequential):
    """One 3 x 3 filter a channel, batch normalisation, ReLU6.

    (in_channels, H, W) -> (in_channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(self, in_channels: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(
                in_channels,
                in_channels,
                3,
                stride=stride,
                padding=1,
                groups=in_channels,
                bias=False,
            ),
            nn.BatchNorm2d(in_channels),
            nn.ReLU6(inplace=True),
        )


class InvertedResidual(nn.Module):
    """Expand, filter, project: figure 4d.

    (in_channels, H, W) -> (width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(
        self, in_channels: int, width: int, stride: int = 1, expansion: int = 6
    ) -> None:
        super().__init__()
        hidden = expansion * in_channels
        self.residual = stride == 1 and in_channels == width
        self.conv = nn.Sequential()
        if expansion != 1:
            self.conv.append(ConvNorm(in_channels, hidden, kernel=1))
        self.conv.append(DepthwiseNorm(hidden, stride=stride))
        self.conv.append(nn.Conv2d(hidden, width, 1, bias=False))
        self.conv.append(nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        if self.residual:
            y = x + y
        return y


class MobileNetV2(nn.Module):
    """Seventeen inverted residuals in seven stages: table 2. A stage is its expansion,
    width, number of blocks and stride.

    (3, H, W) -> (classes,)
    """

    def __init__(self, stages: Sequence[Sequence[int]], classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(ConvNorm(3, 32, stride=2))
        channels = 32
        for expansion, width, n, stride in stages:
            for j in range(n):
                self.features.append(
                    InvertedResidual(
                        channels,
                        width,
                        stride=stride if j == 0 else 1,
                        expansion=expansion,
                    )
                )
                channels = width
        self.features.append(ConvNorm(channels, 1280, kernel=1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = x.mean(dim=(2, 3))
        x = self.classifier(x)
        return x


def mobilenet_v2(classes: int = 1000) -> MobileNetV2:
    """MobileNet_V2: 3,504,872 parameters, 0.301 GMACs at 3 x 224 x 224."""
    stages = [
        [1, 16, 1, 1],
        [6, 24, 2, 2],
        [6, 32, 3, 2],
        [6, 64, 4, 2],
        [6, 96, 3, 1],
        [6, 160, 3, 2],
        [6, 320, 1, 1],
    ]
    return MobileNetV2(stages, classes=classes)
