"""A variable for every tensor: the flow is ``x``, a branch its label or ``y``, and nothing is
overwritten while it is still wanted.

Values are made once (`lower.model`); here each gets the first name of a row of candidates whose
holder is dead. A loop or condition whose ends have other names than it needs gets copies.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from netwright.lower import model
from netwright.targets.lists import gives_list
from netwright.targets.liveness import FLOW, Liveness, Reads, Unit, every, inputs_of, outputs_of
from netwright.tensor import DETECTIONS, MATCHES, PROPOSALS

HELD = {PROPOSALS: "boxes", DETECTIONS: "found", MATCHES: "matches"}
"""Names of what is no tensor but a list with an entry for each image."""


def held_name(statement: Any) -> str | None:
    """The name of what a layer or block gives, where that is no tensor."""
    result = getattr(statement, "result", None)
    if isinstance(statement, model.Call) and statement.routine is not None:
        result = statement.routine.tensor
    return HELD.get(result.axes[0]) if result is not None and result.axes else None


class Slot:
    """One flow of tensors: the name that it has now, and those it may take."""

    def __init__(self, name: str) -> None:
        self.name = name

    def candidates(self) -> Iterator[str]:
        """Names to try, the present one first."""
        yield self.name
        stem, _, number = self.name.rpartition("_")
        base = stem if stem in FLOW and number.isdigit() else self.name
        if base in FLOW:
            yield from FLOW[FLOW.index(base) + 1 :]
            base = FLOW[-1]
        for count in range(2, 1000):
            yield f"{base}_{count}"


class Variables(Liveness):
    """Names of the values of one body, and the copies that make them fit."""

    def __init__(
        self,
        statements: Sequence[Any],
        given: dict[int, str],
        results: Sequence[int],
        reserved: set[str],
        reads: Reads,
        start: str = "",
    ) -> None:
        super().__init__(statements, given, results, reads)
        self.names: dict[int, str] = dict(given)
        self.reserved = reserved
        self.before: dict[int, list[tuple[str, str]]] = {}
        self.after: dict[int, list[tuple[str, str]]] = {}
        self.otherwise: dict[int, list[tuple[str, str]]] = {}
        self.holder: dict[str, int] = {name: value for value, name in given.items()}
        first = next((name for name in given.values() if "[" not in name), "x")
        self.first = start or (first if len(given) == 1 or first in FLOW else "x")
        self.slot = Slot(self.first)
        self.depth = 0
        self._name(statements, self.slot)

    def free(self, name: str, position: int, *, but: int | None = None) -> bool:
        """Whether a name can take a new value."""
        if name in self.reserved or "[" in name:
            return False
        held = self.holder.get(name)
        return held is None or held == but or not self.live(held, position)

    def give(self, value: int, slot: Slot, position: int) -> str:
        """Name a value of a flow."""
        name = next(name for name in slot.candidates() if self.free(name, position))
        self.names[value] = name
        self.holder[name] = value
        slot.name = name
        return name

    def _name(self, statements: Sequence[Any], slot: Slot) -> None:
        self.depth += 1
        for place, statement in enumerate(statements):
            if id(statement) in self.dead:
                continue
            now = self.position[id(statement)]
            match statement:
                case model.Layer() | model.Call() | Unit():
                    self._name_output(statement, statements, place, slot, now)
                case model.Loop():
                    self._name_loop(statement, slot, now)
                case model.Arms():
                    self._name_arms(statement, slot, now)
                case model.Group():
                    self._name(
                        statement.body,
                        self._group_slot(statement, statements[place + 1 :], slot, now),
                    )
                case model.Losses():
                    self._name(statement.body, Slot(slot.name))
                case model.Side():
                    self._name(statement.body, Slot(statement.name))
                case model.Gather():
                    self._name_branches(statement, slot, now)
                case model.Alias():
                    self._name_alias(statement, now)
                case model.Store():
                    self._name_store(statement, now)
        self.depth -= 1

    def _name_output(
        self, statement: Any, statements: Sequence[Any], place: int, slot: Slot, now: int
    ) -> None:
        """The output of a layer: of its flow, or, where only its label is read, the label."""
        behind = (other for other in statements[place + 1 :] if id(other) not in self.dead)
        following = next(behind, None)
        if isinstance(following, model.Alias) and statement.output in following.sources:
            name = following.names[following.sources.index(statement.output)]
            if len(self.uses.get(statement.output, ())) == 1 and len(following.names) == 1:
                name = name if self.free(name, now) else self._fresh(name, now)
                self.names[statement.output] = name
                self.holder[name] = statement.output
                self._outputs(statement, now)
                return
        held = held_name(statement)
        if isinstance(statement, model.Call) and gives_list(statement.routine):
            self._name_list(statement, now)
            return
        if held is not None:
            name = self._fresh(held, now)
            self.names[statement.output] = name
            self.holder[name] = statement.output
        elif isinstance(following, model.Store) and len(self.uses.get(statement.output, ())) == 1:
            name = self._fresh(following.name, now)
            self.names[statement.output] = name
            self.holder[name] = statement.output
        else:
            self._start_anew(statement, slot)
            self.give(statement.output, slot, now)
        self._outputs(statement, now)

    def _name_list(self, call: model.Call, now: int) -> None:
        """The tensors of a list, by their places in the one variable that holds it."""
        label = call.place.static or ""
        name = self._fresh(label if label.isidentifier() else "parts", now)
        self.reserved.add(name)
        for place, value in enumerate((call.output, *call.more)):
            self.names[value] = f"{name}[{place}]"

    def _start_anew(self, statement: Any, slot: Slot) -> None:
        """Let a flow that goes on from other tensors no longer be called like an argument.

        Not in a loop or a condition, whose ends want one name.
        """
        read = {self.names.get(value) for value in inputs_of(statement)}
        if self.depth == 1 and slot.name not in FLOW and slot.name not in read:
            slot.name = self.first

    def _group_slot(
        self, group: model.Group, following: Sequence[Any], slot: Slot, now: int
    ) -> Slot:
        """The flow of a group: its label's, where only that is read further down."""
        alias = following[0] if following else None
        if (
            isinstance(alias, model.Alias)
            and id(alias) not in self.dead
            and group.after in alias.sources
            and len(alias.names) == 1
            and len(self.uses.get(group.after, ())) == 1
            and self.free(alias.names[0], now)
        ):
            return Slot(alias.names[0])
        return slot

    def _outputs(self, statement: Any, now: int) -> None:
        for value in getattr(statement, "more", ()):
            self.names[value] = self._fresh(f"{self.names[statement.output]}_2", now)
            self.holder[self.names[value]] = value
        for name, value in getattr(statement, "outputs", {}).items():
            self.names[value] = self._fresh(name, now)
            self.holder[self.names[value]] = value

    def _fresh(self, stem: str, now: int) -> str:
        slot = Slot(stem)
        return next(
            name for name in slot.candidates() if name not in FLOW[1:] and self.free(name, now)
        )

    def _name_alias(self, alias: model.Alias, now: int) -> None:
        for name, source, output in zip(alias.names, alias.sources, alias.outputs, strict=True):
            if self.names.get(source) == name:
                self.names[output] = name
                self.holder[name] = output
                self.uses.setdefault(output, []).extend(
                    u for u in self.uses.get(source, ()) if u > now
                )
                continue
            chosen = name if self.free(name, now, but=source) else self._fresh(name, now)
            self.names[output] = chosen
        for output in alias.outputs:
            self.holder[self.names[output]] = output

    def _name_store(self, store: model.Store, now: int) -> None:
        source = self.names[store.source]
        held = self.holder.get(source)
        if held == store.source and not self._overwritten(store, now):
            self.names[store.output] = source
            self.uses.setdefault(store.source, []).extend(self.uses.get(store.output, ()))
            return
        name = self._fresh(f"{store.name}_now" if store.name == source else store.name, now)
        self.names[store.output] = name
        self.holder[name] = store.output

    def _overwritten(self, store: model.Store, now: int) -> bool:
        """Whether the stored value is read by its label at all in this turn."""
        return bool(self.uses.get(store.output)) and self.names[store.source] in FLOW

    def _name_branches(self, gather: model.Gather, slot: Slot, now: int) -> None:
        base = slot.name
        working = [
            b
            for b in gather.branches
            if any(
                id(s) not in self.dead and not isinstance(s, model.Load | model.Number)
                for s in b.body
            )
        ]
        last = working[-1] if working else None
        plain = [b for b in working if not b.label and not (b is last and self._conditional(b))]
        for branch in working:
            if branch.label:
                inner = Slot(
                    branch.label if branch.label not in self.reserved else f"{branch.label}_"
                )
            elif branch is last and self._conditional(branch):
                inner = Slot(base)
            else:
                inner = Slot(inner_name(base, branch.position if len(plain) > 1 else 0))
            self._name(branch.body, inner)

    def _conditional(self, branch: model.Branch) -> bool:
        body = [s for s in branch.body if not isinstance(s, model.Number)]
        return len(body) == 1 and isinstance(body[0], model.Arms)

    def _name_loop(self, loop: model.Loop, slot: Slot, now: int) -> None:
        start, _, end = self.ends[id(loop)]
        copies = []
        for phi in loop.phis:
            wanted = self.names[phi.before]
            own = Slot(phi.hint) if phi.hint else slot
            if (
                self.live(phi.before, start)
                or wanted in self.reserved
                or (phi.hint and wanted != phi.hint)
            ):
                wanted = self.give(phi.inside, own, start)
                if wanted != self.names[phi.before]:
                    copies.append((wanted, self.names[phi.before]))
            else:
                self.names[phi.inside] = wanted
                self.holder[wanted] = phi.inside
                own.name = wanted
        self.before[id(loop)] = copies
        self._name(loop.body, slot)
        self.after[id(loop)] = [
            (self.names[phi.inside], self.names[phi.end])
            for phi in loop.phis
            if self.names[phi.inside] != self.names[phi.end]
        ]
        for phi in loop.phis:
            name = self.names[phi.inside]
            self.names[phi.after] = name
            self.holder[name] = phi.after
            if not phi.hint:
                slot.name = name
        assert end

    def _name_arms(self, arms: model.Arms, slot: Slot, now: int) -> None:
        start, middle, end = self.ends[id(arms)]
        holder = dict(self.holder)
        base = slot.name
        self.before[id(arms)] = []
        flow = next((phi for phi in arms.phis if not phi.hint), None)
        if flow is not None:
            self._prepare(arms, flow, slot, start, end)
        wanted = slot.name
        self.hidden.append((middle, end))
        self._name(arms.then, slot)
        self.hidden.pop()
        then_holder, self.holder = self.holder, dict(holder)
        slot.name = wanted
        self._name(arms.otherwise, slot)
        self.holder = {**then_holder, **self.holder}
        self.after[id(arms)], self.otherwise[id(arms)] = [], []
        for phi in self.read(arms):
            name = wanted if not phi.hint else phi.hint
            for copies, value in ((self.after, phi.before), (self.otherwise, phi.end)):
                if (
                    self.names[value] != name
                    and (name, self.names[value]) not in self.before[id(arms)]
                ):
                    copies[id(arms)].append((name, self.names[value]))
            self.names[phi.after] = name
            self.holder[name] = phi.after
        slot.name = wanted if flow is not None else base

    def _prepare(self, arms: model.Arms, flow: model.Phi, slot: Slot, start: int, end: int) -> None:
        """Choose the variable of the flow behind the arms; an idle arm needs it before."""
        idle = {flow.before, flow.end} & set(self.names)
        for value in idle:
            name = self.names[value]
            if not self.live(value, end) and name not in self.reserved:
                slot.name = name
                return
        for name in slot.candidates():
            held = self.holder.get(name)
            if (
                name not in self.reserved
                and (held is None or not self.live(held, end))
                and (held is None or held not in idle or not self.live(held, start))
            ):
                slot.name = name
                break
        for value in idle:
            if self.names[value] != slot.name:
                self.before[id(arms)].append((slot.name, self.names[value]))


def inner_name(base: str, position: int) -> str:
    """The name of a branch: ``y``, ``y2``; in a branch ``y5`` of its own ``y51``."""
    stem = base.rstrip("0123456789")
    digits = base[len(stem) :]
    if digits or (not position and stem != FLOW[0]):
        return f"{base}{position or ''}"
    following = FLOW[FLOW.index(stem) + 1] if stem in FLOW[:-1] else "y"
    return f"{following}{position}" if position else following


__all__ = ["FLOW", "Slot", "Unit", "Variables", "every", "inputs_of", "outputs_of"]
