"""Emitted files as pyright reads them, which believes what libraries say of their types."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import zoo

import netwright
from netwright.emit import emit

DETECTORS = Path(__file__).parent / "cases" / "detectors"
TEMPLATES = Path(__file__).parents[1] / "templates"
NEEDED = {"torch": ("torch", "torchvision"), "keras": ("keras",)}
OF_BOXES = re.compile(r"boxes|anchors|frame")


def sources(target: str) -> dict[str, str]:
    """A file for each spec of the zoo and each case of a detector."""
    specs = sorted(path.relative_to(zoo.SPECS).as_posix() for path in zoo.SPECS.rglob("*.net"))
    checked = {spec.replace("/", "_"): zoo.checked(spec) for spec in specs}
    for path in DETECTORS.glob("*.net"):
        text = path.read_text(encoding="utf-8").replace("OUTPUT", "warped")
        checked[f"case_{path.name}"] = netwright.loads(text)._checked
    return {name[:-4]: emit(spec, target) for name, spec in checked.items() if spec.nets}


@pytest.mark.slow
@pytest.mark.parametrize("target", NEEDED)
def test_pyright_has_nothing_to_say(target: str, tmp_path: Path) -> None:
    if not all(find_spec(name) for name in ("pyright", *NEEDED[target])):
        pytest.skip("it is not installed")
    texts = sources(target)
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[:3000] + done.stderr[:1000]
    every = "\n".join(texts.values())
    written = set(re.findall(r"^(?:class|def) (\w+)", every, re.MULTILINE))
    helpers = (TEMPLATES / target / "helpers").glob("*.py")
    of_boxes = {file.stem for file in helpers if OF_BOXES.search(file.read_text(encoding="utf-8"))}
    assert of_boxes - written == set()
