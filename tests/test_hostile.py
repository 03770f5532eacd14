"""Specs that nobody means well with: each is checked in bounded time, without a traceback."""

import re
from contextlib import suppress
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marks import CASES

from netwright.bind.binder import Bounds
from netwright.diagnostics import Report, SpecError
from netwright.draw import draw
from netwright.emit import TARGETS, emit
from netwright.files import DiskFiles
from netwright.fmt import format as formatted
from netwright.parse import parse
from netwright.pipeline import Checked, check
from netwright.source import Source

BOUNDS = Bounds(layers=20_000, work=50_000)
PATIENCE = 20.0  # seconds; on an idle machine the slowest takes one


def checked(text: str) -> Checked:
    """A text through all checks, with every place worked out."""
    report = Report()
    file = parse(Source(str(CASES / "right" / "hostile.net"), text), report)
    started = monotonic()
    result = check(file, DiskFiles(), report, bounds=BOUNDS)
    assert monotonic() - started < PATIENCE
    for found in result.diagnostics:
        assert found.span.line >= 1 and found.message and found.code
        assert all(other.span.line >= 1 for other in (*found.related, *found.trace))
    return result


def codes(text: str) -> set[str]:
    """The codes of what is wrong with a text."""
    return {found.code for found in checked(text).diagnostics}


def net(*lines: str) -> str:
    """A net of some lines."""
    return "\n".join(["net N {", "input image[3, 8, 8]", *lines, "}", ""])


def row(count: int, block: str) -> str:
    """Blocks that call each other in a row; ``{i}`` and ``{next}`` are their numbers."""
    return "\n".join(
        block.replace("{i}", str(i)).replace("{next}", str(i + 1)) for i in range(count)
    )


