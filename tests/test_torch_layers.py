"""Every layer as emitted PyTorch: shapes, weights, counts and values, in bodies of each kind."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from devices import own
from hypothesis import given, settings
from hypothesis import strategies as st
from torch_bodies import (
    ALONE,
    CHAINED,
    LABELLED,
    ONE_INPUT,
    cases,
    data,
    holds,
    in_block,
    joined,
    named,
    net,
    numbered,
    torch,
)
from torch_cases import CASES, NAMED_ONLY

import netwright
from netwright.diagnostics import SpecError
from netwright.ops import find
from netwright.targets.spell import macros
from netwright.tensor import number

SPECS = Path(__file__).parent / "cases"


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
WINDOWS = ("conv", "depthwise_conv", "local_conv", "conv_transpose", "max_pool", "avg_pool")


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, str]:
    """A window of any kind that may not fit its input."""
    rank = draw(st.integers(1, 3))

    def sides(most: int) -> str:
        row = [str(draw(st.integers(1, most))) for _ in range(rank)]
        return "x".join(row) if rank > 1 and draw(st.booleans()) else row[0]

    name = draw(
        st.sampled_from(
            ["conv", "depthwise_conv", "local_conv", "conv_transpose", "max_pool", "avg_pool"]
        )
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
    files = [*SPECS.glob("detectors/*.net"), *SPECS.glob("losses/*.net")]
    detectors = "".join(path.read_text() for path in files)
    tried = {*CASES, *(name for name, _, _ in NAMED_ONLY), *re.findall(r"\w+", detectors)}
    assert not layers - tried - {"extern"}, "no case"


# Devices and modes

ONCE = [rows[0] for rows in CASES.values()]


@cases(ONCE)
def test_a_layer_runs_without_data_and_under_autocast(inputs: str, use: str) -> None:
    for form in (named, numbered):
        found = netwright.loads(form(inputs, use))["N"]
        assert not own(found.torch())
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


def test_the_bias_that_is_no_weight_is_zero_behind_any_way_of_loading() -> None:
    found = netwright.loads(named("6, 8", "lstm(5, layers=2, biases=1)"))["N"]
    source, x = found.torch_module(), torch.randn(2, 6, 8)
    with torch.device("meta"):
        empty, assigned = found.torch_module(), found.torch_module()
    empty.to_empty(device="cpu").load_state_dict(source.state_dict())
    assigned.load_state_dict(source.state_dict(), assign=True)
    for module in (copy.deepcopy(source), empty, assigned):
        torch.testing.assert_close(module(x), source(x))


def test_an_extern_is_the_class_that_it_names() -> None:
    spec = """
extern soft(beta: float, threshold=20) : [C, H, W] -> [C, H, W] {
    torch = "torch.nn.Softplus"
    keras = "keras.layers.Activation"
}
""" + net("4, 3, 2", "soft(0.5)")
    found = netwright.loads(spec)["N"]
    (x,) = data(found)
    wanted = torch.nn.functional.softplus(x, 0.5)
    torch.testing.assert_close(found.torch_module()(x), wanted)
