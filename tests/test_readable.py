"""Specs are short, and the page on emitted code says what its command prints."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from zoo import SPECS

ROOT = Path(__file__).parents[1]
LONGEST = {
    "resnet.net": 80,
    "googlenet.net": 100,
    "densenet.net": 60,
    "squeezenet.net": 50,
    "unet.net": 40,
    "keras/nasnet.net": 150,
}


@pytest.mark.parametrize("spec", LONGEST)
def test_a_spec_is_no_longer_than_its_paper_deserves(spec: str) -> None:
    lines = (SPECS / spec).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST[spec]


@pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torchvision", "keras")),
    reason="the table stands beside both libraries' files",
)
def test_the_table_of_emitted_files_is_the_one_of_today() -> None:
    command = [sys.executable, "benchmarks/readable.py", "--markdown"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (ROOT / "docs" / "emitted-code.md").read_text(encoding="utf-8")
    assert done.stdout in page, f"`{' '.join(command[1:])}` makes it"
