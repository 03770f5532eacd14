"""One body on its way through a run: names, labels, references, chains and joins.

`Walk` knows what lines mean; what a layer, a block, a loop or a condition *does* is said by the two
runs that derive from it, `bind.run` on numbers and `lower.trace` on symbols.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.bind.call import Bound, bind_block, bind_op, refuse_arguments
from netwright.bind.scope import (
    Defaults,
    call_value,
    let_values,
    set_defaults,
    top,
    unknown,
    visible,
)
from netwright.condition import Cond
from netwright.evaluate import Environment, evaluate, text_of
from netwright.members import Form, form
from netwright.ops import find as ops
from netwright.ops.base import Kind, Op
from netwright.program import Definition
from netwright.source import Span
from netwright.values import Fault, Partial, Poisoned, Ref, Scope, kind_of


class Poison:
    """The tensor of a line with a mistake: whatever takes it is not checked further."""

    def __repr__(self) -> str:
        return "POISON"


POISON = Poison()


class SharedModule:
    """A `shared` module: one set of weights, applied wherever it is named."""

    __slots__ = ("instance", "node", "path", "weights")

    def __init__(self, node: syntax.Shared, path: Any) -> None:
        self.node = node
        self.path = path
        self.instance: Any = None
        self.weights: Any = None


class Walk(Environment):
    """The state of a body: names in sight, the current tensor, the defaults that hold."""

    def __init__(self, definition: Definition, values: dict[str, Any], defaults: Defaults) -> None:
        self.definition = definition
        self.scope = Scope()
        self.scope.names.update(values)
        self.current: Any = None
        self.input: Any = None
        self.defaults = defaults
        self.pending: Any = None  # the label that the next module takes
        self.line_doc = ""

    # Names

    def lookup(self, name: str, span: Span) -> Any:
        if name == "_":
            return self._known(self.here(span))
        if name == "in":
            return self._known(self.block_input(span))
        found = self.scope.find(name)
        if found is not None or self._is_none(name):
            return self._known(found)
        value = top(self.definition.home, name)
        if value is None:
            raise unknown(name, span, [*self.scope.every(), *visible(self.definition.home)])
        return value

    def _is_none(self, name: str) -> bool:
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.parent
        return False

    @staticmethod
    def _known(value: Any) -> Any:
        if value is POISON:
            raise Poisoned
        return value

    def here(self, span: Span) -> Any:
        """The current tensor."""
        if self.current is None:
            inputs = [name for name, value in self.scope.names.items() if isinstance(value, Ref)]
            if len(inputs) > 1:
                names = " or ".join(f"`{name}`" for name in inputs)
                raise Fault("no-tensor", span, f"there are several inputs: which is meant, {names}?", help=f"start the line with one of them: `{inputs[0]} -> …`")
            raise Fault("no-tensor", span, "there is no tensor yet", help="an `input` must come first" if isinstance(self.definition.node, syntax.Net) else "")
        return self.current

    def block_input(self, span: Span) -> Any:
        """The tensor that the block was given."""
        if self.input is None:
            raise Fault("in-outside-block", span, "`in` is the input of a block; a net's inputs have names")
        return self.input

    def call(self, call: syntax.Call) -> Any:
        return call_value(call, self)

    def bind(self, names: tuple[syntax.Name, ...], value: Any) -> Environment:
        return _Inner(self, dict(zip((name.name for name in names), value, strict=True)))

    def undecided(self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        raise AssertionError("a run on numbers decides every condition")

    # Statements

    def body(self, body: syntax.Body) -> None:
        """Run the lines of a body; `set` ends with it."""
        before = self.defaults
        for statement in body.statements:
            self.statement(statement)
        self.defaults = before

    def statement(self, statement: syntax.Statement) -> None:
        """Run one line; a mistake in it is reported and the lines below go on without its tensor."""
        try:
            self._run(statement)
        except Fault as fault:
            self.report(fault)
            self._poison(statement)
        except Poisoned:
            self._poison(statement)

    def _run(self, statement: syntax.Statement) -> None:
        match statement:
            case syntax.Line():
                self.line_doc = statement.doc
                self.line(statement)
            case syntax.Let():
                self.let(statement)
            case syntax.Set():
                self.set(statement)
            case syntax.Require():
                self.require(statement)
            case syntax.Expect():
                self.expect(statement)
            case syntax.Input():
                self.declare_input(statement)
            case syntax.Shared():
                self.define(statement.name.name, self.share(statement), statement.name.span)
            case syntax.Output():
                self.output(statement)
            case syntax.Splice():
                self.splice(statement)

    def _poison(self, statement: syntax.Statement) -> None:
        self.pending = None
        match statement:
            case syntax.Line():
                self.current = POISON
                label = statement.label
                if label is not None and all(isinstance(part, str) for part in label.parts):
                    self.scope.names["".join(map(str, label.parts))] = POISON
            case syntax.Let():
                for target in statement.targets:
                    self.scope.names[target.name] = POISON
            case syntax.Shared() | syntax.Input():
                self.scope.names[statement.name.name] = POISON
                if isinstance(statement, syntax.Input):
                    self.current = POISON
            case syntax.Splice():
                self.current = POISON

    def let(self, statement: syntax.Let) -> None:
        """Bind numbers, lists, tensors; Python's way, all values first."""
        for target, value in zip(statement.targets, let_values(statement, self), strict=True):
            self.scope.names[target.name] = value

    def set(self, statement: syntax.Set) -> None:
        """New defaults for the lines below."""
        for item in statement.items:
            self.check_default(item)
        self.defaults = (*self.defaults, *set_defaults(statement, self))

    def check_default(self, item: syntax.Default) -> None:
        """Refuse a default for what is no layer or block; names were checked before the run."""

    def define(self, name: str, value: Any, span: Span) -> None:
        """Bind a label; one that is taken here already is a mistake."""
        taken = self.labels()
        if name in taken:
            raise Fault("duplicate-label", span, f"`{name}` is a label of this body already", related=self.first_label(name))
        taken[name] = span
        self.scope.names[name] = value

    # Lines

    def line(self, line: syntax.Line) -> None:
        """A chain, and what its label names."""
        if line.label is None:
            self.chain(line.steps)
            return
        name = text_of(line.label.parts, self)
        kind = form(line.steps, self.makes)
        if kind is Form.GROUP:
            with self.group(line.label, name, line.steps) as inner:
                self.chain(line.steps)
            inner.value = self.current
            value: Any = inner
        else:
            if kind is Form.MODULE:
                self.pending = (line.label, name)
            self.chain(line.steps)
            self.pending = None
            value = self.current
        if name:
            self.define(name, self.labelled(value, name, line.label.span), line.label.span)

    def labelled(self, value: Any, name: str, span: Span) -> Any:
        """What a label stands for; the runs may note the name with the tensor."""
        return value

    def chain(self, steps: tuple[syntax.Step, ...]) -> None:
        """Run steps one after another."""
        for place, step in enumerate(steps):
            self.step(step, first=place == 0)

    def step(self, step: syntax.Step, *, first: bool) -> None:
        """Run one step of a chain."""
        match step:
            case syntax.Use():
                self.use(step, first=first)
            case syntax.Braces():
                self.body(step.body)
            case syntax.For():
                self.loop(step)
            case syntax.Repeat():
                self.repeat(step)
            case syntax.If():
                self.choose(step)

    def use(self, use: syntax.Use, *, first: bool) -> None:
        """A reference, a shared module, a layer or a block."""
        callee = self.callee(use)
        if isinstance(callee, SharedModule):
            refuse_arguments(f"`{use.callee.span.text}`", use.args or (), use.span)
            self.current = self.apply(callee, self._known(self.here(use.span)), use.span)
        elif isinstance(callee, Partial):
            self.call_step(callee, use)
        else:
            if not first:
                raise Fault("reference-inside-chain", use.span, f"`{use.span.text}` is a tensor: a reference starts a chain and never stands inside one")
            self.current = callee

    def callee(self, use: syntax.Use) -> Any:
        """What a step means: a tensor, a shared module, or a layer or block with arguments."""
        called = use.args is not None or use.branches is not None
        if isinstance(use.callee, syntax.Name) and use.callee.name not in ("_", "in"):
            name = use.callee.name
            found = self.scope.find(name)
            usable = isinstance(found, Partial | SharedModule)
            outer = None if usable else top(self.definition.home, name)
            if isinstance(found, Ref | Scope | Poison) or type(found) is tuple:
                if called and isinstance(outer, Partial):
                    return outer
                if isinstance(outer, Partial) and not called:
                    raise Fault("ambiguous-name", use.span, f"`{name}` is a tensor and a layer", help=f"`{name}()` is the layer; for the tensor choose another label")
            elif found is None and outer is None:
                raise self._unknown_callee(use, name)
            value = found if found is not None else outer
        else:
            value = evaluate(use.callee, self)
        if isinstance(value, Partial | SharedModule):
            return value
        if called and not isinstance(value, Poison):
            raise Fault("not-callable", use.callee.span, f"`{use.callee.span.text}` is {kind_of(value)}: it cannot be called", help="a block is passed by its name" if isinstance(value, int) else "")
        if isinstance(value, Ref | Scope | Poison) or type(value) is tuple:
            return self._known(value)
        raise Fault("not-a-tensor", use.span, f"a line starts from a tensor or a layer, found {kind_of(value)}")

    def _unknown_callee(self, use: syntax.Use, name: str) -> Fault:
        known = [*self.scope.every(), *visible(self.definition.home)]
        fault = unknown(name, use.callee.span, known)
        code = "unknown-layer" if use.args is not None or use.branches is not None else "unknown-name"
        return Fault(code, use.callee.span, f"no layer, block or tensor is called `{name}`", help=fault.diagnostic.help)

    def call_step(self, callee: Partial, use: syntax.Use) -> None:
        """A layer or a block at work: its arguments first, then its inputs."""
        target, taken = callee.target, dict(callee.args)
        args = use.args or ()
        if isinstance(target, Definition):
            bound = bind_block(target, taken, args, use.span, self, self.defaults)
            if use.branches is not None:
                raise Fault("not-a-join", use.branches.span, f"`{target.name}` is a block: it takes one tensor, not branches")
            self.block_step(callee, bound, use)
            return
        bound = bind_op(target, taken, args, use.span, self, self.defaults)
        label, self.pending = self.pending, None
        inputs = self.inputs(target, use)
        self.pending = label
        if any(value is POISON for value in inputs):
            raise Poisoned
        self.current = self.layer(target, bound, inputs, use)

    def inputs(self, op: type[Op], use: syntax.Use) -> list[Any]:
        """The tensors that a layer takes: its branches, or the current one."""
        if use.branches is not None:
            if op.inputs[1] == 1:
                raise Fault("not-a-join", use.branches.span, f"`{op.name}` takes one tensor, not branches")
            return self.branches(use.branches)
        if op.inputs[1] == 0:
            return []
        here = self.here(use.span)
        values = list(here) if type(here) is tuple else [plain(here)]
        if len(values) < op.inputs[0]:
            raise Fault("missing-branches", use.span, f"`{op.name}` joins tensors: its branches stand in `[ ]` behind it")
        return values

    def branches(self, node: syntax.Branches) -> list[Any]:
        """The tensors at the ends of branches that all start from the current one."""
        start = self.current
        found: list[Any] = []
        for item in node.items:
            self.current = start
            loops = item.steps[0] if len(item.steps) == 1 and item.label is None else None
            if isinstance(loops, syntax.For | syntax.Repeat):
                found += self.turns_as_branches(loops, start)
                continue
            self.branch(item)
            value = self.current
            if value is None:
                value = self.here(item.span)
            found += list(value) if type(value) is tuple else [plain(value)]
        self.current = start
        return found

    def branch(self, item: syntax.Line) -> None:
        """One branch: a line of its own."""
        self.statement(item)

    # What the runs say

    def makes(self, use: syntax.Use) -> bool:
        """Whether a step makes a module: a layer or block that is no join and reads no second tensor."""
        callee = use.callee
        if isinstance(callee, syntax.Name):
            found = self.scope.find(callee.name)
            if isinstance(found, Partial):
                target = found.target
            elif found is not None and use.args is None:
                return False
            else:
                value = top(self.definition.home, callee.name) if callee.name not in ("_", "in") else None
                if not isinstance(value, Partial):
                    return False
                target = value.target
        elif use.args is None and not isinstance(callee, syntax.Attribute):
            return False
        else:
            target = self._target(callee)
        if isinstance(target, Definition):
            return True
        if target is None or target.joins or use.branches is not None and target.inputs[1] != 3:
            return False
        reads = {name for name, spec in target.params.items() if spec.kind is Kind.TENSOR}
        return not any(arg.name in reads for arg in use.args or ())

    def _target(self, callee: Any) -> Any:
        try:
            value = evaluate(callee, self)
        except (Fault, Poisoned):
            return None
        return value.target if isinstance(value, Partial) else None

    def report(self, fault: Fault) -> None:
        """Take a mistake."""
        raise NotImplementedError

    def labels(self) -> dict[str, Any]:
        """The labels of the body that is being run, and their places."""
        raise NotImplementedError

    def first_label(self, name: str) -> Any:
        """The related place of a label that is taken."""
        raise NotImplementedError

    @contextmanager
    def group(self, label: syntax.Label, name: str, steps: tuple[syntax.Step, ...]) -> Iterator[Scope]:
        """Open the module of a labelled chain, and its scope, while its steps run."""
        raise NotImplementedError
        yield Scope()

    def layer(self, op: type[Op], bound: Bound, inputs: list[Any], use: syntax.Use) -> Any:
        """A layer at work: its output."""
        raise NotImplementedError

    def block_step(self, callee: Partial, bound: Bound, use: syntax.Use) -> None:
        """A block at work on the current tensor."""
        raise NotImplementedError

    def apply(self, module: SharedModule, value: Any, span: Span) -> Any:
        """A shared module at work: its output."""
        raise NotImplementedError

    def share(self, statement: syntax.Shared) -> SharedModule:
        """A new shared module."""
        raise NotImplementedError

    def loop(self, node: syntax.For) -> None:
        """Run a loop."""
        raise NotImplementedError

    def repeat(self, node: syntax.Repeat) -> None:
        """Run a body several times."""
        raise NotImplementedError

    def choose(self, node: syntax.If) -> None:
        """Run the arm of a condition."""
        raise NotImplementedError

    def turns_as_branches(self, node: "syntax.For | syntax.Repeat", start: Any) -> list[Any]:
        """The ends of the turns of a loop in brackets, each a branch of its own."""
        raise NotImplementedError

    def require(self, statement: syntax.Require) -> None:
        """Refuse arguments that the block does not allow."""

    def expect(self, statement: syntax.Expect) -> None:
        """Note an expectation; it is checked when the net is whole."""

    def declare_input(self, statement: syntax.Input) -> None:
        """An input of the net."""
        raise NotImplementedError

    def output(self, statement: syntax.Output) -> None:
        """An output by name."""
        raise NotImplementedError

    def splice(self, statement: syntax.Splice) -> None:
        """A block's members in the body around."""
        raise NotImplementedError


class _Inner(Environment):
    """A body's names and a few more, for comprehensions."""

    def __init__(self, outer: Environment, names: dict[str, Any]) -> None:
        self.outer = outer
        self.names = names

    def lookup(self, name: str, span: Span) -> Any:
        return self.names[name] if name in self.names else self.outer.lookup(name, span)

    def call(self, call: syntax.Call) -> Any:
        return call_value(call, self)

    def bind(self, names: tuple[syntax.Name, ...], value: Any) -> Environment:
        return _Inner(self, dict(zip((name.name for name in names), value, strict=True)))

    def undecided(self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        return self.outer.undecided(condition, then, otherwise)


def plain(value: Any) -> Any:
    """The tensor of a value that may be a group with a tensor at its end."""
    while isinstance(value, Scope):
        value = value.value
    return value


__all__ = ["POISON", "Form", "SharedModule", "Walk", "ops", "plain"]
