"""`docs/zoo.md` has the nets of the zoo with the counts of their specs, and what is on record."""

import re

import proofs
import pytest
import zoo
from proofs import Result

RESULTS = proofs.read()


def test_the_page_has_the_nets_of_the_zoo_and_what_is_on_record() -> None:
    written = proofs.PAGE.read_text(encoding="utf-8")
    assert written == proofs.page(RESULTS), "python tests/prove.py --page"


def test_the_page_has_a_row_for_each_net_with_its_params() -> None:
    written = proofs.PAGE.read_text(encoding="utf-8").partition("## [")[2]
    rows = re.findall(r"^\| (\w+) \| ([\d,]+) \|", written, re.MULTILINE)
    nets = [(entry.net, zoo.nets(entry.spec)[entry.net]) for entry in zoo.entries()]
    assert len(rows) == len(nets)
    for (name, params), (wanted, net) in zip(rows, nets, strict=True):
        assert name == wanted
        assert int(params.replace(",", "")) in (net.params, net.total_params)


def test_what_is_on_record_is_of_nets_that_are_there() -> None:
    there = {(entry.spec, entry.net) for entry in zoo.entries()}
    assert {(one.spec, one.net) for one in RESULTS.values()} <= there
    assert {one.proof for one in RESULTS.values()} == set(proofs.PROOFS)


def test_nothing_on_record_failed() -> None:
    failed = [proofs.key(one) for one in RESULTS.values() if one.outcome == "failed"]
    assert not failed


ENTRY = zoo.Entry("resnet.net", "ResNet18")


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ([], ""),
        ([("tensorflow", "proved", "1e-07")], "1e-7"),
        ([("tensorflow", "proved", ""), ("torch", "proved", "")], "✓"),
        ([("tensorflow", "proved", "1e-07"), ("torch", "failed", "")], "1e-7 ✗"),
        ([("tensorflow", "proved", "0e+00"), ("torch", "cannot", "")], "0 –"),
    ],
)
def test_a_cell_shows_what_came_out(found: list[tuple[str, str, str]], shown: str) -> None:
    results = [
        Result("resnet.net", "ResNet18", "step", backend, outcome, apart)
        for backend, outcome, apart in found
    ]
    assert proofs.cell(ENTRY, "step", {proofs.key(one): one for one in results}) == shown


def test_words_choose_nets_by_a_part_of_spec_or_name() -> None:
    assert proofs.only([], ENTRY) and proofs.only(["ResNet18"], ENTRY)
    assert proofs.only(["vgg", "resnet:"], ENTRY)
    assert not proofs.only(["keras/"], ENTRY)
