"""He et al., Deep Residual Learning for Image Recognition, 2015. arXiv:1512.03385,
table 1. As keras.applications has it, layer names and counts too: convolutions have
biases, and the stride is in the first of a block's.

Generated from resnet.net by `netwright build resnet.net --target keras`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = ["bottleneck", "conv_norm", "resnet", "resnet50", "resnet101", "resnet152"]

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


def bottleneck(
    x: KerasTensor, width: int, *, stride: int = 1, name: str
) -> KerasTensor:
    """A 3 x 3 convolution between two of 1 x 1, beside a shortcut: figure 5, right.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, 4 * width)
    """
    in_channels = x.shape[-1]
    y1 = x
    if stride != 1 or in_channels != 4 * width:
        y1 = conv_norm(x, 4 * width, stride=stride, name=f"{name}_0")
    y2 = conv_norm(x, width, stride=stride, name=f"{name}_1")
    y2 = layers.ReLU()(y2)
    y2 = conv_norm(y2, width, kernel=3, name=f"{name}_2")
    y2 = layers.ReLU()(y2)
    y2 = conv_norm(y2, 4 * width, name=f"{name}_3")
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


def resnet50(bias: bool = True, classes: int = 1000) -> keras.Model:
    """ResNet50: 25,583,592 trainable parameters, 3.86 GMACs at 224 x 224 x 3."""
    return resnet(bottleneck, [3, 4, 6, 3], bias=bias, classes=classes, name="resnet50")


def resnet101(bias: bool = True, classes: int = 1000) -> keras.Model:
    """ResNet101: 44,601,832 trainable parameters, 7.57 GMACs at 224 x 224 x 3."""
    return resnet(
        bottleneck, [3, 4, 23, 3], bias=bias, classes=classes, name="resnet101"
    )


def resnet152(bias: bool = True, classes: int = 1000) -> keras.Model:
    """ResNet152: 60,268,520 trainable parameters, 11.3 GMACs at 224 x 224 x 3."""
    return resnet(
        bottleneck, [3, 8, 36, 3], bias=bias, classes=classes, name="resnet152"
    )
