"""Every code of a diagnostic has a page, and every page a wrong example and a right one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import netwright
from netwright.commands import explain
from netwright.diagnostics import Diagnostic, Report, SpecError
from netwright.emit import TARGETS, emit
from netwright.files import DiskFiles
from netwright.limits import Limits
from netwright.parse import parse_bytes
from netwright.pipeline import Checked, check

HOME = Path(netwright.__file__).parent
REPORTING = {"Fault", "Misfit", "Exhausted", "Diagnostic", "error", "warning", "note", "once"}
ERRORS = list(explain.pages(explain.ERRORS))
FENCE = re.compile(r"^```net (wrong|right) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def codes_of(file: Path) -> set[str]:
    """The codes that a file of the compiler reports."""
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    return {
        word.value
        for call in calls
        if call.args and getattr(call.func, "attr", getattr(call.func, "id", "")) in REPORTING
        for word in ast.walk(call.args[0])
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    }


def reported() -> set[str]:
    """The codes of all stages."""
    files = [
        file
        for file in HOME.rglob("*.py")
        if file.relative_to(HOME).parts[0] not in ("commands", "draw", "lint", "report", "cli.py")
    ]
    return set().union(*map(codes_of, files))


def examples(code: str, kind: str) -> dict[str, bytes]:
    """The files of an example of a page, the main one first."""
    found: dict[str, bytes] = {}
    for which, word, text in FENCE.findall(explain.page(code)):
        if which == kind and word.endswith(".net"):
            found[word] = text.encode()
        elif which == kind:
            found["example.net"], more = enlarge(text, word)
            found |= more
    return found


def enlarge(text: str, word: str) -> tuple[bytes, dict[str, bytes]]:
    """An example that stands for a larger one, as the word behind its fence says."""
    data, more = text.encode(), {}
    if word == "escaped":
        data = re.sub(rb"\\x(..)", lambda match: bytes.fromhex(match[1].decode()), data)
    elif word == "enlarged":
        data += b"# comment\n" * (Limits().bytes // 10)
    elif word == "continued":
        blocks = [f"block unit{i}(width) {{ unit{i + 1}(width) }}\n" for i in range(1, 120)]
        data += "".join([*blocks, "block unit120(width) { conv(width, 3x3) }\n"]).encode()
    elif word == "chained":
        more = {f"chain{i}.net": f"use chain{i + 1} (unit)\n".encode() for i in range(2000)}
        more["chain2000.net"] = b"block unit(width) { conv(width, 3x3) }\n"
    return data, more


def found_in(code: str, kind: str, folder: Path) -> list[str]:
    """The codes that an example gives."""
    files = examples(code, kind)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    report = Report()
    path = str(folder / "example.net")
    _, file = parse_bytes(path, files["example.net"], report)
    checked = check(file, DiskFiles(), report)
    found = [*report.diagnostics, *(() if checked.failed else refused(checked))]
    return [one.code for one in found]


def refused(checked: Checked) -> Iterator[Diagnostic]:
    """What stands against code for a spec that checks."""
    for target in TARGETS if checked.nets else ():
        try:
            emit(checked, target)
        except SpecError as error:
            yield from error.diagnostics


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert reported() == set(ERRORS)


@pytest.mark.parametrize("code", ERRORS)
def test_the_wrong_example_gives_exactly_its_code(code: str, tmp_path: Path) -> None:
    assert found_in(code, "wrong", tmp_path) == [code]


@pytest.mark.parametrize("code", ERRORS)
def test_the_right_example_gives_nothing(code: str, tmp_path: Path) -> None:
    assert found_in(code, "right", tmp_path) == []


@pytest.mark.parametrize("code", explain.codes())
def test_a_page_starts_with_its_code_and_a_sentence(code: str) -> None:
    heading, text, *_ = explain.page(code).split("\n\n")
    assert heading == f"# {code}"
    assert text[0].isupper() or text[0] == "`"
    assert max(map(len, explain.page(code).splitlines())) <= 300
    assert 10 < len(explain.summary(code)) < 180
