"""Every layer as emitted PyTorch: shapes, weights, counts and values, in bodies of each kind."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import netwright
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from netwright.diagnostics import SpecError
from netwright.flat import Flat
from netwright.instance import expand
from netwright.ops import find
from netwright.ops.base import Op
from netwright.targets.spell import macros
from netwright.targets.torch.passed import passed
from netwright.tensor import number
from netwright.values import Partial
from torch_cases import CASES, NAMED_ONLY

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

LETTERS = "abc"
ALONE = [(inputs, use) for rows in CASES.values() for inputs, use in rows]
LABELLED = [*ALONE, *((inputs, use) for _, inputs, use in NAMED_ONLY)]
ONE_INPUT = [(inputs, use) for inputs, use in LABELLED if ";" not in inputs and ":" not in inputs]
CHAINED = [(inputs, use) for inputs, use in ALONE if ";" not in inputs]
CACHE = f"--cache-dir={gettempdir()}/netwright-mypy"
HELPERS = Path(__file__).parents[1] / "templates" / "torch" / "helpers"


def cases(rows: list[tuple[str, str]]) -> Any:
    ids = [f"{use} of {inputs}" for inputs, use in rows]
    return pytest.mark.parametrize(("inputs", "use"), rows, ids=ids)


# Specs


def net(inputs: str, last: str, name: str = "N") -> str:
    """A net of one line."""
    lines = []
    for letter, row in zip(LETTERS, inputs.split(";"), strict=False):
        size, _, kind = row.strip().partition(":")
        lines.append(f"input {letter}[{size}]{':' if kind else ''}{kind}")
    return "\n".join([f"net {name} {{", *(f"    {line}" for line in (*lines, last)), "}", ""])


def chain(inputs: str, use: str) -> str:
    return f"a -> {use}" if ";" in inputs and "[ " not in use else use


def named(inputs: str, use: str, name: str = "N") -> str:
    return net(inputs, f"probe: {chain(inputs, use)}", name)


def numbered(inputs: str, use: str, name: str = "N") -> str:
    return net(inputs, chain(inputs, use), name)


def joined(inputs: str, use: str, name: str = "N") -> str:
    """Two of the layer in a numbered body that is no chain."""
    return net(inputs, f"add [ {use}, {use} ]", name)


# numbers but for those of axes, which decide what a block is, and of initialisers
NUMBERS = re.compile(
    r"(?<![\w.])(?<!axis=)(?<!from=)(?<!init=)(?<!std=)(?<!batch=)"
    r"(\d+(x\d+)+|\d+\.\d+|\d+|true|false)(?![\w.])"
)


def in_block(inputs: str, use: str, name: str = "N") -> str:
    """The layer in a block, each of whose numbers is a parameter."""
    params: list[str] = []
    values: list[str] = []

    def parameter(found: re.Match[str]) -> str:
        text = found[0]
        kinds = {"x": "kernel", ".": "float", "e": "bool"}
        kind = next((kind for sign, kind in kinds.items() if sign in text), "int")
        params.append(f"p{len(params)}: {kind}")
        values.append(text)
        return f"p{len(params) - 1}"

    layer, opened, rest = use.partition("(")
    inner = rest if layer == "permute" else NUMBERS.sub(parameter, rest)
    block = f"held{name.lower()}"
    body = f"block {block}({', '.join(params)}) {{\n    probe: {layer}{opened}{inner}\n}}\n"
    return body + net(inputs, f"held: {block}({', '.join(values)})", name)


# What emitted code must be


def data(found: netwright.Net) -> list[Any]:
    """Random inputs, two examples each."""
    values = []
    for _, tensor in found._net.instance.inputs:
        sizes = (2, *map(number, tensor.sizes))
        words = tensor.integers
        values.append(torch.randn(sizes) if words is None else torch.randint(0, words, sizes))
    return values


def scattered(module: Any) -> Any:
    """The module with weights and statistics that are not what they start as."""
    for name, value in module.state_dict().items():
        if value.is_floating_point():
            value.copy_(
                torch.rand(value.shape) + 0.5 if "var" in name else torch.randn(value.shape)
            )
    return module


def computed(found: netwright.Net, module: Any, values: list[Any]) -> Any:
    """What the layers of a net make of its inputs by their definitions."""
    from torch_references import REFERENCES

    flat, instance, known = Flat(), found._net.instance, {}
    results = {flat.number(place, known): value for place, value in enumerate(values)}
    state = module.state_dict()
    for layer in flat.steps(instance.steps, known):
        step = layer.step
        names = {weight.name: f"{layer.path}.{weight.name}".rstrip(".") for weight in step.weights}
        weights = {name: state[path] for name, path in names.items()}
        given = [results[value] for value in step.inputs]
        results[step.output] = REFERENCES[step.op.name](step.op, step.tensors, weights, given)
    return results[known[instance.outputs[0].id]]


def holds(spec: str) -> None:
    """Refuse emitted code whose weights, counts, shapes or values are not the language's."""
    torch.manual_seed(0)
    found = netwright.loads(spec)["N"]
    module = found.torch_module()
    weights = [
        (f"{leaf.path}.{weight.name}".rstrip("."), weight.sizes, weight.trains)
        for leaf in expand(found._net.instance.steps)
        for weight in leaf.step.weights
    ]
    state = [(name, tuple(value.shape)) for name, value in module.state_dict().items()]
    assert state == [(name, sizes) for name, sizes, _ in weights]
    assert [name for name, _ in module.named_parameters()] == [n for n, _, t in weights if t]
    assert sum(p.numel() for p in module.parameters()) == found.params
    values = data(found)
    trained = module.train()(*[v.clone().requires_grad_(v.is_floating_point()) for v in values])
    assert trained.shape == (2, *map(number, found._net.instance.outputs[0].tensor.sizes))
    trained.sum().backward()
    scattered(module).eval()
    result, wanted = module(*[v.clone() for v in values]), computed(found, module, values)
    torch.testing.assert_close(result, wanted, atol=2e-5, rtol=2e-5)


