"""Huang et al., Densely Connected Convolutional Networks, 2016. arXiv:1608.06993, table
1. As keras.applications has it, layer names and counts too.

Generated from densenet.net by `netwright build densenet.net --target keras`.
"""

from collections.abc import Sequence
from functools import partial

import keras
from keras import KerasTensor, layers

__all__ = [
    "dense_layer",
    "densenet",
    "densenet121",
    "densenet169",
    "densenet201",
    "transition",
]

BatchNorm = partial(layers.BatchNormalization, epsilon=1.001e-5)


def dense_layer(x: KerasTensor, *, growth: int = 32, name: str) -> KerasTensor:
    """The input, and `growth` channels computed from it: figure 2, with the bottleneck
    of section 3.

    (H, W, in_channels) -> (H, W, in_channels + growth)
    """
    y = BatchNorm(name=f"{name}_0_bn")(x)
    y = layers.ReLU()(y)
    y = layers.Conv2D(4 * growth, 1, use_bias=False, name=f"{name}_1_conv")(y)
    y = BatchNorm(name=f"{name}_1_bn")(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(growth, 3, padding="same", use_bias=False, name=f"{name}_2_conv")(
        y
    )
    x = layers.Concatenate()([x, y])
    return x


def transition(x: KerasTensor, *, name: str) -> KerasTensor:
    """Half the channels at half the resolution.

    (H, W, in_channels) -> (H // 2, W // 2, in_channels // 2)
    """
    in_channels = x.shape[-1]
    x = BatchNorm(name=f"{name}_bn")(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(in_channels // 2, 1, use_bias=False, name=f"{name}_conv")(x)
    x = layers.AveragePooling2D(2)(x)
    return x


def densenet(
    depths: Sequence[int], classes: int = 1000, name: str = "densenet"
) -> keras.Model:
    """Dense blocks with transitions between them.

    (224, 224, 3) -> (classes,)
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.ZeroPadding2D(3)(image)
    x = layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x)
    x = BatchNorm(name="conv1_bn")(x)
    x = layers.ReLU()(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i, n in enumerate(depths):
        if i > 0:
            x = transition(x, name=f"pool{i + 1}")
        for j in range(n):
            x = dense_layer(x, name=f"conv{i + 2}_block{j + 1}")
    x = BatchNorm(name="bn")(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)


def densenet121(classes: int = 1000) -> keras.Model:
    """DenseNet121: 7,978,856 trainable parameters, 2.83 GMACs at 224 x 224 x 3."""
    return densenet([6, 12, 24, 16], classes=classes, name="densenet121")


def densenet169(classes: int = 1000) -> keras.Model:
    """DenseNet169: 14,149,480 trainable parameters, 3.36 GMACs at 224 x 224 x 3."""
    return densenet([6, 12, 32, 32], classes=classes, name="densenet169")


def densenet201(classes: int = 1000) -> keras.Model:
    """DenseNet201: 20,013,928 trainable parameters, 4.29 GMACs at 224 x 224 x 3."""
    return densenet([6, 12, 48, 32], classes=classes, name="densenet201")
