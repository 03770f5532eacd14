"""Detectors as programs for other machines: `torch.export` at any size, and ONNX.

torchvision's own detectors pass ONNX by tracing (`dynamo=False`), and `torch.export` in no way.
"""

import io
from pathlib import Path
from typing import Any

import pytest
import zoo

import netwright

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")

CASES = Path(__file__).parent / "cases" / "detectors"
SIZES = [(200, 260), (90, 333), (301, 64)]
WHOLE: dict[str, tuple[str, dict[str, Any]]] = {
    "SSD300_VGG16": ("ssd.net", {}),
    "YOLOv2": ("yolo.net", {"size": 160, "score": 0.02}),
    "FasterRCNN_ResNet50_FPN": ("rcnn.net", {}),
}


def spread(module: Any) -> Any:
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in module.parameters():
            weight.normal_(std=(2 / weight[0].numel()) ** 0.5 if weight.dim() > 1 else 0.3)
    return module.eval()


def small(name: str, score: float = 0.2) -> Any:
    text = (CASES / f"{name}.net").read_text().replace("score=0.2", f"score={score}")
    (net,) = netwright.loads(text).values()
    return spread(net.torch_module())


def whole(name: str) -> Any:
    spec, arguments = WHOLE[name]
    module = zoo.nets(spec)[name](**arguments).torch_module()
    with torch.no_grad():
        for key, weight in module.named_parameters():
            if "cls_" in key or "classification_head" in key:
                weight.mul_(3)
    return module.eval()


def exported(module: Any, *, any_size: bool) -> Any:
    axis = torch.export.Dim
    open_axes = {2: axis("height", min=64, max=1000), 3: axis("width", min=64, max=1000)}
    image = torch.rand(1, 3, *SIZES[0])
    shapes = (open_axes,) if any_size else None
    program = torch.export.export(module, (image,), dynamic_shapes=shapes, strict=False)
    return program.module()


def same(module: Any, program: Any, sizes: list[tuple[int, int]]) -> list[int]:
    """How many boxes there are in an image of each size, equal in both."""
    counts = []
    for size in sizes:
        image = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(2))
        with torch.no_grad():
            (wanted,), (found,) = module(image), program(image)
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-4)
        counts.append(len(wanted["labels"]))
    return counts


@pytest.mark.parametrize("score", [0.2, 1])
def test_a_detector_is_exported_for_images_of_any_size(score: float) -> None:
    module = small("small_ssd", score)
    counts = same(module, exported(module, any_size=True), SIZES)
    assert min(counts) >= 4 if score < 1 else counts == [0, 0, 0]


@pytest.mark.parametrize("name", ["small_rcnn", "small_yolo"])
def test_a_detector_is_exported_for_images_of_one_size(name: str) -> None:
    module = small(name)
    assert min(same(module, exported(module, any_size=False), SIZES[:1])) >= 4


@pytest.mark.parametrize("name", ["small_ssd", "small_rcnn", "small_yolo"])
def test_a_detector_is_traced_for_onnx(name: str) -> None:
    pytest.importorskip("onnx")
    file = io.BytesIO()
    torch.onnx.export(small(name), (torch.rand(1, 3, 64, 96),), file, dynamo=False)
    assert b"NonMaxSuppression" in file.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_whole_detectors_are_exported(name: str) -> None:
    module = whole(name)
    any_size = name != "FasterRCNN_ResNet50_FPN"  # which map a box takes depends on the size
    program = exported(module, any_size=any_size)
    assert same(module, program, SIZES if any_size else SIZES[:1])


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_whole_detectors_are_traced_for_onnx(name: str) -> None:
    pytest.importorskip("onnx")
    file = io.BytesIO()
    torch.onnx.export(whole(name), (torch.rand(1, 3, 96, 128),), file, dynamo=False)
    assert b"NonMaxSuppression" in file.getvalue()
