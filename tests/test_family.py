"""`show --family`: the stages of nets side by side, as papers have them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from console import Run

Spec = Callable[..., str]
SPECS = Path(__file__).parent.parent / "specs"

FAMILY = """
block unit(width, stride=1) {
    add [
        {
            conv1: conv(width, 3x3, stride=stride, pad=1)
            relu
            conv2: conv(width, 3x3, pad=1)
        }
        if stride != 1 or in.channels != width { down: conv(width, 1x1, stride=stride) }
    ]
}

block fork(width) {
    concat [ conv(width, 1x1), conv(width, 3x3, pad=1) ]
}

net Family(first, second) {
    input image[3, 32, 32]
    stem: conv(8, 5x5, stride=2, pad=2)
    stage_1: repeat first { unit(8) }
    max_pool(2x2)
    stage_2: repeat second { unit(16) }
    mixed: fork(12)
    global_avg_pool
    fc: linear(10)
}

net Small_1 = Family(2, 1)
net Large = Family(2, 3)
"""

TEXT = """\
stage             output   Small_1                  Large
──────────────────────────────────────────────────────────────────────────
stem … stage_1    16×16    5×5, 8, stride 2         5×5, 8, stride 2
                           ⎡3×3, 8⎤ ×2              ⎡3×3, 8⎤ ×2
                           ⎣3×3, 8⎦                 ⎣3×3, 8⎦
stage_2 … mixed   8×8      2×2 max pool, stride 2   2×2 max pool, stride 2
                           ⎡3×3, 16⎤                ⎡3×3, 16⎤ ×3
                           ⎣3×3, 16⎦                ⎣3×3, 16⎦
                           fork(12)                 fork(12)
fc                1        global average pool      global average pool
                           10-d fc                  10-d fc
"""

LATEX = r"""
\midrule
stage\_2 … mixed & 8$\times$8 & \multicolumn{2}{c}{2$\times$2 max pool, stride 2} \\
"""


def test_stages_are_side_by_side_with_blocks_in_brackets(run: Run, spec: Spec) -> None:
    out = run("show", spec(FAMILY), "--family").out
    assert out.startswith(TEXT), out


def test_latex_tells_once_what_nets_share_and_escapes_names(run: Run, spec: Spec) -> None:
    out = run("show", spec(FAMILY), "--family", "--as", "latex").out
    assert LATEX.replace("…", r"\ldots{}").strip() in out
    assert r"stage & output & Small\_1 & Large \\" in out
    bracket = r"$\left[\begin{tabular}{@{}c@{}}3$\times$3, 16 \\ 3$\times$3, 16\end{tabular}\right]"
    assert rf"{bracket}\times 3$" in out
    assert out.isascii()


@pytest.mark.parametrize("name", ["resnet", "densenet", "vgg", "mobilenet"])
def test_latex_is_well_formed(run: Run, name: str) -> None:
    nets = {"resnet": ("ResNet18", "ResNet152"), "vgg": ("VGG11", "VGG19")}.get(name, ())
    chosen = [word for net in nets for word in ("--net", net)]
    out = run("show", str(SPECS / f"{name}.net"), *chosen, "--family", "--as", "latex").out
    columns = len(re.findall("l|c", out.splitlines()[0].split("}")[-2]))
    inner = re.compile(r"\\begin\{tabular\}\{@\{\}c@\{\}\}((?!\\begin).)*?\\end\{tabular\}")
    for line in out.splitlines()[1:-1]:
        bare, found = line, 1
        while found:
            bare, found = inner.subn("", bare)
        if bare.startswith("\\") or not bare:
            continue
        assert bare.endswith(r" \\") and bare.count("$") % 2 == 0
        spans = sum(int(n) - 1 for n in re.findall(r"\\multicolumn\{(\d+)\}", bare))
        assert bare.count("&") + spans == columns - 1, line


def test_the_table_of_the_paper_comes_out_of_the_spec(run: Run) -> None:
    nets = ("--net", "ResNet18", "--net", "ResNet50")
    out = run("show", str(SPECS / "resnet.net"), *nets, "--family", "--as", "markdown").out
    assert (
        "| layer3 | 14×14 | [3×3, 256; 3×3, 256] ×2 | [1×1, 256; 3×3, 256; 1×1, 1024] ×6 |" in out
    )
    found = json.loads(
        run("show", str(SPECS / "resnet.net"), *nets, "--family", "--format", "json").out
    )
    assert found["stages"][2]["cells"][1] == [
        {"lines": ["1×1, 128", "3×3, 128", "1×1, 512"], "block": True, "times": 4}
    ]


def test_nets_of_several_families_are_not_mixed_unasked(run: Run, spec: Spec) -> None:
    other = FAMILY + "\nnet Other {\n    input image[3, 8, 8]\n    conv(4, 1x1)\n}\n"
    path = spec(other)
    done = run("show", path, "--family")
    assert (done.code, "which nets are a family" in done.err) == (2, True)
    assert run("show", path, "--family", "--net", "Large", "--net", "Other").code == 0
