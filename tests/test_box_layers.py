"""Layers of detectors, as emitted, beside torchvision's own, at any size and for any boxes."""

from functools import cache
from typing import Any

import pytest
from box_layers import OFFICIAL, Given
from hypothesis import given, settings
from hypothesis import strategies as st

import netwright
from netwright.arguments import tensor_params
from netwright.flat import Flat
from netwright.ops.frame import tensors_of
from netwright.tensor import number
from netwright.testing.rows import of_keras, of_torch

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")

INPUTS = {
    "image": "image[3, H=64, W=96]",
    "a": "a[2, h=16, w=24]",
    "b": "b[2, u=8, v=12]",
    "boxes": "boxes[9, 4]",
    "boxes_of_each": "boxes_of_each[9, 3, 4]",
    "moves": "moves[9, 12]",
    "move": "move[9, 4]",
    "codes": "codes[8, h=16, w=24]",
    "logits": "logits[9, 1]",
    "scores": "scores[9, 3]",
}
BOTH = "sizes=[[8, 12], [24]], ratios=[0.5, 1, 2], frame=image"
LINES = {
    "anchors of a map": "anchors(a, [8, 16.5], [0.5, 1])",
    "anchors of two maps": f"anchors([a, b], {BOTH})",
    "anchors of some scales": f"anchors([a, b], {BOTH}, scales=[1, 1.26], centred=true)",
    "priors": "prior_boxes([a, b], [0.1, 0.3, 0.6], [[2], [2, 3]])",
    "priors by steps": "prior_boxes([a, b], [0.2, 0.9, 1.3], [2], steps=[4, 8], clip=true)",
    "decoded": "decode_boxes [ move, boxes ]",
    "decoded by weights": "decode_boxes([10, 10, 5, 5]) [ move, boxes ]",
    "decoded for each class": "decode_boxes([10, 5, 5, 2]) [ moves, boxes ]",
    "in cells": "codes -> cells(4) -> cell_boxes(a, [[1.5, 2], [0.6, 0.4]])",
    "proposals": "proposals(keep=5, nms=0.3) [ logits, boxes ]",
    "proposals of few": "proposals(keep=20, nms=0.9, pre=4, min_size=9.0) [ logits, boxes ]",
    "pooled": "roi_pool(3x2, scale=0.25) [ a, boxes ]",
    "aligned": "roi_align(3, samples=3, scale=0.25, aligned=true) [ a, boxes ]",
    "aligned on two maps": "roi_align(2x3) [ a, b, boxes ]",
    "warped": "warp(5x4) [ image, boxes ]",
    "warped with context": "warp(6, context=1) [ image, boxes ]",
    "a box a class": "decode_boxes([9, 9, 4, 4]) [ moves, boxes ]\n"
    "    detections(score=0.2, nms=0.4, keep=7, min_size=0.01) [ _, scores ]",
    "a box a class from outside": "detections(score=0.2, nms=0.4, keep=7, min_size=0.01)"
    " [ boxes_of_each, scores ]",
    "a box for all": "detections(score=0.1, nms=0.5, keep=6, pre=5) [ boxes, scores ]",
    "without background": "detections(score=0.3, nms=0.2, keep=9, background=false, min_size=8.0)"
    " [ boxes, scores ]",
    "all classes as one": "detections(score=0.1, nms=0.6, keep=9, per_class=false)"
    " [ boxes, scores ]",
}


@cache
def nets() -> netwright.Nets:
    texts = []
    for place, line in enumerate(LINES.values()):
        words = set("".join(c if c.isalnum() or c == "_" else " " for c in line).split())
        needs = words.intersection(INPUTS)
        needs |= {"image"} if "scale=" not in line else set()
        inputs = "".join(f"    input {row}\n" for name, row in INPUTS.items() if name in needs)
        texts.append(f"net N{place} {{\n{inputs}    {line}\n}}\n")
    return netwright.loads("\n".join(texts))


def net_of(line: str) -> netwright.Net:
    return nets()[f"N{list(LINES).index(line)}"]


