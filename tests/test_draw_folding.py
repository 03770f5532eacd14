"""Pictures: what repeats is one box or one frame with a badge."""

from pictures import drawing, drawn, said

import netwright
from netwright.draw.model import Kind, Line


def test_equal_neighbours_are_one_box_and_the_first_of_a_stage_is_another() -> None:
    found = said(drawing("Residual"))
    assert found["layer1_0"] == "Bottleneck A 16→64 4.9 K"
    assert found["layer1_1"] == "Bottleneck B 64 4.5 K ×2"
    assert found["layer2_0"] == "Bottleneck A 64→128, /2 24 K"
    assert found["layer2_1"] == "Bottleneck B 128 18 K ×3"
    assert "layer1_2" not in found


def test_layers_in_a_loop_are_one_box_though_the_first_has_other_channels() -> None:
    found = said(drawing("Plain"))
    assert found["features_0"].startswith("Conv 3×3 16") and found["features_0"].endswith(
        "×3 | ReLU"
    )


def test_labels_that_count_in_letters_are_told_from_the_first_to_the_last() -> None:
    lines = [f"Mixed_6{letter}: b(8)" for letter in "bcde"]
    text = "block b(width) { conv(width, 1x1) -> conv(width, 1x1) }\n"
    found = drawn(
        netwright.loads("\n".join([f"{text}net N {{\ninput image[8, 4, 4]", *lines, "}"]))["N"]
    )
    assert said(found)["Mixed_6b"] == "B 8 144 ×4 | Mixed_6b…e"


def test_growing_blocks_are_one_box_that_says_how_they_grow() -> None:
    found = said(drawing("Dense"))
    assert found["block1_layer1"].startswith("DenseLayer 16→64, +8 each")
    assert found["block1_layer1"].endswith("in all ×6 | block1.layer1…6")


def test_a_period_is_one_frame_with_a_badge() -> None:
    frames = [f for f in drawing("Pairs").frames if f.kind is Kind.REPEAT]
    assert [frame.title.badge for frame in frames] == ["×3", "×5"]
    assert [len(frame.boxes) for frame in frames] == [2, 3]


def test_a_skip_stays_in_a_frame_that_repeats() -> None:
    found = drawing("Pairs")
    names = set(found.frames[1].boxes)
    skips = [wire for wire in found.wires if wire.line is Line.SKIP]
    assert len(skips) == 1 and skips[0].head in names


def test_cells_that_take_the_two_before_them_are_one_box() -> None:
    found = drawing("Cells")
    assert said(found)["cell0"].endswith("×4 | each takes the 2 before it")
    assert [wire.line for wire in found.wires if wire.head == "cell0"] == [Line.FLOW, Line.FLOW]


def test_a_run_begins_where_its_turns_count_alike() -> None:
    pair = "conv(16, 1x1) -> max_pool(3x3, stride=1, pad=1)"
    lines = ["input image[8, 16, 16]", pair, pair, pair, "conv(16, 1x1)", "conv(9, 3x3)"]
    found = drawn(netwright.loads("\n".join(["net N {", *lines, "}"]))["N"])
    (frame,) = [frame for frame in found.frames if frame.kind is Kind.REPEAT]
    assert (frame.title.right, frame.title.badge) == ("272", "×3")
    assert [said(found)[name] for name in frame.boxes] == ["MaxPool 3×3", "Conv 1×1 16 272"]


def test_turns_that_count_unlike_are_counted_in_all() -> None:
    text = """net N {
        input image[8, 16, 16]
        for i in range(3) { conv(16, 1x1) -> max_pool(3x3, stride=1, pad=1) }
        conv(9, 3x3)
    }"""
    found = drawn(netwright.loads(text)["N"])
    (frame,) = [frame for frame in found.frames if frame.kind is Kind.REPEAT]
    assert (frame.title.right, frame.title.badge) == ("688 in all", "×3")


def test_blocks_that_differ_in_a_chance_alone_are_one_box() -> None:
    text = """block b(drop: float, ratio: float) {
        add [ _, { conv(int(8 * ratio), 1x1) -> conv(8, 1x1) -> stochastic_depth(drop) } ]
    }
    net N {
        input image[8, 16, 16]
        for i in range(4) { b(0.1 * i, 1.0) }
        b(0.5, 2.0)
    }"""
    found = said(drawn(netwright.loads(text)["N"], 2))
    assert [words for words in found.values() if words.startswith("B ")] == [
        "B 8 144 ×4",
        "B 8 280",
    ]
