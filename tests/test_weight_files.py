"""Files of weights: every format carries every weight, and what does not fit is told by name."""

import os
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
from netwright.weights.state import fitted
from netwright.weights.table import table

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
pytest.importorskip("safetensors")

SPEC = """
block unit(width) {
    conv: conv(width, 3x3, pad=1, bias=false)
    bn: batch_norm
    relu
}

net Small(classes=5) {
    input image[3, 6, 8]
    stem: unit(4)
    body: for i in range(2) {
        unit(4)
    }
    output aux when training: flatten -> linear(classes)
    flatten
    hidden: linear(7)
    relu
    head: linear(classes)
}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "small.net"
    file.write_text(SPEC, encoding="utf-8")
    return file


@pytest.fixture
def net(spec: Path) -> Net:
    return netwright.load(spec)["Small"]


def weights(net: Net, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """Random weights of a net by name, without those that begin in some way."""
    draw = numpy.random.default_rng(0)
    known = table(net.name, net.instance)
    arrays = {
        name: draw.random(known.sizes(name), dtype="float32") if weight.counted else numpy.array(0)
        for name, weight in known.weights.items()
    }
    return {name: array for name, array in arrays.items() if not name.startswith(skip)}


def save(path: Path, arrays: Mapping[str, Any]) -> str:
    """A file of PyTorch with these weights."""
    torch.save({name: torch.from_numpy(array) for name, array in arrays.items()}, path)
    return str(path)


def load(path: Path) -> dict[str, Any]:
    return {name: tensor.numpy() for name, tensor in torch.load(path).items()}


def assert_equal(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    assert list(found) == list(wanted)
    for name, array in wanted.items():
        assert numpy.array_equal(found[name], array), name


@pytest.mark.parametrize("ending", [".pt", ".safetensors", ".weights"])
def test_files_carry_all(net: Net, tmp_path: Path, ending: str) -> None:
    source = save(tmp_path / "a.pth", weights(net))
    carried = carry(net, source, str(tmp_path / f"b{ending}"))
    carry(net, str(tmp_path / f"b{ending}"), str(tmp_path / "c.pth"))
    assert_equal(load(tmp_path / "c.pth"), weights(net))
    assert carried.scalars == net.total_params
    assert not carried.left_out and not carried.homeless


@pytest.mark.parametrize("ending", [".keras", ".weights.h5", ".h5"])
def test_keras_files_carry_all_but_what_only_training_uses(
    net: Net, tmp_path: Path, ending: str
) -> None:
    source, middle = save(tmp_path / "a.pth", weights(net)), str(tmp_path / f"b{ending}")
    carried = carry(net, source, middle)
    assert carried.homeless == ("aux.1.weight", "aux.1.bias")
    with pytest.raises(WeightsError, match="2 missing") as raised:
        carry(net, middle, str(tmp_path / "c.pth"))
    assert raised.value.help == "only training uses them: `--except aux` leaves them out"
    carry(net, middle, str(tmp_path / "c.pth"), leave_out=["aux"])
    assert_equal(load(tmp_path / "c.pth"), weights(net, skip=("aux",)))


@pytest.mark.parametrize("ending", [".keras", ".weights.h5", ".h5"])
def test_keras_files_of_models_with_all_outputs_are_read(
    net: Net, tmp_path: Path, ending: str
) -> None:
    model = net.keras_model(training_outputs=True)
    to_keras_model(net, weights(net), model)
    file = str(tmp_path / f"all{ending}")
    (model.save_weights if ending == ".weights.h5" else model.save)(file)
    carry(net, file, str(tmp_path / "all.pth"))
    assert_equal(load(tmp_path / "all.pth"), weights(net))


def test_emitted_models_load_the_files_by_themselves(net: Net, tmp_path: Path) -> None:
    source = save(tmp_path / "a.pth", weights(net))
    for ending in (".keras", ".weights.h5", ".h5"):
        carry(net, source, str(tmp_path / f"b{ending}"))
    models = [net.keras_model() for _ in range(2)]
    models[0].load_weights(tmp_path / "b.weights.h5")
    models[1].load_weights(tmp_path / "b.h5")
    models.append(keras.saving.load_model(tmp_path / "b.keras"))
    module = net.torch_module().eval()
    module.load_state_dict(torch.load(source))
    x = torch.randn(2, 3, 6, 8)
    with torch.inference_mode():
        wanted = module(x).numpy()
    for model in models:
        found = keras.ops.convert_to_numpy(model(x.permute(0, 2, 3, 1).numpy()))
        assert numpy.allclose(found, wanted, rtol=1e-4, atol=1e-5)


def test_checkpoints_of_training_and_wrapped_modules_are_unwrapped(net: Net) -> None:
    arrays, known = weights(net), table(net.name, net.instance)
    parallel = {f"module.{name}": array for name, array in arrays.items()}
    assert_equal(fitted({"epoch": 3, "state_dict": parallel}, known).weights, arrays)


def test_counters_that_old_files_lack_start_at_zero(net: Net) -> None:
    arrays = weights(net)
    old = {name: a for name, a in arrays.items() if not name.endswith("tracked")}
    assert_equal(fitted(old, table(net.name, net.instance)).weights, arrays)


def test_old_names_of_densenet_are_known() -> None:
    net = zoo.nets("densenet.net")["DenseNet121"]
    known = table(net.name, net.instance)
    old = {
        name.replace("norm1", "norm.1").replace("conv2", "conv.2"): numpy.zeros(known.sizes(name))
        for name in known.weights
    }
    assert set(published(old, known).weights) == set(known.weights)


def test_misfits_are_told_by_name_with_what_may_be_meant(net: Net, tmp_path: Path) -> None:
    arrays = weights(net)
    arrays["heads.weight"] = arrays.pop("head.weight")
    arrays["stem.conv.weight"] = arrays["stem.conv.weight"][:, :1]
    with pytest.raises(WeightsError) as raised:
        carry(net, save(tmp_path / "a.pth", arrays), str(tmp_path / "b.safetensors"))
    said = raised.value.message
    assert "do not fit Small: 1 missing, 1 without a place, 1 of other sizes" in said
    assert "`head.weight` [5, 7]" in said
    assert "`heads.weight` (`head.weight`?)" in said
    assert "`stem.conv.weight` is [4, 1, 3, 3], not [4, 3, 3, 3]" in said
    assert not (tmp_path / "b.safetensors").exists()


def test_another_number_of_classes_starts_from_all_but_the_head(
    spec: Path, net: Net, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = save(tmp_path / "a.pth", weights(net)), tmp_path / "b.pth"
    command = ["weights", str(spec), "--from", source, "--to", str(target)]
    command += ["--set", "classes=9"]
    assert main(command) == 1
    assert "`head.weight` is [5, 7], not [9, 7]" in capsys.readouterr().err
    assert not target.exists()
    assert main([*command, "--except", "head", "--except", "aux.*"]) == 0
    said = capsys.readouterr().err
    assert "  left out: aux, head (4 weights)\n" in said
    assert "  loaded: stem, body, hidden (20 weights)\n" in said
    assert_equal(load(target), weights(net, skip=("aux", "head")))


def test_weights_that_are_left_out_start_anew_in_keras(net: Net, tmp_path: Path) -> None:
    source, middle = save(tmp_path / "a.pth", weights(net)), str(tmp_path / "b.weights.h5")
    carry(net, source, middle, leave_out=["head.weight"])
    carry(net, middle, str(tmp_path / "c.pth"), leave_out=["aux"])
    found = load(tmp_path / "c.pth")
    assert numpy.array_equal(found["head.bias"], weights(net)["head.bias"])
    assert not numpy.array_equal(found["head.weight"], weights(net)["head.weight"])


def test_a_pattern_that_means_nothing_is_refused(net: Net, tmp_path: Path) -> None:
    source = save(tmp_path / "a.pth", weights(net))
    with pytest.raises(WeightsError, match="no weight of Small is `haed`") as raised:
        carry(net, source, str(tmp_path / "b.pth"), leave_out=["haed"])
    assert raised.value.help == "did you mean `head`?"


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("a.pth", "b.onnx", "no format has the ending of `b.onnx`"),
        ("none.weights", "b.pth", "no such file"),
        ("none.pth", "b.pth", "no such file"),
        ("none.keras", "b.pth", "no such file"),
        ("broken.pth", "b.pth", "cannot read `broken.pth`"),
        ("broken.safetensors", "b.pth", "cannot read `broken.safetensors`"),
        ("broken.weights.h5", "b.pth", "broken.weights.h5`"),
        ("broken.h5", "b.pth", "cannot read `broken.h5`"),
        ("a.pth", "folder.pth", "cannot write `folder.pth`"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    spec: Path, net: Net, tmp_path: Path, capsys: Any, source: str, target: str, words: str
) -> None:
    save(tmp_path / "a.pth", weights(net))
    for name in ("broken.pth", "broken.safetensors", "broken.weights.h5", "broken.h5"):
        (tmp_path / name).write_bytes(b"no weights")
    (tmp_path / "folder.pth").mkdir()
    before = sorted(tmp_path.iterdir())
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        assert main(["weights", str(spec), "--from", source, "--to", target]) == 1
    finally:
        os.chdir(here)
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert sorted(tmp_path.iterdir()) == before


def test_a_failed_write_leaves_the_old_file(
    net: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = save(tmp_path / "a.pth", weights(net)), tmp_path / "b.safetensors"
    target.write_bytes(b"old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safetensors.numpy.save_file", full)
    with pytest.raises(WeightsError, match="no space left"):
        carry(net, source, str(target))
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.pth",
        "b.safetensors",
        "small.net",
    ]


AUTO = """
set keras(names=auto)

