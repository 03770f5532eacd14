"""The specs that are shipped: their counts and names are those of the official implementations."""

from itertools import pairwise
from pathlib import Path

import pytest
import zoo

from netwright.diagnostics import Report
from netwright.files import DiskFiles
from netwright.fmt import format
from netwright.parse import parse_bytes
from netwright.pipeline import check

FILES = sorted(zoo.SPECS.rglob("*.net"))
LONGEST = {"resnet": 80, "googlenet": 100, "densenet": 60, "squeezenet": 50, "unet": 40, "yolo": 60}


def name(file: Path) -> str:
    return file.relative_to(zoo.SPECS).as_posix()


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_spec_has_no_errors_and_no_warnings(file: Path) -> None:
    report = Report()
    _, parsed = parse_bytes(str(file), file.read_bytes(), report)
    checked = check(parsed, DiskFiles(), report)
    assert not checked.diagnostics


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_spec_begins_with_its_paper_and_says_what_each_part_is(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("## ")
    lines = text.splitlines()
    for before, line in pairwise(lines):
        if line.startswith(("block ", "net ")) and " = " not in line.partition("{")[0]:
            assert before.startswith("##"), line


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_spec_is_formatted(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert format(text) == text


@pytest.mark.proves("counts")
@pytest.mark.parametrize("row", zoo.ROWS, ids=lambda row: row.net)
def test_counts_are_the_published_ones(row: zoo.Row) -> None:
    net = zoo.net(row)
    assert (net.params, net.total_params) == (row.params, row.total_params)
    assert row.macs in (None, net.macs)


@pytest.mark.proves("names")
@pytest.mark.parametrize("row", zoo.OFFICIAL, ids=lambda row: row.net)
def test_names_and_shapes_are_those_of_the_official_state_dict(row: zoo.Row) -> None:
    found = zoo.weights(zoo.net(row))
    assert (len(found), zoo.digest(found)) == (row.weights, row.names_sha256)


@pytest.mark.parametrize("family", LONGEST)
def test_a_family_is_short(family: str) -> None:
    lines = (zoo.SPECS / f"{family}.net").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST[family]


def test_every_net_of_the_specs_states_its_params() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        for found in zoo.nets(name(file)):
            assert found in text
        assert text.count("expect params ==") >= len(zoo.nets(name(file))), file
