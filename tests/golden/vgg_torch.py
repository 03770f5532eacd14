"""Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image
Recognition, 2014. arXiv:1409.1556

Generated from vgg.net by `netwright build vgg.net --target torch`.
"""

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor, nn

__all__ = [
    "VGG",
    "DenseVGG",
    "Stages",
    "vgg11",
    "vgg11_bn",
    "vgg13",
    "vgg13_bn",
    "vgg16",
    "vgg16_bn",
    "vgg16_timm",
    "vgg19",
    "vgg19_bn",
]


class Stages(nn.Sequential):
    """Five stages of 3 x 3 convolutions, each followed by a pool: table 1.

    (in_channels, H, W) -> (channels, H', W')
    """

    def __init__(
        self,
        in_channels: int,
        depths: Sequence[int],
        normalize: bool = False,
        ceil: bool = False,
    ) -> None:
        super().__init__()
        channels = in_channels
        for i, n in enumerate(depths):
            width = min(64 * 2**i, 512)
            for _ in range(n):
                self.append(nn.Conv2d(channels, width, 3, padding=1))
                if normalize:
                    self.append(nn.BatchNorm2d(width))
                self.append(nn.ReLU(inplace=True))
                channels = width
            self.append(nn.MaxPool2d(2, ceil_mode=ceil))
        self.out_channels = channels


class VGG(nn.Module):
    """Convolutions in five stages, then three fully connected layers: table 1.

    (3, H, W) -> (classes,)
    """

    def __init__(
        self, depths: Sequence[int], normalize: bool = False, classes: int = 1000
    ) -> None:
        super().__init__()
        self.features = Stages(3, depths, normalize=normalize)
        self.adaptive_avg_pool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(49 * self.features.out_channels, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(4096, classes),
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = self.adaptive_avg_pool(x)
        x = x.flatten(1)
        x = self.classifier(x)
        return x


class DenseVGG(nn.Module):
    """The fully connected layers as convolutions: section 3.2. The names are timm's.

    (3, H, W) -> (classes,)
    """

    def __init__(self, depths: Sequence[int], classes: int = 1000) -> None:
        super().__init__()
        self.features = Stages(3, depths)
        self.pre_logits = nn.Sequential(
            OrderedDict(
                fc1=nn.Conv2d(self.features.out_channels, 4096, 7),
                act1=nn.ReLU(inplace=True),
                fc2=nn.Conv2d(4096, 4096, 1),
                act2=nn.ReLU(inplace=True),
            )
        )
        self.head = nn.Sequential(OrderedDict(fc=nn.Linear(4096, classes)))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = self.pre_logits(x)
        x = x.mean(dim=(2, 3))
        x = self.head(x)
        return x


def vgg11(normalize: bool = False, classes: int = 1000) -> VGG:
    """VGG11: 132,863,336 parameters, 7.61 GMACs at 3 x 224 x 224."""
    return VGG([1, 1, 2, 2, 2], normalize=normalize, classes=classes)


def vgg13(normalize: bool = False, classes: int = 1000) -> VGG:
    """VGG13: 133,047,848 parameters, 11.3 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 2, 2, 2], normalize=normalize, classes=classes)


def vgg16(normalize: bool = False, classes: int = 1000) -> VGG:
    """VGG16: 138,357,544 parameters, 15.5 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 3, 3, 3], normalize=normalize, classes=classes)


def vgg19(normalize: bool = False, classes: int = 1000) -> VGG:
    """VGG19: 143,667,240 parameters, 19.6 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 4, 4, 4], normalize=normalize, classes=classes)


def vgg11_bn(classes: int = 1000) -> VGG:
    """VGG11_BN: 132,868,840 parameters, 7.61 GMACs at 3 x 224 x 224."""
    return VGG([1, 1, 2, 2, 2], normalize=True, classes=classes)


def vgg13_bn(classes: int = 1000) -> VGG:
    """VGG13_BN: 133,053,736 parameters, 11.3 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 2, 2, 2], normalize=True, classes=classes)


def vgg16_bn(classes: int = 1000) -> VGG:
    """VGG16_BN: 138,365,992 parameters, 15.5 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 3, 3, 3], normalize=True, classes=classes)


def vgg19_bn(classes: int = 1000) -> VGG:
    """VGG19_BN: 143,678,248 parameters, 19.6 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 4, 4, 4], normalize=True, classes=classes)


def vgg16_timm(classes: int = 1000) -> DenseVGG:
    """VGG16_Timm: 138,357,544 parameters, 15.5 GMACs at 3 x 224 x 224."""
    return DenseVGG([2, 2, 3, 3, 3], classes=classes)
