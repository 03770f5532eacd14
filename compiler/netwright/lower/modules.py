"""Where modules stand: places, the modules of labelled lines, branches."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.condition import Cond
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.labels import Labels
from netwright.lower.model import Home, Place
from netwright.lower.text import Text
from netwright.members import chain_labels, inner_bodies, is_long
from netwright.sym import Sym, keys
from netwright.values import Ref, Scope, plain


class Modules(Labels):
    """The modules that lines make, in the homes that hold them."""

    def place(self, kind: str, use: syntax.Use | None, equal: object, *, weights: bool) -> Place:
        """Where the module of a step stands."""
        if self.pending is not None:
            (label, _), self.pending = self.pending, None
            if label is not None and label.parts:
                return Place(self.home, self.label_text(label), kind, weights)
        self.names.count += 1
        if self.home.index is not None:
            return self.indexed(kind, use, weights=weights)
        if self.home.numbered:
            return Place(self.home, None, kind, weights, own=self.names.count)
        if equal is not None:
            known = self.home.shared.get((kind, equal))
            if known is not None:
                return known
        name, count = kind, 1
        while name in self.home.labels:
            if weights and name in self.home.unsure:
                raise NotGeneral(use.span if use else None)
            count += 1
            name = f"{kind}_{count}"
        self.home.labels.add(name)
        found = Place(self.home, Text.of(name), kind, weights, user=False)
        if equal is not None:
            if _value_keys(equal) & self.flow.turning:
                raise NotGeneral(use.span if use else None)
            self.home.shared[(kind, equal)] = found
        return found

    def indexed(self, kind: str, use: syntax.Use | None, *, weights: bool) -> Place:
        """The next number, written out: a weight without a module cannot stand in a list."""
        home = self.home
        if self.flow.depth != home.depth or home.index is None:
            raise NotGeneral(use.span if use else None)
        home.index += 1
        return Place(home, Text.of(str(home.index - 1)), kind, weights, user=False)

    def settled(self, home: Home, steps: "tuple[syntax.Step, ...] | syntax.Body") -> Home:
        """A new home; of a numbered one the numbers are written out where a weight is bare."""
        if home.numbered and self.is_bare(steps):
            home.numbered, home.index, home.depth = False, 0, self.flow.depth
        return home

    def is_bare(self, node: "tuple[syntax.Step, ...] | syntax.Body") -> bool:
        """Whether learned numbers stand in a body, with no module of their own."""
        if isinstance(node, tuple):
            return any(map(self._step_is_bare, node))
        return any(map(self._line_is_bare, node.statements))

    def _line_is_bare(self, line: syntax.Statement) -> bool:
        if isinstance(line, syntax.Splice):
            callee = self.callee(line.use)
            body = getattr(getattr(callee.target, "node", None), "body", None)
            return body is not None and self.is_bare(body)
        return isinstance(line, syntax.Line) and not line.label and self.is_bare(line.steps)

    def _step_is_bare(self, step: syntax.Step) -> bool:
        if not isinstance(step, syntax.Use):
            return any(map(self.is_bare, inner_bodies(step)))
        if step.branches is not None and any(map(self._line_is_bare, step.branches.items)):
            return True
        name = step.callee.name if isinstance(step.callee, syntax.Name) else ""
        args = [_callee(arg.value) for arg in step.args or ()]
        return name == "parameter" or (name == "scale" and "parameter" in args)

    @contextmanager
    def group(
        self, label: syntax.Label, name: str, steps: tuple[syntax.Step, ...]
    ) -> Iterator[Scope]:
        self.names.count += 1
        if label.parts or (self.home.numbered and self.home.index is None):
            text = self.label_text(label) if label.parts else None
            place = Place(self.home, text, "group", True, own=self.names.count)
        elif self.flow.loops > self.home.loops:
            raise NotGeneral(label.span)  # each turn has a name of its own, with a counter
        else:
            place = self.place("branch" if self.in_branch else "group", None, None, weights=True)
        self.in_branch = False
        outer, out, bracket = self.home, self.out, self.bracket
        numbered = self.numbered_chain(steps)
        self.home, self.out = self.settled(Home(outer, place, numbered=numbered), steps), []
        self.home.labels |= set(chain_labels(steps))
        self.home.loops = self.flow.loops
        self.bracket = any(
            isinstance(step, syntax.Use) and step.branches is not None for step in steps
        )
        scope = Scope(self.scope)
        self.scope = scope
        self.taken.append({})
        before = plain(self.current)
        try:
            yield scope
        finally:
            body, home = self.out, self.home
            self.home, self.out, self.bracket = outer, out, bracket
            assert scope.parent is not None
            self.scope = scope.parent
            self.taken.pop()
        after = plain(self.current)
        self.out.append(
            model.Group(
                place,
                home,
                tuple(body),
                before.id if isinstance(before, Ref) else None,
                after.id if isinstance(after, Ref) else None,
            )
        )

    def branches(self, node: syntax.Branches) -> list[Any]:
        start, found = self.current, []
        gathered: list[model.Branch] = []
        out, self.out = self.out, []
        for item in node.items:
            self.current = start
            position = len(gathered) + 1
            first = item.steps[0] if len(item.steps) == 1 and item.label is None else None
            if isinstance(first, syntax.For | syntax.Repeat):
                turns = self.flow.turns_apart(first, start)
                gathered += [
                    model.Branch("", position + i, len(node.items) + len(turns), None, ref.id, body)
                    for i, (ref, body) in enumerate(turns)
                ]
                found += [ref for ref, _ in turns]
                continue
            self.branch(item)
            value = plain(self.current if self.current is not None else self.here(item.span))
            values = list(map(plain, value)) if type(value) is tuple else [value]
            label = (
                "".join(map(str, item.label.parts))
                if item.label and all(isinstance(p, str) for p in item.label.parts)
                else ""
            )
            begin = plain(start)
            gathered.append(
                model.Branch(
                    label,
                    position,
                    len(node.items),
                    begin.id if isinstance(begin, Ref) else None,
                    values[-1].id,
                    tuple(self.out),
                )
            )
            self.out = []
            found += values
        self.out = out
        self.out.append(model.Gather(tuple(gathered)))
        self.current = start
        return found

    def branch(self, item: syntax.Line) -> None:
        long = self.bracket and is_long(item.steps, self.makes)
        if not long or item.label is not None:
            bracket, self.bracket = self.bracket, False
            super().branch(item)
            self.bracket = bracket
            return
        label = syntax.Label((), False, item.span)
        bracket, self.bracket = self.bracket, False
        self.in_branch = True
        with self.group(label, "", item.steps):
            super().branch(item)
        self.bracket = bracket


def _value_keys(value: Any) -> Set[str]:
    if isinstance(value, Sym):
        return keys(value)
    if isinstance(value, Cond):
        return value.keys()
    if isinstance(value, tuple):
        return {key for item in value for key in _value_keys(item)}
    return set()


def _callee(expr: syntax.Expr) -> str:
    """What an expression calls or names."""
    callee = expr.callee if isinstance(expr, syntax.Call) else expr
    return callee.name if isinstance(callee, syntax.Name) else ""
