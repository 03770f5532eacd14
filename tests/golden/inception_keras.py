"""Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015.
arXiv:1512.00567

Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections on
Learning, 2016. arXiv:1602.07261

Inception-v3 with the names of torchvision, Inception-v4 with those of timm.

Generated from inception.net by `netwright build inception.net --target keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = [
    "aux_head",
    "conv_unit",
    "inceptionv3",
    "inceptionv3_noaux",
    "inceptionv4",
    "mixed_3a",
    "mixed_4a",
    "mixed_5a",
    "pooled",
    "reduction_a",
    "reduction_b",
    "v3_a",
    "v3_b",
    "v3_c",
    "v3_d",
    "v3_e",
    "v4_a",
    "v4_b",
    "v4_c",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}
NORMAL: Any = {"class_name": "RandomNormal", "config": {"stddev": 0.001}}
NORMAL_2: Any = {"class_name": "RandomNormal", "config": {"stddev": 0.1}}

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


def v3_a(x: KerasTensor, pooled: int, *, name: str) -> KerasTensor:
    """On 35 x 35 cells, with two 3 x 3 kernels for one of 5 x 5: figure 5.

    (H, W, in_channels) -> (H, W, 224 + pooled)
    """
    branch1x1 = conv_unit(x, 64, 1, name=f"{name}_branch1x1")
    y2 = conv_unit(x, 48, 1, name=f"{name}_branch5x5_1")
    y2 = conv_unit(y2, 64, 5, pad=2, name=f"{name}_branch5x5_2")
    y3 = conv_unit(x, 64, 1, name=f"{name}_branch3x3dbl_1")
    y3 = conv_unit(y3, 96, 3, pad=1, name=f"{name}_branch3x3dbl_2")
    y3 = conv_unit(y3, 96, 3, pad=1, name=f"{name}_branch3x3dbl_3")
    y4 = layers.ZeroPadding2D(1)(x)
    y4 = layers.AveragePooling2D(3, strides=1)(y4)
    y4 = conv_unit(y4, pooled, 1, name=f"{name}_branch_pool")
    x = layers.Concatenate()([branch1x1, y2, y3, y4])
    return x


def v3_b(x: KerasTensor, *, name: str) -> KerasTensor:
    """From 35 x 35 cells to 17 x 17: figure 10.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, 480 + in_channels)
    """
    branch3x3 = conv_unit(x, 384, 3, stride=2, name=f"{name}_branch3x3")
    y2 = conv_unit(x, 64, 1, name=f"{name}_branch3x3dbl_1")
    y2 = conv_unit(y2, 96, 3, pad=1, name=f"{name}_branch3x3dbl_2")
    y2 = conv_unit(y2, 96, 3, stride=2, name=f"{name}_branch3x3dbl_3")
    y3 = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Concatenate()([branch3x3, y2, y3])
    return x


def v3_c(x: KerasTensor, inner: int, *, name: str) -> KerasTensor:
    """On 17 x 17 cells, with 7 x 7 kernels factorised: figure 6.

    (H, W, in_channels) -> (H, W, 768)
    """
    branch1x1 = conv_unit(x, 192, 1, name=f"{name}_branch1x1")
    y2 = conv_unit(x, inner, 1, name=f"{name}_branch7x7_1")
    y2 = conv_unit(y2, inner, (1, 7), pad=(0, 3), name=f"{name}_branch7x7_2")
    y2 = conv_unit(y2, 192, (7, 1), pad=(3, 0), name=f"{name}_branch7x7_3")
    y3 = conv_unit(x, inner, 1, name=f"{name}_branch7x7dbl_1")
    y3 = conv_unit(y3, inner, (7, 1), pad=(3, 0), name=f"{name}_branch7x7dbl_2")
    y3 = conv_unit(y3, inner, (1, 7), pad=(0, 3), name=f"{name}_branch7x7dbl_3")
    y3 = conv_unit(y3, inner, (7, 1), pad=(3, 0), name=f"{name}_branch7x7dbl_4")
    y3 = conv_unit(y3, 192, (1, 7), pad=(0, 3), name=f"{name}_branch7x7dbl_5")
    y4 = layers.ZeroPadding2D(1)(x)
    y4 = layers.AveragePooling2D(3, strides=1)(y4)
    y4 = conv_unit(y4, 192, 1, name=f"{name}_branch_pool")
    x = layers.Concatenate()([branch1x1, y2, y3, y4])
    return x


def v3_d(x: KerasTensor, *, name: str) -> KerasTensor:
    """From 17 x 17 cells to 8 x 8.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, 512 + in_channels)
    """
    y1 = conv_unit(x, 192, 1, name=f"{name}_branch3x3_1")
    y1 = conv_unit(y1, 320, 3, stride=2, name=f"{name}_branch3x3_2")
    y2 = conv_unit(x, 192, 1, name=f"{name}_branch7x7x3_1")
    y2 = conv_unit(y2, 192, (1, 7), pad=(0, 3), name=f"{name}_branch7x7x3_2")
    y2 = conv_unit(y2, 192, (7, 1), pad=(3, 0), name=f"{name}_branch7x7x3_3")
    y2 = conv_unit(y2, 192, 3, stride=2, name=f"{name}_branch7x7x3_4")
    y3 = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Concatenate()([y1, y2, y3])
    return x


def v3_e(x: KerasTensor, *, name: str) -> KerasTensor:
    """On 8 x 8 cells, with 1 x 3 and 3 x 1 kernels side by side: figure 7.

    (H, W, in_channels) -> (H, W, 2048)
    """
    branch1x1 = conv_unit(x, 320, 1, name=f"{name}_branch1x1")
    y2 = conv_unit(x, 384, 1, name=f"{name}_branch3x3_1")
    branch3x3_2a = conv_unit(y2, 384, (1, 3), pad=(0, 1), name=f"{name}_branch3x3_2a")
    branch3x3_2b = conv_unit(y2, 384, (3, 1), pad=(1, 0), name=f"{name}_branch3x3_2b")
    y2 = layers.Concatenate()([branch3x3_2a, branch3x3_2b])
    y3 = conv_unit(x, 448, 1, name=f"{name}_branch3x3dbl_1")
    y3 = conv_unit(y3, 384, 3, pad=1, name=f"{name}_branch3x3dbl_2")
    branch3x3dbl_3a = conv_unit(
        y3, 384, (1, 3), pad=(0, 1), name=f"{name}_branch3x3dbl_3a"
    )
    branch3x3dbl_3b = conv_unit(
        y3, 384, (3, 1), pad=(1, 0), name=f"{name}_branch3x3dbl_3b"
    )
    y3 = layers.Concatenate()([branch3x3dbl_3a, branch3x3dbl_3b])
    y4 = layers.ZeroPadding2D(1)(x)
    y4 = layers.AveragePooling2D(3, strides=1)(y4)
    y4 = conv_unit(y4, 192, 1, name=f"{name}_branch_pool")
    x = layers.Concatenate()([branch1x1, y2, y3, y4])
    return x


def aux_head(x: KerasTensor, classes: int, *, name: str) -> KerasTensor:
    """Auxiliary classifier: section 4.

    (H, W, in_channels) -> (classes,)
    """
    x = layers.AveragePooling2D(5, strides=3)(x)
    x = conv_unit(x, 128, 1, name=f"{name}_conv0")
    x = conv_unit(x, 768, 5, name=f"{name}_conv1")
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, kernel_initializer=NORMAL, name=f"{name}_fc")(x)
    return x


def pooled(x: KerasTensor, width: int, *, name: str) -> KerasTensor:
    """What the branches of Inception-v4 pool: the average of the cells that are there.

    (H, W, in_channels) -> (H, W, width)
    """
    x = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    x = conv_unit(x, width, 1, name=f"{name}_1")
    return x


def mixed_3a(x: KerasTensor, *, name: str) -> KerasTensor:
    """Twice fewer cells by a convolution and by pooling: figure 3.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, in_channels + 96)
    """
    y = layers.MaxPooling2D(3, strides=2)(x)
    conv = conv_unit(x, 96, 3, stride=2, name=f"{name}_conv")
    x = layers.Concatenate()([y, conv])
    return x


def mixed_4a(x: KerasTensor, *, name: str) -> KerasTensor:
    """Two ways of different length: figure 3.

    (H, W, in_channels) -> (H - 2, W - 2, 192)
    """
    branch0 = conv_unit(x, 64, 1, name=f"{name}_branch0_0")
    branch0 = conv_unit(branch0, 96, 3, name=f"{name}_branch0_1")
    branch1 = conv_unit(x, 64, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, 64, (1, 7), pad=(0, 3), name=f"{name}_branch1_1")
    branch1 = conv_unit(branch1, 64, (7, 1), pad=(3, 0), name=f"{name}_branch1_2")
    branch1 = conv_unit(branch1, 96, 3, name=f"{name}_branch1_3")
    x = layers.Concatenate()([branch0, branch1])
    return x


def mixed_5a(x: KerasTensor, *, name: str) -> KerasTensor:
    """The other way about: figure 3.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, 192 + in_channels)
    """
    conv = conv_unit(x, 192, 3, stride=2, name=f"{name}_conv")
    y = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Concatenate()([conv, y])
    return x


def v4_a(x: KerasTensor, *, name: str) -> KerasTensor:
    """On 35 x 35 cells: figure 4.

    (H, W, in_channels) -> (H, W, 384)
    """
    branch0 = conv_unit(x, 96, 1, name=f"{name}_branch0")
    branch1 = conv_unit(x, 64, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, 96, 3, pad=1, name=f"{name}_branch1_1")
    branch2 = conv_unit(x, 64, 1, name=f"{name}_branch2_0")
    branch2 = conv_unit(branch2, 96, 3, pad=1, name=f"{name}_branch2_1")
    branch2 = conv_unit(branch2, 96, 3, pad=1, name=f"{name}_branch2_2")
    branch3 = pooled(x, 96, name=f"{name}_branch3")
    x = layers.Concatenate()([branch0, branch1, branch2, branch3])
    return x


def v4_b(x: KerasTensor, *, name: str) -> KerasTensor:
    """On 17 x 17 cells: figure 5.

    (H, W, in_channels) -> (H, W, 1024)
    """
    branch0 = conv_unit(x, 384, 1, name=f"{name}_branch0")
    branch1 = conv_unit(x, 192, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, 224, (1, 7), pad=(0, 3), name=f"{name}_branch1_1")
    branch1 = conv_unit(branch1, 256, (7, 1), pad=(3, 0), name=f"{name}_branch1_2")
    branch2 = conv_unit(x, 192, 1, name=f"{name}_branch2_0")
    branch2 = conv_unit(branch2, 192, (7, 1), pad=(3, 0), name=f"{name}_branch2_1")
    branch2 = conv_unit(branch2, 224, (1, 7), pad=(0, 3), name=f"{name}_branch2_2")
    branch2 = conv_unit(branch2, 224, (7, 1), pad=(3, 0), name=f"{name}_branch2_3")
    branch2 = conv_unit(branch2, 256, (1, 7), pad=(0, 3), name=f"{name}_branch2_4")
    branch3 = pooled(x, 128, name=f"{name}_branch3")
    x = layers.Concatenate()([branch0, branch1, branch2, branch3])
    return x


def reduction_b(x: KerasTensor, *, name: str) -> KerasTensor:
    """From 17 x 17 cells to 8 x 8: figure 8.

    (H, W, in_channels) -> ((H + 1) // 2 - 1, (W + 1) // 2 - 1, 512 + in_channels)
    """
    branch0 = conv_unit(x, 192, 1, name=f"{name}_branch0_0")
    branch0 = conv_unit(branch0, 192, 3, stride=2, name=f"{name}_branch0_1")
    branch1 = conv_unit(x, 256, 1, name=f"{name}_branch1_0")
    branch1 = conv_unit(branch1, 256, (1, 7), pad=(0, 3), name=f"{name}_branch1_1")
    branch1 = conv_unit(branch1, 320, (7, 1), pad=(3, 0), name=f"{name}_branch1_2")
    branch1 = conv_unit(branch1, 320, 3, stride=2, name=f"{name}_branch1_3")
    branch2 = layers.MaxPooling2D(3, strides=2, name=f"{name}_branch2")(x)
    x = layers.Concatenate()([branch0, branch1, branch2])
    return x


def v4_c(x: KerasTensor, *, name: str) -> KerasTensor:
    """On 8 x 8 cells: figure 6.

    (H, W, in_channels) -> (H, W, 1536)
    """
    branch0 = conv_unit(x, 256, 1, name=f"{name}_branch0")
    y2 = conv_unit(x, 384, 1, name=f"{name}_branch1_0")
    branch1_1a = conv_unit(y2, 256, (1, 3), pad=(0, 1), name=f"{name}_branch1_1a")
    branch1_1b = conv_unit(y2, 256, (3, 1), pad=(1, 0), name=f"{name}_branch1_1b")
    y2 = layers.Concatenate()([branch1_1a, branch1_1b])
    y3 = conv_unit(x, 384, 1, name=f"{name}_branch2_0")
    y3 = conv_unit(y3, 448, (3, 1), pad=(1, 0), name=f"{name}_branch2_1")
    y3 = conv_unit(y3, 512, (1, 3), pad=(0, 1), name=f"{name}_branch2_2")
    branch2_3a = conv_unit(y3, 256, (1, 3), pad=(0, 1), name=f"{name}_branch2_3a")
    branch2_3b = conv_unit(y3, 256, (3, 1), pad=(1, 0), name=f"{name}_branch2_3b")
    y3 = layers.Concatenate()([branch2_3a, branch2_3b])
    branch3 = pooled(x, 256, name=f"{name}_branch3")
    x = layers.Concatenate()([branch0, y2, y3, branch3])
    return x


def inceptionv3(
    classes: int = 1000,
    aux: bool = True,
    training_outputs: bool = False,
    name: str = "inceptionv3",
) -> keras.Model:
    """Inception-v3: table 1, and an auxiliary classifier for training.

    (299, 299, 3) -> (classes,)

    InceptionV3: 27,161,264 trainable parameters, 5.71 GMACs at 299 x 299 x 3; without
    `training_outputs` 23,834,568.
    """
    image: Any = keras.Input((299, 299, 3), name="image")
    x = conv_unit(image, 32, 3, stride=2, name="Conv2d_1a_3x3")
    x = conv_unit(x, 32, 3, name="Conv2d_2a_3x3")
    x = conv_unit(x, 64, 3, pad=1, name="Conv2d_2b_3x3")
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = conv_unit(x, 80, 1, name="Conv2d_3b_1x1")
    x = conv_unit(x, 192, 3, name="Conv2d_4a_3x3")
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = v3_a(x, 32, name="Mixed_5b")
    x = v3_a(x, 64, name="Mixed_5c")
    x = v3_a(x, 64, name="Mixed_5d")
    x = v3_b(x, name="Mixed_6a")
    x = v3_c(x, 128, name="Mixed_6b")
    x = v3_c(x, 160, name="Mixed_6c")
    x = v3_c(x, 160, name="Mixed_6d")
    x = v3_c(x, 192, name="Mixed_6e")
    y = v3_d(x, name="Mixed_7a")
    y = v3_e(y, name="Mixed_7b")
    y = v3_e(y, name="Mixed_7c")
    y = layers.GlobalAveragePooling2D()(y)
    y = layers.Dropout(0.5)(y)
    y = layers.Dense(classes, kernel_initializer=NORMAL_2, name="fc")(y)
    if training_outputs and aux:
        AuxLogits = aux_head(x, classes, name="AuxLogits")
        outputs = {"logits": y, "AuxLogits": AuxLogits}
        return keras.Model(image, outputs, name=name)
    return keras.Model(image, y, name=name)


def inceptionv4(classes: int = 1000, name: str = "inceptionv4") -> keras.Model:
    """Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual
    Connections on Learning, 2016, figure 9.

    (299, 299, 3) -> (classes,)

    InceptionV4: 42,679,816 trainable parameters, 12.3 GMACs at 299 x 299 x 3.
    """
    image: Any = keras.Input((299, 299, 3), name="image")
    x = conv_unit(image, 32, 3, stride=2, name="features_0")
    x = conv_unit(x, 32, 3, name="features_1")
    x = conv_unit(x, 64, 3, pad=1, name="features_2")
    x = mixed_3a(x, name="features_3")
    x = mixed_4a(x, name="features_4")
    x = mixed_5a(x, name="features_5")
    index = 6
    for _ in range(4):
        x = v4_a(x, name=f"features_{index}")
        index += 1
    x = reduction_a(x, 192, 224, 256, 384, name=f"features_{index}")
    index += 1
    for _ in range(7):
        x = v4_b(x, name=f"features_{index}")
        index += 1
    x = reduction_b(x, name=f"features_{index}")
    index += 1
    for _ in range(3):
        x = v4_c(x, name=f"features_{index}")
        index += 1
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(classes, name="last_linear")(x)
    return keras.Model(image, x, name=name)


def inceptionv3_noaux(classes: int = 1000) -> keras.Model:
    """InceptionV3_NoAux: 23,834,568 trainable parameters, 5.71 GMACs at
    299 x 299 x 3.
    """
    return inceptionv3(aux=False, classes=classes, name="inceptionv3_noaux")
