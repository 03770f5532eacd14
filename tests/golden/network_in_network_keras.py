"""Lin et al., Network In Network, 2013. arXiv:1312.4400

For CIFAR-10, with the widths of the authors' Caffe files.

Generated from network_in_network.net by `netwright build network_in_network.net
--target keras`.
"""

from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = ["mlpconv", "networkinnetwork"]

# Configs, not instances: one instance gives layers of equal shape equal weights.
NORMAL = {"class_name": "RandomNormal", "config": {"stddev": 0.05}}

Conv = partial(layers.Conv2D, kernel_initializer=NORMAL)


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


def avg_pool(
    x: KerasTensor,
    kernel: int | tuple[int, ...],
    *,
    stride: int | tuple[int, ...],
    pad: Any = 0,
    ceil: bool = False,
    count_include_pad: bool = True,
) -> KerasTensor:
    """Average pool that divides by the cells of a window in the map and its padding, or
    in the map alone.
    """
    around, behind = [(0, 0)], [(0, 0)]
    for axis, size in enumerate(x.shape[1:-1]):
        k, s = (n if isinstance(n, int) else n[axis] for n in (kernel, stride))
        p = pad if isinstance(pad, int | str) else pad[axis]
        pair, over = window_pads(size, k, s, p, ceil=ceil)
        around.append(pair)
        behind.append((0, over))
    edges = [*around, (0, 0)], [*behind, (0, 0)]
    ones: Any = ops.ones_like(x)
    ones = ops.pad(ones, edges[0], constant_values=float(count_include_pad))
    padded: Any = ops.pad(ops.pad(x, edges[0]), edges[1])
    counted: Any = ops.average_pool(ops.pad(ones, edges[1]), kernel, stride)
    return ops.average_pool(padded, kernel, stride) / counted


def mlpconv(
    x: KerasTensor, width: int, kernel: int, hidden: int, out: int, *, name: str
) -> KerasTensor:
    """A convolution and, in place of more of them, a small perceptron that slides over
    its cells: figure 1b.

    (H, W, in_channels) -> (H + 2 * (kernel // 2) + 1 - kernel,
    W + 2 * (kernel // 2) + 1 - kernel, out)
    """
    if kernel // 2:
        x = layers.ZeroPadding2D(kernel // 2)(x)
    x = Conv(width, kernel, activation="relu", name=f"{name}_0")(x)
    x = Conv(hidden, 1, activation="relu", name=f"{name}_2")(x)
    x = Conv(out, 1, activation="relu", name=f"{name}_4")(x)
    return x


def networkinnetwork(classes: int = 10, name: str = "networkinnetwork") -> keras.Model:
    """Three perceptron layers, and the average of each class's map in place of a linear
    layer: figure 2.

    (32, 32, 3) -> (classes,)

    NetworkInNetwork: 966,986 trainable parameters, 0.222 GMACs at 32 x 32 x 3.
    """
    image: Any = keras.Input((32, 32, 3), name="image")
    x = mlpconv(image, 192, 5, 160, 96, name="mlp1")
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    x = layers.Dropout(0.5)(x)
    x = mlpconv(x, 192, 5, 192, 192, name="mlp2")
    x = avg_pool(x, 3, stride=2, ceil=True)
    x = layers.Dropout(0.5)(x)
    x = mlpconv(x, 192, 3, 192, classes, name="mlp3")
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, x, name=name)
