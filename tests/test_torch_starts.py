"""How weights start in emitted PyTorch, and layers that are passed to blocks."""

from typing import Any

import pytest
from torch_bodies import holds, torch

import netwright
from netwright.emit import emit
from netwright.ops import find
from netwright.ops.base import Op
from netwright.targets.torch.passed import passed
from netwright.values import Partial


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


def test_weights_of_a_net_that_is_one_chain_start_so_too() -> None:
    spec = """
set conv(init=constant(0.5), bias_init=zeros)
net N {
    input image[3, 8, 8]
    conv(4, 3) -> relu
    conv(4, 3)
}
"""
    module = netwright.loads(spec)["N"].torch_module()
    assert isinstance(module, torch.nn.Sequential)
    for name, weight in module.named_parameters():
        assert (weight == (0 if name.endswith("bias") else 0.5)).all(), name


CUT = """
set conv(init=he_normal(truncated=true)), linear(init=glorot_normal(truncated=true))
net N {
    input image[3, 8, 8]
    a: conv(64, 3)
    b: conv(64, 3, init=he_normal(fan=out, truncated=true))
    c: depthwise_conv(3, init=he_normal(truncated=true))
    d: scale(parameter([64, 2, 2], init=he_normal(truncated=true)))
    flatten
    fc: linear(50)
}
"""
SPREADS = {
    "a.weight": 2 / 27,
    "b.weight": 2 / 576,
    "c.weight": 2 / 9,
    "d": 2 / 4,
    "fc.weight": 2 / (256 + 50),
}


def test_truncated_values_have_the_variance_after_the_cut_in_both_frameworks() -> None:
    keras = pytest.importorskip("keras")
    torch.manual_seed(0)
    keras.utils.set_random_seed(0)
    net = netwright.loads(CUT)["N"]
    model = net.keras_model()
    for name, weight in net.torch_module().named_parameters():
        if name in SPREADS:
            theirs = model.get_layer(name.removesuffix(".weight")).weights[0]
            for values in (weight.detach().numpy(), keras.ops.convert_to_numpy(theirs)):
                deviation = SPREADS[name] ** 0.5
                assert values.std() == pytest.approx(deviation, rel=0.1), name
                assert abs(values).max() <= 2 * deviation / 0.879, name


def test_learned_numbers_alone_bring_what_starts_them() -> None:
    spec = """
net N {
    input image[3, 8, 8]
    d: scale(parameter([3, 8, 8], init=he_normal(truncated=true)))
}
"""
    assert netwright.loads(spec)["N"].torch_module().d.std() > 0


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


PAIR = """
block pair(width) {
    set conv(init=he_uniform, bias_init=zeros)
    a: conv(width, 1x1) -> relu
    b: conv(width, 1x1)
}
net Whole {
    input image[3, 8, 8]
    pair: pair(4)
    last: conv(2, 1x1LAST)
}
"""


def test_what_starts_in_a_way_of_its_own_follows_the_loop_of_the_net() -> None:
    spec = PAIR.replace("LAST", ", init=normal(std=0.01), bias_init=zeros")
    code = emit(netwright.loads(spec)._checked, "torch")
    assert code.count("nn.init.") == 3
    own = code.index("nn.init.normal_(self.last.weight, std=0.01)")
    assert code.index("class Whole") < code.index("for module in self.modules():") < own


def test_a_class_starts_its_layers_in_a_loop_where_the_net_cannot() -> None:
    code = emit(netwright.loads(PAIR.replace("LAST", ""))._checked, "torch")
    assert code.count("nn.init.") == 2
    assert code.index("for module in self.modules():") < code.index("class Whole")


def test_a_class_leaves_other_starts_of_its_blocks_alone() -> None:
    around = """
block around() {
    set conv(init=normal(std=0.01))
    first: conv(4, 1x1)
    pair: pair(4)
    second: conv(4, 1x1)
}
"""
    spec = PAIR.replace("net Whole", f"{around}net Whole").replace(
        "pair: pair(4)\n    l", "around()\n    l"
    )
    code = emit(netwright.loads(spec.replace("LAST", ""))._checked, "torch")
    assert code.index("for module in self.modules():") < code.index(
        "for module in self.children():"
    )
