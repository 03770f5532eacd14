"""`show --line` and `--formula`: how a line comes to its shape and counts."""

from pathlib import Path

import pytest
from console import Run
from effort import cases
from hypothesis import given

import netwright
from netwright.api import Net
from netwright.derive import Fact, derive
from netwright.instance import LayerStep, expand, scalars
from netwright.tensor import Tensor, number
from netwright.testing import nets

SPECS = sorted((Path(__file__).parents[1] / "specs").rglob("*.net"))
SMALL = """block unit(width) {
    conv(width, 3x3, stride=2, pad=1, groups=4)
    relu
}
net Small(classes=10) {
    input image[8, 33, 33]
    unit(16)
    unit(32)
    global_avg_pool
    linear(classes)
}
"""


def steps(net: Net) -> list[LayerStep]:
    """The layers of a net, each once for the shapes that it is given."""
    return list(
        {
            (leaf.step.op, leaf.step.tensors): leaf.step for leaf in expand(net.instance.steps)
        }.values()
    )


def assert_derived(step: LayerStep) -> None:
    """Each fact comes to its value, and they are the shape, the weights and the MACs."""
    facts = list(derive(step))
    for fact in facts:
        if fact.numbers:
            assert eval(fact.numbers, {"min": min, "max": max}) == fact.value, fact
    results = step.result if type(step.result) is tuple else (step.result,)
    sizes = [number(size) for one in results if isinstance(one, Tensor) for size in one.sizes]
    weights = [(w.name, scalars(w)) for w in step.weights if w.counted]
    macs = [step.macs] if step.macs else []
    assert [fact.value for fact in facts if fact.name.startswith("output")] == sizes
    rest = [fact for fact in facts if not fact.name.startswith("output")]
    assert [(fact.name, fact.value) for fact in rest[: len(weights)]] == weights
    assert [fact.value for fact in rest[len(weights) :]] == macs


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_line_of_a_shipped_net_comes_to_its_numbers(path: Path) -> None:
    for net in netwright.load(path).values():
        for step in steps(net):
            assert_derived(step)


@cases(200)
@given(nets())
def test_every_layer_of_any_net_comes_to_its_numbers(net: Net) -> None:
    for step in steps(net):
        assert_derived(step)


def test_a_convolution_is_told_as_a_textbook_does() -> None:
    first = steps(netwright.loads(SMALL)["Small"])[0]
    facts = {fact.name: fact for fact in derive(first)}
    assert facts["output.height"] == Fact(
        "output.height",
        "(input.height + 2 - k) // stride + 1",
        "(33 + 2 - 3) // 2 + 1",
        17,
    )
    assert facts["weight"].formula == "k**2 * width * (input.channels // groups)"
    assert facts["MACs"].numbers == "288 * 17 * 17"


def test_a_line_of_a_block_is_told_for_each_shape(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "small.net"
    path.write_text(SMALL)
    out = run("show", path, "--line", "2").out
    assert "`conv` of [8, 33, 33]" in out and "`conv` of [16, 17, 17]" in out
    assert "output as the input" in run("show", path, "--line", "3").out
    wrong = run("show", path, "--line", "6")
    assert wrong.code == 2 and f"`--line {path}:3` has one" in wrong.err


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ("conv(16, 3x3, stride=2, pad=1)", "window of 3 cells moves by 2 over 1 + 33 + 1 cells"),
        ("conv(16, 3x3, stride=2, pad=1)", "it fits 17 times"),
        ("conv(16, 3x3, groups=4)", "output channels has 18 weights, 3×3 for each of 2 input"),
        ("conv(16, 3x3, bias=false)", "Each weight multiplies once at each of 31 × 31 places."),
        ("conv(16, 3x3, dilation=2)", "a window of 3 cells, 2 apart, moves by 1"),
        ("max_pool(3x3, stride=3)", "a window of 3 cells moves by 3 over 33 cells: it fits 11"),
        (
            "global_avg_pool\n    linear(4)",
            "Each of the 4 outputs weighs all 8 inputs, and a bias.",
        ),
        ("flatten(from=1)\n    permute(1, 0)\n    lstm(5)", "4 gates of 5 values, each from the 8"),
        ("flatten(from=1)\n    permute(1, 0)\n    attention(2)", "Four matrices of 8 × 8"),
        ("add [ _, _ ]", "The sum of tensors of one shape"),
    ],
)
def test_a_line_is_told_in_words(run: Run, tmp_path: Path, layers: str, sentence: str) -> None:
    path = tmp_path / "net.net"
    path.write_text(f"net Small {{\n    input image[8, 33, 33]\n    {layers}\n}}\n")
    line = str(3 + layers.count("\n"))
    assert sentence in " ".join(run("show", str(path), "--line", line).out.split())


def test_a_line_of_an_imported_file(run: Run, tmp_path: Path) -> None:
    block, net = SMALL.split("net Small", 1)
    (tmp_path / "unit.net").write_text(block)
    path = tmp_path / "small.net"
    path.write_text(f"use unit (unit)\nnet Small{net}")
    assert "`conv` of [8, 33, 33]" in run("show", path, "--line", "unit.net:2").out


def test_the_formula_of_a_block(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "small.net"
    path.write_text(SMALL)
    assert run("show", path, "--formula", "unit").out.startswith("unit: ")
    wrong = run("show", path, "--formula", "unti")
    assert wrong.code == 2 and "did you mean `unit`" in wrong.err
