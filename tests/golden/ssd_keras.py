"""Liu et al., SSD: Single Shot MultiBox Detector, 2016. arXiv:1512.02325

Scales, steps and thresholds are those of the authors' code, where the paper has others;
those of SSD300_VGG16 are torchvision's.

Generated from ssd.net by `netwright build ssd.net --target keras`.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = [
    "smaller",
    "ssd2_model",
    "ssd3_model",
    "ssd300_vgg16",
    "ssd300_voc",
    "ssd512_voc",
    "ssd_head",
    "ssd_head2",
    "ssd_head3",
    "ssd_head4",
    "ssd_maps",
    "ssd_maps2",
    "ssd_model",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL: Any = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}
CONSTANT = {"class_name": "Constant", "config": {"value": 20.0}}


@keras.saving.register_keras_serializable()
class Scale(layers.Layer):
    """Multiplies by learned numbers."""

    def __init__(
        self, shape: tuple[int, ...], initializer: Any = "ones", **options: Any
    ) -> None:
        super().__init__(**options)
        self.shape = tuple(shape)
        self.initializer = keras.initializers.get(initializer)

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(
            shape=self.shape, initializer=self.initializer, name="kernel"
        )

    def call(self, inputs: Any) -> Any:
        return inputs * self.kernel

    def get_config(self) -> dict[str, Any]:
        initializer = keras.initializers.serialize(self.initializer)
        return super().get_config() | {
            "shape": self.shape,
            "initializer": initializer,
        }


def cell_places(x: Any) -> Any:
    """Column and row of every cell of a map, row by row, (cells, 1, 2)."""
    sizes: Any = ops.shape(x)
    height, width = sizes[1:3]
    grid: Any = ops.meshgrid(ops.arange(height), ops.arange(width), indexing="ij")
    places: Any = ops.reshape(ops.stack(grid[::-1], axis=-1), (-1, 1, 2))
    return ops.cast(places, keras.config.floatx())


def of_each_image(boxes: Any, frame: Any) -> Any:
    """The same boxes for every image of a batch, (B, N, 4)."""
    rows: Any = ops.shape(boxes)
    batch: Any = ops.shape(frame)
    return ops.broadcast_to(boxes, (batch[0], rows[0], 4))


def sides_of(x: Any) -> Any:
    """Width and height of a map or an image, twice, as corners have them, (4,)."""
    sizes: Any = ops.shape(x)
    height, width = sizes[1:3]
    sides = ops.convert_to_tensor([width, height, width, height])
    return ops.cast(sides, keras.config.floatx())


@keras.saving.register_keras_serializable()
class PriorBoxes(layers.Layer):
    """Boxes around the centre of every cell as corners in pixels of the frame, (B, N, 4)."""

    def __init__(
        self,
        scales: Sequence[float],
        ratios: Sequence[Sequence[float]],
        steps: Sequence[float] | None = None,
        clip: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.scales, self.ratios, self.steps, self.clip = scales, ratios, steps, clip

    def call(self, maps: Any, frame: Any) -> Any:
        found, sides = [], sides_of(frame)
        for i, x in enumerate(maps):
            cells = sides_of(x) if self.steps is None else sides / self.steps[i]
            centre: Any = (cell_places(x) + 0.5) / cells[:2]
            half: Any = ops.array(self.pairs(i), keras.config.floatx())
            half = (ops.clip(half, 0, 1) if self.clip else half) / 2
            corners: Any = ops.concatenate((centre - half, centre + half), axis=-1)
            found.append(ops.reshape(corners * sides, (-1, 4)))
        return of_each_image(ops.concatenate(found, axis=0), frame)

    def pairs(self, i: int) -> list[tuple[float, float]]:
        """Width and height of each box of a map, over the frame's."""
        side, between = self.scales[i], math.sqrt(self.scales[i] * self.scales[i + 1])
        found = [(side, side), (between, between)]
        for ratio in self.ratios[i]:
            wide, high = side * math.sqrt(ratio), side / math.sqrt(ratio)
            found += [(wide, high), (high, wide)]
        return found

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "scales": self.scales,
            "ratios": self.ratios,
            "steps": self.steps,
            "clip": self.clip,
        }


