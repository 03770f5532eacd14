"""Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections
on Learning, 2016. arXiv:1602.07261. Inception-ResNet-v2 as keras.applications has it,
counts too, and the few names that are not Keras's own.

Generated from inception_resnet.net by `netwright build inception_resnet.net --target
keras`.
"""

from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = [
    "block8",
    "block17",
    "block35",
    "conv_norm",
    "inception_a",
    "inception_b",
    "inceptionresnetv2",
    "reduction_b",
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


def block35(x: KerasTensor, *, name: str) -> KerasTensor:
    """Inception-ResNet-A: figure 16.

    (H, W, in_channels) -> (H, W, in_channels)
    """
    in_channels = x.shape[-1]
    branch_0 = conv_norm(x, 32, 1)
    branch_1 = conv_norm(x, 32, 1)
    branch_1 = conv_norm(branch_1, 32, 3)
    branch_2 = conv_norm(x, 32, 1)
    branch_2 = conv_norm(branch_2, 48, 3)
    branch_2 = conv_norm(branch_2, 64, 3)
    y = layers.Concatenate()([branch_0, branch_1, branch_2])
    y = layers.Conv2D(in_channels, 1, name=f"{name}_conv")(y)
    y = layers.Rescaling(0.17)(y)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def block17(x: KerasTensor, *, name: str) -> KerasTensor:
    """Inception-ResNet-B: figure 17.

    (H, W, in_channels) -> (H, W, in_channels)
    """
    in_channels = x.shape[-1]
    branch_0 = conv_norm(x, 192, 1)
    branch_1 = conv_norm(x, 128, 1)
    branch_1 = conv_norm(branch_1, 160, (1, 7))
    branch_1 = conv_norm(branch_1, 192, (7, 1))
    y = layers.Concatenate()([branch_0, branch_1])
    y = layers.Conv2D(in_channels, 1, name=f"{name}_conv")(y)
    y = layers.Rescaling(0.1)(y)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def block8(x: KerasTensor, *, last: bool = False, name: str) -> KerasTensor:
    """Inception-ResNet-C: figure 19. The last one is neither scaled nor followed by an
    activation.

    (H, W, in_channels) -> (H, W, in_channels)
    """
    in_channels = x.shape[-1]
    branch_0 = conv_norm(x, 192, 1)
    branch_1 = conv_norm(x, 192, 1)
    branch_1 = conv_norm(branch_1, 224, (1, 3))
    branch_1 = conv_norm(branch_1, 256, (3, 1))
    y = layers.Concatenate()([branch_0, branch_1])
    y = layers.Conv2D(in_channels, 1, name=f"{name}_conv")(y)
    if not last:
        y = layers.Rescaling(0.2)(y)
    x = layers.Add()([x, y])
    if not last:
        x = layers.ReLU()(x)
    return x


def reduction_b(x: KerasTensor) -> KerasTensor:
    """Half the resolution: three branches that end in 3 x 3, and a pool: figure 18.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, 992 + in_channels)
    """
    branch_0 = conv_norm(x, 256, 1)
    branch_0 = conv_norm(branch_0, 384, 3, stride=2, pad=0)
    branch_1 = conv_norm(x, 256, 1)
    branch_1 = conv_norm(branch_1, 288, 3, stride=2, pad=0)
    branch_2 = conv_norm(x, 256, 1)
    branch_2 = conv_norm(branch_2, 288, 3)
    branch_2 = conv_norm(branch_2, 320, 3, stride=2, pad=0)
    y = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Concatenate()([branch_0, branch_1, branch_2, y])
    return x


def inceptionresnetv2(
    classes: int = 1000, name: str = "inceptionresnetv2"
) -> keras.Model:
    """Three rows of residual blocks, and modules that halve the resolution between
    them: figure 15.

    (299, 299, 3) -> (classes,)

    InceptionResNetV2: 55,813,192 trainable parameters, 13.2 GMACs at 299 x 299 x 3.
    """
    image: Any = keras.Input((299, 299, 3), name="image")
    x = stem(image)
    x = inception_a(x, 96, 64)
    for i in range(10):
        x = block35(x, name=f"block35_{i + 1}")
    x = inception_b(x, 256, 256, 384)
    for i in range(20):
        x = block17(x, name=f"block17_{i + 1}")
    x = reduction_b(x)
    for i in range(10):
        x = block8(x, last=i == 9, name=f"block8_{i + 1}")
    x = layers.Conv2D(1536, 1, use_bias=False, name="conv_7b")(x)
    x = layers.BatchNormalization(scale=False, name="conv_7b_bn")(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)
