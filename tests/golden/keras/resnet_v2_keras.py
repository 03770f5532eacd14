"""He et al., Identity Mappings in Deep Residual Networks, 2016. arXiv:1603.05027. As
keras.applications has it, layer names and counts too: a stage ends in its stride.

Generated from resnet_v2.net by `netwright build resnet_v2.net --target keras`.
"""

from collections.abc import Sequence
from functools import partial

import keras
from keras import KerasTensor, layers

__all__ = [
    "conv_norm",
    "preactivated",
    "resnet50v2",
    "resnet101v2",
    "resnet152v2",
    "resnetv2",
]

BatchNorm = partial(layers.BatchNormalization, epsilon=1.001e-5)


def conv_norm(
    x: KerasTensor,
    width: int,
    *,
    kernel: int = 1,
    stride: int = 1,
    groups: int = 1,
    bias: bool = True,
    name: str,
) -> KerasTensor:
    """Convolution and batch normalisation.

    (H, W, in_channels) -> (H', W', width)
    """
    if kernel // 2:
        x = layers.ZeroPadding2D(kernel // 2)(x)
    x = layers.Conv2D(
        width, kernel, strides=stride, groups=groups, use_bias=bias, name=f"{name}_conv"
    )(x)
    x = BatchNorm(name=f"{name}_bn")(x)
    return x


def preactivated(
    x: KerasTensor, width: int, *, stride: int = 1, project: bool = False, name: str
) -> KerasTensor:
    """Normalisation and activation first, then three convolutions: figure 4e. The
    shortcut is a convolution, every second cell, or the input.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, 4 * width)
    """
    y = BatchNorm(name=f"{name}_preact_bn")(x)
    y = layers.ReLU()(y)
    if project:
        z1 = layers.Conv2D(4 * width, 1, name=f"{name}_0_conv")(y)
    else:
        if stride != 1:
            x = layers.MaxPooling2D(1, strides=stride)(x)
        z1 = x
    z2 = conv_norm(y, width, bias=False, name=f"{name}_1")
    z2 = layers.ReLU()(z2)
    z2 = conv_norm(z2, width, kernel=3, stride=stride, bias=False, name=f"{name}_2")
    z2 = layers.ReLU()(z2)
    z2 = layers.Conv2D(4 * width, 1, name=f"{name}_3_conv")(z2)
    y = layers.Add()([z1, z2])
    return y


def resnetv2(
    depths: Sequence[int], classes: int = 1000, name: str = "resnetv2"
) -> keras.Model:
    """Four stages, the last without a stride.

    (224, 224, 3) -> (classes,)
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.ZeroPadding2D(3)(image)
    x = layers.Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i, n in enumerate(depths):
        stride = 2 if i < len(depths) - 1 else 1
        for j in range(n):
            x = preactivated(
                x,
                64 * 2**i,
                stride=stride if j == n - 1 else 1,
                project=j == 0,
                name=f"conv{i + 2}_block{j + 1}",
            )
    x = BatchNorm(name="post_bn")(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)


def resnet50v2(classes: int = 1000) -> keras.Model:
    """ResNet50V2: 25,568,360 trainable parameters, 3.48 GMACs at 224 x 224 x 3."""
    return resnetv2([3, 4, 6, 3], classes=classes, name="resnet50v2")


def resnet101v2(classes: int = 1000) -> keras.Model:
    """ResNet101V2: 44,577,896 trainable parameters, 7.19 GMACs at 224 x 224 x 3."""
    return resnetv2([3, 4, 23, 3], classes=classes, name="resnet101v2")


def resnet152v2(classes: int = 1000) -> keras.Model:
    """ResNet152V2: 60,236,904 trainable parameters, 10.9 GMACs at 224 x 224 x 3."""
    return resnetv2([3, 8, 36, 3], classes=classes, name="resnet152v2")
