"""Detectors in Keras: the boxes, scores and labels that PyTorch has of the same weights."""

import re
from pathlib import Path
from typing import Any

import pytest

import netwright
from netwright.api import Net
from netwright.weights import to_keras_model

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
pytest.importorskip("torchvision")

CASES = Path(__file__).parent / "cases" / "detectors"
Array = Any


def last_of(spec: Path) -> Net:
    nets = netwright.load(str(spec))
    return nets[list(nets)[-1]]


class Both:
    """A net in PyTorch and in Keras with equal weights, whose scores are far apart."""

    def __init__(self, net: Net) -> None:
        torch.manual_seed(1)
        self.module = net.torch_module().eval()
        with torch.no_grad():
            for weight in self.module.parameters():
                weight.normal_(std=(2 / weight[0].numel()) ** 0.5 if weight.dim() > 1 else 0.3)
        self.model = net.keras_model()
        to_keras_model(net, self.module.state_dict(), self.model)

    def outputs(self, *inputs: Array) -> tuple[Any, Any]:
        """What each gives of images, channels first, and boxes."""
        with torch.inference_mode():
            found = self.module(*map(torch.from_numpy, inputs))
        turned = [numpy.moveaxis(x, 1, -1) if x.ndim == 4 else x for x in inputs]
        return found, self.model(turned if len(turned) > 1 else turned[0], training=False)


def images(*sizes: int) -> Array:
    return numpy.random.default_rng(3).random((2, 3, *sizes), dtype="float32")


def same_detections(wanted: list[dict[str, Any]], given: dict[str, Any]) -> int:
    """How many boxes both detected; refuses others, another order, and what fills up a row."""
    found = {key: keras.ops.convert_to_numpy(value) for key, value in given.items()}
    for place, image in enumerate(wanted):
        there = found["labels"][place] >= 0
        number = len(image["labels"])
        assert there.tolist() == [True] * number + [False] * (len(there) - number)
        assert found["labels"][place][there].tolist() == image["labels"].tolist()
        for key in ("scores", "boxes"):
            numpy.testing.assert_allclose(found[key][place][there], image[key], atol=1e-4)
            assert not found[key][place][~there].any()
    return sum(len(image["labels"]) for image in wanted)


@pytest.mark.parametrize("name", ["small_ssd", "small_rcnn", "small_yolo"])
def test_both_frameworks_detect_the_same(name: str) -> None:
    both = Both(last_of(CASES / f"{name}.net"))
    for sizes in ((50, 70), (64, 64), (47, 33)):
        assert same_detections(*both.outputs(images(*sizes))) >= 12


@pytest.mark.parametrize("name", ["small_ssd", "small_rcnn", "small_yolo"])
def test_where_little_or_nothing_is_detected_both_say_so(name: str) -> None:
    text = re.sub(r"score=0.\d", "score=LEAST", (CASES / f"{name}.net").read_text())
    counts = []
    for least in (0.6, 1):
        (net,) = netwright.loads(text.replace("LEAST", str(least))).values()
        counts.append(same_detections(*Both(net).outputs(images(50, 70))))
    assert counts[0] > counts[1] == 0


@pytest.mark.parametrize("name", ["small_ssd", "small_rcnn"])
def test_detect_gives_what_is_in_one_picture(name: str) -> None:
    both = Both(last_of(CASES / f"{name}.net"))
    picture = numpy.random.default_rng(4).integers(0, 256, (57, 83, 3), dtype="uint8")
    wanted = both.module.detect(torch.from_numpy(picture).permute(2, 0, 1))
    for given in (picture, picture / 255):
        found = both.model.detect(given)
        assert found["labels"].tolist() == wanted["labels"].tolist()
        assert len(found["labels"]) >= 4
        for key in ("scores", "boxes"):
            numpy.testing.assert_allclose(found[key], wanted[key], atol=1e-4)


def corners(sizes: tuple[int, int], number: int = 7) -> Array:
    """Boxes of two images: inside, over the edges, outside, of one point, of no size."""
    draw = numpy.random.default_rng(5)
    centres = draw.uniform(-0.2, 1.2, (2, number, 2)) * sizes[::-1]
    halves = draw.uniform(1, 30, (2, number, 2))
    boxes = numpy.concatenate((centres - halves, centres + halves), axis=2)
    boxes[0, :3] = [[3, 4, 3, 4], [2, 6, 10, 30.5], [-90, -80, -60, -50]]
    return boxes.astype("float32")


@pytest.mark.parametrize("output", ["pooled", "aligned", "warped"])
def test_features_of_regions_are_the_same(output: str) -> None:
    text = (CASES / "pooled.net").read_text().replace("OUTPUT", output)
    both = Both(netwright.loads(text)["Pooled"])
    for sizes in ((40, 56), (61, 33)):
        wanted, found = both.outputs(images(*sizes), corners(sizes))
        found = numpy.moveaxis(keras.ops.convert_to_numpy(found), -1, 1)
        assert found.shape == wanted.shape == (14, *found.shape[1:])
        numpy.testing.assert_allclose(found, wanted, atol=2e-5)


@pytest.mark.parametrize("how", ["size=[30, 37]", "shorter=51, longer=90"])
def test_pictures_are_resized_alike_to_the_last_bits(how: str) -> None:
    """Places that are rounded otherwise differ by 1e-5, which heads of a net multiply."""
    text = f"net Probe {{\n    input image[3, H=240, W=417]\n    resize({how})\n}}\n"
    both = Both(netwright.loads(text)["Probe"])
    for sizes in ((240, 417), (333, 125)):
        wanted, found = both.outputs(images(*sizes))
        found = numpy.moveaxis(keras.ops.convert_to_numpy(found), -1, 1)
        numpy.testing.assert_allclose(found, wanted, atol=4e-7)


def gradient(model: Any, image: Array, place: int) -> tuple[float, Array]:
    """The score of one box in an image, and how it grows with the image."""
    if keras.backend.backend() == "torch":
        pixels = torch.tensor(image, requires_grad=True)
        score = model(pixels, training=False)["scores"][0, place]
        score.backward()
        return float(score), pixels.grad.numpy()
    tf = pytest.importorskip("tensorflow")
    with tf.GradientTape() as tape:
        pixels = tf.Variable(image)
        score = model(pixels, training=False)["scores"][0, place]
    return float(score), numpy.array(tape.gradient(score, pixels))


@pytest.mark.parametrize("name", ["small_ssd", "small_rcnn", "small_yolo"])
def test_the_score_of_a_box_grows_with_the_image_alike(name: str) -> None:
    if keras.backend.backend() not in ("tensorflow", "torch"):
        pytest.skip("one way to gradients a backend")
    both = Both(last_of(CASES / f"{name}.net"))
    image = images(50, 70)[:1]
    for place in (0, 2):
        pixels = torch.tensor(image, requires_grad=True)
        score = both.module(pixels)[0]["scores"][place]
        score.backward()
        found, grown = gradient(both.model, numpy.moveaxis(image, 1, -1), place)
        assert found == pytest.approx(float(score), abs=1e-5)
        wanted = numpy.moveaxis(pixels.grad.numpy(), 1, -1)
        assert abs(wanted).max() > 1e-4
        numpy.testing.assert_allclose(grown, wanted, atol=1e-5 * abs(wanted).max() + 1e-7)
