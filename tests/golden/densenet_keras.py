"""Huang et al., Densely Connected Convolutional Networks, 2016. arXiv:1608.06993

Generated from densenet.net by `netwright build densenet.net --target keras`.
"""

from collections.abc import Sequence
from functools import partial

import keras
from keras import KerasTensor, layers

__all__ = [
    "dense_layer",
    "densenet",
    "densenet121",
    "densenet169",
    "densenet201",
    "transition",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}

BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)
Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)


def dense_layer(
    x: KerasTensor, growth: int, *, expansion: int = 4, name: str
) -> KerasTensor:
    """The input, and `growth` channels computed from it: figure 2, with the bottleneck
    of section 3.

    (H, W, in_channels) -> (H, W, in_channels + growth)
    """
    y = BatchNorm(name=f"{name}_norm1")(x)
    y = layers.ReLU()(y)
    y = Conv(expansion * growth, 1, use_bias=False, name=f"{name}_conv1")(y)
    y = BatchNorm(name=f"{name}_norm2")(y)
    y = layers.ReLU()(y)
    y = Conv(growth, 3, padding="same", use_bias=False, name=f"{name}_conv2")(y)
    x = layers.Concatenate()([x, y])
    return x


def transition(x: KerasTensor, *, reduction: int = 2, name: str) -> KerasTensor:
    """Fewer channels at half the resolution.

    (H, W, in_channels) -> (H // 2, W // 2, in_channels // reduction)
    """
    in_channels = x.shape[-1]
    x = BatchNorm(name=f"{name}_norm")(x)
    x = layers.ReLU()(x)
    x = Conv(in_channels // reduction, 1, use_bias=False, name=f"{name}_conv")(x)
    x = layers.AveragePooling2D(2)(x)
    return x


def densenet(
    depths: Sequence[int],
    width: int = 64,
    growth: int = 32,
    classes: int = 1000,
    name: str = "densenet",
) -> keras.Model:
    """Dense blocks with transitions between them: table 1.

    (224, 224, 3) -> (classes,)
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.ZeroPadding2D(3)(image)
    x = Conv(width, 7, strides=2, use_bias=False, name="features_conv0")(x)
    x = BatchNorm(name="features_norm0")(x)
    x = layers.ReLU()(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i, n in enumerate(depths):
        if i > 0:
            x = transition(x, name=f"features_transition{i}")
        for j in range(n):
            x = dense_layer(
                x, growth, name=f"features_denseblock{i + 1}_denselayer{j + 1}"
            )
    x = BatchNorm(name="features_norm5")(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, name="classifier")(x)
    return keras.Model(image, x, name=name)


def densenet121(width: int = 64, growth: int = 32, classes: int = 1000) -> keras.Model:
    """DenseNet121: 7,978,856 trainable parameters, 2.83 GMACs at 224 x 224 x 3."""
    return densenet(
        [6, 12, 24, 16], width=width, growth=growth, classes=classes, name="densenet121"
    )


def densenet169(width: int = 64, growth: int = 32, classes: int = 1000) -> keras.Model:
    """DenseNet169: 14,149,480 trainable parameters, 3.36 GMACs at 224 x 224 x 3."""
    return densenet(
        [6, 12, 32, 32], width=width, growth=growth, classes=classes, name="densenet169"
    )


def densenet201(width: int = 64, growth: int = 32, classes: int = 1000) -> keras.Model:
    """DenseNet201: 20,013,928 trainable parameters, 4.29 GMACs at 224 x 224 x 3."""
    return densenet(
        [6, 12, 48, 32], width=width, growth=growth, classes=classes, name="densenet201"
    )