@cases(LABELLED)
def test_a_labelled_layer_computes_its_definition(inputs: str, use: str) -> None:
    holds(named(inputs, use))


@cases(ALONE)
def test_a_numbered_layer_computes_its_definition(inputs: str, use: str) -> None:
    holds(numbered(inputs, use))


@cases(CHAINED[::2])
def test_numbered_layers_that_join_compute_their_definition(inputs: str, use: str) -> None:
    holds(joined(inputs, use))


@cases(ONE_INPUT)
def test_arguments_may_be_parameters_of_a_block(inputs: str, use: str) -> None:
    holds(in_block(inputs, use))


small = st.integers(1, 3)


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, str]:
    """A window of any kind that may not fit its input."""
    rank = draw(st.integers(1, 3))

    def sides(most: int) -> str:
        row = [str(draw(st.integers(1, most))) for _ in range(rank)]
        return "x".join(row) if rank > 1 and draw(st.booleans()) else row[0]

    name = draw(
        st.sampled_from("conv depthwise_conv local_conv conv_transpose max_pool avg_pool".split())
    )
    pairs = ", ".join(
        f"[{draw(st.integers(0, 2))}, {draw(st.integers(0, 2))}]" for _ in range(rank)
    )
    pad = draw(st.sampled_from(["0", "1", "same", f"[{pairs}]"]))
    parts = [f"{sides(4)}, stride={sides(3)}, pad={pad}"]
    if name in ("conv", "local_conv", "conv_transpose"):
        parts.insert(0, str(draw(small)))
    if name not in ("local_conv", "avg_pool"):
        parts.append(f"dilation={sides(2)}")
    if name.endswith("pool"):
        parts.append(f"ceil={str(draw(st.booleans())).lower()}")
    if name == "avg_pool":
        parts.append(f"count_include_pad={str(draw(st.booleans())).lower()}")
    sizes = [str(draw(st.integers(3, 9))) for _ in range(rank)]
    return f"{draw(small)}, {', '.join(sizes)}", f"{name}({', '.join(parts)})"


@settings(max_examples=150, deadline=None)
@given(case=windows(), form=st.sampled_from([named, numbered, in_block]))
def test_any_window_computes_its_definition(case: tuple[str, str], form: Any) -> None:
    try:
        netwright.loads(form(*case))
    except SpecError:
        return
    holds(form(*case))


def test_every_layer_has_a_macro_and_every_macro_a_layer() -> None:
    made = set(macros("torch"))
    stems = {re.sub("_(apply|call|chain)$", "", name) for name in made}
    layers = {*find.every(), "extern"}
    assert not layers - {name.removesuffix("_apply") for name in made}, "no macro"
    assert not stems - layers, "no layer"
    assert not layers - set(CASES) - {name for name, _, _ in NAMED_ONLY} - {"extern"}, "no case"


# Files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file for each layer: all its cases in bodies of each kind."""
    folder = tmp_path_factory.mktemp("emitted")
    for layer, rows in {**CASES, **started_specs()}.items():
        specs = rows if isinstance(rows, str) else "".join(nets_of(rows))
        loaded = netwright.loads(specs)
        from netwright.emit import emit

        (folder / f"{layer}_.py").write_text(emit(loaded._checked, "torch"), encoding="utf-8")
    return folder


def nets_of(rows: list[tuple[str, str]]) -> Iterator[str]:
    for place, (inputs, use) in enumerate(rows):
        yield named(inputs, use, f"A{place}")
        if ";" not in inputs:
            yield numbered(inputs, use, f"B{place}")
        if (inputs, use) in ONE_INPUT:
            yield in_block(inputs, use, f"C{place}")


