"""Pictures: what boxes, wires and the page say of a net."""

import math
import re

from pictures import box, drawing, drawn, said, words

import netwright
from netwright.draw.model import Line, Shape


def test_a_convolution_is_one_box_with_what_follows_it() -> None:
    assert said(drawing("Residual"))["conv1"] == "Conv 7×7 16, /2 2.4 K | BN · ReLU"


def test_a_parameter_that_is_called_as_what_it_is_for_is_told_once() -> None:
    text = """block b(dilation) { conv(4, 3x3, dilation=dilation) -> relu -> conv(4, 1x1) }
    net N {
        input image[3, 32, 32]
        b(2)
        b(3)
    }"""
    net = netwright.loads(text)["N"]
    found = said(drawn(net, 2))
    assert any("Conv 3×3 4, dilation |" in words for words in found.values())


def test_what_stands_before_a_convolution_is_above_its_name() -> None:
    assert said(drawing("Dense"))["p0_2"] == "BN · ReLU | Conv 1×1 4·growth"


def test_a_label_around_one_box_stands_in_it() -> None:
    assert said(drawing("Around", 1))["body_0"].startswith("Conv 3×3 8")
    text = """block b(width) { conv(width, 1x1) -> conv(width, 1x1) }
    net N {
        input image[8, 16, 16]
        stage: repeat 3 { b(8) }
        head: { conv(9, 1x1) }
    }"""
    found = said(drawn(netwright.loads(text)["N"], 2))
    assert found["stage_0"] == "B 8 144 ×3 | stage"
    assert found["head_0"] == "Conv 1×1 9 81"


def test_numbers_that_say_nothing_alone_have_their_name() -> None:
    text = """net N {
        input image[8, 16, 16]
        layer_norm(axis=0) -> flatten(from=1) -> relu -> reshape(16, 128)
    }"""
    found = said(drawn(netwright.loads(text)["N"]))
    assert found["0"] == "LayerNorm axis 0 16 | Flatten from 1 · ReLU"
    assert found["3"] == "Reshape 16×128"


def test_a_branch_without_weights_is_the_skip_and_one_that_begins_anew_is_none() -> None:
    text = """net N {
        input image[8, 16, 16]
        add [
            avg_pool(1x1) -> pad([[0, 8]], axis=0)
            conv(16, 3x3, pad=1) -> conv(16, 1x1)
        ]
        add [ _, parameter([16, 16, 16]) ]
    }"""
    wires = drawn(netwright.loads(text)["N"]).wires
    skips = {(wire.tail, wire.head) for wire in wires if wire.line is Line.SKIP}
    assert {head for _, head in skips} == {"0", "1", "add"}


def test_side_outputs_and_second_uses_are_dashed() -> None:
    dashed = [each.id for each in drawing("Inception").boxes if each.dashed]
    assert dashed == ["early", "output_early"]
    twin = box(drawing("Siamese"), "tower__2")
    assert twin.dashed and words(twin) == "Twin 16 | tower (shared)"


def test_uses_of_one_module_are_tied() -> None:
    ties = [wire for wire in drawing("Siamese").wires if wire.line is Line.TIE]
    assert [(wire.tail, wire.head) for wire in ties] == [("tower", "tower__2")]


def test_a_wire_tells_a_shape_once_where_it_changes() -> None:
    labels = [wire.label.text for wire in drawing("Residual").wires if wire.label]
    assert labels == ["16×32×32", "16×16×16", "64×16×16", "128×8×8", "128"]


def test_a_bar_has_a_part_for_each_branch() -> None:
    bar = box(drawing("Inception"), "p0_concat")
    assert bar.shape is Shape.BAR and [part.text for part in bar.segments] == ["c1", "c3", "proj"]
    assert math.isclose(sum(part.width for part in bar.segments), bar.width)
    assert words(bar) == "Concat  c1 + c3 + proj"


def test_the_subtitle_counts_the_net_and_names_the_level() -> None:
    found = drawing("Siamese")
    assert found.subtitle[0].startswith("8.4 K params · 119 K MACs · inputs left 1×20×20, right")
    assert found.subtitle[-1].endswith("detail 2: stages and blocks")
    assert drawing("Unet").subtitle[0] == "Down and up again."


def test_the_legend_holds_what_is_there() -> None:
    keys = [key for row in drawing("Text").legend for key, _, _ in row]
    assert keys == ["LINEAR", "SEQUENCE"]
    assert [row[-1][0] for row in drawing("Residual").legend] == ["×"]


def test_a_tooltip_has_all_arguments_and_a_link_the_line() -> None:
    conv = box(drawing("Residual"), "conv1")
    assert "conv(width=16, k=7x7, stride=2, pad=3, dilation=1" in conv.tooltip
    assert "batch_norm(eps=1e-05" in conv.tooltip and "2,384 params" in conv.tooltip
    assert re.fullmatch(r"nets\.net#L\d+", conv.link)


def test_what_cuts_boxes_into_parts_has_no_stride() -> None:
    text = """net N {
        input image[3, H=32, W=32]
        input regions[N=7, 4]
        pool: roi_pool(7) [ image, regions ]
        max_pool(2x2)
    }"""
    found = said(drawn(netwright.loads(text)["N"], 2))
    assert {"RoIPool 7×7", "MaxPool 2×2 /2"} <= {words.rstrip(" |") for words in found.values()}
