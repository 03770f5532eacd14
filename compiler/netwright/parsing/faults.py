"""Tells the mistakes of a text to the report, one a line, since one often causes the next."""

from netwright.diagnostics import Diagnostic, Related, Report, Severity
from netwright.source import Source, Span


class Faults:
    """The mistakes found so far in one source."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.report = report
        self.silent_until = -1
        self._lines: set[int] = set()
        self.told: set[str] = set()

    def error(
        self,
        code: str,
        start: int,
        end: int,
        message: str,
        *,
        help: str = "",
        related: Related | None = None,
    ) -> None:
        """Report an error, unless its line has one already."""
        line = self.source.place(start)[0]
        if line in self._lines or start <= self.silent_until:
            return
        self._lines.add(line)
        others = (related,) if related is not None else ()
        self.report.error(code, Span(self.source, start, end), message, help=help, related=others)

    def once(self, code: str, start: int, end: int, message: str, *, help: str) -> None:
        """Report an error of a kind that a file has once."""
        if code not in self.told:
            self.told.add(code)
            self.error(code, start, end, message, help=help)

    def warning(self, code: str, start: int, end: int, message: str, *, help: str) -> None:
        """Report what is legal but can hardly be meant."""
        span = Span(self.source, start, end)
        self.report.add(Diagnostic(code, span, message, help=help, severity=Severity.WARNING))

    @property
    def found(self) -> bool:
        """Whether there was an error."""
        return bool(self._lines)
