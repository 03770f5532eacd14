"""Xie et al., Aggregated Residual Transformations for Deep Neural Networks, 2016.
arXiv:1611.05431, table 1. Counts and layer names of keras-applications 1.0.8, which
says a grouped convolution as a depthwise one and a sum; Keras 3 has no such nets.

Generated from resnext.net by `netwright build resnext.net --target torch`.
"""

from collections.abc import Callable, Sequence

from torch import Tensor, nn

__all__ = ["ConvNorm", "Grouped", "ResNet", "resnext50", "resnext101"]


class ConvNorm(nn.Module):
    """Convolution and batch normalisation.

    (in_channels, H, W) -> (width, H', W')
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            width,
            kernel,
            stride=stride,
            padding=kernel // 2,
            groups=groups,
            bias=bias,
        )
        self.bn = nn.BatchNorm2d(width, eps=1.001e-5, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        x = self.bn(x)
        return x


class Grouped(nn.Module):
    """A grouped 3 x 3 convolution between two of 1 x 1, beside a shortcut: figure 3c.

    (in_channels, H, W) -> (4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(
        self, in_channels: int, width: int, stride: int = 1, groups: int = 32
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.width = width
        self.stride = stride
        self.out_channels = 4 * width
        if stride != 1 or in_channels != 4 * width:
            self.add_module(
                "0", ConvNorm(in_channels, 4 * width, stride=stride, bias=False)
            )
        self.add_module("1", ConvNorm(in_channels, 2 * width, bias=False))
        self.relu = nn.ReLU()
        self.add_module(
            "2",
            ConvNorm(
                2 * width, 2 * width, kernel=3, stride=stride, groups=groups, bias=False
            ),
        )
        self.add_module("3", ConvNorm(2 * width, 4 * width, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        y1 = x
        if self.stride != 1 or self.in_channels != 4 * self.width:
            y1 = self.get_submodule("0")(x)
        y2 = self.get_submodule("1")(x)
        y2 = self.relu(y2)
        y2 = self.get_submodule("2")(y2)
        y2 = self.relu(y2)
        y2 = self.get_submodule("3")(y2)
        x = y1 + y2
        x = self.relu(x)
        return x


class ResNet(nn.Module):
    """Residual network of four stages, each at half the resolution of the one before.

    (3, H, W) -> (classes,)
    """

    def __init__(
        self,
        unit: Callable[..., Grouped],
        depths: Sequence[int],
        bias: bool = True,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.depths = depths
        self.conv1 = ConvNorm(3, 64, kernel=7, stride=2, bias=bias)
        self.relu = nn.ReLU()
        self.max_pool = nn.MaxPool2d(3, stride=2, padding=1)
        channels = 64
        for i, n in enumerate(depths):
            conv = nn.Sequential()
            for j in range(n):
                block = unit(channels, 64 * 2**i, stride=2 if i > 0 and j == 0 else 1)
                conv.add_module(f"block{j + 1}", block)
                channels = block.out_channels
            self.add_module(f"conv{i + 2}", conv)
        self.predictions = nn.Linear(channels, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.relu(x)
        x = self.max_pool(x)
        for i in range(len(self.depths)):
            x = self.get_submodule(f"conv{i + 2}")(x)
        x = x.mean(dim=(2, 3))
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def resnext50(classes: int = 1000) -> ResNet:
    """ResNeXt50: 25,028,904 parameters, 4.23 GMACs at 3 x 224 x 224."""
    return ResNet(Grouped, [3, 4, 6, 3], bias=False, classes=classes)


def resnext101(classes: int = 1000) -> ResNet:
    """ResNeXt101: 44,177,704 parameters, 7.97 GMACs at 3 x 224 x 224."""
    return ResNet(Grouped, [3, 4, 23, 3], bias=False, classes=classes)
