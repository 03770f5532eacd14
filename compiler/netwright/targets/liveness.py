"""Which tensors are still wanted, and where: uses by position, through loops and arms."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from netwright.lower import model
from netwright.lower.model import Statement
from netwright.lower.text import Text
from netwright.record import record

FLOW = ("x", "y", "z", "u", "v", "w")
Reads = Callable[[Statement], Iterable[int]]


@record
class Unit:
    """A labelled group that a target calls as one module."""

    group: model.Group
    before: int
    output: int

    @property
    def place(self) -> model.Place:
        """Where the module stands."""
        return self.group.place


def inputs_of(statement: Any) -> Iterator[int]:
    """The values that a statement itself takes."""
    match statement:
        case model.Layer():
            yield from statement.inputs
            yield from statement.extra.values()
        case model.Call():
            yield from statement.inputs
            yield from statement.tensors.values()
        case Unit():
            yield statement.before
        case model.Alias():
            yield from statement.sources
        case model.Store():
            yield statement.source
        case model.Losses():
            yield statement.value
            yield from (value for _, value in statement.entries)
        case model.Side():
            yield statement.value


def outputs_of(statement: Any) -> Iterator[int]:
    """The values that a statement makes."""
    match statement:
        case model.Layer() | Unit() | model.Store() | model.Load():
            yield statement.output
        case model.Call():
            yield statement.output
            yield from statement.more
            yield from statement.outputs.values()
        case model.Alias():
            yield from statement.outputs
        case model.Loop() | model.Arms():
            for phi in statement.phis:
                yield phi.after


def every(statements: Iterable[Any]) -> Iterator[Any]:
    """All statements, the inner ones too, in order."""
    for statement in statements:
        yield statement
        match statement:
            case model.Loop() | model.Group() | model.Side():
                yield from every(statement.body)
            case model.Arms():
                yield from every(statement.then)
                yield from every(statement.otherwise)
            case model.Gather():
                for branch in statement.branches:
                    yield from every(branch.body)


def texts_of(statement: Any) -> Iterator[Text]:
    """All texts of a statement."""
    match statement:
        case model.Layer() | model.Call():
            yield from (argument.text for argument in statement.args.values())
        case model.Number():
            yield statement.text
        case model.Arms():
            yield statement.condition
        case model.Loop():
            yield statement.iterable
        case model.Store() | model.Load():
            yield statement.index
    place = getattr(statement, "place", None)
    if place is not None and place.label is not None:
        yield place.label


def numbers_in(statements: Iterable[Any]) -> set[str]:
    """The variables that hold numbers: those of `let` and of loops."""
    found: set[str] = set()
    for statement in every(statements):
        if isinstance(statement, model.Number):
            found.add(statement.name)
        elif isinstance(statement, model.Loop):
            found.update(name for name, _ in statement.targets)
    return found


def backwards(statements: Sequence[Any]) -> Iterator[Any]:
    """All statements, the inner ones too, from the last to the first."""
    for statement in reversed(statements):
        yield statement
        match statement:
            case model.Loop() | model.Group() | model.Side():
                yield from backwards(statement.body)
            case model.Arms():
                yield from backwards(statement.otherwise)
                yield from backwards(statement.then)
            case model.Gather():
                for branch in reversed(statement.branches):
                    yield from backwards(branch.body)


class Liveness:
    """Positions of all uses of the values of one body."""

    def __init__(
        self,
        statements: Sequence[Any],
        given: Iterable[int],
        results: Sequence[int],
        reads: Reads,
    ) -> None:
        self.reads = reads
        self.dead: set[int] = set()
        self.idle: set[int] = set()  # labels in both arms that nothing reads
        self.uses: dict[int, list[int]] = {}
        self.made: dict[int, int] = dict.fromkeys(given, -1)
        self.position: dict[int, int] = {}
        self.ends: dict[int, tuple[int, int, int]] = {}
        self.clock = 0
        self.hidden: list[tuple[int, int]] = []
        self._prune(statements, set(results))
        self._scan(statements)
        end = self._tick()
        for result in results:
            self._use(result, end)

    def _prune(self, statements: Sequence[Any], wanted: set[int]) -> None:
        """Leave out names that nobody reads."""
        used, found = set(wanted), list(backwards(statements))
        for statement in found:
            if not isinstance(statement, model.Alias | model.Store | model.Load):
                used |= set(inputs_of(statement)) | set(self.reads(statement))
            if isinstance(statement, model.Loop):
                used |= {value for phi in statement.phis for value in (phi.before, phi.end)}
            if isinstance(statement, model.Gather):
                used |= {branch.end for branch in statement.branches}
        loaded = {s.name for s in found if isinstance(s, model.Load)}
        for statement in found:
            self._prune_one(statement, used, loaded)

    def _prune_one(self, statement: Any, used: set[int], loaded: set[str]) -> None:
        """Leave out a name that nothing behind it reads; ``used`` grows by what others read."""
        match statement:
            case model.Arms():
                for phi in statement.phis:
                    if phi.hint and phi.after not in used:
                        self.idle.add(phi.after)
                    else:
                        used |= {phi.before, phi.end}
            case model.Alias() if used & set(statement.outputs):
                used |= set(statement.sources)
            case model.Store() if statement.output in used or statement.name in loaded:
                used.add(statement.source)
            case model.Alias() | model.Store():
                self.dead.add(id(statement))
            case model.Load() if statement.output not in used:
                self.dead.add(id(statement))

    def read(self, arms: model.Arms) -> list[model.Phi]:
        """What arms leave that anything behind them reads, and the flow."""
        return [phi for phi in arms.phis if phi.after not in self.idle]

    def _tick(self) -> int:
        self.clock += 1
        return self.clock

    def _use(self, value: int, position: int) -> None:
        self.uses.setdefault(value, []).append(position)

    def _scan(self, statements: Sequence[Any]) -> None:
        for statement in statements:
            if id(statement) in self.dead:
                continue
            now = self._tick()
            self.position[id(statement)] = now
            for value in (*inputs_of(statement), *self.reads(statement)):
                self._use(value, now)
            match statement:
                case model.Loop():
                    self._scan_loop(statement, now)
                case model.Arms():
                    self._scan_arms(statement, now)
                case model.Losses():
                    self._scan(statement.body)
                    end = self._tick()
                    for _, value in statement.entries:
                        self._use(value, end)
                case model.Group() | model.Side():
                    self._scan(statement.body)
                case model.Gather():
                    for branch in statement.branches:
                        self._scan(branch.body)
            for value in outputs_of(statement):
                self.made[value] = self._tick()

    def _scan_loop(self, loop: model.Loop, now: int) -> None:
        for phi in loop.phis:
            self._use(phi.before, now)
            self.made[phi.inside] = now
        known = {value: len(found) for value, found in self.uses.items()}
        self._scan(loop.body)
        end = self._tick()
        for phi in loop.phis:
            self._use(phi.end, end)
        for value, found in list(self.uses.items()):
            if (
                len(found) > known.get(value, 0)
                and self.made.get(value, end) <= now
                and not any(value == phi.inside for phi in loop.phis)
            ):
                self._use(value, end)
        self.ends[id(loop)] = (now, end, end)

    def _scan_arms(self, arms: model.Arms, now: int) -> None:
        self._scan(arms.then)
        middle = self._tick()
        for phi in self.read(arms):
            self._use(phi.before, middle)
        self._scan(arms.otherwise)
        end = self._tick()
        for phi in self.read(arms):
            self._use(phi.end, end)
        self.ends[id(arms)] = (now, middle, end)

    def live(self, value: int, position: int) -> bool:
        """Whether a value is read behind a position."""
        return any(
            use > position and not any(start < use <= end for start, end in self.hidden)
            for use in self.uses.get(value, ())
        )
