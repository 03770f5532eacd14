"""The compiler's laws, on random nets that use every layer and construct, and on all our specs."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from effort import FACTOR, cases
from general import assert_general, assert_general_in_keras
from hypothesis import given
from hypothesis import strategies as st

import netwright
from netwright.api import Net
from netwright.diagnostics import Report
from netwright.fmt import format as formatted
from netwright.formula import formula_text
from netwright.instance import Instance
from netwright.lower.lowerer import Lowerer
from netwright.parse import parse
from netwright.pipeline import Checked
from netwright.source import Source
from netwright.tally import params as by_formula
from netwright.testing import assert_params, assert_same_function, assert_shapes, nets, specs, vary
from netwright.testing.drafts import spec
from netwright.testing.pen import Rolled

os.environ.setdefault("KERAS_BACKEND", "torch")
torch = pytest.importorskip("torch")

ROOT = Path(__file__).parents[1]
SPECS = sorted((ROOT / "specs").rglob("*.net"))
TRICKY = sorted((Path(__file__).parent / "cases" / "tricky").glob("*.net"))
ids = {"ids": lambda path: path.stem}


# Random nets


OPEN = pytest.mark.xfail(reason="random nets still find faults in emission", strict=False)


@cases(60)
@given(nets())
def test_the_emitted_module_has_the_weights_and_shapes_of_the_net(net: Net) -> None:
    assert_params(net)
    assert_shapes(net)


@cases(15)
@given(nets())
def test_both_frameworks_compute_the_same_function(net: Net) -> None:
    assert_params(net, keras=True)
    assert_same_function(net)


@cases(60)
@given(nets())
def test_the_formula_of_a_random_block_counts_what_its_instances_do(net: Net) -> None:
    assert_formulas(net._checked)


@cases(60)
@given(st.data(), nets())
def test_the_module_under_other_arguments_is_the_net_with_them(data: Any, net: Net) -> None:
    assert_general(net, data.draw(vary(net)))


@cases(15)
@given(st.data(), nets())
def test_the_keras_function_under_other_arguments_is_the_net_with_them(data: Any, net: Net) -> None:
    assert_general_in_keras(net, data.draw(vary(net)))


@cases(100)
@given(specs())
def test_formatting_a_random_spec_changes_nothing_that_is_meant(text: str) -> None:
    once = formatted(text)
    assert tree(once) == tree(text)
    assert formatted(once) == once


# Our own specs


@pytest.mark.parametrize("path", SPECS, **ids)
def test_the_formula_of_each_block_counts_what_its_instances_do(path: Path) -> None:
    assert_formulas(netwright.load(path)._checked)


@pytest.mark.parametrize("path", SPECS, **ids)
def test_each_net_under_other_arguments_is_the_net_with_them(path: Path) -> None:
    for net in netwright.load(path).values():
        general(net)()


@pytest.mark.parametrize("path", TRICKY, **ids)
def test_what_was_once_emitted_wrong_is_right(path: Path) -> None:
    for net in netwright.load(path).values():
        assert_params(net, keras=True)
        assert_same_function(net)
        assert_formulas(net._checked)


def test_the_same_spec_gives_the_same_bytes_on_every_hash_seed() -> None:
    seeds = range(round(10 * FACTOR))
    found = {digests(seeds, str(hashed)) for hashed in (0, 1)}
    assert len(found) == 1, "the emitted code depends on PYTHONHASHSEED"


def test_emitted_code_stands_alone() -> None:
    for path in TRICKY or SPECS[:1]:
        for net in netwright.load(path).values():
            for source in (net.torch(), net.keras()):
                assert "import netwright" not in source and "from netwright" not in source


# What the laws say


def general(net: Net) -> Callable[[], None]:
    """A property test of one net, with no memory for its weights."""

    @cases(2)
    @given(vary(net))
    def run(other: Net) -> None:
        with torch.device("meta"):
            assert_general(net, other, compute=False)

    return run


def assert_formulas(checked: Checked) -> None:
    """Every instance has the params that the formula of its block gives."""
    lowerer = Lowerer(checked.program)
    instances: list[Instance | None] = [*checked.binder.instances.values()]
    for instance in [*instances, *checked.binder.nets.values()]:
        if instance is not None and not instance.failed:
            assert by_formula(lowerer, instance) == instance.totals.params, instance.name
            if instance.definition.home is checked.program.main:
                assert formula_text(checked, instance.name)


def tree(text: str) -> Any:
    """The declarations of a spec, without their places."""
    report = Report()
    file = parse(Source("spec.net", text), report)
    assert not report.failed, text
    return file.declarations


def digests(seeds: range, hashed: str) -> str:
    """What a fresh Python emits for some random specs."""
    program = (
        "import sys; sys.path[:0] = sys.argv[3:]\n"
        "from test_laws import digest\n"
        "print(digest(range(int(sys.argv[1]), int(sys.argv[2]))))"
    )
    arguments = [str(seeds.start), str(seeds.stop), str(Path(__file__).parent), *sys.path]
    environment = {**os.environ, "PYTHONHASHSEED": hashed}
    made = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout


def digest(seeds: range) -> str:
    """One number for the code of some random specs, in both targets."""
    found = hashlib.sha256()
    for seed in seeds:
        for net in netwright.loads(spec(Rolled(seed))).values():
            found.update(net.torch().encode())
            found.update(net.keras().encode())
    return found.hexdigest()
