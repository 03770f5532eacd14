"""Pictures: what stands where, by the structure of a net."""

from pictures import box, drawing, drawn, words

import netwright
from netwright.draw.model import Line


def test_a_table_stands_beside_what_it_is_joined_to() -> None:
    found = drawing("Tables")
    line = {box(found, name).x for name in ("input_image", "conv", "flatten", "attention", "head")}
    assert len(line) == 1
    assert box(found, "token").x > max(line) and box(found, "places_0").x > max(line)
    assert box(found, "token").y > box(found, "flatten").y
    assert not [wire for wire in found.wires if wire.line is Line.SKIP]


def test_what_goes_past_a_row_of_boxes_is_a_lane_beside_it() -> None:
    text = """block unit(width) { conv(width, 3x3, pad=1) -> conv(width, 3x3, pad=1) }
    net N {
        input image[8, 16, 16]
        a: repeat 3 { unit(8) }
        let first = _
        b: repeat 3 { unit(8) }
        let second = _
        c: repeat 3 { unit(8) }
        concat [ first, second, add [ _, second ] ]
        conv(8, 1x1)
    }"""
    found = drawn(netwright.loads(text)["N"])
    rows = [each for each in found.boxes if words(each).startswith("Unit")]
    assert len({each.x for each in rows}) == 1 and len(rows) == 3
    assert {words(each).partition(" | ")[0] for each in rows} == {"Unit 8 1.2 K ×3"}
    skips = [wire for wire in found.wires if wire.line is Line.SKIP]
    assert {(wire.tail, wire.head) for wire in skips} >= {("a_0", "concat"), ("b_0", "add")}


def test_a_second_input_stands_beside_its_reader() -> None:
    text = """block cross(memory: tensor) {
        add [ _, { layer_norm -> attention(2) } ]
        let query = _
        layer_norm
        attention(2) [ _, memory, memory ]
        add [ _, query ]
    }
    net N {
        input text[T=8, 16]
        input source[S=9, 16]
        text -> cross(source)
        linear(3)
    }"""
    boxes = {words(each): each for each in drawn(netwright.loads(text)["N"], 2).boxes}
    line = boxes["in"].x
    assert boxes["memory"].x > line and boxes["memory"].y > boxes["LayerNorm"].y > boxes["in"].y
    assert boxes["Attention 2 heads"].x == boxes["LayerNorm"].x == line


def test_a_detector_in_two_steps_is_one_row_with_lanes() -> None:
    found = drawing("Stages")
    line = ["stem_conv", "layer1_1", "layer3_1", "maps", "linear", "linear_2", "output_output"]
    assert len({box(found, name).x for name in line}) == 1
    skips = [wire for wire in found.wires if wire.line is Line.SKIP and wire.tail[0] != "p"]
    lanes = {(wire.tail, wire.head) for wire in skips}
    assert lanes == {("layer1_1", "maps"), ("layer2_1", "maps"), ("linear", "add__2")}


def test_an_input_that_no_layer_of_a_block_reads_is_not_in_its_panel() -> None:
    assert "p2_in_maps_0_" in {each.id for each in drawing("Stages").boxes}
    assert "in" not in {words(each) for each in drawing("Stages").boxes}


def test_heads_over_maps_stand_in_a_column_for_each_join() -> None:
    found = drawing("Shots")
    joins = ("moves_concat", "scores_concat")
    heads = {wire.tail: wire.head for wire in found.wires if wire.head in joins}
    columns = {join: {box(found, h).x for h, to in heads.items() if to == join} for join in joins}
    assert len(heads) == 8 and all(len(column) == 1 for column in columns.values())
    maps = ["conv3_0", "conv3_1_conv", "conv3_2_conv", "conv4_1_conv", "conv5_1_conv"]
    line = {box(found, name).x for name in maps}
    assert len(line) == 1 and max(line) < box(found, "scaled").x < min(columns["moves_concat"])
    lowest = max(box(found, name).y for name in (*maps, *heads))
    assert lowest < box(found, joins[0]).y == box(found, joins[1]).y


def test_heads_that_end_in_no_join_of_several_are_no_comb() -> None:
    text = """net N {
        input image[8, 16, 16]
        a: conv(8, 3x3, pad=1)
        b: conv(8, 3x3, pad=1)
        c: conv(8, 3x3, pad=1)
        add [ a -> conv(8, 1x1), b -> conv(8, 1x1), c -> conv(8, 1x1), a, c ]
    }"""
    assert len(drawn(netwright.loads(text)["N"]).boxes) == 9
