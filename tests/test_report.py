"""Diagnostics as text, JSON, SARIF and GitHub annotations."""

import json
from typing import Any

from netwright.diagnostics import Diagnostic, Related, Severity
from netwright.report import github, sarif
from netwright.report import json as as_json
from netwright.report.display import visible, width
from netwright.report.paint import Paint
from netwright.report.table import short, table
from netwright.report.text import render
from netwright.source import Source, Span

PLAIN = Paint(False)
SPEC = """block unit(width) {
    add [
        conv(width, 1x1)
        conv(8, 1x1)
    ]
}

net Small {
    input image[3, 8, 8]
    unit(4)
}
"""


def at(text: str, found: str = SPEC, *, path: str = "small.net", place: int = 0) -> Span:
    """The span of a text in a spec; of several the one at ``place``."""
    source = Source(path, found)
    start = -1
    for _ in range(place + 1):
        start = found.index(text, start + 1)
    return Span(source, start, start + len(text))


def shown(*found: Diagnostic, most: int = 80) -> str:
    """The diagnostics as a person reads them, without the summary."""
    return render(found, paint=PLAIN, width=most).rpartition("\n\n")[0]


def test_a_diagnostic_has_cause_places_way_and_fix() -> None:
    found = Diagnostic(
        "shape-mismatch",
        at("add"),
        "`add` needs equal shapes",
        help="make them equal",
        related=(
            Related(at("conv(width, 1x1)"), "branch 1 ends in [4, 8, 8]"),
            Related(at("conv(8, 1x1)"), "branch 2 ends in [8, 8, 8]"),
        ),
        trace=(Related(at("unit(4)"), "in unit(4)"),),
    )
    assert render([found], paint=PLAIN, width=80) == (
        "error[shape-mismatch]: `add` needs equal shapes\n"
        "  ┌─ small.net:2:5\n"
        "2 │     add [\n"
        "  │     ^^^\n"
        "3 │         conv(width, 1x1)\n"
        "  │         ---------------- branch 1 ends in [4, 8, 8]\n"
        "4 │         conv(8, 1x1)\n"
        "  │         ------------ branch 2 ends in [8, 8, 8]\n"
        "  = in unit(4), at 10:5\n"
        "  = help: make them equal\n"
        "\n"
        "1 error in small.net\n"
    )


def test_what_lies_far_between_two_places_is_left_out_and_one_line_is_not() -> None:
    found = Diagnostic("code", at("unit(4)"), "wrong", related=(Related(at("unit"), "this"),))
    assert shown(found) == (
        "error[code]: wrong\n"
        "   ┌─ small.net:10:5\n"
        " 1 │ block unit(width) {\n"
        "   │       ---- this\n"
        "   ·\n"
        "10 │     unit(4)\n"
        "   │     ^^^^^^^"
    )
    near = Diagnostic("code", at("unit(4)"), "wrong", related=(Related(at("net"), "this"),))
    assert " 9 │     input image[3, 8, 8]\n" in shown(near)


def test_several_marks_of_one_line_hang_below_each_other() -> None:
    text = "one two three four\n"
    found = Diagnostic(
        "code",
        at("three", text),
        "wrong",
        related=tuple(Related(at(word, text), word.upper()) for word in ("one", "two", "four")),
    )
    assert shown(found).splitlines()[2:] == [
        "1 │ one two three four",
        "  │ --- --- ^^^^^ ---- FOUR",
        "  │ │   TWO",
        "  │ ONE",
    ]


def test_another_file_has_a_frame_of_its_own() -> None:
    other = at("block", path="other.net")
    found = Diagnostic(
        "code",
        at("unit(4)"),
        "wrong",
        related=(Related(other, "there"),),
        trace=(Related(other, "x"),),
    )
    assert shown(found).splitlines()[1:] == [
        "   ┌─ small.net:10:5",
        "10 │     unit(4)",
        "   │     ^^^^^^^",
        "   ┌─ other.net:1:1",
        " 1 │ block unit(width) {",
        "   │ ----- there",
        "   = x, at other.net:1:1",
    ]


def test_what_is_said_of_the_same_place_stands_beside_the_carets() -> None:
    found = Diagnostic("code", at("unit(4)"), "wrong", related=(Related(at("unit(4)"), "here"),))
    assert shown(found).endswith("^^^^^^^ here")


def test_tabs_and_wide_characters_are_measured() -> None:
    text = "\tab\t你好 wrong\n"
    assert shown(Diagnostic("code", at("wrong", text), "no")).splitlines()[2:] == [
        "1 │     ab  你好 wrong",
        "  │              ^^^^^",
    ]


def test_long_lines_are_clipped_around_the_place() -> None:
    text = "a" * 5000 + " wrong " + "b" * 5000
    *_, line, under = shown(Diagnostic("code", at("wrong", text), "no"), most=60).splitlines()
    assert max(width(line), width(under)) <= 62
    assert line.index("wrong") == under.index("^^^^^")
    assert line[4] == line[-1] == "…"


