"""The number of a member in a numbered body, for the names of its layers.

The first of these that is exact: a literal; arithmetic on the loop variable, where every turn takes
equally many; else a variable ``index`` that counts along.
"""

from collections.abc import Sequence
from typing import Any

from netwright import syntax
from netwright.lower import model
from netwright.lower.model import Home, Place


class Numbering:
    """How the members of one numbered home are counted."""

    def __init__(self, home: Home, statements: Sequence[Any], named: Any) -> None:
        self.home = home
        self.named = named  # whether a member needs its number
        self.literal: dict[int, int] = {}
        self.arithmetic: dict[int, tuple[int, int, int]] = {}  # own -> (loop, step, offset)
        self.loops: dict[int, int] = {}  # loop -> members a turn
        self.counted = False
        self.pending = 0
        self.started = False
        self.name = "index"
        self.order: list[tuple[int, bool, tuple[int, ...]]] = []
        self._plan(statements)

    def _plan(self, statements: Sequence[Any]) -> None:
        """Choose the way of counting."""
        self._collect(statements, ())
        if all(not loops for _, _, loops in self.order):
            self.literal = {own: number for number, (own, _, _) in enumerate(self.order)}
            return
        before = []
        for own, need, loops in self.order:
            if loops:
                break
            before.append((own, need))
        inside = [(own, need, loops) for own, need, loops in self.order if loops]
        chain = inside[0][2]
        tail = self.order[len(before) + len(inside) :]
        plain = len(chain) == 1 and chain[0] > 0 and all(loops == chain for _, _, loops in inside)
        if (
            plain
            and not any(need for _, need, _ in tail)
            and self.order[: len(before)] == self.order[: len(before)]
        ):
            contiguous = all(
                loops for _, _, loops in self.order[len(before) : len(before) + len(inside)]
            )
            if contiguous:
                self.literal = {own: number for number, (own, _) in enumerate(before)}
                for offset, (own, _, _) in enumerate(inside):
                    self.arithmetic[own] = (chain[0], len(inside), len(before) + offset)
                self.loops[chain[0]] = len(inside)
                return
        self.counted = True
        self.start_value = len(before)
        self.literal = {own: number for number, (own, _) in enumerate(before)}

    def _collect(self, statements: Sequence[Any], loops: tuple[int, ...]) -> None:
        for statement in statements:
            place = getattr(statement, "place", None)
            if place is not None and place.home is self.home and place.label is None:
                self.order.append((place.own, self.named(statement), loops))
            match statement:
                case model.Loop():
                    self._collect(statement.body, (*loops, id(statement)))
                case model.Arms():
                    self._collect(statement.then, (*loops, -id(statement)))
                    self._collect(statement.otherwise, (*loops, -id(statement)))
                case model.Group():
                    self._collect(statement.body, () if statement.home is self.home else loops)
                case model.Side():
                    self._collect(statement.body, loops)
                case model.Gather():
                    for branch in statement.branches:
                        self._collect(branch.body, loops)

    def holds(self, statement: Any) -> bool:
        """Whether members of the home stand in a loop or condition."""
        return any(id(statement) in loops or -id(statement) in loops for _, _, loops in self.order)

    def wanted_behind(self, own: int) -> bool:
        """Whether the count matters after a member: a named one is behind it, or in its loop."""
        position = next(i for i, (other, _, _) in enumerate(self.order) if other == own)
        loops = {loop for loop in self.order[position][2] if loop > 0}
        behind = any(need for _, need, _ in self.order[position + 1 :])
        around = any(need and loops & set(others) for _, need, others in self.order)
        return behind or around

    def text(self, place: Place, variables: dict[int, str]) -> str:
        """The number of a member, as text for the inside of an f-string or a literal."""
        own = place.own
        if own in self.literal:
            return str(self.literal[own])
        if own in self.arithmetic:
            loop, step, offset = self.arithmetic[own]
            variable = variables[loop]
            times = variable if step == 1 else f"{step} * {variable}"
            return f"{{{times} + {offset}}}" if offset else f"{{{times}}}"
        return f"{{{self.name} + {self.pending}}}" if self.pending else f"{{{self.name}}}"


def loop_index(loop: model.Loop) -> tuple[str | None, str]:
    """The variable that counts the turns of a loop, if any, and the kind of its iterable."""
    iterable = loop.iterable.plain
    if isinstance(loop.node, syntax.Repeat):
        return None, "repeat"
    if iterable.startswith("range(") and "," not in iterable:
        return loop.targets[0][0], "range"
    if iterable.startswith("enumerate(") and len(loop.targets) >= 2:
        return loop.targets[0][0], "enumerate"
    return None, "items"
