"""Szegedy et al., Going Deeper with Convolutions, 2014. arXiv:1409.4842

Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015.
arXiv:1512.00567

One module in the forms that the papers compare, on the input of GoogLeNet's inception
(3a).

Generated from inception_modules.net by `netwright build inception_modules.net --target
keras`.
"""

from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = [
    "conv_relu",
    "inceptionfactorised",
    "inceptionnaive",
    "inceptionreduced",
    "inceptionstacked",
]


def conv_relu(
    x: KerasTensor, width: int, kernel: int | tuple[int, int], *, name: str
) -> KerasTensor:
    """Convolution and ReLU.

    (H, W, in_channels) -> (H, W, width)
    """
    x = layers.Conv2D(
        width, kernel, padding="same", activation="relu", name=f"{name}_0"
    )(x)
    return x


def inceptionnaive(
    c1: int = 64, c3: int = 128, c5: int = 32, name: str = "inceptionnaive"
) -> keras.Model:
    """All kernels on the input itself: figure 2a of the first paper.

    (28, 28, 192) -> (28, 28, c1 + c3 + c5 + 192)

    InceptionNaive: 387,296 trainable parameters, 0.303 GMACs at 28 x 28 x 192.
    """
    image: Any = keras.Input((28, 28, 192), name="image")
    branch1 = conv_relu(image, c1, 1, name="branch1")
    branch2 = conv_relu(image, c3, 3, name="branch2")
    branch3 = conv_relu(image, c5, 5, name="branch3")
    branch4 = layers.MaxPooling2D(3, strides=1, padding="same", name="branch4")(image)
    x = layers.Concatenate()([branch1, branch2, branch3, branch4])
    return keras.Model(image, x, name=name)


def inceptionreduced(
    c1: int = 64,
    r3: int = 96,
    c3: int = 128,
    r5: int = 16,
    c5: int = 32,
    pooled: int = 32,
    name: str = "inceptionreduced",
) -> keras.Model:
    """1 x 1 kernels in front of the larger ones and behind the pool: figure 2b of the
    first paper.

    (28, 28, 192) -> (28, 28, c1 + c3 + c5 + pooled)

    InceptionReduced: 163,696 trainable parameters, 0.128 GMACs at 28 x 28 x 192.
    """
    image: Any = keras.Input((28, 28, 192), name="image")
    branch1 = conv_relu(image, c1, 1, name="branch1")
    branch2 = conv_relu(image, r3, 1, name="branch2_0")
    branch2 = conv_relu(branch2, c3, 3, name="branch2_1")
    branch3 = conv_relu(image, r5, 1, name="branch3_0")
    branch3 = conv_relu(branch3, c5, 5, name="branch3_1")
    branch4 = layers.MaxPooling2D(3, strides=1, padding="same")(image)
    branch4 = conv_relu(branch4, pooled, 1, name="branch4_1")
    x = layers.Concatenate()([branch1, branch2, branch3, branch4])
    return keras.Model(image, x, name=name)


def inceptionstacked(
    c1: int = 64,
    r3: int = 96,
    c3: int = 128,
    r5: int = 16,
    c5: int = 32,
    pooled: int = 32,
    name: str = "inceptionstacked",
) -> keras.Model:
    """Two kernels of 3 x 3 for one of 5 x 5: figure 5 of the second paper.

    (28, 28, 192) -> (28, 28, c1 + c3 + c5 + pooled)

    InceptionStacked: 164,752 trainable parameters, 0.129 GMACs at 28 x 28 x 192.
    """
    image: Any = keras.Input((28, 28, 192), name="image")
    branch1 = conv_relu(image, c1, 1, name="branch1")
    branch2 = conv_relu(image, r3, 1, name="branch2_0")
    branch2 = conv_relu(branch2, c3, 3, name="branch2_1")
    branch3 = conv_relu(image, r5, 1, name="branch3_0")
    branch3 = conv_relu(branch3, c5, 3, name="branch3_1")
    branch3 = conv_relu(branch3, c5, 3, name="branch3_2")
    branch4 = layers.MaxPooling2D(3, strides=1, padding="same")(image)
    branch4 = conv_relu(branch4, pooled, 1, name="branch4_1")
    x = layers.Concatenate()([branch1, branch2, branch3, branch4])
    return keras.Model(image, x, name=name)


def inceptionfactorised(
    c1: int = 64,
    r7: int = 96,
    c7: int = 128,
    r77: int = 16,
    c77: int = 32,
    pooled: int = 32,
    name: str = "inceptionfactorised",
) -> keras.Model:
    """Kernels of 1 x 7 and 7 x 1 for one of 7 x 7: figure 6 of the second paper.

    (28, 28, 192) -> (28, 28, c1 + c7 + c77 + pooled)

    InceptionFactorised: 199,936 trainable parameters, 0.156 GMACs at 28 x 28 x 192.
    """
    image: Any = keras.Input((28, 28, 192), name="image")
    branch1 = conv_relu(image, c1, 1, name="branch1")
    branch2 = conv_relu(image, r7, 1, name="branch2_0")
    branch2 = conv_relu(branch2, r7, (1, 7), name="branch2_1")
    branch2 = conv_relu(branch2, c7, (7, 1), name="branch2_2")
    branch3 = conv_relu(image, r77, 1, name="branch3_0")
    branch3 = conv_relu(branch3, r77, (7, 1), name="branch3_1")
    branch3 = conv_relu(branch3, r77, (1, 7), name="branch3_2")
    branch3 = conv_relu(branch3, r77, (7, 1), name="branch3_3")
    branch3 = conv_relu(branch3, c77, (1, 7), name="branch3_4")
    branch4 = layers.MaxPooling2D(3, strides=1, padding="same")(image)
    branch4 = conv_relu(branch4, pooled, 1, name="branch4_1")
    x = layers.Concatenate()([branch1, branch2, branch3, branch4])
    return keras.Model(image, x, name=name)
