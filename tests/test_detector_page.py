"""What `docs/detectors.md` says is so: its spec is built, and its programs run."""

from pathlib import Path
from typing import Any

import pytest
from test_docs import DOCS, Example, commands, examples

import netwright
from netwright import cli

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")

FENCES = list(examples(DOCS / "detectors.md"))
SCRIPTS = [fence for fence in FENCES if fence.kind == "python"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a reader has: the spec, its files, weights and a picture."""
    image = pytest.importorskip("PIL.Image")
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("the page is for TensorFlow")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (spec,) = (fence for fence in FENCES if fence.kind == "net")
    spec.write(tmp_path, "shapes.net")
    torch.manual_seed(2)
    module = netwright.load("shapes.net")["Shapes"].torch_module()
    with torch.no_grad():
        for weight in module.parameters():
            weight.normal_(std=(2 / weight[0].numel()) ** 0.5 if weight.dim() > 1 else 0.3)
    torch.save(module.state_dict(), "shapes.pth")
    pixels = torch.randint(0, 256, (90, 140, 3), dtype=torch.uint8)
    image.fromarray(pixels.numpy()).save("picture.png")
    return tmp_path


def run(script: Example) -> dict[str, Any]:
    """The variables of a program when it ends."""
    names: dict[str, Any] = {}
    exec(compile(script.text, f"<line {script.line}>", "exec"), names)
    return names


def test_the_page_of_detectors_runs_as_it_stands(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = pytest.importorskip("PIL.Image")
    for command, _ in (one for f in FENCES if f.kind == "console" for one in commands(f.text)):
        assert cli.main(command) == 0, capsys.readouterr().err
    there, here, *_ = [run(script) for script in SCRIPTS]
    assert len(there["found"]["labels"]) > 0
    assert here["found"]["labels"].tolist() == there["found"]["labels"].tolist()
    for name in ("found.png", "found_keras.png"):
        assert image.open(home / name).size == (140, 90)
        assert (home / name).read_bytes() != (home / "picture.png").read_bytes()
