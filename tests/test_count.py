"""Depth, receptive field and memory, against what papers say and against loops told in full."""

import pytest
from marks import instance_of

from netwright import count
from netwright.instance import FoldStep, Instance, expand
from netwright.memory import kept

ALEXNET = """net N {
    input image[3, 224, 224]
    conv(64, 11x11, stride=4, pad=2) -> relu -> max_pool(3x3, stride=2)
    conv(192, 5x5, pad=2) -> relu -> max_pool(3x3, stride=2)
    conv(384, 3x3, pad=1) -> relu -> conv(256, 3x3, pad=1) -> relu
    conv(256, 3x3, pad=1) -> relu -> max_pool(3x3, stride=2)
    flatten
    linear(4096) -> relu -> linear(4096) -> relu -> linear(1000)
}
"""
VGG16 = """net N {
    input image[3, 224, 224]
    for width, n in [[64, 2], [128, 2], [256, 3], [512, 3], [512, 3]] {
        repeat n { conv(width, 3x3, pad=1) -> batch_norm -> relu }
        max_pool(2x2)
    }
    global_avg_pool
    linear(4096) -> relu -> linear(4096) -> relu -> linear(1000)
}
"""
RESNET50 = """block unit(width, stride=1) {
    add [
        {
            conv(width, 1x1, stride=stride, bias=false) -> batch_norm -> relu
            conv(width, 3x3, pad=1, bias=false) -> batch_norm -> relu
            conv(4 * width, 1x1, bias=false) -> batch_norm
        }
        if stride != 1 or in.channels != 4 * width {
            conv(4 * width, 1x1, stride=stride, bias=false) -> batch_norm
        }
    ]
    relu
}

net N {
    input image[3, 224, 224]
    conv(64, 7x7, stride=2, pad=3) -> batch_norm -> relu -> max_pool(3x3, stride=2, pad=1)
    for i, n in enumerate([3, 4, 6, 3]) {
        for j in range(n) { unit(64 * 2**i, stride = 2 if i > 0 and j == 0 else 1) }
    }
    global_avg_pool
    linear(1000)
}
"""
PUBLISHED = {"alexnet": (ALEXNET, 8, 195, 32), "vgg": (VGG16, 16, 212, 32)} | {
    "resnet": (RESNET50, 50, 483, 32)
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_counts_are_those_of_the_papers(name: str) -> None:
    """Receptive fields: Araujo et al., 2019, table 1."""
    spec, depth, field, stride = PUBLISHED[name]
    instance = instance_of(spec)
    assert count.depth(instance) == depth
    assert count.receptive_field(instance) == field
    assert count.output_stride(instance) == stride


TURN = "concat [ conv(3, 3x3, pad=1), skip ] -> batch_norm -> relu -> conv(8, 5x5, pad=2) -> gelu"
TURNS = [
    "conv(8, 3x3, pad=1)",
    "unit(8)",
    TURN,
    "add [ _, conv(8, 3x3, pad=1) -> relu ]",
    "repeat 2 { conv(8, 1x1) -> relu }",
    "max_pool(3x3, stride=1, pad=1) -> dropout",
    "add [ _, skip ]",
    "upsample(2) -> conv(8, 2x2, stride=2) -> relu",
]
SHELL = """block unit(width) { add [ conv(width, 3x3, pad=1) -> batch_norm, _ ] -> relu }

net N {
    input image[8, 16, 16]
    skip: conv(8, 7x7, pad=3) -> relu
    image -> conv(8, 1x1)
    _: {
%s
    }
    relu
}
"""


def twins(turn: str) -> tuple[Instance, Instance]:
    """A loop of five turns, told once and in full."""
    folded = instance_of(SHELL % f"repeat 5 {{\n{turn}\n}}")
    full = instance_of(SHELL % "\n".join([turn] * 5))
    return folded, full


@pytest.mark.parametrize("turn", TURNS)
def test_a_loop_told_once_counts_as_the_loop_in_full(turn: str) -> None:
    folded, full = twins(turn)
    assert any(isinstance(step, FoldStep) for step in folded.steps)
    assert not any(isinstance(step, FoldStep) for step in full.steps) or "repeat" in turn
    assert folded.totals == full.totals
    for quantity in (count.depth, count.receptive_field, count.output_stride):
        assert quantity(folded) == quantity(full)
    assert kept(folded)[0] == kept(full)[0]
    inference = [count.activation_memory(one, training=False) for one in (folded, full)]
    assert inference[0] == inference[1]


@pytest.mark.parametrize("turn", TURNS)
def test_a_loop_told_once_has_the_paths_of_the_loop_in_full(turn: str) -> None:
    paths = [
        [(leaf.path, weight.name) for leaf in expand(one.steps) for weight in leaf.step.weights]
        for one in twins(turn)
    ]
    assert paths[0] == paths[1]


def test_training_keeps_what_backward_needs() -> None:
    """Image, first output (kept once, for both), mask of the dropout: 3, 4 and 1 byte a value."""
    spec = "net N {\n input image[3, 8, 8]\n conv(4, 1x1) -> relu -> dropout -> flatten\n}\n"
    instance = instance_of(spec)
    cells = 64
    assert count.activation_memory(instance) == cells * (4 * (3 + 4) + 4)
    assert count.activation_memory(instance, batch=2, precision=2) == 2 * cells * (2 * 7 + 4)
    assert count.activation_memory(instance, training=False) == 4 * cells * (4 + 4)


def test_steps_share_what_is_kept() -> None:
    instance = instance_of(
        "net N {\n input image[3, 8, 8]\n conv(4, 1x1)\n relu\n conv(2, 1x1)\n}\n"
    )
    total, rows = kept(instance)
    assert [row.values for row in rows] == [3 * 64, 4 * 64, 0]
    assert total.values == 7 * 64
