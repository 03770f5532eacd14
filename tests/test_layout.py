"""Emitted lines are those that `ruff format` would write, with examples from emitted files."""

import ast
import subprocess
import sys
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netwright.layout import comment, docstring, layout, unbroken

CASES = """
x = Conv(width, 1, strides=stride, use_bias=False, name=f"{name}_downsample_0")(x)

2 x = Conv(width, 1, strides=stride, use_bias=False, name=f"{name}_downsample_0")(x)
x = Conv(width, 1, strides=stride, use_bias=False, name=f"{name}_downsample_0")(
    x
)

1 y = Conv(inner, 3, strides=stride, groups=groups, use_bias=False, name=f"{name}_conv2")(y)
y = Conv(
    inner, 3, strides=stride, groups=groups, use_bias=False, name=f"{name}_conv2"
)(y)

2 self.conv1 = nn.Conv2d(in_channels, width, 3, stride=stride, padding=1, bias=False)
self.conv1 = nn.Conv2d(
    in_channels, width, 3, stride=stride, padding=1, bias=False
)

3 self.append(nn.Conv2d(channels, channels, kernel, padding=kernel // 2, groups=channels))
self.append(
    nn.Conv2d(
        channels, channels, kernel, padding=kernel // 2, groups=channels
    )
)

4 self.append(Residual(channels, hidden_width, stride=stride if j == 0 else 1, expansion=n))
self.append(
    Residual(
        channels,
        hidden_width,
        stride=stride if j == 0 else 1,
        expansion=n,
    )
)

1 return vgg([1, 1, 2, 2, 2], normalize=normalize_all, classes=classes, name="vgg11_bn_variant")
return vgg(
    [1, 1, 2, 2, 2],
    normalize=normalize_all,
    classes=classes,
    name="vgg11_bn_variant",
)

1 stages = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 320]]
stages = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 320],
]

0 HE = {"class_name": "VarianceScaling", "config": {"scale": 2.0, "distribution": "normal"}, "a": 1}
HE = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "distribution": "normal"},
    "a": 1,
}

0 __all__ = ["dense_layer", "densenet", "densenet121", "densenet169", "densenet201", "transition"]
__all__ = [
    "dense_layer",
    "densenet",
    "densenet121",
    "densenet169",
    "densenet201",
    "transition",
]

1 def __init__(self, stages: Sequence[Sequence[int]], classes: int = 1000, n: int = 1) -> None:
def __init__(
    self, stages: Sequence[Sequence[int]], classes: int = 1000, n: int = 1
) -> None:

0 def resnet(unit: Callable[..., KerasTensor], depths: Sequence[int], classes: int = 1000) -> Model:
def resnet(
    unit: Callable[..., KerasTensor], depths: Sequence[int], classes: int = 1000
) -> Model:

0 def neck(x: KerasTensor, width: int, *, stride: int = 1, groups: int = 1, base: int, name: str):
def neck(
    x: KerasTensor,
    width: int,
    *,
    stride: int = 1,
    groups: int = 1,
    base: int,
    name: str,
):

2 channels = first_branch_channels + second_branch_channels + third_branch_channels * expansion
channels = (
    first_branch_channels
    + second_branch_channels
    + third_branch_channels * expansion
)

1 x: Tensor = (self.tower_of_the_left_image(left) - self.tower_of_the_right_image(right)).abs()
x: Tensor = (
    self.tower_of_the_left_image(left) - self.tower_of_the_right_image(right)
).abs()

2 x = enc[i] = self.get_submodule(f"a_name_that_is_long_enough_to_break_this_line_{i + 1}")(x)
x = enc[i] = self.get_submodule(
    f"a_name_that_is_long_enough_to_break_this_line_{i + 1}"
)(x)

1 if stride != 1 or in_channels != out_channels or kernel_of_the_shortcut_connection != 1:
if (
    stride != 1
    or in_channels != out_channels
    or kernel_of_the_shortcut_connection != 1
):

1 return x[..., first_row : first_row + height, first_column : first_column + width_of_map]
return x[
    ..., first_row : first_row + height, first_column : first_column + width_of_map
]

0 from netwright_of_a_long_name.collections.abc import Callable, Iterable, Mapping, Sequence
from netwright_of_a_long_name.collections.abc import (
    Callable,
    Iterable,
    Mapping,
    Sequence,
)

1 x = self.features(images_of_both_cameras).flatten(1).unsqueeze(1).mean(dim=(2, 3)).softmax(1)
x = (
    self.features(images_of_both_cameras)
    .flatten(1)
    .unsqueeze(1)
    .mean(dim=(2, 3))
    .softmax(1)
)

2 raise ValueError(f"a text that is much too long for one line but that nobody may cut {width}")
raise ValueError(
    f"a text that is much too long for one line but that nobody may cut {width}"
)
"""


def split_case(text: str) -> tuple[str, int, list[str]]:
    """The statement, its level and its lines; a case of one line is at level 1 and stays so."""
    first, *rest = text.split("\n")
    level, statement = first.split(" ", 1) if rest else ("1", first)
    lines = indent("\n".join(rest or [first]), "    " * int(level)).split("\n")
    return statement, int(level), lines


@pytest.mark.parametrize("text", CASES.strip().split("\n\n"))
def test_a_line_too_long_breaks_as_in_the_emitted_files(text: str) -> None:
    statement, level, lines = split_case(text)
    assert layout(statement, level) == lines


def test_what_has_no_place_to_break_stays_too_long() -> None:
    statement = f'x = "{"a" * 100}"'
    assert layout(statement, 1) == ["    " + statement]


