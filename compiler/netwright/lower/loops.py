"""Loops on symbols: what a turn changes is found by dry runs and carried in variables."""

from typing import Any

from netwright import syntax
from netwright.condition import Cond
from netwright.evaluate import NotGeneral, evaluate, items_of, unpack
from netwright.lower import model
from netwright.lower.model import Carry, Kept, Phi
from netwright.lower.state import State, keys_deep, keys_of_value
from netwright.lower.text import NameOf, Text
from netwright.lower.wording import python_name, word
from netwright.sym import ANY, NATURAL, POSITIVE, REAL, Sym, keys, variable
from netwright.tensor import Tensor
from netwright.values import Partial, Ref, Scope, holds, plain

ROUNDS = 12
DEEPEST = 5  # loops in loops: each is run some times for every run of the one around


class Loops(State):
    """Loops of one body."""

    def loop(self, node: "syntax.For | syntax.Repeat") -> None:
        """A loop: turn by turn, or one that stays."""
        if self.unrolled(node):
            return
        if self.loops == DEEPEST:
            raise NotGeneral(node.span)
        self.loops += 1
        self.carried(node)
        self.loops -= 1

    def carried(self, node: "syntax.For | syntax.Repeat") -> None:
        """Find what a body carries by dry runs, then run it for good."""
        t = self.trace
        iterable = self.header(node)
        before, start = self.seen(), self.save()
        changed: dict[str, set[int] | None] = {}
        for _ in range(ROUNDS):
            hidden = self.hidden(node)
            state = self.turn(node, changed, before)
            self.unbind(hidden)
            after = self.seen()
            grown = self.differences(before, after, changed, state)
            self.restore(start)
            t.out = []
            if grown == changed:
                break
            changed = grown
        else:
            raise NotGeneral(node.span)
        t.out = start["out"]
        self.run(node, iterable, changed, before)

    def items(self, node: Any) -> list[Any] | None:
        """What a loop runs over, where that is known."""
        t = self.trace
        if isinstance(node, syntax.Repeat):
            count = evaluate(node.count, t)
            return list(range(count)) if isinstance(count, int) else None
        try:
            found = list(items_of(evaluate(node.iterable, t), node.iterable))
        except NotGeneral:
            return None
        return found

    def apart(self, node: Any) -> list[Any] | None:
        """What each turn of a loop is run for alone: tensors and blocks, and where some
        parameters are numbers whatever is known; none where the loop stays one."""
        items = self.items(node)
        if items is not None and not self.trace.special:
            loose = any(holds(item, Ref) or holds(item, Partial) for item in items)
            return items if loose else None
        return items

    def unrolled(self, node: Any) -> bool:
        """Run a loop turn by turn; false where it stays a loop."""
        items = self.apart(node)
        if items is None:
            return False
        hidden = self.hidden(node)
        for item in items:
            self.bind_item(node, item)
            self.trace.body(node.body)
        self.unbind(hidden)
        return True

    def bind_item(self, node: Any, item: Any) -> None:
        """Bind the variables of a loop to the values of one turn."""
        t = self.trace
        if isinstance(node, syntax.For):
            for target, value in zip(
                node.targets, unpack(item, node.targets, node.span), strict=True
            ):
                t.scope.names[target.name] = value
                t.rows.pop(target.name, None)

    def hidden(self, node: Any) -> "list[tuple[str, Any, Any]]":
        """What the names of a loop's variables hold around it."""
        t = self.trace
        return [
            (target.name, t.scope.names.get(target.name), t.rows.get(target.name))
            for target in (node.targets if isinstance(node, syntax.For) else ())
        ]

    def unbind(self, hidden: "list[tuple[str, Any, Any]]") -> None:
        """The variables of a loop end with it: their names hold again what they did."""
        t = self.trace
        for name, value, row in hidden:
            for table, held in ((t.scope.names, value), (t.rows, row)):
                table.pop(name, None)
                if held is not None:
                    table[name] = held

    def turns_apart(self, node: Any, start: Any) -> "list[tuple[Ref, tuple[Any, ...]]]":
        """The turns of a loop in brackets, each a branch of its own."""
        t = self.trace
        items = self.apart(node)
        if items is None:
            raise NotGeneral(node.span)
        hidden, out, found = self.hidden(node), t.out, []
        for item in items:
            self.bind_item(node, item)
            t.out, t.current = [], start
            t.branch(syntax.Line(None, (syntax.Braces(node.body, node.span),), "", node.span))
            found.append((plain(t.current), tuple(t.out)))
        self.unbind(hidden)
        t.out = out
        return found

    def header(self, node: "syntax.For | syntax.Repeat") -> Text:
        """The text of what a loop runs over."""
        if isinstance(node, syntax.For):
            return word(node.iterable, self.trace)
        return Text.of("range(", word(node.count, self.trace), ")")

    def turn(self, node: Any, changed: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
        """One dry turn; the values that its names had at its start."""
        t = self.trace
        t.out = []
        inside = self.enter(changed, before, {})
        self.targets(node)
        turning, self.turning = (
            self.turning,
            self.turning | {key for value in inside.values() for key in keys_of_value(value)},
        )
        self.depth, self.loops = self.depth + 1, self.loops + 1
        t.body(node.body)
        self.depth, self.loops = self.depth - 1, self.loops - 1
        self.turning = turning
        return inside

    def enter(
        self, changed: dict[str, Any], before: dict[str, Any], keys_of: dict[tuple[str, int], str]
    ) -> dict[str, Any]:
        """Give what changes a symbol of its own; ``keys_of`` takes the key of each carried size."""
        t = self.trace
        inside: dict[str, Any] = {}
        for name, axes in changed.items():
            value = before[name]
            if isinstance(value, Ref):
                sizes = list(value.tensor.sizes)
                for axis in sorted(axes or ()):
                    key = t.names.fresh(f"{name}.{axis}")
                    t.names.bind(self.carried_name(name, value.tensor, axis), key)
                    keys_of[(name, axis)] = key
                    sizes[axis] = variable(key, POSITIVE)
                inside[name] = t.new(
                    Tensor(tuple(sizes), value.tensor.axes, value.tensor.integers), value.span
                )
            else:
                key = t.names.fresh(name)
                python = python_name(name)
                t.names.bind(python, key)
                t.rows[name] = NameOf(key, python)
                keys_of[(name, -1)] = key
                inside[name] = (
                    Cond("flag", (key,)) if isinstance(value, bool | Cond) else variable(key, ANY)
                )
            self.put(name, inside[name])
        return inside

    def targets(self, node: Any) -> tuple[tuple[str, str], ...]:
        """Bind the variables of a loop; pairs of name and key."""
        t = self.trace
        found = []
        for place, target in enumerate(node.targets if isinstance(node, syntax.For) else ()):
            key = t.names.fresh(target.name)
            python = self.unheld(python_name(target.name))
            t.names.bind(python, key)
            t.rows[target.name] = NameOf(key, python)
            sign = self.sign(node.iterable, place)
            t.scope.names[target.name] = variable(key, sign)
            found.append((python, key))
            self.turning = self.turning | {key}
        return tuple(found)

    def unheld(self, name: str) -> str:
        """A variable for a loop: one of its own where its name holds something around it."""
        free, count = name, 1
        while free in self.trace.names.holder:
            count += 1
            free = f"{name}_{count}"
        return free

    def sign(self, iterable: syntax.Expr, place: int) -> str:
        """How small a loop variable may be."""
        match iterable:
            case syntax.Call(syntax.Name("enumerate"), args):
                return NATURAL if place == 0 else self.sign(args[0].value, 0)
            case syntax.Call(syntax.Name("zip"), args) if place < len(args):
                return self.sign(args[place].value, 0)
            case syntax.Call(syntax.Name("reversed"), args):
                return self.sign(args[0].value, place)
            case syntax.Call(syntax.Name("range"), (_,)):
                return NATURAL
            case syntax.Call(syntax.Name("range"), (start, _)):
                return _sign_of((start.value,))
            case syntax.ListOf(items):
                return _sign_of(items)
        return ANY

    def differences(
        self,
        before: dict[str, Any],
        after: dict[str, Any],
        known: dict[str, Any],
        inside: dict[str, Any],
    ) -> dict[str, Any]:
        """What a turn changed, and of tensors which sizes."""
        found: dict[str, set[int] | None] = {
            name: set(axes) if axes is not None else None for name, axes in known.items()
        }
        for name, value in before.items():
            start, end = inside.get(name, value), after.get(name)
            if end is start or end == start:
                continue
            a, b = plain(start), plain(end)
            if isinstance(a, Ref) and isinstance(b, Ref):
                if b.id in self.trace.ragged or a.tensor.rank != b.tensor.rank:
                    raise NotGeneral(b.span)
                axes = found.setdefault(name, set())
                assert axes is not None
                axes |= {
                    i
                    for i, pair in enumerate(zip(a.tensor.sizes, b.tensor.sizes, strict=True))
                    if pair[0] != pair[1]
                }
            elif isinstance(a, int | Sym | Cond) and isinstance(b, int | Sym | Cond):
                found[name] = None
            elif not isinstance(a, Scope):
                raise NotGeneral(None)
        return found

    def run(
        self, node: Any, iterable: Text, changed: dict[str, Any], before: dict[str, Any]
    ) -> None:
        """The turn that is kept."""
        t = self.trace
        start_names = set(self.seen())
        starts: dict[tuple[str, int], Text | None] = {}
        for name, axes in changed.items():
            for axis in axes or ():
                starts[(name, axis)] = t.names.say(before[name].tensor.sizes[axis])
        keys_of: dict[tuple[str, int], str] = {}
        rows = dict(t.rows)
        inside = self.enter(changed, before, keys_of)
        carries = tuple(
            Carry(key, t.names.name_of[key], starts[slot])
            for slot, key in keys_of.items()
            if slot[1] >= 0
        )
        out, t.out = t.out, []
        turning, in_turn = self.turning, self.in_turn
        self.turning = turning | set(keys_of.values())
        stored = len(t.templates)
        self.in_turn = in_turn | _Later(stored, t.templates)
        hidden = self.hidden(node)
        targets = self.targets(node)
        t.taken.append({})
        self.depth, self.loops = self.depth + 1, self.loops + 1
        t.body(node.body)
        self.depth, self.loops = self.depth - 1, self.loops - 1
        t.taken.pop()
        self.unbind(hidden)
        body, t.out = t.out, out
        self.turned |= self.turning
        self.turning, self.in_turn = turning, in_turn
        self.numbers(keys_of, rows, t.rows)
        turns = tuple(
            Carry(
                key,
                t.names.name_of[key],
                t.names.say(plain(self.seen()[slot[0]]).tensor.sizes[slot[1]]),
            )
            for slot, key in keys_of.items()
            if slot[1] >= 0
        )
        turned = set(keys_of.values()) | {key for _, key in targets}
        kept: list[Kept] = []
        phis = tuple(
            self.leave(changed, before, inside, keys_of, turned if self.runs(node) else None, kept)
        )
        self.forget(start_names)
        for _, key in targets:
            t.names.end(key)
        t.out.append(
            model.Loop(targets, iterable, tuple(body), phis, carries, turns, node, tuple(kept))
        )

    def numbers(
        self, keys_of: dict[tuple[str, int], str], start: dict[str, Any], end: dict[str, Any]
    ) -> None:
        """Note where a number that a loop carries gets its value: in front, and in each turn."""
        for (name, axis), key in keys_of.items():
            found = [rows.get(name) for rows in (start, end)] if axis < 0 else []
            bound = [row.key for row in found if isinstance(row, NameOf)]
            self.trace.lowerer.same(self.trace.routine, key, *bound)

    def runs(self, node: Any) -> bool:
        """Whether a loop surely turns at least once."""
        if isinstance(node, syntax.Repeat):
            return isinstance(node.count, syntax.Number) and node.count.value >= 1
        return isinstance(node.iterable, syntax.ListOf) and bool(node.iterable.items)

    def leave(
        self,
        changed: dict[str, Any],
        before: dict[str, Any],
        inside: dict[str, Any],
        keys_of: dict[tuple[str, int], str],
        turned: set[str] | None,
        kept: list[Kept],
    ) -> "list[Phi]":
        """What the names hold behind the loop: symbols of their own.

        A size that no turn depends on is the same behind a loop that surely turns (``turned`` are
        then the keys of its turns).
        """
        t = self.trace
        phis = []
        ends = self.seen()
        for name, axes in changed.items():
            if isinstance(before[name], Ref):
                end = plain(ends[name])
                sizes = list(inside[name].tensor.sizes)
                for axis in sorted(axes or ()):
                    last = end.tensor.sizes[axis]
                    if (
                        turned is not None
                        and not keys_deep(last) & turned
                        and all(map(t.names.valid, keys(last)))
                    ):
                        sizes[axis] = last
                        continue
                    sizes[axis] = variable(self.renewed(keys_of[(name, axis)], name), POSITIVE)
                after = t.new(Tensor(tuple(sizes), end.tensor.axes, end.tensor.integers), end.span)
                phis.append(
                    Phi(
                        "" if name == "_" else python_name(name),
                        plain(before[name]).id,
                        inside[name].id,
                        end.id,
                        after.id,
                    )
                )
                self.put(name, after)
            else:
                key = self.renewed(keys_of[(name, -1)], name)
                kept.append(Kept(t.names.name_of[key], keys_of[(name, -1)], key))
                t.rows[name] = NameOf(key, t.names.name_of[key])
                flag = isinstance(inside[name], Cond)
                self.put(name, Cond("flag", (key,)) if flag else variable(key, ANY))
        return phis

    def renewed(self, key: str, stem: str) -> str:
        """A new key for the same variable: its value behind a loop."""
        t = self.trace
        after = str(t.names.fresh(stem))
        t.names.bind(t.names.name_of[key], after)
        t.lowerer.same(t.routine, after, key)
        return after

    def forget(self, names: set[str]) -> None:
        """What a loop bound first holds for no one behind it."""
        from netwright.lower.kinds import LOST

        t = self.trace
        for name in t.scope.names:
            if name not in names:
                t.scope.names[name] = LOST


def _sign_of(items: tuple[syntax.Expr, ...]) -> str:
    """How small numbers may be that are written out."""
    values = [item.value for item in items if isinstance(item, syntax.Number)]
    if len(values) < len(items) or not values:
        return ANY
    if any(isinstance(value, float) for value in values):
        return REAL
    return POSITIVE if min(values) > 0 else NATURAL


class _Later(set[int]):
    """The stored tensors from some point on."""

    def __init__(self, start: int, templates: list[Any]) -> None:
        super().__init__()
        self.start = start
        self.templates = templates

    def __contains__(self, store: object) -> bool:
        return any(found.store == store for found in self.templates[self.start :])

    def __ror__(self, other: Any) -> "_Later":
        return self