@keras.saving.register_keras_serializable()
class DecodeBoxes(layers.Layer):
    """Boxes, as corners, whose centres and sides a head moves: (B, N, 4), or of several
    moves a box (B, N, moves, 4).
    """

    def __init__(self, weights: Sequence[float] = (1, 1, 1, 1), **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.factors = weights

    def call(self, moves: Any, boxes: Any) -> Any:
        several = moves.shape[-1] // 4
        if several > 1:
            sizes: Any = ops.shape(moves)
            moves = ops.reshape(moves, (-1, sizes[1], several, 4))
            boxes = boxes[:, :, None]
        width, height = boxes[..., 2] - boxes[..., 0], boxes[..., 3] - boxes[..., 1]
        x, y, w, h = (moves[..., i] / factor for i, factor in enumerate(self.factors))
        x = x * width + (boxes[..., 0] + 0.5 * width)
        y = y * height + (boxes[..., 1] + 0.5 * height)
        largest = math.log(1000 / 16)  # keeps exp from overflowing
        w = ops.exp(ops.minimum(w, largest)) * (0.5 * width)
        h = ops.exp(ops.minimum(h, largest)) * (0.5 * height)
        return ops.stack((x - w, y - h, x + w, y + h), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"weights": self.factors}


def best_rows(scores: Any, boxes: Any, number: int) -> Any:
    """The best scores of each class and their boxes, (B, classes, number, 4)."""
    padding: Any = [(0, 0), (0, 0), (0, number)]  # there may be fewer
    scores = ops.pad(scores, padding, constant_values=float("-inf"))
    best: Any = ops.top_k(scores, number)
    boxes = ops.pad(boxes, [*padding, (0, 0)])
    return best[0], ops.take_along_axis(boxes, best[1][..., None], axis=2)


def clip_boxes(boxes: Any, frame: Any) -> Any:
    """Boxes, cut at the frame."""
    return ops.minimum(ops.maximum(boxes, 0), sides_of(frame))


def large_enough(boxes: Any, side: float) -> Any:
    """Whether boxes are as wide and as high as a side."""
    sizes = boxes[..., 2:] - boxes[..., :2]
    return ops.all(sizes >= side, axis=-1)


def suppress(boxes: Any, scores: Any, groups: Any, keep: int, overlap: float) -> Any:
    """Places of the best boxes of each image, (B, keep), -1 where none is left; a box
    that overlaps a better one of its group goes, and so does a negative score.
    """
    left, top, right, bottom = (boxes[..., i] for i in range(4))
    area = (right - left) * (bottom - top)
    sizes: Any = ops.shape(scores)
    places: Any = ops.arange(sizes[1], dtype="int32")
    turns: Any = ops.arange(keep, dtype="int32")

    def take_best(turn: Any, state: Any) -> tuple[Any, Any]:
        scores, found = state
        place: Any = ops.cast(ops.argmax(scores, axis=1, keepdims=True), "int32")
        best: Any = [
            ops.take_along_axis(values, place, axis=1)
            for values in (left, top, right, bottom, area, groups, scores)
        ]
        x, y, x2, y2, one, group, score = best
        width: Any = ops.subtract(ops.minimum(right, x2), ops.maximum(left, x))
        height: Any = ops.subtract(ops.minimum(bottom, y2), ops.maximum(top, y))
        shared: Any = ops.multiply(ops.maximum(width, 0), ops.maximum(height, 0))
        near: Any = (shared / (area + one - shared) > overlap) & (groups == group)
        found = ops.where((turns == turn) & (score >= 0), place, found)
        return ops.where(near | (places == place), -1.0, scores), found

    none = ops.full((sizes[0], keep), -1, dtype="int32")
    state: Any = ops.stop_gradient(scores), none
    state = ops.fori_loop(0, keep, take_best, state)
    return state[1]


@keras.saving.register_keras_serializable()
class Detect(layers.Layer):
    """The boxes of each image that are an object, best first, in pixels of the image:
    `boxes` (B, keep, 4), `scores` and `labels` (B, keep); a label is -1 where none is left.
    """

    def __init__(
        self,
        score: float,
        overlap: float,
        keep: int,
        pre: int | None = None,
        min_size: float = 0.0,
        per_class: bool = True,
        background: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.score, self.overlap, self.keep = score, overlap, keep
        self.pre, self.min_size = pre, min_size
        self.per_class, self.background = per_class, background

    def call(self, boxes: Any, scores: Any, frame: Any, image: Any = None) -> Any:
        pairs = zip(keras.tree.flatten(boxes), keras.tree.flatten(scores), strict=True)
        rows = [self.candidates(box, score, frame) for box, score in pairs]
        parts = zip(*rows, strict=True)
        joined: Any = [ops.concatenate(part, axis=1) for part in parts]
        box, score, label = joined
        groups = label if self.per_class else ops.zeros_like(label)
        best = suppress(box, score, groups, self.keep, self.overlap)
        place: Any = ops.maximum(best, 0)
        found: Any = best >= 0
        box = ops.take_along_axis(box, place[..., None], axis=1)
        if image is not None:
            box = box * (sides_of(image) / sides_of(frame))
        score = ops.take_along_axis(score, place, axis=1)
        label = ops.take_along_axis(label, place, axis=1)
        return {
            "boxes": ops.where(found[..., None], box, 0.0),
            "scores": ops.where(found, score, 0.0),
            "labels": ops.where(found, label, -1),
        }

    def candidates(self, boxes: Any, scores: Any, frame: Any) -> tuple[Any, Any, Any]:
        """Boxes, scores and labels of a map; below the least score is -1."""
        first = 1 if self.background else 0
        boxes = boxes[:, :, None] if len(boxes.shape) == 3 else boxes[:, :, first:]
        boxes = ops.swapaxes(boxes, 1, 2)
        scores = ops.swapaxes(scores[..., first:], 1, 2)
        there: Any = boxes[..., 2] > boxes[..., 0]  # rows that fill up are empty
        scores = ops.where(there & (scores > self.score), scores, -1.0)
        boxes = clip_boxes(boxes, frame)
        if self.pre is not None:
            scores, boxes = best_rows(scores, boxes, self.pre)
        scores = ops.where(large_enough(boxes, self.min_size), scores, -1.0)
        sizes: Any = ops.shape(scores)
        boxes = ops.broadcast_to(boxes, (*sizes, 4))
        labels: Any = ops.arange(first, first + scores.shape[1], dtype="int32")
        labels = ops.broadcast_to(ops.reshape(labels, (-1, 1)), sizes)
        rows = (sizes[0], sizes[1] * sizes[2])
        boxes = ops.reshape(boxes, (*rows, 4))
        return boxes, ops.reshape(scores, rows), ops.reshape(labels, rows)

    def compute_output_spec(
        self, boxes: Any, scores: Any, frame: Any, image: Any = None
    ) -> Any:
        rows = (frame.shape[0], self.keep)
        return {
            "boxes": KerasTensor((*rows, 4), keras.config.floatx()),
            "scores": KerasTensor(rows, keras.config.floatx()),
            "labels": KerasTensor(rows, "int32"),
        }

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "score": self.score,
            "overlap": self.overlap,
            "keep": self.keep,
            "pre": self.pre,
            "min_size": self.min_size,
            "per_class": self.per_class,
            "background": self.background,
        }


def smaller(
    x: KerasTensor, width: int, k: int, stride: int, pad: int, *, name: str
) -> KerasTensor:
    """A smaller map.

    (H, W, in_channels) -> ((H + 2 * pad - k) // stride + 1,
    (W + 2 * pad - k) // stride + 1, width)
    """
    x = layers.Conv2D(width // 2, 1, activation="relu", name=f"{name}_0")(x)
    if pad:
        x = layers.ZeroPadding2D(pad)(x)
    x = layers.Conv2D(width, k, strides=stride, activation="relu", name=f"{name}_2")(x)
    return x


def ssd_maps(x: KerasTensor, *, name: str) -> dict[str, KerasTensor]:
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3, 1, 0]] only:
    its shapes do not follow from its arguments.

    (H, W, in_channels) -> (38, 38, 512)
    """
    width = min(64 * 2**0, 512)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_0",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_2",
    )(x)
    x = layers.MaxPooling2D(2)(x)
    width = min(64 * 2**1, 512)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_5",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_7",
    )(x)
    x = layers.MaxPooling2D(2)(x)
    width = min(64 * 2**2, 512)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_10",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_12",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_14",
    )(x)
    x = layers.MaxPooling2D(2, padding="same")(x)
    x = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_features_17"
    )(x)
    x = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_features_19"
    )(x)
    x = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_features_21"
    )(x)
    features = x
    x = layers.UnitNormalization()(x)
    x = Scale((512,), initializer=CONSTANT, name=f"{name}_scale_weight")(x)
    y = layers.MaxPooling2D(2)(features)
    y = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_extra_0_1"
    )(y)
    y = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_extra_0_3"
    )(y)
    y = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_extra_0_5"
    )(y)
    y = layers.MaxPooling2D(3, strides=1, padding="same")(y)
    y = layers.Conv2D(
        1024,
        3,
        padding="same",
        dilation_rate=6,
        activation="relu",
        name=f"{name}_extra_0_7_1",
    )(y)
    y = layers.Conv2D(1024, 1, activation="relu", name=f"{name}_extra_0_7_3")(y)
    z = smaller(y, 512, 3, 2, 1, name=f"{name}_extra_1")
    u = smaller(z, 256, 3, 2, 1, name=f"{name}_extra_2")
    v = smaller(u, 256, 3, 1, 0, name=f"{name}_extra_3")
    w = smaller(v, 256, 3, 1, 0, name=f"{name}_extra_4")
    return {
        "output0": x,
        "output1": y,
        "output2": z,
        "output3": u,
        "output4": v,
        "output5": w,
    }


def ssd_maps2(x: KerasTensor, *, name: str) -> dict[str, KerasTensor]:
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256,
    4, 1, 1]] only: its shapes do not follow from its arguments.

    (H, W, in_channels) -> (64, 64, 512)
    """
    width = min(64 * 2**0, 512)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_0",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_2",
    )(x)
    x = layers.MaxPooling2D(2)(x)
    width = min(64 * 2**1, 512)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_5",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_7",
    )(x)
    x = layers.MaxPooling2D(2)(x)
    width = min(64 * 2**2, 512)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_10",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_12",
    )(x)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=HE_NORMAL,
        name=f"{name}_features_14",
    )(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_features_17"
    )(x)
    x = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_features_19"
    )(x)
    x = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_features_21"
    )(x)
    features = x
    x = layers.UnitNormalization()(x)
    x = Scale((512,), initializer=CONSTANT, name=f"{name}_scale_weight")(x)
    y = layers.MaxPooling2D(2)(features)
    y = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_extra_0_1"
    )(y)
    y = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_extra_0_3"
    )(y)
    y = layers.Conv2D(
        512, 3, padding="same", activation="relu", name=f"{name}_extra_0_5"
    )(y)
    y = layers.MaxPooling2D(3, strides=1, padding="same")(y)
    y = layers.Conv2D(
        1024,
        3,
        padding="same",
        dilation_rate=6,
        activation="relu",
        name=f"{name}_extra_0_7_1",
    )(y)
    y = layers.Conv2D(1024, 1, activation="relu", name=f"{name}_extra_0_7_3")(y)
    z = smaller(y, 512, 3, 2, 1, name=f"{name}_extra_1")
    u = smaller(z, 256, 3, 2, 1, name=f"{name}_extra_2")
    v = smaller(u, 256, 3, 2, 1, name=f"{name}_extra_3")
    w = smaller(v, 256, 3, 2, 1, name=f"{name}_extra_4")
    w_2 = smaller(w, 256, 4, 1, 1, name=f"{name}_extra_5")
    return {
        "output0": x,
        "output1": y,
        "output2": z,
        "output3": u,
        "output4": v,
        "output5": w,
        "output6": w_2,
    }


