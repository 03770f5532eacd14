"""Small specs and what becomes of them: what stays a class, a loop, a parameter, a condition."""

from pathlib import Path

import pytest
from marks import CASES
from marks import checked as checked_file

from netwright.diagnostics import Report
from netwright.emit import TARGETS, emit
from netwright.files import DiskFiles
from netwright.parse import parse
from netwright.pipeline import Checked, check
from netwright.source import Source
from netwright.targets.code import loop_header

HEAD = "net Net(classes=10) {\n    input image[3, 32, 32]\n"
TAIL = "    global_avg_pool\n    fc: linear(classes)\n}\n"


def checked(text: str) -> Checked:
    """A spec that must be right."""
    report = Report()
    result = check(parse(Source("a.net", text), report), DiskFiles(), report)
    assert not report.diagnostics, [found.message for found in report.diagnostics]
    return result


def torch_of(body: str, blocks: str = "") -> str:
    """The PyTorch of a net with these lines."""
    return emit(checked(blocks + HEAD + body + TAIL), "torch")


def keras_of(body: str, blocks: str = "") -> str:
    """The Keras of a net with these lines."""
    return emit(checked(blocks + HEAD + body + TAIL), "keras")


RESIDUAL = """block residual(width, stride=1) {
    add [
        { conv1: conv(width, 3x3, stride=stride, pad=1) }
        if stride != 1 or in.channels != width { down: conv(width, 1x1, stride=stride) }
    ]
    relu
}
"""


def test_a_block_stays_one_class_whatever_it_is_called_with() -> None:
    text = torch_of("    a: residual(8)\n    b: residual(16, stride=2)\n", RESIDUAL)
    assert text.count("class Residual(") == 1
    assert "self.a = Residual(3, 8)" in text
    assert "self.b = Residual(8, 16, stride=2)" in text


def test_equal_layers_that_are_passed_in_other_words_make_one_class() -> None:
    path = CASES / "tricky" / "passed_in_other_words.net"
    text = emit(checked_file(path), "torch")
    assert text.count("For f = leaky_relu(slope=0.1) only") == 1


def test_a_condition_on_parameters_stays_a_condition() -> None:
    text = torch_of("    a: residual(8)\n", RESIDUAL)
    assert "if stride != 1 or in_channels != width:" in text
    assert "self.down: nn.Conv2d | None = None" in text
    assert "if self.down is not None:\n            x = self.down(x)" in text


def test_the_else_of_two_inequalities_assumes_both_equalities() -> None:
    text = torch_of("    a: residual(8)\n", RESIDUAL)
    assert "(in_channels, H, W) -> (width, (H - 1) // stride + 1" in text


def test_a_loop_stays_a_loop_and_carries_the_channels() -> None:
    text = torch_of("    for i in range(4) { stage{i}: conv(8 * 2**i, 3x3, pad=1) }\n")
    assert "channels = 3\n        for i in range(4):" in text
    assert 'f"stage{i}", nn.Conv2d(channels, 8 * 2**i, 3, padding=1)' in text
    assert "channels = 8 * 2**i" in text
    assert "self.fc = nn.Linear(channels, classes)" in text


def test_sizes_that_nothing_needs_are_not_carried() -> None:
    text = torch_of("    for i in range(2) { s{i}: conv(8, 3x3, stride=2, pad=1) }\n")
    assert "height" not in text and "columns" not in text


def test_an_expression_keeps_the_words_of_the_spec() -> None:
    block = (
        "block wide(width) {\n    let out = 4 * width\n    conv(out, 1x1) -> conv(out, 3x3)\n}\n"
    )
    text = torch_of("    wide(8)\n", block)
    assert "out = 4 * width" in text
    assert "nn.Conv2d(out, out, 3)" in text


def test_swapped_names_are_assigned_at_once() -> None:
    body = "    stem: conv(8, 1x1)\n    let p, q = _, _\n    for i in range(3) {\n        "
    body += "add [ p, q ]\n        c{i}: conv(8, 3x3, pad=1)\n        let p, q = q, _\n    }\n"
    text = torch_of(body)
    assert "p, q = x, x" in text
    assert "p, q = q, x" in text


def test_what_is_wanted_later_is_not_overwritten() -> None:
    block = "block gate(width) {\n    conv(width, 1x1) -> relu\n    add [ in, _ ]\n}\n"
    text = torch_of("    stem: conv(8, 1x1)\n    gate(8)\n", block)
    assert "y: Tensor = self[0](x)" in text
    assert "x + y" in text


