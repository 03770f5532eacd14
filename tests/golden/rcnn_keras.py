"""Girshick et al., Rich Feature Hierarchies for Accurate Object Detection, 2014.
arXiv:1311.2524

Girshick, Fast R-CNN, 2015. arXiv:1504.08083. Ren et al., Faster R-CNN, 2015.
arXiv:1506.01497

Sizes, thresholds and anchors are those of the authors' code: pools round up, and the
moves of released weights are in units of the box.

Generated from rcnn.net by `netwright build rcnn.net --target keras`.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = [
    "bottleneck",
    "box_heads",
    "fasterrcnn_resnet50_fpn",
    "fasterrcnn_resnet50_fpn_frozenbn",
    "fasterrcnn_vgg16",
    "fastrcnn_vgg16",
    "pyramid",
    "rcnn",
    "region_proposals",
    "resnet50_maps",
    "rpn_head",
    "vgg_maps",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL: Any = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"},
}
NORMAL: Any = {"class_name": "RandomNormal", "config": {"stddev": 0.01}}

BatchNorm = partial(layers.BatchNormalization, momentum=0.9, epsilon=1e-5)
FrozenBatchNorm = partial(layers.BatchNormalization, epsilon=1e-5, trainable=False)


def max_pool_ceil(x: KerasTensor, kernel: int, *, stride: int) -> KerasTensor:
    """Max-pool whose last windows may reach over the end of the map."""
    end = (0, stride - 1)
    padded = ops.pad(x, ((0, 0), end, end, (0, 0)), constant_values=float("-inf"))
    return layers.MaxPooling2D(kernel, strides=stride)(padded)


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
class GridAnchors(layers.Layer):
    """Anchors at every cell of each map as corners in pixels of the frame, (B, N, 4)."""

    def __init__(
        self,
        sizes: Sequence[Sequence[float]],
        ratios: Sequence[Sequence[float]],
        scales: Sequence[float] = (1,),
        centred: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.sizes, self.ratios, self.scales = sizes, ratios, scales
        self.centred = centred

    def call(self, maps: Any, frame: Any) -> Any:
        found = []
        for x, sides, ratios in zip(maps, self.sizes, self.ratios, strict=True):
            step: Any = ops.floor(sides_of(frame) / sides_of(x))
            place: Any = cell_places(x) + (0.5 if self.centred else 0.0)
            corners: Any = place * step[:2]
            corners = self.around(sides, ratios) + ops.tile(corners, 2)
            found.append(ops.reshape(corners, (-1, 4)))
        return of_each_image(ops.concatenate(found, axis=0), frame)

    def around(self, sides: Sequence[float], ratios: Sequence[float]) -> Any:
        """The anchors around one place, (A, 4)."""
        dtype = keras.config.floatx()
        wanted = [side * scale for side in sides for scale in self.scales]
        side: Any = ops.array(wanted, dtype)
        high: Any = ops.reshape(ops.sqrt(ops.array(ratios, dtype)), (-1, 1))
        w: Any = ops.ravel(side / high)
        h: Any = ops.ravel(side * high)
        corners: Any = ops.stack((-w, -h, w, h), axis=1)
        return ops.round(corners / 2)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "sizes": self.sizes,
            "ratios": self.ratios,
            "scales": self.scales,
            "centred": self.centred,
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


def overlaps(a: Any, b: Any) -> Any:
    """Intersection over union of boxes (…, 4)."""
    low: Any = ops.maximum(a[..., :2], b[..., :2])
    high: Any = ops.minimum(a[..., 2:], b[..., 2:])
    both: Any = ops.prod(ops.maximum(high - low, 0), axis=-1)
    areas: Any = [ops.prod(x[..., 2:] - x[..., :2], axis=-1) for x in (a, b)]
    return both / ops.maximum(areas[0] + areas[1] - both, 1e-9)


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


def in_each(boxes: Any, scores: Any) -> Any:
    """Boxes with an entry for each image; anchors are those of all."""
    if len(boxes.shape) == len(scores.shape):
        return boxes
    batch: Any = ops.shape(scores)
    rows: Any = ops.shape(boxes)
    return ops.broadcast_to(boxes, (batch[0], *rows))


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
class Propose(layers.Layer):
    """The boxes of each image that are most likely an object, best first, (B, keep, 4);
    zeros where there are fewer.
    """

    def __init__(
        self,
        keep: int,
        overlap: float,
        pre: int | None = None,
        min_size: float = 0.001,
        train_keep: int | None = None,
        train_pre: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.keep, self.overlap, self.pre, self.min_size = keep, overlap, pre, min_size
        self.train_keep, self.train_pre = train_keep, train_pre

    def call(self, logits: Any, boxes: Any, frame: Any, training: Any = None) -> Any:
        pre = (self.train_pre or self.pre) if training else self.pre
        keep = (self.train_keep or self.keep) if training else self.keep
        scores, corners, levels = [], [], []
        for level, (score, box) in enumerate(zip(logits, boxes, strict=True)):
            box = in_each(box, score)
            score, box = score[:, None, :, 0], box[:, None]
            if pre is not None:
                score, box = best_rows(score, box, pre)
            scores.append(score[:, 0])
            corners.append(box[:, 0])
            levels.append(ops.full_like(score[:, 0], level))
        logit: Any = ops.concatenate(scores, axis=1)
        box = clip_boxes(ops.concatenate(corners, axis=1), frame)
        valid = large_enough(box, self.min_size) & (logit > float("-inf"))
        score, groups = ops.sigmoid(logit), ops.concatenate(levels, axis=1)
        score = ops.where(valid, score, -1.0)
        best = suppress(box, score, groups, keep, self.overlap)[..., None]
        found: Any = ops.take_along_axis(box, ops.maximum(best, 0), axis=1)
        return ops.stop_gradient(ops.where(best >= 0, found, 0.0))

    def compute_output_shape(
        self, logits_shape: Any, boxes_shape: Any, frame_shape: Any
    ) -> Any:
        return (frame_shape[0], self.keep, 4)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "keep": self.keep,
            "overlap": self.overlap,
            "pre": self.pre,
            "min_size": self.min_size,
            "train_keep": self.train_keep,
            "train_pre": self.train_pre,
        }


def suited_level(boxes: Any, scales: Any) -> Any:
    """Which map suits each box: a box of 224 pixels takes the one of every 16th."""
    sides = boxes[..., 2:] - boxes[..., :2]
    side: Any = ops.sqrt(sides[..., 0] * sides[..., 1])
    level: Any = ops.log2(side / 224)
    steps: Any = ops.log2(1 / scales)
    level = ops.clip(ops.floor(level + 4 + 1e-6), steps[0], steps[-1])
    return ops.cast(level - steps[0], "int32")


def take_cells(cells: Any, places: Any) -> Any:
    """The channels (B, places…, C) of some of the cells of each image, (B, cells, C)."""
    sizes: Any = ops.shape(cells)
    first: Any = ops.arange(sizes[0], dtype="int32")
    first = ops.reshape(first * sizes[1], (-1, *[1] * (len(places.shape) - 1)))
    places = ops.cast(places, "int32") + first
    return ops.take(ops.reshape(cells, (-1, cells.shape[-1])), places, axis=0)


@keras.saving.register_keras_serializable()
class RoiAlign(layers.Layer):
    """Means of samples between the cells in each part of every box, (boxes, k, k, C), from
    the map that suits its size.
    """

    def __init__(
        self,
        size: int | tuple[int, int],
        samples: int = 2,
        scale: float | None = None,
        aligned: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.size, self.samples = size, samples
        self.scale, self.aligned = scale, aligned

    def call(self, maps: Any, boxes: Any, frame: Any = None) -> Any:
        maps = keras.tree.flatten(maps)
        shape: Any = ops.shape(maps[0])
        channels = maps[0].shape[-1]
        cells = [ops.reshape(x, (shape[0], -1, channels)) for x in maps]
        sizes: Any = ops.stack([sides_of(x)[:2] for x in maps])
        numbers: Any = sizes[:, 0] * sizes[:, 1]
        starts: Any = ops.cumsum(numbers) - numbers
        scales: Any = self.scales(maps, frame)
        level = suited_level(boxes, scales)
        sizes = ops.take(sizes, level, axis=0)
        start: Any = ops.take(starts, level, axis=0)
        scale: Any = ops.take(scales, level, axis=0)
        corners: Any = boxes * scale[..., None] - (0.5 if self.aligned else 0.0)
        sides: Any = corners[..., 2:] - corners[..., :2]
        sides = sides if self.aligned else ops.maximum(sides, 1)
        k = (self.size, self.size) if isinstance(self.size, int) else self.size
        rows = self.along(corners[..., 1], sides[..., 1], k[0], sizes[..., 1])
        columns = self.along(corners[..., 0], sides[..., 0], k[1], sizes[..., 0])
        flat: Any = ops.concatenate(cells, axis=1)
        total: Any = 0.0
        for row, weight in rows:
            row = start[..., None] + row * sizes[..., :1]
            for column, other in columns:
                found = take_cells(flat, row[..., None] + column[..., None, :])
                total += found * (weight[..., None] * other[..., None, :])[..., None]
        parts = (-1, k[0], self.samples, k[1], self.samples, channels)
        return ops.cast(ops.mean(ops.reshape(total, parts), axis=(2, 4)), maps[0].dtype)

    def scales(self, maps: Any, frame: Any) -> Any:
        """Cells of each map for a pixel: told, or the power of two that the frame says."""
        if self.scale is not None:
            return ops.array([self.scale], keras.config.floatx())
        found = [sides_of(x)[1] / sides_of(frame)[1] for x in maps]
        return ops.power(2.0, ops.round(ops.log2(ops.stack(found))))

    def along(self, start: Any, side: Any, parts: int, cells: Any) -> list[Any]:
        """The cells before and behind each sample along an axis, and their weights."""
        number = parts * self.samples
        steps: Any = ops.arange(number, dtype=start.dtype)
        places: Any = start[..., None] + (steps + 0.5) / number * side[..., None]
        cells = cells[..., None]
        inside: Any = ops.cast((places >= -1) & (places <= cells), places.dtype)
        places = ops.clip(places, 0, cells - 1)
        low: Any = ops.floor(places)
        high: Any = ops.minimum(low + 1, cells - 1)
        return [(low, (low + 1 - places) * inside), (high, (places - low) * inside)]

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "size": self.size,
            "samples": self.samples,
            "scale": self.scale,
            "aligned": self.aligned,
        }


def warp(x: Any, boxes: Any, size: int | tuple[int, int], context: int = 0) -> Any:
    """What an image shows in each box, and some pixels around it, in one size."""
    height, width = (size, size) if isinstance(size, int) else size
    low: Any = boxes[..., :2]
    high: Any = boxes[..., 2:]
    grown = [width / (width - 2 * context), height / (height - 2 * context)]
    centre: Any = (low + high) / 2
    half: Any = (high - low) / 2 * ops.array(grown, keras.config.floatx())
    around = ops.concatenate((centre - half, centre + half), axis=-1)
    return RoiAlign((height, width), samples=1, scale=1.0, aligned=True)(x, around)


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
        boxes = boxes if len(boxes.shape) == 4 else in_each(boxes, scores)
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


@keras.saving.register_keras_serializable()
class ByImage(layers.Layer):
    """The rows that a head has for the boxes of all images, as (B, boxes, numbers)."""

    def call(self, rows: Any, boxes: Any) -> Any:
        sizes: Any = ops.shape(boxes)
        return ops.reshape(rows, (-1, sizes[1], rows.shape[-1]))

    def compute_output_shape(self, rows_shape: Any, boxes_shape: Any) -> Any:
        return (*boxes_shape[:2], rows_shape[-1])


@keras.saving.register_keras_serializable()
class DetectionModel(keras.Model):
    """A model that finds boxes."""

    def detect(self, image: Any, *given: Any) -> dict[str, Any]:
        """What is in a picture (H, W, 3) of values from 0 to 1, or of integers to 255,
        best first: `boxes` (N, 4), as corners in its pixels, `scores`, `labels` (N,).
        """
        most = 255 if "int" in keras.backend.standardize_dtype(image.dtype) else 1
        inputs: Any = [ops.cast(x, keras.config.floatx()) for x in (image, *given)]
        inputs = [ops.expand_dims(x, 0) for x in (inputs[0] / most, *inputs[1:])]
        found: Any = self(inputs if given else inputs[0], training=False)
        found = {name: ops.convert_to_numpy(value) for name, value in found.items()}
        return {name: value[found["labels"] >= 0] for name, value in found.items()}


def round_away(x: Any) -> Any:
    """Whole numbers, halves away from zero, as Caffe rounds."""
    size: Any = ops.abs(x)
    whole: Any = ops.floor(size)
    return ops.sign(x) * (whole + ops.cast(size - whole >= 0.5, x.dtype))


@keras.saving.register_keras_serializable()
class RoiPool(layers.Layer):
    """The largest value in each part of every box, in whole cells, (boxes, k, k, C)."""

    def __init__(
        self, size: int | tuple[int, int], scale: float = 1.0, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.size, self.scale = size, scale

    def call(self, x: Any, boxes: Any) -> Any:
        sizes: Any = ops.shape(x)
        height, width = sizes[1:3]
        k = (self.size, self.size) if isinstance(self.size, int) else self.size
        corners: Any = round_away(boxes * self.scale)
        top, bottom = self.along(corners[..., 1], corners[..., 3], k[0], height)
        left, right = self.along(corners[..., 0], corners[..., 2], k[1], width)
        cells = ops.reshape(x, (sizes[0], -1, x.shape[-1]))
        tall: Any = ops.max(bottom - top)
        wide: Any = ops.max(right - left)
        top, bottom = top[..., None], bottom[..., None]
        left, right = left[..., None, :], right[..., None, :]

        def larger(step: Any, best: Any) -> Any:
            row: Any = ops.maximum(ops.minimum(top + step // wide, bottom - 1), 0)
            column: Any = ops.maximum(ops.minimum(left + step % wide, right - 1), 0)
            return ops.maximum(best, take_cells(cells, row * width + column))

        first = take_cells(cells, ops.clip(top * width + left, 0, height * width - 1))
        best = ops.fori_loop(0, tall * wide, larger, first)
        best = ops.where(((top < bottom) & (left < right))[..., None], best, 0.0)
        return ops.reshape(best, (-1, *k, x.shape[-1]))

    def along(self, start: Any, end: Any, parts: int, cells: Any) -> list[Any]:
        """The first cell of each part along an axis, and the one behind its last."""
        side: Any = ops.maximum(end - start + 1, 1)
        steps: Any = ops.arange(parts + 1, dtype=start.dtype)
        places: Any = steps * (side / parts)[..., None]
        ends: Any = ops.floor(places[..., :-1]), ops.ceil(places[..., 1:])
        inside = (ops.clip(start[..., None] + each, 0, cells) for each in ends)
        return [ops.cast(each, "int32") for each in inside]

    def compute_output_shape(self, x_shape: Any, boxes_shape: Any) -> Any:
        k = (self.size, self.size) if isinstance(self.size, int) else self.size
        rows = None if None in boxes_shape[:2] else boxes_shape[0] * boxes_shape[1]
        return (rows, *k, x_shape[-1])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"size": self.size, "scale": self.scale}


def stretch(x: Any, axis: int, cells: Any) -> Any:
    """More or fewer cells along an axis, by lines between their centres; places are
    rounded as in PyTorch, once.
    """
    kind = keras.config.floatx()
    sizes: Any = ops.shape(x)
    step: Any = ops.divide(ops.cast(sizes[axis], kind), ops.cast(cells, kind))
    places: Any = ops.arange(cells, dtype="float64")
    places = ops.cast((places + 0.5) * ops.cast(step, "float64") - 0.5, kind)
    places = ops.maximum(places, 0)
    first: Any = ops.cast(places, "int32")
    part: Any = places - ops.cast(first, kind)
    part = ops.reshape(part, (-1, *[1] * (len(x.shape) - 1 - axis)))
    part = ops.cast(part, x.dtype)
    last: Any = ops.minimum(first + 1, sizes[axis] - 1)
    return ops.take(x, first, axis) * (1 - part) + ops.take(x, last, axis) * part


@keras.saving.register_keras_serializable()
class ResizeShorter(layers.Layer):
    """Pictures whose shorter side is of one length, unless the longer one would be too
    long.
    """

    def __init__(self, shorter: int, longer: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.shorter, self.longer = shorter, longer

    def call(self, inputs: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        if all(isinstance(size, int) for size in sizes[1:3]):
            sides: Any = self.fitted(*sizes[1:3])
        else:  # of a graph that is traced for any size
            exact: Any = ops.cast(sizes[1:3], "float64")
            least: Any = ops.min(exact)
            most: Any = ops.max(exact)
            scale: Any = self.shorter / least
            if self.longer is not None:
                scale = ops.minimum(scale, self.longer / most)
            sides = ops.cast(exact * scale, "int32")
            sides = sides[0], sides[1]
        return stretch(stretch(inputs, 1, sides[0]), 2, sides[1])

    def fitted(self, height: int, width: int) -> tuple[int, int]:
        """The new height and width."""
        scale = self.shorter / min(height, width)
        if self.longer is not None:
            scale = min(scale, self.longer / max(height, width))
        return int(height * scale), int(width * scale)

    def compute_output_shape(self, input_shape: Any) -> Any:
        batch, *sides, channels = input_shape
        found = (None, None) if None in sides else self.fitted(*sides)
        return (batch, *found, channels)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"shorter": self.shorter, "longer": self.longer}


@keras.saving.register_keras_serializable()
class PadTo(layers.Layer):
    """Zeros below and at the right, up to a multiple of cells."""

    def __init__(self, multiple: int, **options: Any) -> None:
        super().__init__(**options)
        self.multiple = multiple

    def call(self, inputs: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        ends: Any = [(0, -size % self.multiple) for size in sizes[1:3]]
        return ops.pad(inputs, [(0, 0), *ends, (0, 0)])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"multiple": self.multiple}


def matches_spec(batch: int | None, number: int | None) -> dict[str, KerasTensor]:
    """What matches are, before there are any."""
    return {
        "boxes": KerasTensor((batch, number, 4), keras.config.floatx()),
        "truth": KerasTensor((batch, number, 4), keras.config.floatx()),
        "labels": KerasTensor((batch, number), "int32"),
    }


def owners(rows: Any, there: Any, boxes: Any) -> Any:
    """For each box the last true one that wants it, or -1, (B, N)."""
    sizes: Any = ops.shape(boxes)
    wanted: Any = rows[..., None] == ops.arange(sizes[1], dtype=rows.dtype)
    sizes = ops.shape(rows)
    order: Any = ops.arange(sizes[1], dtype="int32")
    return ops.max(ops.where(wanted & there[..., None], order[:, None], -1), axis=1)


def true_boxes(targets: Any, frame: Any, image: Any) -> tuple[Any, Any]:
    """The true boxes of each image in pixels of the frame and their labels, with an empty
    one behind, whose label is -1 as that of all that fill up.
    """
    boxes: Any = ops.cast(targets["boxes"], keras.config.floatx())
    if image is not None:
        boxes = boxes * (sides_of(frame) / sides_of(image))
    boxes = ops.pad(boxes, [(0, 0), (0, 1), (0, 0)])
    labels: Any = ops.cast(targets["labels"], "int32")
    return boxes, ops.pad(labels, [(0, 0), (0, 1)], constant_values=-1)


@keras.saving.register_keras_serializable()
class Match(layers.Layer):
    """Boxes (B, N, 4) with the true ones, given as corners in pixels of the image, that
    they overlap most: `boxes`, `truth` (B, N, 4) and `labels` (B, N); a label is 0 where
    there is none, and -1 where it does not count.
    """

    def __init__(
        self,
        high: float,
        low: float | None = None,
        best: str = "plain",
        added: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.high, self.low, self.best, self.added = high, low, best, added

    def call(self, boxes: Any, targets: Any, frame: Any, image: Any = None) -> Any:
        truth, labels = true_boxes(targets, frame, image)
        if self.added:
            boxes = ops.concatenate((boxes, truth), axis=1)
        there: Any = labels >= 0
        overlap: Any = overlaps(truth[:, :, None], boxes[:, None])
        overlap = ops.where(there[..., None], overlap, -1.0)
        most: Any = ops.max(overlap, axis=1)
        place: Any = ops.argmax(overlap, axis=1)
        sure: Any = most >= self.high
        none: Any = most < (self.high if self.low is None else self.low)
        if self.best == "kept":
            fits: Any = overlap == ops.max(overlap, axis=2, keepdims=True)
            sure = sure | ops.any(fits & there[..., None], axis=1)
        elif self.best == "forced":
            own = owners(ops.argmax(overlap, axis=2), there, boxes)
            place, sure = ops.where(own >= 0, own, place), sure | (own >= 0)
        label: Any = ops.take_along_axis(labels, place, axis=1)
        label = ops.where(sure, label, ops.where(none, 0, -1))
        filled: Any = boxes[..., 2] > boxes[..., 0]  # rows that fill up are empty
        return {
            "boxes": ops.stop_gradient(boxes),
            "truth": ops.take_along_axis(truth, place[..., None], axis=1),
            "labels": ops.where(filled, label, -1),
        }

    def compute_output_spec(
        self, boxes: Any, targets: Any, frame: Any, image: Any = None
    ) -> Any:
        return matches_spec(boxes.shape[0], None if self.added else boxes.shape[1])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "high": self.high,
            "low": self.low,
            "best": self.best,
            "added": self.added,
        }


@keras.saving.register_keras_serializable()
class Sample(layers.Layer):
    """Some matches of each image by chance, with an object and without; of all others the
    label becomes -1, or they go.
    """

    def __init__(
        self, number: int, positive: float, drop: bool = False, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.number, self.positive, self.drop = number, positive, drop
        self.seed = keras.random.SeedGenerator()

    def call(self, matches: Any) -> Any:
        labels: Any = matches["labels"]
        chance: Any = keras.random.uniform(ops.shape(labels), seed=self.seed)
        some = self.drawn(labels > 0, chance, int(self.number * self.positive))
        count: Any = ops.sum(ops.cast(some, "int32"), axis=1, keepdims=True)
        none = self.drawn(ops.equal(labels, 0), chance, self.number - count)
        chosen: Any = some | none
        if not self.drop:
            return {**matches, "labels": ops.where(chosen, labels, -1)}
        padding: Any = [(0, 0), (0, self.number)]  # there may be fewer
        order: Any = ops.argsort(ops.logical_not(ops.pad(chosen, padding)))
        rows: Any = order[:, : self.number]
        labels = ops.pad(ops.where(chosen, labels, -1), padding, constant_values=-1)
        return {
            "boxes": self.taken(matches["boxes"], rows),
            "truth": self.taken(matches["truth"], rows),
            "labels": ops.take_along_axis(labels, rows, axis=1),
        }

    def drawn(self, among: Any, chance: Any, count: Any) -> Any:
        """As many as are wanted of some, the rest of which chance leaves out."""
        order: Any = ops.argsort(ops.where(among, chance, 2.0))
        rank: Any = ops.argsort(order)
        return among & (rank < count)

    def taken(self, boxes: Any, rows: Any) -> Any:
        """Boxes in some rows."""
        padded: Any = ops.pad(boxes, [(0, 0), (0, self.number), (0, 0)])
        return ops.take_along_axis(padded, rows[..., None], axis=1)

    def compute_output_spec(self, matches: Any) -> Any:
        batch, number = matches["labels"].shape
        return matches_spec(batch, self.number if self.drop else number)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "number": self.number,
            "positive": self.positive,
            "drop": self.drop,
        }


class Loss(layers.Layer):
    """A sum over the matches of a batch, over how many count, have an object, or 1."""

    def __init__(self, over: str = "counted", **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.over = over

    def share(self, total: Any, labels: Any) -> Any:
        """A sum, over what it is divided by."""
        if self.over == "one":
            return total
        counted: Any = labels > 0 if self.over == "positive" else labels >= 0
        number: Any = ops.sum(ops.cast(counted, total.dtype))
        return total / ops.maximum(number, 1)

    def compute_output_spec(self, *given: Any, **named: Any) -> Any:
        return KerasTensor((), keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"over": self.over}


@keras.saving.register_keras_serializable()
class ObjectLoss(Loss):
    """The cross-entropy of whether there is an object, of the matches that count."""

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = ops.ravel(matches["labels"])
        found: Any = ops.ravel(logits)
        some: Any = ops.cast(labels > 0, found.dtype)
        loss: Any = ops.softplus(found) - some * found
        return self.share(ops.sum(ops.where(labels >= 0, loss, 0.0)), labels)


@keras.saving.register_keras_serializable()
class BoxLoss(Loss):
    """How far boxes are from the true ones, over the matches with an object."""

    def __init__(
        self,
        weights: Sequence[float] = (1, 1, 1, 1),
        beta: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.weights_, self.beta = weights, beta

    def call(self, moves: Any, matches: Any) -> Any:
        labels: Any = ops.ravel(matches["labels"])
        rows: Any = ops.reshape(moves, (-1, moves.shape[-1] // 4, 4))
        if rows.shape[1] > 1:
            place: Any = ops.maximum(labels, 0)
            rows = ops.take_along_axis(rows, place[:, None, None], axis=1)
        off: Any = ops.abs(rows[:, 0] - self.wanted(matches, labels))
        near: Any = off < self.beta
        square: Any = 0.5 * off * off / max(self.beta, 1e-9)
        loss: Any = ops.where(near, square, off - 0.5 * self.beta)
        loss = ops.where(labels[:, None] > 0, loss, 0.0)
        return self.share(ops.sum(loss), labels)

    def wanted(self, matches: Any, labels: Any) -> Any:
        """The moves that bring boxes to the true ones; of what has none, none."""
        some: Any = labels[:, None] > 0
        unit: Any = ops.array([0.0, 0.0, 1.0, 1.0], keras.config.floatx())
        parts: Any = [ops.reshape(matches[key], (-1, 4)) for key in ("boxes", "truth")]
        parts = [ops.where(some, part, unit) for part in parts]
        box, truth = parts
        side: Any = box[:, 2:] - box[:, :2]
        true: Any = truth[:, 2:] - truth[:, :2]
        step: Any = (truth[:, :2] + 0.5 * true - (box[:, :2] + 0.5 * side)) / side
        moves: Any = ops.concatenate((step, ops.log(true / side)), axis=1)
        return moves * ops.array(self.weights_, moves.dtype)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"weights": self.weights_, "beta": self.beta}


@keras.saving.register_keras_serializable()
class ClassLoss(Loss):
    """The cross-entropy of the matches that count."""

    def __init__(self, background: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.background = background

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = ops.ravel(matches["labels"])
        wanted: Any = labels if self.background else labels - 1  # no class is for none
        counted: Any = wanted >= 0 if self.background else labels > 0
        rows: Any = ops.reshape(logits, (-1, logits.shape[-1]))
        loss: Any = keras.losses.sparse_categorical_crossentropy(
            ops.maximum(wanted, 0), rows, from_logits=True
        )
        return self.share(ops.sum(ops.where(counted, loss, 0.0)), labels)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"background": self.background}


@keras.saving.register_keras_serializable()
class Detector(DetectionModel):
    """A model that `fit` trains by what images show: `boxes` (B, T, 4), as corners in
    pixels of the image, and `labels` (B, T), -1 where there are fewer than T.
    """

    trainer: Any = None
    training_now = False

    def trained_by(self, inputs: Any, losses: dict[str, Any]) -> "Detector":
        """The model with its losses, which share its layers."""
        self.trainer = keras.Model(inputs, losses).__call__  # no layer of this one
        return self

    def train_losses(
        self, images: Any, targets: dict[str, Any], training: bool = True
    ) -> dict[str, Any]:
        """Each loss of a batch."""
        if self.trainer is None:
            raise ValueError(
                "a loaded model has no losses: make it anew, load its weights"
            )
        given: Any = [*keras.tree.flatten(images), targets]
        found: dict[str, Any] = self.trainer(given, training=training)
        return found

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """The sum of all losses."""
        return sum([*self.train_losses(x, y, training).values(), *self.losses])

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Detections; `fit` and `evaluate` ask for losses alone."""
        if self.training_now:
            return inputs
        return super().call(inputs, training=training, mask=mask)

    def train_step(self, *data: Any) -> Any:
        return self.without_detections(super().train_step, *data)

    def test_step(self, *data: Any) -> Any:
        return self.without_detections(super().test_step, *data)

    def without_detections(self, step: Any, *data: Any) -> Any:
        """A step of `fit` or `evaluate`."""
        self.training_now = True
        try:
            return step(*data)
        finally:
            self.training_now = False


