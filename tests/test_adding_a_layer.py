"""What `docs/adding-a-layer.md` says can be done is done: in a copy of the package, as it says."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import netwright

HOME = Path(netwright.__file__).parent
PAGE = Path(__file__).parent.parent / "docs/adding-a-layer.md"
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)`, which .* \| (\d+) \|$", re.MULTILINE)
MOST = {"hard_shrink": 25, "gem_pool": 60}

COMPARE = """
import json, sys
import numpy, netwright
from netwright.tensor import number
from netwright.weights import to_keras_model

found = {}
for path in sys.argv[1:]:
    for name, net in netwright.load(path).items():
        module, model = net.torch_module().eval(), net.keras_model()
        state = {key: value + 0.1 * value.new_ones(value.shape) for key, value in
                 module.state_dict().items()}
        module.load_state_dict(state)
        to_keras_model(net, state, model)
        (tensor,) = [tensor for _, tensor in net.instance.inputs]
        values = numpy.random.default_rng(0).normal(size=(2, *map(number, tensor.sizes)))
        values = values.astype("float32")
        import torch
        ours = module(torch.from_numpy(values)).detach().numpy()
        theirs = numpy.asarray(model(numpy.moveaxis(values, 1, -1)).cpu().detach())
        theirs = numpy.moveaxis(theirs, -1, 1)
        counts = [sum(p.numel() for p in module.parameters()), model.count_params(), net.params]
        found[name] = [float(abs(ours - theirs).max() / abs(ours).max()), counts]
print(json.dumps(found))
"""


def fences() -> list[tuple[str, str, str]]:
    """Kind, word and text of each block of the page."""
    return FENCE.findall(PAGE.read_text(encoding="utf-8"))


def layer_of(text: str) -> str:
    """The layer that a block is about."""
    name = re.search(r'@op\("(\w+)"|macro (\w+)\(|class (\w+)', text)
    assert name is not None
    found = name[1] or name[2] or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name[3]).lower()
    return found


def put(text: str, place: Path) -> None:
    """Add a block to a file; imports go in front of the others."""
    imports = [line for line in text.splitlines() if line.startswith("from ")]
    body = "\n".join(line for line in text.splitlines() if line not in imports).strip("\n")
    before = place.read_text(encoding="utf-8") if place.exists() else ""
    for line in imports:
        before = before.replace("\nfrom ", f"\n{line}\nfrom ", 1)
    place.write_text(f"{before}\n\n{body}\n" if before else f"{body}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with the layers of the page, and their specs."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(HOME, folder / "netwright", ignore=ignored)
    if not (folder / "netwright/templates").exists():
        shutil.copytree(
            HOME.parent.parent / "templates", folder / "netwright/templates", ignore=ignored
        )
    for kind, word, text in fences():
        if kind == "spec":
            name = re.search(r"net (\w+)", text)
            assert name is not None
            (folder / f"{name[1].lower()}.net").write_text(text, encoding="utf-8")
        else:
            home = "netwright" if word.startswith("ops/") else "netwright/templates"
            put(text, folder / home / word)
    return folder


def run(copy: Path, *words: str) -> str:
    """What Python prints with the copy in front of the package itself."""
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"KERAS_BACKEND": "torch", "NETWRIGHT_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def netwright_(copy: Path, *words: str) -> str:
    return run(copy, "-m", "netwright", *words)


def test_the_lines_are_as_few_as_the_page_says() -> None:
    lines: dict[str, int] = {}
    for kind, _, text in fences():
        if kind != "spec":
            count = sum(bool(line.strip()) for line in text.splitlines())
            lines[layer_of(text)] = lines.get(layer_of(text), 0) + count
    said = {name: int(count) for name, count in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    assert lines == said
    assert all(lines[name] <= most for name, most in MOST.items())


def test_a_spec_can_use_the_new_layers(copy: Path) -> None:
    assert netwright_(copy, "check", "denoiser.net", "retrieval.net").count(" params") == 2
    shown = json.loads(netwright_(copy, "show", "retrieval.net", "--json"))
    (pool,) = [line for line in shown["lines"] if line["kind"] == "gem_pool"]
    assert (pool["path"], pool["output"], pool["params"]) == ("pool", [32], 1)


def test_the_command_line_and_the_reference_know_the_new_layers(copy: Path) -> None:
    said = netwright_(copy, "layers", "hard_shrink", "gem_pool")
    assert "hard_shrink(threshold=0.5)" in said and "gem_pool(p=3.0, eps=1e-06)" in said
    assert "*Weights on `(C, H, W)`:* `p` `[1]`." in run(copy, "-m", "netwright.reference")


def test_a_mistake_with_a_new_layer_is_told(copy: Path) -> None:
    spec = "net N {\n    input x[3]\n    hard_shrink(treshold=-1)\n}\n"
    (copy / "wrong.net").write_text(spec)
    with pytest.raises(AssertionError, match="did you mean `threshold`"):
        netwright_(copy, "check", "wrong.net")


def test_new_layers_are_emitted_as_code_that_ruff_leaves_as_it_is(copy: Path) -> None:
    netwright_(copy, "build", "denoiser.net", "retrieval.net", "-o", "out")
    torch, keras = (copy / f"out/denoiser_{t}.py" for t in ("torch", "keras"))
    assert "nn.Hardshrink(threshold)" in torch.read_text()
    assert "x = ops.hard_shrink(x, threshold=threshold)" in keras.read_text()
    assert "self.pool = GemPool(eps=0.001)" in (copy / "out/retrieval_torch.py").read_text()
    if find_spec("ruff"):
        for check in (["check", "--isolated"], ["format", "--check", "--isolated"]):
            run(copy, "-m", "ruff", *check, "out")


@pytest.mark.slow
def test_both_programs_agree(copy: Path) -> None:
    for package in ("torch", "keras"):
        pytest.importorskip(package)
    compared: dict[str, Any] = json.loads(
        run(copy, "-c", COMPARE, "denoiser.net", "retrieval.net").splitlines()[-1]
    )
    assert set(compared) == {"Denoiser", "Retrieval"}
    for difference, counts in compared.values():
        assert difference < 1e-5 and len(set(counts)) == 1
