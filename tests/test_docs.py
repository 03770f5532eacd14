"""What the pages of `docs/` say is so: examples compile, commands run, links lead somewhere.

A fence says what its text is. ``net`` is a spec without an error, which both targets write and
PyTorch runs, and ``net-error CODE`` one with exactly this error. With a path behind it, as in
``net parts/stem.net``, the spec is a file that is there for what stands below. ``console`` holds
commands behind a ``$``, each with what it prints, where ``...`` stands for anything on its line, or
on a line of its own for any lines. ``python`` runs as it stands.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import netwright
from netwright import cli, reference
from netwright.api import Net
from netwright.commands import layers
from netwright.diagnostics import Report
from netwright.emit import TARGETS, emit
from netwright.files import DiskFiles
from netwright.fmt import format
from netwright.instance import registered
from netwright.ops import find
from netwright.parse import parse_bytes
from netwright.pipeline import Checked, check
from netwright.record import record
from netwright.testing.functions import assert_params, assert_shapes

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted({*DOCS.glob("*.md"), *DOCS.glob("decisions/*.md"), ROOT / "ARCHITECTURE.md"})
FENCE = re.compile(r"^```(\S+) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
WEIGHTS = re.compile(r"^# Weights:((?:.*\n#)*.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)")
EXAMPLES = ("language.md", "getting-started.md", "weights-and-frameworks.md", "detectors.md")


@record
class Example:
    """A fence of a page: its kind, the code of its error, its text, and the files above it."""

    page: str
    line: int
    kind: str
    code: str
    text: str
    files: tuple[tuple[str, str], ...]

    def write(self, folder: Path, name: str = "example.net") -> Path:
        """The text as a file, beside the files that it may import."""
        for path, text in (*self.files, (name, self.text)):
            home = folder / path
            home.parent.mkdir(parents=True, exist_ok=True)
            home.write_text(text, encoding="utf-8")
        return folder / name


def examples(page: Path) -> Iterator[Example]:
    """The fences of a page in their order."""
    text = page.read_text(encoding="utf-8")
    files: dict[str, str] = {}
    for found in FENCE.finditer(text):
        kind, rest, body = found.groups()
        code, path = [*rest.split(), "", ""][:2] if kind == "net-error" else ("", rest)
        line = text.count("\n", 0, found.start()) + 1
        yield Example(page.name, line, kind, code, body, tuple(files.items()))
        if kind.startswith("net") and path:
            files[path] = body


def of_kind(*kinds: str) -> list[Any]:
    """The examples of all pages that are of a kind, as parameters of a test."""
    found = [one for name in EXAMPLES for one in examples(DOCS / name) if one.kind in kinds]
    return [pytest.param(one, id=f"{one.page}:{one.line}") for one in found]


def checked(file: Path) -> Checked:
    """A spec through all checks."""
    report = Report()
    _, parsed = parse_bytes(str(file), file.read_bytes(), report)
    return check(parsed, DiskFiles(), report)


def codes(result: Checked) -> list[str]:
    """What is wrong with a spec."""
    return [found.code for found in result.diagnostics]


@pytest.mark.parametrize("example", of_kind("net"))
def test_an_example_is_right_and_formatted_and_both_targets_write_it(
    example: Example, tmp_path: Path
) -> None:
    result = checked(example.write(tmp_path))
    assert codes(result) == []
    assert format(example.text) == example.text
    for target in TARGETS if result.nets else ():
        compile(emit(result, target), f"<{target}>", "exec")


@pytest.mark.slow
@pytest.mark.parametrize("example", of_kind("net"))
def test_an_example_runs_with_the_shapes_that_were_proved(example: Example, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    for net in netwright.load(example.write(tmp_path)).values():
        if not external(net):
            assert_params(net)
            assert_shapes(net)


def external(net: Net) -> bool:
    """Whether a net needs a library that is not here."""
    return any(declaration.startswith("extern") for declaration in text_of(net).splitlines())


def text_of(net: Net) -> str:
    """The spec of a net."""
    return str(net.instance.definition.node.span.source.text)


@pytest.mark.parametrize("example", of_kind("net-error"))
def test_a_wrong_example_has_exactly_its_error(example: Example, tmp_path: Path) -> None:
    assert codes(checked(example.write(tmp_path))) == [example.code]


@pytest.mark.parametrize("example", of_kind("net"))
def test_weights_are_called_as_an_example_says(example: Example, tmp_path: Path) -> None:
    said = WEIGHTS.search(example.text)
    if said:
        names = said[1].replace("#", " ").split()
        (net,) = netwright.load(example.write(tmp_path)).values()
        assert names == [
            ".".join(filter(None, (leaf.path, weight.name)))
            for leaf in registered(net.instance.steps)
            for weight in leaf.step.weights
        ]


def test_every_page_about_the_language_has_examples() -> None:
    counts = [len(list(examples(DOCS / name))) for name in EXAMPLES]
    assert counts[0] > 50 and all(counts)


def test_the_page_about_layers_is_made_from_the_layers() -> None:
    written = (DOCS / "layers.md").read_text(encoding="utf-8")
    assert written == reference.page(), "python -m netwright.reference > docs/layers.md"


def test_a_layer_has_one_signature_on_the_page_and_on_the_command_line() -> None:
    for op in find.every().values():
        assert reference.signature(op) == layers.signature(op)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path, anchor in LINK.findall(re.sub("`[^`]*`", "", FENCE.sub("", text))):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), anchor


def anchors(text: str) -> set[str]:
    """What GitHub calls the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_commands_print_what_a_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, said in typed(tmp_path, monkeypatch):
        cli.main(command)
        found = "".join(capsys.readouterr())
        assert re.fullmatch(pattern(said), found), found


@pytest.mark.slow
def test_python_runs_as_a_page_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    for command, _ in typed(tmp_path, monkeypatch):
        cli.main(command)
    for example in examples(DOCS / "getting-started.md"):
        if example.kind == "python":
            exec(compile(example.text, f"<line {example.line}>", "exec"), {})


def typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], str]]:
    """The commands of the first page, in a folder with its files, each with what it prints."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("NO_COLOR", "1")
    for example in examples(DOCS / "getting-started.md"):
        example.write(folder)
        if example.kind == "console":
            yield from commands(example.text)


def commands(text: str) -> Iterator[tuple[list[str], str]]:
    """The commands of a block as words, each with what it prints."""
    for part in re.split(r"^\$ netwright ", text, flags=re.MULTILINE)[1:]:
        command, _, said = part.partition("\n")
        yield shlex.split(command), said


def pattern(said: str) -> str:
    """What a command prints, as an expression: ``...`` is anything."""
    lines = (
        "(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in said.splitlines()
    )
    return "".join(lines)
