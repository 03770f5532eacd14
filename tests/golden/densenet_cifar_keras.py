"""Huang et al., Densely Connected Convolutional Networks, 2016. arXiv:1608.06993

The networks for CIFAR, whose counts are those of the authors' densenet.lua.

Generated from densenet_cifar.net by `netwright build densenet_cifar.net --target
keras`.
"""

from collections.abc import Callable
from functools import partial

import keras
from keras import KerasTensor, layers

__all__ = [
    "dense_layer",
    "densenet40_cifar",
    "densenetbc100_cifar",
    "densenetcifar",
    "plain_layer",
    "transition",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}

BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)
Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)


def dense_layer(
    x: KerasTensor, growth: int, *, expansion: int = 4, name: str
) -> KerasTensor:
    """The input, and `growth` channels computed from it: figure 2, with the bottleneck
    of section 3.

    (H, W, in_channels) -> (H, W, in_channels + growth)
    """
    y = BatchNorm(name=f"{name}_norm1")(x)
    y = layers.ReLU()(y)
    y = Conv(expansion * growth, 1, use_bias=False, name=f"{name}_conv1")(y)
    y = BatchNorm(name=f"{name}_norm2")(y)
    y = layers.ReLU()(y)
    y = Conv(growth, 3, padding="same", use_bias=False, name=f"{name}_conv2")(y)
    x = layers.Concatenate()([x, y])
    return x


def transition(x: KerasTensor, *, reduction: int = 2, name: str) -> KerasTensor:
    """Fewer channels at half the resolution.

    (H, W, in_channels) -> (H // 2, W // 2, in_channels // reduction)
    """
    in_channels = x.shape[-1]
    x = BatchNorm(name=f"{name}_norm")(x)
    x = layers.ReLU()(x)
    x = Conv(in_channels // reduction, 1, use_bias=False, name=f"{name}_conv")(x)
    x = layers.AveragePooling2D(2)(x)
    return x


def plain_layer(x: KerasTensor, growth: int, *, name: str) -> KerasTensor:
    """The input, and `growth` channels computed from it: section 3, without a
    bottleneck.

    (H, W, in_channels) -> (H, W, in_channels + growth)
    """
    y = BatchNorm(name=f"{name}_norm")(x)
    y = layers.ReLU()(y)
    y = Conv(growth, 3, padding="same", use_bias=False, name=f"{name}_conv")(y)
    x = layers.Concatenate()([x, y])
    return x


def densenetcifar(
    unit: Callable[..., KerasTensor],
    n: int,
    width: int,
    growth: int = 12,
    reduction: int = 1,
    classes: int = 10,
    name: str = "densenetcifar",
) -> keras.Model:
    """Three dense blocks of as many layers each: section 4.2.

    (32, 32, 3) -> (classes,)
    """
    image = keras.Input((32, 32, 3), name="image")
    x = Conv(width, 3, padding="same", use_bias=False, name="features_conv0")(image)
    for i in range(3):
        if i > 0:
            x = transition(x, reduction=reduction, name=f"features_transition{i}")
        for j in range(n):
            x = unit(x, growth, name=f"features_denseblock{i + 1}_{j}")
    x = BatchNorm(name="features_norm")(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, name="classifier")(x)
    return keras.Model(image, x, name=name)


def densenet40_cifar(
    growth: int = 12, reduction: int = 1, classes: int = 10
) -> keras.Model:
    """DenseNet40_CIFAR: 1,019,722 trainable parameters, 0.265 GMACs at 32 x 32 x 3."""
    return densenetcifar(
        plain_layer,
        12,
        width=16,
        growth=growth,
        reduction=reduction,
        classes=classes,
        name="densenet40_cifar",
    )


def densenetbc100_cifar(growth: int = 12, classes: int = 10) -> keras.Model:
    """DenseNetBC100_CIFAR: 769,162 trainable parameters, 0.288 GMACs at 32 x 32 x 3."""
    return densenetcifar(
        dense_layer,
        16,
        width=24,
        reduction=2,
        growth=growth,
        classes=classes,
        name="densenetbc100_cifar",
    )
