"""What the body of a class is: which groups are modules, what is kept, what may work in place."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from netwright.lower import model
from netwright.lower.inputs import constructor_keys
from netwright.lower.model import Home, Place, Routine
from netwright.lower.text import NameOf
from netwright.lower.wording import python_name
from netwright.names.labels import MODULE
from netwright.ops.base import Role
from netwright.targets.live import Wanted
from netwright.targets.sides import Outputs, detects, outputs, pull
from netwright.targets.spell import macros
from netwright.targets.torch.declared import used_only_in
from netwright.targets.torch.made import members
from netwright.targets.torch.pure import Straight
from netwright.targets.torch.view import is_number, macro
from netwright.targets.variables import Unit, every

FRESH = (Role.CONVOLUTION, Role.NORMALISATION, Role.LINEAR)


class ClassBody:
    """A routine as PyTorch sees it, before any line is written."""

    def __init__(self, file: Any, routine: Routine) -> None:
        self.file = file
        self.routine = routine
        self.names = file.class_name(routine)
        self.outputs: Outputs = outputs(routine, *pull(routine.statements))
        results = {
            routine.result,
            *(value for _, value in self.outputs.others),
            *(s.side.value for s in self.outputs.sides),
        }
        self.lines = Straight(routine.statements, routine.result, self.chains, results)
        self.whole = self.is_pure()
        self.members = (
            tuple(routine.statements) if self.whole else self.lines.collapse(routine.statements)
        )
        flow, self.sides = pull(self.members)
        named = (s for s in flow if not isinstance(s, model.Side) or s.body)
        self.flow = (*named, *(output.side for output in self.sides))
        self.kept: set[str] = set()
        self.forward_names: set[str] = set()  # `let`s that the forward binds anew
        self.measured: set[int] = set()  # tensors that the forward asks for their sizes
        self.done: set[int] = set()
        self.loaded = {s.name for s in every(self.flow) if isinstance(s, model.Load)}
        self.params = {
            python_name(p.name.name): p
            for p in routine.definition.params
            if p.name.name not in routine.bound
        }
        self.param_keys = set(self._param_keys())
        self.numbers = {s.key: s for s in every(self.flow) if isinstance(s, model.Number)}
        self.inner_numbers = {
            s.key
            for loop in every(self.flow)
            if isinstance(loop, model.Loop)
            for s in every(loop.body)
            if isinstance(s, model.Number)
        }
        times = Counter(s.name for s in self.numbers.values())
        self.rebound = {key for key, s in self.numbers.items() if times[s.name] > 1}
        self.carried = file.lowerer.equal_keys.get(id(routine), {})
        self.places = _places(self.members)
        self.own_layers = {id(s) for s in every(routine.statements) if isinstance(s, model.Layer)}
        self.inplace_places = self._inplace()
        made = (getattr(s, "place", None) for s in every(self.members))
        self.labels = {place.static for place in made if place and place.home is routine.home}
        self.wanted: Wanted

    def _param_keys(self) -> list[str]:
        keys = [param.name.name for param in self.routine.definition.params]
        for name, _, tensor in self.routine.inputs:
            if not self.routine.is_net:
                keys += constructor_keys(name, tensor)
        return keys + list(self.routine.sizes)

    def chains(self, op: Any) -> bool:
        """Whether a layer can stand in an `nn.Sequential`."""
        found, name = macros("torch"), macro(op)
        return (name in found or f"{name}_chain" in found) and not is_number(op)

    def is_pure(self) -> bool:
        """Whether the class is an `nn.Sequential` without a forward."""
        r = self.routine
        if (
            not r.home.numbered
            or len(r.inputs) != 1
            or r.outputs
            or r.more
            or (not r.is_net and r.inputs[0][0] != "in")
        ):
            return False
        return self.lines.straight(r.statements, r.inputs[0][1], r.result)

    def optional(self, arms: model.Arms) -> tuple[str, str] | None:
        """The attribute that is none where a condition does not hold, and its type."""
        made = list(members(arms.then))
        if (
            len(made) != 1
            or list(members(arms.otherwise))
            or any(isinstance(s, model.Side) for s in every(arms.then))
        ):
            return None
        place = made[0].place
        if (
            place.home is not self.routine.home
            or place.home.numbered
            or not place.user
            or place.static is None
            or (place.kind == "shared" and not used_only_in(self.members, place, arms))
            or not place.static.isidentifier()
        ):
            return None
        if any(loop_of(arms, self.members)):
            return None
        if isinstance(made[0], Unit):
            kind = "nn.Sequential"
        elif isinstance(made[0], model.Call):
            kind = self.file.class_name(made[0].routine) if made[0].routine else "nn.Module"
        else:
            if not self.is_member(made[0], named=True):
                return None
            kind = self.module(made[0], lambda text: text.plain, chained=False).partition("(")[0]
        return place.static, kind

    def is_member(self, layer: model.Layer, named: bool) -> bool:
        """Whether a layer is a module here."""
        raise NotImplementedError

    def module(self, layer: model.Layer, render: Any, *, chained: bool) -> str:
        """The expression that makes the module of a layer."""
        raise NotImplementedError

    def counted(self, home: Home) -> bool:
        """Whether the members of a numbered home are known without running the constructor."""
        return id(home) not in self.places[1]

    def index(self, place: Place) -> int:
        """The number of a member of a home that is counted."""
        return self.places[0][place.own]

    def keep(self, key: str) -> bool:
        """Keep a variable on ``self`` for the forward; false where the constructor changes it."""
        if key in self.inner_numbers or key in self.rebound:
            self.forward_names.add(self.numbers[key].name)
            return False
        if key not in self.param_keys and key not in self.numbers:
            bound = [self.numbers[other] for other in self.sources(key) if other in self.numbers]
            self.forward_names |= {number.name for number in bound}
            return False
        self.kept.add(key)
        return True

    def sources(self, key: str) -> set[str]:
        """The keys that the variable of a carried number gets its value from."""
        found, left = set(), [key]
        while left:
            for other in self.carried.get(left.pop(), ()):
                if other not in found:
                    found.add(other)
                    left.append(other)
        return found

    def binds(self, part: NameOf) -> bool:
        """Whether the forward has bound the variable of a `let` itself."""
        return part.name in self.forward_names and (
            part.key in self.numbers or part.key in self.carried
        )

    def _inplace(self) -> set[int]:
        """Places of activations that may overwrite their input: it is fresh and nobody else's."""
        makers: dict[int, tuple[Any, int]] = {}
        _makers(self.routine.statements, makers, 0)
        allowed: dict[int, bool] = {}
        for statement in every(self.routine.statements):
            if (
                isinstance(statement, model.Layer)
                and statement.place is not None
                and statement.op.role is Role.ACTIVATION
            ):
                good = self._fresh(statement.inputs[0], makers, makers[statement.output][1])
                key = id(statement.place)
                allowed[key] = allowed.get(key, True) and good
        return {key for key, good in allowed.items() if good}

    def _fresh(self, value: int, makers: dict[int, tuple[Any, int]], turn: int) -> bool:
        made = makers.get(value)
        if made is None or made[1] != turn or self.lines.uses[value] != 1:
            return False
        statement = made[0]
        if isinstance(statement, model.Layer):
            return statement.op.role in FRESH or statement.op.name == "add"
        if isinstance(statement, model.Call) and statement.parameter_kind == "norm":
            return self._fresh(statement.inputs[0], makers, turn)  # it may be an identity
        if isinstance(statement, model.Arms):
            phi = next(phi for phi in statement.phis if phi.after == value)
            return all(self._arm_fresh(v, makers, turn) for v in (phi.before, phi.end))
        return False

    def _arm_fresh(self, value: int, makers: dict[int, tuple[Any, int]], turn: int) -> bool:
        made = makers.get(value)
        return (
            made is not None
            and made[1] == turn
            and isinstance(made[0], model.Layer)
            and (made[0].op.role in FRESH or made[0].op.name == "add")
        )

    def base(self) -> str:
        """What the class derives from; what has a forward of its own is no Sequential, for that
        has one in other words."""
        if self.whole:
            return "nn.Sequential"
        numbered = "nn.ModuleList"
        if not detects(self.routine, self.outputs):
            return numbered if self.numbered_base() else "nn.Module"
        self.file.use_helpers(["Detector"])
        return f"Detector, {numbered}" if self.numbered_base() else "Detector"

    def attribute(self, name: str) -> str:
        """Where a parameter or `let` is kept: under its name, unless something is called so."""
        if name in self.labels:
            return f"self.given_{name}"
        return f"self.{name}_" if name in MODULE else f"self.{name}"

    def numbered_base(self) -> bool:
        """Whether the members of the class have numbers, and it has a forward of its own."""
        return self.routine.home.numbered and any(True for _ in members(self.members))

    def flat_members(self) -> list[Any]:
        """The numbers and members of a body, those in brackets too."""
        return list(_flat(self.members))

    def needs_out(self) -> bool:
        """Whether callers read the channels that come out."""
        return self.routine.passed or self.routine.inner_keys


