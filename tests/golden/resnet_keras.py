"""He et al., Deep Residual Learning for Image Recognition, 2015. arXiv:1512.03385

Xie et al., Aggregated Residual Transformations for Deep Neural Networks, 2016.
arXiv:1611.05431

Generated from resnet.net by `netwright build resnet.net --target keras`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = [
    "basic",
    "bottleneck",
    "resnet",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "wideresnet50_2",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}

Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)


def basic(x: KerasTensor, width: int, *, stride: int = 1, name: str) -> KerasTensor:
    """Two 3 x 3 convolutions beside a shortcut: figure 5, left.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, width)
    """
    in_channels = x.shape[-1]
    y = layers.ZeroPadding2D(1)(x)
    y = Conv(width, 3, strides=stride, use_bias=False, name=f"{name}_conv1")(y)
    y = BatchNorm(name=f"{name}_bn1")(y)
    y = layers.ReLU()(y)
    y = Conv(width, 3, padding="same", use_bias=False, name=f"{name}_conv2")(y)
    y = BatchNorm(name=f"{name}_bn2")(y)
    if stride != 1 or in_channels != width:
        x = Conv(width, 1, strides=stride, use_bias=False, name=f"{name}_downsample_0")(
            x
        )
        x = BatchNorm(name=f"{name}_downsample_1")(x)
    x = layers.Add()([y, x])
    x = layers.ReLU()(x)
    return x


def bottleneck(
    x: KerasTensor,
    width: int,
    *,
    stride: int = 1,
    groups: int = 1,
    base: int = 64,
    dilation: int = 1,
    norm: Callable[..., Any] = BatchNorm,
    name: str,
) -> KerasTensor:
    """A 3 x 3 convolution between two of 1 x 1: figure 5, right. The stride is in the 3
    x 3 one.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, 4 * width)
    """
    in_channels = x.shape[-1]
    inner = width * base // 64 * groups
    out = 4 * width
    y = Conv(inner, 1, use_bias=False, name=f"{name}_conv1")(x)
    y = norm(name=f"{name}_bn1")(y)
    y = layers.ReLU()(y)
    if dilation:
        y = layers.ZeroPadding2D(dilation)(y)
    y = Conv(
        inner,
        3,
        strides=stride,
        dilation_rate=dilation,
        groups=groups,
        use_bias=False,
        name=f"{name}_conv2",
    )(y)
    y = norm(name=f"{name}_bn2")(y)
    y = layers.ReLU()(y)
    y = Conv(out, 1, use_bias=False, name=f"{name}_conv3")(y)
    y = norm(name=f"{name}_bn3")(y)
    if stride != 1 or in_channels != out:
        x = Conv(out, 1, strides=stride, use_bias=False, name=f"{name}_downsample_0")(x)
        x = norm(name=f"{name}_downsample_1")(x)
    x = layers.Add()([y, x])
    x = layers.ReLU()(x)
    return x


def resnet(
    unit: Callable[..., KerasTensor],
    depths: Sequence[int],
    classes: int = 1000,
    name: str = "resnet",
) -> keras.Model:
    """Residual network of four stages, each at half the resolution of the one before:
    table 1.

    (224, 224, 3) -> (classes,)
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.ZeroPadding2D(3)(image)
    x = Conv(64, 7, strides=2, use_bias=False, name="conv1")(x)
    x = BatchNorm(name="bn1")(x)
    x = layers.ReLU()(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i, n in enumerate(depths):
        for j in range(n):
            x = unit(
                x,
                64 * 2**i,
                stride=2 if i > 0 and j == 0 else 1,
                name=f"layer{i + 1}_{j}",
            )
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, name="fc")(x)
    return keras.Model(image, x, name=name)


def resnet18(classes: int = 1000) -> keras.Model:
    """ResNet18: 11,689,512 trainable parameters, 1.81 GMACs at 224 x 224 x 3."""
    return resnet(basic, [2, 2, 2, 2], classes=classes, name="resnet18")


def resnet34(classes: int = 1000) -> keras.Model:
    """ResNet34: 21,797,672 trainable parameters, 3.66 GMACs at 224 x 224 x 3."""
    return resnet(basic, [3, 4, 6, 3], classes=classes, name="resnet34")


def resnet50(classes: int = 1000) -> keras.Model:
    """ResNet50: 25,557,032 trainable parameters, 4.09 GMACs at 224 x 224 x 3."""
    return resnet(bottleneck, [3, 4, 6, 3], classes=classes, name="resnet50")


def resnet101(classes: int = 1000) -> keras.Model:
    """ResNet101: 44,549,160 trainable parameters, 7.80 GMACs at 224 x 224 x 3."""
    return resnet(bottleneck, [3, 4, 23, 3], classes=classes, name="resnet101")


def resnet152(classes: int = 1000) -> keras.Model:
    """ResNet152: 60,192,808 trainable parameters, 11.5 GMACs at 224 x 224 x 3."""
    return resnet(bottleneck, [3, 8, 36, 3], classes=classes, name="resnet152")


def resnext50_32x4d(classes: int = 1000) -> keras.Model:
    """ResNeXt50_32x4d: 25,028,904 trainable parameters, 4.23 GMACs at 224 x 224 x 3."""
    unit = partial(bottleneck, groups=32, base=4)
    return resnet(unit, [3, 4, 6, 3], classes=classes, name="resnext50_32x4d")


def resnext101_32x8d(classes: int = 1000) -> keras.Model:
    """ResNeXt101_32x8d: 88,791,336 trainable parameters, 16.4 GMACs at
    224 x 224 x 3.
    """
    unit = partial(bottleneck, groups=32, base=8)
    return resnet(unit, [3, 4, 23, 3], classes=classes, name="resnext101_32x8d")


def wideresnet50_2(classes: int = 1000) -> keras.Model:
    """WideResNet50_2: 68,883,240 trainable parameters, 11.4 GMACs at 224 x 224 x 3."""
    unit = partial(bottleneck, base=128)
    return resnet(unit, [3, 4, 6, 3], classes=classes, name="wideresnet50_2")
