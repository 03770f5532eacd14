"""Ronneberger et al., U-Net: Convolutional Networks for Biomedical Image Segmentation,
2015. arXiv:1505.04597

Generated from unet.net by `netwright build unet.net --target torch`.
"""

import torch
from torch import Tensor, nn

__all__ = ["DoubleConv", "UNet", "unet", "unet_same"]


def crop(x: Tensor, *, like: Tensor) -> Tensor:
    """The centre of a map, in the height and width of another."""
    height, width = like.shape[-2:]
    top, left = (x.shape[-2] - height) // 2, (x.shape[-1] - width) // 2
    return x[..., top : top + height, left : left + width]


class DoubleConv(nn.Sequential):
    """Two convolutions; unpadded, as in the paper, they cost the map two cells at each
    border.

    (in_channels, H, W) -> (width, H + 4 * pad - 4, W + 4 * pad - 4)
    """

    def __init__(self, in_channels: int, width: int, pad: int = 0) -> None:
        super().__init__(
            nn.Conv2d(in_channels, width, 3, padding=pad),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, padding=pad),
            nn.ReLU(inplace=True),
        )


class UNet(nn.Module):
    """Four steps down, four steps up, with a cropped skip connection at each level:
    figure 1.

    (colors, side, side) -> (classes, H', W')
    """

    def __init__(
        self,
        classes: int = 2,
        base: int = 64,
        colors: int = 1,
        side: int = 572,
        pad: int = 0,
    ) -> None:
        super().__init__()
        channels = colors
        for i in range(4):
            self.add_module(f"enc{i}", DoubleConv(channels, base * 2**i, pad=pad))
            channels = base * 2**i
        self.max_pool = nn.MaxPool2d(2)
        self.bridge = DoubleConv(channels, 16 * base, pad=pad)
        self.dropout = nn.Dropout(0.5)
        channels = 16 * base
        for i in [3, 2, 1, 0]:
            self.add_module(
                f"up{i}", nn.ConvTranspose2d(channels, base * 2**i, 2, stride=2)
            )
            self.add_module(
                f"dec{i}", DoubleConv(2 * base * 2**i, base * 2**i, pad=pad)
            )
            channels = base * 2**i
        self.head = nn.Conv2d(channels, classes, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        enc: dict[int, Tensor] = {}
        for i in range(4):
            x = enc[i] = self.get_submodule(f"enc{i}")(x)
            x = self.max_pool(x)
        x = self.bridge(x)
        x = self.dropout(x)
        for i in [3, 2, 1, 0]:
            up = self.get_submodule(f"up{i}")(x)
            x = torch.cat([crop(enc[i], like=up), up], dim=1)
            x = self.get_submodule(f"dec{i}")(x)
        x = self.head(x)
        return x


def unet(
    classes: int = 2, base: int = 64, colors: int = 1, side: int = 572, pad: int = 0
) -> UNet:
    """UNet: 31,030,658 parameters, 150 GMACs at 1 x 572 x 572."""
    return UNet(classes=classes, base=base, colors=colors, side=side, pad=pad)


def unet_same(classes: int = 2, base: int = 64) -> UNet:
    """UNet_Same: 31,031,810 parameters, 48.2 GMACs at 3 x 256 x 256."""
    return UNet(colors=3, side=256, pad=1, classes=classes, base=base)
