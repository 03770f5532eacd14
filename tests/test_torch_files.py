"""Emitted PyTorch files: ruff and mypy have nothing to say, whatever layers they hold."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

import pytest
from test_torch_starts import started_specs
from torch_bodies import ONE_INPUT, in_block, named, numbered
from torch_cases import CASES
from zoo import SPECS

import netwright
from netwright.emit import emit

CACHE = f"--cache-dir={gettempdir()}/netwright-mypy"
CASE_FILES = Path(__file__).parent / "cases"
FOLDERS = [*(CASE_FILES / name for name in ("tricky", "right", "nets")), SPECS]
HELPERS = Path(__file__).parents[1] / "templates" / "torch" / "helpers"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file for each layer: all its cases in bodies of each kind; and one for each spec."""
    folder = tmp_path_factory.mktemp("emitted")
    paths = [path for place in FOLDERS for path in sorted(place.rglob("*.net"))]
    loaded = {"_".join(path.parts[-2:])[:-4]: netwright.load(path) for path in paths}
    for layer, rows in {**CASES, **started_specs()}.items():
        loaded[layer] = netwright.loads(rows if isinstance(rows, str) else "".join(nets_of(rows)))
    for name, nets in loaded.items():
        (folder / f"{name}_.py").write_text(emit(nets._checked, "torch"), encoding="utf-8")
    return folder


def nets_of(rows: list[tuple[str, str]]) -> Iterator[str]:
    for place, (inputs, use) in enumerate(rows):
        yield named(inputs, use, f"A{place}")
        if ";" not in inputs:
            yield numbered(inputs, use, f"B{place}")
        if (inputs, use) in ONE_INPUT:
            yield in_block(inputs, use, f"C{place}")


def tool(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command, "."], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[:3000] + done.stderr[:1000]


@pytest.mark.parametrize(
    "command",
    [
        "ruff check --isolated",
        "ruff format --check --isolated",
        f"mypy --strict --disable-error-code=import-untyped {CACHE}",
    ],
    ids=["check", "format", "types"],
)
def test_emitted_files_are_clean(files: Path, command: str) -> None:
    pytest.importorskip(command.split()[0])
    tool(files, *command.split())


def test_emitted_files_can_be_imported(files: Path) -> None:
    for file in files.glob("*.py"):
        exec(compile(file.read_text(encoding="utf-8"), file.name, "exec"), {"__name__": file.stem})


def test_every_helper_is_written_somewhere(files: Path) -> None:
    texts = "\n".join(file.read_text(encoding="utf-8") for file in files.glob("*.py"))
    used = set(re.findall(r"^(?:class|def) (\w+)", texts, re.MULTILINE))
    assert {file.stem for file in HELPERS.glob("*.py")} - used == set()
