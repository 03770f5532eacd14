"""Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image
Recognition, 2014. arXiv:1409.1556

Generated from vgg.net by `netwright build vgg.net --target keras`.
"""

import itertools
from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = [
    "densevgg",
    "stages",
    "vgg",
    "vgg11",
    "vgg11_bn",
    "vgg13",
    "vgg13_bn",
    "vgg16",
    "vgg16_bn",
    "vgg16_timm",
    "vgg19",
    "vgg19_bn",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}
NORMAL = {"class_name": "RandomNormal", "config": {"stddev": 0.01}}

Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)
Linear = partial(layers.Dense, kernel_initializer=NORMAL)


def window_pads(
    size: Any, span: int, stride: int, pad: Any, *, ceil: bool
) -> tuple[tuple[int, int], int]:
    """Cells around an axis, and those that a last window may hang over its end; that
    window starts before the padding behind.
    """
    if pad == "same":
        over = 1 if stride == 1 else size - (size - 1) // stride * stride
        extra = max(span - over, 0)
        return (extra // 2, extra - extra // 2), 0
    before, after = (pad, pad) if isinstance(pad, int) else pad
    if not ceil or after + stride <= span:
        return (before, after), stride - 1 if ceil else 0
    rest = (size + before + after - span) % stride
    over = stride - rest if rest else 0
    last = size + before + after + over - span
    return (before, after), over if last < size + before else 0


def max_pool(
    x: KerasTensor,
    kernel: int | tuple[int, ...],
    *,
    stride: int | tuple[int, ...],
    pad: Any = 0,
    dilation: int | tuple[int, ...] = 1,
    ceil: bool = False,
) -> KerasTensor:
    """Max-pool with dilation, or with windows that may reach over the end."""
    pads, starts = [(0, 0)], []
    for axis, size in enumerate(x.shape[1:-1]):
        k, s, d = (
            n if isinstance(n, int) else n[axis] for n in (kernel, stride, dilation)
        )
        p = pad if isinstance(pad, int | str) else pad[axis]
        (before, after), over = window_pads(size, d * (k - 1) + 1, s, p, ceil=ceil)
        pads.append((before, after + over))
        ends = [d * (i + 1 - k) or None for i in range(k)]
        starts.append([slice(d * i, end, s) for i, end in enumerate(ends)])
    padded: Any = ops.pad(x, [*pads, (0, 0)], constant_values=float("-inf"))
    parts = [padded[:, *place] for place in itertools.product(*starts)]
    return layers.Maximum()(parts) if len(parts) > 1 else parts[0]


def stages(
    x: KerasTensor,
    depths: Sequence[int],
    *,
    normalize: bool = False,
    ceil: bool = False,
    name: str,
) -> KerasTensor:
    """Five stages of 3 x 3 convolutions, each followed by a pool: table 1.

    (H, W, in_channels) -> (H', W', channels)
    """
    index = 0
    for i, n in enumerate(depths):
        width = min(64 * 2**i, 512)
        for _ in range(n):
            x = Conv(width, 3, padding="same", name=f"{name}_{index}")(x)
            index += 1
            if normalize:
                x = BatchNorm(name=f"{name}_{index}")(x)
                index += 1
            x = layers.ReLU()(x)
            index += 1
        x = max_pool(x, 2, stride=2, ceil=ceil)
        index += 1
    return x


def vgg(
    depths: Sequence[int],
    normalize: bool = False,
    classes: int = 1000,
    name: str = "vgg",
) -> keras.Model:
    """Convolutions in five stages, then three fully connected layers: table 1.

    (224, 224, 3) -> (classes,)
    """
    image: Any = keras.Input((224, 224, 3), name="image")
    x = stages(image, depths, normalize=normalize, name="features")
    x = layers.AdaptiveAveragePooling2D(7)(x)
    x = layers.Flatten()(x)
    x = Linear(4096, activation="relu", name="classifier_0")(x)
    x = layers.Dropout(0.5)(x)
    x = Linear(4096, activation="relu", name="classifier_3")(x)
    x = layers.Dropout(0.5)(x)
    x = Linear(classes, name="classifier_6")(x)
    return keras.Model(image, x, name=name)


def densevgg(
    depths: Sequence[int], classes: int = 1000, name: str = "densevgg"
) -> keras.Model:
    """The fully connected layers as convolutions: section 3.2. The names are timm's.

    (224, 224, 3) -> (classes,)
    """
    image: Any = keras.Input((224, 224, 3), name="image")
    x = stages(image, depths, name="features")
    x = Conv(4096, 7, name="pre_logits_fc1")(x)
    x = layers.ReLU(name="pre_logits_act1")(x)
    x = Conv(4096, 1, name="pre_logits_fc2")(x)
    x = layers.ReLU(name="pre_logits_act2")(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = Linear(classes, name="head_fc")(x)
    return keras.Model(image, x, name=name)


def vgg11(normalize: bool = False, classes: int = 1000) -> keras.Model:
    """VGG11: 132,863,336 trainable parameters, 7.61 GMACs at 224 x 224 x 3."""
    return vgg([1, 1, 2, 2, 2], normalize=normalize, classes=classes, name="vgg11")


def vgg13(normalize: bool = False, classes: int = 1000) -> keras.Model:
    """VGG13: 133,047,848 trainable parameters, 11.3 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 2, 2, 2], normalize=normalize, classes=classes, name="vgg13")


def vgg16(normalize: bool = False, classes: int = 1000) -> keras.Model:
    """VGG16: 138,357,544 trainable parameters, 15.5 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 3, 3, 3], normalize=normalize, classes=classes, name="vgg16")


def vgg19(normalize: bool = False, classes: int = 1000) -> keras.Model:
    """VGG19: 143,667,240 trainable parameters, 19.6 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 4, 4, 4], normalize=normalize, classes=classes, name="vgg19")


def vgg11_bn(classes: int = 1000) -> keras.Model:
    """VGG11_BN: 132,868,840 trainable parameters, 7.61 GMACs at 224 x 224 x 3."""
    return vgg([1, 1, 2, 2, 2], normalize=True, classes=classes, name="vgg11_bn")


def vgg13_bn(classes: int = 1000) -> keras.Model:
    """VGG13_BN: 133,053,736 trainable parameters, 11.3 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 2, 2, 2], normalize=True, classes=classes, name="vgg13_bn")


def vgg16_bn(classes: int = 1000) -> keras.Model:
    """VGG16_BN: 138,365,992 trainable parameters, 15.5 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 3, 3, 3], normalize=True, classes=classes, name="vgg16_bn")


def vgg19_bn(classes: int = 1000) -> keras.Model:
    """VGG19_BN: 143,678,248 trainable parameters, 19.6 GMACs at 224 x 224 x 3."""
    return vgg([2, 2, 4, 4, 4], normalize=True, classes=classes, name="vgg19_bn")


def vgg16_timm(classes: int = 1000) -> keras.Model:
    """VGG16_Timm: 138,357,544 trainable parameters, 15.5 GMACs at 224 x 224 x 3."""
    return densevgg([2, 2, 3, 3, 3], classes=classes, name="vgg16_timm")
