"""The command line under test: run in this process, on specs in a folder of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from netwright import cli

GOOD = """net Small(classes=10) {
    input image[3, 8, 8]
    conv1: conv(4, 3x3)
    global_avg_pool
    fc: linear(classes)
}
"""
WRONG = """net Small {
    input image[3, 8, 8]
    add [
        conv(4, 1x1)
        conv(5, 1x1)
    ]
}
"""
LIBRARY = "block unit(width) {\n    conv(width, 3x3)\n}\n"

Run = Callable[..., SimpleNamespace]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs a command line in this process: exit code, standard output and error."""

    def run(*words: str | Path) -> SimpleNamespace:
        code = cli.main([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return SimpleNamespace(code=code, out=out.decode(), err=err.decode())

    return run


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Writes a spec into the working folder and gives its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str = GOOD, name: str = "small.net") -> str:
        Path(name).write_text(text, encoding="utf-8")
        return name

    return write


def shell(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own."""
    command = [sys.executable, "-m", "netwright", *words]
    return subprocess.run(command, capture_output=True, text=True, **options)