def ssd_head(
    maps_0: KerasTensor,
    maps_1: KerasTensor,
    maps_2: KerasTensor,
    maps_3: KerasTensor,
    maps_4: KerasTensor,
    maps_5: KerasTensor,
    ratios: Sequence[Sequence[int]],
    numbers: int,
    *,
    name: str,
) -> KerasTensor:
    """A convolution a map, with some numbers for each of its boxes.

    (H, W, maps_0_channels), (H, W, maps_1_channels), (H, W, maps_2_channels), (H, W,
    maps_3_channels), (H, W, maps_4_channels), (H, W, maps_5_channels) -> (channels,
    numbers)
    """
    y1 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[0])),
        3,
        padding="same",
        name=f"{name}_module_list_0",
    )(maps_0)
    y2 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[1])),
        3,
        padding="same",
        name=f"{name}_module_list_1",
    )(maps_1)
    y3 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[2])),
        3,
        padding="same",
        name=f"{name}_module_list_2",
    )(maps_2)
    y4 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[3])),
        3,
        padding="same",
        name=f"{name}_module_list_3",
    )(maps_3)
    y5 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[4])),
        3,
        padding="same",
        name=f"{name}_module_list_4",
    )(maps_4)
    y6 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[5])),
        3,
        padding="same",
        name=f"{name}_module_list_5",
    )(maps_5)
    y1 = layers.Reshape((-1, numbers))(y1)
    y2 = layers.Reshape((-1, numbers))(y2)
    y3 = layers.Reshape((-1, numbers))(y3)
    y4 = layers.Reshape((-1, numbers))(y4)
    y5 = layers.Reshape((-1, numbers))(y5)
    y6 = layers.Reshape((-1, numbers))(y6)
    x = layers.Concatenate(axis=1)([y1, y2, y3, y4, y5, y6])
    return x


