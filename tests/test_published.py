"""Files as they were published: under names that modules lack today, with more than a net has.

Each is written here with the names that the real ones have; nothing is downloaded.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import zoo

import netwright
from netwright.api import Net
from netwright.cli import main
from netwright.weights import WeightsError, carry, to_keras_model, to_state_dict
from netwright.weights.published import published
from netwright.weights.state import fitted, folded
from netwright.weights.table import table

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
numpy = pytest.importorskip("numpy")


def zeros(net: Net) -> dict[str, Any]:
    """The weights of a net as arrays that take no room."""
    known = table(net.name, net.instance)
    nothing = numpy.float32(0)
    return {name: numpy.broadcast_to(nothing, known.sizes(name)) for name in known.weights}


def named(spec: str, name: str, **arguments: Any) -> Net:
    return zoo.nets(spec)[name](**arguments)


def assert_fits(net: Net, state: Mapping[str, Any]) -> Any:
    """Whether a file has all weights of a net, in their order and shapes."""
    known = table(net.name, net.instance)
    fit = fitted(state, known)
    assert list(fit.weights) == list(known.weights)
    assert all(fit.weights[name].shape == known.sizes(name) for name in known.weights)
    return fit


def test_torchvision_s_densenet_has_dots_and_no_counters() -> None:
    net = named("densenet.net", "DenseNet121")
    layer = re.compile(r"(denselayer\d+\.(?:norm|conv))")
    old = {
        layer.sub(r"\1.", name): array
        for name, array in zeros(net).items()
        if not name.endswith("num_batches_tracked")
    }
    assert "features.denseblock1.denselayer1.norm.1.running_mean" in old
    assert "features.denseblock4.denselayer16.conv.2.weight" in old
    fit = assert_fits(net, old)
    theirs = fit.names["features.denseblock1.denselayer1.norm1.weight"]
    assert theirs == "features.denseblock1.denselayer1.norm.1.weight"


@pytest.mark.parametrize(
    ("spec", "whole", "without", "parts"),
    [
        ("googlenet.net", "GoogLeNet", "GoogLeNet_NoAux", ["aux1", "aux2"]),
        ("inception.net", "InceptionV3", "InceptionV3_NoAux", ["AuxLogits"]),
        ("fcn.net", "FCN_ResNet50_Aux", "FCN_ResNet50", ["aux_classifier"]),
    ],
)
def test_a_net_may_do_without_the_heads_that_only_training_uses(
    spec: str, whole: str, without: str, parts: list[str]
) -> None:
    state = zeros(named(spec, whole))
    fit = assert_fits(named(spec, without), state)
    assert folded(fit.unused, state) == parts
    assert not assert_fits(named(spec, whole), state).unused


def test_timm_s_vgg_is_torchvision_s_and_the_other_way_round() -> None:
    vgg, timm = named("vgg.net", "VGG16"), named("vgg.net", "VGG16_Timm")
    fit = assert_fits(timm, zeros(vgg))
    assert fit.names["pre_logits.fc1.weight"] == "classifier.0.weight"
    assert fit.names["head.fc.bias"] == "classifier.6.bias"
    assert assert_fits(vgg, zeros(timm)).names["classifier.3.bias"] == "pre_logits.fc2.bias"


HEAD = """
net Headed(classes=5) {
    input image[3, 4, 4]
    conv: conv(4, 1x1)
    flatten
    classifier: linear(classes)
}

net Whole(classes=5) {
    input image[3, 4, 4]
    conv: conv(4, 1x1)
    head: { fc: conv(classes, 4x4) }
    flatten
}