def test_relu_works_in_place_only_on_what_nobody_else_reads() -> None:
    text = torch_of("    skip: conv(8, 1x1)\n    a: relu\n    add [ skip, _ ]\n")
    assert "self.a = nn.ReLU()" in text
    fresh = torch_of("    c: conv(8, 1x1)\n    a: relu\n")
    assert "self.a = nn.ReLU(inplace=True)" in fresh


def test_a_block_used_at_two_ranks_becomes_two_classes() -> None:
    block = "block unit(width) { conv(width, 3, pad=1) -> relu }\n"
    text = emit(
        checked(
            block
            + "net Net {\n    input image[3, 8, 8]\n"
            + "    unit(4)\n    flatten(from=1)\n    unit(2)\n}\n"
        ),
        "torch",
    )
    assert "class Unit2d(nn.Sequential)" in text
    assert "class Unit1d(nn.Sequential)" in text


def test_arms_of_different_rank_are_written_once_a_distinct_use() -> None:
    block = "block end(width, flat=false) {\n    if flat { global_avg_pool -> linear(width) } "
    block += "else { conv(width, 1x1) }\n}\n"
    net = "net Net {\n    input image[3, 8, 8]\n    a: end(4)\n    b: end(2, flat=true)\n}\n"
    text = emit(checked(block + net), "torch")
    assert "class End(nn.Sequential)" in text and "class End2(nn.Sequential)" in text
    assert "For flat = True only" in text


def test_a_flattened_size_is_an_argument_of_a_block_and_a_product_in_a_net() -> None:
    block = "block head(classes) { flatten -> linear(classes) }\n"
    net = "net Net {\n    input image[3, 8, 8]\n    conv(4, 3x3)\n    head(5)\n}\n"
    text = emit(checked(block + net), "torch")
    assert "def __init__(self, in_features: int, classes: int)" in text
    assert "Head(4 * 6 * 6, 5)" in text


def test_keras_counts_members_by_the_loop_variable_where_that_is_exact() -> None:
    text = keras_of("    body: repeat 3 { conv(8, 1x1) -> batch_norm }\n")
    assert 'name=f"body_{2 * i}"' in text
    assert 'name=f"body_{2 * i + 1}"' in text
    assert "index" not in text


def test_keras_counts_along_where_a_condition_decides_how_many_there_are() -> None:
    block = "block body(n, norm=false) {\n    repeat n {\n        conv(8, 1x1)\n        "
    block += "if norm { batch_norm }\n    }\n    conv(4, 1x1)\n}\n"
    text = keras_of("    body(2)\n", block)
    assert "index = 0" in text and "index += 1" in text
    assert 'name=f"{name}_{index}"' in text


def test_the_same_text_gives_the_same_bytes() -> None:
    assert torch_of("    a: residual(8)\n", RESIDUAL) == torch_of("    a: residual(8)\n", RESIDUAL)


def test_what_is_set_is_the_default_of_the_net_and_of_no_block() -> None:
    spec = checked(
        "block part(width=4) { conv(width, 1x1) }\n"
        "net Net(width, hidden=2 * width, sizes: list = [1]) {\n"
        "    input image[3, 8, 8]\n    part\n"
        "    conv(hidden, 1x1)\n    for size in sizes { conv(size, 1x1) }\n}\n"
        "net Main = Net(8)\n"
    )
    for target in ("torch", "keras"):
        code = emit(spec, target, settings={"width": 5, "hidden": 3, "sizes": (7, 9)})
        assert "width: int = 4" in code  # the block's own
        assert "width: int = 5" in code and "hidden: int = 3" in code
        assert "sizes: Sequence[int] = (7, 9)" in code


def test_a_loop_over_numbered_items_says_what_it_reads() -> None:
    assert loop_header(["i", "_"], "enumerate(depths)") == "for i in range(len(depths)):"
    assert loop_header(["i", "_"], "enumerate(reversed(depths))") == "for i in range(len(depths)):"
    assert loop_header(["i", "_"], "enumerate(reversed(range(n)))") == "for i in range(n):"
    assert loop_header(["i", "_"], "enumerate(zip(a, b))") == "for i, _ in enumerate(zip(a, b)):"
    assert loop_header(["i", "_"], "enumerate(depths, 1)") == "for i, _ in enumerate(depths, 1):"
    assert loop_header(["_", "n"], "enumerate([1, 2])") == "for n in [1, 2]:"
    assert loop_header(["i", "(a, b)"], "enumerate(zip(a, b))").startswith("for i, (a, b) in")


RIGHT = sorted(file for file in CASES.glob("right/*.net") if file.stem != "long_net")


@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_every_right_program_is_written_as_code(file: Path) -> None:
    spec = checked_file(file)
    for target in TARGETS if spec.nets else ():
        compile(emit(spec, target), f"{file.stem}_{target}.py", "exec")
