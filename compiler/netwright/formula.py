"""Params of a block as a formula of its own parameters: a tree made by the run on symbols.

The tree has four kinds of nodes: a number, a condition with a formula in each arm, a loop, and the
formula of another block. Under the numbers of an instance it gives the instance's params
(`netwright.tally`); as text it is what `netwright show --formula BLOCK` prints.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netwright.condition import Cond
from netwright.lower import model
from netwright.lower.lowerer import Lowerer
from netwright.lower.model import Routine
from netwright.lower.text import Text
from netwright.pipeline import Checked
from netwright.program import Definition
from netwright.record import record
from netwright.sym import Dim, Sides, Sym, apply, keys, show, substitute
from netwright.tensor import Tensor, form
from netwright.values import Kernel


@record
class Weights:
    """The params of a layer; ``shared`` is what its module is known by, if it is used twice."""

    size: Dim
    shared: int | None


@record
class Choice:
    """Params of one arm or the other."""

    arms: model.Arms
    then: "Formula"
    otherwise: "Formula"


@record
class Turns:
    """Params of each turn of a loop."""

    loop: model.Loop
    body: "Formula"


@record
class Inner:
    """Params of another block."""

    call: model.Call
    shared: int | None
    values: Mapping[int, Tensor]


@record
class Bound:
    """No params: a number that gets a name."""

    number: model.Number


Node = Weights | Choice | Turns | Inner | Bound
Formula = tuple[Node, ...]


def formula(routine: Routine) -> Formula:
    """The formula of a block or net that was run on symbols."""
    return tuple(_nodes(routine.statements, routine))


def _nodes(statements: Iterable[model.Statement], home: Routine) -> Iterator[Node]:
    for statement in statements:
        match statement:
            case model.Layer():
                yield Weights(_size(statement), _shared(statement.place))
            case model.Call():
                yield Inner(statement, _shared(statement.place), home.values)
            case model.Number():
                yield Bound(statement)
            case model.Loop():
                yield Turns(statement, tuple(_nodes(statement.body, home)))
            case model.Arms():
                then, otherwise = statement.then, statement.otherwise
                yield Choice(statement, tuple(_nodes(then, home)), tuple(_nodes(otherwise, home)))
            case model.Group() | model.Side():
                yield from _nodes(statement.body, home)
            case model.Gather():
                for branch in statement.branches:
                    yield from _nodes(branch.body, home)


def _shared(place: model.Place | None) -> int | None:
    return id(place) if place is not None and place.kind == "shared" else None


def _size(layer: model.Layer) -> Dim:
    """How many scalars of a layer train."""
    total: Dim = 0
    for weight in layer.op.weights(*layer.tensors):
        if weight.trains and weight.counted:
            product: Dim = 1
            for size in weight.sizes:
                product = product * size
            total = total + product
    return total


# Text


def formula_text(checked: Checked, name: str) -> str:
    """The formula of a block or net, one line for each kind of input that it is given.

    `LookupError` where there is no such block, or none that is used.
    """
    found = checked.program.main.names.get(name)
    if not isinstance(found, Definition):
        raise LookupError(f"there is no block `{name}`")
    routines = list(_routines(checked, found))
    if not routines:
        raise LookupError(f"`{name}` is never used: its formula depends on its input")
    return "\n".join(f"{name}{routine.suffix}: {text_of(routine)}" for routine in routines)


def _routines(checked: Checked, definition: Definition) -> Iterator[Routine]:
    """What a block was lowered to, each once."""
    lowerer = Lowerer(checked.program)
    found: dict[int, Routine] = {}
    instances = [*checked.binder.instances.values(), *checked.binder.nets.values()]
    for instance in instances:
        if instance is not None and instance.definition is definition and not instance.failed:
            routine = routine_of(lowerer, instance)
            found[id(routine)] = routine
    yield from found.values()


def routine_of(lowerer: Lowerer, instance: Any) -> Routine:
    """What the block or net of an instance was lowered to."""
    definition, values = instance.definition, dict(instance.args)
    inputs = {name.replace("[", "_").rstrip("]"): tensor for name, tensor in instance.inputs}
    if _is_net(definition):
        return lowerer.net(definition, {}, values)
    return lowerer.routine(definition, inputs.pop("in", None), inputs, values)


def _is_net(definition: Definition) -> bool:
    from netwright import syntax

    return isinstance(definition.node, syntax.Net)


def text_of(routine: Routine) -> str:
    """A formula as Python text, closed where no loop changes what it counts."""
    speaker = _Speaker(routine)
    closed = speaker.closed(formula(routine))
    return speaker.say(closed) if closed is not None else speaker.sum(formula(routine))


class _Speaker:
    """Words a formula in the names that its block's constructor has."""

    def __init__(self, routine: Routine) -> None:
        self.routine = routine

    def name(self, key: str) -> str:
        """The variable that holds a key."""
        stem = key.partition("'")[0].partition(".")[0]
        name = str(self.routine.names.name_of.get(key, stem))
        return name if "'" not in name else f"block.{name.rpartition('.')[2]}"

    def say(self, size: Dim) -> str:
        """A size in these names."""
        return show(size, self.name)

    def closed(self, nodes: Formula) -> Dim | None:
        """The params as one size; none where a loop or a block's parameter is in it."""
        total: Dim = 0
        seen: set[int] = set()
        for node in nodes:
            if isinstance(node, Weights | Inner) and node.shared is not None:
                if node.shared in seen:
                    continue
                seen.add(node.shared)
            part = self._part(node)
            if part is None:
                return None
            total = total + part
        return total

    def _part(self, node: Node) -> Dim | None:
        match node:
            case Weights():
                return node.size
            case Bound():
                return 0
            case Choice():
                return self._arms(node)
            case Inner() if node.call.routine is not None:
                return self._inner(node.call, node.call.routine)
            case Turns() if self.closed(node.body) == 0:
                return 0
        return None

    def _arms(self, node: Choice) -> Dim | None:
        then, otherwise = self.closed(node.then), self.closed(node.otherwise)
        if then is None or otherwise is None:
            return None
        if then == otherwise or not isinstance(node.arms.cond, Cond):
            return then if then == otherwise else None
        return apply("if", node.arms.cond, then, otherwise)

    def _inner(self, call: model.Call, routine: Routine) -> Dim | None:
        """The formula of another block, with the arguments of the call put in."""
        inside = _Speaker(routine).closed(formula(routine))
        if inside is None or isinstance(inside, int):
            return inside
        values = given(call, routine, self.routine)
        if keys(inside) - values.keys():
            return None
        return substitute(inside, values)

    def sum(self, nodes: Formula) -> str:
        """The parts of a formula, those without a loop as one."""
        parts: list[str] = []
        plain: Dim = 0
        for node in nodes:
            closed = self._part(node)
            if closed is not None:
                plain = plain + closed
            else:
                parts.append(self._open(node))
        return " + ".join([*([self.say(plain)] if plain != 0 or not parts else []), *parts])

    def _open(self, node: Node) -> str:
        match node:
            case Turns():
                return f"sum({self.sum(node.body)} for {self._header(node)})"
            case Choice():
                then, otherwise = self.sum(node.then), self.sum(node.otherwise)
                return f"({then} if {node.arms.condition.plain} else {otherwise})"
            case Inner():
                return self._call(node.call)
        raise AssertionError(node)

    def _header(self, node: Turns) -> str:
        """``i in range(n)``, and what changes from turn to turn."""
        loop, used = node.loop, set(self._used(node.body))
        names = ", ".join(name for name, _ in loop.targets) or "_"
        turns = [
            f"{carry.name} = {self._said(carry.text)}"
            for carry in loop.turns
            if carry.text is not None and carry.key in used
        ]
        return f"{names} in {loop.iterable.plain}{'; ' if turns else ''}{', '.join(turns)}"

    def _used(self, nodes: Formula) -> Iterator[str]:
        """The keys that the params of some nodes depend on."""
        for node in nodes:
            closed = self._part(node)
            if closed is not None:
                yield from keys(closed)
            elif isinstance(node, Choice):
                yield from self._used((*node.then, *node.otherwise))
            elif isinstance(node, Turns):
                yield from self._used(node.body)
            elif isinstance(node, Inner):
                for value in (*node.call.inputs, *node.call.tensors.values()):
                    for size in node.values[value].sizes:
                        yield from keys(form(size))

    def _said(self, text: Text) -> str:
        return text.render(lambda name: self.name(name.key), lambda size: text.plain)

    def _call(self, call: model.Call) -> str:
        name = call.parameter or (call.routine.name if call.routine is not None else "")
        args = [
            text if arg.positional else f"{key}={text}"
            for key, arg in call.args.items()
            if (text := arg.text.plain)
        ]
        return f"{name}({', '.join(args)})"


