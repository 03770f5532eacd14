"""He et al., Identity Mappings in Deep Residual Networks, 2016. arXiv:1603.05027

As timm has it, with the stride in the 3 x 3 convolution.

Generated from resnet_v2.net by `netwright build resnet_v2.net --target torch`.
"""

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor, nn

__all__ = ["PreactBottleneck", "ResNetV2", "Shortcut", "resnetv2_50"]


class Shortcut(nn.Module):
    """To another width or resolution.

    (in_channels, H, W) -> (width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(self, in_channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, width, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        return x


class PreactBottleneck(nn.Module):
    """Normalisation and ReLU in front of each convolution, and nothing behind the sum:
    figure 4e. Where the shortcut is a convolution, it too starts from what is
    normalised; timm makes it first.

    (in_channels, H, W) -> (4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(self, in_channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        out = 4 * width
        self.downsample: Shortcut | None = None
        if stride != 1 or in_channels != out:
            self.downsample = Shortcut(in_channels, out, stride)
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False)
        self.norm3 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.norm1(x)
        y = self.relu(y)
        if self.downsample is not None:
            x = self.downsample(y)
        z2 = self.conv1(y)
        z2 = self.norm2(z2)
        z2 = self.relu(z2)
        z2 = self.conv2(z2)
        z2 = self.norm3(z2)
        z2 = self.relu(z2)
        z2 = self.conv3(z2)
        y = x + z2
        return y


class ResNetV2(nn.Module):
    """Four stages, and a last normalisation.

    (3, H, W) -> (classes,)
    """

    def __init__(self, depths: Sequence[int], classes: int = 1000) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            OrderedDict(
                conv=nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
                max_pool=nn.MaxPool2d(3, stride=2, padding=1),
            )
        )
        self.stages = nn.Sequential()
        channels = 64
        for i, n in enumerate(depths):
            blocks = nn.Sequential()
            for j in range(n):
                blocks.append(
                    PreactBottleneck(
                        channels, 64 * 2**i, stride=2 if i > 0 and j == 0 else 1
                    )
                )
                channels = 256 * 2**i
            self.stages.append(nn.Sequential(OrderedDict(blocks=blocks)))
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.adaptive_avg_pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(OrderedDict(fc=nn.Conv2d(channels, classes, 1)))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        x = self.stages(x)
        x = self.norm(x)
        x = self.relu(x)
        x = self.adaptive_avg_pool(x)
        x = self.head(x)
        x = x.flatten(1)
        return x


def resnetv2_50(classes: int = 1000) -> ResNetV2:
    """ResNetV2_50: 25,549,352 parameters, 4.09 GMACs at 3 x 224 x 224."""
    return ResNetV2([3, 4, 6, 3], classes=classes)
