"""Szegedy et al., Going Deeper with Convolutions, 2014. arXiv:1409.4842

As torchvision has it, which normalises batches and puts 3 x 3 kernels where the paper
has 5 x 5, and as the paper and Caffe's bvlc_googlenet have it.

Generated from googlenet.net by `netwright build googlenet.net --target torch`.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

__all__ = [
    "AuxHead",
    "ConvUnit",
    "GoogLeNet",
    "GoogLeNetOutputs",
    "Inception",
    "googlenet",
    "googlenet_noaux",
    "googlenet_paper",
    "googlenet_paper_noaux",
]


class ConvUnit(nn.Module):
    """Convolution and ReLU; between them batch normalisation, which the paper does not
    know.

    (in_channels, H, W) -> (width, H', W')
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        kernel: int | tuple[int, int],
        stride: int = 1,
        pad: int = 0,
        paper: bool = False,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, width, kernel, stride=stride, padding=pad, bias=paper
        )
        self.bn: nn.BatchNorm2d | None = None
        if not paper:
            self.bn = nn.BatchNorm2d(width, eps=0.001)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        if self.bn is not None:
            x = self.bn(x)
        x = self.relu(x)
        return x


class Inception(nn.Module):
    """Four branches side by side: figure 2b.

    (in_channels, H, W) -> (c1 + c3 + c5 + proj, H, W)
    """

    def __init__(
        self,
        in_channels: int,
        c1: int,
        r3: int,
        c3: int,
        r5: int,
        c5: int,
        proj: int,
        paper: bool = False,
    ) -> None:
        super().__init__()
        large = 5 if paper else 3
        self.branch1 = ConvUnit(in_channels, c1, 1, paper=paper)
        self.branch2 = nn.Sequential(
            ConvUnit(in_channels, r3, 1, paper=paper),
            ConvUnit(r3, c3, 3, pad=1, paper=paper),
        )
        self.branch3 = nn.Sequential(
            ConvUnit(in_channels, r5, 1, paper=paper),
            ConvUnit(r5, c5, large, pad=large // 2, paper=paper),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1),
            ConvUnit(in_channels, proj, 1, paper=paper),
        )

    def forward(self, x: Tensor) -> Tensor:
        branch1 = self.branch1(x)
        branch2 = self.branch2(x)
        branch3 = self.branch3(x)
        branch4 = self.branch4(x)
        x = torch.cat([branch1, branch2, branch3, branch4], dim=1)
        return x


class AuxHead(nn.Module):
    """Auxiliary classifier: section 5.

    (in_channels, H, W) -> (classes,)
    """

    def __init__(
        self,
        in_channels: int,
        in_height: int,
        in_width: int,
        classes: int,
        paper: bool = False,
    ) -> None:
        super().__init__()
        self.paper = paper
        if paper:
            height = (in_height + 1) // 3 - 1
            columns = (in_width + 1) // 3 - 1
        else:
            height = 4
            columns = 4
        self.avg_pool = nn.AvgPool2d(5, stride=3)
        self.adaptive_avg_pool = nn.AdaptiveAvgPool2d(4)
        self.conv = ConvUnit(in_channels, 128, 1, paper=paper)
        self.fc1 = nn.Linear(128 * height * columns, 1024)
        self.relu = nn.ReLU(inplace=True)
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(1024, classes)

    def forward(self, x: Tensor) -> Tensor:
        if self.paper:
            x = self.avg_pool(x)
        else:
            x = self.adaptive_avg_pool(x)
        x = self.conv(x)
        x = x.flatten(1)
        x = self.fc1(x)
        x = self.relu(x)
        x = self.dropout(x)
        x = self.fc2(x)
        return x


class GoogLeNetOutputs(NamedTuple):
    """What `GoogLeNet` returns in training."""

    logits: Tensor
    aux1: Tensor
    aux2: Tensor


class GoogLeNet(nn.Module):
    """Nine inception modules, and two auxiliary classifiers for training: table 1.

    (3, 224, 224) -> (classes,)
    """

    def __init__(
        self, classes: int = 1000, aux: bool = True, paper: bool = False
    ) -> None:
        super().__init__()
        self.aux = aux
        self.paper = paper
        self.conv1 = ConvUnit(3, 64, 7, stride=2, pad=3, paper=paper)
        self.max_pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.lrn = nn.LocalResponseNorm(5)
        self.conv2 = ConvUnit(64, 64, 1, paper=paper)
        self.conv3 = ConvUnit(64, 192, 3, pad=1, paper=paper)
        self.inception3a = Inception(192, 64, 96, 128, 16, 32, 32, paper=paper)
        self.inception3b = Inception(256, 128, 128, 192, 32, 96, 64, paper=paper)
        self.inception4a = Inception(480, 192, 96, 208, 16, 48, 64, paper=paper)
        self.inception4b = Inception(512, 160, 112, 224, 24, 64, 64, paper=paper)
        self.inception4c = Inception(512, 128, 128, 256, 24, 64, 64, paper=paper)
        self.inception4d = Inception(512, 112, 144, 288, 32, 64, 64, paper=paper)
        self.inception4e = Inception(528, 256, 160, 320, 32, 128, 128, paper=paper)
        self.max_pool_2 = nn.MaxPool2d(3 if paper else 2, stride=2, ceil_mode=True)
        self.inception5a = Inception(832, 256, 160, 320, 32, 128, 128, paper=paper)
        self.inception5b = Inception(832, 384, 192, 384, 48, 128, 128, paper=paper)
        if aux:
            self.aux1 = AuxHead(512, 14, 14, classes, paper=paper)
            self.aux2 = AuxHead(528, 14, 14, classes, paper=paper)
        self.dropout = nn.Dropout(0.4 if paper else 0.2)
        self.fc = nn.Linear(1024, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.normal_(module.weight, std=0.01)

    def forward(self, x: Tensor) -> Tensor | GoogLeNetOutputs:
        x = self.conv1(x)
        x = self.max_pool(x)
        if self.paper:
            x = self.lrn(x)
        x = self.conv2(x)
        x = self.conv3(x)
        if self.paper:
            x = self.lrn(x)
        x = self.max_pool(x)
        x = self.inception3a(x)
        x = self.inception3b(x)
        x = self.max_pool(x)
        x = inception4a = self.inception4a(x)
        x = self.inception4b(x)
        x = self.inception4c(x)
        x = inception4d = self.inception4d(x)
        x = self.inception4e(x)
        x = self.max_pool_2(x)
        x = self.inception5a(x)
        x = self.inception5b(x)
        x = x.mean(dim=(2, 3))
        x = self.dropout(x)
        x = self.fc(x)
        if self.training and self.aux:
            aux1 = self.aux1(inception4a)
            aux2 = self.aux2(inception4d)
            return GoogLeNetOutputs(x, aux1, aux2)
        return x


def googlenet(classes: int = 1000, aux: bool = True, paper: bool = False) -> GoogLeNet:
    """GoogLeNet: 13,004,888 parameters, 1.50 GMACs at 3 x 224 x 224."""
    return GoogLeNet(classes=classes, aux=aux, paper=paper)


def googlenet_noaux(classes: int = 1000, paper: bool = False) -> GoogLeNet:
    """GoogLeNet_NoAux: 6,624,904 parameters, 1.50 GMACs at 3 x 224 x 224."""
    return GoogLeNet(aux=False, classes=classes, paper=paper)


def googlenet_paper(classes: int = 1000, aux: bool = True) -> GoogLeNet:
    """GoogLeNet_Paper: 13,378,280 parameters, 1.58 GMACs at 3 x 224 x 224."""
    return GoogLeNet(paper=True, classes=classes, aux=aux)


def googlenet_paper_noaux(classes: int = 1000) -> GoogLeNet:
    """GoogLeNet_Paper_NoAux: 6,998,552 parameters, 1.58 GMACs at 3 x 224 x 224."""
    return GoogLeNet(aux=False, paper=True, classes=classes)
