"""What detectors are trained by, in Keras: the losses that PyTorch has of the same weights."""

from pathlib import Path
from typing import Any

import pytest
import zoo

import netwright
from netwright.weights import to_keras_model

numpy = pytest.importorskip("numpy")
keras = pytest.importorskip("keras")
pytest.importorskip("torchvision")
losses = pytest.importorskip("test_losses")
torch = losses.torch

NETS = {  # numbers of samples for which all are taken
    "one_step": ((4, 5), {}),
    "proposed": ((4, 1), {"number": 300}),
    "second_step": ((), {"number": 2000}),
}


def padded(shown: list[dict[str, Any]], number: int = 5) -> dict[str, Any]:
    """What images show, in Keras: as many for each image."""
    boxes = numpy.zeros((len(shown), number, 4), "float32")
    labels = numpy.full((len(shown), number), -1, "int32")
    for image, each in enumerate(shown):
        boxes[image, : len(each["labels"])] = each["boxes"]
        labels[image, : len(each["labels"])] = each["labels"]
    return {"boxes": boxes, "labels": labels}


def both(name: str, inputs: tuple[Any, ...], shown: list[dict[str, Any]], **given: Any) -> Any:
    """The losses in both frameworks, and Keras's model with its inputs."""
    (net,) = netwright.load(str(losses.CASES / f"{name}.net")).values()
    net = net(**given)
    torch.manual_seed(0)
    module = net.torch_module().train()
    model = net.keras_model()
    if net.params:
        to_keras_model(net, module.state_dict(), model)
    wanted = {key: float(value) for key, value in module(*inputs, shown).items()}
    arrays = [x.detach().numpy() for x in inputs]
    arrays = [numpy.moveaxis(x, 1, -1) if x.ndim == 4 else x for x in arrays]
    found = model.train_losses(arrays, padded(shown))
    return {key: float(value) for key, value in found.items()}, wanted, model, arrays


@pytest.mark.parametrize("name", NETS)
def test_both_frameworks_have_equal_losses(name: str) -> None:
    sizes, given = NETS[name]
    found, wanted, _, _ = both(name, losses.given(*sizes), losses.targets(), **given)
    assert found == pytest.approx(wanted, rel=1e-5)
    assert min(wanted.values()) > 0


@pytest.mark.parametrize("pull", [0, 0.01])
def test_cells_have_equal_losses(pull: float) -> None:
    inputs = torch.rand(2, 3, 128, 160), losses.cells()
    found, wanted, _, _ = both("in_cells", inputs, losses.in_cells(), pull=pull)
    assert found == pytest.approx(wanted, rel=1e-5)


def test_a_whole_detector_has_equal_losses_and_trains() -> None:
    images = torch.rand(2, 3, 90, 90, generator=torch.Generator().manual_seed(1))
    shown = losses.targets()[:2]
    shown[0]["labels"] = torch.tensor([2, 1, 2])
    found, wanted, model, (arrays,) = both("whole", (images,), shown)
    assert found == pytest.approx(wanted, rel=1e-4)
    assert list(wanted) == ["object", "place", "label", "side"]
    model.compile(keras.optimizers.SGD(0.01))
    history = model.fit(arrays, padded(shown), batch_size=2, epochs=8, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert {key: value.shape for key, value in model.predict(arrays, verbose=0).items()} == {
        "boxes": (2, 9, 4),
        "scores": (2, 9),
        "labels": (2, 9),
    }


def test_what_images_show_may_have_any_name() -> None:
    text = (losses.CASES / "one_step.net").read_text().replace("targets", "losses")
    model = netwright.loads(text)["OneStep"].keras_model()
    arrays = [x.detach().numpy() for x in losses.given(4, 5)]
    arrays[0] = numpy.moveaxis(arrays[0], 1, -1)
    assert len(model.train_losses(arrays, padded(losses.targets()))) == 2


def test_parts_stay_as_they_are_and_a_file_holds_the_detections(tmp_path: Path) -> None:
    (net,) = netwright.load(str(losses.CASES / "whole.net")).values()
    model = net.frozen("all but head").keras_model()
    assert len(model.trainable_weights) == 6
    images = numpy.random.default_rng(0).random((1, 90, 90, 3), "float32")
    shown = padded(losses.targets()[1:2])
    model.compile("sgd")
    before = [keras.ops.convert_to_numpy(weight).copy() for weight in model.non_trainable_weights]
    model.fit(images, shown, verbose=0)
    for weight, old in zip(model.non_trainable_weights, before, strict=True):
        assert (keras.ops.convert_to_numpy(weight) == old).all()
    model.save(tmp_path / "whole.keras")
    loaded = keras.models.load_model(tmp_path / "whole.keras")
    for key, value in model.predict(images, verbose=0).items():
        assert (loaded.predict(images, verbose=0)[key] == value).all()
    with pytest.raises(ValueError, match="no losses"):
        loaded.train_losses(images, shown)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SSD300_VGG16", "YOLOv2_Tiny"])
def test_whole_nets_have_equal_losses(name: str) -> None:
    spec = "ssd.net" if name.startswith("SSD") else "yolo.net"
    net = zoo.nets(spec)[name]
    torch.manual_seed(0)
    module = net.torch_module()
    images = torch.rand(3, 3, 64, 96, generator=torch.Generator().manual_seed(2))
    module.train()(images)  # statistics of norms that are not those of the start
    model = net.keras_model()
    to_keras_model(net, module.state_dict(), model)
    for layer in module.modules():  # those of a batch are not those of Keras
        layer.train(not isinstance(layer, torch.nn.BatchNorm2d))
    wanted = {key: float(value) for key, value in module(images, losses.targets()).items()}
    arrays = numpy.moveaxis(images.numpy(), 1, -1)
    found = model.train_losses(arrays, padded(losses.targets()), training=False)
    assert {key: float(value) for key, value in found.items()} == pytest.approx(wanted, rel=1e-4)


def test_samples_are_as_many_as_are_asked_for() -> None:
    text = (losses.CASES / "proposed.net").read_text()
    assert netwright.loads(text)["Proposed"].keras_model()
    sample = keras.saving.get_registered_object("Custom>Sample")(32, 0.5)
    labels = numpy.array([[1] * 10 + [0] * 90, [1] * 30 + [0] * 70, [-1] * 95 + [0] * 5], "int32")
    boxes = numpy.zeros((3, 100, 4), "float32")
    drawn = keras.ops.convert_to_numpy(
        sample({"boxes": boxes, "truth": boxes, "labels": labels})["labels"]
    )
    assert [(row == 1).sum() for row in drawn] == [10, 16, 0]
    assert [(row == 0).sum() for row in drawn] == [22, 16, 5]
    assert ((drawn == labels) | (drawn == -1)).all()


def test_fit_trains_by_the_losses() -> None:
    found, _, model, (images, boxes) = both("second_step", losses.given(), losses.targets())
    model.compile(keras.optimizers.SGD(0.01))
    shown = padded(losses.targets())
    before = model.get_weights()
    history = model.fit([images, boxes], shown, batch_size=3, epochs=8, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert history["loss"][0] == pytest.approx(sum(found.values()), rel=0.2)  # by chance
    assert all((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))
    assert model.evaluate([images, boxes], shown, verbose=0) < history["loss"][0]
    assert model.predict([images, boxes], verbose=0).shape == (3 * 120, 5)
