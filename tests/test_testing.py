"""`netwright.testing`: nets that shrink to small specs, the plug-in, and the page about both."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from effort import cases
from hypothesis import Phase, find, given, settings

import netwright
from netwright.api import Net
from netwright.diagnostics import SpecError
from netwright.ops import find as ops
from netwright.testing import assert_params, assert_same_function, assert_shapes, nets, specs, vary
from netwright.testing.drafts import spec
from netwright.testing.pen import Rolled

PAGE = Path(__file__).parents[1] / "docs" / "property-testing.md"
FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.M | re.S)
PLUGIN = ("-p", "no:netwright", "-p", "netwright.testing.plugin")

SMALL = "net Small(width=4, se=false) {\n    input image[3, 6, 6]\n    conv(width, 3)\n}\n"
WRONG = "net A {\n    input image[3, 8, 8]\n    conv(4, 3)\n    expect params == 1\n}\n"


# Strategies


@cases(100)
@given(specs())
def test_random_specs_check(text: str) -> None:
    assert netwright.loads(text)


def test_random_specs_use_every_layer_and_construct() -> None:
    text = "\n".join(spec(Rolled(seed)) for seed in range(400))
    used = {name for name in ops.NAMES if re.search(rf"\b{name}\b", text)}
    losses = {name for name in ops.NAMES if ops.find(name).__module__.endswith(".losses")}
    assert set(ops.NAMES) - used <= {"list", "matmul", "l2_distance", "parameter", *losses}
    constructs = (
        "for ",
        "repeat ",
        "if ",
        "} else {",
        "let ",
        "shared ",
        "splice ",
        "output ",
        "when training",
        "set ",
        "require ",
        ": block",
        ": norm",
        ": activation",
        ": kernel",
        "_: {",
        "in.channels",
        "_.channels",
        "{i}",
        " = Net(",
        "enumerate(",
        "zip(",
        "reversed(",
    )
    assert [found for found in constructs if found not in text] == []


def repeats(net: Net) -> bool:
    """Whether a net has a loop and weights."""
    return "repeat" in repr(net) and net.params > 0


def test_a_failing_net_shrinks_to_a_few_lines() -> None:
    quick = settings(max_examples=300, phases=[Phase.generate, Phase.shrink], database=None)
    lengths = [
        len(repr(find(nets(), repeats, settings=quick, random=Random(seed))).splitlines())
        for seed in range(3)
    ]
    assert sorted(lengths)[1] <= 16


def test_a_net_shows_the_spec_that_makes_it() -> None:
    shown = repr(find(nets(), lambda net: True))
    assert shown.startswith("loads('''")
    text = ast.literal_eval(shown.removeprefix("loads(").removesuffix(")"))
    assert netwright.loads(text)


@cases(50)
@given(vary(netwright.loads(SMALL)["Small"]))
def test_vary_keeps_to_what_the_spec_allows(net: Net) -> None:
    width = dict(net.instance.args)["width"]
    assert width >= 1 and net.params == 28 * width


def test_vary_shows_its_arguments() -> None:
    net = find(vary(netwright.loads(SMALL)["Small"]), lambda net: net.params > 28 * 4)
    assert re.fullmatch(r"Small\(.*width=5.*\)", repr(net)), repr(net)


# Assertions


def test_assertions_take_a_spec_or_a_net() -> None:
    pytest.importorskip("torch")
    assert_params(SMALL)
    assert_shapes(netwright.loads(SMALL)["Small"])


def test_assertions_refuse_a_spec_that_is_wrong() -> None:
    with pytest.raises(SpecError):
        assert_params(WRONG)


def test_assertions_say_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(Net, "torch_module", lambda net: torch.nn.Conv2d(3, 4, 3))
    with pytest.raises(AssertionError, match=r"`0.weight`|0.weight is not in the module"):
        assert_params(SMALL)
    monkeypatch.setattr(Net, "torch_module", lambda net: torch.nn.Conv2d(3, 5, 3))
    with pytest.raises(AssertionError, match="140 params in PyTorch, 112 here"):
        assert_params(SMALL)


def test_two_functions_that_differ_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("keras")
    other = netwright.loads(SMALL.replace("conv(width, 3)", "conv(width, 3) -> relu"))["Small"]
    monkeypatch.setattr(Net, "keras_model", lambda net: other._made("keras", {}))
    with pytest.raises(AssertionError, match="differs by"):
        assert_same_function(SMALL)


# The plug-in


def test_the_plug_in_runs_each_expectation(pytester: pytest.Pytester) -> None:
    pytester.makefile(".net", good=SMALL.replace("}", "    expect params == 112\n}"), bad=WRONG)
    result = pytester.runpytest(*PLUGIN)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*bad.net: A: expect params == 1*", "*`params` is 112*"])


def test_the_plug_in_reports_a_spec_that_does_not_check(pytester: pytest.Pytester) -> None:
    pytester.makefile(".net", broken="net A {\n    input image[3, 8, 8]\n    conf(4, 3)\n}\n")
    result = pytester.runpytest(*PLUGIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*error?unknown-layer?*"])


def test_nets_without_an_expectation_are_checked_all_the_same(pytester: pytest.Pytester) -> None:
    pytester.makefile(".net", plain=SMALL)
    pytester.runpytest(*PLUGIN).assert_outcomes(passed=1)
    pytester.runpytest(*PLUGIN, "--no-nets").assert_outcomes()


# The page


def test_the_page_is_true(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("keras")
    environment = {"KERAS_BACKEND": "torch", **os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for kind, name, text in FENCE.findall(PAGE.read_text()):
        if name:
            (tmp_path / name).write_text(text)
        elif kind == "python":
            (tmp_path / "example.py").write_text(text)
            subprocess.run(
                [sys.executable, "example.py"], cwd=tmp_path, env=environment, check=True
            )
        else:
            command, *expected = text.splitlines()
            assert command == "$ pytest -q"
            ran = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *PLUGIN],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            lines = (re.sub(r" in [\d.]+s$", "", line) for line in expected)  # how long is not told
            wanted = ".*".join(map(re.escape, lines))  # warnings of the frameworks between
            assert re.search(wanted, ran.stdout, re.S), ran.stdout + ran.stderr
