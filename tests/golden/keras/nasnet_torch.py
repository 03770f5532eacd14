"""Zoph et al., Learning Transferable Architectures for Scalable Image Recognition,
2017. arXiv:1707.07012. NASNet-A as keras.applications has it, layer names and counts
too: a name ends in that of its cell, `separable_conv_1_normal_left1_3`.

Generated from nasnet.net by `netwright build nasnet.net --target torch`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = [
    "NASNet",
    "NormalCell",
    "ReductionCell",
    "Separable",
    "nasnetlarge",
    "nasnetmobile",
]


class SeparableConv(nn.Module):
    """A filter for each channel, then a convolution of one cell."""

    def __init__(self, depthwise: nn.Module, pointwise: nn.Module) -> None:
        super().__init__()
        self.depthwise = depthwise
        self.pointwise = pointwise

    def forward(self, x: Tensor) -> Tensor:
        x = self.depthwise(x)
        x = self.pointwise(x)
        return x


def pad_same(
    x: Tensor,
    kernel: int | tuple[int, ...],
    stride: int | tuple[int, ...] = 1,
    dilation: int | tuple[int, ...] = 1,
    value: float = 0.0,
) -> Tensor:
    """Pad, so that a window gives ceil(size / stride) cells; the odd one at the end."""
    pads: list[int] = []
    for axis in reversed(range(x.dim() - 2)):
        window = (kernel, stride, dilation)
        k, s, d = (n if isinstance(n, int) else n[axis] for n in window)
        size = x.shape[axis + 2]
        excess = max((size - 1) // s * s + d * (k - 1) + 1 - size, 0)
        pads += [excess // 2, excess - excess // 2]
    return F.pad(x, pads, value=value)


class SameConv2d(nn.Conv2d):
    """Convolution to ceil(size / stride) cells; the odd cell of padding at the end."""

    def forward(self, input: Tensor) -> Tensor:
        x = pad_same(input, self.kernel_size, self.stride, self.dilation)
        return super().forward(x)


def scaled_normal_(weight: Tensor, scale: float, mode: str) -> Tensor:
    """Normal values of variance scale / fan, drawn again outside of two deviations."""
    inputs, outputs = weight[0].numel(), weight[:, 0].numel()
    fans = {"fan_in": inputs, "fan_out": outputs, "fan_avg": (inputs + outputs) / 2}
    std = (scale / fans[mode]) ** 0.5 / 0.87962566103423978  # what the cut leaves of it
    return nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)


class Separable(nn.Module):
    """Twice: ReLU, separable convolution, batch normalisation.

    (in_channels, H, W) -> (width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(
        self, in_channels: int, width: int, kernel: int = 3, stride: int = 1
    ) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.separable_conv_1 = SeparableConv(
            SameConv2d(
                in_channels,
                in_channels,
                kernel,
                stride=stride,
                groups=in_channels,
                bias=False,
            ),
            nn.Conv2d(in_channels, width, 1, bias=False),
        )
        self.separable_conv_1_bn = nn.BatchNorm2d(width, eps=0.001, momentum=0.0003)
        self.separable_conv_2 = SeparableConv(
            nn.Conv2d(width, width, kernel, padding="same", groups=width, bias=False),
            nn.Conv2d(width, width, 1, bias=False),
        )
        self.separable_conv_2_bn = nn.BatchNorm2d(width, eps=0.001, momentum=0.0003)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(x)
        x = self.separable_conv_1(x)
        x = self.separable_conv_1_bn(x)
        x = self.relu(x)
        x = self.separable_conv_2(x)
        x = self.separable_conv_2_bn(x)
        return x


class NormalCell(nn.Module):
    """Normal cell, from the results of the two cells before it: figure 4, left.

    (in_channels, H, W), (previous_channels, H, W) -> (2 * channels + 4 * width, H, W)
    """

    def __init__(
        self, in_channels: int, previous_channels: int, width: int, halves: bool = False
    ) -> None:
        super().__init__()
        self.halves = halves
        self.relu = nn.ReLU()
        self.normal_conv_1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.normal_bn_1 = nn.BatchNorm2d(width, eps=0.001, momentum=0.0003)
        if halves:
            self.adjust_conv_1 = nn.Conv2d(previous_channels, width // 2, 1, bias=False)
            self.adjust_conv_2 = nn.Conv2d(previous_channels, width // 2, 1, bias=False)
            channels = 2 * (width // 2)
        else:
            self.adjust_conv_projection = nn.Conv2d(
                previous_channels, width, 1, bias=False
            )
            channels = width
        self.avg_pool = nn.AvgPool2d(1, stride=2)
        self.adjust_bn = nn.BatchNorm2d(channels, eps=0.001, momentum=0.0003)
        self.normal_left1 = Separable(width, width, kernel=5)
        self.normal_right1 = Separable(channels, width)
        self.normal_left2 = Separable(channels, width, kernel=5)
        self.normal_right2 = Separable(channels, width)
        self.avg_pool_2 = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
        self.normal_left5 = Separable(width, width)
        self.out_channels = 2 * channels + 4 * width
        for module in self.children():
            if isinstance(module, nn.Conv2d):
                scaled_normal_(module.weight, 2, "fan_in")

    def forward(self, x: Tensor, previous: Tensor) -> Tensor:
        x = self.relu(x)
        x = self.normal_conv_1(x)
        newer = self.normal_bn_1(x)
        x = self.relu(previous)
        if self.halves:
            y1 = self.avg_pool(x)
            y1 = self.adjust_conv_1(y1)
            y2 = F.pad(x, (0, 1, 0, 1))
            y2 = y2[:, :, 1:, 1:]
            y2 = self.avg_pool(y2)
            y2 = self.adjust_conv_2(y2)
            x = torch.cat([y1, y2], dim=1)
        else:
            x = self.adjust_conv_projection(x)
        older = self.adjust_bn(x)
        y2 = self.normal_left1(newer) + self.normal_right1(older)
        y3 = self.normal_left2(older) + self.normal_right2(older)
        y4 = self.avg_pool_2(newer) + older
        y5 = self.avg_pool_2(older) + self.avg_pool_2(older)
        y6 = self.normal_left5(newer) + newer
        x = torch.cat([older, y2, y3, y4, y5, y6], dim=1)
        return x


class ReductionCell(nn.Module):
    """Reduction cell, which halves the resolution: figure 4, right.

    (in_channels, H, W), (previous_channels, H, W) -> (4 * width, H', W')
    """

    def __init__(
        self,
        in_channels: int,
        previous_channels: int,
        width: int,
        fits: bool = True,
        halves: bool = False,
    ) -> None:
        super().__init__()
        self.fits = fits
        self.halves = halves
        self.relu = nn.ReLU()
        self.reduction_conv_1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.reduction_bn_1 = nn.BatchNorm2d(width, eps=0.001, momentum=0.0003)
        if fits:
            if halves:
                self.adjust_conv_1 = nn.Conv2d(
                    previous_channels, width // 2, 1, bias=False
                )
                self.adjust_conv_2 = nn.Conv2d(
                    previous_channels, width // 2, 1, bias=False
                )
                channels = 2 * (width // 2)
            else:
                self.adjust_conv_projection = nn.Conv2d(
                    previous_channels, width, 1, bias=False
                )
                channels = width
            self.adjust_bn = nn.BatchNorm2d(channels, eps=0.001, momentum=0.0003)
        else:
            channels = previous_channels
        self.avg_pool = nn.AvgPool2d(1, stride=2)
        self.reduction_left1 = Separable(width, width, kernel=5, stride=2)
        self.reduction_right1 = Separable(channels, width, kernel=7, stride=2)
        self.max_pool = nn.MaxPool2d(3, stride=2)
        self.reduction_right2 = Separable(channels, width, kernel=7, stride=2)
        self.avg_pool_2 = nn.AvgPool2d(3, stride=2)
        self.reduction_right3 = Separable(channels, width, kernel=5, stride=2)
        self.avg_pool_3 = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
        self.reduction_left4 = Separable(width, width)
        for module in self.children():
            if isinstance(module, nn.Conv2d):
                scaled_normal_(module.weight, 2, "fan_in")

    def forward(self, x: Tensor, previous: Tensor) -> Tensor:
        x = self.relu(x)
        x = self.reduction_conv_1(x)
        newer = self.reduction_bn_1(x)
        if self.fits:
            previous = self.relu(previous)
            if self.halves:
                y1 = self.avg_pool(previous)
                y1 = self.adjust_conv_1(y1)
                y2 = F.pad(previous, (0, 1, 0, 1))
                y2 = y2[:, :, 1:, 1:]
                y2 = self.avg_pool(y2)
                y2 = self.adjust_conv_2(y2)
                previous = torch.cat([y1, y2], dim=1)
            else:
                previous = self.adjust_conv_projection(previous)
            previous = self.adjust_bn(previous)
        older = previous
        padded = pad_same(newer, 3, 2)
        first = self.reduction_left1(newer) + self.reduction_right1(older)
        second = self.max_pool(padded) + self.reduction_right2(older)
        y2 = self.avg_pool_2(padded) + self.reduction_right3(older)
        y3 = second + self.avg_pool_3(first)
        y4 = self.reduction_left4(first) + self.max_pool(padded)
        x = torch.cat([second, y2, y3, y4], dim=1)
        return x


class NASNet(nn.Module):
    """Two reduction cells, then three stages of normal cells with a reduction cell
    between them: figure 2, right. A cell reads the two before it; `skips` says that the
    first of a stage does not read the input of the reduction cell but what came before
    that.

    (3, side, side) -> (classes,)
    """

    def __init__(
        self,
        cells: int,
        width: int,
        stem: int,
        side: int,
        skips: bool = False,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.cells = cells
        self.skips = skips
        self.stem_conv1 = nn.Conv2d(3, stem, 3, stride=2, bias=False)
        scaled_normal_(self.stem_conv1.weight, 2, "fan_in")
        self.stem_bn1 = nn.BatchNorm2d(stem, eps=0.001, momentum=0.0003)
        self.stem_1 = ReductionCell(stem, stem, width // 4, fits=False)
        self.stem_2 = ReductionCell(4 * (width // 4), stem, width // 2, halves=True)
        previous_channels = 4 * (width // 4)
        current_channels = 4 * (width // 2)
        channels = 4 * (width // 2)
        for stage in range(3):
            if stage > 0:
                self.add_module(
                    f"reduce_{stage * cells}",
                    ReductionCell(channels, previous_channels, width * 2**stage),
                )
                if not skips:
                    previous_channels = current_channels
                current_channels = 4 * width * 2**stage
                channels = 4 * width * 2**stage
            for i in range(cells):
                block = NormalCell(
                    channels, previous_channels, width * 2**stage, halves=i == 0
                )
                self.add_module(f"{stage * cells + min(stage, 1) + i}", block)
                previous_channels = current_channels
                current_channels = block.out_channels
                channels = block.out_channels
        self.relu = nn.ReLU()
        self.predictions = nn.Linear(channels, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem_conv1(x)
        x = stem_bn1 = self.stem_bn1(x)
        x = stem_1 = self.stem_1(x, x)
        x = self.stem_2(x, stem_bn1)
        previous, current = stem_1, x
        for stage in range(3):
            if stage > 0:
                x = self.get_submodule(f"reduce_{stage * self.cells}")(x, previous)
                if not self.skips:
                    previous = current
                current = x
            for i in range(self.cells):
                x = self.get_submodule(f"{stage * self.cells + min(stage, 1) + i}")(
                    x, previous
                )
                previous, current = current, x
        x = self.relu(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def nasnetmobile(skips: bool = False, classes: int = 1000) -> NASNet:
    """NASNetMobile: 5,289,978 parameters, 0.564 GMACs at 3 x 224 x 224."""
    return NASNet(4, 44, 32, 224, skips=skips, classes=classes)


def nasnetlarge(classes: int = 1000) -> NASNet:
    """NASNetLarge: 88,753,150 parameters, 23.8 GMACs at 3 x 331 x 331."""
    return NASNet(6, 168, 96, 331, skips=True, classes=classes)
