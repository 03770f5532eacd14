"""The routines of a program: each block traced once for each kind of input it is given."""

from typing import Any

from netwright import syntax
from netwright.arguments import type_of
from netwright.bind.scope import FileNames, file_defaults, top
from netwright.bind.walk import plain
from netwright.evaluate import NotGeneral, evaluate
from netwright.lower.bound import is_number, layers_as_blocks, spelt, subsets, symbol
from netwright.lower.inputs import Member, constructor_keys, input_keys, member, size_name
from netwright.lower.model import Home, Routine
from netwright.lower.text import NameOf, Text
from netwright.lower.trace import Trace
from netwright.lower.wording import python_name
from netwright.program import Definition, Module, Program
from netwright.sym import POSITIVE, Sym, variable
from netwright.tensor import Tensor
from netwright.values import Partial, Ref


class Lowerer:
    """Traces blocks and nets, and keeps what is known of all their routines."""

    def __init__(
        self,
        program: Program,
        refused: "frozenset[Definition]" = frozenset(),
        failed: "frozenset[Any]" = frozenset(),
    ) -> None:
        self.program = program
        self.refused: set[Definition] = set(refused)  # what cannot stay general
        self.failed = failed  # and with what bound it still was not to be written
        self.routines: dict[Any, Routine] = {}
        self.order: list[Routine] = []
        self.equal_keys: dict[int, dict[str, tuple[str, ...]]] = {}
        self.arm_keys: dict[int, dict[str, str]] = {}
        self.probes: dict[Any, Routine | None] = {}
        self.functions: dict[str, Definition] = {}
        self.constants: dict[str, Any] = {}
        self.reserved_names: dict[int, set[str]] = {}
        self.said: dict[int, frozenset[str] | None] = {}  # the names that each body speaks of

    def routine(
        self,
        definition: Definition,
        tensor: Tensor | None,
        tensors: dict[str, Tensor],
        values: dict[str, Any],
    ) -> Routine:
        """The routine of a block for inputs of these ranks; one a distinct use where it must be."""
        inputs = {"in": tensor, **tensors} if tensor is not None else dict(tensors)
        ranks = tuple(
            (name, t.axes, t.integers is None, t.each is None) for name, t in inputs.items()
        )
        given = {name: value for name, value in values.items() if is_number(value)}
        layers = layers_as_blocks(definition, given)
        if definition not in self.refused and not layers:
            key: Any = (definition, ranks)
            if key in self.routines:
                return self.routines[key]
            routine = Routine(definition, definition.name)
            try:
                self._trace_block(routine, inputs, {}, fixed=False)
            except NotGeneral:
                self.refused.add(definition)
            else:
                return self._keep(key, routine)
        return self._special(definition, inputs, ranks, given, layers)

    def _special(
        self,
        definition: Definition,
        inputs: dict[str, Tensor],
        ranks: Any,
        values: dict[str, Any],
        layers: dict[str, Any],
    ) -> Routine:
        """A routine for some values of the parameters that decide: one of them, else all."""
        sizes = tuple((name, t.sizes, t.integers, t.each) for name, t in inputs.items())
        tries = ((bound, apart) for bound in subsets(values, layers) for apart in (False, True))
        for bound, apart in tries:
            if (definition, spelt(bound), False, apart) in self.failed:
                continue
            key = (definition, ranks, sizes if len(bound) == len(values) else (), spelt(bound))
            if key in self.routines:
                return self.routines[key]
            routine = Routine(definition, definition.name)
            routine.bound, routine.apart = bound, apart
            try:
                self._trace_block(routine, inputs, bound, fixed=len(bound) == len(values))
            except NotGeneral:
                if len(bound) == len(values) and apart:
                    raise
            else:
                return self._keep(key, routine)
        raise NotGeneral(definition.node.name.span)

    def told(
        self, definition: Definition, inputs: dict[str, Tensor], values: dict[str, Any]
    ) -> Routine | None:
        """A routine that is not written, for what it gives: of nothing but numbers."""
        given = {n: v for n, v in values.items() if not isinstance(plain(v), Ref)}
        if not all(map(is_number, given.values())):
            return None
        key = (definition, tuple((n, t.axes, t.sizes) for n, t in inputs.items()), spelt(given))
        if key not in self.probes:
            probe = Routine(definition, definition.name)
            probe.bound, probe.fixed, probe.apart = given, True, True
            try:
                self._trace_block(probe, inputs, given, fixed=True)
            except NotGeneral:
                self.probes[key] = None
            else:
                self.probes[key] = probe
        return self.probes[key]

    def _keep(self, key: Any, routine: Routine) -> Routine:
        """Take a routine that was traced; the second of a name gets a number or its rank."""
        self.routines[key] = routine
        others = [other for other in self.order if other.definition is routine.definition]
        if others:
            self._tell_apart([*others, routine])
        self.order.append(routine)
        return routine

    def _tell_apart(self, routines: list[Routine]) -> None:
        """Suffixes for the routines of one block: the rank of their inputs, or a number."""
        ranks = [routine.inputs[0][2].rank - 1 if routine.inputs else 0 for routine in routines]
        distinct = len(set(ranks)) == len(ranks)
        for number, (routine, rank) in enumerate(zip(routines, ranks, strict=True), start=1):
            apart = "_" if routine.name[-1:].isdigit() else ""
            routine.suffix = (
                f"{apart}{rank}d" if distinct else "" if number == 1 else f"{apart}{number}"
            )

    def net(self, definition: Definition, given: dict[str, Any], values: dict[str, Any]) -> Routine:
        """The routine of a net; where it cannot stay general, one for what a variant gives.

        ``values`` are the arguments of the instance, the defaults too.
        """
        layers = layers_as_blocks(definition, values)
        if definition not in self.refused and not layers:
            key: Any = (definition,)
            if key in self.routines:
                return self.routines[key]
            try:
                return self._net(key, definition, {})
            except NotGeneral:
                self.refused.add(definition)
        # last of all, also for the declared sizes of inputs whose sizes are open
        some = [*self._least(definition, given, layers), *subsets(values, {**given, **layers})]
        kinds = [*((bound, False) for bound in some), (dict(values), True)]
        for bound, fixed, apart in ((*kind, apart) for kind in kinds for apart in (False, True)):
            if (definition, spelt(bound), fixed, apart) in self.failed:
                continue
            key = (definition, spelt(bound), fixed)
            if key in self.routines:
                return self.routines[key]
            try:
                return self._net(key, definition, bound, fixed=fixed, apart=apart)
            except NotGeneral:
                if fixed and apart:
                    raise
        raise NotGeneral(definition.node.name.span)

    def _least(
        self, definition: Definition, given: dict[str, Any], layers: dict[str, Any]
    ) -> "list[dict[str, Any]]":
        """What a variant gives, less whatever may stay a parameter: so variants share a class."""
        bound = {**given, **layers}
        if not self._fits(definition, bound):
            return []
        for name in given:
            fewer = {other: value for other, value in bound.items() if other != name}
            if name not in layers and fewer and self._fits(definition, fewer):
                bound = fewer
        return [bound]

    def _fits(self, definition: Definition, bound: dict[str, Any]) -> bool:
        """Whether a net can be written where some of its parameters are numbers."""
        if not bound or (definition, spelt(bound), False, False) in self.failed:
            return False
        routine = Routine(definition, definition.name)
        routine.bound = bound
        before = dict(self.routines), [(other, other.suffix) for other in self.order]
        try:
            self._finish(self._start(routine, {}))
        except NotGeneral:
            return False
        finally:  # what only a try needed gets no number
            self.routines, self.order = before[0], [other for other, _ in before[1]]
            for other, suffix in before[1]:
                other.suffix = suffix
        return True

    def _net(
        self,
        key: Any,
        definition: Definition,
        bound: dict[str, Any],
        *,
        fixed: bool = False,
        apart: bool = False,
    ) -> Routine:
        routine = Routine(definition, definition.name)
        routine.bound, routine.fixed, routine.apart = bound, fixed, apart
        trace = self._start(routine, {})
        self._finish(trace)
        return self._keep(key, routine)

    def _trace_block(
        self,
        routine: Routine,
        inputs: dict[str, Tensor],
        bound: dict[str, Any],
        *,
        fixed: bool = False,
    ) -> None:
        trace = self._start(routine, {name: t for name, t in inputs.items() if name != "in"})
        for name, tensor in inputs.items():
            keys = input_keys(name, tensor)
            found = member(routine.definition, name)
            if found is not None:
                routine.lists.setdefault(found.param, []).append(name)
            for key in constructor_keys(name, tensor):
                trace.names.bind(size_name(key, name, found), key)
            sizes = tuple(
                size if fixed and isinstance(size, int) else variable(key, POSITIVE)
                for key, size in zip(keys, tensor.sizes, strict=True)
            )
            integers = tensor.integers
            if integers is not None and not (fixed and isinstance(integers, int)):
                integers = variable(f"{name}_integers")
            ref = trace.new(
                Tensor(sizes, tensor.axes, integers, tensor.each), routine.node.name.span
            )
            routine.inputs.append((name, ref.id, ref.tensor))
            if name == "in":
                trace.input = trace.current = ref
            else:
                _put(trace, name, found, ref)
        node = routine.node
        if isinstance(node, syntax.Block) and node.contract is not None and trace.input is not None:
            for named, size in zip(node.contract.inputs, trace.input.tensor.sizes, strict=False):
                trace.scope.names.setdefault(named.name, size)
        self._finish(trace)
        if routine.ragged:
            raise NotGeneral(node.name.span)

    def _start(self, routine: Routine, tensors: dict[str, Tensor]) -> Trace:
        definition = routine.definition
        values: dict[str, Any] = {}
        trace = Trace(self, definition, values, file_defaults(definition), routine)
        trace.special = definition in self.refused or bool(routine.bound) or routine.fixed
        for param in definition.params:
            name = param.name.name
            if name in tensors or type_of(param) in ("tensor", "tensors"):
                continue
            if name in routine.bound:
                trace.scope.names[name] = routine.bound[name]
                continue
            key = trace.parameter(name)
            trace.scope.names[name] = symbol(param, key)
        home = Home(None, None, numbered=trace.numbered(routine.node.body))
        trace.home = routine.home = trace.settled(home, routine.node.body)
        from netwright.bind.binder import static_labels

        routine.home.labels |= set(static_labels(routine.node.body))
        return trace

    def _finish(self, trace: Trace) -> None:
        routine = trace.routine
        trace.body(routine.node.body)
        value = plain(trace.current)
        routine.statements = tuple(trace.out)
        if type(value) is tuple and value and all(isinstance(plain(v), Ref) for v in value):
            if routine.outputs and not routine.is_net:
                raise NotGeneral(routine.node.name.span)
            value, *others = map(plain, value)
            routine.more = tuple(other.id for other in others)
        if isinstance(value, Ref):
            routine.result = value.id
            routine.tensor = value.tensor
            routine.ragged = value.id in trace.ragged
        routine.said = (
            [trace.names.say(size) for size in value.tensor.sizes] if isinstance(value, Ref) else []
        )
        routine.names = trace.names
        routine.factors = trace.flat

    def reserved(self, routine: Routine) -> set[str]:
        """Names that a body uses for something of its own."""
        if id(routine) not in self.reserved_names:
            found = {python_name(param.name.name) for param in routine.definition.params}
            found |= _lets(routine.node.body)
            self.reserved_names[id(routine)] = found
        return self.reserved_names[id(routine)]

    def linears(self, routine: Routine) -> int:
        """How many `linear`s a body holds."""
        return _count(routine.node.body, "linear")

    def same(self, routine: Routine, key: str, *others: str) -> None:
        """Note that the variable of a key gets its value where other keys are bound."""
        known = self.equal_keys.setdefault(id(routine), {})
        known[key] = (*known.get(key, ()), *others)

    def arms_bind(self, routine: Routine, key: str, name: str) -> None:
        """Note that a variable is bound in the arms of a condition."""
        self.arm_keys.setdefault(id(routine), {})[key] = name

    def top_level(self, module: Module, name: str) -> NameOf | Text | None:
        """The text of a constant or function of a file, which the emitted file will hold."""
        found = module.names.get(name)
        if isinstance(found, Definition) and isinstance(found.node, syntax.Function):
            self.functions[name] = found
            return NameOf(f"file:{name}", python_name(name))
        if isinstance(found, syntax.Let):
            value = top(module, name)
            if isinstance(value, int | float | str | tuple) and not isinstance(value, Partial):
                self.constants[name] = value
                return NameOf(f"file:{name}", python_name(name).upper())
        return None


