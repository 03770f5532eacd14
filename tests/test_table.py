"""`netwright table` and `zoo`: nets side by side."""

import json
from collections.abc import Callable

import pytest
from console import GOOD, WRONG, Run


def test_the_zoo_has_sizes_and_papers(run: Run) -> None:
    nets = json.loads(run("zoo", "resnet50", "--format", "json").out)
    net = next(net for net in nets if net["net"] == "ResNet50" and "keras" not in net["file"])
    assert (net["net"], net["params"], net["depth"]) == ("ResNet50", 25_557_032, 50)
    assert net["paper"] == "He et al., Deep Residual Learning for Image Recognition, 2015"
    assert "ResNet50 " in run("zoo", "resnet").out
    assert run("zoo", "no such net").out == "no net\n"


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("text", "Small     162  3.93 K  0.0      2  image [3, 8, 8]"),
        ("markdown", "| Small | 162 | 3.93 K | 0.0 | 2 | image [3, 8, 8] |  |"),
        ("csv", "Small,small.net,162,3928,0.0,2,"),
        ("latex", r"Small & 162 & 3.93 K & 0.0 & 2 & image [3, 8, 8] \\"),
    ],
)
def test_nets_stand_side_by_side_in_any_form(
    run: Run, spec: Callable[..., str], form: str, line: str
) -> None:
    path = spec()
    assert line in run("table", path, "--as", form).out


def test_a_table_has_the_nets_that_were_asked_for(run: Run, spec: Callable[..., str]) -> None:
    path = spec(GOOD + "net Wide = Small(20)\n")
    (row,) = json.loads(run("table", path, "--net", "Wide", "--format", "json").out)
    assert (row["net"], row["params"]) == ("Wide", 212)
    assert run("table", path, "--net", "Wider").code == 2
    assert run("table", spec(WRONG)).code == 1


def test_a_citation_is_found_among_sentences_and_lines() -> None:
    from netwright.report.overview import cited

    assert cited("A net.\nIt is deep. Ng et al., Deep\nNets, 1999. More, 2001.") == (
        "Ng et al., Deep Nets, 1999"
    )
    assert cited("A net of 12345 layers.") == cited("") == ""
