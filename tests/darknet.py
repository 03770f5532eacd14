"""Darknet in numpy, as src/ of pjreddie/darknet reads its files: layers, region, boxes.

A net is a text of its cfg: a number is a convolution of 3 x 3 with a batch norm and a leaky
activation, ``64/1`` one of 1 x 1, ``=425`` a linear one of 1 x 1, ``M`` a pool, ``m`` the pool of
stride 1, and ``P64`` what `route`, `reorg` and `route` do with 64 channels of layer 16.
"""

from typing import Any

import numpy
from numpy.lib.stride_tricks import sliding_window_view

Array = Any
DARKNET19 = "32 M 64 M 128 64/1 128 M 256 128/1 256 M 512 256/1 512 256/1 512 M"
DEEP = "1024 512/1 1024 512/1 1024"
YOLO = f"{DARKNET19} {DEEP} 1024 1024 P64 1024"
TINY = "16 M 32 M 64 M 128 M 256 M 512 m 1024 512"
SHIFTS = {
    "gpu": lambda variance: numpy.sqrt(variance + 1e-5),
    "cpu": lambda v: numpy.sqrt(v) + 1e-6,
}


class Darknet:
    """A net that takes its numbers in turn from those of a file."""

    def __init__(self, cfg: str, numbers: Array, code: str = "gpu") -> None:
        self.cfg = cfg.split()
        self.numbers = numbers.astype("float64")
        self.root = SHIFTS[code]

    def take(self, *sizes: int) -> Array:
        """The next numbers of the file."""
        count = int(numpy.prod(sizes))
        found, self.numbers = self.numbers[:count], self.numbers[count:]
        return found.reshape(sizes)

    def run(self, x: Array) -> Array:
        """What comes out of the last convolution, (C, H, W); every number is used."""
        before_fifth_pool, pools = x, 0
        for word in self.cfg:
            if word in "Mm":
                pools += 1
                before_fifth_pool = x if pools == 5 else before_fifth_pool
                x = max_pool(x, 2 if word == "M" else 1)
            elif word.startswith("P"):
                x = numpy.concatenate([reorg(self.unit(before_fifth_pool, int(word[1:]), 1)), x])
            elif word.startswith("="):
                bias = self.take(int(word[1:]))
                x = convolve(x, self.take(len(bias), len(x), 1, 1)) + bias[:, None, None]
            else:
                width, _, size = word.partition("/")
                x = self.unit(x, int(width), int(size or 3))
        assert not len(self.numbers)
        return x

    def unit(self, x: Array, width: int, size: int) -> Array:
        """`forward_convolutional_layer` with a batch norm."""
        bias, scale, mean, variance = (self.take(width, 1, 1) for _ in range(4))
        x = convolve(x, self.take(width, len(x), size, size))
        x = (x - mean) / self.root(variance) * scale + bias
        return numpy.where(x > 0, x, 0.1 * x)