def ruff(command: str, source: str) -> str:
    """What `ruff` with its defaults makes of a file."""
    arguments = [sys.executable, "-m", "ruff", *command.split(), "--isolated", "-"]
    done = subprocess.run(arguments, input=source, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


NAMES = st.sampled_from(
    [
        "x",
        "stride",
        "in_channels",
        "self.width",
        "nn.Conv2d",
        "keras.Model",
        "n" * 22,
        "layer_of_it",
    ]
)
LITERALS = st.sampled_from(["1", "1e-5", "None", '"same"', 'f"{name}_conv_{index + 1}"', "2**i"])
OPERATORS = st.sampled_from(["+", "-", "*", "//", "|", "==", "!=", "is not", "and", "or"])


def several(items: st.SearchStrategy[str], most: int = 4) -> st.SearchStrategy[str]:
    """Some items with commas between."""
    return st.lists(items, max_size=most).map(", ".join)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions that contain others."""
    keyword = st.builds("{}={}".format, st.sampled_from(["padding", "name"]), inner)
    argument = several(inner) | st.builds("{}, {}".format, inner, several(keyword, 2))
    call = st.builds("{}({})".format, NAMES, argument.map(lambda text: text.removesuffix(", ")))
    return st.one_of(
        call,
        st.builds("{}({})".format, call, inner),
        st.builds("{}.{}({})".format, call, st.sampled_from(["mean", "bn"]), inner),
        st.builds("({} - {}).abs()".format, NAMES, call),
        st.builds("{}[{}]".format, NAMES, inner),
        several(inner, 6).map("[{}]".format),
        st.builds('{{"key": {}, "name": {}}}'.format, inner, inner),
        st.builds("[{} for i, n in {}]".format, inner, call),
    )


VALUES = st.recursive(NAMES | LITERALS, larger, max_leaves=12)
SUMS = st.lists(st.tuples(VALUES, OPERATORS), max_size=3).map(
    lambda pairs: "".join(f"{value} {operator} " for value, operator in pairs)
)
EXPRESSIONS = st.builds("{}{}".format, SUMS, VALUES) | st.builds(
    "{} if {} == 0 else {}".format, VALUES, NAMES, VALUES
)
PARAMETERS = st.lists(
    st.sampled_from(["width: int", "x: Tensor", "unit: Callable[..., A | B]", "name: str"]),
    max_size=6,
).map(", ".join)
STATEMENTS = st.one_of(
    st.builds(
        "{} = {}".format, st.sampled_from(["x", "x = enc[i]", "a, b", "x: A | B"]), EXPRESSIONS
    ),
    st.builds("return {}".format, EXPRESSIONS),
    st.builds("self.append({})".format, EXPRESSIONS),
    st.builds("if {}:".format, EXPRESSIONS),
    st.builds("for i, n in {}:".format, VALUES),
    st.builds("def f({}) -> tuple[Tensor, {}]:".format, PARAMETERS, NAMES),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(STATEMENTS, st.integers(0, 4)), min_size=20, max_size=20))
def test_ruff_leaves_what_is_laid_out_as_it_is(statements: list[tuple[str, int]]) -> None:
    wanted, given_lines = [], []
    for statement, level in statements:
        around = ["    " * outer + "if x:" for outer in range(level)]
        body = ["    " * (level + 1) + "pass"] if statement.endswith(":") else []
        given_lines += [*around, "    " * level + statement, *body]
        wanted += [*around, *layout(statement, level), *body]
    formatted = ruff("format", "\n".join(given_lines) + "\n")
    assert [line for line in formatted.split("\n") if line] == wanted


def test_a_docstring_that_fits_is_one_line() -> None:
    assert docstring("Two layers:\nfigure 1.", 1) == ['    """Two layers: figure 1."""']


def test_a_docstring_is_wrapped_paragraph_by_paragraph() -> None:
    text = """
    The input, and `growth` channels computed from it: figure 2, with the bottleneck of section
    3.

    (in_channels, H, W) -> (in_channels + growth, H, W)
    """
    wrapped = '''
    """The input, and `growth` channels computed from it: figure 2, with the bottleneck
    of section 3.

    (in_channels, H, W) -> (in_channels + growth, H, W)
    """
    '''
    assert docstring(text, 1) == wrapped.rstrip(" ").strip("\n").split("\n")


def test_closing_quotes_that_do_not_fit_take_a_word_with_them() -> None:
    lines = docstring("a" * 68 + " figure 12.", 1)
    assert lines == ['    """' + "a" * 68 + " figure", "    12.", '    """']


def test_a_comment_is_wrapped() -> None:
    assert comment("a" * 50 + " " + "b" * 40, 1) == ["    # " + "a" * 50, "    # " + "b" * 40]


WORDS = st.text(st.sampled_from("ab`\"'\\(){}%#é-:."), min_size=1, max_size=6) | st.just("word" * 4)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=3)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TEXTS.map("\n\n".join), min_size=10, max_size=10))
def test_any_text_survives_in_a_docstring_that_ruff_accepts(texts: list[str]) -> None:
    functions = [["def f():", *docstring(text, 1), "    return 1"] for text in texts]
    source = "\n\n\n".join("\n".join(lines) for lines in functions) + "\n"
    assert ruff("format", source) == source
    ruff("check --ignore F811", source)
    for text, node in zip(texts, ast.parse(source).body, strict=True):
        assert isinstance(node, ast.FunctionDef)
        kept = ast.get_docstring(node)
        assert kept is not None and kept.split() == text.split()
        assert docstring(kept, 1) == docstring(text, 1)


def test_what_belongs_together_stays_on_a_line() -> None:
    sizes = unbroken("(W + 1) // 2 - 1")
    text = f"(in_channels, H, W) -> (384 + middle + last + in_channels, {sizes}, {sizes})"
    assert docstring(text, 1)[1:3] == [
        "    (W + 1) // 2 - 1)",
        '    """',
    ]