def vgg_maps(x: KerasTensor, *, name: str) -> KerasTensor:
    """VGG-16 up to its last convolution: one cell for 16 pixels.

    (H, W, in_channels) -> (H', W', 512)
    """
    index = 0
    for i, n in enumerate([2, 2, 3, 3]):
        width = min(64 * 2**i, 512)
        for _ in range(n):
            x = layers.Conv2D(
                width,
                3,
                padding="same",
                activation="relu",
                kernel_initializer=HE_NORMAL,
                name=f"{name}_{index}",
            )(x)
            index += 2
        x = max_pool_ceil(x, 2, stride=2)
        index += 1
    for _ in range(3):
        x = layers.Conv2D(
            512,
            3,
            padding="same",
            activation="relu",
            kernel_initializer=NORMAL,
            name=f"{name}_{index}",
        )(x)
        index += 2
    return x


def bottleneck(
    x: KerasTensor,
    width: int,
    *,
    stride: int = 1,
    groups: int = 1,
    base: int = 64,
    dilation: int = 1,
    norm: Callable[..., Any] = BatchNorm,
    name: str,
) -> KerasTensor:
    """A 3 x 3 convolution between two of 1 x 1: figure 5, right. The stride is in the 3
    x 3 one.

    (H, W, in_channels) -> ((H - 1) // stride + 1, (W - 1) // stride + 1, 4 * width)
    """
    in_channels = x.shape[-1]
    inner = width * base // 64 * groups
    out = 4 * width
    y = layers.Conv2D(
        inner, 1, use_bias=False, kernel_initializer=HE_NORMAL, name=f"{name}_conv1"
    )(x)
    y = norm(name=f"{name}_bn1")(y)
    y = layers.ReLU()(y)
    if dilation:
        y = layers.ZeroPadding2D(dilation)(y)
    y = layers.Conv2D(
        inner,
        3,
        strides=stride,
        dilation_rate=dilation,
        groups=groups,
        use_bias=False,
        kernel_initializer=HE_NORMAL,
        name=f"{name}_conv2",
    )(y)
    y = norm(name=f"{name}_bn2")(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(
        out, 1, use_bias=False, kernel_initializer=HE_NORMAL, name=f"{name}_conv3"
    )(y)
    y = norm(name=f"{name}_bn3")(y)
    if stride != 1 or in_channels != out:
        x = layers.Conv2D(
            out,
            1,
            strides=stride,
            use_bias=False,
            kernel_initializer=HE_NORMAL,
            name=f"{name}_downsample_0",
        )(x)
        x = norm(name=f"{name}_downsample_1")(x)
    x = layers.Add()([y, x])
    x = layers.ReLU()(x)
    return x


def resnet50_maps(
    x: KerasTensor, *, norm: Callable[..., Any] = BatchNorm, name: str
) -> list[KerasTensor]:
    """ResNet-50 without its head: a map from each stage.

    (H, W, in_channels) -> (((H + 1) // 2 + 1) // 2, ((W + 1) // 2 + 1) // 2, 256)
    """
    x = layers.ZeroPadding2D(3)(x)
    x = layers.Conv2D(
        64,
        7,
        strides=2,
        use_bias=False,
        kernel_initializer=HE_NORMAL,
        name=f"{name}_conv1",
    )(x)
    x = norm(name=f"{name}_bn1")(x)
    x = layers.ReLU()(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for i in range(3):
        x = bottleneck(x, 64, norm=norm, name=f"{name}_layer1_{i}")
    layer1 = x
    for j in range(4):
        x = bottleneck(
            x, 128, stride=2 if j == 0 else 1, norm=norm, name=f"{name}_layer2_{j}"
        )
    layer2 = x
    for j in range(6):
        x = bottleneck(
            x, 256, stride=2 if j == 0 else 1, norm=norm, name=f"{name}_layer3_{j}"
        )
    layer3 = x
    for j in range(3):
        x = bottleneck(
            x, 512, stride=2 if j == 0 else 1, norm=norm, name=f"{name}_layer4_{j}"
        )
    layer4 = x
    return [layer1, layer2, layer3, layer4]


def pyramid(maps: Sequence[Any], width: int, *, name: str) -> list[KerasTensor]:
    """Maps of one width: lateral 1 x 1, top-down, then 3 x 3: figure 3.

    4 x (H, W, maps_channels) -> (H, W, width)
    """
    parts = [
        layers.Conv2D(width, 1, name=f"{name}_inner_blocks_{i}_0")(x)
        for i, x in enumerate(maps)
    ]
    top = parts[3]
    y = layers.UpSampling2D(2)(top)
    top_2 = layers.Add()([parts[2], y])
    y = layers.UpSampling2D(2)(top_2)
    top_3 = layers.Add()([parts[1], y])
    y = layers.UpSampling2D(2)(top_3)
    top_4 = layers.Add()([parts[0], y])
    y1 = layers.Conv2D(width, 3, padding="same", name=f"{name}_layer_blocks_0_0")(top_4)
    y2 = layers.Conv2D(width, 3, padding="same", name=f"{name}_layer_blocks_1_0")(top_3)
    y3 = layers.Conv2D(width, 3, padding="same", name=f"{name}_layer_blocks_2_0")(top_2)
    y4 = layers.Conv2D(width, 3, padding="same", name=f"{name}_layer_blocks_3_0")(top)
    return [y1, y2, y3, y4]


def box_heads(x: KerasTensor, classes: int, *, name: str) -> dict[str, KerasTensor]:
    """The class and the box of every region: two fully connected layers on 7 x 7 cells.

    (H, W, in_channels) -> (4 * classes,)
    """
    x = layers.Flatten()(x)
    x = layers.Dense(1024, activation="relu", name=f"{name}_box_head_fc6")(x)
    x = layers.Dense(1024, activation="relu", name=f"{name}_box_head_fc7")(x)
    box_head = x
    cls_score = layers.Dense(classes, name=f"{name}_box_predictor_cls_score")(x)
    x = bbox_pred = layers.Dense(4 * classes, name=f"{name}_box_predictor_bbox_pred")(
        box_head
    )
    logits = cls_score
    moves = bbox_pred
    return {"output": x, "logits": logits, "moves": moves}


def rpn_head(x: KerasTensor, anchors: int, *, name: str) -> dict[str, KerasTensor]:
    """What each anchor is, and how it moves.

    (H, W, in_channels) -> (H, W, 4 * anchors)
    """
    in_channels = x.shape[-1]
    x = layers.Conv2D(
        in_channels, 3, padding="same", activation="relu", name=f"{name}_conv_0_0"
    )(x)
    features = x
    x = layers.Conv2D(anchors, 1, name=f"{name}_cls_logits")(x)
    y = layers.Conv2D(4 * anchors, 1, name=f"{name}_bbox_pred")(features)
    return {"output": y, "logits": x, "moves": y}


def region_proposals(
    maps: Sequence[Any], frame: KerasTensor, padded: KerasTensor, *, name: str
) -> dict[str, KerasTensor]:
    """Boxes that are most likely an object: anchors of one size a map, moved by one
    head.

    5 x (H, W, maps_channels), (H, W, frame_channels), (H, W, padded_channels) ->
    (boxes=1000, 4)
    """
    head_input: Any = keras.Input((None, None, maps[0].shape[3]))
    head_output = rpn_head(head_input, 3, name=f"{name}_head")
    head = keras.Model(head_input, head_output, name=f"{name}_head")
    x_outputs = head(maps[0])
    logits = x_outputs["logits"]
    moves = x_outputs["moves"]
    x = layers.Reshape((-1, 4))(moves)
    y = GridAnchors([[32 * 2**0]], [[0.5, 1, 2]])([maps[0]], padded)
    y = DecodeBoxes()(x, y)
    z = layers.Reshape((-1, 1))(logits)
    u_outputs = head(maps[1])
    logits = u_outputs["logits"]
    moves = u_outputs["moves"]
    u = layers.Reshape((-1, 4))(moves)
    v = GridAnchors([[32 * 2**1]], [[0.5, 1, 2]])([maps[1]], padded)
    v = DecodeBoxes()(u, v)
    w = layers.Reshape((-1, 1))(logits)
    w_2_outputs = head(maps[2])
    logits = w_2_outputs["logits"]
    moves = w_2_outputs["moves"]
    w_2 = layers.Reshape((-1, 4))(moves)
    w_3 = GridAnchors([[32 * 2**2]], [[0.5, 1, 2]])([maps[2]], padded)
    w_3 = DecodeBoxes()(w_2, w_3)
    w_4 = layers.Reshape((-1, 1))(logits)
    w_5_outputs = head(maps[3])
    logits = w_5_outputs["logits"]
    moves = w_5_outputs["moves"]
    w_5 = layers.Reshape((-1, 4))(moves)
    w_6 = GridAnchors([[32 * 2**3]], [[0.5, 1, 2]])([maps[3]], padded)
    w_6 = DecodeBoxes()(w_5, w_6)
    w_7 = layers.Reshape((-1, 1))(logits)
    w_8_outputs = head(maps[4])
    logits = w_8_outputs["logits"]
    moves = w_8_outputs["moves"]
    w_8 = layers.Reshape((-1, 4))(moves)
    w_9 = GridAnchors([[32 * 2**4]], [[0.5, 1, 2]])([maps[4]], padded)
    w_9 = DecodeBoxes()(w_8, w_9)
    w_10 = layers.Reshape((-1, 1))(logits)
    said = layers.Concatenate(axis=1)([z, w, w_4, w_7, w_10])
    moved = layers.Concatenate(axis=1)([x, u, w_2, w_5, w_8])
    boxes = Propose(keep=1000, overlap=0.7, pre=1000, train_keep=2000, train_pre=2000)(
        [z, w, w_4, w_7, w_10], [y, v, w_3, w_6, w_9], frame
    )
    return {"output": boxes, "said": said, "moved": moved}


def rcnn(classes: int = 200, name: str = "rcnn") -> DetectionModel:
    """Each region warped to one size and scored by a support vector machine a class:
    section 2.

    (H, W, 3), (N, 4) -> (boxes=100, 6)

    RCNN: 57,687,624 trainable parameters, 1442 GMACs at 500 x 375 x 3 and 2000 x 4.
    """
    image: Any = keras.Input((None, None, 3), name="image")
    regions = keras.Input((None, 4), name="regions")
    x = warp(image, regions, 227, context=16)
    x = layers.Conv2D(
        96, 11, strides=4, activation="relu", kernel_initializer=NORMAL, name="conv1"
    )(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = LocalResponseNorm(5)(x)
    x = layers.Conv2D(
        256,
        5,
        padding="same",
        groups=2,
        activation="relu",
        kernel_initializer=NORMAL,
        name="conv2",
    )(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = LocalResponseNorm(5)(x)
    x = layers.Conv2D(
        384,
        3,
        padding="same",
        activation="relu",
        kernel_initializer=NORMAL,
        name="conv3",
    )(x)
    x = layers.Conv2D(
        384,
        3,
        padding="same",
        groups=2,
        activation="relu",
        kernel_initializer=NORMAL,
        name="conv4",
    )(x)
    x = layers.Conv2D(
        256,
        3,
        padding="same",
        groups=2,
        activation="relu",
        kernel_initializer=NORMAL,
        name="conv5",
    )(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(4096, activation="relu", kernel_initializer=NORMAL, name="fc6")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(4096, activation="relu", kernel_initializer=NORMAL, name="fc7")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(classes, name="svms")(x)
    found = Detect(score=0, overlap=0.3, keep=100, background=False)(
        regions, ByImage()(x, regions), image
    )
    return DetectionModel([image, regions], found, name=name)


def fastrcnn_vgg16(classes: int = 21, name: str = "fastrcnn_vgg16") -> DetectionModel:
    """Given regions, classified and moved: figure 1.

    (H, W, 3), (N, 4) -> (boxes=100, 6)

    FastRCNN_VGG16: 134,690,729 trainable parameters, 424 GMACs at 600 x 1000 x 3 and
    2000 x 4.
    """
    image: Any = keras.Input((None, None, 3), name="image")
    regions = keras.Input((None, 4), name="regions")
    features = vgg_maps(image, name="features")
    x = RoiPool(7, scale=1 / 16)(features, regions)
    x = layers.Flatten()(x)
    x = layers.Dense(4096, activation="relu", kernel_initializer=NORMAL, name="fc6")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(4096, activation="relu", kernel_initializer=NORMAL, name="fc7")(x)
    x = features = layers.Dropout(0.5)(x)
    x = scores = layers.Dense(
        classes, activation="softmax", kernel_initializer=NORMAL, name="cls_score"
    )(x)
    x = layers.Dense(4 * classes, kernel_initializer=NORMAL, name="bbox_pred")(features)
    x = DecodeBoxes()(ByImage()(x, regions), regions)
    found = Detect(score=0.05, overlap=0.3, keep=100)(x, ByImage()(scores, x), image)
    return DetectionModel([image, regions], found, name=name)


def fasterrcnn_vgg16(
    classes: int = 21, name: str = "fasterrcnn_vgg16"
) -> DetectionModel:
    """The regions proposed by a net on the same map, nine anchors a cell: figure 2.

    (H, W, 3) -> (boxes=100, 6)

    FasterRCNN_VGG16: 137,078,239 trainable parameters, 226 GMACs at 600 x 1000 x 3.
    """
    image: Any = keras.Input((None, None, 3), name="image")
    x = features = features_2 = vgg_maps(image, name="features")
    x = said = layers.Conv2D(
        512, 3, padding="same", activation="relu", name="rpn_conv"
    )(x)
    x = layers.Conv2D(18, 1, name="rpn_cls_score")(x)
    y1 = x[..., 9:18]
    y2 = x[..., :9]
    x = layers.Subtract()([y1, y2])
    logits = layers.Reshape((-1, 1))(x)
    x = layers.Conv2D(36, 1, name="rpn_bbox_pred")(said)
    moves = layers.Reshape((-1, 4))(x)
    x = GridAnchors([[128, 256, 512]], [[0.5, 1, 2]], centred=True)([features_2], image)
    x = DecodeBoxes()(moves, x)
    regions = Propose(keep=300, overlap=0.7, pre=6000, min_size=16)(
        [logits], [x], image
    )
    x = RoiPool(7, scale=1 / 16)(features, regions)
    x = layers.Flatten()(x)
    x = layers.Dense(4096, activation="relu", kernel_initializer=NORMAL, name="fc6")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(4096, activation="relu", kernel_initializer=NORMAL, name="fc7")(x)
    x = features = layers.Dropout(0.5)(x)
    x = scores = layers.Dense(
        classes, activation="softmax", kernel_initializer=NORMAL, name="cls_score"
    )(x)
    x = layers.Dense(4 * classes, kernel_initializer=NORMAL, name="bbox_pred")(features)
    boxes = DecodeBoxes()(ByImage()(x, regions), regions)
    found = Detect(score=0.05, overlap=0.3, keep=100)(
        boxes, ByImage()(scores, boxes), image
    )
    return DetectionModel(image, found, name=name)


def fasterrcnn_resnet50_fpn(
    norm: Callable[..., Any] = BatchNorm,
    classes: int = 91,
    name: str = "fasterrcnn_resnet50_fpn",
) -> Detector:
    """Both on a pyramid of maps, as torchvision has it: Lin et al., 2017.
    arXiv:1612.03144

    (H, W, 3) -> (boxes=100, 6)

    FasterRCNN_ResNet50_FPN: 41,808,406 trainable parameters, 134 GMACs at
    800 x 800 x 3.
    """
    image = keras.Input((None, None, 3), name="image")
    targets = {
        "boxes": keras.Input((None, 4), name="targets_boxes"),
        "labels": keras.Input((None,), dtype="int32", name="targets_labels"),
    }
    x = layers.Normalization(
        mean=[0.485, 0.456, 0.406], variance=[0.229**2, 0.224**2, 0.225**2]
    )(image)
    x = frame = ResizeShorter(800, longer=1333, name="frame")(x)
    x = padded = PadTo(32, name="padded")(x)
    body = resnet50_maps(x, norm=norm, name="backbone_body")
    fpn = pyramid(body, 256, name="backbone_fpn")
    x = layers.MaxPooling2D(1, strides=2)(fpn[3])
    rpn_outputs = region_proposals([*fpn, x], frame, padded, name="rpn")
    rpn = rpn_outputs["output"]
    said = rpn_outputs["said"]
    moved = rpn_outputs["moved"]
    x = GridAnchors([[32], [64], [128], [256], [512]], [[0.5, 1, 2]] * 5)(
        [*fpn, x], padded
    )
    matches = Match(0.7, low=0.3, best="kept")(x, targets, frame, image)
    matches = Sample(256, 0.5)(matches)
    loss_objectness = ObjectLoss()(said, matches)
    loss_rpn_box_reg = BoxLoss(beta=1 / 9)(moved, matches)
    matches = Match(0.5, added=True)(rpn, targets, frame, image)
    matches = Sample(512, 0.25, drop=True)(matches)
    boxes = matches["boxes"]
    x = RoiAlign(7)(fpn, boxes, frame)
    roi_heads_input: Any = keras.Input(x.shape[1:])
    roi_heads_output = box_heads(roi_heads_input, classes, name="roi_heads")
    roi_heads = keras.Model(roi_heads_input, roi_heads_output, name="roi_heads")
    x_outputs = roi_heads(x)
    logits = x_outputs["logits"]
    moves = x_outputs["moves"]
    loss_classifier = ClassLoss()(logits, matches)
    loss_box_reg = BoxLoss([10, 10, 5, 5], beta=1 / 9)(moves, matches)
    losses = {
        "loss_objectness": loss_objectness,
        "loss_rpn_box_reg": loss_rpn_box_reg,
        "loss_classifier": loss_classifier,
        "loss_box_reg": loss_box_reg,
    }
    x = RoiAlign(7)(fpn, rpn, frame)
    x_outputs = roi_heads(x)
    logits = x_outputs["logits"]
    moves = x_outputs["moves"]
    scores = layers.Softmax()(logits)
    boxes = DecodeBoxes([10, 10, 5, 5])(ByImage()(moves, rpn), rpn)
    found = Detect(score=0.05, overlap=0.5, keep=100, min_size=0.01)(
        boxes, ByImage()(scores, boxes), frame, image
    )
    return Detector(image, found, name=name).trained_by([image, targets], losses)


def fasterrcnn_resnet50_fpn_frozenbn(classes: int = 91) -> Detector:
    """FasterRCNN_ResNet50_FPN_FrozenBN: 41,755,286 trainable parameters, 134 GMACs at
    800 x 800 x 3.
    """
    return fasterrcnn_resnet50_fpn(
        FrozenBatchNorm, classes=classes, name="fasterrcnn_resnet50_fpn_frozenbn"
    )