def _flat(statements: Sequence[Any]) -> Iterator[Any]:
    for statement in statements:
        match statement:
            case model.Gather():
                for branch in statement.branches:
                    yield from _flat(branch.body)
            case Unit():
                yield statement.group
            case model.Layer(place=None) | model.Alias() | model.Store() | model.Load():
                continue
            case _:
                yield statement


def _makers(statements: Sequence[Any], found: dict[int, tuple[Any, int]], turn: int) -> None:
    """The statement that makes each value, and the loop that it runs in."""
    for statement in statements:
        match statement:
            case model.Layer() | model.Call():
                found[statement.output] = (statement, turn)
            case model.Loop():
                _makers(statement.body, found, id(statement))
                for phi in statement.phis:
                    found[phi.after] = (statement, turn)
            case model.Arms():
                _makers(statement.then, found, turn)
                _makers(statement.otherwise, found, turn)
                for phi in statement.phis:
                    found[phi.after] = (statement, turn)
            case model.Group() | model.Side():
                _makers(statement.body, found, turn)
            case model.Gather():
                for branch in statement.branches:
                    _makers(branch.body, found, turn)


def loop_of(arms: model.Arms, statements: Sequence[Any]) -> list[bool]:
    """Whether a condition stands in a loop."""
    return [
        True
        for loop in every(statements)
        if isinstance(loop, model.Loop)
        for s in every(loop.body)
        if s is arms
    ]


def _places(statements: Sequence[Any]) -> tuple[dict[int, int], set[int]]:
    """The number of each unlabelled member, and the homes whose members cannot be counted."""
    index: dict[int, int] = {}
    counts: dict[int, int] = {}
    open_homes: set[int] = set()

    def walk(items: Sequence[Any], inside: bool) -> None:
        for statement in items:
            place = getattr(statement, "place", None)
            if isinstance(statement, Unit | model.Group):
                place = statement.place
            if place is not None and place.label is None and place.own not in index:
                index[place.own] = counts.get(id(place.home), 0)
                counts[id(place.home)] = index[place.own] + 1
                if inside:
                    open_homes.add(id(place.home))
            match statement:
                case model.Loop():
                    walk(statement.body, True)
                case model.Arms():
                    walk(statement.then, True)
                    walk(statement.otherwise, True)
                case model.Group():
                    walk(statement.body, inside and statement.home.place is None)
                case model.Side():
                    walk(statement.body, inside)
                case model.Gather():
                    for branch in statement.branches:
                        walk(branch.body, inside)

    walk(statements, False)
    return index, open_homes
