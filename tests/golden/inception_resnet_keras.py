"""Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections
on Learning, 2016. arXiv:1602.07261

Inception-ResNet-v2 as it was released and as timm has it, whose widths are not the
paper's, and Inception-ResNet-v1 of the paper, with names in the same style.

Generated from inception_resnet.net by `netwright build inception_resnet.net --target
keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = [
    "conv_unit",
    "inception_a",
    "inception_b",
    "inception_c",
    "inceptionresnetv1",
    "inceptionresnetv2",
    "mixed_5b",
    "reduction_a",
    "reduction_b",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}

Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
BatchNorm = partial(layers.BatchNormalization, momentum=0.9)


def conv_unit(
    x: KerasTensor,
    width: int,
    kernel: int | tuple[int, int],
    *,
    stride: int = 1,
    pad: int | tuple[int, int] = 0,
    name: str,
) -> KerasTensor:
    """Convolution, batch normalisation, ReLU.

    (H, W, in_channels) -> (H', W', width)
    """
    if pad:
        x = layers.ZeroPadding2D(pad)(x)
    x = Conv(width, kernel, strides=stride, use_bias=False, name=f"{name}_conv")(x)
    x = BatchNorm(name=f"{name}_bn")(x)
    x = layers.ReLU()(x)
    return x


def reduction_a(
    x: KerasTensor, k: int, l: int, m: int, n: int, *, name: str
) -> KerasTensor:
    """From 35 x 35 cells to 17 x 17: figure 7, widths in table 1.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, n + m + in_channels)
    """
    branch0 = conv_unit(x, n, 3, stride=2, name=f"{name}_branch0")
    branch1 = conv_unit(x, k, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, l, 3, pad=1, name=f"{name}_branch1_1")
    branch1 = conv_unit(branch1, m, 3, stride=2, name=f"{name}_branch1_2")
    branch2 = layers.MaxPooling2D(3, strides=2, name=f"{name}_branch2")(x)
    x = layers.Concatenate()([branch0, branch1, branch2])
    return x


def mixed_5b(x: KerasTensor, *, name: str) -> KerasTensor:
    """An Inception module without reduction: table 1 of Inception-v3 has its like.

    (H, W, in_channels) -> (H, W, 320)
    """
    branch0 = conv_unit(x, 96, 1, name=f"{name}_branch0")
    branch1 = conv_unit(x, 48, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, 64, 5, pad=2, name=f"{name}_branch1_1")
    branch2 = conv_unit(x, 64, 1, name=f"{name}_branch2_0")
    branch2 = conv_unit(branch2, 96, 3, pad=1, name=f"{name}_branch2_1")
    branch2 = conv_unit(branch2, 96, 3, pad=1, name=f"{name}_branch2_2")
    branch3 = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    branch3 = conv_unit(branch3, 64, 1, name=f"{name}_branch3_1")
    x = layers.Concatenate()([branch0, branch1, branch2, branch3])
    return x


def inception_a(x: KerasTensor, middle: int, last: int, *, name: str) -> KerasTensor:
    """Residual module on 35 x 35 cells: figure 10.

    (H, W, in_channels) -> (H, W, in_channels)
    """
    in_channels = x.shape[-1]
    branch0 = conv_unit(x, 32, 1, name=f"{name}_branch0")
    branch1 = conv_unit(x, 32, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, 32, 3, pad=1, name=f"{name}_branch1_1")
    branch2 = conv_unit(x, 32, 1, name=f"{name}_branch2_0")
    branch2 = conv_unit(branch2, middle, 3, pad=1, name=f"{name}_branch2_1")
    branch2 = conv_unit(branch2, last, 3, pad=1, name=f"{name}_branch2_2")
    y = layers.Concatenate()([branch0, branch1, branch2])
    y = Conv(in_channels, 1, name=f"{name}_conv2d")(y)
    y = layers.Rescaling(0.17)(y)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def inception_b(
    x: KerasTensor, first: int, middle: int, last: int, *, name: str
) -> KerasTensor:
    """Residual module on 17 x 17 cells: figure 11.

    (H, W, in_channels) -> (H, W, in_channels)
    """
    in_channels = x.shape[-1]
    branch0 = conv_unit(x, last, 1, name=f"{name}_branch0")
    branch1 = conv_unit(x, first, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, middle, (1, 7), pad=(0, 3), name=f"{name}_branch1_1")
    branch1 = conv_unit(branch1, last, (7, 1), pad=(3, 0), name=f"{name}_branch1_2")
    y = layers.Concatenate()([branch0, branch1])
    y = Conv(in_channels, 1, name=f"{name}_conv2d")(y)
    y = layers.Rescaling(0.1)(y)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def inception_c(
    x: KerasTensor, middle: int, last: int, *, linear: bool = False, name: str
) -> KerasTensor:
    """Residual module on 8 x 8 cells: figure 13. The last of a net is linear and not
    scaled.

    (H, W, in_channels) -> (H, W, in_channels)
    """
    in_channels = x.shape[-1]
    branch0 = conv_unit(x, 192, 1, name=f"{name}_branch0")
    branch1 = conv_unit(x, 192, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, middle, (1, 3), pad=(0, 1), name=f"{name}_branch1_1")
    branch1 = conv_unit(branch1, last, (3, 1), pad=(1, 0), name=f"{name}_branch1_2")
    y = layers.Concatenate()([branch0, branch1])
    y = Conv(in_channels, 1, name=f"{name}_conv2d")(y)
    if not linear:
        y = layers.Rescaling(0.2)(y)
    x = layers.Add()([x, y])
    if not linear:
        x = layers.ReLU()(x)
    return x


def reduction_b(x: KerasTensor, m: int, n: int, o: int, *, name: str) -> KerasTensor:
    """From 17 x 17 cells to 8 x 8: figure 12.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1,
    384 + m + o + in_channels)
    """
    branch0 = conv_unit(x, 256, 1, name=f"{name}_branch0_0")
    branch0 = conv_unit(branch0, 384, 3, stride=2, name=f"{name}_branch0_1")
    branch1 = conv_unit(x, 256, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, m, 3, stride=2, name=f"{name}_branch1_1")
    branch2 = conv_unit(x, 256, 1, name=f"{name}_branch2_0")
    branch2 = conv_unit(branch2, n, 3, pad=1, name=f"{name}_branch2_1")
    branch2 = conv_unit(branch2, o, 3, stride=2, name=f"{name}_branch2_2")
    branch3 = layers.MaxPooling2D(3, strides=2, name=f"{name}_branch3")(x)
    x = layers.Concatenate()([branch0, branch1, branch2, branch3])
    return x


def inceptionresnetv1(
    classes: int = 1000, name: str = "inceptionresnetv1"
) -> keras.Model:
    """Figure 15, with 5, 10 and 5 residual modules.

    (299, 299, 3) -> (classes,)

    InceptionResNetV1: 22,756,328 trainable parameters, 6.21 GMACs at 299 x 299 x 3.
    """
    image: Any = keras.Input((299, 299, 3), name="image")
    x = conv_unit(image, 32, 3, stride=2, name="conv2d_1a")
    x = conv_unit(x, 32, 3, name="conv2d_2a")
    x = conv_unit(x, 64, 3, pad=1, name="conv2d_2b")
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = conv_unit(x, 80, 1, name="conv2d_3b")
    x = conv_unit(x, 192, 3, name="conv2d_4a")
    x = conv_unit(x, 256, 3, stride=2, name="conv2d_4b")
    for i in range(5):
        x = inception_a(x, 32, 32, name=f"repeat_{i}")
    x = reduction_a(x, 192, 192, 256, 384, name="mixed_6a")
    for j in range(10):
        x = inception_b(x, 128, 128, 128, name=f"repeat_1_{j}")
    x = reduction_b(x, 256, 256, 256, name="mixed_7a")
    for k in range(5):
        x = inception_c(x, 192, 192, name=f"repeat_2_{k}")
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(classes, name="classif")(x)
    return keras.Model(image, x, name=name)


def inceptionresnetv2(
    classes: int = 1000, name: str = "inceptionresnetv2"
) -> keras.Model:
    """Figure 15, with 10, 20 and 10 residual modules and wider branches.

    (299, 299, 3) -> (classes,)

    InceptionResNetV2: 55,843,464 trainable parameters, 13.2 GMACs at 299 x 299 x 3.
    """
    image: Any = keras.Input((299, 299, 3), name="image")
    x = conv_unit(image, 32, 3, stride=2, name="conv2d_1a")
    x = conv_unit(x, 32, 3, name="conv2d_2a")
    x = conv_unit(x, 64, 3, pad=1, name="conv2d_2b")
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = conv_unit(x, 80, 1, name="conv2d_3b")
    x = conv_unit(x, 192, 3, name="conv2d_4a")
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = mixed_5b(x, name="mixed_5b")
    for i in range(10):
        x = inception_a(x, 48, 64, name=f"repeat_{i}")
    x = reduction_a(x, 256, 256, 384, 384, name="mixed_6a")
    for j in range(20):
        x = inception_b(x, 128, 160, 192, name=f"repeat_1_{j}")
    x = reduction_b(x, 288, 288, 320, name="mixed_7a")
    for k in range(9):
        x = inception_c(x, 224, 256, name=f"repeat_2_{k}")
    x = inception_c(x, 224, 256, linear=True, name="block8")
    x = conv_unit(x, 1536, 1, name="conv2d_7b")
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(classes, name="classif")(x)
    return keras.Model(image, x, name=name)
