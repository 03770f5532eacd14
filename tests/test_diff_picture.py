"""`netwright diff -o`: the second net with what changed in it, and what is gone beside it."""

from pathlib import Path

import pytest
import zoo
from console import Run
from pictures import box, words
from touching import Page

import netwright
from netwright.draw.difference import compose_difference
from netwright.draw.dot import render
from netwright.draw.model import Drawing
from netwright.draw.theme import LIGHT, Family

SMALL = """block unit(width, k=3) {
    conv: conv(width, k, pad=same, bias=false)
    bn: batch_norm
    relu
    mix: conv(width, 1x1)
}
net Small(classes=10) {
    input image[3, 32, 32]
    conv1: conv(16, 7x7, pad=3)
    relu
    stage: repeat 2 { unit(16) }
    max_pool(2x2)
    global_avg_pool
    fc: linear(classes)
}
"""
PAIRS = [
    ("resnet.net", "ResNet50", "ResNet101"),
    ("resnet.net", "ResNet101", "ResNet50"),
    ("resnet.net", "ResNet18", "ResNet50"),
    ("vgg.net", "VGG11", "VGG16_BN"),
    ("unet.net", "UNet", "UNet_Same"),
    ("googlenet.net", "GoogLeNet", "GoogLeNet_NoAux"),
    ("densenet.net", "DenseNet121", "DenseNet201"),
    ("inception.net", "InceptionV3", "InceptionV4"),
    ("keras/nasnet.net", "NASNetMobile", "NASNetLarge"),
]


def difference(before: netwright.Net, after: netwright.Net) -> Drawing:
    return compose_difference((before._checked, before._net), (after._checked, after._net))


def small(old: str, new: str) -> Drawing:
    before, after = netwright.loads(SMALL)["Small"], netwright.loads(SMALL.replace(old, new))
    return difference(before, after["Small"])


def of_zoo(spec: str, before: str, after: str) -> Drawing:
    nets = zoo.nets(spec)
    return difference(nets[before], nets[after])


def marks(found: Drawing) -> dict[str, str]:
    """What is said of the boxes that have a mark."""
    kinds = ("added", "removed", "changed", "renamed")
    return {each.id: words(each) for each in found.boxes if each.kind in kinds}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "7x7, pad=3",
            "3x3, pad=1",
            ["≠ changed | Conv 3×3 16 448 | ReLU | k 7x7 → 3x3, pad 3 → 1"],
        ),
        ("repeat 2", "repeat 5", ["+ added | Unit 16 2.6 K ×3"]),
        ("repeat 2", "repeat 1", ["− removed | Unit 16 2.6 K"]),
        ("unit(16)", "unit(16, k=5)", ["≠ changed | Unit 16 6.7 K ×2 | stage | k 3 → 5"]),
        ("    bn: batch_norm\n", "", ["≠ changed | Unit 16 2.6 K ×2 | stage | − bn"]),
        ("    max_pool(2x2)\n", "", ["− removed | MaxPool 2×2 /2"]),
        ("fc:", "head:", ["→ renamed | Linear 10 170 | was fc"]),
        ("    fc:", "    linear(32)\n    fc:", ["+ added | Linear 32 544"]),
    ],
)
def test_a_change_is_a_mark_on_its_box(old: str, new: str, found: list[str]) -> None:
    assert [said for said in marks(small(old, new)).values() if "fc" not in said or "was" in said][
        : len(found)
    ] == found


def test_what_is_unchanged_is_one_box() -> None:
    found = small("fc: linear(classes)", "fc: linear(7)")
    assert [words(each) for each in found.boxes] == [
        "image  3×32×32",
        "unchanged 5 boxes 7.6 K | conv1 … global_avg_pool",
        "≠ changed | Linear 7 119 | features 10 → 7",
        "fc  7",
    ]


def test_marks_are_told_apart_without_their_colours() -> None:
    found = small("repeat 2", "repeat 4")
    added = next(each for each in found.boxes if each.kind == "added")
    assert added.heavy and not added.dashed and added.rows[0].muted == "+ added"
    gone = next(each for each in small("repeat 2", "repeat 1").boxes if each.kind == "removed")
    assert gone.dashed and not gone.heavy and gone.rows[0].muted == "− removed"
    assert added.family is Family.ACTIVATION and gone.family is Family.POOLING


def test_what_is_gone_stands_beside_what_it_was_behind() -> None:
    found = small("    max_pool(2x2)\n", "")
    (wire,) = [wire for wire in found.wires if wire.head == "gone_max_pool"]
    assert words(box(found, wire.tail)).startswith("unchanged 3 boxes")


def test_the_page_counts_the_changes_and_tells_of_checkpoints() -> None:
    found = of_zoo("resnet.net", "ResNet50", "ResNet101")
    assert found.title == "ResNet50 → ResNet101"
    assert " · ".join(found.subtitle) == (
        "25.56 M → 44.55 M params (+18.99 M) · 4.09 G → 7.80 G MACs (+3.71 G) · 17 added · "
        "checkpoints do not load: 306 missing"
    )
    assert [key[1] for row in found.legend for key in row] == ["+ added", "unchanged", "repeats"]


@pytest.mark.parametrize(("spec", "before", "after"), PAIRS)
def test_a_difference_is_one_page_on_which_nothing_touches(
    spec: str, before: str, after: str
) -> None:
    found = Page(render(of_zoo(spec, before, after), LIGHT))
    assert not list(found.faults())
    assert 1 / 3 <= found.aspect <= 3 and found.boxes <= 60


def test_the_command_draws_and_says_by_its_code_whether_checkpoints_load(
    run: Run, tmp_path: Path
) -> None:
    spec, picture = tmp_path / "a.net", tmp_path / "change.dot"
    spec.write_text(SMALL + "net Wide = Small(classes=99)\n", encoding="utf-8")
    done = run("diff", str(spec), "--net", "Small", "--net", "Wide", "-o", str(picture))
    assert done.code == 1 and "≠ changed" in picture.read_text(encoding="utf-8")
    same = run("diff", str(spec), "--net", "Small", "--net", "Small", "-o", str(picture))
    assert same.code == 0 and "no change" in picture.read_text(encoding="utf-8")
    several = run("diff", str(spec), str(spec), "-o", str(picture))
    assert several.code == 2 and "--net" in several.err
    other = run("diff", str(spec), "--net", "Small", "--net", "Wide", "-o", "a.gif")
    assert other.code == 2 and "gif" in other.err
