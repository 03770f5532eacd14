"""Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image
Recognition, 2014. arXiv:1409.1556, table 1. As keras.applications has it, layer names
and counts too.

Generated from vgg.net by `netwright build vgg.net --target keras`.
"""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = ["stage", "vgg", "vgg16", "vgg19"]


def stage(x: KerasTensor, width: int, depth: int, *, name: str) -> KerasTensor:
    """Convolutions of one width, then half the resolution.

    (H, W, in_channels) -> (H // 2, W // 2, channels)
    """
    for i in range(depth):
        x = layers.Conv2D(
            width, 3, padding="same", activation="relu", name=f"{name}_conv{i + 1}"
        )(x)
    x = layers.MaxPooling2D(2, name=f"{name}_pool")(x)
    return x


def vgg(depths: Sequence[int], classes: int = 1000, name: str = "vgg") -> keras.Model:
    """Five stages, then three fully connected layers: columns D and E.

    (224, 224, 3) -> (classes,)
    """
    image: Any = keras.Input((224, 224, 3), name="image")
    x = image
    for i, n in enumerate(depths):
        x = stage(x, min(64 * 2**i, 512), n, name=f"block{i + 1}")
    x = layers.Flatten()(x)
    x = layers.Dense(4096, activation="relu", name="fc1")(x)
    x = layers.Dense(4096, activation="relu", name="fc2")(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)


def vgg16(classes: int = 1000) -> keras.Model:
    """VGG16: 138,357,544 trainable parameters, 15.5 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 3, 3, 3], classes=classes, name="vgg16")


def vgg19(classes: int = 1000) -> keras.Model:
    """VGG19: 143,667,240 trainable parameters, 19.6 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 4, 4, 4], classes=classes, name="vgg19")
