"""One block or net as a class: its signature, constructor and forward."""

from collections.abc import Sequence
from typing import Any

from netwright import syntax
from netwright.arguments import type_of
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.flow import input_keys
from netwright.lower.model import Home, Place, Routine
from netwright.lower.text import Text
from netwright.lower.wording import python_name
from netwright.ops.base import Role
from netwright.targets.code import Block, logical
from netwright.targets.live import Wanted, settle
from netwright.targets.sides import Outputs, outputs, pull
from netwright.targets.spell import View, macros, spell
from netwright.targets.torch.constructor import Constructor, Holder, members
from netwright.targets.torch.forward import Forward
from netwright.targets.torch.pure import Straight, literal
from netwright.targets.torch.view import TorchView
from netwright.targets.variables import Unit, Variables, every

FRESH = (Role.CONVOLUTION, Role.NORMALISATION, Role.LINEAR)
MODULES = {"torch", "nn", "F", "math"}


class TorchClass:
    """Writes the class of a routine."""

    def __init__(self, file: Any, routine: Routine) -> None:
        self.file = file
        self.routine = routine
        self.names = file.class_name(routine)
        statements, sides = pull(routine.statements)
        self.outputs: Outputs = outputs(routine, sides)
        results = {routine.result, *(value for _, value in self.outputs.others), *(s.side.value for s in sides)}
        self.lines = Straight(routine.statements, routine.result, self.chains, results)
        self.whole = self.is_pure()
        self.members = tuple(routine.statements) if self.whole else self.lines.collapse(routine.statements)
        flow, self.sides = pull(self.members)
        self.flow = (*flow, *(output.side for output in self.sides))
        self.kept: set[str] = set()
        self.forward_numbers: set[str] = set()
        self.done: set[int] = set()
        self.loaded = {s.name for s in every(self.flow) if isinstance(s, model.Load)}
        self.params = {python_name(p.name.name): p for p in routine.definition.params if p.name.name not in routine.bound}
        self.param_keys = {key for key in self._param_keys()}
        self.numbers = {s.key: s for s in every(self.flow) if isinstance(s, model.Number)}
        self.inner_numbers = {
            s.key for loop in every(self.flow) if isinstance(loop, model.Loop) for s in every(loop.body) if isinstance(s, model.Number)
        }
        self.places = _places(self.members)
        self.inplace_places = self._inplace()
        self.wanted: Wanted

    def _param_keys(self) -> list[str]:
        keys = [param.name.name for param in self.routine.definition.params]
        for name, _, tensor in self.routine.inputs:
            if not self.routine.is_net:
                keys += input_keys(name, tensor)
        return keys + list(self.routine.sizes)

    # What the body is

    def chains(self, op: Any) -> bool:
        """Whether a layer can stand in an `nn.Sequential`."""
        found = macros("torch")
        return op.name in found or f"{op.name}_chain" in found

    def is_pure(self) -> bool:
        """Whether the class is an `nn.Sequential` without a forward."""
        r = self.routine
        if not r.home.numbered or len(r.inputs) != 1 or r.outputs or (not r.is_net and r.inputs[0][0] != "in"):
            return False
        return self.lines.straight(r.statements, r.inputs[0][1], r.result)

    def optional(self, arms: model.Arms) -> tuple[str, str] | None:
        """The attribute that is none where a condition does not hold, and its type."""
        made = list(members(arms.then))
        if len(made) != 1 or list(members(arms.otherwise)) or any(isinstance(s, model.Side) for s in every(arms.then)):
            return None
        place = made[0].place
        if place.home is not self.routine.home or place.home.numbered or not place.user or place.static is None:
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

    def counted(self, home: Home) -> bool:
        """Whether the members of a numbered home are known without running the constructor."""
        return id(home) not in self.places[1]

    def index(self, place: Place) -> int:
        """The number of a member of a home that is counted."""
        return self.places[0][place.own]

    def keep(self, key: str) -> bool:
        """Keep a variable on ``self`` for the forward; false where the constructor changes it."""
        if key in self.inner_numbers:
            self.forward_numbers.add(key)
            return False
        if key not in self.param_keys and key not in self.numbers:
            return False
        self.kept.add(key)
        return True

    # Layers

    def is_member(self, layer: model.Layer, named: bool) -> bool:
        """Whether a layer is a module here: in a named class, what has a function of its own is none."""
        found = macros("torch")
        return layer.op.name in found and not (named and f"{layer.op.name}_apply" in found)

    def view(self, layer: model.Layer, render: Any, inputs: list[str], member: str = "") -> View:
        """The layer as its macro sees it."""
        view = TorchView(layer, render, inputs, "", member)
        view.in_place = layer.place is not None and id(layer.place) in self.inplace_places
        view.factors = self.file.factors(self.routine, layer)
        return view

    def module(self, layer: model.Layer, render: Any, *, chained: bool) -> str:
        """The expression that makes the module of a layer."""
        found = macros("torch")
        name = f"{layer.op.name}_chain" if chained and f"{layer.op.name}_chain" in found else layer.op.name
        if name == "extern" or name not in found:
            name = "extern" if layer.op.name == "extern" else name
        view = self.view(layer, render, [])
        lines = spell("torch", name, view)
        self.file.use_helpers(view.helpers)
        return " ".join(lines)

    def apply(self, layer: model.Layer, forward: Forward, inputs: list[str]) -> list[str]:
        """Lines of a layer at work; the last is its result."""
        found = macros("torch")
        name = layer.op.name
        place = layer.place
        named = place is None or (place.home.place is None and not place.home.numbered)
        if f"{name}_apply" in found and (named or place is None):
            view = self.view(layer, forward.render, inputs)
            lines = spell("torch", f"{name}_apply", view)
        else:
            assert place is not None
            member = forward.member(place)
            if f"{name}_call" not in found:
                return [f"{member}({', '.join(inputs)})"]
            view = self.view(layer, forward.render, inputs, member)
            lines = spell("torch", f"{name}_call", view)
        self.file.use_helpers(view.helpers)
        return lines

    def construct(self, call: model.Call, render: Any) -> str:
        """The expression that makes a block."""
        return self.file.construct(call, render)  # type: ignore[no-any-return]

    def value_text(self, value: Any, text: Text, render: Any) -> str:
        """The text of a `let`."""
        return render(text)  # type: ignore[no-any-return]

    def use_file(self, key: str) -> None:
        """Note a constant or function of the file."""
        self.file.use_top(key)

    def _inplace(self) -> set[int]:
        """Places of activations that may overwrite what they take: it is fresh, and nobody else's."""
        makers: dict[int, tuple[Any, int]] = {}
        _makers(self.routine.statements, makers, 0)
        allowed: dict[int, bool] = {}
        for statement in every(self.routine.statements):
            if isinstance(statement, model.Layer) and statement.place is not None and statement.op.role is Role.ACTIVATION:
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
        if isinstance(statement, model.Arms):
            phi = next(phi for phi in statement.phis if phi.after == value)
            return all(self._arm_fresh(v, makers, turn) for v in (phi.before, phi.end))
        return False

    def _arm_fresh(self, value: int, makers: dict[int, tuple[Any, int]], turn: int) -> bool:
        made = makers.get(value)
        return made is not None and made[1] == turn and isinstance(made[0], model.Layer) and (made[0].op.role in FRESH or made[0].op.name == "add")

    # The class

    def write(self) -> list[Any]:
        """The lines of the class."""
        forward = [] if self.whole else self.forward()
        equal = self.file.lowerer.equal_keys.get(id(self.routine), {})
        body, self.wanted = settle(self.constructor, equal, self.kept)
        base = "nn.Sequential" if self.whole or self.numbered_base() else "nn.Module"
        lines = [self.docstring(1), "", *self.init(body)]
        if forward:
            lines += ["", *forward]
        return [Block(f"class {self.names}({base}):", lines)]

    def numbered_base(self) -> bool:
        """Whether the class is a Sequential with a forward of its own."""
        return self.routine.home.numbered and any(True for _ in members(self.members))

    def docstring(self, indent: int) -> str:
        """What the spec says of the block, and its shapes."""
        return self.file.class_docstring(self, indent)  # type: ignore[no-any-return]

    def constructor(self, wanted: Wanted) -> list[Any]:
        """The lines of ``__init__`` behind its signature."""
        reserved = set(self.params) | MODULES | {"self"} | {n for n in self.routine.names.name_of.values()}
        made = Constructor(self, wanted, reserved)
        numbered = self.whole or self.numbered_base()
        before = self.defaults(made)
        for key in self.kept:
            wanted.ask(key)
        if numbered and literal(self.flat_members()) and not self.kept and not self.needs_out():
            items = made.items(self.flat_members())
            return [*before, f"super().__init__({', '.join(items)})"]
        lines: list[Any] = [*before, "super().__init__()"]
        lines += [f"self.{name} = {name}" for name in self.signature_names(wanted) if self.key_of(name) in self.kept]
        kind = "nn.Sequential" if self.whole else "self"
        body = made.body(self.members, Holder("self", self.routine.home, kind))
        return [*lines, *self.with_out(body, made), *self.file.initialise(self, made)]

    def flat_members(self) -> Sequence[Any]:
        """The members of a numbered body, those in brackets too."""
        found: list[Any] = []
        for statement in self.members:
            if isinstance(statement, model.Gather):
                for branch in statement.branches:
                    found += [s for s in branch.body if isinstance(s, model.Layer | model.Call | model.Group | Unit | model.Loop | model.Arms)]
            elif not isinstance(statement, model.Layer) or (statement.place is not None):
                found.append(statement.group if isinstance(statement, Unit) else statement)
        return [s for s in found if not isinstance(s, model.Alias | model.Store | model.Load)]

    def defaults(self, made: Constructor) -> list[Any]:
        """Defaults that use other parameters, computed first."""
        return [
            Block(f"if {name} is None:", [f"{name} = {self.file.default_text(param, made.render)}"])
            for name, param in self.params.items()
            if self.file.late_default(self.routine, param)
        ]

    def key_of(self, name: str) -> str:
        """The key of a parameter."""
        param = self.params.get(name)
        return param.name.name if param is not None else name

    def needs_out(self) -> bool:
        """Whether callers read the channels that come out."""
        return self.routine.passed or self.routine.inner_keys

    def with_out(self, body: list[Any], made: Constructor) -> list[Any]:
        """The constructor with ``self.out_channels`` where its names are bound."""
        if not self.needs_out():
            return body
        text = self.routine.said[0]
        if text is None:
            raise NotGeneral(None)
        line = f"self.out_channels = {made.render(text)}"
        early = {key for key in self.param_keys} | {s.key for s in _leading(self.routine.statements)}
        if all(name.key in early for name in text.names()):
            lead = sum(isinstance(item, str) and not item.startswith("self.") for item in _head(body, len(_leading(self.routine.statements))))
            return [*body[:lead], line, *body[lead:]]
        return [*body, line]

    def signature_names(self, wanted: Wanted) -> list[str]:
        """Parameters of the constructor that are no arguments of the spec, then those that are."""
        return [*self.size_names(wanted), *self.params_in_order()]

    def size_names(self, wanted: Wanted) -> list[str]:
        """``in_channels`` and its like, where they are wanted."""
        names: list[str] = []
        if self.routine.is_net:
            return names
        for name, _, tensor in self.routine.inputs:
            names += [key for key in input_keys(name, tensor) if key in wanted.keys]
        if self.routine.passed and "in_channels" not in names:
            first = [key for name, _, tensor in self.routine.inputs if name == "in" for key in input_keys(name, tensor)[:1]]
            names = [*first, *names]
        return [*names, *(key for key in self.routine.sizes if key in wanted.keys)]

    def params_in_order(self) -> list[str]:
        """Parameters of the spec that the constructor takes: no tensors, required ones first."""
        tensors = {name for name, _, _ in self.routine.inputs}
        plain = [name for name, p in self.params.items() if type_of(p) not in ("tensor", "tensors") and p.name.name not in tensors]
        return [*(n for n in plain if self.params[n].default is None), *(n for n in plain if self.params[n].default is not None)]

    def init(self, body: list[Any]) -> list[Any]:
        """``def __init__`` with its signature."""
        sizes = [f"{name}: int" for name in self.size_names(self.wanted)]
        params = [self.file.param_text(self.routine, self.params[name]) for name in self.params_in_order()]
        signature = ", ".join(["self", *sizes, *params])
        return [Block(f"def __init__({signature}) -> None:", body)]

    # The forward

    def forward(self) -> list[Any]:
        """``def forward`` with its body."""
        given = self.given()
        results = [self.routine.result, *(value for _, value in self.outputs.others), *(s.side.value for s in self.sides)]
        reserved = MODULES | {"self"}
        variables = Variables(self.flow, given, results, reserved, lambda statement: ())
        annotated = set(given.values())
        forward = Forward(self, variables, self.routine.result, annotated)
        main = [s for s in self.flow if not (isinstance(s, model.Side) and s.training)]
        body = self._forward_body(forward, main)
        homes = {id(home): home for home in _homes(self.members)}
        stored = [f"{name}: dict[int, Tensor] = {{}}" for name in sorted(self.loaded)]
        returns = self.returns(forward)
        lines = [*forward.iterators(homes), *stored, *body, *returns]
        inputs = ", ".join(f"{name}: Tensor" for name in given.values())
        return [Block(f"def forward(self, {inputs}) -> {self.file.return_type(self)}:", lines)]

    def _forward_body(self, forward: Forward, main: list[Any]) -> list[Any]:
        try:
            return forward.body(main)
        except NotGeneral:
            if not self.forward_numbers:
                raise
        self.done.clear()
        forward.local, forward.asked = set(), set()
        return forward.body(main)

    def given(self) -> dict[int, str]:
        """The names of the inputs: ``x`` where there is one."""
        inputs = self.routine.inputs
        if self.routine.is_net:
            if len(inputs) == 1:
                return {inputs[0][1]: "x"}
            return {value: python_name(name) for name, value, _ in inputs}
        return {value: "x" if name == "in" else python_name(name) for name, value, _ in inputs}

    def returns(self, forward: Forward) -> list[Any]:
        """The end of the forward: side outputs last, so that training is asked once."""
        var = forward.var
        main = var(self.routine.result)
        others = [var(value) for _, value in self.outputs.others]
        kind = f"{self.names}Outputs"
        plain = f"return {kind}({', '.join([main, *others])})" if others else f"return {main}"
        if not self.sides:
            return [plain]
        conditions = {tuple(forward.render(c) for c in output.conditions) for output in self.sides}
        if len(conditions) == 1:
            (condition,) = conditions
            body = [line for output in self.sides for line in self.side(forward, output.side)]
            values = [main, *others, *(var(output.side.value) for output in self.sides)]
            test = " and ".join(["self.training", *(c if " or " not in c else f"({c})" for c in condition)])
            return [Block(f"if {test}:", [*body, f"return {kind}({', '.join(values)})"]), plain]
        body = []
        for output in self.sides:
            name = output.side.name
            inner = self.side(forward, output.side)
            value = var(output.side.value)
            if value != name:
                inner.append(f"{name} = {value}")
            test = " and ".join(forward.render(c) for c in output.conditions)
            body += [f"{name}: Tensor | None = None", Block(f"if {test}:", inner)] if test else inner
        values = [main, *others, *(output.side.name for output in self.sides)]
        return [Block("if self.training:", [*body, f"return {kind}({', '.join(values)})"]), plain]

    def side(self, forward: Forward, side: model.Side) -> list[Any]:
        """The lines of a side output."""
        return forward.body(side.body)


def _leading(statements: Sequence[Any]) -> list[Any]:
    found = []
    for statement in statements:
        if not isinstance(statement, model.Number):
            break
        found.append(statement)
    return found


def _head(body: list[Any], count: int) -> list[Any]:
    return body[:count]


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
    return [True for loop in every(statements) if isinstance(loop, model.Loop) for s in every(loop.body) if s is arms]


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


def _homes(statements: Sequence[Any]) -> list[Home]:
    found = []
    for statement in every(statements):
        place = getattr(statement, "place", None)
        if place is not None:
            found.append(place.home)
    return found


__all__ = ["Block", "TorchClass", "logical", "syntax"]
