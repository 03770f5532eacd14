"""Weights carried between frameworks: the same functions, the same steps, on both backends."""

import gc
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
ROUNDS = keras.backend.backend() == "torch"  # Keras has means and products of 32 bits there


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


@pytest.fixture(autouse=True)
def _no_models_of_tests_before() -> None:
    keras.backend.clear_session()
    gc.collect()


def assert_agree(pair: Any, tolerance: float) -> float:
    """The same outputs in evaluation, and as many weights as the check counts; how far apart."""
    wanted, found = pair.outputs()
    scale = abs(wanted).max()
    assert scale > 0 and found.dtype == wanted.dtype
    apart = float(abs(found - wanted).max() / scale)
    assert apart <= tolerance
    assert sum(weight.numel() for weight in pair.module.parameters()) == pair.net.params
    if pair.summed_biases:
        assert pair.model.count_params() < pair.net.total_params
    else:
        assert pair.model.count_params() == pair.net.total_params
    return apart


def assert_steps_agree(pair: Any, tolerance: float = 1e-6) -> float:
    """The same loss, and the same weights after a step of gradient descent; how far apart.

    Excepted are variances, of which the frameworks keep n / (n - 1) times the other's, and the
    second of two biases that are one in Keras.
    """
    before, old = pair.weights()
    if not pair.summed_biases:
        old = before  # the same numbers, of which the largest nets have a gigabyte
    wanted, found = pair.step()
    assert found == pytest.approx(wanted, rel=tolerance)
    after, new = pair.weights()
    apart, still = 0.0, 0
    for name in after:
        if name.endswith(("running_var", "num_batches_tracked")):
            continue
        if pair.summed_biases and "bias_hh" in name:
            continue
        moved, same = after[name] - before[name], new[name] - old[name]
        still += not moved.any()
        scale = abs(moved).max() + 1e-3 * abs(before[name]).max()
        distance = float(abs(moved - same).max() / scale)
        assert distance <= tolerance, name
        apart = max(apart, distance)
    assert still <= len(after) / 4, "what does not move says nothing of a step"
    return apart


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("name", SMALL)
def test_a_net_is_the_same_function_in_both_frameworks(name: str) -> None:
    pair = pairs.Pair(small(name))
    assert_agree(pair, 1e-5 if ROUNDS else 1e-9)
    if not ROUNDS:
        assert_steps_agree(pair)


@pytest.mark.slow
@pytest.mark.proves("outputs", "step")
@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("entry", zoo.mappings(), ids=str)
def test_every_net_is_the_same_function_in_both(entry: zoo.Entry, record_property: Any) -> None:
    pair = pairs.Pair(zoo.reduced(entry))  # Keras rescales, resizes and averages with 32 bits
    record_property("outputs", assert_agree(pair, 1e-5 if ROUNDS else 1e-6))
    if ROUNDS:
        pytest.skip("Keras multiplies and averages with 32 bits there, which gradients magnify")
    record_property("step", assert_steps_agree(pair, 1e-5))


@pytest.mark.slow
def test_the_other_backend_of_keras_gives_the_same() -> None:
    here = Path(__file__)
    command = [sys.executable, "-m", "pytest", "-q", here.name, "-m", "not slow"]
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    done = subprocess.run(
        command, cwd=here.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
