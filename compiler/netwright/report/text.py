"""Diagnostics for people: cause, place, the other operand, how the run came there, and the fix."""

from collections.abc import Iterator, Sequence

from netwright.diagnostics import Diagnostic, Related, Severity
from netwright.report.display import visible
from netwright.report.paint import Paint
from netwright.report.snippet import snippet

MOST_TRACE = 8


def render(found: Sequence[Diagnostic], *, paint: Paint, width: int) -> str:
    """All diagnostics one below the other, and how many there are."""
    if not found:
        return ""
    parts = ["\n".join(_diagnostic(one, paint, width)) for one in found]
    return "\n\n".join([*parts, summary(found, paint)]) + "\n"


def _diagnostic(found: Diagnostic, paint: Paint, width: int) -> Iterator[str]:
    strong = paint.error if found.severity is Severity.ERROR else paint.warning
    head, *more = visible(found.message).split("\n")
    yield f"{strong(f'{found.severity.value}[{found.code}]')}{paint.bold(f': {head}')}"
    yield from (paint.bold(line) for line in more)
    lines = snippet(found, paint=paint, most=width)
    yield from lines
    margin = " " * (len(str(_last_line(found))) + 1) + paint.bar("=")
    for step in _trace(found):
        yield f"{margin} {step}"
    if found.help:
        first, *rest = visible(found.help).split("\n")
        yield f"{margin} {paint.bold('help')}: {first}"
        yield from (f"{' ' * (len(str(_last_line(found))) + 9)}{line}" for line in rest)


def _last_line(found: Diagnostic) -> int:
    """The largest number in the margin."""
    return max(span.line for span in (found.span, *(other.span for other in found.related)))


def _trace(found: Diagnostic) -> list[str]:
    """The calls, innermost first; of a long row the middle is left out."""
    steps = [_step(step, found) for step in found.trace]
    if len(steps) <= MOST_TRACE:
        return steps
    left_out = f"… {len(steps) - MOST_TRACE} more"
    return [*steps[: MOST_TRACE - 2], left_out, *steps[-2:]]


def _step(step: Related, found: Diagnostic) -> str:
    place = f"{step.span.line}:{step.span.column}"
    if step.span.source.path != found.span.source.path:
        place = f"{visible(step.span.source.path)}:{place}"
    return f"{visible(step.message)}, at {place}"


def summary(found: Sequence[Diagnostic], paint: Paint) -> str:
    """``2 errors and 1 warning in resnet.net``."""
    errors = sum(one.severity is Severity.ERROR for one in found)
    counts = [count(errors, "error"), count(len(found) - errors, "warning")]
    said = " and ".join(text for text in counts if not text.startswith("0 "))
    files = list(dict.fromkeys(one.span.source.path for one in found))
    where = visible(files[0]) if len(files) == 1 else f"{len(files)} files"
    return (paint.error if errors else paint.warning)(f"{said} in {where}")


def count(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
