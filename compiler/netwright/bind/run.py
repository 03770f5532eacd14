"""The run on numbers: lines become steps of an instance, loops turn, conditions are decided."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.bind.call import Bound, bind_block
from netwright.bind.fold import Folding, reads
from netwright.bind.scope import Defaults, file_defaults
from netwright.bind.walk import POISON, SharedModule, Walk, plain
from netwright.diagnostics import Related
from netwright.evaluate import evaluate, items_of, truth, unpack
from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Named, Step, step_totals
from netwright.members import Container, chain_members, is_numbered, is_numbered_chain
from netwright.ops.base import Misfit, Op
from netwright.program import Definition
from netwright.source import Span
from netwright.tensor import Tensor
from netwright.values import Fault, Partial, Poisoned, Ref, Scope, kind_of, spec_text


class Run(Walk):
    """A body bound to numbers; `netwright.bind.binder` makes one for each instance."""

    def __init__(self, binder: Any, definition: Definition, values: dict[str, Any], defaults: Defaults, instance: Instance, caller: "tuple[Run, Span, str] | None") -> None:
        super().__init__(definition, values, defaults)
        self.binder = binder
        self.instance = instance
        self.caller = caller
        self.steps: list[Step] = []
        self.next_id = 0
        self.container = Container("", numbered=True)
        self.taken: list[dict[str, Any]] = [{}]
        self.turns: list[str] = []
        self.outputs: list[Named] = []
        self.expects: list[syntax.Expect] = []
        self.changes = 0
        self.layers = 0
        self.side = False
        self.last_label = ""
        self.in_loop = 0
        self.arm_labels: dict[int, set[str]] = {}

    # Diagnostics

    def report(self, fault: Fault) -> None:
        self.instance.failed = True
        found = fault.diagnostic
        if not found.trace:
            found = type(found)(**{**found.__dict__, "trace": tuple(self.trace())})
        self.binder.report.add(found)

    def trace(self) -> Iterator[Related]:
        """The calls that led here, innermost first."""
        run: Run | None = self
        while run is not None:
            where = [f"in {run.title()}", *reversed(run.turns)] if run.turns or run.caller else []
            if run.caller is None:
                if where:
                    yield Related(run.definition.node.name.span, ", ".join(where))
                return
            caller, span, _ = run.caller
            yield Related(span, ", ".join(where))
            run = caller

    def title(self) -> str:
        """The block with the arguments that were given: ``bottleneck(64)``."""
        return self.caller[2] if self.caller else self.definition.name

    # Values

    def new(self, tensor: Tensor, span: Span) -> Ref:
        """A new value of the body."""
        ref = Ref(tensor, self.next_id, span)
        self.instance.tensors[self.next_id] = tensor
        self.next_id += 1
        return ref

    def add(self, step: Step) -> None:
        """Take a step, within the bound on layers."""
        self.steps.append(step)
        self.layers += step_totals(step).layers
        if self.layers > self.binder.bounds.layers:
            raise Fault("too-many-layers", step.span, f"more than {self.binder.bounds.layers:,} layers", help="`--max-layers` allows more")

    def labels(self) -> dict[str, Any]:
        return self.taken[-1]

    def first_label(self, name: str) -> Any:
        span = self.taken[-1][name]
        return (Related(span, "the first one is here"),) if isinstance(span, Span) else ()

    def define(self, name: str, value: Any, span: Span) -> None:
        self.changes += 1
        allowed = self.arm_labels.get(len(self.taken), set())
        if name in self.taken[-1] and name in allowed:
            del self.taken[-1][name]
        super().define(name, value, span)
        self.last_label = name

    def let(self, statement: syntax.Let) -> None:
        self.changes += 1
        super().let(statement)

    # Modules

    def place(self, kind: str, use: syntax.Use, equal: object) -> str:
        """The path of the module of a step."""
        if self.pending is not None:
            (label, name), self.pending = self.pending, None
            if name:
                return f"{self.container.prefix}{name}"
        if self.container.numbered:
            return self.container.number()
        if equal is None and self.in_loop:
            raise Fault("unlabelled-weight", use.span, f"`{kind}` has weights and no label, in a loop of a body with labels: its name would need a counter", help=f"label it: `{kind}{{i}}: {kind}(…)`")
        return self.container.kind(kind, equal)

    @contextmanager
    def group(self, label: syntax.Label, name: str, steps: tuple[syntax.Step, ...]) -> Iterator[Scope]:
        outer, scope = self.container, Scope(self.scope)
        prefix = f"{outer.prefix}{name}." if name else f"{outer.number() if outer.numbered else outer.kind('group')}."
        self.scope = scope
        self.container = self.open(prefix, steps)
        self.taken.append({})
        in_loop, self.in_loop = self.in_loop, 0
        bracket = any(isinstance(step, syntax.Use) and step.branches is not None for step in steps)
        self.container.bracket = bracket
        try:
            yield scope
        finally:
            self.container, self.scope, self.in_loop = outer, scope.parent or self.scope, in_loop
            self.taken.pop()

    def open(self, prefix: str, steps: tuple[syntax.Step, ...]) -> Container:
        """The container of a labelled chain."""
        if len(steps) == 1 and isinstance(steps[0], syntax.Braces | syntax.For | syntax.Repeat):
            return Container(prefix, numbered=is_numbered(steps[0].body, self.makes))
        return Container(prefix, numbered=is_numbered_chain(steps, self.makes))

    def branch(self, item: syntax.Line) -> None:
        """A branch; under a label on the bracket, a long one is a module of its own."""
        members = list(chain_members(item.steps, self.makes)) if self.container.bracket else []
        if len(members) < 2 or item.label is not None:
            bracket, self.container.bracket = self.container.bracket, False
            super().branch(item)
            self.container.bracket = bracket
            return
        outer = self.container
        prefix = f"{outer.number() if outer.numbered else outer.kind('branch')}."
        self.container = Container(prefix, numbered=is_numbered_chain(item.steps, self.makes))
        try:
            super().branch(item)
        finally:
            self.container = outer

    # Layers and blocks

    def layer(self, op: type[Op], bound: Bound, inputs: list[Any], use: syntax.Use) -> Any:
        refs = [ref for ref in inputs if isinstance(ref, Ref)]
        tensors = tuple(ref.tensor for ref in refs)
        made, result, weights, macs = self.work(op, bound, tensors, refs, use)
        extra = tuple(value.id for value in bound.values.values() if isinstance(value, Ref))
        if op.joins or made.reads_second or not self.makes(use):
            path = f"{self.container.prefix}{op.name}"
            self.pending = None
        else:
            path = self.place(op.name, use, None if weights else (op.name, _equal(bound.values)))
        if type(result) is tuple:
            return tuple(refs)
        ref = self.new(result, use.span)
        ids = (*(ref.id for ref in refs), *extra)
        self.add(LayerStep(path, made, ids, ref.id, tensors, result, weights, macs, use.span, side=self.side, doc=self.line_doc))
        self.line_doc = ""
        return ref

    def work(self, op: type[Op], bound: Bound, tensors: tuple[Tensor, ...], refs: list[Ref], use: syntax.Use) -> Any:
        """The layer with its output, weights and MACs; the same work is done once."""
        key: Any = (op, tuple(bound.values.values()), tensors)
        try:
            found = self.binder.worked.get(key)
        except TypeError:
            key, found = None, None
        if found is not None:
            return found
        made = op(**bound.values)
        try:
            made.check(*tensors)
            result = made.shape(*tensors)
            self.sensible(op, result)
            found = (made, result, made.weights(*tensors), _int(made.macs(*tensors)))
        except Misfit as misfit:
            raise self.misfit(misfit, bound, refs, use) from None
        if key is not None:
            self.binder.worked[key] = found
        return found

    def sensible(self, op: type[Op], result: Any) -> None:
        """Refuse an output without cells."""
        if isinstance(result, Tensor) and any(size < 1 for size in result.sizes):
            raise Misfit("empty-output", f"`{op.name}` gives {result}: every size must be at least 1")

    def misfit(self, misfit: Misfit, bound: Bound, refs: list[Ref], use: syntax.Use) -> Fault:
        """A layer's refusal, with the places of its argument and of its inputs."""
        arg = bound.given.get(misfit.argument)
        span = arg.span if arg is not None and arg.span.line == use.callee.span.line else use.callee.span
        related = []
        shown = refs if len(refs) > 1 else refs[:1]
        for number, ref in enumerate(shown, start=1):
            what = f"branch {number} ends in" if len(refs) > 1 else "the input is"
            if ref.span is not None:
                related.append(Related(ref.span, f"{what} {ref.tensor}"))
        return Fault(misfit.code, span, misfit.message, help=misfit.help, related=tuple(related))

    def block_step(self, callee: Partial, bound: Bound, use: syntax.Use) -> None:
        definition = callee.target
        if isinstance(definition.node, syntax.Extern):
            self.current = self.external(definition, bound, use)
            return
        if not isinstance(definition.node, syntax.Block):
            raise Fault("not-a-block", use.callee.span, f"`{definition.name}` is no block: {_what(definition)} cannot stand in a body")
        here = self.here(use.span) if not self.only_tensors(definition, bound) else self.current
        if here is POISON:
            raise Poisoned
        label, self.pending = self.pending, None
        instance, ids = self.bound(definition, bound, here, use.span, title(definition.name, bound))
        self.pending = label
        path = self.place(definition.name, use, None if instance.totals.total_params or self.in_loop else (definition.name, object()))
        self.current = self.called(instance, path, ids, use.span)

    def only_tensors(self, definition: Definition, bound: Bound) -> bool:
        """Whether a block is given all its tensors by its arguments."""
        return self.current is None and any(isinstance(value, Ref) for value in bound.values.values())

    def bound(self, definition: Definition, bound: Bound, here: Any, span: Span, name: str) -> tuple[Instance, tuple[int, ...]]:
        """The instance of a call, and the values that go into it."""
        refs: list[tuple[str, Ref]] = []
        value = plain(here)
        if isinstance(value, Ref):
            refs.append(("in", value))
        elif type(value) is tuple:
            raise Fault("list-into-block", span, f"`{definition.name}` takes one tensor, found a list of {len(value)}")
        args: list[tuple[str, Any]] = []
        for key, arg in bound.values.items():
            if isinstance(arg, Ref):
                refs.append((key, arg))
            elif type(arg) is tuple and arg and all(isinstance(item, Ref) for item in arg):
                refs += [(f"{key}[{i}]", item) for i, item in enumerate(arg)]
            else:
                args.append((key, arg))
        inputs = tuple((key, ref.tensor) for key, ref in refs)
        instance = self.binder.instance(definition, tuple(args), inputs, (self, span, name))
        return instance, tuple(ref.id for _, ref in refs)

    def called(self, instance: Instance, path: str, ids: tuple[int, ...], span: Span, *, reused: bool = False) -> Any:
        """The step of a block, and its output with the names of its inner outputs."""
        if instance.failed and instance.result is None:
            raise Poisoned
        results = instance.result if type(instance.result) is tuple else (instance.result,)
        refs = [self.new(ref.tensor, span) for ref in results]
        named = {output.name: self.new(output.tensor, span) for output in instance.outputs}
        outputs = tuple(ref.id for ref in (*refs, *named.values()))
        self.add(CallStep(path, instance, ids, outputs, span, reused=reused, side=self.side, doc=self.line_doc))
        self.line_doc = ""
        value: Any = tuple(refs) if type(instance.result) is tuple else refs[0]
        if not named:
            return value
        scope = Scope()
        scope.value, scope.names = value, dict(named)
        return scope

    def external(self, definition: Definition, bound: Bound, use: syntax.Use) -> Any:
        """A layer that another library has."""
        from netwright.bind.external import bind_external

        here = self._known(self.here(use.span))
        op = bind_external(definition, bound, plain(here), use.span)
        path = self.place(definition.name, use, None if op.weights(plain(here).tensor) else (definition.name, _equal(bound.values)))
        ref = self.new(op.shape(plain(here).tensor), use.span)
        tensors = (plain(here).tensor,)
        self.add(LayerStep(path, op, (plain(here).id,), ref.id, tensors, ref.tensor, op.weights(*tensors), _int(op.macs(*tensors)), use.span, side=self.side))
        return ref

    # Shared modules

    def share(self, statement: syntax.Shared) -> SharedModule:
        return SharedModule(statement, f"{self.container.prefix}{statement.name.name}")

    def apply(self, module: SharedModule, value: Any, span: Span) -> Any:
        ref = plain(value)
        use = module.node.use
        callee = self.callee(use) if isinstance(use.callee, syntax.Name | syntax.Attribute) else None
        if not isinstance(callee, Partial):
            raise Fault("not-callable", use.span, "`shared` takes a layer or a block with its arguments")
        current, self.current = self.current, ref
        first = module.instance is None
        try:
            if isinstance(callee.target, Definition):
                bound = bind_block(callee.target, dict(callee.args), use.args or (), use.span, self, self.defaults)
                instance, ids = self.bound(callee.target, bound, ref, span, title(callee.name, bound))
                result = self.called(instance, module.path, ids, span, reused=not first)
                weights: Any = [(step.path, step.step.weights) for step in _leaves(instance)]
            else:
                self.pending = (None, module.node.name.name)
                from netwright.bind.call import bind_op

                layer = bind_op(callee.target, dict(callee.args), use.args or (), use.span, self, self.defaults)
                result = self.layer(callee.target, layer, [ref], use)
                step = self.steps.pop()
                assert isinstance(step, LayerStep)
                weights = [("", step.weights)]
                self.steps.append(LayerStep(**{**step.__dict__, "path": module.path, "reused": not first, "span": span}))
        finally:
            self.current, self.pending = current, None
        if first:
            module.instance, module.weights = (ref, span), weights
        elif weights != module.weights:
            other, place = module.instance
            raise Fault(
                "shared-mismatch",
                span,
                f"`{module.node.name.name}` has one set of weights, which cannot take {ref.tensor} here and {other.tensor} before",
                related=(Related(place, f"first used on {other.tensor}"),),
            )
        return result

    # Loops and conditions

    def loop(self, node: syntax.For) -> None:
        items = items_of(evaluate(node.iterable, self), node.iterable)
        self.turn(node, items, node.targets, node.body)

    def repeat(self, node: syntax.Repeat) -> None:
        count = evaluate(node.count, self)
        if isinstance(count, bool) or not isinstance(count, int):
            raise Fault("type-mismatch", node.count.span, f"`repeat` takes a whole number, found {kind_of(count)}")
        if count < 0:
            raise Fault("out-of-bounds", node.count.span, f"`repeat` takes a number of at least 0, found {count}")
        self.turn(node, range(count), (), node.body)

    def turn(self, node: "syntax.For | syntax.Repeat", items: Iterable[Any], targets: tuple[syntax.Name, ...], body: syntax.Body) -> None:
        """All turns; from the first that changes nothing but the tensor's values on, one stands for all."""
        values = list(items) if not isinstance(items, range) else items
        names = [target.name for target in targets]
        folds = not any(name in reads(body) for name in names)
        hidden = {name: self.scope.names[name] for name in names if name in self.scope.names}
        self.in_loop += 1
        for turn, item in enumerate(values):
            if names:
                for name, value in zip(names, unpack(item, targets, node.span), strict=True):
                    self.scope.names[name] = value
            self.turns.append(f"repeat {turn + 1} of {len(values)}")
            folding = Folding(self) if folds else None
            try:
                self.body(body)
            finally:
                self.turns.pop()
            left = len(values) - turn
            if folding is not None and left > 1 and folding.stable():
                folding.fold(left, node.span)
                break
            if self.current is POISON:
                break
        self.in_loop -= 1
        for name in names:
            self.scope.names.pop(name, None)
        self.scope.names.update(hidden)

    def turns_as_branches(self, node: "syntax.For | syntax.Repeat", start: Any) -> list[Any]:
        found: list[Any] = []
        if isinstance(node, syntax.For):
            items: Any = items_of(evaluate(node.iterable, self), node.iterable)
            targets: tuple[syntax.Name, ...] = node.targets
        else:
            items, targets = range(evaluate(node.count, self)), ()
        self.in_loop += 1
        for turn, item in enumerate(items):
            if targets:
                for target, value in zip(targets, unpack(item, targets, node.span), strict=True):
                    self.scope.names[target.name] = value
            self.turns.append(f"repeat {turn + 1} of {len(items)}")
            self.current = start
            self.body(node.body)
            self.turns.pop()
            found.append(plain(self.here(node.span)))
        self.in_loop -= 1
        for target in targets:
            self.scope.names.pop(target.name, None)
        return found

    def choose(self, node: syntax.If) -> None:
        if truth(evaluate(node.condition, self), node.condition):
            self.body(node.then)
        elif node.otherwise is not None:
            self.body(node.otherwise)

    def require(self, statement: syntax.Require) -> None:
        if not truth(evaluate(statement.condition, self), statement.condition):
            said = evaluate(statement.message, self) if statement.message else f"`{statement.condition.span.text}` does not hold"
            related = (Related(self.caller[1], f"in {self.caller[2]}"),) if self.caller else ()
            raise Fault("require-failed", statement.span, str(said), related=related)

    # Nets

    def expect(self, statement: syntax.Expect) -> None:
        self.expects.append(statement)

    def declare_input(self, statement: syntax.Input) -> None:
        from netwright.bind.interface import input_tensor

        if not isinstance(self.definition.node, syntax.Net):
            raise Fault("input-outside-net", statement.span, "`input` stands in nets only: a block takes what it is given")
        ref = self.new(input_tensor(statement, self), statement.name.span)
        self.define(statement.name.name, ref, statement.name.span)
        inputs = sum(isinstance(other, syntax.Input) for other in self.definition.node.body.statements)
        if inputs == 1:
            self.current = ref

    def output(self, statement: syntax.Output) -> None:
        from netwright.bind.interface import declare_output

        declare_output(self, statement)

    def splice(self, statement: syntax.Splice) -> None:
        callee = self.callee(statement.use)
        if not isinstance(callee, Partial) or not isinstance(callee.target, Definition):
            raise Fault("not-a-block", statement.use.span, "`splice` takes a block")
        definition, node = callee.target, callee.target.node
        assert isinstance(node, syntax.Block)
        bound = bind_block(definition, dict(callee.args), statement.use.args or (), statement.span, self, self.defaults)
        outer = (self.definition, self.scope, self.input, self.defaults)
        self.input = self.here(statement.span)
        self.definition, self.scope, self.defaults = definition, Scope(), file_defaults(definition)
        self.scope.names.update(bound.values)
        try:
            self.body(node.body)
        finally:
            self.definition, self.scope, self.input, self.defaults = outer


def _leaves(instance: Instance) -> Iterator[Any]:
    from netwright.instance import expand

    return expand(instance.steps)


def _equal(values: dict[str, Any]) -> object:
    return tuple(values.items())


def _int(value: Any) -> int:
    size = getattr(value, "size", value)
    return int(size)


def _what(definition: Definition) -> str:
    return "a net" if isinstance(definition.node, syntax.Net | syntax.Variant) else "a function"


def title(name: str, bound: Bound) -> str:
    """A call with the arguments that were written, as values."""
    given = [spec_text(bound.values[key]) if arg.name is None else f"{key}={spec_text(bound.values[key])}" for key, arg in bound.given.items()]
    text = f"{name}({', '.join(given)})" if given else name
    return text if len(text) < 80 else f"{name}(…)"


__all__ = ["FoldStep", "Poisoned", "Run", "title"]
