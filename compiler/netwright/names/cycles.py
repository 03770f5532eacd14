"""What calls itself, directly or through others: evaluation ends, so nothing may."""

from collections.abc import Mapping, Sequence

from netwright import syntax
from netwright.names.judge import Judge
from netwright.program import Definition
from netwright.source import Span
from netwright.values import Fault

Calls = Mapping[Definition, Sequence[tuple[Definition, Span]]]


def refuse_cycles(calls: Calls, judge: Judge) -> None:
    """Report each circle of calls once; its definitions are not run."""
    done: set[Definition] = set()
    for start in calls:
        ring = _ring(start, calls, done)
        if ring:
            _report(ring, calls, judge)


def _ring(start: Definition, calls: Calls, done: set[Definition]) -> list[Definition]:
    """A circle that can be reached from a definition; all that was seen is done then."""
    path: list[Definition] = []
    left = [(start, 0)] if start not in done else []
    while left:
        here, place = left.pop()
        if place == 0:
            path.append(here)
        targets = calls.get(here, ())
        if place == len(targets):
            path.pop()
            done.add(here)
            continue
        left.append((here, place + 1))
        target = targets[place][0]
        if target in path:
            ring = path[path.index(target) :]
            done.update(ring)
            return ring
        if target not in done:
            left.append((target, 0))
    return []


def _report(ring: list[Definition], calls: Calls, judge: Judge) -> None:
    first, second = ring[0], ring[1 % len(ring)]
    span = next(span for target, span in calls[first] if target is second)
    names = " -> ".join(definition.name for definition in [*ring, first])
    what = "function" if isinstance(first.node, syntax.Function) else "block"
    judge.program.broken.update(ring)
    judge.report.add(Fault("recursion", span, f"a {what} may not call itself: {names}").diagnostic)
