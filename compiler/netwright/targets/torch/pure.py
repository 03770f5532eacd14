"""Which labelled groups are an `nn.Sequential`: a line of modules, each fed by the last."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from netwright import syntax
from netwright.lower import model
from netwright.ops.base import Op
from netwright.targets.variables import Unit, every, inputs_of


class Straight:
    """Decides purity, and replaces the pure groups of a body by `Unit`s."""

    def __init__(
        self, statements: Sequence[Any], result: int, module: Any, outputs: set[int]
    ) -> None:
        self.module = module  # whether an op can stand in a Sequential
        self.steps: dict[int, tuple[Any, tuple[int, int] | None]] = {}
        self.uses: Counter[int] = Counter({result: 1})
        for value in outputs:
            self.uses[value] += 1
        for statement in every(statements):
            if isinstance(statement, model.Alias | model.Store):
                continue
            self.uses.update(inputs_of(statement))
            if isinstance(statement, model.Gather):
                continue
            for phi in getattr(statement, "phis", ()):
                self.uses.update((phi.before, phi.end))
        named = {id(s): s for s in every(statements) if isinstance(s, model.Alias | model.Store)}
        self.named: set[int] = set()
        alive = True
        while alive:
            alive = False
            for key, alias in named.items():
                outputs_ = alias.outputs if isinstance(alias, model.Alias) else (alias.output,)
                loaded = isinstance(alias, model.Store) and any(
                    isinstance(s, model.Load) and s.name == alias.name for s in every(statements)
                )
                if key not in self.named and (
                    loaded or any(self.uses[value] for value in outputs_)
                ):
                    self.named.add(key)
                    self.uses.update(inputs_of(alias))
                    alive = True

    def straight(self, statements: Sequence[Any], before: int | None, after: int | None) -> bool:
        """Whether a body is a chain from one value to another with nothing beside it."""
        current = before
        for statement in statements:
            if isinstance(statement, model.Number):
                continue
            if isinstance(statement, model.Alias | model.Store):
                if id(statement) in self.named:
                    return False
                continue
            step = self.step(statement)
            if step is None or step[0] != current:
                return False
            if current != before and self.uses[current] != self.readers(statement):
                return False
            current = step[1]
        return current == after and current is not None and current != before

    def readers(self, statement: Any) -> int:
        """How often a step of a chain reads the value that it starts from."""
        if not isinstance(statement, model.Arms):
            return 1
        phi = statement.phis[0]
        return sum(
            self.arm_readers(body, end)
            for body, end in ((statement.then, phi.before), (statement.otherwise, phi.end))
        )

    def arm_readers(self, body: Sequence[Any], end: int) -> int:
        """The same for an arm, which may hand the value on as it is."""
        for statement in body:
            if not isinstance(statement, model.Number | model.Alias):
                return self.readers(statement)
        return 1

    def step(self, statement: Any) -> tuple[int, int] | None:
        """The value that goes into a step of a chain and the one that comes out, if it is one."""
        if id(statement) not in self.steps:  # asked at each level above it
            self.steps[id(statement)] = (statement, self._step(statement))
        return self.steps[id(statement)][1]

    def _step(self, statement: Any) -> tuple[int, int] | None:
        match statement:
            case model.Layer():
                if (
                    statement.place is None
                    or statement.extra
                    or len(statement.inputs) != 1
                    or statement.place.kind == "shared"
                    or not self.module(statement.op)
                ):
                    return None
                return statement.inputs[0], statement.output
            case model.Call():
                if (
                    statement.tensors
                    or statement.outputs
                    or statement.more
                    or not statement.inputs
                    or statement.place.kind == "shared"
                ):
                    return None
                return statement.inputs[0], statement.output
            case model.Group():
                if statement.after is None:
                    return None
                start = self.start(statement.body, statement.after)
                if start is None or not self.straight(statement.body, start, statement.after):
                    return None
                return start, statement.after
            case model.Loop():
                if len(statement.phis) != 1 or statement.phis[0].hint:
                    return None
                phi = statement.phis[0]
                return (
                    (phi.before, phi.after)
                    if self.straight(statement.body, phi.inside, phi.end)
                    else None
                )
            case model.Arms():
                return self.arms(statement)
        return None

    def arms(self, arms: model.Arms) -> tuple[int, int] | None:
        """A condition in a chain: each arm a chain or nothing."""
        if len(arms.phis) != 1 or arms.phis[0].hint:
            return None
        phi = arms.phis[0]
        starts = {
            self.start(body, end)
            for body, end in ((arms.then, phi.before), (arms.otherwise, phi.end))
        }
        if len(starts) != 1:
            return None
        (start,) = starts
        for body, end in ((arms.then, phi.before), (arms.otherwise, phi.end)):
            if end != start and not self.straight(body, start, end):
                return None
        return (start, phi.after) if start is not None else None

    def start(self, body: Sequence[Any], end: int) -> int | None:
        """The value that an arm starts from."""
        for statement in body:
            if not isinstance(statement, model.Number | model.Alias):
                step = self.step(statement)
                return step[0] if step else None
        return end

    def collapse(self, statements: Sequence[Any]) -> tuple[Any, ...]:
        """The body with each pure group as one `Unit`."""
        return tuple(part for statement in statements for part in self._parts(statement))

    def _parts(self, statement: Any) -> Sequence[Any]:
        if not isinstance(statement, model.Group):
            return [self._one(statement)]
        step = self.step(statement)
        if step is not None:
            return [Unit(statement, *step)]
        return self._around(statement) or [
            self._with(statement, body=self.collapse(statement.body))
        ]

    def _around(self, group: model.Group) -> Sequence[Any] | None:
        """A group whose modules are a chain, with functions in front of it and behind it."""
        body = list(group.body)
        first, last = _modules(body)
        chain = body[first : last + 1]
        if not chain or chain == body:
            return None
        step = self.step(chain[-1])
        start = self.start(chain, -1)
        if step is None or start is None or not self.straight(chain, start, step[1]):
            return None
        inner = self._with(group, body=tuple(chain), before=start, after=step[1])
        return [*body[:first], Unit(inner, start, step[1]), *body[last + 1 :]]

    def _one(self, statement: Any) -> Any:
        match statement:
            case model.Loop() | model.Side():
                return self._with(statement, body=self.collapse(statement.body))
            case model.Arms():
                return self._with(
                    statement,
                    then=self.collapse(statement.then),
                    otherwise=self.collapse(statement.otherwise),
                )
            case model.Gather():
                return self._with(
                    statement,
                    branches=tuple(
                        self._with(b, body=self.collapse(b.body)) for b in statement.branches
                    ),
                )
        return statement

    @staticmethod
    def _with(statement: Any, **changes: Any) -> Any:
        return type(statement)(**{**statement.__dict__, **changes})


def _modules(statements: Sequence[Any]) -> tuple[int, int]:
    """Where the first and the last statement stand that make a module."""
    found = [
        place
        for place, statement in enumerate(statements)
        if any(getattr(inner, "place", None) is not None for inner in every([statement]))
    ]
    return (found[0], found[-1]) if found else (0, -1)


def literal(statements: Sequence[Any]) -> bool:
    """Whether the members of a chain are known without running anything."""
    return all(
        isinstance(s, model.Layer | model.Call | model.Alias)
        or (isinstance(s, model.Group) and s.home.numbered and literal(s.body))
        for s in statements
    ) and not any(isinstance(s, model.Call) and s.channels_key for s in statements)


__all__ = ["Op", "Straight", "literal", "syntax"]
