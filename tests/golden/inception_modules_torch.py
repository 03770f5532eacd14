"""Szegedy et al., Going Deeper with Convolutions, 2014. arXiv:1409.4842

Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015.
arXiv:1512.00567

One module in the forms that the papers compare, on the input of GoogLeNet's inception
(3a).

Generated from inception_modules.net by `netwright build inception_modules.net --target
torch`.
"""

import torch
from torch import Tensor, nn

__all__ = [
    "ConvRelu",
    "InceptionFactorised",
    "InceptionNaive",
    "InceptionReduced",
    "InceptionStacked",
    "inceptionfactorised",
    "inceptionnaive",
    "inceptionreduced",
    "inceptionstacked",
]


class ConvRelu(nn.Sequential):
    """Convolution and ReLU.

    (in_channels, H, W) -> (width, H, W)
    """

    def __init__(
        self, in_channels: int, width: int, kernel: int | tuple[int, int]
    ) -> None:
        super().__init__(
            nn.Conv2d(in_channels, width, kernel, padding="same"), nn.ReLU(inplace=True)
        )


class InceptionNaive(nn.Module):
    """All kernels on the input itself: figure 2a of the first paper.

    (192, H, W) -> (c1 + c3 + c5 + 192, H', W')
    """

    def __init__(self, c1: int = 64, c3: int = 128, c5: int = 32) -> None:
        super().__init__()
        self.branch1 = ConvRelu(192, c1, 1)
        self.branch2 = ConvRelu(192, c3, 3)
        self.branch3 = ConvRelu(192, c5, 5)
        self.branch4 = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        branch4 = self.branch4(x)
        x = torch.cat([branch1, branch2, branch3, branch4], dim=1)
        return x


class InceptionReduced(nn.Module):
    """1 x 1 kernels in front of the larger ones and behind the pool: figure 2b of the
    first paper.

    (192, H, W) -> (c1 + c3 + c5 + pooled, H', W')
    """

    def __init__(
        self,
        c1: int = 64,
        r3: int = 96,
        c3: int = 128,
        r5: int = 16,
        c5: int = 32,
        pooled: int = 32,
    ) -> None:
        super().__init__()
        self.branch1 = ConvRelu(192, c1, 1)
        self.branch2 = nn.Sequential(ConvRelu(192, r3, 1), ConvRelu(r3, c3, 3))
        self.branch3 = nn.Sequential(ConvRelu(192, r5, 1), ConvRelu(r5, c5, 5))
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), ConvRelu(192, pooled, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        branch4 = self.branch4(x)
        x = torch.cat([branch1, branch2, branch3, branch4], dim=1)
        return x


class InceptionStacked(nn.Module):
    """Two kernels of 3 x 3 for one of 5 x 5: figure 5 of the second paper.

    (192, H, W) -> (c1 + c3 + c5 + pooled, H', W')
    """

    def __init__(
        self,
        c1: int = 64,
        r3: int = 96,
        c3: int = 128,
        r5: int = 16,
        c5: int = 32,
        pooled: int = 32,
    ) -> None:
        super().__init__()
        self.branch1 = ConvRelu(192, c1, 1)
        self.branch2 = nn.Sequential(ConvRelu(192, r3, 1), ConvRelu(r3, c3, 3))
        self.branch3 = nn.Sequential(
            ConvRelu(192, r5, 1), ConvRelu(r5, c5, 3), ConvRelu(c5, c5, 3)
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), ConvRelu(192, pooled, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        branch4 = self.branch4(x)
        x = torch.cat([branch1, branch2, branch3, branch4], dim=1)
        return x


class InceptionFactorised(nn.Module):
    """Kernels of 1 x 7 and 7 x 1 for one of 7 x 7: figure 6 of the second paper.

    (192, H, W) -> (c1 + c7 + c77 + pooled, H', W')
    """

    def __init__(
        self,
        c1: int = 64,
        r7: int = 96,
        c7: int = 128,
        r77: int = 16,
        c77: int = 32,
        pooled: int = 32,
    ) -> None:
        super().__init__()
        self.branch1 = ConvRelu(192, c1, 1)
        self.branch2 = nn.Sequential(
            ConvRelu(192, r7, 1), ConvRelu(r7, r7, (1, 7)), ConvRelu(r7, c7, (7, 1))
        )
        self.branch3 = nn.Sequential(
            ConvRelu(192, r77, 1),
            ConvRelu(r77, r77, (7, 1)),
            ConvRelu(r77, r77, (1, 7)),
            ConvRelu(r77, r77, (7, 1)),
            ConvRelu(r77, c77, (1, 7)),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), ConvRelu(192, pooled, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        branch4 = self.branch4(x)
        x = torch.cat([branch1, branch2, branch3, branch4], dim=1)
        return x


def inceptionnaive(c1: int = 64, c3: int = 128, c5: int = 32) -> InceptionNaive:
    """InceptionNaive: 387,296 parameters, 0.303 GMACs at 192 x 28 x 28."""
    return InceptionNaive(c1=c1, c3=c3, c5=c5)


def inceptionreduced(
    c1: int = 64,
    r3: int = 96,
    c3: int = 128,
    r5: int = 16,
    c5: int = 32,
    pooled: int = 32,
) -> InceptionReduced:
    """InceptionReduced: 163,696 parameters, 0.128 GMACs at 192 x 28 x 28."""
    return InceptionReduced(c1=c1, r3=r3, c3=c3, r5=r5, c5=c5, pooled=pooled)


def inceptionstacked(
    c1: int = 64,
    r3: int = 96,
    c3: int = 128,
    r5: int = 16,
    c5: int = 32,
    pooled: int = 32,
) -> InceptionStacked:
    """InceptionStacked: 164,752 parameters, 0.129 GMACs at 192 x 28 x 28."""
    return InceptionStacked(c1=c1, r3=r3, c3=c3, r5=r5, c5=c5, pooled=pooled)


def inceptionfactorised(
    c1: int = 64,
    r7: int = 96,
    c7: int = 128,
    r77: int = 16,
    c77: int = 32,
    pooled: int = 32,
) -> InceptionFactorised:
    """InceptionFactorised: 199,936 parameters, 0.156 GMACs at 192 x 28 x 28."""
    return InceptionFactorised(c1=c1, r7=r7, c7=c7, r77=r77, c77=c77, pooled=pooled)