def test_nothing_in_a_spec_reaches_the_terminal_as_a_command() -> None:
    text = "net \x1b[2J\u202e\n"
    said = shown(Diagnostic("code", at("net", text), "bad \x1b]0;title\x07", help="\r\u200b"))
    assert said.isprintable() or set(said) - {"\n"} == set(said.replace("\n", ""))
    assert not set(said) & set("\x1b\x07\r\u202e\u200b")
    assert visible("é你×\n") == "é你×\n"


def test_places_at_the_end_of_a_file_and_in_an_empty_one_can_be_shown() -> None:
    end = Span(Source("a.net", SPEC), len(SPEC), len(SPEC))
    assert shown(Diagnostic("code", end, "more expected")).endswith("12 │\n   │ ^")
    empty = Span(Source("a.net", ""), 0, 0)
    assert shown(Diagnostic("code", empty, "empty")) == "error[code]: empty\n  ┌─ a.net:1:1"


def test_a_place_of_several_lines_is_marked_on_its_first() -> None:
    whole = Span(Source("a.net", SPEC), 0, SPEC.index("}"))
    assert shown(Diagnostic("code", whole, "all")).splitlines()[-1] == "  │ ^^^^^^^^^^^^^^^^^^^"


def test_a_long_way_is_cut_in_its_middle() -> None:
    steps = tuple(Related(at("unit(4)"), f"step {i}") for i in range(50))
    said = shown(Diagnostic("code", at("add"), "wrong", trace=steps))
    assert "step 5," in said and "42 more" in said and "step 49," in said
    assert "step 6," not in said


def test_the_summary_counts_errors_warnings_and_files() -> None:
    error = Diagnostic("a", at("add"), "x")
    warning = Diagnostic("b", at("net", path="b.net"), "y", severity=Severity.WARNING)
    said = render([error, error, warning], paint=PLAIN, width=80)
    assert said.endswith("\n\n2 errors and 1 warning in 2 files\n")
    assert render([warning], paint=PLAIN, width=80).endswith("\n\n1 warning in b.net\n")
    assert render([], paint=PLAIN, width=80) == ""


def test_colours_change_nothing_else() -> None:
    found = Diagnostic("a", at("add"), "x", related=(Related(at("unit"), "y"),), help="z")
    colored = render([found], paint=Paint(True), width=80)
    parts = colored.split("\x1b[")
    stripped = parts[0] + "".join(part.partition("m")[2] for part in parts[1:])
    assert stripped == render([found], paint=PLAIN, width=80)
    assert "\x1b[1;31m" in colored


def found_everywhere() -> Diagnostic:
    """A diagnostic that has all there is."""
    return Diagnostic(
        "some-code",
        at("add"),
        "100%: wrong,\nreally",
        help="mend",
        related=(Related(at("unit"), "there"),),
        trace=(Related(at("unit(4)"), "in unit(4)"),),
    )


def test_json_has_every_field_of_the_interface() -> None:
    document: dict[str, Any] = json.loads(as_json.render([found_everywhere()], []))
    assert document == {
        "diagnostics": [
            {
                "code": "some-code",
                "severity": "error",
                "message": "100%: wrong,\nreally",
                "file": "small.net",
                "line": 2,
                "column": 5,
                "end_line": 2,
                "end_column": 8,
                "help": "mend",
                "related": [{"file": "small.net", "line": 1, "column": 7, "message": "there"}],
                "trace": [{"file": "small.net", "line": 10, "column": 5, "message": "in unit(4)"}],
            }
        ],
        "nets": [],
    }


def test_github_gets_one_line_with_everything_escaped() -> None:
    assert github.render([found_everywhere()]) == (
        "::error file=small.net,line=2,endLine=2,col=5,endColumn=8,title=some-code::"
        "100%25: wrong,%0Areally%0Athere (line 1)%0Ain unit(4)%0Amend\n"
    )


def test_sarif_has_rules_places_and_the_way() -> None:
    document = json.loads(sarif.render([found_everywhere()]))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "some-code"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "small.net"
    assert place["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 8}
    assert result["relatedLocations"][0]["message"]["text"] == "there"
    assert result["stacks"][0]["frames"][0]["location"]["message"]["text"] == "in unit(4)"


def test_tables_line_up_with_wide_characters() -> None:
    assert table([("a", "1"), ("你好", "1,000")], right=(1,)) == ["a         1", "你好  1,000"]


def test_short_numbers_have_three_digits() -> None:
    numbers = (0, 999, 1000, 25_557_032, 4_089_184_256, 144_000_000_000)
    assert list(map(short, numbers)) == ["0", "999", "1.00 K", "25.6 M", "4.09 G", "144 G"]