def tool(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command, "."], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[:3000] + done.stderr[:1000]


@pytest.mark.parametrize(
    "command",
    ["ruff check --isolated", "ruff format --check --isolated", f"mypy --strict {CACHE}"],
    ids=["check", "format", "types"],
)
def test_emitted_files_are_clean(files: Path, command: str) -> None:
    pytest.importorskip(command.split()[0])
    tool(files, *command.split())


def test_every_helper_is_written_somewhere(files: Path) -> None:
    texts = "\n".join(file.read_text(encoding="utf-8") for file in files.glob("*.py"))
    used = set(re.findall(r"^(?:class|def) (\w+)", texts, re.MULTILINE))
    assert {file.stem for file in HELPERS.glob("*.py")} - used == set()


# Devices and modes

ONCE = [rows[0] for rows in CASES.values()]


@cases(ONCE)
def test_a_layer_runs_without_data_and_under_autocast(inputs: str, use: str) -> None:
    for form in (named, numbered):
        found = netwright.loads(form(inputs, use))["N"]
        values = data(found)
        with torch.device("meta"):
            module = found.torch_module()
        wanted = (2, *map(number, found._net.instance.outputs[0].tensor.sizes))
        assert module(*(value.to("meta") for value in values)).shape == wanted
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert found.torch_module()(*values).shape == wanted


@pytest.mark.slow
@cases([row for row in ALONE if not re.match("lstm|gru|rnn", row[1])])
def test_a_layer_compiles_as_one_graph(inputs: str, use: str) -> None:
    for form in (named, numbered):
        found = netwright.loads(form(inputs, use))["N"]
        module, values = found.torch_module().eval(), data(found)
        torch._dynamo.reset()
        result = torch.compile(module, backend="eager", fullgraph=True)(*values)
        torch.testing.assert_close(result, module(*values))


def test_stochastic_depth_drops_examples_and_keeps_the_mean() -> None:
    torch.manual_seed(0)
    module = netwright.loads(named("3, 2, 2", "stochastic_depth(0.25)"))["N"].torch_module()
    result = module.train()(torch.ones(4000, 3, 2, 2)).flatten(1)
    assert bool((result == result[:, :1]).all())
    assert sorted(set(result.flatten().tolist())) == pytest.approx([0.0, 4 / 3])
    assert result.mean().item() == pytest.approx(1, abs=0.05)


def test_spatial_dropout_drops_channels() -> None:
    module = netwright.loads(named("8, 5, 5", "spatial_dropout(0.5)"))["N"].torch_module()
    result = module.train()(torch.ones(50, 8, 5, 5)).flatten(2)
    assert bool((result == result[..., :1]).all())
    assert 0 < (result[..., 0] == 0).float().mean().item() < 1


def test_batch_norm_takes_its_momentum_of_a_batch() -> None:
    spec = named("3, 4, 4", "batch_norm(momentum=0.3, scale=false)")
    module = netwright.loads(spec)["N"].torch_module()
    x = torch.randn(5, 3, 4, 4) + 2
    module.train()(x)
    torch.testing.assert_close(module.probe.running_mean, 0.3 * x.mean((0, 2, 3)))


# Initialisers and layers that are passed


def started_specs() -> dict[str, str]:
    """Specs whose layers start in one way, or in several."""
    lines = """
    c1: conv(8, 3, stride=2, pad=same)
    b1: batch_norm
    c2: conv(8, 3, pad=1, bias=false{conv})
    b2: batch_norm({norm})
    p: prelu
    d: depthwise_conv(3)
    s: separable_conv(8, 1)
    l: local_conv(4, 2)
    t: conv_transpose(4, 2, stride=2)
    f: {{
        conv(4, 1{conv})
        relu
    }}
    flatten(from=1) -> permute(1, 0)
    n: layer_norm
    r: lstm(8)
    a: attention(2)
    select(0)
    fc: linear(10)
    """
    sets = """
set conv(init=he_normal(fan=out), bias_init=zeros)
set depthwise_conv(init=he_normal(fan=out), bias_init=zeros)
set separable_conv(init=he_normal(fan=out), bias_init=zeros)
set linear(init=truncated_normal(std=0.02), bias_init=0.5)
set lstm(init=orthogonal, bias_init=zeros)
set attention(init=glorot_uniform, bias_init=zeros)
set batch_norm(init=ones, bias_init=0.1)
set local_conv(init=uniform(bound=0.1))
set layer_norm(init=0.5)
set conv_transpose(init=he_uniform)
set prelu(init=0.1)
"""
    alike, apart = (
        {"conv": "", "norm": ""},
        {"conv": ", init=normal(std=3.0)", "norm": "init=zeros"},
    )
    body = "net N {{\n    input image[3, 16, 16]" + lines + "}}\n"
    return {
        "alike": sets + body.format(**alike),
        "apart": sets + body.format(**apart),
        "bare": sets + body.format(**{**alike, "norm": "scale=false"}),
    }


