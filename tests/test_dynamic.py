"""What dynamic sizes must be: exactly what a check takes, and said where people look."""

import random

import pytest

import netwright
from netwright.dynamic import Constraint, Constraints
from netwright.emit import emit


def net(lines: str, sizes: str = "H=64, W=64") -> str:
    body = "\n".join(f"    {line.strip()}" for line in lines.strip().splitlines())
    return f"net Example {{\n    input image[4, {sizes}]\n{body}\n}}\n"


def derived(text: str) -> Constraints:
    found = netwright.loads(text)["Example"].constraints
    assert found is not None
    return found


UNET = """
a: conv(8, 3x3, pad=1)
max_pool(2x2)
b: conv(8, 3x3, pad=1)
max_pool(2x2)
conv(8, 3x3, pad=1)
upsample(2)
concat [ _, b ]
conv(8, 3x3)
conv(8, 3x3, pad=2)
upsample(2)
concat [ _, a ]
"""

CASES = {
    "nothing": ("conv(8, 3x3, pad=1) -> global_avg_pool", []),
    "one window": ("conv(8, 5x5)", ["`H` and `W` must each be at least 5"]),
    "halves": ("space_to_depth(2)", ["`H` and `W` must each be even"]),
    "halves that are odd": (
        "conv(8, 2x2) -> space_to_depth(2)",
        ["`H` and `W` must each be odd and at least 3"],
    ),
    "a ladder": (UNET, ["`H` and `W` must each be a multiple of 4 and at least 8"]),
    "another along each axis": (
        "conv(4, 5x1) -> max_pool(2x3)",
        ["`H` must be at least 6", "`W` must be at least 3"],
    ),
    "a way for odd sizes": (
        """
        stem: conv(4, 1x1)
        if stem.height % 2 == 0 { conv(4, 3x3, pad=1) } else { conv(4, 3x3) }
        add [ stem, _ ]
        """,
        ["`H` must be even"],
    ),
    "what is required": (
        'require image.height % 3 == 0 or image.height > 40, "small heights in threes"',
        [
            "`H` must be at least 41, or 3, 6, 9, 12, 15 or one of 8 more up to 39",
        ],
    ),
    "equal sizes": (
        """
        require image.height == image.width, "a square"
        conv(8, 4x4, stride=4)
        """,
        ["`H` and `W` must each be at least 4", "`H == W` must hold"],
    ),
    "one cell": (
        "conv(8, 3x3, stride=2, pad=1) -> instance_norm",
        [
            "not together H = 1 and W = 1: `instance_norm` of one cell a channel, "
            "[8, 1, 1], is 0 everywhere"
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_said(case: str) -> None:
    lines, said = CASES[case]
    side = 65 if case == "halves that are odd" else 66
    side = 64 if case == "a ladder" else side
    assert derived(net(lines, f"H={side}, W={side}")).sentences() == said


@pytest.mark.parametrize(
    ("constraint", "text"),
    [
        (Constraint("H", 64, 32, (0,), 32, ()), "a multiple of 32"),
        (Constraint("H", 64, 32, (0,), 64, ()), "a multiple of 32 and at least 64"),
        (Constraint("H", 64, 16, (12,), 188, ()), "12 more than a multiple of 16 and at least 188"),
        (Constraint("H", 64, 4, (0, 3), 3, ()), "a multiple or 3 more than a multiple of 4"),
        (Constraint("H", 64, 4, (1, 2, 3), 1, ()), "not a multiple of 4"),
        (Constraint("H", 64, 8, (0, 1, 2), 1, ()), "at most 2 more than a multiple of 8"),
        (Constraint("H", 64, 9, (2, 3, 4), 2, ()), "from 2 to 4 more than a multiple of 9"),
        (Constraint("H", 64, 1, (0,), 9, (3, 5)), "at least 9, or 3 or 5"),
        (Constraint("H", 64, 1, (), 1, (64,)), "64"),
        (Constraint("H", 64, 1, (), 1, tuple(range(40, 65))), "from 40 to 64"),
    ],
)
def test_words(constraint: Constraint, text: str) -> None:
    assert constraint.text == text


LAYERS = (
    "conv(4, 3x3)",
    "conv(4, 3x3, pad=1)",
    "conv(4, 3x3, stride=2, pad=1)",
    "conv(4, 5x5, stride=2)",
    "conv(4, 3x3, stride=3)",
    "conv(4, 3x3, dilation=2)",
    "conv(4, 3x3, pad=same, stride=2)",
    "max_pool(2x2)",
    "max_pool(3x3, stride=2, ceil=true)",
    "avg_pool(2x2)",
    "space_to_depth(2) -> conv(4, 1x1)",
    "reorg(2) -> conv(4, 1x1)",
    "upsample(2)",
    "conv_transpose(4, 2x2, stride=2)",
    "crop([[1, 1], [1, 2]])",
    "adaptive_avg_pool(3x3) -> upsample(like=image)",
)


def written(draw: random.Random) -> str:
    """Some layers, joins and conditions in a row."""
    one, other = draw.choice(LAYERS), draw.choice(LAYERS)
    forms = (
        *[one] * 6,
        f"concat [ _, {{ {one} -> {other} }} ]",
        "concat [ { max_pool(2x2) -> conv(4, 3x3, pad=1) -> upsample(2) }, _ ]",
        f'require _.height % {draw.choice((2, 3))} == 0 or _.height > 9, "no"',
        "if _.height % 2 == 0 { conv(4, 3x3, pad=1) } else { conv(4, 1x1) }",
    )
    return draw.choice(forms)


def right(text: str) -> bool:
    try:
        netwright.loads(text)
    except netwright.SpecError:
        return False
    return True


@pytest.mark.parametrize("seed", range(40))
def test_a_size_is_told_right_exactly_where_a_check_takes_it(seed: int) -> None:
    draw = random.Random(seed)
    while True:
        lines = "\n".join(written(draw) for _ in range(draw.randint(1, 5)))
        if right(net(lines)):
            break
    height, width = derived(net(lines)).each
    numbers = [*draw.sample(range(1, 40), 6), draw.randint(40, 300)]
    for number in numbers:
        assert height.holds(number) == right(net(lines, f"H={number}, W=64")), (number, lines)
        assert width.holds(number) == right(net(lines, f"H=64, W={number}")), (number, lines)


def test_inputs_that_are_joined_are_tied() -> None:
    text = """net Example {
    input left[1, H=96, W=105]
    input right[1, K=96, L=105]
    add [ left -> conv(4, 3x3, stride=2), right -> conv(4, 3x3, stride=2) ]
}
"""
    assert derived(text).sentences() == [
        "`H`, `K`, `W` and `L` must each be at least 3",
        "`(H + 1) // 2 - 1 == (K + 1) // 2 - 1` must hold",
        "`(W + 1) // 2 - 1 == (L + 1) // 2 - 1` must hold",
    ]


def test_arguments_that_are_sizes_move_with_them() -> None:
    text = net("reshape(4, image.height * image.width) -> permute(1, 0) -> linear(3)")
    assert derived(text).sentences() == []


def test_a_number_that_a_spec_takes_out_of_a_size_is_not_guessed_about() -> None:
    text = net("for i in range(image.height // 16) { conv(4, 3x3) }")
    assert netwright.loads(text)["Example"].constraints is None


def test_of_a_net_that_takes_long_to_bind_nothing_is_said() -> None:
    text = net("for i in range(60_000) { relu }")
    assert netwright.loads(text)["Example"].constraints is None


@pytest.mark.parametrize("target", ["torch", "keras"])
def test_emitted_code_says_what_its_sizes_must_be(target: str) -> None:
    nets = netwright.loads(net(UNET))
    assert "`H` and `W` must each be a multiple of 4 and at least 8." in emit(nets._checked, target)
