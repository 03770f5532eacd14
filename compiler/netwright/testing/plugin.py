"""Pytest runs the `expect`s of `.net` files: ``pytest specs/`` has an item for each.

A file that does not check fails as one item with its diagnostics; one without an `expect` has an
item for each net.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from netwright.diagnostics import Diagnostic
    from netwright.pipeline import Checked


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project leave its specs out."""
    group = parser.getgroup("netwright")
    group.addoption("--no-nets", action="store_true", help="do not collect .net files")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A spec is a collector of its nets and expectations."""
    if file_path.suffix != ".net" or parent.config.getoption("--no-nets"):
        return None
    return SpecFile.from_parent(parent, path=file_path)


class SpecFile(pytest.File):
    """A `.net` file."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each `expect`, for each net without one, and for the file if it is wrong."""
        checked, wrong = _checked(self.path)
        expected = list(_expectations(checked))
        lines = {line for line, _ in expected}
        others = [found for found in wrong if found.span.line not in lines]
        if others:
            yield Diagnosed.from_parent(self, name="check", found=others)
        for line, name in expected:
            said = [found for found in wrong if found.span.line == line]
            yield Diagnosed.from_parent(self, name=name, found=said, line=line)
        for net in checked.nets if not expected and not others else ():
            yield Diagnosed.from_parent(self, name=net.name, found=[])


class Diagnosed(pytest.Item):
    """One thing that a spec promises, and the diagnostics against it."""

    def __init__(
        self, name: str, parent: pytest.Collector, *, found: "list[Diagnostic]", line: int = 1
    ) -> None:
        super().__init__(name, parent)
        self.found = found
        self.line = line

    def runtest(self) -> None:
        """Fail with the diagnostics."""
        if self.found:
            raise Broken(self.found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The diagnostics as the command line shows them."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the expectation."""
        return self.path, self.line - 1, f"{self.path.name}: {self.name}"


class Broken(Exception):
    """A promise of a spec that does not hold."""

    def __init__(self, found: "list[Diagnostic]") -> None:
        from netwright.report.paint import Paint
        from netwright.report.text import render

        super().__init__(render(found, paint=Paint(False), width=100))


def _checked(path: Path) -> "tuple[Checked, list[Diagnostic]]":
    from netwright.diagnostics import Report, Severity
    from netwright.files import DiskFiles
    from netwright.parse import parse_bytes
    from netwright.pipeline import check

    report = Report()
    _, file = parse_bytes(str(path), path.read_bytes(), report)
    checked = check(file, DiskFiles(), report)
    wrong = [found for found in report.diagnostics if found.severity is Severity.ERROR]
    return checked, wrong


def _expectations(checked: "Checked") -> Iterator[tuple[int, str]]:
    """The line and the text of every `expect` of the file."""
    from netwright import syntax

    for declaration in checked.program.main.file.declarations:
        if isinstance(declaration, syntax.Net | syntax.Variant) and declaration.body is not None:
            for statement in declaration.body.statements:
                if isinstance(statement, syntax.Expect):
                    words = " ".join(statement.span.text.split())
                    yield statement.span.line, f"{declaration.name.name}: {words}"
