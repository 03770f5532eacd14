"""What the Keras code of small nets says, where the model alone would not show it."""

import os
import re

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
pytest.importorskip("keras")

import netwright


def code(text: str) -> str:
    """The emitted code of the last net."""
    net = list(netwright.loads(text).values())[-1]
    net.keras_model()
    return net.keras()


def test_layers_that_no_output_depends_on_are_left_out_and_told() -> None:
    source = code(
        "net N {\n input image[3, 8, 8]\n let kept = _\n conv(4, 1)\n kept -> conv(2, 1)\n}"
    )
    assert source.count("Conv2D") == 1
    assert 'name="1"' in source
    assert "8 trainable parameters" in source
    said = " ".join(source.split())
    assert "24 with layers that no output depends on, which Keras leaves out" in said


def test_an_output_of_a_block_that_nobody_reads_gets_no_variable() -> None:
    block = "block cell {\n conv(4, 1)\n output grade: relu\n}\n"
    source = code(block + "net N {\n input image[3, 8, 8]\n cell -> relu\n}")
    assert 'x = cell(image, name="0")["output"]' in source
    assert "grade =" not in source.partition("def n(")[2]


def test_names_are_left_to_keras_where_the_spec_says_so() -> None:
    block = "set keras(names=auto)\nblock unit(width) {\n conv(width, 1) -> batch_norm\n}\n"
    lines = " shared twice = unit(3)\n unit(3)\n twice -> twice\n repeat 2 {\n relu\n }\n"
    source = code(f"{block}net N {{\n input image[3, 8, 8]\n{lines}}}")
    assert re.findall(r"name=([^,)]*)", source) == ['"image"', '"twice"', "name"]
    assert "for _ in range(2):" in source


def test_loops_count_no_turns_that_no_name_needs() -> None:
    source = code("net N {\n input image[3, 8, 8]\n repeat 2 {\n relu -> max_pool(2)\n }\n}")
    assert "for _ in range(2):" in source


def test_a_block_without_weights_names_nothing() -> None:
    block = "block twin {\n for k in range(2) {\n out{k}: tanh\n }\n}\n"
    line = ' for j in range(2) {\n twin\n "norm{j}": batch_norm\n }\n'
    source = code(f"{block}net N {{\n input image[2, 5, 5]\n{line}}}")
    assert "name" not in source.partition("def twin")[2].partition("def n(")[0]


@pytest.mark.parametrize(
    ("line", "held", "said"),
    [("gru(4, biases=1)", 108, "96 with one bias for each gate"), ("lstm(4)", 128, "144 with")],
)
def test_the_count_of_a_recurrent_layer_is_keras_s_and_the_other_is_told(
    line: str, held: int, said: str
) -> None:
    net = netwright.loads(f"net N {{\n input steps[5, 3]\n {line}\n}}")["N"]
    assert net.keras_model().count_params() == held
    assert f"{held} trainable parameters" in net.keras()
    assert said in " ".join(net.keras().split())


@pytest.mark.parametrize(
    "line",
    [
        "avg_pool(3, stride=2, pad=same)",
        "pad(same, kernel=3, stride=2)",
        "upsample(2, mode=bicubic)",
    ],
)
def test_what_must_know_sizes_is_written_for_those_that_were_checked(line: str) -> None:
    source = code(f"net N {{\n input image[4, H=8, W=8]\n {line}\n}}")
    assert "keras.Input((8, 8, 4)" in source
    assert "For H = 8, W = 8 only" in source
