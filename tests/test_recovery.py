"""A broken line costs one error at its place, and the lines after it are read."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written import SPECS

from netwright import syntax
from netwright.diagnostics import Diagnostic, Report, Severity
from netwright.limits import Limits
from netwright.parse import parse, parse_bytes
from netwright.source import Source

DAMAGE = st.text(alphabet='(){}[]",:=->#\n\\ax1._', max_size=4)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

CASES = r"""
net A {
    conv(64 3x3, pad=1)  # error: `,` `3x3` | a comma is missing: `64, 3x3`
    conv(64, 3x3,, pad=1)  # error: expected a value or `)` | remove one
    conv(8, x if y)  # error: expected `else`
    conv(if x)  # error: expected a value
    conv(.5)  # error: `.5` is no number | write `0.5`
    relu relu  # error: expected `->`
    label: : relu  # error: expected a layer
    relu ->->  relu  # error: expected a layer after `->`
    conv(8)) -> relu  # error: `)` closes nothing
    x = 3  # error: found `=` | `let x = …`
    let x += 3  # error: found `+`
    let y = x + = 3  # error: `+=` is no operator
    tanh
}

net B {
    inputs image[3]  # error: `inputs` starts no line | did you mean `input`?
    return x  # error: `return` | did you mean `output`?
    input: conv(8)  # error: `input` cannot be a label | quote it
    block foo  # error: `block` cannot stand here
    // note  # error: `//` starts no line | a comment starts with `#`
    if x = 3 {  # error: expected an operator | `==` compares
        conv(1 2)  # error: `,`
    }
    if x in xs { relu }  # error: there is no operator `in`
    for i range(3) { relu }  # error: `in` | `in` is missing
    for a b in xs { relu }  # error: `,` | a comma is missing
    for _ in xs { relu }  # error: expected a name, found `_`
    if x: relu  # error: expected `{`, found `:`
    add [ relu, let x = 3 ]  # error: `let` cannot stand here | is a branch
    concat[a, b]  # error: expected `]` | has a space before it
    maps [3] -> relu  # error: expected a branch | right behind the name
    add { a }  # error: expected `[` | branches stand in brackets
    repeat n{  # error: `{` right behind `n` | write `n {`
        relu
    }
    repeat n{ relu }  # error: `n{ relu }` is a name | a space before it
    relu ## doc  # error: a doc comment stands alone | write `#`
    conv(3×3)  # error: `×` has no meaning | write `x`
    require a && b  # error: `&&` | `and`
    require a == 'x'  # error: `'` | double quotes
    up{i j}: relu  # error: found `j`
    conv(x)(y)  # error: found `(`
    let z = (1)(2)  # error: `(1)` cannot be called
    require a, "{x"  # error: `{` in a string has no partner
    require a, "\n"  # error: `\n` is no escape
    require a, "open  # error: a string is not closed
    tanh
}

net C = B(3) {
    relu  # error: expected `expect`
    expect params == 3
}

extern e(a) : [C] -> [a] {
    weights = [1 2]  # error: a comma
    macs 3  # error: expected `=`
    torch = "x"
}

blok f(a) {  # error: `blok` starts no declaration | did you mean `block`?
    relu relu  # error: `->`
}
import foo (bar)  # error: `import` starts no declaration | did you mean `use`?
round(v) = v // 2  # error: `round` | starts with `def`
x = 3  # error: `x` | `let` binds
relu  # error: `relu` | stand in a `block` or a `net`
use foo  # error: a `use` says which names | `(foo)`
use foo bar  # error: found `bar` | `(bar)`
train x  # error: `train` is reserved
def f(x: int) = x  # error: found `:`
block g(a)
{  # error: `{` stands on the line of what it opens
    relu
}
net D { tanh }
"""


def check(text: str) -> tuple[syntax.File, list[Diagnostic]]:
    """What could be read of a spec, and the errors in it."""
    report = Report()
    file = parse(Source("spec.net", text), report)
    errors = [found for found in report.diagnostics if found.severity is Severity.ERROR]
    return file, errors


def places(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of each error."""
    return [(e.code, e.span.line, e.span.column) for e in check(text)[1]]


