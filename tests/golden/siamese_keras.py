"""Koch, Zemel and Salakhutdinov, Siamese Neural Networks for One-Shot Image
Recognition, 2015.

Generated from siamese.net by `netwright build siamese.net --target keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = ["siamese", "twin"]

# Configs, not instances: one instance gives layers of equal shape equal weights.
NORMAL = {"class_name": "RandomNormal", "config": {"stddev": 0.01}}
NORMAL_2 = {"class_name": "RandomNormal", "config": {"stddev": 0.2}}

Conv = partial(layers.Conv2D, kernel_initializer=NORMAL)
Linear = partial(layers.Dense, kernel_initializer=NORMAL_2)


def twin(x: KerasTensor, width: int, *, name: str) -> KerasTensor:
    """The network that both images go through: figure 4.

    (H, W, in_channels) -> (width,)
    """
    x = Conv(64, 10, activation="relu", name=f"{name}_0")(x)
    x = layers.MaxPooling2D(2)(x)
    x = Conv(128, 7, activation="relu", name=f"{name}_3")(x)
    x = layers.MaxPooling2D(2)(x)
    x = Conv(128, 4, activation="relu", name=f"{name}_6")(x)
    x = layers.MaxPooling2D(2)(x)
    x = Conv(256, 4, activation="relu", name=f"{name}_9")(x)
    x = layers.Flatten()(x)
    x = Linear(width, activation="sigmoid", name=f"{name}_12")(x)
    return x


def siamese(width: int = 4096, name: str = "siamese") -> keras.Model:
    """Probability that two characters are the same one: a weighted L1 distance of two
    codes.

    (105, 105, 1), (105, 105, 1) -> (1,)

    Siamese: 38,951,745 trainable parameters, 1.82 GMACs at two of 105 x 105 x 1.
    """
    left = keras.Input((105, 105, 1), name="left")
    right = keras.Input((105, 105, 1), name="right")
    tower_input: Any = keras.Input((105, 105, 1))
    tower_output = twin(tower_input, width, name="tower")
    tower = keras.Model(tower_input, tower_output, name="tower")
    x = ops.abs(tower(left) - tower(right))
    x = Linear(1, activation="sigmoid", name="fc")(x)
    return keras.Model([left, right], x, name=name)
