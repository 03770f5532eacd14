"""`netwright show`: the ledger in every form, activations at a scale, and what sizes must be."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from console import GOOD, Run

from netwright.report.sheet import escaped

Spec = Callable[..., str]

OPEN = """
net Open {
    input image[3, H=64, W=96]
    conv(8, 3x3, pad=1)
    space_to_depth(4)
}
"""


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("text", "a     conv    [4, 8, 8]     112  6.91 K"),
        ("markdown", "| a | conv |  | [4, 8, 8] | 112 | 6.91 K |"),
        ("latex", "a & conv &  & [4, 8, 8] & 112 & 6.91 K &"),
    ],
)
def test_the_ledger_has_every_form(run: Run, spec: Spec, form: str, line: str) -> None:
    path = spec("net Small {\n    input image[3, 8, 8]\n    a: conv(4, 3x3, pad=1)\n    relu\n}\n")
    assert line in run("show", path, "--as", form).out


def test_csv_has_the_numbers_in_full(run: Run, spec: Spec) -> None:
    path = spec()
    rows = list(csv.DictReader(io.StringIO(run("show", path, "--as", "csv").out)))
    whole = json.loads(run("show", path, "--json").out)
    assert [row["path"] for row in rows] == [line["path"] for line in whole["lines"]]
    for name in ("params", "macs", "activation_bytes"):
        assert sum(int(row[name]) for row in rows) == whole[name]
    assert max(int(row["inference_bytes"]) for row in rows) == whole["inference_bytes"]


def test_activations_are_counted_for_a_batch_in_a_precision(run: Run, spec: Spec) -> None:
    path = spec("net Small {\n    input image[3, 8, 8]\n    a: conv(4, 3x3, pad=1)\n    relu\n}\n")
    one, many = (
        json.loads(run("show", path, "--json", *more).out)
        for more in ((), ("--batch", "6", "--precision", "bf16"))
    )
    for name in ("activation_bytes", "inference_bytes"):
        assert many[name] == 3 * one[name]
    assert [line["inference_bytes"] // 4 for line in one["lines"]] == [7 * 64, 8 * 64]
    assert "6 examples in bf16" in run("show", path, "--batch", "6", "--precision", "bf16").out
    assert run("show", path, "--batch", "none").code == 2


def test_a_depth_holds_for_programs_too(run: Run, spec: Spec) -> None:
    path = spec(GOOD)
    whole = json.loads(run("show", path, "--json").out)
    short = json.loads(run("show", path, "--json", "--depth", "1").out)
    assert sum(line["params"] for line in short["lines"]) == whole["params"]


def test_what_sizes_must_be_is_shown(run: Run, spec: Spec) -> None:
    path = spec(OPEN)
    assert "`H` and `W` must each be a multiple of 4" in run("show", path).out
    found = json.loads(run("show", path, "--json").out)
    assert found["sizes"][0] == {
        "name": "H",
        "checked": 64,
        "must_be": "a multiple of 4",
        "period": 4,
        "rests": [0],
        "least": 4,
        "others": [],
    }
    assert found["together"] == []


def test_latex_has_no_sign_that_its_plain_font_shows_as_another() -> None:
    assert escaped("a<b>|c − d·e") == (r"a\textless{}b\textgreater{}\textbar{}c $-$ d$\cdot$e")