def convolve(x: Array, kernel: Array) -> Array:
    """Stride 1, ``size / 2`` zeros around."""
    size = kernel.shape[-1]
    padded = numpy.pad(x, ((0, 0), (size // 2,) * 2, (size // 2,) * 2))
    windows = sliding_window_view(padded, (size, size), axis=(1, 2))
    return numpy.einsum("chwij,ocij->ohw", windows, kernel, optimize=True)


def max_pool(x: Array, stride: int) -> Array:
    """Size 2 and, as `parse_maxpool` has it, a pad of 1, which begins at ``-pad / 2 = 0``."""
    _, height, width = x.shape
    padded = numpy.pad(x, ((0, 0), (0, 1), (0, 1)), constant_values=-numpy.inf)
    windows = sliding_window_view(padded, (2, 2), axis=(1, 2)).max((-1, -2))
    return windows[:, : (height - 1) // stride * stride + 1 : stride, :width:stride]


def reorg(x: Array, stride: int = 2) -> Array:
    """`reorg_cpu` with ``forward=0``, of the whole map as one row of numbers."""
    c, h, w = x.shape
    flat, out_c = x.ravel(), c // stride**2
    k, j, i = numpy.meshgrid(*map(numpy.arange, (c, h, w)), indexing="ij")
    c2, offset = k % out_c, k // out_c
    w2, h2 = i * stride + offset % stride, j * stride + offset // stride
    found = flat[w2 + w * stride * (h2 + h * stride * c2)]
    return found.reshape(c * stride**2, h // stride, w // stride)


def logistic(x: Array) -> Array:
    return 1 / (1 + numpy.exp(-x))


def region(x: Array, anchors: Any, side: int) -> tuple[Array, Array]:
    """`get_region_detections`: corners in pixels of the net's image, and a score for each class."""
    _, height, width = x.shape
    boxes, scores = [], []
    for row in range(height):
        for column in range(width):
            for n, (anchor_w, anchor_h) in enumerate(anchors):
                v = x.reshape(len(anchors), -1, height, width)[n, :, row, column]
                cx, cy = (column + logistic(v[0])) / width, (row + logistic(v[1])) / height
                w, h = numpy.exp(v[2]) * anchor_w / width, numpy.exp(v[3]) * anchor_h / height
                boxes.append([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2])
                likely = numpy.exp(v[5:] - v[5:].max())
                scores.append(logistic(v[4]) * likely / likely.sum())
    return numpy.array(boxes) * side, numpy.array(scores)


def train_region(
    x: Array, anchors: Any, truth: Any, labels: Any, *, young: bool, ignore: float = 0.6
) -> Array:
    """`forward_region_layer` of one image: the deltas of its input, with the scales of yolov2.cfg.

    ``x`` is ``(n * (5 + classes), h, w)``, ``truth`` has centres and sides in parts of the image.
    """
    _, h, w = x.shape
    raw = x.reshape(len(anchors), -1, h, w)
    out = numpy.concatenate([logistic(raw[:, :2]), raw[:, 2:4], logistic(raw[:, 4:5])], axis=1)
    likely = numpy.exp(raw[:, 5:] - raw[:, 5:].max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    delta = numpy.zeros_like(raw)
    boxes = {place: region_box(out, anchors, *place) for place in numpy.ndindex(len(anchors), h, w)}
    for (n, j, i), box in boxes.items():
        best = max((box_iou(box, other) for other in truth), default=0)
        obj = out[n, 4, j, i]
        delta[n, 4, j, i] = 0 if best > ignore else (0 - obj) * obj * (1 - obj)
        if young:
            middle = ((i + 0.5) / w, (j + 0.5) / h, anchors[n][0] / w, anchors[n][1] / h)
            delta_region_box(delta, out, anchors, middle, (n, j, i), 0.01)
    for box, label in zip(truth, labels, strict=True):
        i, j = int(box[0] * w), int(box[1] * h)
        shifted = (0, 0, *box[2:])
        fits = [box_iou((0, 0, a / w, b / h), shifted) for a, b in anchors]
        n = fits.index(max(fits))
        delta_region_box(delta, out, anchors, box, (n, j, i), 2 - box[2] * box[3])
        obj = out[n, 4, j, i]
        delta[n, 4, j, i] = 5 * (box_iou(boxes[n, j, i], box) - obj) * obj * (1 - obj)
        delta[n, 5:, j, i] = numpy.eye(likely.shape[1])[label] - likely[n, :, j, i]
    return delta.reshape(x.shape)


def region_box(out: Array, anchors: Any, n: int, j: int, i: int) -> tuple[float, ...]:
    """`get_region_box`."""
    _, _, h, w = out.shape
    x, y, wide, high = out[n, :4, j, i]
    wide, high = numpy.exp(wide) * anchors[n][0] / w, numpy.exp(high) * anchors[n][1] / h
    return (i + x) / w, (j + y) / h, wide, high


def delta_region_box(
    delta: Array, out: Array, anchors: Any, truth: Any, place: tuple[int, int, int], scale: float
) -> None:
    n, j, i = place
    _, _, h, w = out.shape
    x, y, wide, high = out[n, :4, j, i]
    delta[n, 0, j, i] = scale * (truth[0] * w - i - x) * x * (1 - x)
    delta[n, 1, j, i] = scale * (truth[1] * h - j - y) * y * (1 - y)
    delta[n, 2, j, i] = scale * (numpy.log(truth[2] * w / anchors[n][0]) - wide)
    delta[n, 3, j, i] = scale * (numpy.log(truth[3] * h / anchors[n][1]) - high)


def box_iou(a: Any, b: Any) -> float:
    """`box_iou` of centres and sides."""
    both = 1.0
    for axis in (0, 1):
        low = max(a[axis] - a[axis + 2] / 2, b[axis] - b[axis + 2] / 2)
        high = min(a[axis] + a[axis + 2] / 2, b[axis] + b[axis + 2] / 2)
        both *= max(high - low, 0)
    return float(both / (a[2] * a[3] + b[2] * b[3] - both))
