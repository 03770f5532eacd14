"""`netwright lint`: each rule says what its page shows, and nothing of the networks we ship."""

import json
import re
from pathlib import Path

import pytest
from console import Run
from effort import cases
from hypothesis import given

import netwright
from netwright.commands import explain
from netwright.lint import MARKS, RULES, lint
from netwright.lint.graph import Graph
from netwright.lint.shrinking import cuts
from netwright.testing import specs

SPECS = sorted((Path(__file__).parents[1] / "specs").rglob("*.net"))
PAGES = explain.pages(explain.REMARKS)
FENCE = re.compile(r"^```net (wrong|right)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def said(text: str) -> dict[str, str]:
    """The remarks on a spec: codes, each with its message and help."""
    nets = [net._net for net in netwright.loads(text).values()]
    return {one.code: f"{one.message}; {one.help}" for one in lint(nets)}


# The rules


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {*RULES, *MARKS} == PAGES.keys()


@pytest.mark.parametrize("code", PAGES)
def test_a_page_shows_a_net_of_which_it_is_said_and_one_of_which_not(code: str) -> None:
    found = {kind: said(text) for kind, text in FENCE.findall(explain.page(code))}
    assert list(found["wrong"]) == [code]
    assert code not in found["right"]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_nothing_is_said_of_a_shipped_net_without_a_reason_beside_it(path: Path) -> None:
    nets = [net._net for net in netwright.load(path).values()]
    assert [f"{one.span.line}: {one.code}" for one in lint(nets)] == []
    for mark in re.findall(r"# lint: allow(.*)", path.read_text()):
        assert re.search(r": \S", mark), "a reason"


@pytest.mark.parametrize(
    ("layers", "code", "number"),
    [
        ("conv(64, 3x3)\n batch_norm", "bias-before-norm", "saves 64 params"),
        ("conv(32, 3x3)\n relu\n conv(32, 5x5)", "large-kernel", "saves 15,360 params"),
        ("conv(16, 3x3, stride=2)", "stride-drops-rows", "an input of 31 or 33 rows fits"),
        ("conv(512, 3x3)\n relu\n conv(512, 3x3)", "wide-on-large-map", "saves 1.39 G MACs"),
        (
            "conv(64, 1x1)\n relu\n conv(2, 1x1)\n relu\n conv(8, 1x1)",
            "representational-bottleneck",
            "32 to 1",
        ),
        ("let a = _\n conv(8, 3x3)\n a -> conv(4, 3x3) -> relu\n", "dead-branch", ""),
        ("conv(8, 3x3)\n b: image\n conv(8, 3x3)", "unused-label", "nothing reads `b`"),
    ],
)
def test_a_remark_has_its_number(layers: str, code: str, number: str) -> None:
    found = said(f"net Example {{\n input image[3, 32, 32]\n {layers}\n}}\n")
    assert number in found[code]


def test_sizes_that_fit_are_told_of_the_input_as_well() -> None:
    lines = ("input image[3, 224, 224]", "conv(8, 3x3, stride=2, pad=1)", "max_pool(3x3, stride=2)")
    text = "net Example {\n" + "\n".join(lines) + "\n}\n"
    help = said(text)["stride-drops-rows"]
    assert "a map of 111 or 113 rows fits, as from an input of 221 or 225" in help
    assert not said(text.replace("224", "225"))


def test_every_layer_alone_on_its_way_is_a_cut() -> None:
    text = "net Example {\n input image[3, 8, 8]\n relu\n add [ conv(3, 1x1), _ ]\n tanh\n}\n"
    graph = Graph(netwright.loads(text)["Example"].instance)
    assert [layer.step.op.name for layer in cuts(graph)] == ["relu", "add", "tanh"]


@cases(100)
@given(specs())
def test_of_any_net_something_is_said_once_a_line_with_a_place(text: str) -> None:
    found = lint([net._net for net in netwright.loads(text).values()])
    assert len({(one.code, one.span.start) for one in found}) == len(found)
    for one in found:
        assert one.span.source.text[one.span.start : one.span.end].strip()


# Where a rule does not apply

ENDS = "net Example {\n    input features[32]\n    linear(10)\n    softmax%s\n}\n"


@pytest.mark.parametrize(
    "text",
    [
        ENDS % "  # lint: allow softmax-output: the loss takes probabilities",
        ENDS.replace("    softmax%s", "    # lint: allow softmax-output: so\n    softmax"),
        "# lint: allow softmax-output: so\n" + ENDS % "",
    ],
)
def test_a_mark_on_a_line_or_above_it_is_heard(text: str) -> None:
    assert "softmax-output" not in said(text)


CALLED = """
block unit(width) {
    conv(width, 3x3)
    batch_norm
}

# lint: allow bias-before-norm: as published
net First {
    input image[3, 8, 8]
    unit(8)
}
"""


def test_a_mark_on_a_net_speaks_of_the_blocks_it_calls_and_of_no_other_net() -> None:
    assert said(CALLED) == {}
    other = CALLED + "\nnet Second {\n    input image[3, 8, 8]\n    unit(16)\n}\n"
    assert list(said(other)) == ["bias-before-norm"]
    assert list(said(CALLED.replace("conv(width, 3x3)", "conv(width, 3x3, bias=false)"))) == [
        "unused-mark"
    ]


def test_a_mark_speaks_of_its_line_alone() -> None:
    text = ENDS % ""
    assert said(
        text.replace("linear(10)", "linear(10)  # lint: allow softmax-output: no")
    ).keys() == {
        "softmax-output",
        "unused-mark",
    }


def test_the_command_finds_marks_options_and_settings(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.net").write_text(ENDS % "")
    result = run("lint", "a.net")
    assert result.code == 1 and "warning[softmax-output]" in result.err
    assert run("lint", "a.net", "--allow", "softmax-output").code == 0
    assert run("lint", "a.net", "--allow", "sotfmax-output").code == 2
    found = json.loads(run("lint", "a.net", "--format", "json").out)["diagnostics"]
    assert [(one["code"], one["severity"], one["line"]) for one in found] == [
        ("softmax-output", "warning", 4)
    ]
    Path("pyproject.toml").write_text('[tool.netwright.lint]\nallow = ["softmax-output"]\n')
    assert run("lint", "a.net").code == 0
    Path("pyproject.toml").write_text('[tool.netwright.lint]\nallow = "softmax-output"\n')
    assert run("lint", "a.net").code == 2
