"""Howard et al., MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
Applications, 2017. arXiv:1704.04861, table 1. Sandler et al., MobileNetV2: Inverted
Residuals and Linear Bottlenecks, 2018. arXiv:1801.04381, table 2. Both as
keras.applications has them, layer names and counts too.

Generated from mobilenet.net by `netwright build mobilenet.net --target keras`.
"""

import keras
from keras import KerasTensor, layers

__all__ = ["inverted_residual", "mobilenet", "mobilenetv2"]

WIDTHS = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
STAGES = [
    [1, 24, 2, 2],
    [3, 32, 3, 2],
    [6, 64, 4, 2],
    [10, 96, 3, 1],
    [13, 160, 3, 2],
    [16, 320, 1, 1],
]


def inverted_residual(
    x: KerasTensor, width: int, *, stride: int = 1, expansion: int = 6, name: str
) -> KerasTensor:
    """Expand, filter, project: figure 4d.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, width)
    """
    in_channels = x.shape[-1]
    y = x
    if expansion != 1:
        y = layers.Conv2D(
            expansion * in_channels, 1, use_bias=False, name=f"{name}_expand"
        )(x)
        y = layers.BatchNormalization(momentum=0.999, name=f"{name}_expand_BN")(y)
        y = layers.ReLU(6)(y)
    y = layers.DepthwiseConv2D(
        3, strides=stride, padding="same", use_bias=False, name=f"{name}_depthwise"
    )(y)
    y = layers.BatchNormalization(momentum=0.999, name=f"{name}_depthwise_BN")(y)
    y = layers.ReLU(6)(y)
    y = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_project")(y)
    y = layers.BatchNormalization(momentum=0.999, name=f"{name}_project_BN")(y)
    if stride == 1 and in_channels == width:
        y = layers.Add()([x, y])
    return y


def mobilenet(classes: int = 1000, name: str = "mobilenet") -> keras.Model:
    """One 3 x 3 filter a channel and a 1 x 1 convolution, thirteen times.

    (224, 224, 3) -> (classes,)

    MobileNet: 4,231,976 trainable parameters, 0.569 GMACs at 224 x 224 x 3.
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.Conv2D(32, 3, strides=2, padding="same", use_bias=False, name="conv1")(
        image
    )
    x = layers.BatchNormalization(name="conv1_bn")(x)
    x = layers.ReLU(6)(x)
    for i, width in enumerate(WIDTHS):
        stride = 2 if i > 0 and width > WIDTHS[i - 1] else 1
        before = 2 - stride
        x = layers.ZeroPadding2D(((before, 1), (before, 1)))(x)
        x = layers.DepthwiseConv2D(
            3, strides=stride, use_bias=False, name=f"conv_dw_{i + 1}"
        )(x)
        x = layers.BatchNormalization(name=f"conv_dw_{i + 1}_bn")(x)
        x = layers.ReLU(6)(x)
        x = layers.Conv2D(width, 1, use_bias=False, name=f"conv_pw_{i + 1}")(x)
        x = layers.BatchNormalization(name=f"conv_pw_{i + 1}_bn")(x)
        x = layers.ReLU(6)(x)
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Dropout(0.001)(x)
    x = layers.Conv2D(classes, 1, name="conv_preds")(x)
    x = layers.Flatten()(x)
    x = layers.Softmax()(x)
    return keras.Model(image, x, name=name)


def mobilenetv2(classes: int = 1000, name: str = "mobilenetv2") -> keras.Model:
    """Seventeen inverted residuals.

    (224, 224, 3) -> (classes,)

    MobileNetV2: 3,504,872 trainable parameters, 0.301 GMACs at 224 x 224 x 3.
    """
    image = keras.Input((224, 224, 3), name="image")
    x = layers.Conv2D(32, 3, strides=2, padding="same", use_bias=False, name="Conv1")(
        image
    )
    x = layers.BatchNormalization(momentum=0.999, name="bn_Conv1")(x)
    x = layers.ReLU(6)(x)
    x = inverted_residual(x, 16, expansion=1, name="expanded_conv")
    for first, width, n, stride in STAGES:
        for j in range(n):
            x = inverted_residual(
                x, width, stride=stride if j == 0 else 1, name=f"block_{first + j}"
            )
    x = layers.Conv2D(1280, 1, use_bias=False, name="Conv_1")(x)
    x = layers.BatchNormalization(momentum=0.999, name="Conv_1_bn")(x)
    x = layers.ReLU(6)(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(image, x, name=name)