def ssd_head2(
    x: KerasTensor,
    maps_0: KerasTensor,
    maps_1: KerasTensor,
    maps_2: KerasTensor,
    maps_3: KerasTensor,
    maps_4: KerasTensor,
    maps_5: KerasTensor,
    ratios: Sequence[Sequence[int]],
    numbers: int,
    *,
    name: str,
) -> KerasTensor:
    """A convolution a map, with some numbers for each of its boxes.

    (in_boxes, in_features), (H, W, maps_0_channels), (H, W, maps_1_channels), (H, W,
    maps_2_channels), (H, W, maps_3_channels), (H, W, maps_4_channels), (H, W,
    maps_5_channels) -> (channels, numbers)
    """
    y1 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[0])),
        3,
        padding="same",
        name=f"{name}_module_list_0",
    )(maps_0)
    y2 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[1])),
        3,
        padding="same",
        name=f"{name}_module_list_1",
    )(maps_1)
    y3 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[2])),
        3,
        padding="same",
        name=f"{name}_module_list_2",
    )(maps_2)
    y4 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[3])),
        3,
        padding="same",
        name=f"{name}_module_list_3",
    )(maps_3)
    y5 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[4])),
        3,
        padding="same",
        name=f"{name}_module_list_4",
    )(maps_4)
    y6 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[5])),
        3,
        padding="same",
        name=f"{name}_module_list_5",
    )(maps_5)
    y1 = layers.Reshape((-1, numbers))(y1)
    y2 = layers.Reshape((-1, numbers))(y2)
    y3 = layers.Reshape((-1, numbers))(y3)
    y4 = layers.Reshape((-1, numbers))(y4)
    y5 = layers.Reshape((-1, numbers))(y5)
    y6 = layers.Reshape((-1, numbers))(y6)
    x = layers.Concatenate(axis=1)([y1, y2, y3, y4, y5, y6])
    return x


