"""Every layer as emitted Keras: its values, shapes and counts beside the definitions."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from keras_cases import ALL

import netwright
from netwright.emit import emit
from netwright.flat import Flat
from netwright.instance import expand
from netwright.ops import find
from netwright.targets.keras.order import keras_order
from netwright.targets.spell import macros
from netwright.tensor import Tensor, number
from netwright.weights import to_keras_model
from netwright.weights.layout import parts, to_keras, to_torch

os.environ.setdefault("KERAS_BACKEND", "tensorflow" if find_spec("tensorflow") else "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")

LETTERS = "abc"
NUMBER = re.compile(r"(?<![\w.])(\d+(x\d+)+|\d+\.\d+|\d+|true|false)(?![\w.])")
CASES = {f"N{place}": case for place, case in enumerate(ALL)}
HELD = {
    name.replace("N", "B"): (inputs, use)
    for name, (inputs, use) in CASES.items()
    if NUMBER.search(use) and not re.search("[;:]", inputs) and not re.search("permute|init", use)
}


def spec(name: str, inputs: str, use: str) -> str:
    """A net of one line, whose label is `probe`."""
    sizes = [row.strip() for row in inputs.split(";")]
    lines = []
    for letter, row in zip(LETTERS, sizes, strict=False):
        size, _, kind = row.partition(":")
        lines.append(f"input {letter}[{size}]{':' if kind else ''}{kind}")
    chain = f"a -> {use}" if len(sizes) > 1 and "[ " not in use else use
    return "\n".join(
        [f"net {name} {{", *(f"    {line}" for line in lines), f"    probe: {chain}", "}"]
    )


def in_block(name: str, inputs: str, use: str) -> str:
    """The same in a block, each of whose numbers is a parameter."""
    params: list[str] = []
    given: list[str] = []

    def parameter(found: re.Match[str]) -> str:
        kinds = {"x" in found[0]: "kernel", "." in found[0]: "float", found[0].isalpha(): "bool"}
        params.append(f"p{len(params)}: {kinds.get(True, 'int')}")
        given.append(found[0])
        return f"p{len(params) - 1}"

    layer, opened, rest = use.partition("(")
    inner = NUMBER.sub(parameter, rest)
    rows = zip(LETTERS, inputs.split(";"), strict=False)
    return "\n".join(
        [
            f"block held_{name.lower()}({', '.join(params)}) {{",
            f"    probe: {layer}{opened}{inner}",
            "}",
            f"net {name} {{",
            *(f"    input {letter}[{row.strip()}]" for letter, row in rows),
            f"    held: held_{name.lower()}({', '.join(given)})",
            "}",
        ]
    )


class Built:
    """All nets as emitted files: those of one line in one, those with blocks each in its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        every = "\n\n".join(spec(name, *case) for name, case in CASES.items())
        self.nets = netwright.loads(f"{every}\n", "every.net")
        self.makers = {}
        self._write("every", emit(self.nets._checked, "keras"), CASES)

    def _write(self, stem: str, source: str, names: Iterable[str]) -> None:
        path = self.folder / f"{stem}_keras.py"
        path.write_text(source)
        scope = runpy.run_path(str(path), run_name=stem)
        self.makers |= {name: scope[name.lower()] for name in names}

    def net(self, name: str) -> netwright.Net:
        """The net of a case; a block is written when it is asked for."""
        if name in CASES:
            return self.nets[name]
        net = netwright.loads(in_block(name, *HELD[name]) + "\n", f"{name}.net")[name]
        self._write(name.lower(), net.keras(), [name])
        return net


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("keras"))


