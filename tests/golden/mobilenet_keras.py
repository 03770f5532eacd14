"""Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, 2018.
arXiv:1801.04381

Generated from mobilenet.net by `netwright build mobilenet.net --target keras`.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = [
    "conv_norm",
    "depthwise_norm",
    "inverted_residual",
    "mobilenet_v2",
    "mobilenetv2",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}
HE_NORMAL_2 = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}
NORMAL = {"class_name": "RandomNormal", "config": {"stddev": 0.01}}

Conv2D = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)
DepthwiseConv2D = partial(layers.DepthwiseConv2D, depthwise_initializer=HE_NORMAL_2)
Linear = partial(layers.Dense, kernel_initializer=NORMAL)


def conv_norm(
    x: KerasTensor, width: int, *, kernel: int = 3, stride: int = 1, name: str
) -> KerasTensor:
    """Convolution, batch normalisation, ReLU6.

    (H, W, in_channels) -> (H', W', width)
    """
    if kernel // 2:
        x = layers.ZeroPadding2D(kernel // 2)(x)
    x = Conv2D(width, kernel, strides=stride, use_bias=False, name=f"{name}_0")(x)
    x = BatchNorm(name=f"{name}_1")(x)
    x = layers.ReLU(6)(x)
    return x


def depthwise_norm(x: KerasTensor, *, stride: int = 1, name: str) -> KerasTensor:
    """One 3 x 3 filter a channel, batch normalisation, ReLU6.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, in_channels)
    """
    x = layers.ZeroPadding2D(1)(x)
    x = DepthwiseConv2D(3, strides=stride, use_bias=False, name=f"{name}_0")(x)
    x = BatchNorm(name=f"{name}_1")(x)
    x = layers.ReLU(6)(x)
    return x


def inverted_residual(
    x: KerasTensor, width: int, *, stride: int = 1, expansion: int = 6, name: str
) -> KerasTensor:
    """Expand, filter, project: figure 4d.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, width)
    """
    in_channels = x.shape[-1]
    hidden = expansion * in_channels
    residual = stride == 1 and in_channels == width
    y = x
    index = 0
    if expansion != 1:
        y = conv_norm(x, hidden, kernel=1, name=f"{name}_conv_{index}")
        index += 1
    y = depthwise_norm(y, stride=stride, name=f"{name}_conv_{index}")
    y = Conv2D(width, 1, use_bias=False, name=f"{name}_conv_{index + 1}")(y)
    y = BatchNorm(name=f"{name}_conv_{index + 2}")(y)
    if residual:
        y = layers.Add()([x, y])
    return y


def mobilenetv2(
    stages: Sequence[Sequence[int]], classes: int = 1000, name: str = "mobilenetv2"
) -> keras.Model:
    """Seventeen inverted residuals in seven stages: table 2. A stage is its expansion,
    width, number of blocks and stride.

    (224, 224, 3) -> (classes,)
    """
    image: Any = keras.Input((224, 224, 3), name="image")
    x = conv_norm(image, 32, stride=2, name="features_0")
    index = 1
    for expansion, width, n, stride in stages:
        for j in range(n):
            x = inverted_residual(
                x,
                width,
                stride=stride if j == 0 else 1,
                expansion=expansion,
                name=f"features_{index}",
            )
            index += 1
    x = conv_norm(x, 1280, kernel=1, name=f"features_{index}")
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    x = Linear(classes, name="classifier_1")(x)
    return keras.Model(image, x, name=name)


def mobilenet_v2(classes: int = 1000) -> keras.Model:
    """MobileNet_V2: 3,504,872 trainable parameters, 0.301 GMACs at 224 x 224 x 3."""
    stages = [
        [1, 16, 1, 1],
        [6, 24, 2, 2],
        [6, 32, 3, 2],
        [6, 64, 4, 2],
        [6, 96, 3, 1],
        [6, 160, 3, 2],
        [6, 320, 1, 1],
    ]
    return mobilenetv2(stages, classes=classes, name="mobilenet_v2")
