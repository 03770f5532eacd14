"""`build --freeze`: what it names stays as it is in a step of training, and the rest moves."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import zoo

import netwright
from netwright.api import Net
from netwright.freeze import FreezeError, parse
from netwright.weights.table import table

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

TRICKY = """
block unit(width) {
    conv(width, 3x3, pad=1, bias=false) -> batch_norm -> relu
}

block twin(width) {
    unit(width)
    body: conv(width, 1x1)
}

net Tricky(classes=5) {
    input left[3, 6, 6]
    input right[3, 6, 6]
    shared tower = twin(4)
    add [ left -> tower, right -> tower ]
    conv(4, 1x1)
    conv_more: conv(4, 1x1) -> batch_norm(scale=false)
    token: add [ _, parameter([4, 6, 6], init=normal(std=1.0)) ]
    for i in range(2) {
        layer{i+1}: for j in range(2) {
            unit(6)
        }
    }
    layer10: batch_norm(scale=false, shift=false)
    flatten
    output side when training: linear(3)
    fc: linear(classes)
}
"""
CASES = [
    "all but fc",
    "all but fc side layer2",
    "conv",
    "conv_more layer1",
    "layer1",
    "layer10 layer2.0",
    "layer1 layer2 but layer1.1",
    "tower",
    "tower.body",
    "all but tower.body fc",
    "*.0.0",
    "token",
    "token tower but tower.body",
    "all but token",
    "all but layer10 fc",
]


STEPS = ["all but tower.body fc", "conv layer10 token"]


def tricky() -> Net:
    return netwright.loads(TRICKY)["Tricky"]


@pytest.fixture(scope="module")
def both() -> Any:
    pytest.importorskip("torch")
    pytest.importorskip("keras")
    return pytest.importorskip("pair")


def layer_of(weight: str) -> str:
    """The path of the layer that has a weight; a `parameter` is one itself."""
    return weight if weight == "token" else weight.rpartition(".")[0]


@pytest.mark.parametrize("parts", CASES)
def test_the_weights_that_are_named_do_not_train(both: Any, parts: str) -> None:
    from netwright.weights.models import named, variables_of

    freeze, net = parse(parts), tricky().frozen(parts)
    module, model = net.torch_module(), net.keras_model(training_outputs=True)
    named_parameters = dict(module.named_parameters())
    for name, weight in named_parameters.items():
        assert weight.requires_grad != freeze.holds(layer_of(name)), name
    for name, part in module.train().named_modules():
        assert part.training or (name.endswith(("1", "10")) and freeze.holds(name)), name
    known = table(net.name, net.instance)
    layers = named(known, model)
    for slot in known.slots:
        for variable in variables_of(slot, layers, known) or ():
            moves = variable.path.rpartition("/")[2] not in ("moving_mean", "moving_variance")
            assert variable.trainable == (moves and not freeze.holds(slot.path)), variable.path
            assert layers[slot.layer].trainable != freeze.holds(slot.path)
    trained = sum(w.numel() for w in named_parameters.values() if w.requires_grad)
    for source in (net.torch(), net.keras()):
        assert f"{trained:,} trainable parameters, {net.params:,} with the frozen" in spaced(source)


def spaced(text: str) -> str:
    """A text without its breaks."""
    return " ".join(text.split())


def assert_steps(both: Any, net: Net, parts: str) -> None:
    """What is frozen stays through a step in both frameworks, and all else moves in both."""
    from netwright.weights import to_state_dict

    freeze, pair = parse(parts), both.Pair(net.frozen(parts))
    before = state(pair.module), to_state_dict(pair.net, pair.model)
    pair.step(batch=3, rate=1.0)
    after = state(pair.module), to_state_dict(pair.net, pair.model)
    for old, new in zip(before, after, strict=True):
        assert old.keys() == before[0].keys()
        for name in old:
            counts = name.endswith("num_batches_tracked")
            if not counts or new is after[0]:  # Keras has none
                stays = freeze.holds(layer_of(name))
                assert both.numpy.array_equal(new[name], old[name]) == stays, name
    trained = sum(both.numpy.prod(w.shape) for w in pair.model.trainable_weights)
    assert f"{int(trained):,} trainable parameters" in spaced(pair.net.keras())


def state(module: Any) -> dict[str, Any]:
    """The weights of a module, copied."""
    return {name: weight.numpy().copy() for name, weight in module.state_dict().items()}


@pytest.mark.parametrize("parts", STEPS)
def test_a_step_moves_what_is_not_frozen(both: Any, parts: str) -> None:
    assert_steps(both, tricky(), parts)


ZOO = [
    ("resnet.net", "ResNet50", {"depths": [1, 1, 1, 1], "classes": 3}, "all but fc"),
    ("densenet_cifar.net", "DenseNetBC100_CIFAR", {"n": 2}, "features.denseblock1"),
    ("recurrent.net", "StackedLSTM", {"vocabulary": 50, "hidden": 16}, "all but {last}"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("spec", "name", "arguments", "parts"), ZOO)
def test_nets_of_the_zoo_start_for_another_task(
    both: Any, spec: str, name: str, arguments: dict[str, Any], parts: str
) -> None:
    net = zoo.nets(spec)[name](**arguments)
    assert_steps(both, net, parts.format(last=net.lines[-1].path))


@pytest.mark.parametrize(
    ("parts", "message", "help"),
    [
        ("layer3", "no part of Tricky with weights is `layer3`", "did you mean `layer1`?"),
        ("all but fcc", "no part of Tricky with weights is `fcc`", "did you mean `fc`?"),
        ("fc.weight", "`fc.weight` is one weight of a layer", "layers are frozen: `fc`"),
        ("relu", "no part of Tricky with weights is `relu`", "it is made of tower, conv,"),
        ("all but", "`all but` does not say what is frozen", "it may be `all`"),
        ("but fc", "`but fc` does not say what is frozen", "it may be `all`"),
        ("", "`` does not say what is frozen", "it may be `all`"),
        ("all fc", "`all fc` names parts beside `all`", "it may be `all`"),
    ],
)
def test_other_words_are_refused(parts: str, message: str, help: str) -> None:
    with pytest.raises(FreezeError) as refused:
        tricky().frozen(parts)
    assert str(refused.value) == message
    assert refused.value.help.startswith(help)


AUTO = """
set keras(names=auto)
block unit(width) { conv(width, 3x3, pad=1) -> batch_norm -> relu }
net Auto(classes=5) {
    input image[3, 6, 6]
    first: unit(4)
    second: unit(4)
    flatten
    fc: linear(classes)
}
"""


def test_what_trains_later_is_no_longer_still(both: Any) -> None:
    module = netwright.loads(AUTO)["Auto"].frozen("first").torch_module()
    norm = module.get_submodule("first.1")
    assert module.training and not norm.training
    norm.requires_grad_(True)
    assert module.train() is module and norm.training
    assert not module.eval().training and not norm.training


def test_keras_cannot_tell_layers_apart_that_it_names_itself() -> None:
    net = netwright.loads(AUTO)["Auto"]
    assert 'layer.name != "fc"' in net.frozen("all but fc").keras()
    assert "model.trainable = False" in net.frozen("all").keras()
    assert 'name.startswith("first.")' in net.frozen("first").torch()
    with pytest.raises(FreezeError, match="Keras chooses the name of `first"):
        net.frozen("first").keras()


SHADOWED = """
block frozen(width) { conv(width, 1x1) }
net Net(module=4, parameter=3) {
    input image[3, 6, 6]
    body: frozen(module)
    frozen_: conv(parameter, 1x1)
}
"""


def test_names_of_the_spec_do_not_get_in_the_way(both: Any) -> None:
    net = netwright.loads(SHADOWED)["Net"].frozen("all but frozen_")
    module, model = net.torch_module(parameter=2), net.keras_model()
    assert [n for n, w in module.named_parameters() if w.requires_grad] == [
        "frozen_.weight",
        "frozen_.bias",
    ]
    assert [w.path for w in model.trainable_weights] == ["frozen_/kernel", "frozen_/bias"]


def test_the_command_says_how_much_trains(
    run: Callable[..., SimpleNamespace], spec: Callable[..., str]
) -> None:
    name = spec(TRICKY, "tricky.net")
    done = run("build", name, "--freeze", "all but fc", "--freeze", "side")
    assert done.code == 0, done.err
    assert "tricky.net: of Tricky train 1,736 of 3,296 params" in done.err
    code = Path("tricky_torch.py").read_text(encoding="utf-8")
    assert "--target torch --freeze 'all but fc side'" in spaced(code)
    assert run("build", name, "--freeze", "all but fc side", "--check").code == 0
    assert run("build", name, "--check").code == 1


def test_the_command_refuses_what_it_does_not_know(
    run: Callable[..., SimpleNamespace], spec: Callable[..., str]
) -> None:
    done = run("build", spec(TRICKY, "tricky.net"), "--freeze", "layer3")
    assert done.code == 2
    assert "no part of Tricky with weights is `layer3`" in done.err
    assert "did you mean" in done.err
    assert not list(Path().glob("*.py"))
