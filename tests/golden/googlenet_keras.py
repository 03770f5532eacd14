"""Szegedy et al., Going Deeper with Convolutions, 2014. arXiv:1409.4842

As torchvision has it, which normalises batches and puts 3 x 3 kernels where the paper
has 5 x 5, and as the paper and Caffe's bvlc_googlenet have it.

Generated from googlenet.net by `netwright build googlenet.net --target keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = [
    "aux_head",
    "conv_unit",
    "googlenet",
    "googlenet_noaux",
    "googlenet_paper",
    "googlenet_paper_noaux",
    "inception",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
NORMAL = {"class_name": "RandomNormal", "config": {"stddev": 0.01}}

Conv = partial(layers.Conv2D, kernel_initializer=NORMAL)
BatchNorm = partial(layers.BatchNormalization, momentum=0.9)
Linear = partial(layers.Dense, kernel_initializer=NORMAL)


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


def max_pool_ceil(x: KerasTensor, kernel: int, *, stride: int) -> KerasTensor:
    """Max-pool whose last windows may reach over the end of the map."""
    end = (0, stride - 1)
    padded = ops.pad(x, ((0, 0), end, end, (0, 0)), constant_values=float("-inf"))
    return layers.MaxPooling2D(kernel, strides=stride)(padded)


def conv_unit(
    x: KerasTensor,
    width: int,
    kernel: int | tuple[int, int],
    *,
    stride: int = 1,
    pad: int = 0,
    paper: bool = False,
    name: str,
) -> KerasTensor:
    """Convolution and ReLU; between them batch normalisation, which the paper does not
    know.

    (H, W, in_channels) -> (H', W', width)
    """
    if pad:
        x = layers.ZeroPadding2D(pad)(x)
    x = Conv(width, kernel, strides=stride, use_bias=paper, name=f"{name}_conv")(x)
    if not paper:
        x = BatchNorm(name=f"{name}_bn")(x)
    x = layers.ReLU()(x)
    return x


def inception(
    x: KerasTensor,
    c1: int,
    r3: int,
    c3: int,
    r5: int,
    c5: int,
    proj: int,
    *,
    paper: bool = False,
    name: str,
) -> KerasTensor:
    """Four branches side by side: figure 2b.

    (H, W, in_channels) -> (H, W, c1 + c3 + c5 + proj)
    """
    large = 5 if paper else 3
    branch1 = conv_unit(x, c1, 1, paper=paper, name=f"{name}_branch1")
    branch2 = conv_unit(x, r3, 1, paper=paper, name=f"{name}_branch2_0")
    branch2 = conv_unit(branch2, c3, 3, pad=1, paper=paper, name=f"{name}_branch2_1")
    branch3 = conv_unit(x, r5, 1, paper=paper, name=f"{name}_branch3_0")
    branch3 = conv_unit(
        branch3, c5, large, pad=large // 2, paper=paper, name=f"{name}_branch3_1"
    )
    branch4 = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    branch4 = conv_unit(branch4, proj, 1, paper=paper, name=f"{name}_branch4_1")
    x = layers.Concatenate()([branch1, branch2, branch3, branch4])
    return x


def aux_head(
    x: KerasTensor, classes: int, *, paper: bool = False, name: str
) -> KerasTensor:
    """Auxiliary classifier: section 5.

    (H, W, in_channels) -> (classes,)
    """
    if paper:
        x = layers.AveragePooling2D(5, strides=3)(x)
    else:
        x = layers.AdaptiveAveragePooling2D(4)(x)
    x = conv_unit(x, 128, 1, paper=paper, name=f"{name}_conv")
    x = layers.Flatten()(x)
    x = Linear(1024, activation="relu", name=f"{name}_fc1")(x)
    x = layers.Dropout(0.7)(x)
    x = Linear(classes, name=f"{name}_fc2")(x)
    return x


def googlenet(
    classes: int = 1000,
    aux: bool = True,
    paper: bool = False,
    training_outputs: bool = False,
    name: str = "googlenet",
) -> keras.Model:
    """Nine inception modules, and two auxiliary classifiers for training: table 1.

    (224, 224, 3) -> (classes,)

    GoogLeNet: 13,004,888 trainable parameters, 1.50 GMACs at 224 x 224 x 3; without
    `training_outputs` 6,624,904.
    """
    image: Any = keras.Input((224, 224, 3), name="image")
    x = conv_unit(image, 64, 7, stride=2, pad=3, paper=paper, name="conv1")
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    if paper:
        x = LocalResponseNorm(5)(x)
    x = conv_unit(x, 64, 1, paper=paper, name="conv2")
    x = conv_unit(x, 192, 3, pad=1, paper=paper, name="conv3")
    if paper:
        x = LocalResponseNorm(5)(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    x = inception(x, 64, 96, 128, 16, 32, 32, paper=paper, name="inception3a")
    x = inception(x, 128, 128, 192, 32, 96, 64, paper=paper, name="inception3b")
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    x = inception4a = inception(
        x, 192, 96, 208, 16, 48, 64, paper=paper, name="inception4a"
    )
    x = inception(x, 160, 112, 224, 24, 64, 64, paper=paper, name="inception4b")
    x = inception(x, 128, 128, 256, 24, 64, 64, paper=paper, name="inception4c")
    x = inception4d = inception(
        x, 112, 144, 288, 32, 64, 64, paper=paper, name="inception4d"
    )
    x = inception(x, 256, 160, 320, 32, 128, 128, paper=paper, name="inception4e")
    x = max_pool_ceil(x, 3 if paper else 2, stride=2)
    x = inception(x, 256, 160, 320, 32, 128, 128, paper=paper, name="inception5a")
    x = inception(x, 384, 192, 384, 48, 128, 128, paper=paper, name="inception5b")
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4 if paper else 0.2)(x)
    x = Linear(classes, name="fc")(x)
    if training_outputs and aux:
        aux1 = aux_head(inception4a, classes, paper=paper, name="aux1")
        aux2 = aux_head(inception4d, classes, paper=paper, name="aux2")
        outputs = {"logits": x, "aux1": aux1, "aux2": aux2}
        return keras.Model(image, outputs, name=name)
    return keras.Model(image, x, name=name)


def googlenet_noaux(classes: int = 1000, paper: bool = False) -> keras.Model:
    """GoogLeNet_NoAux: 6,624,904 trainable parameters, 1.50 GMACs at 224 x 224 x 3."""
    return googlenet(aux=False, classes=classes, paper=paper, name="googlenet_noaux")


def googlenet_paper(
    classes: int = 1000, aux: bool = True, training_outputs: bool = False
) -> keras.Model:
    """GoogLeNet_Paper: 13,378,280 trainable parameters, 1.58 GMACs at 224 x 224 x 3;
    without `training_outputs` 6,998,552.
    """
    return googlenet(
        paper=True,
        classes=classes,
        aux=aux,
        training_outputs=training_outputs,
        name="googlenet_paper",
    )


def googlenet_paper_noaux(classes: int = 1000) -> keras.Model:
    """GoogLeNet_Paper_NoAux: 6,998,552 trainable parameters, 1.58 GMACs at
    224 x 224 x 3.
    """
    return googlenet(
        aux=False, paper=True, classes=classes, name="googlenet_paper_noaux"
    )