def ssd_head3(
    maps_0: KerasTensor,
    maps_1: KerasTensor,
    maps_2: KerasTensor,
    maps_3: KerasTensor,
    maps_4: KerasTensor,
    maps_5: KerasTensor,
    maps_6: KerasTensor,
    ratios: Sequence[Sequence[int]],
    numbers: int,
    *,
    name: str,
) -> KerasTensor:
    """A convolution a map, with some numbers for each of its boxes.

    (H, W, maps_0_channels), (H, W, maps_1_channels), (H, W, maps_2_channels), (H, W,
    maps_3_channels), (H, W, maps_4_channels), (H, W, maps_5_channels), (H, W,
    maps_6_channels) -> (channels, numbers)
    """
    y1 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[0])),
        3,
        padding="same",
        name=f"{name}_module_list_0",
    )(maps_0)
    y2 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[1])),
        3,
        padding="same",
        name=f"{name}_module_list_1",
    )(maps_1)
    y3 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[2])),
        3,
        padding="same",
        name=f"{name}_module_list_2",
    )(maps_2)
    y4 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[3])),
        3,
        padding="same",
        name=f"{name}_module_list_3",
    )(maps_3)
    y5 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[4])),
        3,
        padding="same",
        name=f"{name}_module_list_4",
    )(maps_4)
    y6 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[5])),
        3,
        padding="same",
        name=f"{name}_module_list_5",
    )(maps_5)
    y7 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[6])),
        3,
        padding="same",
        name=f"{name}_module_list_6",
    )(maps_6)
    y1 = layers.Reshape((-1, numbers))(y1)
    y2 = layers.Reshape((-1, numbers))(y2)
    y3 = layers.Reshape((-1, numbers))(y3)
    y4 = layers.Reshape((-1, numbers))(y4)
    y5 = layers.Reshape((-1, numbers))(y5)
    y6 = layers.Reshape((-1, numbers))(y6)
    y7 = layers.Reshape((-1, numbers))(y7)
    x = layers.Concatenate(axis=1)([y1, y2, y3, y4, y5, y6, y7])
    return x


