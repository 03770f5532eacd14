"""Long et al., Fully Convolutional Networks for Semantic Segmentation, 2014.
arXiv:1411.4038

As torchvision has it, on a ResNet-50 whose last two stages are dilated in place of
strided.

Generated from fcn.net by `netwright build fcn.net --target keras`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = ["bottleneck", "fcn", "fcn_head", "fcn_resnet50", "fcn_resnet50_aux"]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL: Any = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}

BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)


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
    y = layers.Conv2D(
        inner, 1, use_bias=False, kernel_initializer=HE_NORMAL, name=f"{name}_conv1"
    )(x)
    y = norm(name=f"{name}_bn1")(y)
    y = layers.ReLU()(y)
    if dilation:
        y = layers.ZeroPadding2D(dilation)(y)
    y = layers.Conv2D(
        inner,
        3,
        strides=stride,
        dilation_rate=dilation,
        groups=groups,
        use_bias=False,
        kernel_initializer=HE_NORMAL,
        name=f"{name}_conv2",
    )(y)
    y = norm(name=f"{name}_bn2")(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(
        out, 1, use_bias=False, kernel_initializer=HE_NORMAL, name=f"{name}_conv3"
    )(y)
    y = norm(name=f"{name}_bn3")(y)
    if stride != 1 or in_channels != out:
        x = layers.Conv2D(
            out,
            1,
            strides=stride,
            use_bias=False,
            kernel_initializer=HE_NORMAL,
            name=f"{name}_downsample_0",
        )(x)
        x = norm(name=f"{name}_downsample_1")(x)
    x = layers.Add()([y, x])
    x = layers.ReLU()(x)
    return x


def fcn_head(x: KerasTensor, classes: int, *, name: str) -> KerasTensor:
    """Scores of the classes for each cell.

    (H, W, in_channels) -> (H, W, classes)
    """
    in_channels = x.shape[-1]
    x = layers.Conv2D(
        in_channels // 4, 3, padding="same", use_bias=False, name=f"{name}_0"
    )(x)
    x = BatchNorm(name=f"{name}_1")(x)
    x = layers.ReLU()(x)
    x = layers.Dropout(0.1)(x)
    x = layers.Conv2D(classes, 1, name=f"{name}_4")(x)
    return x


def fcn(
    depths: Sequence[int], classes: int = 21, auxiliary: bool = False, name: str = "fcn"
) -> keras.Model:
    """Scores of the classes for each pixel, and others from one stage below.

    (520, 520, 3) -> (520, 520, classes)
    """
    image: Any = keras.Input((520, 520, 3), name="image")
    x: Any = layers.ZeroPadding2D(3)(image)
    x = layers.Conv2D(
        64,
        7,
        strides=2,
        use_bias=False,
        kernel_initializer=HE_NORMAL,
        name="backbone_conv1",
    )(x)
    x = BatchNorm(name="backbone_bn1")(x)
    x = layers.ReLU()(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i in range(depths[0]):
        x = bottleneck(x, 64, name=f"backbone_layer1_{i}")
    for j in range(depths[1]):
        x = bottleneck(x, 128, stride=2 if j == 0 else 1, name=f"backbone_layer2_{j}")
    for j in range(depths[2]):
        x = bottleneck(x, 256, dilation=1 if j == 0 else 2, name=f"backbone_layer3_{j}")
    layer3 = x
    for j in range(depths[3]):
        x = bottleneck(x, 512, dilation=2 if j == 0 else 4, name=f"backbone_layer4_{j}")
    x = fcn_head(x, classes, name="classifier")
    x = ops.image.resize(x, image.shape[1:-1], interpolation="bilinear")
    if auxiliary:
        aux = fcn_head(layer3, classes, name="aux_classifier")
        aux = ops.image.resize(aux, image.shape[1:-1], interpolation="bilinear")
        outputs = {"out": x, "aux": aux}
        return keras.Model(image, outputs, name=name)
    return keras.Model(image, x, name=name)


def fcn_resnet50(classes: int = 21, auxiliary: bool = False) -> keras.Model:
    """FCN_ResNet50: 32,957,013 trainable parameters, 143 GMACs at 520 x 520 x 3."""
    return fcn([3, 4, 6, 3], classes=classes, auxiliary=auxiliary, name="fcn_resnet50")


def fcn_resnet50_aux(classes: int = 21) -> keras.Model:
    """FCN_ResNet50_Aux: 35,322,218 trainable parameters, 153 GMACs at 520 x 520 x 3."""
    return fcn([3, 4, 6, 3], auxiliary=True, classes=classes, name="fcn_resnet50_aux")
