"""Takes the mistakes of the names, and marks the lines that must not be run for them."""

from collections.abc import Iterator

from netwright import syntax
from netwright.diagnostics import Related, Report, Severity
from netwright.program import Definition, Program
from netwright.source import Span
from netwright.values import Fault


class Judge:
    """The report, and whose mistake is being told."""

    def __init__(self, program: Program, report: Report) -> None:
        self.program = program
        self.report = report
        self.owner: Definition | None = None
        self.line: object = None
        self.called: dict[Definition, list[tuple[Definition, Span]]] = {}
        self.missing: set[tuple[Definition | None, str]] = set()
        self.varied = set(_varied(program))
        self.unread = [  # spans of what the parser could not read
            found.span for found in report.diagnostics if found.severity is Severity.ERROR
        ]

    def fault(self, fault: Fault) -> None:
        """Report a mistake; the line that has it is not run."""
        span = getattr(self.line, "span", None)
        if span is None or not self.unread or not self.touched(span):
            self.report.add(fault.diagnostic)
        self.skip()

    def skip(self) -> None:
        """Leave a line out of the run for a mistake that is told elsewhere."""
        if self.line is not None:
            self.program.wrong.add(id(self.line))
        elif self.owner is not None:
            self.program.broken.add(self.owner)

    def first(self, name: str) -> bool:
        """Whether a name that is nowhere was not told yet, in this definition."""
        key = (self.owner, name)
        found = key not in self.missing
        self.missing.add(key)
        return found

    def first_in_file(self, name: str) -> bool:
        """Whether a name that is nowhere was not told yet at all."""
        owner, self.owner = self.owner, None
        found = self.first(name)
        self.owner = owner
        return found

    def calls(self, target: Definition, span: Span) -> None:
        """Note that what is being judged calls another definition."""
        if self.owner is not None:
            self.called.setdefault(self.owner, []).append((target, span))

    def note(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        help: str = "",
        related: tuple[Related, ...] = (),
    ) -> None:
        """Report a mistake that hinders no run."""
        self.report.error(code, span, message, help=help, related=related)

    def damaged(self, node: syntax.Block | syntax.Net) -> bool:
        """Whether the parser could not read all of a definition."""
        return self.touched(node.span)

    def touched(self, span: Span) -> bool:
        """Whether a stretch of text holds a mistake of the parser."""
        return any(
            found.source is span.source and span.start <= found.start < span.end
            for found in self.unread
        )


def _varied(program: Program) -> Iterator[object]:
    """The nets and variants that a variant stands on."""
    for module in program.modules.values():
        for definition in module.definitions:
            if isinstance(definition.node, syntax.Variant):
                yield module.names.get(definition.node.base.name)