def steps(file: syntax.File, name: str) -> list[str]:
    """The first words of the lines that could be read of a net."""
    nets = [found for found in file.declarations if isinstance(found, syntax.Net)]
    body = next(net.body for net in nets if net.name.name == name)
    return [re.split(r"\W", line.span.text)[0] for line in body.statements]


def test_each_broken_line_has_one_error_that_says_what_to_do() -> None:
    marks = re.compile(r"# error: (.*)")
    marked = {
        number: match[1].split(" | ")
        for number, line in enumerate(CASES.split("\n"), start=1)
        if (match := marks.search(line))
    }
    found = {error.span.line: error for error in check(CASES)[1]}
    assert len(check(CASES)[1]) == len(found)
    assert found.keys() == marked.keys()
    for line, (message, *help) in marked.items():
        said = found[line].message + ("" if help else found[line].help)
        assert all(word in said for word in re.findall(r"`[^`]*`|\w+", message)), found[line]
        assert all(word in found[line].help for word in help), found[line]


def test_lines_after_a_broken_one_are_kept() -> None:
    file, _ = check(CASES)
    assert steps(file, "A")[-1] == steps(file, "B")[-1] == steps(file, "D")[0] == "tanh"
    kinds = [type(found).__name__ for found in file.declarations]
    assert kinds == ["Net", "Net", "Variant", "Extern", "Block", "Net"]


def test_names_of_lost_declarations_are_told() -> None:
    file, _ = check(CASES)
    assert {"f", "foo", "bar", "g"} - set(file.lost) == {"g"}


@pytest.mark.parametrize(
    ("text", "place", "kept"),
    [
        ("net A {\n  a(1, 2\n  b\n  c\n}\nnet B { }", (2, 4), ["a", "b", "c"]),
        ("net A {\n  a(1,\n  b\n  c\n}\nnet B { }", (2, 4), ["b", "c"]),
        ("net A {\n  a(1, [2)\n  b\n}\nnet B { }", (2, 8), ["a", "b"]),
        ("net A {\n  a [\n    b\n  c\n}\nnet B { }", (2, 5), ["a"]),
        ("net A {\n  a\n\nnet B { }", (1, 7), ["a"]),
        ("net A {\n  repeat 2 {\n    a\n  b\n}\nnet B { }", (2, 12), ["repeat"]),
        ("net A {\n  a(1\nnet B { }", (2, 4), ["a"]),
        ("net B { }\nnet A {\n  a", (2, 7), ["a"]),
        ("net B { }\nnet A {\n  a(", (3, 4), ["a"]),
        ("net B { }\nnet A {\n  a(1 +", (3, 4), []),
        ("net A {\n  a\nnet B {\n}\n}", (1, 7), ["a"]),
    ],
)
def test_an_unclosed_bracket_is_one_error_at_the_bracket(
    text: str, place: tuple[int, int], kept: list[str]
) -> None:
    file, errors = check(text)
    assert [(error.code, error.span.line, error.span.column) for error in errors] == [
        ("unclosed-bracket", *place)
    ]
    assert (steps(file, "A"), steps(file, "B")) == (kept, [])
    assert errors[0].related


def test_an_unclosed_parameter_list_keeps_its_block() -> None:
    file, errors = check("block f(a, b=1 {\n  a a\n}\nnet B { }")
    assert [error.span.line for error in errors] == [1, 2]
    block = file.declarations[0]
    assert isinstance(block, syntax.Block)
    assert [param.name.name for param in block.params] == ["a", "b"]


def test_a_stray_bracket_is_an_error_at_the_bracket() -> None:
    assert places("net A {\n  a\n}\n}\n") == [("stray-bracket", 4, 1)]


def test_lines_outside_a_net_are_one_error() -> None:
    assert places("net A {\n  a\n  }\n  b\n  c\n}\n") == [("syntax", 4, 3)]


def test_a_chain_that_ends_in_its_arrow_is_an_error_at_the_arrow() -> None:
    assert places("net A {\n  a ->\n}\n") == [("syntax", 2, 5)]


