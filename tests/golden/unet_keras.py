"""Ronneberger et al., U-Net: Convolutional Networks for Biomedical Image Segmentation,
2015. arXiv:1505.04597

Generated from unet.net by `netwright build unet.net --target keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = ["double_conv", "unet", "unet_same"]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}

Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
ConvTranspose = partial(layers.Conv2DTranspose, kernel_initializer=HE_NORMAL)


def crop(x: KerasTensor, *, like: KerasTensor) -> KerasTensor:
    """The centre of a map, in the height and width of another."""
    height, width = x.shape[1] - like.shape[1], x.shape[2] - like.shape[2]
    top, left = height // 2, width // 2
    return layers.Cropping2D(((top, height - top), (left, width - left)))(x)


def double_conv(x: KerasTensor, width: int, *, pad: int = 0, name: str) -> KerasTensor:
    """Two convolutions; unpadded, as in the paper, they cost the map two cells at each
    border.

    (H, W, in_channels) -> (H + 4 * pad - 4, W + 4 * pad - 4, width)
    """
    if pad:
        x = layers.ZeroPadding2D(pad)(x)
    x = Conv(width, 3, activation="relu", name=f"{name}_0")(x)
    if pad:
        x = layers.ZeroPadding2D(pad)(x)
    x = Conv(width, 3, activation="relu", name=f"{name}_2")(x)
    return x


def unet(
    classes: int = 2,
    base: int = 64,
    colors: int = 1,
    side: int = 572,
    pad: int = 0,
    name: str = "unet",
) -> keras.Model:
    """Four steps down, four steps up, with a cropped skip connection at each level:
    figure 1.

    (side, side, colors) -> (H', W', classes)

    UNet: 31,030,658 trainable parameters, 150 GMACs at 572 x 572 x 1.
    """
    image: Any = keras.Input((side, side, colors), name="image")
    enc: dict[int, KerasTensor] = {}
    x = image
    for i in range(4):
        x = enc[i] = double_conv(x, base * 2**i, pad=pad, name=f"enc{i}")
        x = layers.MaxPooling2D(2)(x)
    x = double_conv(x, 16 * base, pad=pad, name="bridge")
    x = layers.Dropout(0.5)(x)
    for i in [3, 2, 1, 0]:
        up = ConvTranspose(base * 2**i, 2, strides=2, name=f"up{i}")(x)
        x = layers.Concatenate()([crop(enc[i], like=up), up])
        x = double_conv(x, base * 2**i, pad=pad, name=f"dec{i}")
    x = Conv(classes, 1, name="head")(x)
    return keras.Model(image, x, name=name)


def unet_same(classes: int = 2, base: int = 64) -> keras.Model:
    """UNet_Same: 31,031,810 trainable parameters, 48.2 GMACs at 256 x 256 x 3."""
    return unet(colors=3, side=256, pad=1, classes=classes, base=base, name="unet_same")
