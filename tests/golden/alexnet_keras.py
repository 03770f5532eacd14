"""Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks,
2012, as Caffe's bvlc_alexnet has it.

Krizhevsky, One Weird Trick for Parallelizing Convolutional Neural Networks, 2014.
arXiv:1404.5997, as torchvision has it.

Generated from alexnet.net by `netwright build alexnet.net --target keras`.
"""

from typing import Any

import keras
from keras import layers, ops

__all__ = ["alexnet", "alexnet_paper", "towernet"]


@keras.saving.register_keras_serializable()
class LocalResponseNorm(layers.Layer):
    """Each value over `(k + alpha / size * sum of squares) ** beta` of near channels."""

    def __init__(
        self,
        size: int,
        alpha: float = 1e-4,
        beta: float = 0.75,
        k: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def call(self, inputs: Any) -> Any:
        channels, rank = inputs.shape[-1], len(inputs.shape)
        ends = [*[(0, 0)] * (rank - 1), (self.size // 2, (self.size - 1) // 2)]
        squares: Any = ops.pad(ops.square(inputs), ends)
        total = sum(squares[..., i : i + channels] for i in range(self.size))
        return inputs / (self.k + self.alpha / self.size * total) ** self.beta

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "size": self.size,
            "alpha": self.alpha,
            "beta": self.beta,
            "k": self.k,
        }


def alexnet(classes: int = 1000, name: str = "alexnet") -> keras.Model:
    """Five convolutions and three fully connected layers in one tower, without
    normalisation.

    (224, 224, 3) -> (classes,)

    AlexNet: 61,100,840 trainable parameters, 0.714 GMACs at 224 x 224 x 3.
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.ZeroPadding2D(2)(image)
    x = layers.Conv2D(64, 11, strides=4, activation="relu", name="features_0")(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Conv2D(192, 5, padding="same", activation="relu", name="features_3")(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Conv2D(384, 3, padding="same", activation="relu", name="features_6")(x)
    x = layers.Conv2D(256, 3, padding="same", activation="relu", name="features_8")(x)
    x = layers.Conv2D(256, 3, padding="same", activation="relu", name="features_10")(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.AdaptiveAveragePooling2D(6)(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(4096, activation="relu", name="classifier_1")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(4096, activation="relu", name="classifier_4")(x)
    x = layers.Dense(classes, name="classifier_6")(x)
    return keras.Model(image, x, name=name)


def towernet(towers: int, classes: int = 1000, name: str = "towernet") -> keras.Model:
    """Towers that meet at the third convolution only, one for each GPU: figure 2. The
    paper says 224 x 224; its other numbers need 227.

    (227, 227, 3) -> (classes,)
    """
    image = keras.Input((227, 227, 3), name="image")
    x = layers.Conv2D(96, 11, strides=4, activation="relu", name="conv1")(image)
    x = LocalResponseNorm(5)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Conv2D(
        256, 5, padding="same", groups=towers, activation="relu", name="conv2"
    )(x)
    x = LocalResponseNorm(5)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Conv2D(384, 3, padding="same", activation="relu", name="conv3")(x)
    x = layers.Conv2D(
        384, 3, padding="same", groups=towers, activation="relu", name="conv4"
    )(x)
    x = layers.Conv2D(
        256, 3, padding="same", groups=towers, activation="relu", name="conv5"
    )(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(4096, activation="relu", name="fc6")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(4096, activation="relu", name="fc7")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(classes, name="fc8")(x)
    return keras.Model(image, x, name=name)


def alexnet_paper(classes: int = 1000) -> keras.Model:
    """AlexNet_Paper: 60,965,224 trainable parameters, 0.724 GMACs at 227 x 227 x 3."""
    return towernet(2, classes=classes, name="alexnet_paper")
