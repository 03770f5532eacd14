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
    "ssd300_vgg16",
    "ssd300_voc",
    "ssd512_voc",
    "ssd_head",
    "ssd_head2",
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


def max_pool_ceil(x: KerasTensor, kernel: int, *, stride: int) -> KerasTensor:
    """Max-pool whose last windows may reach over the end of the map."""
    end = (0, stride - 1)
    padded = ops.pad(x, ((0, 0), end, end, (0, 0)), constant_values=float("-inf"))
    return layers.MaxPooling2D(kernel, strides=stride)(padded)


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
            half = ops.clip(half / 2, 0, 0.5) if self.clip else half / 2
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
class HardNegatives(layers.Layer):
    """Of the matches without an object those of each image that a head is most wrong about;
    of all others the label becomes -1.
    """

    def __init__(self, ratio: float, **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.ratio = ratio

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = matches["labels"]
        wanted: Any = ops.maximum(labels, 0)
        loss: Any = keras.losses.sparse_categorical_crossentropy(
            wanted, logits, from_logits=True
        )
        loss = ops.where(ops.equal(labels, 0), ops.stop_gradient(loss), -1.0)
        rank: Any = ops.argsort(ops.argsort(-loss))
        some: Any = ops.sum(ops.cast(labels > 0, loss.dtype), axis=1, keepdims=True)
        easy: Any = ops.equal(labels, 0) & (
            ops.cast(rank, loss.dtype) >= self.ratio * some
        )
        return {**matches, "labels": ops.where(easy, -1, labels)}

    def compute_output_spec(self, logits: Any, matches: Any) -> Any:
        return matches_spec(*matches["labels"].shape)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"ratio": self.ratio}


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


def ssd_maps(x: KerasTensor, *, name: str) -> list[KerasTensor]:
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3, 1, 0]] only:
    its shapes do not follow from its arguments.

    (H, W, in_channels) -> (H', W', 512)
    """
    index = 0
    for i, n in enumerate([2, 2, 3]):
        for _ in range(n):
            x = layers.Conv2D(
                min(64 * 2**i, 512),
                3,
                padding="same",
                activation="relu",
                kernel_initializer=HE_NORMAL,
                name=f"{name}_features_{index}",
            )(x)
            index += 2
        x = max_pool_ceil(x, 2, stride=2)
        index += 1
    for _ in range(3):
        x = layers.Conv2D(
            512, 3, padding="same", activation="relu", name=f"{name}_features_{index}"
        )(x)
        index += 2
    features = x
    x = layers.UnitNormalization()(x)
    x = Scale((512,), initializer=CONSTANT, name=f"{name}_scale_weight")(x)
    y = layers.MaxPooling2D(2)(features)
    index_2 = 1
    for _ in range(3):
        y = layers.Conv2D(
            512, 3, padding="same", activation="relu", name=f"{name}_extra_0_{index_2}"
        )(y)
        index_2 += 2
    y = layers.MaxPooling2D(3, strides=1, padding="same")(y)
    y = layers.Conv2D(
        1024,
        3,
        padding="same",
        dilation_rate=6,
        activation="relu",
        name=f"{name}_extra_0_{index_2}_1",
    )(y)
    y = layers.Conv2D(1024, 1, activation="relu", name=f"{name}_extra_0_{index_2}_3")(y)
    z = smaller(y, 512, 3, 2, 1, name=f"{name}_extra_1")
    u = smaller(z, 256, 3, 2, 1, name=f"{name}_extra_2")
    v = smaller(u, 256, 3, 1, 0, name=f"{name}_extra_3")
    w = smaller(v, 256, 3, 1, 0, name=f"{name}_extra_4")
    return [x, y, z, u, v, w]


def ssd_maps2(x: KerasTensor, *, name: str) -> list[KerasTensor]:
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256,
    4, 1, 1]] only: its shapes do not follow from its arguments.

    (H, W, in_channels) -> (H', W', 512)
    """
    index = 0
    for i, n in enumerate([2, 2, 3]):
        for _ in range(n):
            x = layers.Conv2D(
                min(64 * 2**i, 512),
                3,
                padding="same",
                activation="relu",
                kernel_initializer=HE_NORMAL,
                name=f"{name}_features_{index}",
            )(x)
            index += 2
        x = max_pool_ceil(x, 2, stride=2)
        index += 1
    for _ in range(3):
        x = layers.Conv2D(
            512, 3, padding="same", activation="relu", name=f"{name}_features_{index}"
        )(x)
        index += 2
    features = x
    x = layers.UnitNormalization()(x)
    x = Scale((512,), initializer=CONSTANT, name=f"{name}_scale_weight")(x)
    y = layers.MaxPooling2D(2)(features)
    index_2 = 1
    for _ in range(3):
        y = layers.Conv2D(
            512, 3, padding="same", activation="relu", name=f"{name}_extra_0_{index_2}"
        )(y)
        index_2 += 2
    y = layers.MaxPooling2D(3, strides=1, padding="same")(y)
    y = layers.Conv2D(
        1024,
        3,
        padding="same",
        dilation_rate=6,
        activation="relu",
        name=f"{name}_extra_0_{index_2}_1",
    )(y)
    y = layers.Conv2D(1024, 1, activation="relu", name=f"{name}_extra_0_{index_2}_3")(y)
    z = smaller(y, 512, 3, 2, 1, name=f"{name}_extra_1")
    u = smaller(z, 256, 3, 2, 1, name=f"{name}_extra_2")
    v = smaller(u, 256, 3, 2, 1, name=f"{name}_extra_3")
    w = smaller(v, 256, 3, 2, 1, name=f"{name}_extra_4")
    w_2 = smaller(w, 256, 4, 1, 1, name=f"{name}_extra_5")
    return [x, y, z, u, v, w, w_2]