class Sample:
    """A net with random weights and inputs, and what its layers make of them by definition."""

    def __init__(self, net: netwright.Net) -> None:
        self.instance = net._net.instance
        torch.manual_seed(0)
        self.weights: dict[str, Any] = {}
        for leaf in expand(self.instance.steps):
            for weight in leaf.step.weights:
                sizes = tuple(map(int, weight.sizes))
                value = torch.rand(sizes) + 0.5 if "var" in weight.name else torch.randn(sizes)
                self.weights[f"{leaf.path}.{weight.name}".rstrip(".")] = value * 0.5
        self.inputs = [sampled(tensor) for _, tensor in self.instance.inputs]
        self.result: Tensor = self.instance.outputs[0].tensor
        self.wanted = self._computed()

    def _computed(self) -> Any:
        from torch_references import REFERENCES

        flat, known = Flat(), {}
        results = {flat.number(place, known): value for place, value in enumerate(self.inputs)}
        for layer in flat.steps(self.instance.steps, known):
            step = layer.step
            names = {w.name: f"{layer.path}.{w.name}".rstrip(".") for w in step.weights}
            weights = {name: self.weights[path] for name, path in names.items()}
            given = [results[value] for value in step.inputs]
            results[step.output] = REFERENCES[step.op.name](step.op, step.tensors, weights, given)
        return results[known[self.instance.outputs[0].id]]


def sampled(tensor: Tensor) -> Any:
    sizes = (2, *map(number, tensor.sizes))
    return (
        torch.randn(sizes) if tensor.integers is None else torch.randint(0, tensor.integers, sizes)
    )


def turned(value: Any, shape: tuple[Any, ...], tensor: Tensor) -> Any:
    """An input as a model of Keras takes it: in our order, or with the channels last."""
    array = value.numpy()
    orders = (keras_order(tensor), [*range(1, tensor.rank), 0], list(range(tensor.rank)))
    order = next(o for o in orders if tuple(array.shape[a + 1] for a in o) == tuple(shape[1:]))
    return array.transpose(0, *(axis + 1 for axis in order))


def ours(array: Any, tensor: Tensor) -> Any:
    """An output of Keras in our order."""
    sizes = tuple(map(number, tensor.sizes))
    orders = (keras_order(tensor), [*range(1, tensor.rank), 0], list(range(tensor.rank)))
    order = next(o for o in orders if tuple(sizes[axis] for axis in o) == array.shape[1:])
    return array.transpose(0, *(order.index(axis) + 1 for axis in range(tensor.rank)))


def fill(model: Any, sample: Sample) -> None:
    """Give a model the weights of a sample, and refuse one that does not give them back."""
    for leaf in expand(sample.instance.steps):
        step = leaf.step
        if not step.weights:
            continue
        weights = {
            w.name: sample.weights[f"{leaf.path}.{w.name}".rstrip(".")].numpy()
            for w in step.weights
        }
        arrays = to_keras(step.op, weights, step.tensors)
        left = list(arrays)
        for suffix, count in parts(step.op, step.tensors):
            layer = model.get_layer(leaf.path.replace(".", "_") + suffix)
            assert len(layer.weights) == count
            shapes = [tuple(weight.shape) for weight in layer.weights]
            layer.set_weights([a.reshape(s) for a, s in zip(left[:count], shapes, strict=True)])
            del left[:count]
        assert not left
        back = to_torch(step.op, arrays, step.tensors)
        for name, value in weights.items():
            if "bias_hh" in name or ("bias_ih" in name and "gru" not in step.op.name):
                continue  # Keras holds their sum
            assert name == "num_batches_tracked" or numpy.array_equal(back[name], value), name


def close(found: Any, wanted: Any) -> None:
    numpy.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5 * max(1, abs(wanted).max()))


def run(built: Built, name: str) -> tuple[Any, Any, Any]:
    """The model of a net, what it was given, and what it gave, as the definitions have it."""
    sample = Sample(built.net(name))
    model = built.makers[name]()
    fill(model, sample)
    rows = zip(sample.inputs, model.inputs, sample.instance.inputs, strict=True)
    inputs = [turned(value, tensor.shape, given) for value, tensor, (_, given) in rows]
    given = inputs if len(inputs) > 1 else inputs[0]
    found = keras.ops.convert_to_numpy(model(given, training=False))
    assert tuple(model.output_shape[1:]) == found.shape[1:]
    close(ours(found, sample.result), sample.wanted.numpy())
    return model, given, found


@pytest.mark.parametrize("name", CASES, ids=[f"{use} of {inputs}" for inputs, use in ALL])
def test_layers_compute_what_their_definition_says(built: Built, name: str) -> None:
    model, given, found = run(built, name)
    copied = keras.Model.from_config(model.get_config())
    copied.set_weights(model.get_weights())
    close(keras.ops.convert_to_numpy(copied(given, training=False)), found)


