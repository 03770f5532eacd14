"""What layers and blocks do in a body on numbers: each becomes a step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from netwright import syntax
from netwright.arguments import is_fixed, op_value, tensor_params
from netwright.arithmetic import LARGEST
from netwright.bind.call import Bound
from netwright.bind.external import External
from netwright.bind.hints import join_hint
from netwright.bind.placing import Placing
from netwright.bind.refused import NOTHING, Refused
from netwright.bind.scope import Defaults
from netwright.bind.starts import takes_input
from netwright.diagnostics import Diagnostic, Related
from netwright.instance import CallStep, Instance, LayerStep, Named, Step, scalars, step_totals
from netwright.ops.base import Misfit, Op
from netwright.ops.frame import boxes_of, refs_of, refuse_lists, shape_of
from netwright.ops.init import check_init
from netwright.program import Definition
from netwright.source import Span
from netwright.tensor import Tensor, number
from netwright.values import (
    Exhausted,
    Fault,
    Partial,
    Poisoned,
    Ref,
    Scope,
    holds,
    known,
    plain,
    spec_text,
)

if TYPE_CHECKING:
    from netwright.bind.binder import Binder


class Frame(Protocol):
    """A body that called another one: what the trace says of it."""

    caller: "Caller | None"

    def where(self) -> str:
        """The loops and labels around the call."""


Caller = tuple[Frame, Span, str]


class Working(Placing):
    """A body on numbers that gathers its steps in an instance."""

    def __init__(
        self,
        binder: "Binder",
        definition: Definition,
        values: dict[str, Any],
        defaults: Defaults,
        instance: Instance,
        caller: Caller | None,
    ) -> None:
        super().__init__(definition, values, defaults)
        self.binder = binder
        self.instance = instance
        self.caller = caller
        self.steps: list[Step] = []
        self.next_id = 0
        self.outputs: list[Named] = []
        self.layers = 0
        self.side = False
        self.refused = False  # whether a step stands for a mistake

    def new(self, tensor: Tensor, span: Span) -> Ref:
        """A new value of the body."""
        ref = Ref(tensor, self.next_id, span)
        self.instance.tensors[self.next_id] = tensor
        self.next_id += 1
        return ref

    def add(self, step: Step) -> None:
        """Take a step, within the bound on layers."""
        self.steps.append(step)
        self.layers += 1 if isinstance(step, LayerStep) else step_totals(step).layers
        bound = self.binder.bounds.layers
        if self.layers > bound:
            message = f"more than {bound:,} layers"
            raise Exhausted(
                "too-many-layers", step.span, message, help="`--max-layers` allows more"
            )

    def refuse(self, diagnostic: Diagnostic, refs: Sequence[Any]) -> None:
        """Keep a mistake in the place of the layer that it is about, with what goes into that."""
        given = [ref for ref in refs if isinstance(ref, Ref)]
        self.refused = True
        ids, tensors = tuple([ref.id for ref in given]), tuple([ref.tensor for ref in given])
        ref = self.new(NOTHING, diagnostic.span)
        op, span, side = Refused(diagnostic), diagnostic.span, self.side
        self.steps.append(
            LayerStep("error", op, ids, ref.id, tensors, NOTHING, (), 0, span, side=side)
        )

    # Layers

    def bound_layer(self, op: type[Op], taken: dict[str, Any], use: syntax.Use) -> Bound:
        """A layer with its arguments; those that are the same in every run are bound once."""
        if taken or self.defaults is not self.binder.defaults(self.definition):
            return super().bound_layer(op, taken, use)
        key = (id(use), op)
        if key not in self.binder.fixed:
            bound = super().bound_layer(op, taken, use)
            varied = [n for n, arg in bound.given.items() if not is_fixed(op, n, arg.value)]
            self.binder.fixed[key] = bound, varied
            return bound
        bound, varied = self.binder.fixed[key]
        if not varied:
            return bound
        values = {name: op_value(op, name, bound.given[name].value, self) for name in varied}
        return Bound(op, {**bound.values, **values}, bound.given, use.span)

    def layer(self, op: type[Op], bound: Bound, inputs: list[Any], use: syntax.Use) -> Any:
        refs: list[Ref] = [plain(ref) for ref in inputs]
        try:
            done = self.work(op, bound, tuple([ref.tensor for ref in refs]), refs, use)
        except Fault as fault:
            fault.inputs = tuple(refs)
            raise
        if done[1] is None:
            self.pending = None
            return tuple(refs)
        given = [bound.values[name] for name in tensor_params(op)]
        others = [ref for value in given if value is not None for ref in refs_of(value)]
        labelled = self.is_labelled()
        several = use.branches is not None and op.inputs[1] != 3
        if op.joins or op.function or several or others:
            path = f"{self.container.prefix}{op.name}"
        else:
            alone = done[2] or self.container.numbered
            equal = None if alone else (self.kind, op.name, bound.key)
            path = self.place(self.kind, use, equal)
        return self.done(path, done, use, refs, others, labelled=labelled)

    def is_labelled(self) -> bool:
        """Whether the next module takes the label of its line; that of `_:` is none."""
        return self.pending is not None and bool(self.pending[1])

    def done(
        self,
        path: str,
        work: Any,
        use: syntax.Use,
        refs: list[Ref],
        others: Sequence[Ref] = (),
        *,
        labelled: bool = False,
    ) -> Ref:
        """The step of a layer, and its output."""
        made, result, weights, macs = work
        ref = self.new(result, use.span)
        ids = tuple([ref.id for ref in (*refs, *others)])
        tensors = tuple([ref.tensor for ref in refs])
        step = LayerStep(
            path,
            made,
            ids,
            ref.id,
            tensors,
            result,
            weights,
            macs,
            use.span,
            side=self.side,
            labelled=labelled,
            doc=self.take_doc(),
        )
        self.add(step)
        return ref

    def take_doc(self) -> str:
        """The doc comment of the line, for the first step that it makes."""
        doc, self.line_doc = self.line_doc, ""
        return doc

    def work(
        self,
        op: type[Op],
        bound: Bound,
        tensors: tuple[Tensor, ...],
        refs: list[Ref],
        use: syntax.Use,
    ) -> Any:
        """The layer with its output, weights and MACs; the same work is done once."""
        key = (op, bound.key, tensors)
        found = self.binder.worked.get(key)
        if found is not None:
            return found
        made = op(**bound.values)
        try:
            made.check(*tensors)
            found = self.results(made, tensors)
        except Misfit as misfit:
            self.binder.refused.append((made, tensors, misfit.code))
            raise self.misfit(op, misfit, bound, refs, use) from None
        except OverflowError:
            message = f"sizes, weights or MACs of `{op.name}` on {tensors[0]} are beyond 2**63"
            raise Fault("number-too-large", use.callee.span, message) from None
        self.binder.worked[key] = found
        return found

    def results(self, made: Op, tensors: tuple[Tensor, ...]) -> Any:
        """What a layer makes of its inputs: output, weights and MACs; a list has no output."""
        if made.name == "list":
            return made, None, (), 0
        refuse_lists(made, tensors)
        each, result = boxes_of(made, tensors), shape_of(made, tensors)
        sizes = [number(size) for size in result.sizes]
        if any(size < 1 for size in sizes):
            raise Misfit(
                "empty-output", f"`{made.name}` gives {result}: every size must be at least 1"
            )
        if any(size >= LARGEST for size in sizes):
            raise Misfit(
                "number-too-large", f"`{made.name}` gives {result}: sizes stay below 2**63"
            )
        weights, macs = made.weights(*tensors), number(made.macs(*tensors))
        macs *= 1 if each is None else number(each)
        check_init(made, weights)
        if any(scalars(weight) >= LARGEST for weight in weights) or macs >= LARGEST:
            raise Misfit(
                "number-too-large", f"the weights or MACs of `{made.name}` are beyond 2**63"
            )
        return made, result, weights, macs

    def misfit(
        self, op: type[Op], misfit: Misfit, bound: Bound, refs: list[Ref], use: syntax.Use
    ) -> Fault:
        """A layer's refusal, with the places of its argument and of its inputs."""
        arg = bound.given.get(misfit.argument)
        near = arg is not None and arg.span.line == use.callee.span.line
        span = arg.span if arg is not None and near else use.callee.span
        tensors = tuple([ref.tensor for ref in refs])
        help = misfit.help or join_hint(op, misfit, tensors)
        return Fault(misfit.code, span, misfit.message, help=help, related=self.origins(refs))

    def origins(self, refs: list[Ref]) -> tuple[Related, ...]:
        """Where the inputs of a layer come from."""
        found = []
        for place, ref in enumerate(refs, start=1):
            given = isinstance(self.input, Ref) and ref.id == self.input.id
            what = f"branch {place}" if len(refs) > 1 else "the input"
            ends = "ends in" if len(refs) > 1 else "is"
            said = f"is the input of the block, {ref.tensor}" if given else f"{ends} {ref.tensor}"
            if ref.span is not None:
                found.append(Related(ref.span, f"{what} {said}"))
        return tuple(found)

    # Blocks

    def block_step(self, callee: Partial, bound: Bound, use: syntax.Use) -> None:
        definition = callee.target
        label, self.pending = self.pending, None
        if isinstance(definition.node, syntax.Extern):
            here = plain(known(self.here(use.span)))
            self.pending = label
            self.current = self.external(definition, bound, here, use)
            return
        alone = self.only_tensors(bound) or not takes_input(definition)
        here = None if alone else known(self.here(use.span))
        instance, ids = self.bound(definition, bound, here, use.span, title(bound))
        self.pending = label
        equal = None
        if not instance.totals.total_params and not instance.failed:
            equal = (self.kind, definition, instance.args)
        path = self.place(self.kind, use, equal)
        self.current = self.called(instance, path, ids, use.span)

    def only_tensors(self, bound: Bound) -> bool:
        """Whether a block is given all its tensors by its arguments: a list is no input of it."""
        none = self.current is None or type(plain(self.current)) is tuple
        return none and any(holds(value, Ref) for value in bound.values.values())

    def bound(
        self, definition: Definition, bound: Bound, here: Any, span: Span, name: str
    ) -> tuple[Instance, tuple[int, ...]]:
        """The instance of a call, and the values that go into it."""
        refs: list[tuple[str, Ref]] = []
        value = plain(here)
        if isinstance(value, Ref):
            refs.append(("in", value))
        elif type(value) is tuple:
            raise Fault(
                "list-into-block",
                span,
                f"`{definition.name}` takes one tensor, found a list of {len(value)}",
            )
        args: list[tuple[str, Any]] = []
        for key, arg in bound.values.items():
            if isinstance(arg, Ref):
                refs.append((key, arg))
            elif type(arg) is tuple and arg and all(isinstance(item, Ref) for item in arg):
                refs += [(f"{key}[{i}]", item) for i, item in enumerate(arg)]
            else:
                args.append((key, arg))
        inputs = tuple([(key, ref.tensor) for key, ref in refs])
        instance = self.binder.instance(definition, tuple(args), inputs, (self, span, name))
        return instance, tuple([ref.id for _, ref in refs])

    def called(
        self,
        instance: Instance,
        path: str,
        ids: tuple[int, ...],
        span: Span,
        *,
        reused: bool = False,
    ) -> Any:
        """The step of a block, and its output with the names of its inner outputs."""
        self.damaged = self.damaged or instance.failed
        result = instance.result
        if result is None:
            if instance.failed:
                self.refused = True
                self.steps.append(CallStep(path, instance, ids, (), span, side=self.side))
                raise Poisoned
            raise Fault("no-tensor", span, f"`{instance.name}` gives no tensor")
        several = type(result) is tuple
        refs = [self.new(ref.tensor, span) for ref in (result if several else (result,))]
        named = {output.name: self.new(output.tensor, span) for output in instance.outputs}
        outputs = tuple([ref.id for ref in (*refs, *named.values())])
        doc = self.take_doc()
        self.add(
            CallStep(path, instance, ids, outputs, span, reused=reused, side=self.side, doc=doc)
        )
        value: Any = tuple(refs) if several else refs[0]
        if not named:
            return value
        scope = Scope()
        scope.value, scope.names = value, dict(named)
        return scope

    def external(self, definition: Definition, bound: Bound, here: Any, use: syntax.Use) -> Any:
        """A layer that another library has."""
        if not isinstance(here, Ref):
            raise Fault("list-into-block", use.span, f"`{definition.name}` takes one tensor")
        op = External(definition, bound.values)
        try:
            op.check(here.tensor)
            work = self.results(op, (here.tensor,))
        except Misfit as misfit:
            raise self.misfit(External, misfit, bound, [here], use) from None
        equal = None if work[2] else (self.kind, definition, bound.key)
        labelled = self.is_labelled()
        path = self.place(self.kind, use, equal)
        return self.done(path, work, use, [here], labelled=labelled)


def title(bound: Bound) -> str:
    """A call with the arguments that were written, as values."""
    given = [
        spec_text(bound.values[name]) if arg.name is None else _named(name, bound.values[name])
        for name, arg in bound.given.items()
    ]
    name = str(bound.target.name)
    text = f"{name}({', '.join(given)})" if given else name
    return text if len(text) < 80 else f"{name}(…)"


def _named(name: str, value: Any) -> str:
    return f"{name}={spec_text(value)}"
