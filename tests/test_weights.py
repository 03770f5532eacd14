"""Weights carried between frameworks: the same functions, the same steps, on both backends."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zoo

from netwright.api import Net

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
pairs = pytest.importorskip("pair")

SMALL: dict[str, tuple[str, dict[str, Any]]] = {
    "SqueezeNet1_1": ("squeezenet.net", {}),
    "ResNet18": ("resnet.net", {"depths": [1, 1, 1, 1]}),
    "ResNet20_CIFAR": ("resnet_cifar.net", {"n": 1}),
    "DenseNetBC100_CIFAR": ("densenet_cifar.net", {"n": 2}),
    "InceptionReduced": ("inception_modules.net", {}),
    "UNet": ("unet.net", {"base": 4, "side": 188}),
    "UNet_Same": ("unet.net", {"base": 4, "side": 32}),
    "Siamese": ("siamese.net", {"width": 16}),
    "LSTM_128_256": ("recurrent.net", {}),
    "GRU_128_256": ("recurrent.net", {}),
    "RNN_128_256": ("recurrent.net", {}),
    "TextLSTM": ("recurrent.net", {"vocabulary": 50, "hidden": 16}),
    "StackedLSTM": ("recurrent.net", {"vocabulary": 50, "hidden": 16}),
    "Tagger": ("recurrent.net", {"vocabulary": 50}),
    "CharacterModel": ("recurrent.net", {"hidden": 32}),
}
MOST_PARAMS, MOST_MACS = 133_000_000, 20_000_000_000  # of a net that a step is tried of
FILES = sorted(file.name for file in zoo.SPECS.glob("*.net"))
NETS = [(spec, name) for spec in FILES for name in zoo.nets(spec)]


def small(name: str) -> Net:
    """A net of the zoo, some at a size that tests have time for."""
    spec, arguments = SMALL[name]
    return zoo.nets(spec)[name](**arguments)


@pytest.fixture
def exact() -> Iterator[None]:
    """Numbers of 64 bits, so that rounding moves no cell past the kink of a ReLU."""
    with_floats("float64", torch.float64)
    yield
    with_floats("float32", torch.float32)


def with_floats(name: str, kind: Any) -> None:
    """Let both frameworks make numbers of this kind."""
    keras.config.set_floatx(name)
    keras.config.set_dtype_policy(name)
    torch.set_default_dtype(kind)


def assert_agree(pair: Any, tolerance: float) -> None:
    """The same outputs in evaluation, and as many weights as the check counts."""
    wanted, found = pair.outputs()
    scale = abs(wanted).max()
    assert scale > 0 and found.dtype == wanted.dtype
    assert abs(found - wanted).max() <= tolerance * scale
    if pair.summed_biases:
        assert pair.model.count_params() < pair.net.total_params
    else:
        assert pair.model.count_params() == pair.net.total_params


def assert_steps_agree(pair: Any) -> None:
    """The same loss, and the same weights after a step of gradient descent.

    Excepted are variances, of which the frameworks keep n / (n - 1) times the other's, and the
    second of two biases that are one in Keras.
    """
    before, old = pair.weights()
    wanted, found = pair.step()
    assert found == pytest.approx(wanted, rel=1e-6)
    after, new = pair.weights()
    for name in after:
        if name.endswith(("running_var", "num_batches_tracked")):
            continue
        if pair.summed_biases and "bias_hh" in name:
            continue
        moved, same = after[name] - before[name], new[name] - old[name]
        scale = abs(moved).max() + 1e-3 * abs(before[name]).max()
        assert abs(moved - same).max() <= 1e-6 * scale, name


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("name", SMALL)
def test_a_net_is_the_same_function_in_both_frameworks(name: str) -> None:
    pair = pairs.Pair(small(name))
    assert_agree(pair, 1e-9)
    assert_steps_agree(pair)


@pytest.mark.slow
@pytest.mark.parametrize(("spec", "name"), NETS, ids=[name for _, name in NETS])
def test_every_net_gives_the_same_outputs_in_both(spec: str, name: str) -> None:
    assert_agree(pairs.Pair(zoo.nets(spec)[name]), 1e-5)


@pytest.mark.slow
@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize(("spec", "name"), NETS, ids=[name for _, name in NETS])
def test_every_net_takes_the_same_step_in_both(spec: str, name: str) -> None:
    net = zoo.nets(spec)[name]
    if net.params > MOST_PARAMS or net.macs > MOST_MACS:
        pytest.skip("too large for a step here; smaller nets of the family take one")
    assert_steps_agree(pairs.Pair(net))


@pytest.mark.slow
def test_the_other_backend_of_keras_gives_the_same() -> None:
    here = Path(__file__)
    command = [sys.executable, "-m", "pytest", "-q", here.name, "-m", "not slow"]
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    done = subprocess.run(
        command, cwd=here.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
