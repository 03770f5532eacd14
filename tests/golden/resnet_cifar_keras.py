"""He et al., Deep Residual Learning for Image Recognition, 2015. arXiv:1512.03385

The networks of section 4.2, whose shortcuts have no weights: option A.

Generated from resnet_cifar.net by `netwright build resnet_cifar.net --target keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = [
    "basic",
    "resnet20_cifar",
    "resnet56_cifar",
    "resnet110_cifar",
    "resnetcifar",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}

Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)
Linear = partial(layers.Dense, kernel_initializer=HE_NORMAL)


def basic(x: KerasTensor, width: int, *, stride: int = 1, name: str) -> KerasTensor:
    """Two 3 x 3 convolutions beside every second cell of the input, with channels of
    zeros behind it.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, width)
    """
    in_channels = x.shape[-1]
    y1: Any = x
    if stride != 1 or in_channels != width:
        y1 = layers.AveragePooling2D(1, strides=stride)(x)
        y1 = ops.pad(y1, ((0, 0), (0, 0), (0, 0), (0, width - in_channels)))
    y2 = layers.ZeroPadding2D(1)(x)
    y2 = Conv(width, 3, strides=stride, use_bias=False, name=f"{name}_conv1")(y2)
    y2 = BatchNorm(name=f"{name}_bn1")(y2)
    y2 = layers.ReLU()(y2)
    y2 = Conv(width, 3, padding="same", use_bias=False, name=f"{name}_conv2")(y2)
    y2 = BatchNorm(name=f"{name}_bn2")(y2)
    x = layers.Add()([y1, y2])
    x = layers.ReLU()(x)
    return x


def resnetcifar(n: int, classes: int = 10, name: str = "resnetcifar") -> keras.Model:
    """6 n + 2 layers with weights.

    (32, 32, 3) -> (classes,)
    """
    image = keras.Input((32, 32, 3), name="image")
    x = Conv(16, 3, padding="same", use_bias=False, name="conv1")(image)
    x = BatchNorm(name="bn1")(x)
    x = layers.ReLU()(x)
    for i in range(3):
        for j in range(n):
            x = basic(
                x,
                16 * 2**i,
                stride=2 if i > 0 and j == 0 else 1,
                name=f"layer{i + 1}_{j}",
            )
    x = layers.GlobalAveragePooling2D()(x)
    x = Linear(classes, name="fc")(x)
    return keras.Model(image, x, name=name)


def resnet20_cifar(classes: int = 10) -> keras.Model:
    """ResNet20_CIFAR: 269,722 trainable parameters, 0.0406 GMACs at 32 x 32 x 3."""
    return resnetcifar(3, classes=classes, name="resnet20_cifar")


def resnet56_cifar(classes: int = 10) -> keras.Model:
    """ResNet56_CIFAR: 853,018 trainable parameters, 0.125 GMACs at 32 x 32 x 3."""
    return resnetcifar(9, classes=classes, name="resnet56_cifar")


def resnet110_cifar(classes: int = 10) -> keras.Model:
    """ResNet110_CIFAR: 1,727,962 trainable parameters, 0.253 GMACs at 32 x 32 x 3."""
    return resnetcifar(18, classes=classes, name="resnet110_cifar")
