"""Xie et al., Aggregated Residual Transformations for Deep Neural Networks, 2016.
arXiv:1611.05431, table 1. Counts and layer names of keras-applications 1.0.8, which
says a grouped convolution as a depthwise one and a sum; Keras 3 has no such nets.

Generated from resnext.net by `netwright build resnext.net --target keras`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = ["conv_norm", "grouped", "resnet", "resnext50", "resnext101"]

BatchNorm = partial(layers.BatchNormalization, epsilon=1.001e-5)


def conv_norm(
    x: KerasTensor,
    width: int,
    *,
    kernel: int = 1,
    stride: int = 1,
    groups: int = 1,
    bias: bool = True,
    name: str,
) -> KerasTensor:
    """Convolution and batch normalisation.

    (H, W, in_channels) -> (H', W', width)
    """
    if kernel // 2:
        x = layers.ZeroPadding2D(kernel // 2)(x)
    x = layers.Conv2D(
        width, kernel, strides=stride, groups=groups, use_bias=bias, name=f"{name}_conv"
    )(x)
    x = BatchNorm(name=f"{name}_bn")(x)
    return x


def grouped(
    x: KerasTensor, width: int, *, stride: int = 1, groups: int = 32, name: str
) -> KerasTensor:
    """A grouped 3 x 3 convolution between two of 1 x 1, beside a shortcut: figure 3c.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, 4 * width)
    """
    in_channels = x.shape[-1]
    y1 = x
    if stride != 1 or in_channels != 4 * width:
        y1 = conv_norm(x, 4 * width, stride=stride, bias=False, name=f"{name}_0")
    y2 = conv_norm(x, 2 * width, bias=False, name=f"{name}_1")
    y2 = layers.ReLU()(y2)
    y2 = conv_norm(
        y2,
        2 * width,
        kernel=3,
        stride=stride,
        groups=groups,
        bias=False,
        name=f"{name}_2",
    )
    y2 = layers.ReLU()(y2)
    y2 = conv_norm(y2, 4 * width, bias=False, name=f"{name}_3")
    x = layers.Add()([y1, y2])
    x = layers.ReLU()(x)
    return x


def resnet(
    unit: Callable[..., KerasTensor],
    depths: Sequence[int],
    bias: bool = True,
    classes: int = 1000,
    name: str = "resnet",
) -> keras.Model:
    """Residual network of four stages, each at half the resolution of the one before.

    (224, 224, 3) -> (classes,)
    """
    image: Any = keras.Input((224, 224, 3), name="image")
    x = conv_norm(image, 64, kernel=7, stride=2, bias=bias, name="conv1")
    x = layers.ReLU()(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i, n in enumerate(depths):
        for j in range(n):
            x = unit(
                x,
                64 * 2**i,
                stride=2 if i > 0 and j == 0 else 1,
                name=f"conv{i + 2}_block{j + 1}",
            )
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)


def resnext50(classes: int = 1000) -> keras.Model:
    """ResNeXt50: 25,028,904 trainable parameters, 4.23 GMACs at 224 x 224 x 3."""
    return resnet(grouped, [3, 4, 6, 3], bias=False, classes=classes, name="resnext50")


def resnext101(classes: int = 1000) -> keras.Model:
    """ResNeXt101: 44,177,704 trainable parameters, 7.97 GMACs at 224 x 224 x 3."""
    return resnet(
        grouped, [3, 4, 23, 3], bias=False, classes=classes, name="resnext101"
    )
