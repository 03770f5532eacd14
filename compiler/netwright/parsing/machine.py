"""Runs the LALR(1) tables over tokens and builds nodes as rules are recognised, without a tree."""

from collections.abc import Callable
from typing import Any

from netwright.limits import limits
from netwright.parsing.symbols import END, NUMBER, RESERVED
from netwright.parsing.tables import tables
from netwright.source import Source, Span

"""How deep brackets may stand in brackets, and operators in operators."""

Make = Callable[..., Any]
Plan = tuple[int, int, Make | None, tuple[int, ...], int]
"""Origin, length, what makes the node (none: it is the only child), its children, its level."""

_NESTING = """attribute attribute_template binary call compare comprehension conditional else_if
generator group index list slice unary"""
_LINES = "entry expect input let line losses output require set shared splice"
_LEVELS = {**dict.fromkeys(_NESTING.split(), 1), **dict.fromkeys(_LINES.split(), -1)}
"""What makes a node deeper than its parts, and with what depth starts anew."""


class TooDeep(Exception):
    """A node that is nested more deeply than the language allows."""


def collected(*_: object) -> None:
    """Stands for what makes the list of a rule that is spliced into the rule around it."""


def plans(maker: object) -> list[Plan]:
    """For each rule of the grammar what is made of it; ``maker`` has a method for each action."""
    found: list[Plan] = []
    for rule in tables().rules:
        make: Make | None = None if rule.action == "=" else collected
        if rule.action.isidentifier():
            make = getattr(maker, rule.action)
        level = _LEVELS.get(rule.action, 0)
        found.append((rule.origin, rule.length, make, rule.children, level))
    return found


class Machine:
    """A stack of states, each with the value, the place and the depth of what led to it.

    ``last`` is the token taken last, from ``at`` to ``end``.
    """

    def __init__(self, source: Source, plans: list[Plan], state: int) -> None:
        self.source = source
        self.plans = plans
        self.rows = tables().rows
        self.fallback = tables().fallback
        self.kept = tables().kept
        self.states = [state]
        self.values: list[Any] = [None]
        self.starts = [0]
        self.depths = [0]
        self.last = END
        self.at = self.end = 0
        self.deepest = limits().nesting

    def take(self, kind: int, start: int, end: int) -> int:
        """Take a token and give what it was taken for, or -1 if it cannot stand here."""
        row = self.rows[self.states[-1]]
        action = row.get(kind)
        if action is None:
            kind = self.other(kind, row)
            if kind < 0:
                return -1
            action = row[kind]
        while action < 0:
            action = self.reduce(self.plans[~action]).get(kind)
            if action is None:
                return -1
        self.states.append(action)
        self.values.append(Span(self.source, start, end) if kind in self.kept else None)
        self.starts.append(start)
        self.depths.append(0)
        self.last, self.at, self.end = kind, start, end
        return kind

    def other(self, kind: int, row: dict[int, int]) -> int:
        """What a token is taken for that cannot be what it looks like; -1 if it is nothing."""
        if kind in RESERVED and NUMBER in row:
            return -1
        while kind not in row:
            kind = self.fallback.get(kind, -1)
            if kind < 0:
                return -1
        return kind

    def reduce(self, plan: Plan) -> dict[int, int]:
        """Put what a rule makes in the place of its parts; gives the row of the new state."""
        origin, length, make, children, level = plan
        states = self.states
        if make is None:
            states[-1] = state = self.rows[states[-2]][origin]
            return self.rows[state]
        parts, start, depth = self.pop(length)
        if make is collected:
            value: Any = _list(parts, children)
        else:
            args = _list(parts, children)
            single = length == 1 and type(parts[0]) is Span
            value = make(parts[0] if single else Span(self.source, start, self.end), *args)
            depth = depth + level if level >= 0 else 0
            if depth > self.deepest:
                raise TooDeep
        state = self.rows[states[-1]][origin]
        states.append(state)
        self.values.append(value)
        self.starts.append(start)
        self.depths.append(depth)
        return self.rows[state]

    def pop(self, length: int) -> tuple[list[Any], int, int]:
        """Take parts off the stack: their values, where they start, how deep they are."""
        if not length:
            return [], self.end, 0
        parts, start, depth = (
            self.values[-length:],
            self.starts[-length],
            max(self.depths[-length:]),
        )
        del self.states[-length:], self.values[-length:], self.starts[-length:]
        del self.depths[-length:]
        return parts, start, depth

    def accepts(self, *kinds: int) -> bool:
        """Whether these tokens could stand here, one after another."""
        states = self.states.copy()
        for wanted in kinds:
            row = self.rows[states[-1]]
            kind = wanted if wanted in row else self.other(wanted, row)
            action = row.get(kind)
            while action is not None and action < 0:
                origin, length = self.plans[~action][:2]
                del states[len(states) - length :]
                states.append(self.rows[states[-1]][origin])
                action = self.rows[states[-1]].get(kind)
            if action is None:
                return False
            states.append(action)
        return True


def _list(parts: list[Any], children: tuple[int, ...]) -> list[Any]:
    """The children among the parts; a list is spliced, and one that comes first is extended."""
    found: list[Any] = []
    for place in children:
        part = parts[place] if place >= 0 else None
        if type(part) is not list:
            found.append(part)
        elif found:
            found += part
        else:
            found = part
    return found