def ssd_head(
    maps: Sequence[Any], ratios: Sequence[Sequence[int]], numbers: int, *, name: str
) -> KerasTensor:
    """A convolution a map, with some numbers for each of its boxes.

    6 x (H, W, maps_channels) -> (channels, numbers)
    """
    parts = [
        layers.Conv2D(
            numbers * (2 + 2 * len(ratio)),
            3,
            padding="same",
            name=f"{name}_module_list_{i}",
        )(x)
        for i, (ratio, x) in enumerate(zip(ratios, maps))
    ]
    parts = [layers.Reshape((-1, numbers))(x) for x in parts]
    x = layers.Concatenate(axis=1)(parts)
    return x


def ssd_head2(
    maps: Sequence[Any], ratios: Sequence[Sequence[int]], numbers: int, *, name: str
) -> KerasTensor:
    """A convolution a map, with some numbers for each of its boxes.

    7 x (H, W, maps_channels) -> (channels, numbers)
    """
    parts = [
        layers.Conv2D(
            numbers * (2 + 2 * len(ratio)),
            3,
            padding="same",
            name=f"{name}_module_list_{i}",
        )(x)
        for i, (ratio, x) in enumerate(zip(ratios, maps))
    ]
    parts = [layers.Reshape((-1, numbers))(x) for x in parts]
    x = layers.Concatenate(axis=1)(parts)
    return x


