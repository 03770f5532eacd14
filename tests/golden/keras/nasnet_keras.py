"""Zoph et al., Learning Transferable Architectures for Scalable Image Recognition,
2017. arXiv:1707.07012. NASNet-A as keras.applications has it, layer names and counts
too: a name ends in that of its cell, `separable_conv_1_normal_left1_3`.

Generated from nasnet.net by `netwright build nasnet.net --target keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = [
    "nasnet",
    "nasnetlarge",
    "nasnetmobile",
    "normal_cell",
    "reduction_cell",
    "separable",
]

BatchNorm = partial(layers.BatchNormalization, momentum=0.9997)
Conv = partial(layers.Conv2D, kernel_initializer="he_normal")


def pad_same(
    x: KerasTensor,
    kernel: int | tuple[int, ...],
    *,
    stride: int | tuple[int, ...] = 1,
    dilation: int | tuple[int, ...] = 1,
    value: float = 0.0,
) -> KerasTensor:
    """Pads so that a window gives as many cells as strides; the odd cell is at the end."""
    pads = [(0, 0)]
    for axis, size in enumerate(x.shape[1:-1]):
        k, s, d = (
            n if isinstance(n, int) else n[axis] for n in (kernel, stride, dilation)
        )
        over = 1 if s == 1 else size - (size - 1) // s * s
        extra = max(d * (k - 1) + 1 - over, 0)
        pads.append((extra // 2, extra - extra // 2))
    padded: Any = ops.pad(x, [*pads, (0, 0)], constant_values=value)
    return padded


def separable(
    x: KerasTensor, width: int, *, kernel: int = 3, stride: int = 1, name: str
) -> KerasTensor:
    """Twice: ReLU, separable convolution, batch normalisation.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, width)
    """
    x = layers.ReLU()(x)
    x = layers.SeparableConv2D(
        width,
        kernel,
        strides=stride,
        padding="same",
        use_bias=False,
        name=f"separable_conv_1_{name}",
    )(x)
    x = BatchNorm(name=f"separable_conv_1_bn_{name}")(x)
    x = layers.ReLU()(x)
    x = layers.SeparableConv2D(
        width, kernel, padding="same", use_bias=False, name=f"separable_conv_2_{name}"
    )(x)
    x = BatchNorm(name=f"separable_conv_2_bn_{name}")(x)
    return x


def normal_cell(
    x: KerasTensor,
    previous: KerasTensor,
    width: int,
    *,
    halves: bool = False,
    name: str,
) -> KerasTensor:
    """Normal cell, from the results of the two cells before it: figure 4, left.

    (H, W, in_channels), (H, W, previous_channels) -> (H, W, 2 * channels + 4 * width)
    """
    x = layers.ReLU()(x)
    x = Conv(width, 1, use_bias=False, name=f"normal_conv_1_{name}")(x)
    newer = BatchNorm(name=f"normal_bn_1_{name}")(x)
    x = layers.ReLU()(previous)
    if halves:
        y1 = layers.AveragePooling2D(1, strides=2)(x)
        y1 = Conv(width // 2, 1, use_bias=False, name=f"adjust_conv_1_{name}")(y1)
        y2 = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
        y2 = layers.Cropping2D(((1, 0), (1, 0)))(y2)
        y2 = layers.AveragePooling2D(1, strides=2)(y2)
        y2 = Conv(width // 2, 1, use_bias=False, name=f"adjust_conv_2_{name}")(y2)
        x = layers.Concatenate()([y1, y2])
    else:
        x = Conv(width, 1, use_bias=False, name=f"adjust_conv_projection_{name}")(x)
    older = BatchNorm(name=f"adjust_bn_{name}")(x)
    normal_left1 = separable(newer, width, kernel=5, name=f"normal_left1_{name}")
    normal_right1 = separable(older, width, name=f"normal_right1_{name}")
    y2 = layers.Add()([normal_left1, normal_right1])
    normal_left2 = separable(older, width, kernel=5, name=f"normal_left2_{name}")
    normal_right2 = separable(older, width, name=f"normal_right2_{name}")
    y3 = layers.Add()([normal_left2, normal_right2])
    y4 = layers.AveragePooling2D(3, strides=1, padding="same")(newer)
    y4 = layers.Add()([y4, older])
    y51 = layers.AveragePooling2D(3, strides=1, padding="same")(older)
    y52 = layers.AveragePooling2D(3, strides=1, padding="same")(older)
    y5 = layers.Add()([y51, y52])
    normal_left5 = separable(newer, width, name=f"normal_left5_{name}")
    y6 = layers.Add()([normal_left5, newer])
    x = layers.Concatenate()([older, y2, y3, y4, y5, y6])
    return x


def reduction_cell(
    x: KerasTensor,
    previous: KerasTensor,
    width: int,
    *,
    fits: bool = True,
    halves: bool = False,
    name: str,
) -> KerasTensor:
    """Reduction cell, which halves the resolution: figure 4, right.

    (H, W, in_channels), (H, W, previous_channels) -> (H', W', 4 * width)
    """
    x = layers.ReLU()(x)
    x = Conv(width, 1, use_bias=False, name=f"reduction_conv_1_{name}")(x)
    newer = BatchNorm(name=f"reduction_bn_1_{name}")(x)
    x = previous
    if fits:
        x = layers.ReLU()(previous)
        if halves:
            y1 = layers.AveragePooling2D(1, strides=2)(x)
            y1 = Conv(width // 2, 1, use_bias=False, name=f"adjust_conv_1_{name}")(y1)
            y2 = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
            y2 = layers.Cropping2D(((1, 0), (1, 0)))(y2)
            y2 = layers.AveragePooling2D(1, strides=2)(y2)
            y2 = Conv(width // 2, 1, use_bias=False, name=f"adjust_conv_2_{name}")(y2)
            x = layers.Concatenate()([y1, y2])
        else:
            x = Conv(width, 1, use_bias=False, name=f"adjust_conv_projection_{name}")(x)
        x = BatchNorm(name=f"adjust_bn_{name}")(x)
    older = x
    padded = pad_same(newer, 3, stride=2)
    reduction_left1 = separable(
        newer, width, kernel=5, stride=2, name=f"reduction_left1_{name}"
    )
    reduction_right1 = separable(
        older, width, kernel=7, stride=2, name=f"reduction_right1_{name}"
    )
    first = layers.Add()([reduction_left1, reduction_right1])
    y = layers.MaxPooling2D(3, strides=2)(padded)
    reduction_right2 = separable(
        older, width, kernel=7, stride=2, name=f"reduction_right2_{name}"
    )
    second = layers.Add()([y, reduction_right2])
    y2 = layers.AveragePooling2D(3, strides=2)(padded)
    reduction_right3 = separable(
        older, width, kernel=5, stride=2, name=f"reduction_right3_{name}"
    )
    y2 = layers.Add()([y2, reduction_right3])
    y3 = layers.AveragePooling2D(3, strides=1, padding="same")(first)
    y3 = layers.Add()([second, y3])
    reduction_left4 = separable(first, width, name=f"reduction_left4_{name}")
    y4 = layers.MaxPooling2D(3, strides=2)(padded)
    y4 = layers.Add()([reduction_left4, y4])
    x = layers.Concatenate()([second, y2, y3, y4])
    return x


def nasnet(
    cells: int,
    width: int,
    stem: int,
    side: int,
    skips: bool = False,
    classes: int = 1000,
    name: str = "nasnet",
) -> keras.Model:
    """Two reduction cells, then three stages of normal cells with a reduction cell
    between them: figure 2, right. A cell reads the two before it; `skips` says that the
    first of a stage does not read the input of the reduction cell but what came before
    that.

    (side, side, 3) -> (classes,)
    """
    image = keras.Input((side, side, 3), name="image")
    x = Conv(stem, 3, strides=2, use_bias=False, name="stem_conv1")(image)
    x = stem_bn1 = BatchNorm(name="stem_bn1")(x)
    x = stem_1 = reduction_cell(x, x, width // 4, fits=False, name="stem_1")
    x = reduction_cell(x, stem_bn1, width // 2, halves=True, name="stem_2")
    previous, current = stem_1, x
    for stage in range(3):
        if stage > 0:
            x = reduction_cell(
                x, previous, width * 2**stage, name=f"reduce_{stage * cells}"
            )
            if not skips:
                previous = current
            current = x
        for i in range(cells):
            x = normal_cell(
                x,
                previous,
                width * 2**stage,
                halves=i == 0,
                name=f"{stage * cells + min(stage, 1) + i}",
            )
            previous, current = current, x
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)


def nasnetmobile(skips: bool = False, classes: int = 1000) -> keras.Model:
    """NASNetMobile: 5,289,978 trainable parameters, 0.564 GMACs at 224 x 224 x 3."""
    return nasnet(4, 44, 32, 224, skips=skips, classes=classes, name="nasnetmobile")


def nasnetlarge(classes: int = 1000) -> keras.Model:
    """NASNetLarge: 88,753,150 trainable parameters, 23.8 GMACs at 331 x 331 x 3."""
    return nasnet(6, 168, 96, 331, skips=True, classes=classes, name="nasnetlarge")
