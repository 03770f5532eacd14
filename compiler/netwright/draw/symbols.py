"""Words with symbols: what the panel of a block says for all its uses at once.

A block lowered on symbols tells each size as a formula of its parameters. Parameters that are the
same at every use and have a default are put in as numbers, which makes most formulas short.
"""

from typing import Any

from netwright.draw.atoms import Atom
from netwright.draw.build import Speaker
from netwright.draw.fuse import Chain
from netwright.draw.panels import Distinct
from netwright.draw.several import Several
from netwright.draw.speak import joined_axis
from netwright.draw.wording import tidy, title, title_case
from netwright.evaluate import NotGeneral
from netwright.instance import CallStep, Instance
from netwright.lower import model
from netwright.lower.lowerer import Lowerer
from netwright.ops.base import Misfit
from netwright.record import record
from netwright.source import Span
from netwright.sym import Sides, Sym, keys, show, substitute
from netwright.targets.liveness import every
from netwright.tensor import Tensor
from netwright.values import Exhausted, Fault, Poisoned

UNSAYABLE = (NotGeneral, Fault, Poisoned, Exhausted, Misfit)  # a block that has only numbers
LONGEST = 18  # letters of a formula that a box has room for
LONGER = 30  # letters that a bar or a title has room for


@record
class Scope:
    """A block on symbols: its lines by their places, and what its names stand for around it."""

    routine: model.Routine
    layers: dict[Span, model.Layer]
    calls: dict[Span, model.Call]
    values: dict[str, Any]

    def say(self, value: Any, longest: int = LONGEST) -> Any:
        """A value as the panel tells it: a number, a formula that is short, or none."""
        if isinstance(value, Sides):
            given = self.values.get(value.key)
            return value.key if given is None else self.say(given) if given != value else given.key
        if not isinstance(value, Sym):
            return value if isinstance(value, int | float | str | tuple) else None
        dim = self.dim(value)
        if not isinstance(dim, Sym):
            return dim
        text = tidy(show(dim, letter))
        return text if "'" not in text and len(text) <= longest else None

    def dim(self, value: Any) -> Any:
        """A size in the names of the outermost block."""
        if not isinstance(value, Sym):
            return value
        known = {key: self._side(key) for key in keys(value)}
        return substitute(value, {key: new for key, new in known.items() if new is not None})

    def _side(self, key: str) -> Any:
        found = self.values.get(key)
        if found is None and "." in key:
            stem, _, axis = key.rpartition(".")
            kernel = self.values.get(stem)
            if isinstance(kernel, tuple) and axis.isdigit():
                found = kernel[int(axis)]
            elif isinstance(kernel, int):
                found = kernel
        return found if isinstance(found, int | Sym) else None


def letter(key: str) -> str:
    """A key as a formula says it: ``c`` for the channels of the input."""
    for axis, name in (("channels", "c"), ("features", "f"), ("height", "h"), ("length", "t")):
        if key == f"in_{axis}":
            return name
        if key.endswith(f"_{axis}"):
            return f"{name}_{key[: -len(axis) - 1]}"
    return key


