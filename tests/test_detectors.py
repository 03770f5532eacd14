"""Detectors of the zoo: counts of the papers; names, shapes and detections of torchvision."""

from pathlib import Path
from typing import Any

import pytest
import zoo

import netwright

torch = pytest.importorskip("torch")
detecting = pytest.importorskip("detecting")


@pytest.mark.parametrize("row", detecting.DETECTORS, ids=lambda row: row.net)
def test_modules_have_the_weights_of_the_check(row: zoo.Row) -> None:
    net = zoo.net(row)
    with torch.device("meta"):
        module = net.torch_module()
    shapes = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    assert list(shapes.items()) == list(zoo.weights(net).items())


def same_detections(row: zoo.Row, images: list[Any]) -> tuple[int, float]:
    """The fewest boxes that there are in an image, all of them torchvision's, and how far apart
    boxes are at most, of the side of an image."""
    model = detecting.spread(detecting.official(row), [images[0]])
    module = zoo.net(row).torch_module().eval()
    module.load_state_dict(model.state_dict(), strict=True)
    counts, apart = [], 0.0
    for image in images:
        with torch.inference_mode():
            (wanted,), (found,) = model([image]), module(image[None])
        assert found["labels"].tolist() == wanted["labels"].tolist()
        torch.testing.assert_close(found["boxes"], wanted["boxes"], rtol=0, atol=1e-4)
        torch.testing.assert_close(found["scores"], wanted["scores"], rtol=0, atol=1e-6)
        counts.append(len(wanted["boxes"]))
        off = (found["boxes"] - wanted["boxes"]).abs().max()
        apart = max(apart, float(off) / max(image.shape))
    return min(counts), apart


def test_ssd_detects_what_torchvision_does() -> None:
    count, _ = same_detections(
        detecting.OFFICIAL["SSD300_VGG16"], detecting.random_images(detecting.SIZES[1:2])
    )
    assert count > 100


@pytest.mark.slow
@pytest.mark.proves("official")
@pytest.mark.parametrize("row", detecting.OFFICIAL.values(), ids=lambda row: row.net)
def test_detections_are_those_of_torchvision_at_any_size(
    row: zoo.Row, record_property: Any
) -> None:
    count, apart = same_detections(row, detecting.random_images(detecting.SIZES))
    record_property("official", apart)
    assert count > 10


@pytest.mark.slow
def test_an_image_without_a_detection_has_none() -> None:
    spec, name = "rcnn.net", "FasterRCNN_ResNet50_FPN"
    module = zoo.nets(spec)[name].torch_module().eval()
    with torch.no_grad():
        module.get_submodule("roi_heads.box_predictor.cls_score").bias[0] = 50
        (found,) = module(torch.rand(1, 3, 90, 120))
    assert {key: tuple(value.shape) for key, value in found.items()} == {
        "boxes": (0, 4),
        "scores": (0,),
        "labels": (0,),
    }


CASES = Path(__file__).parent / "cases" / "detectors"


def spread_weights(module: Any) -> Any:
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in module.parameters():
            weight.normal_(std=(2 / weight[0].numel()) ** 0.5 if weight.dim() > 1 else 0.3)
    return module


@pytest.mark.parametrize("name", ["small_ssd", "small_rcnn", "small_yolo"])
def test_detect_gives_what_is_in_one_picture(name: str) -> None:
    (net,) = netwright.load(CASES / f"{name}.net").values()
    module = spread_weights(net.torch_module()).train()
    first = next(module.children()).eval()
    image = torch.randint(0, 256, (3, 57, 83), dtype=torch.uint8)
    found = module.detect(image)
    assert module.training and not first.training
    assert not any(value.requires_grad for value in found.values())
    with torch.inference_mode():
        (wanted,) = module.eval()(image[None] / 255)
    assert len(found["labels"]) >= 4
    torch.testing.assert_close(found, wanted, rtol=0, atol=0)
    torch.testing.assert_close(module.detect(image / 255), wanted, rtol=0, atol=0)


def test_the_mode_comes_back_after_an_error() -> None:
    (net,) = netwright.load(CASES / "small_ssd.net").values()
    module = net.torch_module()
    with pytest.raises(RuntimeError, match="size of tensor"):
        module.detect(torch.rand(5, 16, 16))
    assert all(part.training for part in module.modules())


REGIONS = """net Regions {
    input image[3, H=40, W=56]
    input regions[N=7, 4]
    warp(8) [ image, regions ]
    flatten
    linear(3)
    detections(score=0, nms=0.5, keep=5, background=false) [ regions, _ ]
}
"""


def test_a_net_that_is_given_regions_detects_in_them() -> None:
    module = spread_weights(netwright.loads(REGIONS)["Regions"].torch_module()).eval()
    image, corners = torch.rand(3, 41, 50), torch.tensor([[2.0, 3, 20, 30], [8, 8, 40, 39]])
    found = module.detect(image, corners)
    torch.testing.assert_close(found, module(image[None], corners[None])[0])
    assert len(found["labels"])


def test_a_classifier_has_no_detect() -> None:
    assert "def detect" not in netwright.loads(lines("flatten -> linear(3)"))["Probe"].torch()


def lines(body: str) -> str:
    return f"net Probe {{\n    input image[3, 64, 64]\n    {body}\n}}\n"


WRONG: dict[str, tuple[str, str]] = {
    "rows": ("conv(8, 1x1) -> cells(3)", "rows of 3 do not divide the 8 channels"),
    "boxes": (
        "conv(4, 3x3) -> cells(4)\n    let moves = _\n    anchors(image, [8])\n"
        "    decode_boxes [ moves, _ ]",
        "one row a box",
    ),
    "ratios": ("anchors([image, image], [8], [[1], [1], [1]])", "3 entries for 2 maps"),
    "scales": ("prior_boxes(image, [0.1], [[2]])", "has 1 entries for 1 map"),
    "mixed": (
        "anchors(image, [8])\n    let boxes = _\n    roi_pool(2) [ image, boxes ]\n"
        "    concat [ _, image -> conv(3, 63x63) ]",
        "all of the same boxes",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused(name: str) -> None:
    body, words = WRONG[name]
    with pytest.raises(netwright.SpecError, match=words):
        netwright.loads(lines(body))


def test_what_follows_a_region_works_on_each() -> None:
    text = lines(
        "anchors(image, [8], [1])\n    let boxes = _\n"
        "    roi_align(7) [ image, boxes ]\n    flatten -> linear(10)"
    )
    net = netwright.loads(text)["Probe"]
    assert net.macs == 64 * 64 * 147 * 10
    found = net.torch_module()(torch.rand(2, 3, 64, 64))
    assert found.shape == (2 * 64 * 64, 10)