OF_EACH = {}  # the first use of each layer, and all of those that resize
for place, (_, use) in enumerate(ALL):
    kind = use if use.startswith("upsample") else re.split(r"\W", use)[0]
    OF_EACH.setdefault(kind, f"N{place}")


OWN = ("upsample", "lrn", "avg_pool", "local_conv", "scale")  # emitted files bring a class
MIXED = [
    pytest.param(kind, marks=[] if kind.startswith(OWN) else [pytest.mark.slow]) for kind in OF_EACH
]


@pytest.mark.parametrize("kind", MIXED)
def test_layers_compute_in_mixed_precision(built: Built, kind: str) -> None:
    sample = Sample(built.net(OF_EACH[kind]))
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = built.makers[OF_EACH[kind]]()
    finally:
        keras.config.set_dtype_policy("float32")
    fill(model, sample)
    rows = zip(sample.inputs, model.inputs, sample.instance.inputs, strict=True)
    inputs = [turned(value, tensor.shape, given) for value, tensor, (_, given) in rows]
    result = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    found = ours(keras.ops.convert_to_numpy(keras.ops.cast(result, "float32")), sample.result)
    wanted = sample.wanted.numpy()
    assert abs(found - wanted).max() <= 0.05 * max(1, abs(wanted).max())


@pytest.mark.parametrize("name", HELD, ids=[f"{use} of {inputs}" for inputs, use in HELD.values()])
def test_arguments_may_be_parameters_of_a_block(built: Built, name: str) -> None:
    run(built, name)


def differs(net: netwright.Net) -> bool:
    """Whether Keras cannot hold as many biases as the spec says."""
    steps = [leaf.step.op for leaf in expand(net._net.instance.steps)]
    return any(getattr(op, "biases", None) == (1 if op.name == "gru" else 2) for op in steps)


def test_counts_are_those_of_the_language(built: Built) -> None:
    for name in CASES:
        net = built.nets[name]
        if differs(net):
            continue
        model = built.makers[name]()
        assert model.count_params() == net.total_params, CASES[name]
        trained = sum(numpy.prod(weight.shape) for weight in model.trainable_weights)
        assert trained == net.params, CASES[name]


SAVED = (
    "local_conv(3, 3, stride=2, pad=1, bias=false)",
    "conv_transpose(6, 2, stride=3, dilation=2, groups=2, bias=false) -> relu",
    "lrn(2, alpha=0.01, beta=0.5, k=2.0)",
    "parameter([3, 4], init=normal(std=0.02), batch=true)",
    "scale(parameter([4, 1, 1], init=0.1))",
    "upsample(size=[13, 10], mode=bilinear, corners=true)",
    "gelu(approximate=true)",
    "avg_pool(3, stride=2, ceil=true)",
    "slice(1, 3)",
)


@pytest.mark.parametrize("use", SAVED)
def test_what_is_written_beside_layers_saves_and_loads(
    built: Built, use: str, tmp_path: Path
) -> None:
    name = next(name for name, (_, other) in CASES.items() if other == use)
    model, given, found = run(built, name)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    close(keras.ops.convert_to_numpy(loaded(given, training=False)), found)


STARTED = (
    "depthwise_conv(7, multiplier=4, init=he_normal)",
    "depthwise_conv(7, multiplier=4, init=he_uniform(fan=out))",
    "depthwise_conv(7, multiplier=4, init=glorot_uniform)",
    "separable_conv(8, 7, multiplier=4, init=he_normal)",
    "conv(64, 7, groups=16, init=he_normal)",
)


@pytest.mark.parametrize("use", STARTED)
def test_weights_start_as_wide_as_those_of_pytorch(use: str) -> None:
    net = netwright.loads(f"{spec('N', '16, 9, 9', use)}\n")["N"]
    keras.utils.set_random_seed(1)
    torch.manual_seed(1)
    found = keras.ops.convert_to_numpy(net.keras_model().get_layer("probe").weights[0]).std()
    wanted = next(net.torch_module().parameters()).std().item()
    assert found == pytest.approx(wanted, rel=0.1)


