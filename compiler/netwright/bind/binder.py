"""Instances by identity: each block is bound once for the same arguments and input shapes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.arguments import block_signature, block_value, match
from netwright.bind.call import Bound, argument, bind_block
from netwright.bind.contract import check_contract, take_contract
from netwright.bind.expect import check_expect
from netwright.bind.fold import Reads
from netwright.bind.interface import net_outputs
from netwright.bind.losses import settle
from netwright.bind.paths import refuse_collisions
from netwright.bind.run import Run
from netwright.bind.scope import Defaults, FileNames, file_defaults
from netwright.bind.working import Caller
from netwright.diagnostics import Report
from netwright.instance import Instance, totals
from netwright.limits import limits
from netwright.members import Container, static_labels
from netwright.ops.base import Op
from netwright.program import MOST_WORK, Definition, Program
from netwright.record import field, record
from netwright.source import Span
from netwright.tensor import Size, Tensor
from netwright.values import POISON, Exhausted, Fault, Partial, Poisoned, Ref, plain, row

INSTANCE = 20  # lines of work that a new instance stands for


@record
class Bounds:
    """How large a net may be; a spec is untrusted input."""

    layers: int = field(default=250_000)
    work: int = field(default=MOST_WORK)


class Binder:
    """Binds blocks and nets of a program to numbers, and collects what is wrong with them."""

    def __init__(self, program: Program, report: Report, bounds: Bounds | None = None) -> None:
        self.program = program
        self.report = report
        self.bounds = bounds or Bounds()
        self.program.budget.left = self.bounds.work
        self.broken = program.broken
        self.instances: dict[Any, Instance] = {}
        self.worked: dict[Any, Any] = {}
        self.working: list[tuple[Definition, Any]] = []
        self.nets: dict[Any, Instance | None] = {}
        self.reads = Reads()
        self.fixed: dict[Any, tuple[Bound, list[str]]] = {}  # and the arguments that vary
        self._naming: dict[Any, tuple[bool, list[str]]] = {}
        self._defaults: dict[Definition, Defaults] = {}
        self.told: dict[Any, Span] = {}  # one cause may show in several lines of a body
        self.declared: Mapping[str, int] = {}  # other numbers for dynamic sizes
        self.decided: list[tuple[Size, str, Size]] = []  # comparisons of what is dynamic
        self.refused: list[tuple[Op, tuple[Tensor, ...], str]] = []  # layers that did not fit

    def instance(
        self,
        definition: Definition,
        args: tuple[tuple[str, Any], ...],
        inputs: tuple[tuple[str, Tensor], ...],
        caller: Caller,
    ) -> Instance:
        """The instance of a block, bound now or before."""
        if definition in self.broken:
            raise Poisoned
        key = (definition, args_key(args), inputs)
        found = self.instances.get(key)
        if found is None:
            self.program.budget.spend(caller[1], INSTANCE)
            with self.entered(definition, (key[1], inputs), caller[1]):
                found = self._bind(definition, args, inputs, caller)
            self.instances[key] = found
        return found

    @contextmanager
    def entered(self, definition: Definition, key: Any, span: Span) -> Iterator[None]:
        """While a block runs; one that is at work already calls itself."""
        if (definition, key) in self.working:
            ring = [d.name for d, _ in self.working]
            names = " -> ".join([*ring[ring.index(definition.name) :], definition.name])
            raise Fault("recursion", span, f"a block may not call itself: {names}")
        deepest = limits().nesting
        if len(self.working) >= deepest:
            raise Fault("nested-too-deep", span, f"blocks call each other more than {deepest} deep")
        self.working.append((definition, key))
        try:
            yield
        finally:
            self.working.pop()

    def _bind(
        self,
        definition: Definition,
        args: tuple[tuple[str, Any], ...],
        inputs: tuple[tuple[str, Tensor], ...],
        caller: Caller,
    ) -> Instance:
        node = definition.node
        assert isinstance(node, syntax.Block)
        instance = Instance(definition, args, inputs)
        run = Run(self, definition, dict(args), self.defaults(definition), instance, caller)
        for name, tensor in inputs:
            ref = run.new(tensor, caller[1])
            if name == "in":
                run.input = run.current = ref
            else:
                _put(run, name, ref)
        self.take_contract(run, node)
        self._run(run, node.body)
        if not self.check_contract(run, node, instance.result):
            instance.result = None
            instance.steps = tuple(run.steps)
        return instance

    def _run(self, run: Run, body: syntax.Body) -> None:
        """Run a body from its first line to its last, and keep what came out."""
        numbered, labels = self.naming(run, body)
        run.container = Container("", numbered=numbered, labels=labels)
        wrong = self.program.wrong
        if wrong and any(id(node) in wrong for node in run.definition.home.sets):
            run.damaged = True
        try:
            run.body(body)
        except Exhausted as exhausted:
            raise run.traced(exhausted) from None
        instance = run.instance
        if (run.damaged or instance.failed) and not run.refused:
            run.refuse_in(body.span)
        instance.steps = tuple(run.steps)
        instance.failed = instance.failed or run.damaged
        value = plain(run.current)
        if value is not POISON:
            instance.result = value
        instance.outputs = tuple(run.outputs)
        instance.totals = totals(run.steps)

    def defaults(self, definition: Definition) -> Defaults:
        """What the `set`s of a file above a definition say."""
        found = self._defaults.get(definition)
        if found is None:
            found = self._defaults[definition] = file_defaults(definition)
        return found

    def naming(self, run: Run, body: syntax.Body) -> tuple[bool, list[str]]:
        """Whether the members of a definition are numbered, and the labels it has.

        Only what its parameters call may make a difference between two runs.
        """
        callees = [v.target for v in run.scope.names.values() if isinstance(v, Partial)]
        key = (id(body), *callees)
        found = self._naming.get(key)
        if found is None:
            found = self._naming[key] = (run.numbered(body), static_labels(body))
        return found

    def take_contract(self, run: Run, node: syntax.Block) -> None:
        """Bind the sizes that a block's contract names."""
        if node.contract is not None:
            take_contract(run, node.contract)

    def check_contract(self, run: Run, node: syntax.Block, result: Any) -> bool:
        """Whether an output is what the block's contract promises."""
        return node.contract is None or check_contract(run, node.contract, result)

    # Nets

    def net(self, definition: Definition, given: dict[str, Any]) -> Instance | None:
        """A net or variant with some arguments, or none where required ones are missing."""
        base, values = self.arguments(definition, given)
        if base is None:
            return None
        key = (base, args_key(tuple(values.items())))
        if key not in self.nets:
            self.nets[key] = self._bind_net(base, values)
        return self.nets[key]

    def arguments(
        self, definition: Definition, given: dict[str, Any]
    ) -> tuple[Definition | None, dict[str, Any]]:
        """The net behind a variant and the values of all its parameters; none where some lack."""
        taken = dict(given)
        seen: set[Definition] = set()
        while isinstance(definition.node, syntax.Variant):
            if definition in self.broken or definition in seen:
                raise Poisoned
            seen.add(definition)
            taken = {**bind_variant(base_net(definition), definition), **taken}
            definition = base_of(definition)
        if definition in self.broken or not isinstance(definition.node, syntax.Net):
            raise Poisoned
        signature = block_signature(definition.params)
        if any(must and name not in taken for name, must in signature.items()):
            return None, taken
        home = FileNames(definition.home)
        bound = bind_block(definition, taken, (), definition.node.name.span, home, ())
        return definition, bound.values

    def _bind_net(self, definition: Definition, values: dict[str, Any]) -> Instance:
        node = definition.node
        assert isinstance(node, syntax.Net)
        instance = Instance(definition, tuple(values.items()), ())
        inputs = [line.name.name for line in node.body.statements if isinstance(line, syntax.Input)]
        if not inputs:
            instance.failed = True
            self.report.error(
                "no-input",
                node.name.span,
                f"the net `{definition.name}` has no input",
                help="`input image[3, 224, 224]` declares one",
            )
            return instance
        run = Run(self, definition, dict(values), self.defaults(definition), instance, None)
        self._run(run, node.body)
        settle(run)
        refs = {name: run.scope.names.get(name) for name in inputs}
        instance.inputs = tuple(
            (name, ref.tensor) for name, ref in refs.items() if isinstance(ref, Ref)
        )
        if not instance.failed:
            instance.outputs = net_outputs(run, instance)
            instance.steps = tuple(run.steps)  # one of them may be a mistake in an output
            for fault in refuse_collisions(instance):
                self.report.add(fault.diagnostic)
        return instance

    def expects(self, definition: Definition, instance: Instance) -> None:
        """Check what a net or variant expects of its own arguments."""
        node = definition.node
        assert isinstance(node, syntax.Net | syntax.Variant)
        for statement in node.body.statements if node.body is not None else ():
            if not isinstance(statement, syntax.Expect) or instance.failed:
                continue
            if id(statement) in self.program.wrong:
                continue
            try:
                check_expect(statement, instance, definition)
            except Fault as fault:
                self.report.add(fault.diagnostic)
            except Poisoned:
                continue