def ssd_model(
    size: int,
    scales: Sequence[float],
    steps: Sequence[int],
    mean: Sequence[float] = (
        0.4823529411764706,
        0.4588235294117647,
        0.40784313725490196,
    ),
    std: Sequence[float] = (
        0.00392156862745098,
        0.00392156862745098,
        0.00392156862745098,
    ),
    clip: bool = False,
    classes: int = 21,
    name: str = "ssd_model",
) -> Detector:
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3, 1, 0]],
    ratios = [[2], [2, 3], [2, 3], [2, 3], [2], [2]] only: its shapes do not follow from
    its arguments.

    (H, W, 3) -> (boxes=200, 6)
    """
    image = keras.Input((None, None, 3), name="image")
    targets = {
        "boxes": keras.Input((None, 4), name="targets_boxes"),
        "labels": keras.Input((None,), dtype="int32", name="targets_labels"),
    }
    x = layers.Normalization(mean=mean, variance=[n**2 for n in std])(image)
    x = frame = ResizeTo(size, size, name="frame")(x)
    backbone = ssd_maps(x, name="backbone")
    classification_head = ssd_head(
        backbone,
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        classes,
        name="head_classification_head",
    )
    regression_head = ssd_head(
        backbone,
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        4,
        name="head_regression_head",
    )
    priors = PriorBoxes(
        scales, [[2], [2, 3], [2, 3], [2, 3], [2], [2]], steps=steps, clip=clip
    )(backbone, frame)
    matches = Match(0.5, best="forced")(priors, targets, frame, image)
    bbox_regression = BoxLoss([10, 10, 5, 5], over="positive")(regression_head, matches)
    matches = HardNegatives(3)(classification_head, matches)
    classification = ClassLoss(over="positive")(classification_head, matches)
    losses = {"bbox_regression": bbox_regression, "classification": classification}
    scores = layers.Softmax()(classification_head)
    x = DecodeBoxes([10, 10, 5, 5])(regression_head, priors)
    found = Detect(score=0.01, overlap=0.45, keep=200, pre=400)(x, scores, frame, image)
    return Detector(image, found, name=name).trained_by([image, targets], losses)


def ssd2_model(
    size: int,
    scales: Sequence[float],
    steps: Sequence[int],
    mean: Sequence[float] = (
        0.4823529411764706,
        0.4588235294117647,
        0.40784313725490196,
    ),
    std: Sequence[float] = (
        0.00392156862745098,
        0.00392156862745098,
        0.00392156862745098,
    ),
    clip: bool = False,
    classes: int = 21,
    name: str = "ssd2_model",
) -> Detector:
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256,
    4, 1, 1]], ratios = [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]] only: its shapes
    do not follow from its arguments.

    (H, W, 3) -> (boxes=200, 6)
    """
    image = keras.Input((None, None, 3), name="image")
    targets = {
        "boxes": keras.Input((None, 4), name="targets_boxes"),
        "labels": keras.Input((None,), dtype="int32", name="targets_labels"),
    }
    x = layers.Normalization(mean=mean, variance=[n**2 for n in std])(image)
    x = frame = ResizeTo(size, size, name="frame")(x)
    backbone = ssd_maps2(x, name="backbone")
    classification_head = ssd_head2(
        backbone,
        [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
        classes,
        name="head_classification_head",
    )
    regression_head = ssd_head2(
        backbone,
        [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
        4,
        name="head_regression_head",
    )
    priors = PriorBoxes(
        scales, [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]], steps=steps, clip=clip
    )(backbone, frame)
    matches = Match(0.5, best="forced")(priors, targets, frame, image)
    bbox_regression = BoxLoss([10, 10, 5, 5], over="positive")(regression_head, matches)
    matches = HardNegatives(3)(classification_head, matches)
    classification = ClassLoss(over="positive")(classification_head, matches)
    losses = {"bbox_regression": bbox_regression, "classification": classification}
    scores = layers.Softmax()(classification_head)
    x = DecodeBoxes([10, 10, 5, 5])(regression_head, priors)
    found = Detect(score=0.01, overlap=0.45, keep=200, pre=400)(x, scores, frame, image)
    return Detector(image, found, name=name).trained_by([image, targets], losses)


def ssd300_voc(
    mean: Sequence[float] = (
        0.4823529411764706,
        0.4588235294117647,
        0.40784313725490196,
    ),
    std: Sequence[float] = (
        0.00392156862745098,
        0.00392156862745098,
        0.00392156862745098,
    ),
    clip: bool = False,
    classes: int = 21,
) -> Detector:
    """SSD300_VOC: 26,285,486 trainable parameters, 31.4 GMACs at 300 x 300 x 3."""
    return ssd_model(
        300,
        scales=[0.1, 0.2, 0.37, 0.54, 0.71, 0.88, 1.05],
        steps=[8, 16, 32, 64, 100, 300],
        mean=mean,
        std=std,
        clip=clip,
        classes=classes,
        name="ssd300_voc",
    )


def ssd512_voc(
    mean: Sequence[float] = (
        0.4823529411764706,
        0.4588235294117647,
        0.40784313725490196,
    ),
    std: Sequence[float] = (
        0.00392156862745098,
        0.00392156862745098,
        0.00392156862745098,
    ),
    clip: bool = False,
    classes: int = 21,
) -> Detector:
    """SSD512_VOC: 27,188,676 trainable parameters, 90.2 GMACs at 512 x 512 x 3."""
    return ssd2_model(
        512,
        scales=[0.07, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05],
        steps=[8, 16, 32, 64, 128, 256, 512],
        mean=mean,
        std=std,
        clip=clip,
        classes=classes,
        name="ssd512_voc",
    )


def ssd300_vgg16() -> Detector:
    """SSD300_VGG16: 35,641,826 trainable parameters, 34.9 GMACs at 300 x 300 x 3."""
    std = [0.00392156862745098, 0.00392156862745098, 0.00392156862745098]
    return ssd_model(
        300,
        scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        steps=[8, 16, 32, 64, 100, 300],
        mean=[0.48235, 0.45882, 0.40784],
        std=std,
        clip=True,
        classes=91,
        name="ssd300_vgg16",
    )
