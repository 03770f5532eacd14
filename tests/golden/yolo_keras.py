"""Redmon and Farhadi, YOLO9000: Better, Faster, Stronger, 2016. arXiv:1612.08242

As Darknet's darknet19.cfg, yolov2.cfg, yolov2-voc.cfg and yolov2-tiny.cfg have it: 64
channels are passed through (the paper has 512), and an image is stretched to the net's
size (Darknet puts a grey border around since 2017). Lines are in the order of a file of
weights.

Generated from yolo.net by `netwright build yolo.net --target keras`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = [
    "darknet19",
    "passthrough",
    "plain",
    "stage",
    "stages",
    "unit",
    "yolov2",
    "yolov2_tiny",
    "yolov2_voc",
]

# Configs, not instances: one instance gives layers of equal shape equal weights.
HE_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "untruncated_normal"},
}

Conv = partial(layers.Conv2D, kernel_initializer=HE_NORMAL)
BatchNorm = partial(layers.BatchNormalization, epsilon=1e-5)


@keras.saving.register_keras_serializable()
class Reorg(layers.Layer):
    """Cells become channels as in Darknet, which reads the map under other sizes."""

    def __init__(self, n: int, **options: Any) -> None:
        super().__init__(**options)
        self.n = n

    def call(self, inputs: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        _, height, width, channels = sizes
        n, squares = self.n, self.n * self.n
        x = ops.transpose(inputs, (0, 3, 1, 2))
        x = ops.reshape(x, (-1, channels // squares, height, n, width, n))
        x = ops.transpose(x, (0, 3, 5, 1, 2, 4))
        x = ops.reshape(x, (-1, squares * channels, height // n, width // n))
        return ops.transpose(x, (0, 2, 3, 1))

    def compute_output_shape(self, input_shape: Any) -> Any:
        batch, *sides, channels = input_shape
        fewer = [side and side // self.n for side in sides]
        return batch, *fewer, channels * self.n * self.n

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"n": self.n}


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
class ResizeTo(layers.Layer):
    """Pictures in one size."""

    def __init__(self, height: int, width: int, **options: Any) -> None:
        super().__init__(**options)
        self.sides = height, width

    def call(self, inputs: Any) -> Any:
        height, width = self.sides
        return stretch(stretch(inputs, 1, height), 2, width)

    def get_config(self) -> dict[str, Any]:
        height, width = self.sides
        return super().get_config() | {"height": height, "width": width}


def cell_places(x: Any) -> Any:
    """Column and row of every cell of a map, row by row, (cells, 1, 2)."""
    sizes: Any = ops.shape(x)
    height, width = sizes[1:3]
    grid: Any = ops.meshgrid(ops.arange(height), ops.arange(width), indexing="ij")
    places: Any = ops.reshape(ops.stack(grid[::-1], axis=-1), (-1, 1, 2))
    return ops.cast(places, keras.config.floatx())


def sides_of(x: Any) -> Any:
    """Width and height of a map or an image, twice, as corners have them, (4,)."""
    sizes: Any = ops.shape(x)
    height, width = sizes[1:3]
    sides = ops.convert_to_tensor([width, height, width, height])
    return ops.cast(sides, keras.config.floatx())


@keras.saving.register_keras_serializable()
class CellBoxes(layers.Layer):
    """Boxes as YOLO codes them, in the cells of a map, as corners in pixels, (B, N, 4)."""

    def __init__(self, sizes: Sequence[Sequence[float]], **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.sizes = sizes

    def call(self, codes: Any, cells: Any, frame: Any) -> Any:
        rows: Any = ops.shape(codes)
        sizes: Any = ops.array(self.sizes, keras.config.floatx())
        each: Any = ops.reshape(codes, (rows[0], -1, len(self.sizes), 4))
        centre: Any = cell_places(cells) + ops.sigmoid(each[..., :2])
        half: Any = ops.exp(each[..., 2:]) * (sizes / 2)
        corners: Any = ops.concatenate((centre - half, centre + half), axis=-1)
        corners = corners * (sides_of(frame) / sides_of(cells))
        return ops.reshape(corners, rows)

    def compute_output_shape(
        self, codes_shape: Any, cells_shape: Any, frame_shape: Any
    ) -> Any:
        return codes_shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"sizes": self.sizes}


def matches_spec(batch: int | None, number: int | None) -> dict[str, KerasTensor]:
    """What matches are, before there are any."""
    return {
        "boxes": KerasTensor((batch, number, 4), keras.config.floatx()),
        "truth": KerasTensor((batch, number, 4), keras.config.floatx()),
        "labels": KerasTensor((batch, number), "int32"),
    }


def overlaps(a: Any, b: Any) -> Any:
    """Intersection over union of boxes (…, 4)."""
    low: Any = ops.maximum(a[..., :2], b[..., :2])
    high: Any = ops.minimum(a[..., 2:], b[..., 2:])
    both: Any = ops.prod(ops.maximum(high - low, 0), axis=-1)
    areas: Any = [ops.prod(x[..., 2:] - x[..., :2], axis=-1) for x in (a, b)]
    return both / ops.maximum(areas[0] + areas[1] - both, 1e-9)


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
class MatchCells(layers.Layer):
    """The boxes of the cells of a map with the true ones, given as corners in pixels of
    the image, each in the cell of its centre with the anchor that fits it best.
    """

    def __init__(
        self, sizes: Sequence[Sequence[float]], ignore: float, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.sizes, self.ignore = sizes, ignore

    def call(
        self, boxes: Any, targets: Any, cells: Any, frame: Any, image: Any = None
    ) -> Any:
        truth, labels = true_boxes(targets, frame, image)
        there: Any = labels >= 0
        own = owners(self.rows(truth, cells, frame), there, boxes)
        overlap: Any = overlaps(truth[:, :, None], boxes[:, None])
        overlap = ops.where(there[..., None], overlap, -1.0)
        most: Any = ops.max(overlap, axis=1)
        none: Any = ops.where(most > self.ignore, -1, 0)
        place: Any = ops.maximum(own, 0)
        label: Any = ops.take_along_axis(labels, place, axis=1)
        return {
            "boxes": ops.stop_gradient(boxes),
            "truth": ops.take_along_axis(truth, place[..., None], axis=1),
            "labels": ops.where(own >= 0, label + 1, none),
        }

    def rows(self, truth: Any, cells: Any, frame: Any) -> Any:
        """The box of a cell that each true one wants, (B, T)."""
        number: Any = ops.cast(sides_of(cells)[:2], "int32")
        step: Any = (sides_of(frame) / sides_of(cells))[:2]
        side: Any = (truth[..., 2:] - truth[..., :2]) / step
        centre: Any = (truth[..., :2] + truth[..., 2:]) / 2 / step
        place: Any = ops.clip(ops.cast(centre, "int32"), 0, number - 1)
        anchors: Any = ops.array(self.sizes, side.dtype)
        both: Any = ops.prod(ops.minimum(side[..., None, :], anchors), axis=-1)
        areas: Any = ops.prod(side, axis=-1, keepdims=True)
        areas = areas + ops.prod(anchors, axis=-1)
        fits: Any = ops.cast(ops.argmax(both / (areas - both), axis=-1), "int32")
        cell: Any = place[..., 1] * number[0] + place[..., 0]
        return cell * len(self.sizes) + fits

    def compute_output_spec(
        self, boxes: Any, targets: Any, cells: Any, frame: Any, image: Any = None
    ) -> Any:
        return matches_spec(*boxes.shape[:2])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"sizes": self.sizes, "ignore": self.ignore}


@keras.saving.register_keras_serializable()
class CellLoss(layers.Layer):
    """How far boxes in cells are from the true ones: half the squares, summed."""

    def __init__(
        self, sizes: Sequence[Sequence[float]], pull: float = 0.0, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.sizes, self.pull = sizes, pull

    def call(self, codes: Any, matches: Any, cells: Any, frame: Any) -> Any:
        image: Any = sides_of(frame)[:2]
        step: Any = image / sides_of(cells)[:2]
        rows: Any = ops.shape(codes)
        shape = (rows[0], -1, len(self.sizes), 4)
        codes = ops.reshape(codes, shape)
        truth: Any = ops.reshape(matches["truth"], shape)
        mine: Any = ops.reshape(matches["labels"] > 0, (*shape[:3], 1))
        side: Any = truth[..., 2:] - truth[..., :2]
        centre: Any = (truth[..., :2] + side / 2) / step - cell_places(cells)
        area: Any = ops.prod(side / image, axis=-1, keepdims=True)
        growth: Any = side / step / ops.array(self.sizes, side.dtype)
        growth = ops.log(ops.where(mine, growth, 1.0))
        centre = ops.where(mine, centre, 0.5)
        place: Any = ops.sigmoid(codes[..., :2]) - centre
        off: Any = ops.concatenate((place, codes[..., 2:] - growth), axis=-1)
        weight: Any = ops.where(mine, 2 - area, self.pull)
        return ops.sum(weight * ops.square(off) / 2)

    def compute_output_spec(self, *given: Any, **named: Any) -> Any:
        return KerasTensor((), keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"sizes": self.sizes, "pull": self.pull}


@keras.saving.register_keras_serializable()
class OverlapLoss(layers.Layer):
    """How far the sigmoid of a logit is from how much its box and the true one overlap,
    or from 1, and of a box without an object from 0: half the squares, summed.
    """

    def __init__(
        self, some: float, empty: float, whole: bool = False, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.some, self.empty, self.whole = some, empty, whole

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = matches["labels"]
        overlap: Any = overlaps(matches["boxes"], matches["truth"])
        wanted: Any = ops.ones_like(overlap) if self.whole else overlap
        wanted = ops.where(labels > 0, ops.stop_gradient(wanted), 0.0)
        off: Any = wanted - ops.sigmoid(logits[..., 0])
        weight: Any = ops.where(labels > 0, float(self.some), float(self.empty))
        weight = ops.where(labels < 0, 0.0, weight)
        return ops.sum(weight * ops.square(off) / 2)

    def compute_output_spec(self, *given: Any, **named: Any) -> Any:
        return KerasTensor((), keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "some": self.some,
            "empty": self.empty,
            "whole": self.whole,
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


def unit(x: KerasTensor, width: int, *, k: int = 3, name: str) -> KerasTensor:
    """A convolution that keeps the size of the map.

    (H, W, in_channels) -> (H, W, width)
    """
    x = Conv(width, k, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = BatchNorm(name=f"{name}_bn")(x)
    x = layers.LeakyReLU(0.1)(x)
    return x


def stage(x: KerasTensor, width: int, depth: int, *, name: str) -> KerasTensor:
    """Wide units and narrow ones in turn.

    (H, W, in_channels) -> (H, W, width)
    """
    x = unit(x, width, name=f"{name}_0")
    for i in range(depth // 2):
        x = unit(x, width // 2, k=1, name=f"{name}_{2 * i + 1}")
        x = unit(x, width, name=f"{name}_{2 * i + 2}")
    return x


def stages(x: KerasTensor, depths: Sequence[int], *, name: str) -> KerasTensor:
    """Stages with a pool between each two: table 6.

    (H, W, in_channels) -> (H', W', channels)
    """
    index = 0
    for i, depth in enumerate(depths):
        if i > 0:
            x = layers.MaxPooling2D(2)(x)
            index += 1
        x = stage(x, 32 * 2**i, depth, name=f"{name}_{index}")
        index += 1
    return x


def passthrough(x: KerasTensor, *, name: str) -> KerasTensor:
    """Darknet-19 and two units more; a map of twice the size is passed through to what
    they give.

    (H, W, in_channels) -> (H', W', 1024)
    """
    x = fine = stages(x, [1, 1, 3, 3, 5], name=f"{name}_fine")
    coarse = layers.MaxPooling2D(2)(x)
    coarse = stage(coarse, 1024, 5, name=f"{name}_coarse_1")
    coarse = unit(coarse, 1024, name=f"{name}_coarse_2")
    coarse = unit(coarse, 1024, name=f"{name}_coarse_3")
    reduce = unit(fine, 64, k=1, name=f"{name}_reduce_0")
    reduce = Reorg(2)(reduce)
    x = layers.Concatenate()([reduce, coarse])
    x = unit(x, 1024, name=f"{name}_merge")
    return x


def plain(x: KerasTensor, *, name: str) -> KerasTensor:
    """A unit before each pool; the last pool keeps the size of the map.

    (H, W, in_channels) -> (H', W', 512)
    """
    index = 0
    for i in range(5):
        x = unit(x, 16 * 2**i, name=f"{name}_{index}")
        x = layers.MaxPooling2D(2)(x)
        index += 2
    x = unit(x, 512, name=f"{name}_{index}")
    x = layers.MaxPooling2D(2, strides=1, padding="same")(x)
    x = unit(x, 1024, name=f"{name}_{index + 2}")
    x = unit(x, 512, name=f"{name}_{index + 3}")
    return x


def darknet19(classes: int = 1000, name: str = "darknet19") -> keras.Model:
    """The classifier: table 6.

    (H, W, 3) -> (classes,)

    Darknet19: 20,842,376 trainable parameters, 3.65 GMACs at 256 x 256 x 3.

    `H` and `W` must each be at least 32.
    """
    image: Any = keras.Input((None, None, 3), name="image")
    x = stages(image, [1, 1, 3, 3, 5, 5], name="features")
    x = Conv(classes, 1, name="head")(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Softmax()(x)
    return keras.Model(image, x, name=name)


def yolov2(
    backbone: Callable[..., KerasTensor] = passthrough,
    size: int = 608,
    classes: int = 80,
    anchors: Sequence[Sequence[float]] = (
        (0.57273, 0.677385),
        (1.87446, 2.06253),
        (3.33843, 5.47434),
        (7.88282, 3.52778),
        (9.77052, 9.16828),
    ),
    score: float = 0.5,
    pull: float = 0.01,
    name: str = "yolov2",
) -> Detector:
    """Anchors in cells; a score is an object's times its class's: section 2. `darknet
    detect` shows those above 0.5, `darknet detector valid` all above 0.005.

    (H, W, 3) -> (boxes=100, 6)

    YOLOv2: 50,962,889 trainable parameters, 31.5 GMACs at 608 x 608 x 3.
    """
    image = keras.Input((None, None, 3), name="image")
    targets = {
        "boxes": keras.Input((None, 4), name="targets_boxes"),
        "labels": keras.Input((None,), dtype="int32", name="targets_labels"),
    }
    x = frame = ResizeTo(size, size)(image)
    x = backbone(x, name="backbone")
    x = head = Conv(len(anchors) * (5 + classes), 1, name="head")(x)
    rows = layers.Reshape((-1, 5 + classes))(x)
    codes = rows[..., :4]
    objects = rows[..., 4:5]
    logits = rows[..., 5 : 5 + classes]
    boxes = CellBoxes(anchors)(codes, head, frame)
    matches = MatchCells(anchors, 0.6)(boxes, targets, head, frame, image)
    coordinates = CellLoss(anchors, pull=pull)(codes, matches, head, frame)
    objectness = OverlapLoss(5, 1)(objects, matches)
    classification = ClassLoss(over="one", background=False)(logits, matches)
    losses = {
        "coordinates": coordinates,
        "objectness": objectness,
        "classification": classification,
    }
    y1 = layers.Activation("sigmoid")(objects)
    y2 = layers.Softmax()(logits)
    scores = layers.Multiply()([y1, y2])
    found = Detect(score=score, overlap=0.45, keep=100, background=False)(
        boxes, scores, frame, image
    )
    return Detector(image, found, name=name).trained_by([image, targets], losses)


def yolov2_voc(
    backbone: Callable[..., KerasTensor] = passthrough,
    score: float = 0.5,
    pull: float = 0.01,
) -> Detector:
    """YOLOv2_VOC: 50,655,389 trainable parameters, 14.7 GMACs at 416 x 416 x 3."""
    anchors = [
        [1.3221, 1.73145],
        [3.19275, 4.00944],
        [5.05587, 8.09892],
        [9.47112, 4.84053],
        [11.2364, 10.0071],
    ]
    return yolov2(
        size=416,
        classes=20,
        anchors=anchors,
        backbone=backbone,
        score=score,
        pull=pull,
        name="yolov2_voc",
    )


def yolov2_tiny(
    classes: int = 80,
    anchors: Sequence[Sequence[float]] = (
        (0.57273, 0.677385),
        (1.87446, 2.06253),
        (3.33843, 5.47434),
        (7.88282, 3.52778),
        (9.77052, 9.16828),
    ),
    score: float = 0.5,
    pull: float = 0.01,
) -> Detector:
    """YOLOv2_Tiny: 11,232,057 trainable parameters, 2.70 GMACs at 416 x 416 x 3."""
    return yolov2(
        plain,
        size=416,
        classes=classes,
        anchors=anchors,
        score=score,
        pull=pull,
        name="yolov2_tiny",
    )
