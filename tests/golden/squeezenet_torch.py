"""Iandola et al., SqueezeNet: AlexNet-Level Accuracy with 50x Fewer Parameters and
<0.5MB Model Size, 2016. arXiv:1602.07360

Generated from squeezenet.net by `netwright build squeezenet.net --target torch`.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = ["Fire", "SqueezeNet", "squeezenet1_0", "squeezenet1_1"]


class Fire(nn.Module):
    """Few channels in, many out, a part of them through 3 x 3 kernels: figure 1.

    (in_channels, H, W) -> (2 * expanded, H, W)
    """

    def __init__(self, in_channels: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(in_channels, squeezed, 1)
        self.relu = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(x)
        x = self.relu(x)
        y1 = self.expand1x1(x)
        y1 = self.relu(y1)
        y2 = self.expand3x3(x)
        y2 = self.relu(y2)
        x = torch.cat([y1, y2], dim=1)
        return x


class SqueezeNet(nn.Module):
    """Eight fire modules in three stages, and no fully connected layer: table 1.

    (3, H, W) -> (classes,)
    """

    def __init__(
        self,
        width: int,
        kernel: int | tuple[int, int],
        stages: Sequence[Sequence[int]],
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, width, kernel, stride=2), nn.ReLU(inplace=True)
        )
        channels = width
        for stage in stages:
            self.features.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
            for squeezed in stage:
                self.features.append(Fire(channels, squeezed, 4 * squeezed))
                channels = 8 * squeezed
        conv = nn.Conv2d(channels, classes, 1)
        self.classifier = nn.Sequential(
            nn.Dropout(0.5), conv, nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1)
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.normal_(conv.weight, std=0.01)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = self.classifier(x)
        x = x.flatten(1)
        return x


def squeezenet1_0(classes: int = 1000) -> SqueezeNet:
    """SqueezeNet1_0: 1,248,424 parameters, 0.819 GMACs at 3 x 224 x 224."""
    return SqueezeNet(96, 7, [[16, 16, 32], [32, 48, 48, 64], [64]], classes=classes)


def squeezenet1_1(classes: int = 1000) -> SqueezeNet:
    """SqueezeNet1_1: 1,235,496 parameters, 0.349 GMACs at 3 x 224 x 224."""
    return SqueezeNet(64, 3, [[16, 16], [32, 32], [48, 48, 64, 64]], classes=classes)
