"""Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015.
arXiv:1512.00567, table 1. As keras.applications has it, counts too. But for
`predictions` Keras names the layers, `conv2d_17`, so that the lines stand in its order.

Generated from inception.net by `netwright build inception.net --target keras`.
"""

from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = [
    "conv_norm",
    "inception_a",
    "inception_b",
    "inception_c",
    "inception_d",
    "inception_e",
    "inceptionv3",
    "stem",
]


def conv_norm(
    x: KerasTensor,
    width: int,
    kernel: int | tuple[int, int],
    *,
    stride: int = 1,
    pad: int | str = "same",
) -> KerasTensor:
    """Convolution, batch normalisation without factors, ReLU.

    (H, W, in_channels) -> (H', W', width)
    """
    x = layers.Conv2D(
        width,
        kernel,
        strides=stride,
        padding="same" if pad == "same" else "valid",
        use_bias=False,
    )(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.ReLU()(x)
    return x


def stem(x: KerasTensor) -> KerasTensor:
    """Five convolutions and two pools.

    (H, W, in_channels) -> (H', W', 192)
    """
    x = conv_norm(x, 32, 3, stride=2, pad=0)
    x = conv_norm(x, 32, 3, pad=0)
    x = conv_norm(x, 64, 3)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = conv_norm(x, 80, 1)
    x = conv_norm(x, 192, 3, pad=0)
    x = layers.MaxPooling2D(3, strides=2)(x)
    return x


def inception_a(x: KerasTensor, width: int, pooled: int) -> KerasTensor:
    """Branches of 1 x 1, 5 x 5 and twice 3 x 3, and a pool: figure 5.

    (H, W, in_channels) -> (H', W', width + 160 + pooled)
    """
    branch1x1 = conv_norm(x, width, 1)
    branch5x5 = conv_norm(x, 48, 1)
    branch5x5 = conv_norm(branch5x5, 64, 5)
    branch3x3dbl = conv_norm(x, 64, 1)
    branch3x3dbl = conv_norm(branch3x3dbl, 96, 3)
    branch3x3dbl = conv_norm(branch3x3dbl, 96, 3)
    branch_pool = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    branch_pool = conv_norm(branch_pool, pooled, 1)
    x = layers.Concatenate()([branch1x1, branch5x5, branch3x3dbl, branch_pool])
    return x


def inception_b(x: KerasTensor, reduced: int, inner: int, width: int) -> KerasTensor:
    """Half the resolution: 3 x 3, twice 3 x 3, and a pool: figure 10.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1,
    384 + width + in_channels)
    """
    branch3x3 = conv_norm(x, 384, 3, stride=2, pad=0)
    branch3x3dbl = conv_norm(x, reduced, 1)
    branch3x3dbl = conv_norm(branch3x3dbl, inner, 3)
    branch3x3dbl = conv_norm(branch3x3dbl, width, 3, stride=2, pad=0)
    y = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Concatenate()([branch3x3, branch3x3dbl, y])
    return x


def inception_c(x: KerasTensor, inner: int) -> KerasTensor:
    """7 x 7 as 1 x 7 and 7 x 1, once and twice, beside 1 x 1 and a pool: figure 6.

    (H, W, in_channels) -> (H', W', 768)
    """
    branch1x1 = conv_norm(x, 192, 1)
    branch7x7 = conv_norm(x, inner, 1)
    branch7x7 = conv_norm(branch7x7, inner, (1, 7))
    branch7x7 = conv_norm(branch7x7, 192, (7, 1))
    branch7x7dbl = conv_norm(x, inner, 1)
    branch7x7dbl = conv_norm(branch7x7dbl, inner, (7, 1))
    branch7x7dbl = conv_norm(branch7x7dbl, inner, (1, 7))
    branch7x7dbl = conv_norm(branch7x7dbl, inner, (7, 1))
    branch7x7dbl = conv_norm(branch7x7dbl, 192, (1, 7))
    branch_pool = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    branch_pool = conv_norm(branch_pool, 192, 1)
    x = layers.Concatenate()([branch1x1, branch7x7, branch7x7dbl, branch_pool])
    return x


def inception_d(x: KerasTensor) -> KerasTensor:
    """Half the resolution: 3 x 3, 7 x 7 and 3 x 3, and a pool.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, 512 + in_channels)
    """
    branch3x3 = conv_norm(x, 192, 1)
    branch3x3 = conv_norm(branch3x3, 320, 3, stride=2, pad=0)
    branch7x7x3 = conv_norm(x, 192, 1)
    branch7x7x3 = conv_norm(branch7x7x3, 192, (1, 7))
    branch7x7x3 = conv_norm(branch7x7x3, 192, (7, 1))
    branch7x7x3 = conv_norm(branch7x7x3, 192, 3, stride=2, pad=0)
    y = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Concatenate()([branch3x3, branch7x7x3, y])
    return x


def inception_e(x: KerasTensor) -> KerasTensor:
    """Branches that part once more at their ends, and a pool: figure 7.

    (H, W, in_channels) -> (H', W', 2048)
    """
    branch1x1 = conv_norm(x, 320, 1)
    y2 = conv_norm(x, 384, 1)
    branch3x3_1 = conv_norm(y2, 384, (1, 3))
    branch3x3_2 = conv_norm(y2, 384, (3, 1))
    y2 = layers.Concatenate()([branch3x3_1, branch3x3_2])
    y3 = conv_norm(x, 448, 1)
    y3 = conv_norm(y3, 384, 3)
    branch3x3dbl_1 = conv_norm(y3, 384, (1, 3))
    branch3x3dbl_2 = conv_norm(y3, 384, (3, 1))
    y3 = layers.Concatenate()([branch3x3dbl_1, branch3x3dbl_2])
    branch_pool = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    branch_pool = conv_norm(branch_pool, 192, 1)
    x = layers.Concatenate()([branch1x1, y2, y3, branch_pool])
    return x


def inceptionv3(classes: int = 1000, name: str = "inceptionv3") -> keras.Model:
    """Eleven modules behind the stem.

    (299, 299, 3) -> (classes,)

    InceptionV3: 23,817,352 trainable parameters, 5.71 GMACs at 299 x 299 x 3.
    """
    image: Any = keras.Input((299, 299, 3), name="image")
    x = stem(image)
    x = inception_a(x, 64, 32)
    x = inception_a(x, 64, 64)
    x = inception_a(x, 64, 64)
    x = inception_b(x, 64, 96, 96)
    x = inception_c(x, 128)
    x = inception_c(x, 160)
    x = inception_c(x, 160)
    x = inception_c(x, 192)
    x = inception_d(x)
    x = inception_e(x)
    x = inception_e(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)
