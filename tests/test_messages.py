"""What an error says beside its message: the calls that led to it, the other places, the fix."""

from marks import errors, result_of

from netwright.diagnostics import Diagnostic

STAGES = """block unit(width, stride=1) {
    add [
        conv(width, 3x3, stride=stride, pad=1)
        _
    ]
}

block stage(unit: block, width) {
    unit(width)
    repeat 2 { unit(width, stride=2) }
}

net Stages {
    input image[4, 32, 32]
    for i, width in enumerate([4, 4]) {
        layer{i + 1}: for j in range(3) {
            stage(unit, width)
        }
    }
}
"""


def only(spec: str) -> Diagnostic:
    """The one error of a spec."""
    (found,) = errors(result_of(spec))
    return found


def test_the_trace_names_blocks_labels_and_turns() -> None:
    trace = [(step.span.line, step.message) for step in only(STAGES).trace]
    assert trace == [
        (10, "in unit(4, stride=2), repeat 1 of 2"),
        (17, "in stage(unit, 4), layer1, repeat 1 of 3"),
    ]


def test_a_loop_of_the_body_itself_is_in_the_trace() -> None:
    spec = "net N {\ninput x[3, 8, 8]\nfor k in [3, 3, 9] {\nconv(3, k)\n}\n}\n"
    assert [step.message for step in only(spec).trace] == ["repeat 3 of 3"]


def test_both_operands_are_shown() -> None:
    found = only(STAGES)
    assert [(other.span.line, other.message) for other in found.related] == [
        (3, "branch 1 ends in [4, 16, 16]"),
        (10, "branch 2 is the input of the block, [4, 32, 32]"),
    ]
    assert found.help == "branch 1 has half the resolution: `stride=2` in the other, too"


def test_a_branch_that_widens_has_a_fix() -> None:
    spec = "net N {\ninput x[3, 8, 8]\nadd [ conv(8, 1x1), _ ]\n}\n"
    assert only(spec).help == "project branch 2: `conv(8, 1x1, bias=false) -> batch_norm`"


def test_a_branch_that_loses_cells_has_a_fix() -> None:
    spec = "net N {\ninput x[3, 8, 8]\nconcat [ conv(8, 5x5), _ ]\n}\n"
    assert only(spec).help == "branch 1 is 4 cells smaller: `pad=2` keeps them"


def test_a_splice_is_in_the_trace() -> None:
    spec = "block cell(k) {\nconv(3, k)\n}\n\nnet N {\ninput x[3, 8, 8]\nsplice cell(9)\n}\n"
    assert [(step.span.line, step.message) for step in only(spec).trace] == [(7, "in cell(9)")]


def test_long_values_are_cut_in_messages() -> None:
    spec = "net N {\ninput x[3, 8, 8]\nlet a = [7] * 90_000\nconv(a, 1x1)\n}\n"
    assert len(only(spec).message) < 160
