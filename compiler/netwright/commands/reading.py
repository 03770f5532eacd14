"""Reads specs for a command, and tells what is wrong with them, in the format that was chosen."""

import sys

from netwright.commands.console import Console
from netwright.diagnostics import Diagnostic, Report
from netwright.limits import limits
from netwright.parse import parse_bytes
from netwright.pipeline import CheckedNet
from netwright.source import Source
from netwright.syntax import File

STANDARD_INPUT = "<stdin>"


class Reading:
    """The specs of one command line, and all that was found in them."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.found = Report()

    def read(self, path: str) -> tuple[Source, File]:
        """A spec by its path, or from standard input, as far as it can be read."""
        return self.parse(path, self.console.read(path, limits().bytes + 1))

    def parse(self, path: str, data: bytes) -> tuple[Source, File]:
        """A spec whose bytes were read."""
        return parse_bytes(STANDARD_INPUT if path == "-" else path, data, self.found)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that was found so far."""
        return self.found.diagnostics

    @property
    def failed(self) -> bool:
        """Whether there is an error so far."""
        return self.found.failed

    def nets(self) -> list[tuple[str, CheckedNet]]:
        """All nets with the files that they stand in; none before they are checked."""
        return []

    def tell(self) -> None:
        """Print what was found: for programs as the output, for people beside it."""
        if self.console.format != "text":
            self.console.out(self.rendered())
        elif self.diagnostics:
            self.console.err(self.text(colored=self.console.colored(sys.stderr)))

    def text(self, *, colored: bool) -> str:
        """What was found, for people."""
        from netwright.report.paint import Paint
        from netwright.report.text import render

        stream = sys.stderr if sys.stderr.isatty() else sys.stdout
        return render(self.diagnostics, paint=Paint(colored), width=self.console.width(stream))

    def rendered(self) -> str:
        """What was found, for programs."""
        if self.console.format == "json":
            from netwright.report import json

            return json.render(self.diagnostics, self.nets())
        if self.console.format == "sarif":
            from netwright.report import sarif

            return sarif.render(self.diagnostics)
        from netwright.report import github

        return github.render(self.diagnostics)