net Auto {
    input image[3, 9, 9]
    concat [
        conv(4, 3x3, pad=1) -> batch_norm(scale=false) -> relu
        conv(5, 1x1) -> conv(4, 3x3, pad=1)
    ]
    flatten
    linear(4) -> relu -> linear(4)
}
"""


def test_layers_that_keras_named_are_found_by_the_order_they_were_made_in() -> None:
    layers = keras.layers
    image = keras.Input((9, 9, 3))
    x = layers.Conv2D(4, 3, padding="same")(image)
    x = layers.ReLU()(layers.BatchNormalization(scale=False, epsilon=1e-5)(x))
    y = layers.Conv2D(5, 1)(image)
    y = layers.Conv2D(4, 3, padding="same")(y)
    x = layers.Flatten()(layers.Concatenate()([x, y]))
    x = layers.Dense(4, activation="relu")(x)
    model = keras.Model(image, layers.Dense(4)(x))
    net = netwright.loads(AUTO)["Auto"]
    to_keras_model(net, weights(net), model)
    module = net.torch_module().eval()
    module.load_state_dict({n: torch.from_numpy(a) for n, a in weights(net).items()})
    x = torch.randn(2, 3, 9, 9)
    with torch.inference_mode():
        wanted = module(x).numpy()
    found = keras.ops.convert_to_numpy(model(x.permute(0, 2, 3, 1).numpy()))
    assert numpy.allclose(found, wanted, rtol=1e-4)


def test_an_older_file_may_number_the_layers_that_keras_named_otherwise(tmp_path: Path) -> None:
    net = netwright.loads(AUTO)["Auto"]
    source, older = save(tmp_path / "a.pth", weights(net)), str(tmp_path / "a.h5")
    carry(net, source, older)
    net.keras_model()  # Keras counts on
    carry(net, older, str(tmp_path / "b.pth"))
    found = torch.load(tmp_path / "b.pth")
    assert all(numpy.array_equal(found[name], array) for name, array in weights(net).items())


def test_a_gru_with_one_bias_refuses_two_that_do_not_add_up() -> None:
    net = netwright.loads(
        "net Memory {\n    input sequence[T=5, 3]\n    gru: gru(4, biases=1)\n}\n"
    )["Memory"]
    model = net.keras_model()
    model.get_layer("gru").weights[2].assign(numpy.ones((2, 12)))
    with pytest.raises(WeightsError, match="`gru`: a GRU with one bias"):
        to_state_dict(net, model)


def test_a_dry_run_prints_both_names_of_each_weight(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["weights", str(spec), "--dry-run"]) == 0
    rows = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    rows = [[cell.strip() for cell in row if cell] for row in rows]
    assert rows[0] == ["PyTorch", "shape", "Keras", "shape"]
    assert ["stem.conv.weight", "[4, 3, 3, 3]", "stem_conv/kernel", "[3, 3, 3, 4]"] in rows
    assert ["body.1.bn.running_var", "[4]", "body_1_bn/moving_variance", "[4]"] in rows
    assert ["hidden.weight", "[7, 192]", "hidden/kernel", "[192, 7]"] in rows
    assert len(rows) == 1 + len(weights(netwright.load(spec)["Small"]))


def test_what_a_dry_run_prints_is_what_keras_has() -> None:
    from netwright.weights.listing import listing
    from netwright.weights.models import layers_of

    net = zoo.nets("mobilenet.net")["MobileNet_V2"]
    layers = layers_of(net.keras_model())
    lines = listing(table(net.name, net.instance)).splitlines()[1:]
    found = [line.split("  ") for line in lines]
    shown = {tuple(cell.strip() for cell in row if cell)[2:] for row in found}
    for layer in layers.values():
        for weight in layer.weights:
            assert (f"{layer.name}/{weight.name}", str(list(weight.shape))) in shown
