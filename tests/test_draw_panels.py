"""Pictures: each block once in a panel, and how much of a net a page shows."""

import pytest
from pictures import box, drawing, drawn, said, words

import netwright
from netwright.draw import CannotDraw
from netwright.draw.model import Kind


def test_each_distinct_block_is_a_panel_with_symbols() -> None:
    found = drawing("Residual")
    panels = {panel.title.bold: panel for panel in found.frames if panel.kind is Kind.PANEL}
    assert list(panels) == ["Bottleneck A", "Bottleneck B"]
    assert panels["Bottleneck A"].title.plain == "c → 4·width, /stride"
    assert panels["Bottleneck A"].title.right == "used 2 times"
    assert panels["Bottleneck A"].note == "width = 16, 32 · stride = 1, 2"
    assert panels["Bottleneck B"].title.right == "used 5 times"
    assert said(found)["p0_conv2"] == "Conv 3×3 width, /stride | BN · ReLU"
    assert said(found)["p0_downsample_0"] == "Conv 1×1 4·width, /stride | BN"
    assert "p1_downsample_0" not in said(found)


def test_a_block_that_is_one_box_has_no_panel() -> None:
    titles = [frame.title.bold for frame in drawing("Inception").frames]
    assert titles == ["Inception", "Head"]
    assert said(drawing("Inception"))["p0_branch2_1_conv"] == "Conv 3×3 c3 | BN · ReLU"


def test_a_block_that_is_used_in_one_way_has_numbers() -> None:
    assert said(drawing("Siamese"))["p0_4"] == "Flatten | Linear 16 | Sigmoid"


def test_level_one_has_no_panels_and_level_three_no_blocks() -> None:
    one, three = drawing("Residual", 1), drawing("Residual", 3)
    assert not [frame for frame in one.frames if frame.kind is Kind.PANEL]
    assert len(one.boxes) == 10 and len(three.boxes) == 43
    assert not [each for each in three.boxes if "Bottleneck" in words(each)]
    assert {frame.title.bold for frame in three.frames} == {"layer1", "layer2"}


def test_what_does_not_fit_a_page_is_left_out_by_default_and_said() -> None:
    tall, labels = drawing("Tall"), drawing("Labels")
    assert len(tall.boxes) <= 60 and "the middle left out" in tall.subtitle[-1]
    assert "… 94 more" in words(box(tall, "elided"))
    assert len(labels.boxes) == 12 and words(box(labels, "stage3_0")).startswith("stage3 17→18")
    assert "each label as one box" in labels.subtitle[-1]
    assert len(drawing("Tall", 3).boxes) == 152


def test_a_block_is_opened_where_it_stands() -> None:
    found = drawing("Residual", expand=frozenset(("bottleneck",)))
    assert not [frame for frame in found.frames if frame.kind is Kind.PANEL]
    badges = [f.title.badge for frame in found.frames for f in frame.frames]
    assert badges == ["", "×2", "", "×3"]
    with pytest.raises(CannotDraw, match="no block `nothing`"):
        drawing("Residual", expand=frozenset(("nothing",)))


ROUNDED = """def half(n) = max(4, int(round(n / 2)))
block b(width, drop: float, kernel=3) {
    conv(half(width), 1x1)
    if half(width) > 4 { relu } else { relu }
    conv(3 * width, kernel, pad=kernel // 2, groups=half(width) // 2)
    stochastic_depth(drop)
    conv(in.channels, 1x1)
}
net N {
    input image[8, 16, 16]
    b(16, 0.1)
    conv(12, 1x1)
    b(32, 0.2, kernel=5)
}"""


def test_a_block_that_has_no_formula_compares_its_uses() -> None:
    found = said(drawn(netwright.loads(ROUNDED)["N"], 2))
    told = [text for id, text in found.items() if id.startswith("p0_") and text]
    assert told == [
        "Conv 1×1 width/2 | ReLU",
        "Conv kernel 3·width, width/4 groups | StochasticDepth drop",
        "Conv 1×1 c",
    ]


def test_a_division_that_leaves_nothing_is_told_by_what_it_gives() -> None:
    text = """block b(width, base=64) {
        conv(32 * (base * width // 64), 1x1)
        conv(in.channels // 2, 1x1)
    }
    net N {
        input image[8, 16, 16]
        b(16, base=8) -> b(32, base=8) -> conv(9, 1x1)
    }"""
    found = said(drawn(netwright.loads(text)["N"], 2))
    told = [text for id, text in found.items() if id.startswith("p0_") and text]
    assert told == ["Conv 1×1 4·width", "Conv 1×1 c/2"]


def test_a_panel_tells_no_parameter_that_is_as_usual() -> None:
    text = "block b(width, groups=1) { conv(width, 3x3, groups=groups) -> max_pool(2x2) }"
    net = netwright.loads(f"{text}\nnet N {{\ninput image[3, 16, 16]\nb(8) -> conv(9, 1x1)\n}}")[
        "N"
    ]
    (panel,) = [frame for frame in drawn(net, 2).frames if frame.kind is Kind.PANEL]
    assert panel.note == "width = 8"
