"""Caffe's files: both schemas, blobs in their shapes, and the names of published nets."""

from pathlib import Path
from typing import Any

import pytest
import zoo

import netwright
from netwright.api import Net
from netwright.weights import WeightsError, carry
from netwright.weights.caffe import placed
from netwright.weights.table import table

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")

SMALL = """
net Small {
    input image[3, 2, 2]
    conv1: conv(4, 1x1)
    conv2: conv(2, 1x1, groups=2)
    flatten
    fc3: linear(5)
}
"""
SIZES = {"conv1": (4, 3, 1, 1), "conv2": (2, 2, 1, 1), "fc3": (5, 8)}


@pytest.fixture
def net(tmp_path: Path) -> Net:
    file = tmp_path / "small.net"
    file.write_text(SMALL, encoding="utf-8")
    return netwright.load(file)["Small"]


# A writer of the wire format


def varint(value: int) -> bytes:
    more = b""
    while value > 127:
        more += bytes([value & 127 | 128])
        value >>= 7
    return more + bytes([value])


def sent(field: int, value: int | bytes) -> bytes:
    """A field of a message."""
    if isinstance(value, int):
        return varint(field << 3) + varint(value)
    return varint(field << 3 | 2) + varint(len(value)) + value


def blob(array: Any, old: bool) -> bytes:
    """A BlobProto; old ones have four sides, of which the first are 1."""
    if old:
        sides = (1,) * (4 - array.ndim) + array.shape
        shape = b"".join(sent(field, side) for field, side in enumerate(sides, 1))
    else:
        shape = sent(7, sent(1, b"".join(map(varint, array.shape))))
    return shape + sent(5, array.astype("<f4").tobytes()) + sent(6, b"")


def model(arrays: dict[str, list[Any]], old: bool) -> bytes:
    """A NetParameter with a layer without blobs in front."""
    field, name_field, blob_field = (2, 4, 6) if old else (100, 1, 7)
    found = sent(1, b"net") + sent(field, sent(name_field, b"data") + sent(10, 1))
    for name, blobs in arrays.items():
        parts = [sent(blob_field, blob(array, old)) for array in blobs]
        kind = sent(5, 4) if old else sent(2, b"Convolution")
        found += sent(field, sent(name_field, name.encode()) + kind + b"".join(parts))
    return found


def blobs() -> dict[str, list[Any]]:
    draw = numpy.random.default_rng(0)
    return {
        name: [draw.random(sizes, dtype="float32"), draw.random(sizes[:1], dtype="float32")]
        for name, sizes in SIZES.items()
    }


@pytest.mark.parametrize("old", [False, True])
def test_both_schemas_are_read(net: Net, tmp_path: Path, old: bool) -> None:
    arrays = {**blobs(), "conv2": [numpy.ones((2, 2, 1, 1), "float32"), numpy.zeros(2, "float32")]}
    source = tmp_path / "a.caffemodel"
    source.write_bytes(model(arrays, old))
    carried = carry(net, str(source), str(tmp_path / "a.pth"))
    found = {name: tensor.numpy() for name, tensor in torch.load(tmp_path / "a.pth").items()}
    assert carried.scalars == net.params
    assert numpy.array_equal(found.pop("conv1.weight"), arrays["conv1"][0][:, ::-1])
    for name, array in found.items():
        layer, _, part = name.partition(".")
        assert numpy.array_equal(array, arrays[layer][part == "bias"]), name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no weights", "is no file of Caffe's weights"),
        (b"", "has no layer with weights"),
        (sent(100, sent(1, b"data")), "has no layer with weights"),
        (model(blobs(), old=False)[:-9], "is no file of Caffe's weights"),
        (sent(100, sent(7, sent(7, sent(1, b"\3")) + sent(5, bytes(8)))), "is no file of Caffe"),
        (
            model({**blobs(), "fc9": [numpy.zeros(3)]}, old=False),
            "1 without a place\n  without a place: `fc9.0`",
        ),
        (model({**blobs(), "fc3": []}, old=True), "2 missing"),
        (
            model({**blobs(), "fc3": [numpy.zeros((7, 7)), numpy.zeros(5)]}, old=True),
            "of other sizes",
        ),
    ],
)
def test_what_does_not_fit_is_told(net: Net, tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.caffemodel").write_bytes(content)
    with pytest.raises(WeightsError) as raised:
        carry(net, str(tmp_path / "a.caffemodel"), str(tmp_path / "b.pth"))
    assert words in raised.value.message


def test_files_are_not_written(net: Net, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="read, not written"):
        carry(net, str(tmp_path / "a.pth"), str(tmp_path / "b.caffemodel"))


# Published names

VGG = [f"conv{i}_{j}" for i, n in enumerate((2, 2, 3, 3, 3), 1) for j in range(1, n + 1)]
FAST = ["fc6", "fc7", "cls_score", "bbox_pred"]
MAPS = ["conv4_3_norm", "fc7", "conv6_2", "conv7_2", "conv8_2", "conv9_2"]
EXTRA = [f"conv{i}_{j}" for i in range(6, 10) for j in (1, 2)]
NAMES = {
    ("vgg.net", "VGG16"): [*VGG, "fc6", "fc7", "fc8"],
    ("rcnn.net", "RCNN"): ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc-rcnn"],
    ("rcnn.net", "FastRCNN_VGG16"): [*VGG, *FAST],
    ("rcnn.net", "FasterRCNN_VGG16"): [
        *VGG, "rpn_conv/3x3", "rpn_cls_score", "rpn_bbox_pred", *FAST
    ],
    ("ssd.net", "SSD300_VOC"): [
        *VGG, "fc6", "fc7", *EXTRA, "conv4_3_norm",
        *(f"{name}_mbox_{kind}" for name in MAPS for kind in ("loc", "conf")),
    ],
}  # fmt: skip
PLACES = {
    "conv5_3": {"features.28", "backbone.extra.0.5"},
    "fc7": {"classifier.3", "fc7", "backbone.extra.0.7.3"},
    "fc-rcnn": {"svms"},
    "rpn_conv/3x3": {"rpn_conv"},
    "conv4_3_norm": {"backbone.scale_weight"},
    "conv9_2": {"backbone.extra.4.2"},
    "conv8_2_mbox_loc": {"head.regression_head.module_list.4"},
    "conv4_3_norm_mbox_conf": {"head.classification_head.module_list.0"},
}


@pytest.mark.parametrize(("spec", "name"), NAMES)
def test_layers_of_published_nets_find_their_places(spec: str, name: str) -> None:
    found = zoo.nets(spec)[name]
    known = table(found.name, found.instance)
    layers = []
    for place, layer in enumerate(NAMES[spec, name]):
        blobs = 1 if layer.endswith("norm") else 2
        layers.append((layer, [numpy.full(1, place)] * blobs))
    state = placed(layers, known.slots)
    assert set(state) == set(known.weights)
    for place, layer in enumerate(NAMES[spec, name]):
        paths = {path.removesuffix(".weight") for path, array in state.items() if array == place}
        assert layer not in PLACES or paths & PLACES[layer], (layer, paths)
