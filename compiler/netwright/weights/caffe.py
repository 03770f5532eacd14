"""Caffe's `.caffemodel`: layers with their blobs, read from the wire format of its schema.

Fields are those of src/caffe/proto/caffe.proto: the layers of today, and the older ones (V1).
Caffe's images have blue first, the nets of a spec red, so the first convolution is turned.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netwright.weights.state import WeightsError
from netwright.weights.table import Slot, table

if TYPE_CHECKING:
    from netwright.api import Net

Array = Any

PARTS = (
    (r"conv[1-5]_\d", "features"),  # VGG
    (r"fc[678]", "classifier"),
    (r"fc-rcnn", "svms"),  # R-CNN
    (r"rpn_conv/3x3", "rpn_conv"),  # Faster R-CNN
    (r"conv[1-4]_\d", "backbone.features"),  # SSD
    (r"conv4_3_norm", "backbone.scale_weight"),
    (r"conv\d+_\d|fc[67]", "backbone.extra"),
    (r".*_mbox_conf", "head.classification_head"),
    (r".*_mbox_loc", "head.regression_head"),
)
"""Names in published files, and what they are part of in our specs: layers of one row stand, in the
order of the file, for those of the part in their order."""

LAYER, OLD_LAYER = 100, 2  # fields of NetParameter
NAMES = {LAYER: (1, 7), OLD_LAYER: (4, 6)}  # the fields of a layer's name and blobs
SIDES = (1, 2, 3, 4)  # of BlobProto: number, channels, height and width, before it had a shape
DATA, SHAPE, DOUBLES = 5, 7, 8


def read(path: str, net: "Net") -> Mapping[str, Any]:
    """The arrays of a file under PyTorch's names; a layer without a place keeps its own."""
    with open(path, "rb") as file:
        data = memoryview(file.read())
    try:
        layers = list(layers_of(data))
    except (IndexError, ValueError) as error:
        raise WeightsError(f"`{path}` is no file of Caffe's weights") from error
    if not layers:
        raise WeightsError(f"`{path}` has no layer with weights")
    return placed(layers, table(net.name, net.instance).slots)


def placed(layers: Sequence[tuple[str, list[Array]]], slots: Sequence[Slot]) -> dict[str, Array]:
    """The blobs of each layer as the weights of its place in a net."""
    free = {slot.path: slot for slot in slots}
    found: dict[str, Array] = {}
    for name, blobs in layers:
        slot = free.pop(name, None) or _part(name, free)
        names = list(slot.names) if slot else []
        names += [f"{name}.{place}" for place in range(len(names), len(blobs))]
        for weight, blob in zip(names, blobs, strict=False):
            sizes = (
                tuple(map(int, slot.names[weight].sizes)) if slot and weight in slot.names else ()
            )
            found[weight] = blob.reshape(sizes) if _alike(blob.shape, sizes) else blob
            if slot is slots[0] and blob.ndim == 4 and blob.shape[1] == 3:
                found[weight] = found[weight][:, ::-1]
    return found


def _part(name: str, free: dict[str, Slot]) -> Slot | None:
    """The next layer of the part of a net that a name belongs to."""
    for pattern, part in PARTS:
        if re.fullmatch(pattern, name):
            for path in free:
                if path == part or path.startswith(f"{part}."):
                    return free.pop(path)
    return None


def _alike(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether shapes are equal but for ones in front, which older files have."""
    return _bare(a) == _bare(b)


def _bare(sizes: Sequence[int]) -> list[int]:
    left = list(sizes)
    while left[:1] == [1]:
        left.pop(0)
    return left


def layers_of(data: memoryview) -> Iterator[tuple[str, list[Array]]]:
    """The layers that have blobs, in the order of the file."""
    for field, layer in fields(data):
        if field in NAMES:
            name_field, blob_field = NAMES[field]
            parts = list(fields(layer))
            blobs = [blob(value) for number, value in parts if number == blob_field]
            name = next((bytes(value) for number, value in parts if number == name_field), b"")
            if blobs:
                yield name.decode(errors="replace"), blobs


def blob(data: memoryview) -> Array:
    """The array of a BlobProto."""
    import numpy

    parts = list(fields(data))
    sides = {number: value for number, value in parts if number in SIDES}
    sizes = [sides.get(side, 1) for side in SIDES] if sides else []
    for number, value in parts:
        if number == SHAPE:
            sizes = [size for field, sent in fields(value) if field == 1 for size in _packed(sent)]
    for number, kind in ((DATA, "<f4"), (DOUBLES, "<f8")):
        if sent := b"".join(value for field, value in parts if field == number):
            return numpy.frombuffer(sent, kind).astype("float32").reshape(sizes)
    return numpy.zeros(0, "float32").reshape(sizes)


def _packed(value: Any) -> list[int]:
    """Whole numbers that were sent one by one, or all in one field."""
    if isinstance(value, int):
        return [value]
    found, at = [], 0
    while at < len(value):
        number, at = varint(value, at)
        found.append(number)
    return found


def fields(data: memoryview) -> Iterator[tuple[int, Any]]:
    """The fields of a message by number: whole numbers, and bytes of all else."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
            yield key >> 3, value
            continue
        if kind == 2:
            size, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind, len(data) + 1)
        if at + size > len(data):
            raise ValueError(f"a field of {size} bytes is cut off")
        yield key >> 3, data[at : at + size]
        at += size


def varint(data: memoryview, at: int) -> tuple[int, int]:
    """A whole number of seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
