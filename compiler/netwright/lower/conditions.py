"""Conditions on symbols: both arms under what they may assume, and one name for what they leave."""

from typing import Any

from netwright import syntax
from netwright.condition import Cond, facts, negate
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.model import Carry, Phi
from netwright.lower.state import State
from netwright.lower.text import NameOf, Text
from netwright.lower.wording import python_name, word
from netwright.sym import ANY, POSITIVE, Sym, keys, substitute, variable
from netwright.tensor import Tensor
from netwright.values import Ref, plain

Rows = dict[str, Any]


class Conditions(State):
    """Conditions of one body."""

    def choose(self, node: syntax.If, condition: Cond) -> None:
        """Both arms, each under its own condition, and what they leave."""
        t = self.trace
        text = word(node.condition, t)
        holds, fails = facts(condition), facts(negate(condition))
        before, start = self.seen(), self.save()
        then, then_out = self.arm(node.then, holds, start)
        then_names, then_rows, homes = t.names.save(), dict(t.rows), self.homes()
        self.restore(start)
        self.share(homes)
        otherwise, else_out = self.arm(node.otherwise, fails, start)
        rows, other_homes = t.rows, self.homes()
        self.restore(start)
        self.keep(homes, other_homes)
        t.rows = rows
        t.out = start["out"]
        merged = _Merge(self, holds, fails, then_names, (then_rows, dict(rows)))
        phis = []
        for name in {**then, **otherwise}:
            phi = merged.name(name, then.get(name, _NONE), otherwise.get(name, _NONE), before)
            if phi is not None:
                phis.append(phi)
        t.out.append(
            model.Arms(
                text,
                condition,
                tuple(then_out),
                tuple(else_out),
                tuple(phis),
                tuple(merged.then_carries),
                tuple(merged.else_carries),
            )
        )

    def arm(
        self, body: syntax.Body | None, known: Any, start: Any
    ) -> tuple[dict[str, Any], list[Any]]:
        """One arm: the names at its end and its statements."""
        t = self.trace
        t.out = []
        t.known = {**{key: substitute(dim, known) for key, dim in t.known.items()}, **known}
        taken = t.taken
        t.taken = [*taken[:-1], dict(taken[-1])]
        self.depth += 1
        self.arms, around = (*self.arms, id(body)), self.arms
        if body is not None:
            t.body(body)
        self.depth -= 1
        self.arms = around
        t.taken = taken
        return self.seen(), t.out


class _Merge:
    """What both arms of a condition leave, under one name each."""

    def __init__(
        self, flow: State, holds: Any, fails: Any, then_names: Any, rows: "tuple[Rows, Rows]"
    ) -> None:
        self.flow = flow
        self.trace = flow.trace
        self.holds, self.fails = holds, fails
        self.then_names = then_names
        self.rows = rows
        self.then_carries: list[Carry] = []
        self.else_carries: list[Carry] = []

    def name(self, name: str, then: Any, otherwise: Any, before: dict[str, Any]) -> Phi | None:
        """The value of a name behind the arms; a `Phi` where a tensor comes from either."""
        from netwright.lower.kinds import LOST

        t = self.trace
        if then is otherwise or (type(then) is type(otherwise) and then == otherwise):
            if name not in before and then is not _NONE:
                t.scope.names[name] = then
            return None
        if _NONE in (then, otherwise) or LOST in (then, otherwise):
            t.scope.names[name] = LOST
            return None
        a, b = plain(then), plain(otherwise)
        if isinstance(a, Ref) and isinstance(b, Ref):
            hint = "" if name == "_" else python_name(name)
            if a.tensor.rank != b.tensor.rank:
                ragged = t.new(a.tensor, a.span)
                t.ragged.add(ragged.id)
                self.flow.put(name, ragged)
                return Phi(hint, a.id, -1, b.id, ragged.id)
            ref = t.new(self.tensor(hint, a.tensor, b.tensor), a.span)
            if name in before:
                self.flow.put(name, ref)
            else:
                t.scope.names[name] = ref
            return Phi(hint, a.id, -1, b.id, ref.id)
        if isinstance(a, int | Sym | Cond | float) and isinstance(b, int | Sym | Cond | float):
            self.number(name, a, b, before)
            return None
        if isinstance(a, type(None)) or isinstance(b, type(None)):
            raise NotGeneral(None)
        raise NotGeneral(None)

    def number(self, name: str, then: Any, otherwise: Any, before: dict[str, Any]) -> None:
        """A number that the arms bind each their own way: one variable."""
        t = self.trace
        key = t.names.fresh(name)
        python = python_name(name)
        t.names.bind(python, key)
        t.rows[name] = NameOf(key, python)
        t.lowerer.arms_bind(t.routine, key, python)
        bound = [rows[name].key for rows in self.rows if isinstance(rows.get(name), NameOf)]
        t.lowerer.same(t.routine, key, *bound)
        value = Cond("flag", (key,)) if isinstance(then, Cond | bool) else variable(key, ANY)
        if name in before:
            self.flow.put(name, value)
        else:
            t.scope.names[name] = value

    def tensor(self, hint: str, then: Tensor, otherwise: Tensor) -> Tensor:
        """Sizes that hold for both arms."""
        sizes = [self.size(hint, axis, then, otherwise) for axis in range(then.rank)]
        return then.resized(tuple(sizes))

    def size(self, hint: str, axis: int, then: Tensor, otherwise: Tensor) -> Any:
        """One size: equal anyway, equal under what an arm knows, else carried in a variable."""
        t = self.trace
        a, b = then.sizes[axis], otherwise.sizes[axis]
        if a == b:
            return a if not isinstance(a, Sym) or a.word is None else (a if self.valid(a) else b)
        if isinstance(a, int | Sym) and isinstance(b, int | Sym):
            if substitute(a, self.fails) == substitute(b, self.fails) and self.valid(a):
                return a
            if substitute(a, self.holds) == substitute(b, self.holds) and self.valid(b):
                return b
        key = t.names.fresh(f"{hint}.{axis}")
        name = self.flow.carried_name(hint or "_", then, axis)
        self.then_carries.append(Carry(key, name, self.said(a)))
        self.else_carries.append(Carry(key, name, t.names.say(b)))
        t.names.bind(name, key)
        return variable(key, POSITIVE)

    def said(self, size: Any) -> Text | None:
        """A size as the first arm says it."""
        state = self.trace.names.save()
        self.trace.names.restore(self.then_names)
        text: Text | None = self.trace.names.say(size)
        self.trace.names.restore(state)
        return text

    def valid(self, size: Any) -> bool:
        """Whether a size can be said behind the arms."""
        return all(map(self.trace.names.valid, keys(size)))


_NONE = object()