def test_an_else_on_a_line_of_its_own_is_one_error() -> None:
    text = "net A {\n  if a {\n    b\n  }\n  else {\n    c\n  }\n  d d\n}\n"
    assert [line for _, line, _ in places(text)] == [5, 8]


def test_a_header_without_a_body_is_one_error() -> None:
    file, errors = check("block f(a)\n    relu\n    tanh\n\nnet B { }\n")
    assert [(error.span.line, error.span.column) for error in errors] == [(1, 11)]
    assert file.lost == ("f",)


@pytest.mark.parametrize("text", ["", "\n \n", "# note\n", "\ufeff"])
def test_a_file_without_a_declaration_is_an_error(text: str) -> None:
    _, errors = check(text)
    assert [error.code for error in errors] == ["empty-file"]
    assert "net" in errors[0].message


def test_bytes_that_are_no_text_are_one_error_at_their_place() -> None:
    report = Report()
    parse_bytes("x.net", "# é caf".encode() + b"\xe9\nnet A { a a }", report)
    (found,) = report.diagnostics
    assert (found.code, found.span.line, found.span.column) == ("not-utf8", 1, 8)
    assert "UTF-8" in found.message
    assert places("net A {\n  a(\0)\n  b\0\n}") == [("nul-byte", 2, 5)]


def test_a_file_that_is_too_large_is_an_error() -> None:
    report = Report()
    parse_bytes("x.net", b" " * (Limits().bytes + 1), report)
    assert [found.code for found in report.diagnostics] == ["file-too-large"]


@pytest.mark.parametrize(
    "text",
    [
        "net A {\n" + "{ " * 200 + "}" * 200 + "\n}",
        "let x = " + "(" * 101 + "1" + ")" * 101,
        "let x = " + "f(" * 101 + "1" + ")" * 101,
        "let x = " + "-" * 101 + "1",
        "let x = 1" + " + 1" * 101,
        "let x = a" + ".b" * 101,
        "let x = " + "1 if a else " * 101 + "1",
        "net A { if a { b }" + " else if a { b }" * 101 + " }",
        "let x = " + "(" * 60 + "1" + " + 1)" * 60,
        "net A {\n" + "{\n" * 5000,
    ],
)
def test_deep_nesting_is_one_error(text: str) -> None:
    _, errors = check(text)
    assert [error.code for error in errors] == ["nesting-too-deep"]


def test_nesting_up_to_the_bound_is_read() -> None:
    for text in ("(" * 99 + "1" + ")" * 99, "-" * 99 + "1", "1" + " + 1" * 99):
        assert check(f"let x = {text}")[1] == []
    assert check("let x = [" + "1, " * 5000 + "]")[1] == []


def test_damage_of_any_size_is_read_in_one_pass() -> None:
    for text in ("(" * 20_000, "f(a\n" * 2_000, "_" * 50_000, "1." * 20_000, "a b\n" * 2_000):
        assert check(text)[1]
        assert check(f"net A {{\n{text}")[1]


@given(st.text())
@RELAXED
def test_any_text_at_all_can_be_read(text: str) -> None:
    check(text)


@given(
    SPECS, st.text(alphabet='(){}[]",:=->#\n\\ax1._', max_size=4), st.integers(0), st.integers(0, 9)
)
@RELAXED
def test_damaged_specs_have_at_most_one_error_a_line(
    text: str, damage: str, place: int, lost: int
) -> None:
    place %= len(text)
    file, errors = check(text[:place] + damage + text[place + lost :])
    lines = [error.span.line for error in errors]
    assert len(lines) == len(set(lines))
    assert errors or file.declarations


@given(SPECS, st.integers(0))
@RELAXED
def test_a_spec_that_breaks_off_inside_a_declaration_is_an_error(text: str, place: int) -> None:
    whole, _ = check(text)
    spans = [found.span for found in whole.declarations if found.span.text[-1] in "})]"]
    if spans:
        span = spans[place % len(spans)]
        cut = span.start + 1 + place % max(1, len(span.text) - 1)
        short, errors = check(text[:cut])
        complete = [found for found in short.declarations if found.span.end <= cut]
        assert errors or complete, text[:cut]
