"""Loops on symbols: what a turn changes is found by dry runs and carried in variables."""

from typing import Any

from netwright import syntax
from netwright.condition import Cond
from netwright.evaluate import NotGeneral, evaluate, items_of, unpack
from netwright.lower import model
from netwright.lower.model import Carry, Kept, Phi
from netwright.lower.state import State, keys_deep
from netwright.lower.text import NameOf, Text
from netwright.lower.wording import python_name, word
from netwright.sym import ANY, NATURAL, POSITIVE, REAL, Sym, keys, variable
from netwright.values import Partial, Ref, Scope, holds, plain

ROUNDS = 12
DEEPEST = 15  # loops in loops: Python compiles no more than 20 blocks in blocks
Changed = dict[str, set[int] | None]
"""The names that a turn gives other values, and of a tensor the axes of other sizes."""


class Turn:
    """One turn of a loop: what it carries, what it was run on, what came of it."""

    def __init__(
        self, changed: Changed, before: dict[str, Any], names: set[str], rows: dict[str, Any]
    ) -> None:
        self.changed = changed
        self.before = before
        self.names = names  # in sight in front of the loop
        self.rows = rows
        self.starts: dict[tuple[str, int], Text | None] = {}
        self.keys: dict[tuple[str, int], str] = {}
        self.inside: dict[str, Any] = {}
        self.targets: tuple[tuple[str, str], ...] = ()
        self.body: tuple[Any, ...] = ()
        self.ends: dict[str, Any] = {}