PASSED = """
block unit(width, norm: norm = batch_norm, act: activation = relu) {
    a: conv(width, 3x3, pad=1)
    n: norm
    act
}

net N(act: activation = leaky_relu(slope=0.2)) {
    input image[3, 8, 8]

    x1: unit(8, norm=batch_norm(eps=0.001), act=act)
    x2: unit(8)
    x3: unit(8, norm=group_norm(4), act=relu6)
    x4: unit(8, norm=layer_norm(axis=0), act=gelu(approximate=true))
}
"""


def test_norms_and_activations_are_passed_as_what_makes_them() -> None:
    source = netwright.loads(PASSED)["N"].keras()
    for text in (
        "norm = partial(BatchNorm, epsilon=1e-5)",
        "act: Callable[..., Any] = layers.ReLU",
        "act = partial(layers.LeakyReLU, 0.2)",
        "norm=BatchNorm, act=act",
        "norm=partial(GroupNorm, 4), act=partial(layers.ReLU, 6)",
        "act=partial(layers.Activation, gelu_tanh)",
    ):
        assert text in source
    scope: dict[str, Any] = {"__name__": "passed"}
    exec(source, scope)
    assert scope["n"]().count_params() == netwright.loads(PASSED)["N"].total_params


EXTERN = """
extern attend(heads) : [C, H, W] -> [C, H, W] {
    weights = [["w", C, heads]]
    keras = "others.layers.Attend"
}

net N {
    input image[3, 8, 8]
    conv(8, 1)
    attend(4)
}
"""


def test_an_extern_is_imported_and_called() -> None:
    source = netwright.loads(EXTERN)["N"].keras()
    assert "from keras import layers\nfrom others.layers import Attend\n" in source
    assert '    x = Attend(heads=4, name="1")(x)\n' in source


ANY_SIZE = """
net N {
    input image[3, H=20, W=24]
    x1: conv(4, 3) -> max_pool(2)
    image -> crop(like=x1) -> conv(4, 1)
    add [ _, x1 ]
    up: upsample(like=image, mode=bilinear)
    up2: x1 -> upsample(like=image)
    add [ up, up2 ]
    max_pool(3, stride=2, ceil=true)
}
"""


@pytest.mark.parametrize("sizes", [(20, 24), (33, 47)])
def test_sizes_may_be_known_when_the_model_runs(sizes: tuple[int, int]) -> None:
    net = netwright.loads(ANY_SIZE)["N"]
    module, model = net.torch_module().eval(), net.keras_model()
    to_keras_model(net, module.state_dict(), model)
    x = torch.randn(2, 3, *sizes)
    found = model(x.numpy().transpose(0, 2, 3, 1), training=False)
    wanted = module(x).detach().numpy().transpose(0, 2, 3, 1)
    close(keras.ops.convert_to_numpy(found), wanted)


SHARED = """
net N {
    input a[6, 8]
    input b[6, 8]
    shared att = attention(2)
    shared rec = lstm(8, layers=2)
    add [ a -> att -> rec, b -> att -> rec ]
}
"""


def test_shared_layers_of_several_weights_are_made_once() -> None:
    source = netwright.loads(SHARED)["N"].keras()
    assert source.count("layers.MultiHeadAttention(") == 1
    assert source.count("layers.LSTM(") == 2
    assert source.count("att(a, a)") == source.count("att(b, b)") == 1


def checkers() -> Iterator[list[str]]:
    ruff = [sys.executable, "-m", "ruff"]
    yield [*ruff, "check", "--isolated"]
    yield [*ruff, "format", "--check", "--isolated"]
    silent = ["--ignore-missing-imports", "--follow-imports=silent", "--config-file="]
    yield [sys.executable, "-m", "mypy", *silent]
    if shutil.which("pyright"):
        yield ["pyright", "--pythonpath", sys.executable]


def test_the_emitted_file_is_clean(built: Built) -> None:
    for command in checkers():
        reply = subprocess.run(
            [*command, "."],
            capture_output=True,
            text=True,
            check=False,
            cwd=built.folder,
        )
        assert reply.returncode == 0, reply.stdout + reply.stderr


def test_every_layer_has_a_macro_and_every_macro_a_layer() -> None:
    written = set(macros("keras")) - {"extern"}
    assert written == set(find.every())
