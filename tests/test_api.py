"""The Python interface."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import netwright
from netwright.api import written

SPEC = """block unit(width) {
    conv(width, 3x3, pad=1, bias=false) -> batch_norm -> relu
}

block wide(width) {
    conv(2 * width, 1x1) -> relu
}

net Small(classes=10, widths=[4, 8], part: block = unit, title="x") {
    input image[3, 8, 8]
    for width in widths {
        part(width)
    }
    global_avg_pool
    linear(classes)
}

net Tiny = Small(widths=[2])
"""
SOURCE = """class Thing:
    def __init__(self, classes=1):
        self.classes = classes


def small(classes=1):
    return Thing(classes)
"""


@pytest.fixture
def nets() -> netwright.Nets:
    return netwright.loads(SPEC)


@pytest.fixture
def emitted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Emits a source that stands for the real one, and tells what was asked for."""
    asked: list[Any] = []

    def emit(checked: Any, target: str, nets: Any, settings: Any, freeze: Any) -> str:
        asked.append((target, [net.name for net in nets], settings))
        return SOURCE

    monkeypatch.setitem(sys.modules, "netwright.emit", SimpleNamespace(emit=emit))
    yield asked


def test_a_spec_is_a_mapping_of_its_nets(nets: netwright.Nets) -> None:
    assert list(nets) == ["Small", "Tiny"]
    assert len(nets) == 2 and "Small" in nets and "Large" not in nets
    assert nets["Small"].name == "Small"


def test_counts_are_those_of_the_spec(nets: netwright.Nets) -> None:
    small = nets["Small"]
    assert small.params == 3 * 4 * 9 + 8 + 4 * 8 * 9 + 16 + 90
    assert small.total_params == small.params + 24
    assert sum(line.params for line in small.lines) == small.params
    assert sum(line.macs for line in small.lines) == small.macs
    assert [line.kind for line in small.lines][:3] == ["conv", "batch_norm", "relu"]
    assert f"{small.params:,}" in repr(small)


def test_depth_counts_layers_with_weights(nets: netwright.Nets) -> None:
    assert nets["Small"].depth == 3


def test_other_arguments_give_another_net(nets: netwright.Nets) -> None:
    small = nets["Small"]
    assert small(classes=1).params == small.params - 81
    assert small(widths=[2]).params == nets["Tiny"].params
    assert small(widths=(2,), classes=1)(classes=10).params == nets["Tiny"].params
    assert small(part="wide", widths=range(1, 2)).params == 3 * 2 + 2 + 30
    assert small(title='"quoted" {name} \\').params == small.params
    assert nets["Tiny"](classes=1).params == nets["Tiny"].params - 27
    assert small() is small


def test_a_variant_of_an_imported_net_takes_its_arguments(tmp_path: Path) -> None:
    (tmp_path / "small.net").write_text(SPEC, encoding="utf-8")
    spec = tmp_path / "other.net"
    spec.write_text("use small (Small)\n\nnet Other = Small(widths=[2])\n", encoding="utf-8")
    assert netwright.load(spec)["Other"](classes=3).instance.result.tensor.sizes == (3,)


def test_arguments_that_do_not_fit_are_errors_of_python_or_of_the_spec(
    nets: netwright.Nets,
) -> None:
    with pytest.raises(TypeError, match=r"did you mean `classes`\?"):
        nets["Small"](clases=3)
    with pytest.raises(netwright.SpecError, match="classes"):
        nets["Small"](classes=-1)
    with pytest.raises(TypeError, match="no spec can say"):
        nets["Small"](classes={})


def test_an_unknown_net_is_a_key_error_with_a_suggestion(nets: netwright.Nets) -> None:
    with pytest.raises(KeyError, match=r"did you mean `Small`\?"):
        nets["Smal"]


def test_a_wrong_spec_raises_all_its_errors(tmp_path: Path) -> None:
    file = tmp_path / "wrong.net"
    file.write_text(
        "".join(f"net {name} {{\n    input x[3]\n    linea{name}(4)\n}}\n" for name in "AB")
    )
    with pytest.raises(netwright.SpecError, match=r"wrong\.net:3:5") as caught:
        netwright.load(file)
    assert [found.span.line for found in caught.value.diagnostics] == [3, 7]


def test_a_missing_file_is_a_file_not_found_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        netwright.load(tmp_path / "missing.net")


def test_the_source_is_asked_for_this_net_with_its_arguments(
    nets: netwright.Nets, emitted: list[Any]
) -> None:
    assert nets["Small"](classes=3).torch() == SOURCE
    assert nets["Tiny"].keras() == SOURCE
    assert emitted == [("torch", ["Small"], {"classes": 3}), ("keras", ["Tiny"], {})]


def test_the_module_is_made_from_the_source_and_can_be_inspected(
    nets: netwright.Nets, emitted: list[Any]
) -> None:
    import inspect
    import pickle

    made = nets["Small"].torch_module(classes=7)
    assert made.classes == 7
    assert inspect.getsource(type(made)).startswith("class Thing:")
    assert pickle.loads(pickle.dumps(made)).classes == 7
    assert type(nets["Small"].torch_module()) is type(made)


def test_python_values_are_written_as_a_spec_writes_them() -> None:
    values = [True, None, 1, 0.5, [1, (2, 3)], "3x3"]
    words = ["true", "none", "1", "0.5", "[1, [2, 3]]", "3x3"]
    assert [written(value, quote=False) for value in values] == words
    assert written('a "b"', quote=True) == '"a \\"b\\""'


def test_a_kernel_is_given_as_the_constructors_take_it() -> None:
    spec = "net N(kernel: kernel = 3) {\n    input image[3, 8, 8]\n    conv(4, kernel)\n}\n"
    net = netwright.loads(spec)["N"]
    assert net(kernel=(1, 3)).params == 4 * 3 * 3 + 4
    assert net(kernel=1).params == 4 * 3 + 4


def test_importing_netwright_imports_nothing_of_it() -> None:
    code = "import sys, netwright; print(*(m for m in sys.modules if 'netwright.' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == ""
    assert {"load", "loads", "SpecError"} <= set(netwright.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    name = "no_such_name"
    with pytest.raises(AttributeError, match=name):
        getattr(netwright, name)
