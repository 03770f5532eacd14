"""Takes the mistakes of the names, and marks the lines that must not be run for them."""

from collections.abc import Iterator

from netwright import syntax
from netwright.bind.fold import Reads
from netwright.builtins import BUILTINS
from netwright.diagnostics import Related, Report, Severity
from netwright.ops import find as ops
from netwright.program import Definition, Program
from netwright.source import Span
from netwright.values import Exhausted, Fault


class Judge:
    """The report, and whose mistake is being told."""

    def __init__(self, program: Program, report: Report) -> None:
        self.program = program
        self.report = report
        self.owner: Definition | None = None
        self.line: object = None
        self.called: dict[Definition, list[tuple[Definition, Span]]] = {}
        self.read = Reads()
        self.missing: set[tuple[Definition | None, str]] = set()
        self.varied = set(_varied(program))
        self.unread = [  # spans of what the parser could not read
            found.span for found in report.diagnostics if found.severity is Severity.ERROR
        ]

    def fault(self, fault: Fault) -> None:
        """Report a mistake; the line that has it is not run."""
        if not self.unread or not self.touched(self.around(fault)):
            self.report.add(fault.diagnostic)
        self.skip()

    def exhausted(self, exhausted: Exhausted) -> None:
        """Report what is nested too deep; too much work ends the whole check."""
        if self.program.budget.left < 0:
            raise exhausted
        self.report.add(exhausted.diagnostic)
        self.skip()

    def around(self, fault: Fault) -> Span:
        """The text that has to be read, for a mistake in it to be believed."""
        span = getattr(self.line, "span", None)
        if isinstance(span, Span):
            return span
        node = self.owner.node if self.owner is not None else None
        whole = isinstance(node, syntax.Function | syntax.Variant | syntax.Extern)
        return node.span if node is not None and whole else fault.diagnostic.span

    def skip(self) -> None:
        """Leave a line out of the run for a mistake that is told elsewhere."""
        if self.line is not None:
            self.program.wrong.add(id(self.line))
        elif self.owner is not None:
            self.program.broken.add(self.owner)

    def first(self, name: str, called: bool = False) -> bool:
        """Whether a name that is nowhere was not told yet, in this definition.

        What is called, or stands outside of all bodies, is told once a file.
        """
        inside = self.owner is not None and not isinstance(self.owner.node, syntax.Variant)
        key = (self.owner if inside and not called else None, name)
        found = key not in self.missing
        self.missing.add(key)
        return found

    def reads(self, name: str) -> bool:
        """Whether what is being judged uses a name, or that name is of the language."""
        if name in ops.HOMES or name in BUILTINS:
            return True
        node = self.owner.node if self.owner is not None else None
        return isinstance(node, syntax.Block | syntax.Net) and name in self.read(node.body)

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

    def unheard(self, target: Definition | None, name: str) -> bool:
        """Whether nobody was told yet that a definition lacks a parameter."""
        return (target, f"({name})") not in self.missing

    def lacks(self, target: Definition, name: str) -> bool:
        """Note that a call gives a parameter that a definition lacks; whether that is news."""
        news = (target, name) not in self.missing and self.unheard(target, name)
        self.missing.add((target, f"({name})"))
        return news

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