def ssd_head4(
    x: KerasTensor,
    maps_0: KerasTensor,
    maps_1: KerasTensor,
    maps_2: KerasTensor,
    maps_3: KerasTensor,
    maps_4: KerasTensor,
    maps_5: KerasTensor,
    maps_6: KerasTensor,
    ratios: Sequence[Sequence[int]],
    numbers: int,
    *,
    name: str,
) -> KerasTensor:
    """A convolution a map, with some numbers for each of its boxes.

    (in_boxes, in_features), (H, W, maps_0_channels), (H, W, maps_1_channels), (H, W,
    maps_2_channels), (H, W, maps_3_channels), (H, W, maps_4_channels), (H, W,
    maps_5_channels), (H, W, maps_6_channels) -> (channels, numbers)
    """
    y1 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[0])),
        3,
        padding="same",
        name=f"{name}_module_list_0",
    )(maps_0)
    y2 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[1])),
        3,
        padding="same",
        name=f"{name}_module_list_1",
    )(maps_1)
    y3 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[2])),
        3,
        padding="same",
        name=f"{name}_module_list_2",
    )(maps_2)
    y4 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[3])),
        3,
        padding="same",
        name=f"{name}_module_list_3",
    )(maps_3)
    y5 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[4])),
        3,
        padding="same",
        name=f"{name}_module_list_4",
    )(maps_4)
    y6 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[5])),
        3,
        padding="same",
        name=f"{name}_module_list_5",
    )(maps_5)
    y7 = layers.Conv2D(
        numbers * (2 + 2 * len(ratios[6])),
        3,
        padding="same",
        name=f"{name}_module_list_6",
    )(maps_6)
    y1 = layers.Reshape((-1, numbers))(y1)
    y2 = layers.Reshape((-1, numbers))(y2)
    y3 = layers.Reshape((-1, numbers))(y3)
    y4 = layers.Reshape((-1, numbers))(y4)
    y5 = layers.Reshape((-1, numbers))(y5)
    y6 = layers.Reshape((-1, numbers))(y6)
    y7 = layers.Reshape((-1, numbers))(y7)
    x = layers.Concatenate(axis=1)([y1, y2, y3, y4, y5, y6, y7])
    return x