net Model {
    input image[3, 4, 4]
    model: conv(4, 1x1)
}
"""


def headed() -> dict[str, Any]:
    draw = numpy.random.default_rng(0)
    return {name: draw.random(a.shape) for name, a in zeros(net_of("Headed")).items()}


def net_of(name: str, **arguments: Any) -> Net:
    return netwright.loads(HEAD)[name](**arguments)


@pytest.mark.parametrize("name", ["fc", "head", "head.fc", "last_linear", "classif"])
def test_the_last_layer_has_another_name_in_another_library(name: str) -> None:
    state = headed()
    other = {weight.replace("classifier", name): array for weight, array in state.items()}
    fit = assert_fits(net_of("Headed"), other)
    assert fit.weights["classifier.weight"] is other[f"{name}.weight"]


def test_a_convolution_over_the_whole_map_is_a_linear_layer() -> None:
    torch = pytest.importorskip("torch")
    state = headed()
    fit = assert_fits(net_of("Whole"), state)
    modules = [net_of("Headed").torch_module(), net_of("Whole").torch_module()]
    for module, arrays in zip(modules, (state, fit.weights), strict=True):
        module.load_state_dict({n: torch.from_numpy(a) for n, a in arrays.items()}, strict=True)
    x = torch.rand(2, 3, 4, 4)
    torch.testing.assert_close(modules[0](x), modules[1](x))
    assert_fits(net_of("Headed"), fit.weights)


def test_two_last_layers_are_not_guessed_at() -> None:
    state = headed()
    for name in ("fc", "head"):
        for kind in ("weight", "bias"):
            state[f"{name}.{kind}"] = state[f"classifier.{kind}"]
    del state["classifier.weight"], state["classifier.bias"]
    known = table("Headed", net_of("Headed").instance)
    with pytest.raises(WeightsError, match="2 missing, 4 without a place"):
        fitted(state, known)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "model.", "model._orig_mod.module."])
@pytest.mark.parametrize("wrapper", ["state_dict", "model", "model_state_dict", ""])
def test_what_training_puts_around_weights_is_taken_off(prefix: str, wrapper: str) -> None:
    state = {f"{prefix}{name}": array for name, array in headed().items()}
    assert_fits(net_of("Headed"), {"epoch": 3, wrapper: state} if wrapper else state)


def test_a_prefix_that_the_net_has_too_stays() -> None:
    net = net_of("Model")
    assert set(zeros(net)) == {"model.weight", "model.bias"}
    assert_fits(net, zeros(net))
    assert_fits(net, {f"module.{name}": array for name, array in zeros(net).items()})


def test_what_profilers_leave_is_no_weight() -> None:
    state = headed()
    state |= {"total_ops": numpy.zeros(1), "conv.total_params": numpy.zeros(1)}
    assert assert_fits(net_of("Headed"), state).unused == ("total_ops", "conv.total_params")


def test_what_is_of_no_kind_that_is_known_is_refused_and_may_be_left_out() -> None:
    state = {**headed(), "extra.weight": numpy.zeros(3), "extra.bias": numpy.zeros(3)}
    known = table("Headed", net_of("Headed").instance)
    with pytest.raises(WeightsError, match="2 without a place") as refused:
        fitted(state, known)
    assert refused.value.help == "`--except extra` leaves them out"
    assert list(fitted(state, known, ["extra"]).weights) == list(known.weights)


def test_a_weight_that_fits_is_never_renamed() -> None:
    spec = """
