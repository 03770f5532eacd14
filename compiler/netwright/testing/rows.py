"""Outputs of detectors as arrays, so that they compare: of each image as many rows, or zeros."""

from collections.abc import Mapping
from typing import Any

from netwright.tensor import ANCHORS, Tensor, number


def shape_of(tensor: Tensor, examples: int) -> tuple[int, ...]:
    """The shape of an output for some examples; of one for each box those of all images."""
    each = 1 if tensor.each is None else number(tensor.each)
    return (examples * each, *map(number, tensor.sizes))


def of_torch(tensor: Tensor, value: Any, examples: int) -> Any:
    """What PyTorch gives: lists of boxes end in rows of zeros, anchors are those of each image."""
    import torch

    if tensor.axes[:1] == (ANCHORS,):
        return value.expand(examples, *value.shape)
    if not isinstance(value, list):
        return value
    rows = [_row(each) for each in value]
    found = torch.zeros(len(rows), number(tensor.sizes[0]), rows[0].shape[1], dtype=rows[0].dtype)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row
    return found


def _row(boxes: Any) -> Any:
    import torch

    if isinstance(boxes, torch.Tensor):
        return boxes
    ends = (boxes[name].to(boxes["boxes"].dtype)[:, None] for name in ("scores", "labels"))
    return torch.cat((boxes["boxes"], *ends), dim=1)


def of_keras(value: Any) -> Any:
    """What Keras gives: corners, score and label in a row, a label that is none as zero."""
    import keras
    import numpy

    if not isinstance(value, Mapping):
        return keras.ops.convert_to_numpy(value)
    boxes, scores, labels = (
        keras.ops.convert_to_numpy(value[name]) for name in ("boxes", "scores", "labels")
    )
    ends = scores[..., None], numpy.maximum(labels, 0)[..., None]
    return numpy.concatenate((boxes, *ends), axis=-1)
