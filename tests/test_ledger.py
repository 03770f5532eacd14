"""The ledger: the same net line by line, folded and summed, always adds up."""

import pytest

import netwright
from netwright import count
from netwright.instance import Instance
from netwright.ledger import Row, folded, rows, summed

SPECS = {
    "blocks in a loop": """
block unit(width, stride=1) {
    conv1: conv(width, 3x3, stride=stride, pad=1, bias=false)
    bn1: batch_norm
    relu
}

net Example {
    input image[3, 32, 32]
    for i in range(3) {
        stage{i}: for j in range(4) {
            unit(8 * 2**i, stride = 2 if j == 0 else 1)
        }
    }
    global_avg_pool
    fc: linear(10)
}
""",
    "folded turns": """
net Example {
    input image[8, 16, 16]
    repeat 50 { conv(8, 3x3, pad=1) -> relu }
}
""",
    "a shared module and a side output": """
net Example {
    input left[3, 16, 16]
    input right[3, 16, 16]
    shared tower = conv(4, 3x3, stride=2)
    both: add [ left -> tower, right -> tower ]
    output side when training: both -> conv(2, 1x1)
    conv(8, 3x3)
}
""",
    "an input that is needed again behind a block": """
block unit(width, other: tensor) {
    small: other -> conv(1, 1x1)
    in -> conv(4 * width, 1x1) -> conv(1, 1x1)
    add [ _, small ]
}

net Example {
    input image[8, 16, 16]
    first: conv(8, 1x1)
    second: unit(8, first)
    concat [ first, second ]
}
""",
    "splits": """
block split(width) {
    concat [
        _
        conv(width, 1x1) -> relu
        max_pool(3x3, stride=1, pad=1)
    ]
}

net Example {
    input image[3, H=24, W=24]
    split(4) -> split(4) -> split(4)
    flatten(from=1)
}
""",
}


@pytest.fixture(params=SPECS, ids=list(SPECS))
def instance(request: pytest.FixtureRequest) -> Instance:
    net = netwright.loads(SPECS[request.param])["Example"]
    return net._net.instance


def sums(lines: list[Row]) -> tuple[int, ...]:
    """What every ledger of a net must agree on."""
    return (
        sum(row.params for row in lines),
        sum(row.total_params for row in lines),
        sum(row.macs for row in lines),
        sum(row.activation_bytes for row in lines),
        max(row.inference_bytes for row in lines),
        sum(row.times for row in lines if row.kind != "unit"),
    )


def test_every_ledger_adds_up_to_the_totals(instance: Instance) -> None:
    totals, lines = instance.totals, list(rows(instance))
    assert sums(lines)[:5] == (
        totals.params,
        totals.total_params,
        totals.macs,
        count.activation_memory(instance),
        count.activation_memory(instance, training=False),
    )
    assert sums(folded(instance)) == sums(lines)
    for depth in (1, 2, 9):
        assert sums(list(summed(instance, depth)))[:5] == sums(lines)[:5]


def test_the_furthest_line_sees_what_the_net_sees(instance: Instance) -> None:
    assert max(row.receptive_field for row in rows(instance)) == count.receptive_field(instance)


def paths(lines: list[Row]) -> list[str]:
    return [f"{row.path} {row.kind} {row.times}" for row in lines]


def test_equal_neighbours_are_folded_and_blocks_have_their_names() -> None:
    instance = netwright.loads(SPECS["blocks in a loop"])["Example"]._net.instance
    assert paths(folded(instance))[:7] == [
        "stage0.0.conv1 conv 1",
        "stage0.0.bn1 batch_norm 1",
        "stage0.0.relu relu 1",
        "stage0.1…3.conv1 conv 3",
        "stage0.1…3.bn1 batch_norm 3",
        "stage0.1…3.relu relu 3",
        "stage1.0.conv1 conv 1",
    ]
    assert paths(list(summed(instance, 2)))[:2] == ["stage0.0 unit 1", "stage0.1…3 unit 3"]
    assert paths(list(summed(instance, 1)))[0] == "stage0 12 layers 1"


def test_turns_of_a_loop_are_told_once() -> None:
    instance = netwright.loads(SPECS["folded turns"])["Example"]._net.instance
    assert paths(folded(instance)) == ["0…98 conv 50", "1…99 relu 50"]
    assert [row.path for row in rows(instance)] == [str(i) for i in range(100)]


def test_a_shared_module_stands_at_each_use_and_counts_once() -> None:
    instance = netwright.loads(SPECS["a shared module and a side output"])["Example"]._net.instance
    first, second = [row for row in rows(instance) if row.path == "tower"]
    assert (first.params, second.params) == (4 * 3 * 9 + 4, 0)
    assert first.macs == second.macs > 0
    (side,) = [row for row in rows(instance) if row.side]
    assert (side.params, side.macs) == (10, 0)
