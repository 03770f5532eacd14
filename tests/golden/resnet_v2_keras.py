"""He et al., Identity Mappings in Deep Residual Networks, 2016. arXiv:1603.05027

As timm has it, with the stride in the 3 x 3 convolution.

Generated from resnet_v2.net by `netwright build resnet_v2.net --target keras`.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = ["preact_bottleneck", "resnetv2", "resnetv2_50", "shortcut"]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}

Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)


def pad_lowest(x: KerasTensor, pad: Any) -> KerasTensor:
    """Pads with what no max-pool chooses; `pad` is a number, or one or two an axis."""
    rank = len(x.shape) - 2
    sides = [pad] * rank if isinstance(pad, int) else [pad] if rank == 1 else pad
    pairs = [(side, side) if isinstance(side, int) else side for side in sides]
    padded: Any = ops.pad(x, [(0, 0), *pairs, (0, 0)], constant_values=float("-inf"))
    return padded


def shortcut(x: KerasTensor, width: int, stride: int, *, name: str) -> KerasTensor:
    """To another width or resolution.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, width)
    """
    x = Conv(width, 1, strides=stride, use_bias=False, name=f"{name}_conv")(x)
    return x


def preact_bottleneck(
    x: KerasTensor, width: int, *, stride: int = 1, name: str
) -> KerasTensor:
    """Normalisation and ReLU in front of each convolution, and nothing behind the sum:
    figure 4e. Where the shortcut is a convolution, it too starts from what is
    normalised; timm makes it first.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, 4 * width)
    """
    in_channels = x.shape[-1]
    out = 4 * width
    y = BatchNorm(name=f"{name}_norm1")(x)
    y = layers.ReLU()(y)
    if stride != 1 or in_channels != out:
        x = shortcut(y, out, stride, name=f"{name}_downsample")
    z2 = Conv(width, 1, use_bias=False, name=f"{name}_conv1")(y)
    z2 = BatchNorm(name=f"{name}_norm2")(z2)
    z2 = layers.ReLU()(z2)
    z2 = layers.ZeroPadding2D(1)(z2)
    z2 = Conv(width, 3, strides=stride, use_bias=False, name=f"{name}_conv2")(z2)
    z2 = BatchNorm(name=f"{name}_norm3")(z2)
    z2 = layers.ReLU()(z2)
    z2 = Conv(out, 1, use_bias=False, name=f"{name}_conv3")(z2)
    y = layers.Add()([x, z2])
    return y


def resnetv2(
    depths: Sequence[int], classes: int = 1000, name: str = "resnetv2"
) -> keras.Model:
    """Four stages, and a last normalisation.

    (224, 224, 3) -> (classes,)
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.ZeroPadding2D(3)(image)
    x = Conv(64, 7, strides=2, use_bias=False, name="stem_conv")(x)
    x = pad_lowest(x, 1)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i, n in enumerate(depths):
        for j in range(n):
            x = preact_bottleneck(
                x,
                64 * 2**i,
                stride=2 if i > 0 and j == 0 else 1,
                name=f"stages_{i}_blocks_{j}",
            )
    x = BatchNorm(name="norm")(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = Conv(classes, 1, name="head_fc")(x)
    x = layers.Flatten()(x)
    return keras.Model(image, x, name=name)


def resnetv2_50(classes: int = 1000) -> keras.Model:
    """ResNetV2_50: 25,549,352 trainable parameters, 4.09 GMACs at 224 x 224 x 3."""
    return resnetv2([3, 4, 6, 3], classes=classes, name="resnetv2_50")