HOSTILE = {
    "a thousand blocks deep": (
        row(1000, "block b{i}(w) { b{next}(w) }") + "\nblock b1000(w) { relu }\n" + net("b0(4)"),
        "nested-too-deep",
    ),
    "blocks and braces deep": (
        row(99, "block b{i}(w) { " + "{ " * 80 + "b{next}(w)" + " }" * 80 + " }")
        + "\nblock b99(w) { relu }\n"
        + net("b0(4)"),
        "nested-too-deep",
    ),
    "two to the sixtieth layers": (
        row(60, "block b{i}(w) { b{next}(w)\nb{next}(w) }")
        + "\nblock b60(w) { conv(w, 1x1) }\n"
        + net("b0(4)"),
        "too-many-layers",
    ),
    "two to the fortieth blocks": (
        row(40, "block b{i}(n) { b{next}(2 * n)\nb{next}(2 * n + 1) }")
        + "\nblock b40(n) { relu }\n"
        + net("b0(1)"),
        "too-much-work",
    ),
    "splices that double": (
        row(20, "block b{i} { splice b{next}\nsplice b{next} }")
        + "\nblock b20 { relu }\n"
        + net("splice b0"),
        "too-much-work",
    ),
    "functions that double": (
        "def f0(x) = x\n"
        + row(40, "def f{next}(x) = f{i}(x) + f{i}(x)")
        + "\n"
        + net("conv(f40(1), 1x1)"),
        "too-much-work",
    ),
    "constants in a long row": (
        row(6000, "let a{i} = a{next}") + "\nlet a6000 = 4\n" + net("conv(a0, 1x1)"),
        "nested-too-deep",
    ),
    "variants in a long row": (
        "net V0(w=4) {\ninput image[3, 8, 8]\nconv(w, 1x1)\n}\n"
        + row(300, "net V{next} = V{i}(w={next})"),
        "nested-too-deep",
    ),
    "more layers than there are": (net("repeat 10**18 { relu }"), "too-many-layers"),
    "loops in loops": (net("repeat 1000 { " * 9 + "let x = 1" + " }" * 9, "relu"), "too-much-work"),
    "lists in lists": (net("let a = []", "repeat 500 { let a = [a] }", "relu"), "list-too-deep"),
    "a list that doubles": (net("let a = [1, 2]", "repeat 99 { let a = [a, a] }"), "list-too-long"),
    "a text that doubles": (net('let a = "ab"', "repeat 99 { let a = a + a }"), "text-too-long"),
    "channels that double": (net("repeat 99 { concat [ _, _ ] }"), "number-too-large"),
    "an endless range": (net("conv(max(range(10**15)), 1x1)"), "list-too-long"),
    "a range beyond all": (net("conv(len(range(-2**62, 2**62)), 1x1)"), "number-too-large"),
    "a tower of powers": (net("conv(9**9**9**9, 1x1)"), "number-too-large"),
    "weights beyond all": (net("conv(2**40, 1x1) -> conv(2**40, 1x1)"), "number-too-large"),
    "states beyond all": (
        "net N {\ninput t[8]: int(5)\nembedding(8) -> lstm(4, layers=10**9)\n}\n",
        "out-of-bounds",
    ),
    "a block that gets itself": (
        "block b(u: block) { u(u) }\n" + net("b(b)"),
        "recursion",
    ),
    "a block that gets more and more": (
        "block b(u: block, n) { u(u, n + 1) }\n" + net("b(b, 1)"),
        "nested-too-deep",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_spec_is_one_clear_error(name: str) -> None:
    text, code = HOSTILE[name]
    assert codes(text) == {code}


def test_what_can_be_told_once_is_told_once() -> None:
    assert not codes(net("repeat 10**18 { }", "relu"))
    assert not codes(net("repeat 9_999 { conv(3, 1x1) -> relu }"))
    assert not codes(net("let units = [4] * 9_999", "conv(len(units), 1x1)"))


NESTED = {
    "labelled braces": ("a{i}: {{\nrelu\n", "conv(4, 1x1)\n", "}}\n"),
    "brackets": ("add [ _, relu -> ", "conv(4, 1x1)", " ]"),
    "conditions": ("if n > {i} {{\nconv(4, 1x1)\n", "conv(4, 1x1)\n", "}}\n"),
    "other conditions": ("if n > {i} {{\nrelu\n}} else {{\n", "conv(4, 1x1)\n", "}}\n"),
    "loops": ("for i{i} in range(n) {{\n", "conv(4, 1x1)\n", "}}\n"),
    "choices": ("{{\nconv({i} + 1 if n > {i} else 4, 1x1)\n", "relu\n", "}}\n"),
}


@pytest.mark.parametrize("name", NESTED)
def test_code_for_what_is_nested_deep_is_written_in_bounded_time(name: str) -> None:
    before, inner, behind = NESTED[name]
    deep = "".join(before.format(i=i) for i in range(40)) + inner + behind.format() * 40
    written(f"net N(n=1) {{\ninput image[4, 8, 8]\n{deep}\n}}\n")


def written(text: str) -> None:
    """A text through all commands; code that is written is Python."""
    result = checked(text)
    once = formatted(text)
    assert formatted(once) == once
    started = monotonic()
    for net in result.nets if not result.failed else ():
        draw(result, net, "dot")
        for target in TARGETS:
            with suppress(SpecError):
                compile(emit(result, target, (net,)), "emitted.py", "exec")
    assert monotonic() - started < PATIENCE


TOKEN = re.compile(
    r"#[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|\d+x\d+|\d[\w.]*|[A-Za-z_]\w*(?:\{[^{}\"\n]*\}\w*)*"
    r"|->|==|!=|<=|>=|\*\*|//|\.\.|\n|[ \t]+|."
)
TEXTS = [
    TOKEN.findall(file.read_text(encoding="utf-8"))
    for file in sorted(CASES.glob("right/*.net"))
    if file.stem != "long_net"
]
WORDS = sorted({token for text in TEXTS for token in text if token.strip() and token[0] != "#"})
ODD = ["0", "-1", "10**9", "2**62", "1e300", "[]", "[[1]]", "none", "true", "in", "_", '""', "0x3"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A right program in which some tokens are others, twice there, or gone."""
    text = list(draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(text) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                del text[place : place + draw(st.integers(1, 3))]
                text = text or ["net"]
            case 1:
                text[place:place] = text[place : place + draw(st.integers(1, 8))]
            case 2:
                text[place] = draw(st.sampled_from(ODD))
            case _:
                here = text[place][0]
                alike = [w for w in WORDS if w[0].isdigit() == here.isdigit()]
                text[place] = draw(st.sampled_from(alike if here.isalnum() else WORDS))
    return "".join(text)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_no_mutation_of_a_right_program_crashes_a_command(text: str) -> None:
    written(text)
