"""Iandola et al., SqueezeNet: AlexNet-Level Accuracy with 50x Fewer Parameters and
<0.5MB Model Size, 2016. arXiv:1602.07360

Generated from squeezenet.net by `netwright build squeezenet.net --target keras`.
"""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = ["fire", "squeezenet", "squeezenet1_0", "squeezenet1_1"]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_UNIFORM: Any = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "uniform"},
}
NORMAL: Any = {"class_name": "RandomNormal", "config": {"stddev": 0.01}}


def max_pool_ceil(x: KerasTensor, kernel: int, *, stride: int) -> KerasTensor:
    """Max-pool whose last windows may reach over the end of the map."""
    end = (0, stride - 1)
    padded = ops.pad(x, ((0, 0), end, end, (0, 0)), constant_values=float("-inf"))
    return layers.MaxPooling2D(kernel, strides=stride)(padded)


def fire(x: KerasTensor, squeezed: int, expanded: int, *, name: str) -> KerasTensor:
    """Few channels in, many out, a part of them through 3 x 3 kernels: figure 1.

    (H, W, in_channels) -> (H, W, 2 * expanded)
    """
    x = layers.Conv2D(
        squeezed,
        1,
        activation="relu",
        kernel_initializer=HE_UNIFORM,
        name=f"{name}_squeeze",
    )(x)
    y1 = layers.Conv2D(
        expanded,
        1,
        activation="relu",
        kernel_initializer=HE_UNIFORM,
        name=f"{name}_expand1x1",
    )(x)
    y2 = layers.Conv2D(
        expanded,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_UNIFORM,
        name=f"{name}_expand3x3",
    )(x)
    x = layers.Concatenate()([y1, y2])
    return x


def squeezenet(
    width: int,
    kernel: int | tuple[int, int],
    stages: Sequence[Sequence[int]],
    classes: int = 1000,
    name: str = "squeezenet",
) -> keras.Model:
    """Eight fire modules in three stages, and no fully connected layer: table 1.

    (224, 224, 3) -> (classes,)
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.Conv2D(
        width,
        kernel,
        strides=2,
        activation="relu",
        kernel_initializer=HE_UNIFORM,
        name="features_0",
    )(image)
    index = 2
    for stage in stages:
        x = max_pool_ceil(x, 3, stride=2)
        index += 1
        for squeezed in stage:
            x = fire(x, squeezed, 4 * squeezed, name=f"features_{index}")
            index += 1
    x = layers.Dropout(0.5)(x)
    x = layers.Conv2D(
        classes, 1, activation="relu", kernel_initializer=NORMAL, name="classifier_1"
    )(x)
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Flatten()(x)
    return keras.Model(image, x, name=name)


def squeezenet1_0(classes: int = 1000) -> keras.Model:
    """SqueezeNet1_0: 1,248,424 trainable parameters, 0.819 GMACs at 224 x 224 x 3."""
    return squeezenet(
        96,
        7,
        [[16, 16, 32], [32, 48, 48, 64], [64]],
        classes=classes,
        name="squeezenet1_0",
    )


def squeezenet1_1(classes: int = 1000) -> keras.Model:
    """SqueezeNet1_1: 1,235,496 trainable parameters, 0.349 GMACs at 224 x 224 x 3."""
    return squeezenet(
        64,
        3,
        [[16, 16], [32, 32], [48, 48, 64, 64]],
        classes=classes,
        name="squeezenet1_1",
    )