@cache
def module_of(line: str) -> Any:
    return net_of(line).torch_module().eval()


def data(height: int, width: int, seed: int) -> dict[str, Any]:
    """Two images of some size, their maps, boxes inside of them, and what heads may say."""
    torch.manual_seed(seed)
    h, w = -(-height // 4), -(-width // 4)
    sides = torch.tensor([width, height])
    centre, half = torch.rand(2, 9, 2) * 0.4 + 0.3, torch.rand(2, 9, 2) * 0.1 + 0.05
    scores = torch.randn(2, 9, 3).mul(1.5).softmax(-1)
    boxes = torch.cat(((centre - half) * sides, (centre + half) * sides), dim=-1)
    return {
        "image": torch.rand(2, 3, height, width),
        "a": torch.randn(2, 2, h, w),
        "b": torch.randn(2, 2, -(-h // 2), -(-w // 2)),
        "boxes": boxes,
        "boxes_of_each": boxes[:, :, None] + torch.randn(2, 9, 3, 4),
        "moves": torch.randn(2, 9, 12),
        "move": torch.randn(2, 9, 4) * 2,
        "codes": torch.randn(2, 8, h, w),
        "logits": torch.randn(2, 9, 1),
        "scores": scores,
    }


def wanted(net: netwright.Net, inputs: list[Any]) -> Any:
    """What torchvision has of a net's layers."""
    instance, flat, known = net._net.instance, Flat(), {}
    results = {flat.number(place, known): value for place, value in enumerate(inputs)}
    for layer in flat.steps(instance.steps, known):
        op, values = layer.step.op, [results[value] for value in layer.step.inputs]
        named = {}
        for name in reversed(tensor_params(op)):
            count = len(tensors_of(op.argument(name)))
            named[name] = values[len(values) - count :]
            values = values[: len(values) - count]
        maps = named.get("maps") or named.get("map") or []
        frame = (named.get("frame") or [None])[0]
        results[layer.step.output] = OFFICIAL[op.name](op, Given(values, maps, frame))
    return results[known[instance.outputs[0].id]]


def compare(net: netwright.Net, found: Any, official: Any) -> None:
    tensor = net._net.instance.outputs[0].tensor
    right = of_torch(tensor, official, 2)
    assert tuple(found.shape) == tuple(right.shape)
    numpy.testing.assert_allclose(found, right, rtol=1e-4, atol=1e-4)


def given_to(net: netwright.Net, height: int, width: int, seed: int) -> list[Any]:
    values = data(height, width, seed)
    return [values[name] for name, _ in net._net.instance.inputs]


@pytest.mark.parametrize("line", LINES)
@settings(max_examples=12, deadline=None, derandomize=True)
@given(height=st.integers(33, 99), width=st.integers(33, 99), seed=st.integers(0, 999))
def test_a_layer_computes_what_torchvision_does(
    line: str, height: int, width: int, seed: int
) -> None:
    net = net_of(line)
    inputs = given_to(net, height, width, seed)
    found = module_of(line)(*inputs)
    compare(net, of_torch(net._net.instance.outputs[0].tensor, found, 2), wanted(net, inputs))


@pytest.mark.parametrize("line", LINES)
def test_a_layer_of_keras_computes_what_torchvision_does(line: str) -> None:
    keras = pytest.importorskip("keras")
    net = net_of(line)
    model = net.keras_model()
    for seed, sides in enumerate([(64, 96), (45, 38)]):
        inputs = given_to(net, *sides, seed)
        turned = [
            numpy.moveaxis(value.numpy(), 1, -1) if value.dim() == 4 else value.numpy()
            for value in inputs
        ]
        found = of_keras(model(turned if len(turned) > 1 else turned[0]))
        if net._net.instance.outputs[0].tensor.each is not None:
            found = numpy.moveaxis(found, -1, 1)
        compare(net, found, wanted(net, inputs))
    assert keras.Model.from_config(model.get_config()).count_params() == 0
    assert number(net.params) == 0
