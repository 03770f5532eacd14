"""A formula under numbers: the params of a block for one set of arguments and input shapes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

from netwright import syntax
from netwright.bind.call import argument
from netwright.bind.scope import FileNames
from netwright.condition import Cond
from netwright.evaluate import evaluate
from netwright.formula import Bound, Choice, Formula, Inner, Turns, Weights, formula, routine_of
from netwright.instance import Instance, scalars
from netwright.lower import model
from netwright.lower.lowerer import Lowerer
from netwright.lower.model import Routine
from netwright.lower.text import Text
from netwright.lower.wording import python_name
from netwright.program import Definition
from netwright.record import record
from netwright.sym import Sides, Sym, Variable, keys, show, sole_atom
from netwright.tensor import Tensor, number
from netwright.values import Kernel, Partial


@record
class Tally:
    """The params of a block, and the sizes that it gives."""

    params: int
    sizes: Callable[[], tuple[int, ...]]
    outputs: Mapping[str, Callable[[], tuple[int, ...]]]


def params(lowerer: Lowerer, instance: Instance) -> int:
    """What the formula of an instance's block says under the instance's numbers."""
    inputs = {name.replace("[", "_").rstrip("]"): tensor for name, tensor in instance.inputs}
    return tally(lowerer, routine_of(lowerer, instance), dict(instance.args), inputs).params


def tally(
    lowerer: Lowerer, routine: Routine, values: dict[str, Any], inputs: Mapping[str, Tensor]
) -> Tally:
    """The formula of a routine under numbers."""
    body = _Body(lowerer, routine)
    body.take(values, inputs)
    total = body.sum(formula(routine))
    outputs = {
        side.name: partial(body.sizes, routine.values[side.value]) for side in routine.outputs
    }
    result = routine.tensor
    return Tally(total, (lambda: body.sizes(result) if result is not None else ()), outputs)


class _Keys(dict[str, Any]):
    """The value of each key; of a flattened size that the caller tells, the product that it is."""

    def __init__(self, body: "_Body") -> None:
        super().__init__()
        self.body = body

    def __missing__(self, key: str) -> Any:
        return prod(self.body.sizes(self.body.routine.sizes[key]))


class _Body:
    """One routine on its way through its statements, on numbers."""

    def __init__(self, lowerer: Lowerer, routine: Routine) -> None:
        self.lowerer = lowerer
        self.routine = routine
        self.names: dict[str, Any] = {}
        self.keys = _Keys(self)
        self.seen: set[int] = set()

    def take(self, values: dict[str, Any], inputs: Mapping[str, Tensor]) -> None:
        """Bind parameters and inputs."""
        for name, value in values.items():
            self.names[python_name(name)] = value
            self.keys[name] = value
            for axis, side in enumerate(value if isinstance(value, Kernel) else (value,) * 3):
                self.keys[f"{name}.{axis}"] = side
        for name, _, tensor in self.routine.inputs:
            if name in inputs:
                self.bind(tensor.sizes, [number(size) for size in inputs[name].sizes])
                self.bind([tensor.integers], [inputs[name].integers])

    def bind(self, sizes: Sequence[Any], numbers: Sequence[Any]) -> None:
        """Let the sizes that are a symbol alone, and not known yet, be these numbers."""
        for size, value in zip(sizes, numbers, strict=True):
            atom = sole_atom(size) if isinstance(size, Sym) else None
            if isinstance(atom, Variable) and atom.key not in self.keys:
                self.keys[atom.key] = value

    def rebind(self, sizes: Sequence[Any], numbers: Sequence[Any]) -> None:
        """The same for sizes that were known in another turn."""
        for size in sizes:
            atom = sole_atom(size) if isinstance(size, Sym) else None
            if isinstance(atom, Variable):
                self.keys.pop(atom.key, None)
        self.bind(sizes, numbers)

    # Values

    def value(self, found: Any) -> Any:
        """The number, flag or list behind a value of the run on symbols."""
        match found:
            case Sym() | Cond():
                text = show(found, _spell) if isinstance(found, Sym) else found.show(_spell)
                return eval(text, {"keys": self.keys})  # the text is of our own making
            case Sides():
                return self.keys[found.key]
            case Partial():
                args = tuple((name, self.value(arg)) for name, arg in found.args)
                return self._held(found, args)
            case Kernel():
                return found
            case tuple():
                return tuple(map(self.value, found))
        return found

    def _held(self, found: Partial, args: tuple[tuple[str, Any], ...]) -> Partial:
        """A partial application; of a parameter, what the parameter holds."""
        key = getattr(found.target, "key", None)
        if key is None:
            return Partial(found.target, args)
        inner = self.keys[key]
        assert isinstance(inner, Partial)
        return Partial(inner.target, tuple({**dict(inner.args), **dict(args)}.items()))

    def sizes(self, tensor: Tensor) -> tuple[int, ...]:
        """The sizes of a tensor; 0 where a word such as `same` decides, which is no number, and
        where a net knows them when it runs: no params depend on them."""
        forms = [getattr(size, "form", size) for size in tensor.sizes]
        return tuple(int(self.value(form)) if self.is_number(form) else 0 for form in forms)

    def is_number(self, size: Any) -> bool:
        """Whether all that a size speaks of is known, and none of it is a word."""
        known = self.keys.keys() | self.routine.sizes.keys()
        return keys(size) <= known and not any(
            isinstance(self.keys.get(key), str) for key in keys(size)
        )

    def said(self, text: Text) -> Any:
        """What a text of the constructor is worth."""
        scope = {name: self._function(node) for name, node in self.lowerer.functions.items()}
        constants = {f"file:{name}": value for name, value in self.lowerer.constants.items()}
        python = text.render(
            lambda name: name.name if name.name in scope else f"keys[{name.key!r}]",
            lambda size: repr(self.value(self.routine.values[size.value].sizes[size.axis])),
        )
        self.keys.update(constants)
        return eval(python, {"keys": self.keys, **scope})  # the text is of our own making

    def _function(self, definition: Definition) -> Any:
        node = definition.node
        assert isinstance(node, syntax.Function)
        names = [param.name.name for param in node.params]

        def run(*args: Any) -> Any:
            home = FileNames(definition.home, dict(zip(names, args, strict=True)))
            return evaluate(node.result, home)

        return run

    # Counts

    def sum(self, nodes: Formula) -> int:
        """The params of some nodes."""
        return sum(self.count(node) for node in nodes)

    def count(self, node: Any) -> int:
        """The params of one node; what it binds is bound behind it."""
        if isinstance(node, Weights | Inner) and node.shared is not None:
            if node.shared in self.seen:
                self.inner(node) if isinstance(node, Inner) else None
                return 0
            self.seen.add(node.shared)
        match node:
            case Weights():
                return int(self.value(node.size)) if node.size != 0 else 0
            case Bound():
                self.let(node.number)
                return 0
            case Choice():
                return self.choice(node)
            case Turns():
                return self.turns(node)
        return self.inner(node)

    def let(self, number: model.Number) -> None:
        """Bind a number to its name."""
        value = self.value(number.value)
        self.names[number.name] = self.keys[number.key] = value

    def choice(self, node: Choice) -> int:
        """The params of the arm that is taken."""
        holds = bool(self.value(node.arms.cond))
        total = self.sum(node.then if holds else node.otherwise)
        for phi in node.arms.phis:
            taken = self.routine.values[phi.before if holds else phi.end]
            after = self.routine.values[phi.after]
            if taken.rank == after.rank:
                self.rebind(after.sizes, self.sizes(taken))
        for key, name in self.lowerer.arm_keys.get(id(self.routine), {}).items():
            if name in self.names:
                self.keys[key] = self.names[name]
        return total

    def turns(self, node: Turns) -> int:
        """The params of all turns."""
        loop, total = node.loop, 0
        values = self.routine.values
        ends = {phi.inside: phi.before for phi in loop.phis}
        for item in self.said(loop.iterable):
            starts = {inside: self.sizes(values[end]) for inside, end in ends.items()}
            for inside, sizes in starts.items():
                self.rebind(values[inside].sizes, sizes)
            for kept in loop.kept:
                self.keys[kept.inside] = self.names[kept.name]
            self.target(loop, item)
            total += self.sum(node.body)
            ends = {phi.inside: phi.end for phi in loop.phis}
        for kept in loop.kept:
            self.keys[kept.after] = self.names[kept.name]
        for phi in loop.phis:
            self.rebind(values[phi.after].sizes, self.sizes(values[ends[phi.inside]]))
        return total

    def target(self, loop: model.Loop, item: Any) -> None:
        """Bind the variables of a loop."""
        items = (item,) if len(loop.targets) == 1 else item
        for (name, key), value in zip(loop.targets, items if loop.targets else (), strict=True):
            self.names[name] = self.keys[key] = value

    # Blocks

    def inner(self, node: Inner) -> int:
        """The params of another block."""
        call = node.call
        tensors = {name: self.tensor(value) for name, value in call.tensors.items()}
        if call.inputs:
            tensors["in"] = self.tensor(call.inputs[0])
        found = self.called(call, tensors)
        self.bind_result(call.output, found.sizes)
        for name, value in call.outputs.items():
            self.bind_result(value, found.outputs[name])
        return found.params

    def bind_result(self, value: int, told: Callable[[], tuple[int, ...]]) -> None:
        """Let sizes that only the other block knows be what it says."""
        sizes = self.routine.values[value].sizes
        if any(map(_is_own, sizes)):
            found = told()
            if len(found) < len(sizes):  # of another rank: its channels and its features
                found = (*found[:1], *(0 for _ in sizes[2:]), found[-1]) if found else ()
            own = [size if _is_own(size) else 0 for size in sizes]
            self.rebind(own[: len(found)], found[: len(own)])

    def tensor(self, value: int) -> Tensor:
        """A tensor of the body, in numbers."""
        found = self.routine.values[value]
        integers = self.value(found.integers) if found.integers is not None else None
        return Tensor(self.sizes(found), found.axes, integers, found.each)

    def called(self, call: model.Call, tensors: dict[str, Tensor]) -> Tally:
        """The block of a call under numbers."""
        args = {name: self.value(arg.value) for name, arg in (*call.taken, *call.args.items())}
        if call.routine is not None:
            values = complete(call.routine.definition, args)
            return tally(self.lowerer, call.routine, values, tensors)
        assert call.parameter is not None
        return self.held(self.names[call.parameter], args, tensors)

    def held(self, found: Partial, args: dict[str, Any], tensors: dict[str, Tensor]) -> Tally:
        """What a parameter holds: a block, or a layer."""
        values = dict(found.args)
        if not isinstance(found.target, Definition):
            defaults = {name: spec.default for name, spec in found.target.params.items()}
            op = found.target(**{**defaults, **values, **args})
            counted = [w for w in op.weights(tensors["in"]) if w.trains and w.counted]
            result = op.shape(tensors["in"])
            return Tally(sum(map(scalars, counted)), lambda: tuple(map(number, result.sizes)), {})
        names = [param.name.name for param in found.target.params if param.name.name not in values]
        given = {names[int(key)] if key.isdigit() else key: value for key, value in args.items()}
        values = complete(found.target, {**values, **given})
        others = {name: tensor for name, tensor in tensors.items() if name != "in"}
        routine = self.lowerer.routine(found.target, tensors.get("in"), others, values)
        return tally(self.lowerer, routine, values, tensors)


def _is_own(size: Any) -> bool:
    """Whether a size is a symbol of the call itself, made for what only the block knows."""
    atom = sole_atom(size) if isinstance(size, Sym) else None
    return isinstance(atom, Variable) and atom.key.partition("'")[0] in ("out", "size")


def _spell(key: str) -> str:
    return f"keys[{key!r}]"


def complete(definition: Definition, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a block, with the defaults of those that are not given."""
    values = dict(given)
    home = FileNames(definition.home, values)
    for param in definition.params:
        if param.name.name not in values and param.default is not None:
            values[param.name.name] = argument(param.default, home)
    return values
