"""Runs the rules over the nets of a spec, and says each thing once a line."""

from collections.abc import Collection, Iterable

from netwright.diagnostics import Diagnostic, Severity
from netwright.lint import depth, factors, geometry, hardware, idle, names, order, shrinking, unread
from netwright.lint.allow import Allowed, allowed
from netwright.lint.graph import Graph
from netwright.lint.rule import RULES, Finding
from netwright.pipeline import CheckedNet
from netwright.source import Source, Span
from netwright.spelling import nearest

MODULES = (order, shrinking, factors, geometry, depth, hardware, idle, names, unread)
"""Every module of rules: importing them declared their rules."""

MISREAD, UNUSED = "lint-mark", "unused-mark"
MARKS = frozenset({MISREAD, UNUSED})
"""What is said of marks themselves."""

Place = tuple[str, str, int, int]


def lint(nets: Iterable[CheckedNet], allow: Collection[str] = ()) -> list[Diagnostic]:
    """What the rules find in some nets, without what is allowed here or in the specs.

    What a line does in several places is told once, with the sum of what could be saved. Marks
    that allow nothing are told of the specs themselves, not of what they import.
    """
    told: dict[Place, Diagnostic] = {}
    sources: dict[str, Source] = {}
    mains: dict[str, list[Allowed]] = {}
    heard = set[tuple[Span, str]]()
    for net in nets:
        graph = Graph(net.instance)
        for layer in graph.layers:
            sources.setdefault(layer.step.span.source.path, layer.step.span.source)
        main = net.definition.home.source
        sources.setdefault(main.path, main)
        own = mains.setdefault(main.path, list(allowed(main)))
        for code, found in RULES.items():
            groups = _grouped(code, found.find(graph))
            whole = [mark.span for mark in own if code in mark.codes and _is_on(mark, net)]
            heard |= {(span, code) for span in whole if groups}
            for place, group in groups.items() if not whole else ():
                told.setdefault(place, _diagnostic(code, group))
    marks = [mark for source in sources.values() for mark in allowed(source)]
    owns = [mark for found in mains.values() for mark in found]
    faults = [one for one in _faults(owns, told.values(), heard) if one.code not in allow]
    return [*_left(told.values(), marks, allow), *faults]


def _is_on(mark: Allowed, net: CheckedNet) -> bool:
    """Whether a mark stands on the line of a net: then it speaks of the blocks it calls, too."""
    return mark.first == net.definition.node.name.span.line


def _grouped(code: str, found: Iterable[Finding]) -> dict[Place, list[Finding]]:
    groups: dict[Place, list[Finding]] = {}
    for finding in found:
        span = finding.span
        groups.setdefault((code, *_key(span)), []).append(finding)
    return groups


def _key(span: Span) -> tuple[str, int, int]:
    return span.source.path, span.start, span.end


def _diagnostic(code: str, group: list[Finding]) -> Diagnostic:
    """What is said of a line; of several layers that it makes, of the one that could save most."""
    worst = max(group, key=lambda finding: (finding.params, finding.macs))
    times = f" ({len(group)} times)" if len(group) > 1 else ""
    params, macs = sum(one.params for one in group), sum(one.macs for one in group)
    saves = _saves(params, macs)
    return Diagnostic(
        code,
        worst.span,
        f"{worst.message}{times}",
        help=f"{worst.help}{f'; saves {saves}' if saves else ''}",
        severity=Severity.WARNING,
    )


def _saves(params: int, macs: int) -> str:
    from netwright.report.table import short

    return " and ".join(
        [
            *([f"{params:,} params"] if params else []),
            *([f"{short(macs)} MACs"] if macs else []),
        ]
    )


def _left(
    told: Iterable[Diagnostic], marks: Iterable[Allowed], allow: Collection[str]
) -> list[Diagnostic]:
    """What no mark allows."""
    marks = list(marks)
    return [
        one
        for one in told
        if one.code not in allow and not any(_covers(mark, one) for mark in marks)
    ]


def _covers(mark: Allowed, found: Diagnostic) -> bool:
    span = found.span
    same = mark.span.source.path == span.source.path
    return same and found.code in mark.codes and mark.first <= span.line <= mark.last


def _faults(
    marks: Iterable[Allowed], told: Iterable[Diagnostic], heard: Collection[tuple[Span, str]]
) -> Iterable[Diagnostic]:
    """Marks that are not understood, or that allow what is not there."""
    told = list(told)
    for mark in marks:
        unknown = [code for code in mark.codes if code not in RULES]
        if unknown or not mark.codes:
            message = f"no rule `{unknown[0]}`" if unknown else "a mark that allows nothing"
            help = nearest(unknown[0], RULES) if unknown else "`# lint: allow CODE: the reason`"
            yield _fault(MISREAD, mark, message, help)
            continue
        used = [code for code in mark.codes if (mark.span, code) in heard]
        idle = [code for code in mark.codes if code not in used and not _used(code, mark, told)]
        if idle:
            yield _fault(UNUSED, mark, f"nothing here that `{idle[0]}` would say", "")


def _used(code: str, mark: Allowed, told: Iterable[Diagnostic]) -> bool:
    return any(one.code == code and _covers(mark, one) for one in told)


def _fault(code: str, mark: Allowed, message: str, help: str) -> Diagnostic:
    return Diagnostic(code, mark.span, message, help=help, severity=Severity.WARNING)