@pytest.mark.parametrize("how", ["alike", "apart", "bare"])
def test_weights_start_as_the_spec_says(how: str) -> None:
    torch.manual_seed(0)
    source = netwright.loads(started_specs()[how])["N"].torch_module().state_dict()
    spread = {name: value.std().item() for name, value in source.items() if value.numel() > 1}
    shift = {name: value.float().mean().item() for name, value in source.items()}
    for name, width, area in (("c1", 8, 9), ("d", 8, 9), ("s.pointwise", 8, 1), ("c2", 8, 9)):
        wanted = 3 if how == "apart" and name == "c2" else (2 / width / area) ** 0.5
        assert spread[f"{name}.weight"] == pytest.approx(wanted, rel=0.35)
    assert spread["f.0.weight"] == pytest.approx(3 if how == "apart" else 0.7, rel=0.4)
    for name, value in {
        "c1.bias": 0, "b1.weight": 1, "b1.bias": 0.1, "b2.bias": 0.1, "p.weight": 0.1,
        "n.weight": 0.5, "fc.bias": 0.5, "r.bias_ih_l0": 0, "a.in_proj_bias": 0, "d.bias": 0,
        "s.pointwise.bias": 0, "f.0.bias": 0,
    }.items():  # fmt: skip
        assert shift[name] == pytest.approx(value)
    assert ("b2.weight" in shift) == (how != "bare")
    assert shift.get("b2.weight", 0) == (1 if how == "alike" else 0)
    assert source["l.weight"].abs().max().item() <= 0.1 + 1e-6
    assert source["fc.weight"].abs().max().item() <= 0.04 + 1e-6
    row = source["r.weight_ih_l0"]
    torch.testing.assert_close(row.T @ row, torch.eye(4), atol=1e-5, rtol=1e-5)
    bound = (6 / 16) ** 0.5
    for part in (*source["a.in_proj_weight"].chunk(3), source["a.out_proj.weight"]):
        assert 0.9 * bound < part.abs().max().item() <= bound + 1e-6


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("batch_norm", {}, "nn.BatchNorm2d"),
        ("batch_norm", {"eps": 0.001}, "partial(nn.BatchNorm2d, eps=0.001)"),
        ("group_norm", {"groups": 32}, "partial(nn.GroupNorm, 32)"),
        ("layer_norm", {"axis": 0}, "ChannelLayerNorm"),
        ("layer_norm", {}, "nn.LayerNorm"),
        ("frozen_batch_norm", {}, "FrozenBatchNorm"),
        ("lrn", {"size": 5}, "lambda _: nn.LocalResponseNorm(5)"),
        (
            "batch_norm",
            {"scale": False},
            "lambda channels: affine(nn.BatchNorm2d(channels), weight=False)",
        ),
        ("relu", {}, "nn.ReLU"),
        ("leaky_relu", {"slope": 0.1}, "partial(nn.LeakyReLU, 0.1)"),
        ("softmax", {}, "partial(nn.Softmax, dim=1)"),
        ("identity", {}, "nn.Identity"),
    ],
)
def test_a_layer_that_is_passed_is_its_class_or_a_partial(
    name: str, args: dict[str, Any], text: str
) -> None:
    op: type[Op] | None = find.find(name)
    assert passed(Partial(op, tuple(args.items())))[0] == text


def test_passed_layers_are_made_by_the_block() -> None:
    spec = """
block unit(width, norm: norm = batch_norm, act: activation = relu) {
    conv: conv(width, 3, pad=1)
    bn: norm
    act_1: act
}
net N {
    input image[3, 9, 8]
    a: unit(8)
    b: unit(8, norm=layer_norm(axis=0), act=gelu(approximate=true))
    c: unit(8, norm=group_norm(4), act=leaky_relu(0.1))
}
"""
    holds(spec)


@pytest.mark.skipif(not os.environ.get("NETWRIGHT_DEVICE"), reason="needs an accelerator")
@cases(ALONE)
def test_a_layer_computes_the_same_on_a_device(inputs: str, use: str) -> None:
    device = os.environ["NETWRIGHT_DEVICE"]
    for form in (named, numbered):
        found = netwright.loads(form(inputs, use))["N"]
        module, values = scattered(found.torch_module()).double().eval(), data(found)
        values = [value.double() if value.is_floating_point() else value for value in values]
        wanted = module(*values)
        result = module.to(device)(*(value.to(device) for value in values))
        torch.testing.assert_close(result.cpu(), wanted)
