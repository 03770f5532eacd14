"""Emitted files are those that were read and accepted: `pytest --accept` renews them."""

import shutil
import subprocess
from pathlib import Path

import pytest
import zoo

from netwright.emit import emit
from netwright.pipeline import Checked

GOLDEN = Path(__file__).parent / "golden"
TARGETS = ("torch", "keras")
SPECS = sorted(file.relative_to(zoo.SPECS).as_posix() for file in zoo.SPECS.rglob("*.net"))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("spec", SPECS)
def test_an_emitted_file_is_the_accepted_one(
    spec: str, target: str, request: pytest.FixtureRequest
) -> None:
    file = GOLDEN / f"{spec.removesuffix('.net')}_{target}.py"
    checked: Checked = zoo.checked(spec)
    if not checked.nets:
        return
    text = emit(checked, target)
    if request.config.getoption("--accept"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), "`pytest --accept` writes it"
    assert text == file.read_text(encoding="utf-8"), "`pytest --accept` renews it, to be read"


def test_no_accepted_file_is_left_of_a_spec_that_is_gone() -> None:
    known = {f"{spec.removesuffix('.net')}_{target}.py" for spec in SPECS for target in TARGETS}
    found = {file.relative_to(GOLDEN).as_posix() for file in GOLDEN.rglob("*.py")}
    assert found <= known


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_accepted_files_pass_ruff(command: list[str]) -> None:
    ruff = shutil.which("ruff") or pytest.importorskip("ruff").find_ruff_bin()
    done = subprocess.run(
        [ruff, *command, "--isolated", "--no-cache", str(GOLDEN)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