def _put(trace: Trace, name: str, found: Member | None, ref: Ref) -> None:
    """A tensor argument under its name; one of a list among its like."""
    if found is None:
        trace.scope.names[name] = ref
    else:
        trace.scope.names[found.param] = (*trace.scope.names.get(found.param, ()), ref)


def _lets(body: syntax.Body) -> set[str]:
    found: set[str] = set()
    for statement in body.statements:
        if isinstance(statement, syntax.Let):
            found |= {python_name(target.name) for target in statement.targets}
        elif isinstance(statement, syntax.Line):
            for step in statement.steps:
                if isinstance(step, syntax.For):
                    found |= {python_name(target.name) for target in step.targets} | _lets(
                        step.body
                    )
                elif isinstance(step, syntax.Repeat | syntax.Braces):
                    found |= _lets(step.body)
                elif isinstance(step, syntax.If):
                    found |= _lets(step.then) | (_lets(step.otherwise) if step.otherwise else set())
    return found


def _count(node: Any, name: str) -> int:
    if isinstance(node, syntax.Use):
        own = int(isinstance(node.callee, syntax.Name) and node.callee.name == name)
        return own + (_count(node.branches, name) if node.branches else 0)
    if isinstance(node, tuple):
        return sum(_count(item, name) for item in node)
    if hasattr(node, "__record_fields__") and not isinstance(node, syntax.Number | syntax.Name):
        return sum(
            _count(node.__dict__[field], name)
            for field in node.__record_fields__
            if field not in ("span", "label")
        )
    return 0


__all__ = ["FileNames", "Lowerer", "Sym", "evaluate"]
