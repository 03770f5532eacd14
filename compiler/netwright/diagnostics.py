"""What the compiler has to say about a spec: facts with places, free of any format."""

from enum import Enum

from netwright.record import record
from netwright.source import Span


class Severity(Enum):
    """How bad it is; only an error makes a run fail."""

    ERROR = "error"
    WARNING = "warning"


@record
class Related:
    """Another place that belongs to a diagnostic, such as the other operand."""

    span: Span
    message: str


@record
class Diagnostic:
    """One mistake in a spec: its code, place, cause, the fix, and how the run came there.

    ``trace`` holds the calls that led to the place, innermost first, each said in words
    (``in bottleneck(64), repeat 2 of 6``).
    """

    code: str
    span: Span
    message: str
    help: str = ""
    related: tuple[Related, ...] = ()
    trace: tuple[Related, ...] = ()
    severity: Severity = Severity.ERROR


class SpecError(Exception):
    """A spec that cannot be compiled, with everything that is wrong with it."""

    def __init__(self, diagnostics: "tuple[Diagnostic, ...]") -> None:
        self.diagnostics = diagnostics
        first = diagnostics[0]
        place = f"{first.span.source.path}:{first.span.line}:{first.span.column}"
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        super().__init__(f"{place}: {first.message}{more}")


class Report:
    """Collects diagnostics; the same mistake at the same place is told once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str], Diagnostic] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """Take a diagnostic, unless its code and place are known already."""
        span = diagnostic.span
        key = (span.source.path, span.start, span.end, diagnostic.code)
        self._found.setdefault(key, diagnostic)

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        help: str = "",
        related: tuple[Related, ...] = (),
    ) -> None:
        """Take an error without a trace."""
        self.add(Diagnostic(code, span, message, help=help, related=related))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All of them, in the order of files and lines."""
        return tuple(sorted(self._found.values(), key=lambda d: (d.span.source.path, d.span.start)))

    @property
    def failed(self) -> bool:
        """Whether any of them is an error."""
        return any(found.severity is Severity.ERROR for found in self._found.values())
