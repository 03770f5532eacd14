"""Wrong programs: each gives exactly the errors that it marks, where it marks them."""

from pathlib import Path

import pytest
from marks import CASES, checked, errors, marks

WRONG = sorted((*CASES.glob("errors/*.net"), *CASES.glob("multi/*.net")))


@pytest.mark.parametrize("file", WRONG, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_wrong_program_gives_its_errors_and_no_others(file: Path) -> None:
    left = errors(checked(file))
    found = [f"{d.span.line}: [{d.code}] {d.message} ({d.help})" for d in left]
    wanted = marks(file)
    assert wanted, "no mark"
    for mark in wanted:
        match = next((diagnostic for diagnostic in left if mark.fits(diagnostic)), None)
        assert match is not None, f"expected {mark}, found {found}"
        left.remove(match)
    assert not left, f"{len(found)} errors, not {len(wanted)}: {found}"
