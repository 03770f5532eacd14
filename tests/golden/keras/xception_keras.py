"""Chollet, Xception: Deep Learning with Depthwise Separable Convolutions, 2016.
arXiv:1610.02357, figure 5. As keras.applications has it, layer names and counts too;
shortcuts have none, so that Keras calls them `conv2d` and `batch_normalization`, with
numbers.

Generated from xception.net by `netwright build xception.net --target keras`.
"""

from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = ["downsample", "entry", "exit_flow", "middle_flow", "xception"]


def entry(x: KerasTensor, *, name: str) -> KerasTensor:
    """Two convolutions, the first at half the resolution.

    (H, W, in_channels) -> ((H + 1) // 2 - 3, (W + 1) // 2 - 3, 64)
    """
    x = layers.Conv2D(32, 3, strides=2, use_bias=False, name=f"{name}_conv1")(x)
    x = layers.BatchNormalization(name=f"{name}_conv1_bn")(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(64, 3, use_bias=False, name=f"{name}_conv2")(x)
    x = layers.BatchNormalization(name=f"{name}_conv2_bn")(x)
    x = layers.ReLU()(x)
    return x


def downsample(
    x: KerasTensor, inner: int, width: int, *, active: bool = True, name: str
) -> KerasTensor:
    """Two separable convolutions and a pool, beside a convolution at half the
    resolution.

    (H, W, in_channels) -> ((H + 1) // 2, (W + 1) // 2, width)
    """
    y = x
    if active:
        y = layers.ReLU()(x)
    y = layers.SeparableConv2D(
        inner, 3, padding="same", use_bias=False, name=f"{name}_sepconv1"
    )(y)
    y = layers.BatchNormalization(name=f"{name}_sepconv1_bn")(y)
    y = layers.ReLU()(y)
    y = layers.SeparableConv2D(
        width, 3, padding="same", use_bias=False, name=f"{name}_sepconv2"
    )(y)
    y = layers.BatchNormalization(name=f"{name}_sepconv2_bn")(y)
    y = layers.MaxPooling2D(3, strides=2, padding="same")(y)
    shortcut = layers.Conv2D(width, 1, strides=2, use_bias=False)(x)
    shortcut = layers.BatchNormalization()(shortcut)
    x = layers.Add()([y, shortcut])
    return x


def middle_flow(x: KerasTensor, *, name: str) -> KerasTensor:
    """Three separable convolutions beside their input.

    (H, W, in_channels) -> (H, W, in_channels)
    """
    in_channels = x.shape[-1]
    y = x
    for i in range(3):
        y = layers.ReLU()(y)
        y = layers.SeparableConv2D(
            in_channels,
            3,
            padding="same",
            use_bias=False,
            name=f"{name}_sepconv{i + 1}",
        )(y)
        y = layers.BatchNormalization(name=f"{name}_sepconv{i + 1}_bn")(y)
    x = layers.Add()([y, x])
    return x


def exit_flow(x: KerasTensor, *, name: str) -> KerasTensor:
    """Two separable convolutions, each normalised and active.

    (H, W, in_channels) -> (H, W, 2048)
    """
    x = layers.SeparableConv2D(
        1536, 3, padding="same", use_bias=False, name=f"{name}_sepconv1"
    )(x)
    x = layers.BatchNormalization(name=f"{name}_sepconv1_bn")(x)
    x = layers.ReLU()(x)
    x = layers.SeparableConv2D(
        2048, 3, padding="same", use_bias=False, name=f"{name}_sepconv2"
    )(x)
    x = layers.BatchNormalization(name=f"{name}_sepconv2_bn")(x)
    x = layers.ReLU()(x)
    return x


def xception(classes: int = 1000, name: str = "xception") -> keras.Model:
    """Entry flow, middle flow, exit flow.

    (299, 299, 3) -> (classes,)

    Xception: 22,855,952 trainable parameters, 8.36 GMACs at 299 x 299 x 3.
    """
    image: Any = keras.Input((299, 299, 3), name="image")
    x = entry(image, name="block1")
    x = downsample(x, 128, 128, active=False, name="block2")
    x = downsample(x, 256, 256, name="block3")
    x = downsample(x, 728, 728, name="block4")
    for i in range(8):
        x = middle_flow(x, name=f"block{i + 5}")
    x = downsample(x, 728, 1024, name="block13")
    x = exit_flow(x, name="block14")
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)