def given(call: model.Call, routine: Routine, caller: Routine) -> Mapping[str, Dim]:
    """What a call gives for the keys of a block, as far as that is a size."""
    found: dict[str, Dim] = {}
    arguments = {**{name: arg.value for name, arg in call.taken}}
    arguments |= {name: arg.value for name, arg in call.args.items()}
    for name, value in arguments.items():
        found |= dict(_as_sizes(name, value))
    inputs = {name: value for name, value, _ in routine.inputs}
    given_tensors = {**call.tensors, **dict(zip(("in",), call.inputs, strict=False))}
    for name, value in given_tensors.items():
        inner = routine.values[inputs[name]] if name in inputs else None
        outer = caller.values[value]
        for key, size in zip(inner.sizes if inner else (), outer.sizes, strict=False):
            if isinstance(key, Sym):
                found[next(iter(keys(key)))] = form(size)
    return found | {
        name: substitute(_product(tensor), found) for name, tensor in routine.sizes.items()
    }


def _product(tensor: Tensor) -> Dim:
    """A flattened size, which the caller of a block tells it."""
    total: Dim = 1
    for size in tensor.sizes:
        total = total * form(size)
    return total


def _as_sizes(name: str, value: Any) -> Iterator[tuple[str, Dim]]:
    match value:
        case Cond():
            yield name, value.as_dim()
        case bool():
            yield name, int(value)
        case int() | Sym():
            yield name, value
            yield from ((f"{name}.{axis}", value) for axis in range(3))
        case Kernel():
            yield from ((f"{name}.{axis}", side) for axis, side in enumerate(value))
        case Sides():
            yield from ((f"{name}.{i}", side) for i, side in enumerate(value.each(3)))