def args_key(args: tuple[tuple[str, Any], ...]) -> Any:
    """The key of arguments, by what they are."""
    return row(tuple([value for _, value in args])), tuple([name for name, _ in args])


def bind_variant(base: Definition, variant: Definition) -> dict[str, Any]:
    """The values that a variant gives to its net."""
    node, home = variant.node, FileNames(variant.home)
    assert isinstance(node, syntax.Variant)
    signature = dict.fromkeys(block_signature(base.params), False)
    params = {param.name.name: param for param in base.params}
    found = match(node.base.name, signature, node.args, node.span)
    return {
        name: block_value(node.base.name, params[name], argument(arg.value, home), arg.span)
        for name, arg in found.items()
    }


def base_of(variant: Definition) -> Definition:
    """What a variant varies: a net, or another variant."""
    assert isinstance(variant.node, syntax.Variant)
    found = variant.home.names.get(variant.node.base.name)
    if not isinstance(found, Definition):
        raise Poisoned
    return found


def base_net(definition: Definition) -> Definition:
    """The net at the end of a row of variants."""
    seen: set[Definition] = set()
    while isinstance(definition.node, syntax.Variant):
        if definition in seen:
            raise Poisoned
        seen.add(definition)
        definition = base_of(definition)
    return definition


def _put(run: Run, name: str, ref: Ref) -> None:
    """A tensor argument under its name; one of a list at its place."""
    if name.endswith("]"):
        key = name[: name.rindex("[")]
        run.scope.names[key] = (*run.scope.names.get(key, ()), ref)
    else:
        run.scope.names[name] = ref


__all__ = ["Binder", "Bounds", "static_labels"]