net Both {
    input image[3, 4, 4]
    norm: {
        "1": batch_norm
    }
    norm1: batch_norm
}
"""
    net = netwright.loads(spec)["Both"]
    assert not published(zeros(net), table(net.name, net.instance)).names


# Keras


@pytest.fixture
def keras() -> Any:
    return pytest.importorskip("keras")


SMALL = """
net Small(classes=5) {
    input image[3, 6, 6]
    conv1: conv(4, 3x3)
    bn1: batch_norm
    relu
    flatten
    predictions: linear(classes)
}
"""


def filled(net: Net, path: Path) -> dict[str, Any]:
    """The weights of the Keras model of a net, drawn and saved as Keras saves them."""
    draw = numpy.random.default_rng(1)
    state = {name: draw.random(a.shape, "float32") for name, a in zeros(net).items()}
    model = net.keras_model()
    to_keras_model(net, state, model)
    (model.save_weights if path.name.endswith(".weights.h5") else model.save)(path)
    return to_state_dict(net, model)


@pytest.mark.parametrize("ending", [".keras", ".weights.h5", ".h5"])
@pytest.mark.parametrize("target", [".pth", ".weights.h5"])
def test_another_number_of_classes_starts_from_a_file_of_keras(
    keras: Any, tmp_path: Path, ending: str, target: str
) -> None:
    torch = pytest.importorskip("torch")
    net, file = netwright.loads(SMALL)["Small"], tmp_path / f"a{ending}"
    state = filled(net, file)
    start, middle = net(classes=3), str(tmp_path / f"b{target}")
    with pytest.raises(WeightsError, match="other shapes in `predictions`") as refused:
        carry(start, str(file), middle)
    assert refused.value.help == "`--except predictions` leaves it out"
    carried = carry(start, str(file), middle, leave_out=["predictions"])
    assert folded(carried.left_out, state) == ["predictions"]
    if target == ".weights.h5":
        carry(start, middle, str(tmp_path / "b.pth"))
    found = torch.load(tmp_path / "b.pth")
    for name, array in state.items():
        if not name.startswith("predictions"):
            assert numpy.array_equal(found[name], array), name
    with pytest.raises(WeightsError, match="predictions"):
        carry(start, str(file), middle, leave_out=["conv1"])


@pytest.mark.parametrize("name", ["probs", "fc1000", "Logits"])
def test_an_older_file_of_keras_may_call_the_last_layer_otherwise(
    keras: Any, tmp_path: Path, name: str
) -> None:
    net, file = netwright.loads(SMALL)["Small"], tmp_path / "a.h5"
    other = netwright.loads(SMALL.replace("predictions:", f"{name}:"))["Small"]
    state = filled(other, file)
    carry(net, str(file), str(tmp_path / "b.pth"))
    torch = pytest.importorskip("torch")
    found = torch.load(tmp_path / "b.pth")
    assert numpy.array_equal(found["predictions.weight"], state[f"{name}.weight"])


def test_keras_1_numbered_layers_under_longer_names(keras: Any, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    torch = pytest.importorskip("torch")
    text = SMALL.replace("conv1: ", "").replace("bn1: ", "")
    net = netwright.loads(f"set keras(names=auto)\n{text}")["Small"]
    state, file = filled(net, tmp_path / "a.h5"), tmp_path / "a.h5"
    old = {"conv2d": "convolution2d_1", "batch_normalization": "batchnormalization_1"}
    with h5py.File(file, "r+") as root:
        held = root["model_weights"]
        names = [str(name) for name in held.attrs["layer_names"]]
        for name in names:
            stem = name.rstrip("0123456789").rstrip("_")
            if stem in old:
                held.move(name, old[stem])
        renamed = [old.get(name.rstrip("0123456789").rstrip("_"), name) for name in names]
        held.attrs["layer_names"] = renamed
    carry(net, str(file), str(tmp_path / "b.pth"))
    found = torch.load(tmp_path / "b.pth")
    assert all(numpy.array_equal(found[name], array) for name, array in state.items())


def test_the_command_says_what_was_loaded_and_what_was_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch = pytest.importorskip("torch")
    spec, source = tmp_path / "small.net", tmp_path / "a.pth"
    spec.write_text(HEAD, encoding="utf-8")
    state = {name.replace("classifier", "fc"): a for name, a in headed().items()}
    state["aux1.weight"] = numpy.zeros((3, 3))
    torch.save({name: torch.from_numpy(array) for name, array in state.items()}, source)
    command = ["weights", str(spec), "--net", "Headed", "--from", str(source)]
    command += ["--set", "classes=9", "--except", "classifier"]
    said = [
        "  loaded: conv (2 weights)",
        "  left out: classifier (2 weights)",
        "  in the file alone: aux1 (1 weight)",
        "  called otherwise in the file: `fc.weight` for `classifier.weight` (2 weights)",
    ]
    for end in (["--dry-run"], ["--to", str(tmp_path / "b.pth")]):
        assert main([*command, *end]) == 0
        assert capsys.readouterr().err.splitlines()[1:] == said
    assert list(torch.load(tmp_path / "b.pth")) == ["conv.weight", "conv.bias"]