def ssd_model(
    mean: Sequence[int] | Sequence[float] = (123, 117, 104),
    std: Sequence[int] | Sequence[float] = (1, 1, 1),
    clip: bool = False,
    classes: int = 21,
    name: str = "ssd_model",
) -> keras.Model:
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For size = 300, extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3,
    1, 0]], scales = [0.1, 0.2, 0.37, 0.54, 0.71, 0.88, 1.05], ratios = [[2], [2, 3],
    [2, 3], [2, 3], [2], [2]], steps = [8, 16, 32, 64, 100, 300] only: its shapes do not
    follow from its arguments.

    (H, W, 3) -> (boxes=200, 6)
    """
    image = keras.Input((None, None, 3), name="image")
    x = layers.Normalization(mean=mean, variance=[n**2 for n in std])(image)
    x = frame = layers.Resizing(300, 300, name="frame")(x)
    x_outputs = ssd_maps(x, name="backbone")
    x = x_outputs["output0"]
    x_2 = x_outputs["output1"]
    w_2 = x_outputs["output2"]
    w_3 = x_outputs["output3"]
    w_4 = x_outputs["output4"]
    w_5 = x_outputs["output5"]
    y = classification_head = ssd_head(
        x,
        x_2,
        w_2,
        w_3,
        w_4,
        w_5,
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        classes,
        name="head_classification_head",
    )
    regression_head = ssd_head2(
        y,
        x,
        x_2,
        w_2,
        w_3,
        w_4,
        w_5,
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        4,
        name="head_regression_head",
    )
    scores = layers.Softmax()(classification_head)
    y = PriorBoxes(
        [0.1, 0.2, 0.37, 0.54, 0.71, 0.88, 1.05],
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        steps=[8, 16, 32, 64, 100, 300],
        clip=clip,
    )([x, x_2, w_2, w_3, w_4, w_5], frame)
    y = DecodeBoxes([10, 10, 5, 5])(regression_head, y)
    found = Detect(score=0.01, overlap=0.45, keep=200, pre=400)(y, scores, frame, image)
    return keras.Model(image, found, name=name)


def ssd2_model(
    mean: Sequence[int] | Sequence[float] = (123, 117, 104),
    std: Sequence[int] | Sequence[float] = (1, 1, 1),
    clip: bool = False,
    classes: int = 21,
    name: str = "ssd2_model",
) -> keras.Model:
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For size = 512, extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3,
    2, 1], [256, 4, 1, 1]], scales = [0.07, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05],
    ratios = [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]], steps = [8, 16, 32, 64,
    128, 256, 512] only: its shapes do not follow from its arguments.

    (H, W, 3) -> (boxes=200, 6)
    """
    image = keras.Input((None, None, 3), name="image")
    x = layers.Normalization(mean=mean, variance=[n**2 for n in std])(image)
    x = frame = layers.Resizing(512, 512, name="frame")(x)
    x_outputs = ssd_maps2(x, name="backbone")
    x = x_outputs["output0"]
    x_2 = x_outputs["output1"]
    w_2 = x_outputs["output2"]
    w_3 = x_outputs["output3"]
    w_4 = x_outputs["output4"]
    w_5 = x_outputs["output5"]
    w_6 = x_outputs["output6"]
    y = classification_head = ssd_head3(
        x,
        x_2,
        w_2,
        w_3,
        w_4,
        w_5,
        w_6,
        [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
        classes,
        name="head_classification_head",
    )
    regression_head = ssd_head4(
        y,
        x,
        x_2,
        w_2,
        w_3,
        w_4,
        w_5,
        w_6,
        [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
        4,
        name="head_regression_head",
    )
    scores = layers.Softmax()(classification_head)
    y = PriorBoxes(
        [0.07, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05],
        [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
        steps=[8, 16, 32, 64, 128, 256, 512],
        clip=clip,
    )([x, x_2, w_2, w_3, w_4, w_5, w_6], frame)
    y = DecodeBoxes([10, 10, 5, 5])(regression_head, y)
    found = Detect(score=0.01, overlap=0.45, keep=200, pre=400)(y, scores, frame, image)
    return keras.Model(image, found, name=name)


def ssd3_model(name: str = "ssd3_model") -> keras.Model:
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For size = 300, extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3,
    1, 0]], scales = [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05], ratios = [[2], [2, 3],
    [2, 3], [2, 3], [2], [2]], steps = [8, 16, 32, 64, 100, 300], mean = [0.48235,
    0.45882, 0.40784], std = [0.00392156862745098, 0.00392156862745098,
    0.00392156862745098], clip = True, classes = 91 only: its shapes do not follow from
    its arguments.

    (H, W, 3) -> (boxes=200, 6)
    """
    image = keras.Input((None, None, 3), name="image")
    x = layers.Normalization(
        mean=[0.48235, 0.45882, 0.40784],
        variance=[
            0.00392156862745098**2,
            0.00392156862745098**2,
            0.00392156862745098**2,
        ],
    )(image)
    x = frame = layers.Resizing(300, 300, name="frame")(x)
    x_outputs = ssd_maps(x, name="backbone")
    x = x_outputs["output0"]
    x_2 = x_outputs["output1"]
    w_2 = x_outputs["output2"]
    w_3 = x_outputs["output3"]
    w_4 = x_outputs["output4"]
    w_5 = x_outputs["output5"]
    y = classification_head = ssd_head(
        x,
        x_2,
        w_2,
        w_3,
        w_4,
        w_5,
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        91,
        name="head_classification_head",
    )
    regression_head = ssd_head2(
        y,
        x,
        x_2,
        w_2,
        w_3,
        w_4,
        w_5,
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        4,
        name="head_regression_head",
    )
    scores = layers.Softmax()(classification_head)
    y = PriorBoxes(
        [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        steps=[8, 16, 32, 64, 100, 300],
        clip=True,
    )([x, x_2, w_2, w_3, w_4, w_5], frame)
    y = DecodeBoxes([10, 10, 5, 5])(regression_head, y)
    found = Detect(score=0.01, overlap=0.45, keep=200, pre=400)(y, scores, frame, image)
    return keras.Model(image, found, name=name)


def ssd300_voc(
    mean: Sequence[int] | Sequence[float] = (123, 117, 104),
    std: Sequence[int] | Sequence[float] = (1, 1, 1),
    clip: bool = False,
    classes: int = 21,
) -> keras.Model:
    """SSD300_VOC: 26,285,486 trainable parameters, 31.4 GMACs at 300 x 300 x 3."""
    return ssd_model(mean=mean, std=std, clip=clip, classes=classes, name="ssd300_voc")


def ssd512_voc(
    mean: Sequence[int] | Sequence[float] = (123, 117, 104),
    std: Sequence[int] | Sequence[float] = (1, 1, 1),
    clip: bool = False,
    classes: int = 21,
) -> keras.Model:
    """SSD512_VOC: 27,188,676 trainable parameters, 90.2 GMACs at 512 x 512 x 3."""
    return ssd2_model(mean=mean, std=std, clip=clip, classes=classes, name="ssd512_voc")


def ssd300_vgg16() -> keras.Model:
    """SSD300_VGG16: 35,641,826 trainable parameters, 34.9 GMACs at 300 x 300 x 3."""
    return ssd3_model(name="ssd300_vgg16")