class Symbols(Speaker):
    """Says arguments as the block's own formulas; what has none, as the uses compare."""

    def __init__(self, numbers: Several, found: Distinct, lowerer: Lowerer) -> None:
        self.numbers = numbers
        self.found = found
        self.lowerer = lowerer
        self.root = self.scope(found.instances[0], constants(found))

    def scope(self, instance: Instance, values: dict[str, Any]) -> Scope:
        """A block on symbols."""
        inputs = {name.replace("[", "_").rstrip("]"): x for name, x in instance.inputs}
        tensor = inputs.pop("in", None)
        routine = self.lowerer.routine(instance.definition, tensor, inputs, dict(instance.args))
        bound = [(name, value) for name, value in routine.bound.items() if type(value) is int]
        if routine.fixed or any(values.get(name) != value for name, value in bound):
            raise NotGeneral(instance.definition.node.name.span)  # it tells of this use alone
        lines = list(every(routine.statements))
        layers = {line.span: line for line in lines if isinstance(line, model.Layer)}
        calls = {line.span: line for line in lines if isinstance(line, model.Call)}
        return Scope(routine, layers, calls, values)

    def inner(self, calls: tuple[CallStep, ...]) -> Scope | None:
        """The scope of what was taken out of blocks without a frame; none without symbols."""
        scope = self.root
        for call in calls:
            line = scope.calls.get(call.span)
            if line is None:
                return None
            try:
                scope = self.scope(call.instance, self._given(scope, line, call))
            except UNSAYABLE:
                return None
        return scope

    def _given(self, scope: Scope, line: model.Call, call: CallStep) -> dict[str, Any]:
        """What the names of a called block stand for."""
        values = dict(call.instance.args)
        values |= {name: self._known(scope, arg.value) for name, arg in line.args.items()}
        for (name, _), place in zip(call.instance.inputs, line.inputs, strict=False):
            tensor = scope.routine.values.get(place)
            if tensor is not None:
                for axis, size in zip(tensor.axes, tensor.sizes, strict=False):
                    values[f"{name}_{axis}"] = scope.dim(size)
        return values

    def _known(self, scope: Scope, value: Any) -> Any:
        return scope.dim(value) if isinstance(value, Sym) else value

    def title(self, atom: Atom) -> tuple[str, str]:
        scope = self.inner(atom.calls)
        if scope is None:
            return self.numbers.title(atom)
        step = atom.step
        if isinstance(step, CallStep):
            return title_case(step.instance.name), self._call(scope, step)
        line = scope.layers.get(step.span)
        if line is None or line.op.name != step.op.name:
            return self.numbers.title(atom)
        return title(step, lambda name: self._argument(scope, line, atom, name))

    def _argument(self, scope: Scope, line: model.Layer, atom: Atom, name: str) -> Any:
        said = scope.say(line.op.argument(name))
        winding = isinstance(said, str) and "_" in said and not said.isidentifier()
        if (said is None or winding) and name in line.args:
            text = tidy(line.args[name].text.plain)
            said = text if text.isidentifier() and len(text) <= LONGEST else said
        if said is None or (isinstance(said, str) and "/" in said):
            return _shorter(said, self.numbers.argument(atom, name))
        return said

    def _call(self, scope: Scope, step: CallStep) -> str:
        """The arguments of a block that is drawn closed."""
        line = scope.calls.get(step.span)
        if line is None:
            return ""
        said = []
        for name, arg in line.args.items():
            value = scope.say(arg.value)
            if isinstance(value, int | str) and not isinstance(value, bool):
                shown = str(value)
                said.append(shown if arg.positional else f"{name} {shown}")
        text = ", ".join(said)
        return text if len(text) <= 2 * LONGEST else ""

    def channels(self, chain: Chain, slot: int) -> str:
        scope = self.inner(chain.head.calls)
        line = scope.layers.get(chain.head.step.span) if scope else None
        if scope is None or line is None:
            return self.numbers.channels(chain, slot)
        tensor = line.tensors[slot] if slot < len(line.tensors) else None
        said = scope.say(tensor.sizes[joined_axis(chain, tensor)]) if tensor else None
        return self.numbers.channels(chain, slot) if said is None else str(said)

    def whole(self, chain: Chain) -> str:
        scope = self.inner(chain.head.calls)
        line = scope.layers.get(chain.head.step.span) if scope else None
        if scope is None or line is None:
            return ""
        said = scope.say(line.result.sizes[joined_axis(chain, line.result)], LONGER)
        return "" if said is None else str(said)

    def token(self, atom: Atom) -> Any:
        return self.numbers.token(atom)

    def change(self) -> str:
        """What the block does with the channels and the resolution: ``c → 4·width, /stride``."""
        routine, scope = self.root.routine, self.root
        if routine.tensor is None or not routine.inputs:
            return ""
        before, after = routine.inputs[0][2], routine.tensor
        ends = [scope.say(x.sizes[0 if x.rank > 2 else -1], LONGER) for x in (before, after)]
        if ends[1] is None:
            return ""
        if before.rank != after.rank:
            return str(ends[1])
        kept = ends[0] == ends[1] or not any(map(_changes, self.found.instances))
        channels = f"{ends[1]}" if kept else f"{ends[0]} → {ends[1]}"
        return ", ".join([channels, *self._strides(after)])

    def _strides(self, after: Tensor) -> list[str]:
        """The parameter that the height is divided by, where there is one."""
        if after.rank < 2:
            return []
        height = self.root.dim(after.sizes[1 if after.rank > 2 else 0])
        names = keys(height) if isinstance(height, Sym) else set()
        strides = sorted(name for name in names if "stride" in name)
        return [f"/{name}" for name in strides[:1]]


def _shorter(said: Any, other: Any) -> Any:
    """A formula, or what its numbers at all uses are called, if that is shorter: a division by
    whole numbers may be none."""
    if said is None:
        return other
    plain = isinstance(other, str) and "…" not in other
    return other if plain and len(other) < len(said) else said


def _changes(instance: Instance) -> bool:
    """Whether a use of a block gives other channels than it takes."""
    before, result = instance.inputs[0][1], instance.result
    after = result[0].tensor if type(result) is tuple else result.tensor
    return bool(before.sizes[:1] != after.sizes[:1])


def constants(found: Distinct) -> dict[str, Any]:
    """Parameters with a default that are the same at every use."""
    params = {param.name.name: param for param in found.instances[0].definition.params}
    rows = [dict(instance.args) for instance in found.instances]
    return {
        name: value
        for name, value in rows[0].items()
        if name in params
        and params[name].default is not None
        and all(name in row and row[name] == value for row in rows)
    }


def legend(found: Distinct) -> str:
    """The values of parameters without a default, or that vary: ``width = 64, 128``."""
    usual = constants(found)
    rows = [dict(instance.args) for instance in found.instances]
    said = [_values(name, [row.get(name) for row in rows]) for name in rows[0] if name not in usual]
    return " · ".join(filter(None, said))


def _values(name: str, values: list[Any]) -> str:
    """All values of a parameter; of many the ends."""
    if all(value is True for value in values):
        return name
    if not all(type(value) in (int, float) for value in values):
        return ""
    distinct = sorted(set(values))
    if distinct == [0]:
        return ""
    ends = f"{_number(distinct[0])}…{_number(distinct[-1])}"
    return f"{name} = {ends if len(distinct) > 4 else ', '.join(map(_number, distinct))}"


def _number(value: float) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)