class Loops(State):
    """Loops of one body."""

    def __init__(self, trace: Any) -> None:
        super().__init__(trace)
        self.found: dict[int, Changed] = {}  # what loops carried when they were last run
        self.never: set[int] = set()  # loops that cannot stay, such as those that make a list grow

    def loop(self, node: "syntax.For | syntax.Repeat") -> None:
        """A loop: turn by turn, or one that stays; one that cannot is tried once."""
        if self.unrolled(node):
            return
        if self.loops == DEEPEST:
            raise NotGeneral(node.span)
        start, own = self.save(), self.save_own()
        self.loops += 1
        try:
            self.carried(node)
        except NotGeneral:
            if self.items(node) is None:
                raise
            self.restore(start)
            self.restore_own(own)
            self.never.add(id(node))
            self.unrolled(node)
            return
        self.loops -= 1

    def save_own(self) -> Any:
        """Where the run of loops is."""
        t = self.trace
        return self.depth, self.loops, self.in_turn, self.turning, list(t.label_stack), t.home

    def restore_own(self, state: Any) -> None:
        """Back to where it was."""
        t = self.trace
        self.depth, self.loops, self.in_turn, self.turning, t.label_stack, t.home = state

    def carried(self, node: "syntax.For | syntax.Repeat") -> None:
        """Run a turn until it changes no more than it carries; only the last one is kept.

        A turn of the loop around starts from what the one before found: dry turns within dry turns
        would be as many as the power of their depth.
        """
        iterable = self.header(node)
        before, start = self.seen(), self.save()
        guess = self.found.get(id(node), {})
        turn = self.settle(node, guess, before, start)
        if guess and self.differences({}, turn) != turn.changed:  # more than this turn needs
            self.restore(start)
            turn = self.settle(node, {}, before, start)
        self.found[id(node)] = turn.changed
        self.keep_turn(node, iterable, turn)

    def settle(self, node: Any, changed: Changed, before: dict[str, Any], start: Any) -> Turn:
        """The first turn that changes no more than it carries."""
        for _ in range(ROUNDS):
            turn = self.turn(node, changed, before)
            grown = self.differences(changed, turn)
            if grown == changed:
                return turn
            self.restore(start)
            changed = grown
        raise NotGeneral(node.span)

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
        """What each turn of a loop is run for alone: tensors and blocks, and in the last resort
        whatever is known; none where the loop stays one."""
        items = self.items(node)
        if items is not None and not self.trace.routine.apart and id(node) not in self.never:
            loose = any(holds(item, Ref) or holds(item, Partial) for item in items)
            return items if loose else None
        return items

    def unrolled(self, node: Any) -> bool:
        """Run a loop turn by turn; false where it stays a loop."""
        items = self.apart(node)
        if items is None:
            return False
        t, hidden = self.trace, self.hidden(node)
        special, t.special = t.special, t.special or id(node) in self.never
        for item in items:
            self.bind_item(node, item)
            t.body(node.body)
        self.unbind(hidden)
        t.special = special
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

    def turn(self, node: Any, changed: Changed, before: dict[str, Any]) -> Turn:
        """One turn that carries some names."""
        t = self.trace
        turn = Turn(changed, before, set(self.seen()), dict(t.rows))
        for name, axes in changed.items():
            for axis in axes or ():
                turn.starts[(name, axis)] = t.names.say(before[name].tensor.sizes[axis])
        turn.inside = self.enter(changed, before, turn.keys)
        out, turning, in_turn = t.out, self.turning, self.in_turn
        t.out = []
        self.turning = turning | set(turn.keys.values())
        self.in_turn = in_turn | _Later(len(t.templates), t.templates)
        hidden = self.hidden(node)
        turn.targets = self.targets(node)
        t.taken.append({})
        self.depth += 1
        t.body(node.body)
        self.depth -= 1
        t.taken.pop()
        self.unbind(hidden)
        turn.body, t.out = tuple(t.out), out
        self.turned |= self.turning
        self.turning, self.in_turn = turning, in_turn
        turn.ends = self.seen()
        return turn

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
                inside[name] = t.new(value.tensor.resized(tuple(sizes)), value.span)
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

    def differences(self, known: Changed, turn: Turn) -> Changed:
        """What a turn changed, and of tensors which sizes, beside what was known."""
        found: Changed = {name: axes and set(axes) for name, axes in known.items()}
        for name, value in turn.before.items():
            start, end = turn.inside.get(name, value), turn.ends.get(name)
            if end is start or end == start:
                continue
            a, b = plain(start), plain(end)
            if isinstance(a, Ref) and isinstance(b, Ref):
                if b.id in self.trace.ragged or a.tensor.axes != b.tensor.axes:
                    raise NotGeneral(b.span)
                pairs = enumerate(zip(a.tensor.sizes, b.tensor.sizes, strict=True))
                axes = {axis for axis, (first, last) in pairs if first != last}
                found[name] = axes | (found.get(name) or set())
            elif isinstance(a, int | Sym | Cond) and isinstance(b, int | Sym | Cond):
                found[name] = None
            elif not isinstance(a, Scope):
                raise NotGeneral(None)
        return found

    def keep_turn(self, node: Any, iterable: Text, turn: Turn) -> None:
        """The statement of a loop, of its last turn."""
        t = self.trace
        self.numbers(turn.keys, turn.rows, t.rows)
        sizes = [(slot, key) for slot, key in turn.keys.items() if slot[1] >= 0]
        carries = tuple(Carry(key, t.names.name_of[key], turn.starts[slot]) for slot, key in sizes)
        turns = tuple(
            Carry(
                key,
                t.names.name_of[key],
                t.names.say(plain(turn.ends[name]).tensor.sizes[axis]),
            )
            for (name, axis), key in sizes
        )
        kept: list[Kept] = []
        phis = tuple(self.leave(turn, kept, runs=self.runs(node)))
        self.forget(turn.names)
        for _, key in turn.targets:
            t.names.end(key)
        t.out.append(
            model.Loop(turn.targets, iterable, turn.body, phis, carries, turns, node, tuple(kept))
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
        if isinstance(node, syntax.For) and isinstance(node.iterable, syntax.ListOf):
            return bool(node.iterable.items)
        return bool(self.items(node))

    def leave(self, turn: Turn, kept: list[Kept], *, runs: bool) -> "list[Phi]":
        """What the names hold behind the loop: symbols of their own."""
        t = self.trace
        phis = []
        for name, axes in turn.changed.items():
            if isinstance(turn.before[name], Ref):
                after = self.after(turn, name, axes or set(), runs=runs)
                values = turn.before[name], turn.inside[name], turn.ends[name], after
                phis.append(
                    Phi("" if name == "_" else python_name(name), *(plain(v).id for v in values))
                )
                self.put(name, after)
            else:
                key = self.renewed(turn.keys[(name, -1)], name)
                kept.append(Kept(t.names.name_of[key], turn.keys[(name, -1)], key))
                t.rows[name] = NameOf(key, t.names.name_of[key])
                flag = isinstance(turn.inside[name], Cond)
                self.put(name, Cond("flag", (key,)) if flag else variable(key, ANY))
        return phis

    def after(self, turn: Turn, name: str, axes: set[int], *, runs: bool) -> Ref:
        """A tensor behind a loop; a size that no turn depends on is the same if one ``runs``."""
        t = self.trace
        turned = set(turn.keys.values()) | {key for _, key in turn.targets}
        end = plain(turn.ends[name])
        sizes = list(turn.inside[name].tensor.sizes)
        for axis in sorted(axes):
            last = end.tensor.sizes[axis]
            if runs and not keys_deep(last) & turned and all(map(t.names.valid, keys(last))):
                sizes[axis] = last
            else:
                sizes[axis] = variable(self.renewed(turn.keys[(name, axis)], name), POSITIVE)
        made: Ref = t.new(end.tensor.resized(tuple(sizes)), end.span)
        return made

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
