"""Whole detectors of the zoo in Keras: boxes, scores and labels of PyTorch with the same weights.

Random nets multiply what rounding does. In double precision nothing is left of that, so there it is
what the nets compute that is compared: the same detections in the same order.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import zoo

from netwright.api import Net
from netwright.weights import to_keras_model

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
detecting = pytest.importorskip("detecting")
keras = pytest.importorskip("keras")

pytestmark = pytest.mark.slow
NETS: dict[str, tuple[str, dict[str, Any]]] = {
    "SSD300_VGG16": ("ssd.net", {}),
    "FasterRCNN_ResNet50_FPN": ("rcnn.net", {}),
    "YOLOv2": ("yolo.net", {"size": 160, "score": 0.1}),
}
KEYS = ("labels", "scores", "boxes")


def net_of(name: str) -> Net:
    spec, arguments = NETS[name]
    return zoo.nets(spec)[name](**arguments)


@pytest.fixture
def doubles() -> Iterator[None]:
    """Double precision in both frameworks."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("Keras rounds doubles to singles there")
    set_precision("float64")
    yield
    set_precision("float32")


def set_precision(name: str) -> None:
    keras.config.set_floatx(name)
    keras.config.set_dtype_policy(name)
    torch.set_default_dtype(getattr(torch, name))


def same_constants(module: Any, model: Any) -> None:
    """Constants as Keras has them, which are in single precision whatever the rest is."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            mean, variance = (torch.tensor(numpy.ravel(x)) for x in (layer.mean, layer.variance))
            for name, value in (("mean", mean), ("std", variance.sqrt())):
                constant = getattr(module.normalize, name)
                constant.copy_(value.reshape(constant.shape))
    for layer in module.modules():
        if isinstance(layer, torch.nn.LeakyReLU):
            layer.negative_slope = float(numpy.float32(layer.negative_slope))


def both(name: str) -> tuple[Any, Any]:
    """A net in PyTorch and in Keras, with equal weights."""
    torch.manual_seed(0)
    net = net_of(name)
    module = net.torch_module()
    detecting.spread(module, torch.rand(1, 3, *detecting.SIZES[0]))
    model = net.keras_model()
    to_keras_model(net, module.state_dict(), model)
    same_constants(module, model)
    return module, model


def detections(module: Any, model: Any, size: tuple[int, int]) -> tuple[Any, Any]:
    """What both detect in an image; of Keras without what fills up."""
    image = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        (wanted,) = module(image)
    given = model(image.permute(0, 2, 3, 1).numpy(), training=False)
    found = {key: keras.ops.convert_to_numpy(value)[0] for key, value in given.items()}
    there = found["labels"] >= 0
    return (
        {key: value.numpy() for key, value in wanted.items()},
        {key: value[there] for key, value in found.items()},
    )


@pytest.mark.parametrize("name", NETS)
@pytest.mark.usefixtures("doubles")
def test_whole_detectors_give_the_same_in_the_same_order(name: str) -> None:
    module, model = both(name)
    for size in detecting.SIZES:
        wanted, found = detections(module, model, size)
        assert len(wanted["labels"]) >= 4
        assert found["labels"].tolist() == wanted["labels"].tolist()
        numpy.testing.assert_allclose(found["scores"], wanted["scores"], atol=1e-9)
        numpy.testing.assert_allclose(found["boxes"], wanted["boxes"], atol=1e-7)


@pytest.mark.parametrize("name", ["SSD300_VGG16", "YOLOv2"])
def test_rounding_moves_boxes_by_less_than_a_ten_thousandth_of_the_image(name: str) -> None:
    """Scores that differ by less may change places, so each box is looked for."""
    module, model = both(name)
    for size in detecting.SIZES:
        wanted, found = detections(module, model, size)
        assert len(found["labels"]) == len(wanted["labels"]) >= 4
        for label, score, box in zip(*(wanted[key] for key in KEYS), strict=True):
            near = (found["labels"] == label) & (abs(found["scores"] - score) < 1e-4)
            moved = abs(found["boxes"][near] - box).max(axis=1)
            assert moved.min() < 1e-4 * max(size)


@pytest.mark.parametrize("name", NETS)
def test_an_image_without_a_detection_has_none(name: str) -> None:
    module, model = both(name)
    for layer in model.layers:
        if type(layer).__name__ == "Detect":
            layer.score = 1.0
    found = detections(module, model, (90, 120))[1]
    assert found["boxes"].shape == (0, 4)
