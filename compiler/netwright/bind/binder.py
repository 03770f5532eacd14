"""Instances by identity: each block is bound once for the same arguments and input shapes."""

from typing import Any

from netwright import syntax
from netwright.arguments import block_signature
from netwright.bind.call import bind_block
from netwright.bind.expect import check_expect
from netwright.bind.run import Run, _equal
from netwright.bind.scope import FileNames, file_defaults
from netwright.bind.walk import POISON, plain
from netwright.diagnostics import Diagnostic, Related, Report
from netwright.instance import Instance, Named, totals
from netwright.members import Container, is_numbered
from netwright.program import Definition, Program
from netwright.record import field, record
from netwright.source import Span
from netwright.tensor import Tensor
from netwright.values import Fault, Poisoned, Ref, Scope


@record
class Bounds:
    """How large a net may be; a spec is untrusted input."""

    layers: int = field(default=250_000)


class Binder:
    """Binds blocks and nets of a program to numbers, and collects what is wrong with them."""

    def __init__(self, program: Program, report: Report, bounds: Bounds | None = None) -> None:
        self.program = program
        self.report = report
        self.bounds = bounds or Bounds()
        self.instances: dict[Any, Instance] = {}
        self.worked: dict[Any, Any] = {}
        self.working: list[Definition] = []
        self.broken: set[Definition] = set()
        self.nets: dict[Any, Instance | None] = {}

    def instance(self, definition: Definition, args: tuple[tuple[str, Any], ...], inputs: tuple[tuple[str, Tensor], ...], caller: "tuple[Run, Span, str]") -> Instance:
        """The instance of a block, bound now or before."""
        if definition in self.broken:
            raise Poisoned
        key = (definition, args, inputs)
        found = self.instances.get(key)
        if found is not None:
            return found
        if definition in self.working:
            names = " -> ".join(d.name for d in [*self.working[self.working.index(definition) :], definition])
            raise Fault("recursion", caller[1], f"a block may not call itself: {names}")
        self.working.append(definition)
        try:
            found = self._bind(definition, args, inputs, caller)
        finally:
            self.working.pop()
        self.instances[key] = found
        return found

    def _bind(self, definition: Definition, args: tuple[tuple[str, Any], ...], inputs: tuple[tuple[str, Tensor], ...], caller: "tuple[Run, Span, str]") -> Instance:
        node = definition.node
        assert isinstance(node, syntax.Block)
        instance = Instance(definition, args, inputs)
        run = Run(self, definition, dict(args), file_defaults(definition), instance, caller)
        run.container = Container("", numbered=is_numbered(node.body, run.makes), labels=static_labels(node.body))
        for name, tensor in inputs:
            ref = run.new(tensor, caller[1])
            if name == "in":
                run.input = run.current = ref
            else:
                _put(run.scope, name, ref)
        if node.contract is not None:
            _take_contract(run, node.contract)
        run.body(node.body)
        finish(run, instance)
        if node.contract is not None and instance.result is not None:
            _check_contract(run, node.contract, instance)
        return instance

    def net(self, definition: Definition, given: dict[str, Any]) -> Instance | None:
        """A net or variant with some arguments, or none where required ones are missing."""
        base, values = self.arguments(definition, given)
        if base is None:
            return None
        key = (base, tuple(values.items()))
        if key not in self.nets:
            self.nets[key] = self._bind_net(base, values)
        return self.nets[key]

    def arguments(self, definition: Definition, given: dict[str, Any]) -> tuple[Definition | None, dict[str, Any]]:
        """The net behind a variant and the values of all its parameters; none where some lack."""
        taken = dict(given)
        seen = {definition}
        while isinstance(definition.node, syntax.Variant):
            node, home = definition.node, FileNames(definition.home)
            base = definition.home.names.get(node.base.name)
            if not isinstance(base, Definition) or base in seen or base in self.broken:
                raise Poisoned
            seen.add(base)
            chain = _base(base)
            bound = bind_variant(chain, node, taken, home)
            taken, definition = {**bound, **taken}, base
        assert isinstance(definition.node, syntax.Net)
        if definition in self.broken:
            raise Poisoned
        missing = [name for name, must in block_signature(definition.params).items() if must and name not in taken]
        if missing:
            return None, taken
        bound_all = bind_block(definition, taken, (), definition.node.name.span, FileNames(definition.home), ())
        return definition, bound_all.values

    def _bind_net(self, definition: Definition, values: dict[str, Any]) -> Instance:
        node = definition.node
        assert isinstance(node, syntax.Net)
        instance = Instance(definition, tuple(values.items()), ())
        run = Run(self, definition, values, file_defaults(definition), instance, None)
        run.container = Container("", numbered=is_numbered(node.body, run.makes), labels=static_labels(node.body))
        if not any(isinstance(statement, syntax.Input) for statement in node.body.statements):
            fault = Fault("no-input", node.name.span, f"the net `{definition.name}` has no input", help="`input image[3, 224, 224]` declares one")
            run.report(fault)
            return instance
        run.body(node.body)
        finish(run, instance)
        instance.inputs = tuple((name, value.tensor) for name, value in run.scope.names.items() if isinstance(value, Ref) and any(isinstance(s, syntax.Input) and s.name.name == name for s in node.body.statements))
        instance.outputs = net_outputs(run, instance)
        return instance

    def expects(self, definition: Definition, instance: Instance) -> None:
        """Check what a net or variant expects of its own arguments."""
        body = definition.node.body if isinstance(definition.node, syntax.Net | syntax.Variant) else None
        for statement in body.statements if body is not None else ():
            if isinstance(statement, syntax.Expect) and not instance.failed:
                try:
                    check_expect(statement, instance, definition)
                except Fault as fault:
                    self.report.add(fault.diagnostic)
                except Poisoned:
                    continue
            elif isinstance(definition.node, syntax.Variant) and not isinstance(statement, syntax.Expect):
                self.report.error("variant-body", statement.span, "the body of a variant holds `expect`s only")


def bind_variant(base: Definition, node: syntax.Variant, taken: dict[str, Any], home: FileNames) -> dict[str, Any]:
    """The values that a variant gives to its net."""
    from netwright.arguments import block_value, match
    from netwright.evaluate import evaluate

    signature = dict.fromkeys(block_signature(base.params), False)
    params = {param.name.name: param for param in base.params}
    found = match(node.base.name, signature, node.args, node.span)
    return {name: block_value(base.name, params[name], evaluate(arg.value, home), arg.span) for name, arg in found.items()}


def _base(definition: Definition) -> Definition:
    """The net at the end of a row of variants."""
    seen = set()
    while isinstance(definition.node, syntax.Variant) and definition not in seen:
        seen.add(definition)
        base = definition.home.names.get(definition.node.base.name)
        if not isinstance(base, Definition):
            raise Poisoned
        definition = base
    return definition


def _put(scope: Scope, name: str, ref: Ref) -> None:
    """A tensor argument under its name; one of a list at its place."""
    if name.endswith("]"):
        key = name[: name.rindex("[")]
        scope.names[key] = (*scope.names.get(key, ()), ref)
    else:
        scope.names[name] = ref


def static_labels(body: syntax.Body) -> list[str]:
    """Labels of a body that are plain names, which unlabelled members keep clear of."""
    found: list[str] = []
    for statement in body.statements:
        if isinstance(statement, syntax.Line):
            if statement.label is not None and all(isinstance(part, str) for part in statement.label.parts):
                found.append("".join(map(str, statement.label.parts)))
            for step in statement.steps:
                if isinstance(step, syntax.Braces | syntax.For | syntax.Repeat) and statement.label is None:
                    found += static_labels(step.body)
                elif isinstance(step, syntax.If) and statement.label is None:
                    found += static_labels(step.then)
                    found += static_labels(step.otherwise) if step.otherwise else []
                elif isinstance(step, syntax.Use) and step.branches is not None:
                    found += static_labels(syntax.Body(step.branches.items, step.span))
        elif isinstance(statement, syntax.Shared | syntax.Output):
            found.append(statement.name.name)
    return found


def finish(run: Run, instance: Instance) -> None:
    """Put the outcome of a run into its instance."""
    instance.steps = tuple(run.steps)
    value = plain(run.current)
    if value is POISON:
        instance.failed = True
    elif value is not None:
        instance.result = value
    instance.outputs = tuple(run.outputs)
    instance.totals = totals(run.steps)


def net_outputs(run: Run, instance: Instance) -> tuple[Named, ...]:
    """The main output first, then the declared ones in the order of their lines."""
    if not isinstance(instance.result, Ref):
        results = instance.result if type(instance.result) is tuple else ()
        unnamed = [Named(f"output{i}", ref.id, ref.tensor, False, run.definition.node.span) for i, ref in enumerate(results)]
        return (*unnamed, *run.outputs)
    main = next((output for output in run.outputs if output.id == instance.result.id and not output.training), None)
    if main is None:
        label = next((name for name, value in run.scope.names.items() if plain(value) is not None and isinstance(plain(value), Ref) and plain(value).id == instance.result.id and name not in dict(instance.inputs)), "output")
        main = Named(label, instance.result.id, instance.result.tensor, False, run.definition.node.span)
    return (main, *(output for output in run.outputs if output is not main))


def _take_contract(run: Run, contract: syntax.Contract) -> None:
    if not isinstance(run.input, Ref):
        return
    sizes = run.input.tensor.sizes
    if len(sizes) != len(contract.inputs):
        raise_at = Fault("contract-failed", contract.span, f"`{run.definition.name}` takes {len(contract.inputs)} sizes, found {run.input.tensor}", related=_called(run))
        run.report(raise_at)
        return
    for name, size in zip(contract.inputs, sizes, strict=True):
        run.scope.names[name.name] = size


def _check_contract(run: Run, contract: syntax.Contract, instance: Instance) -> None:
    from netwright.evaluate import evaluate
    from netwright.tensor import number, show_sizes

    try:
        promised = tuple(evaluate(size, run) for size in contract.outputs)
    except Fault as fault:
        run.report(fault)
        return
    except Poisoned:
        return
    if not isinstance(instance.result, Ref):
        return
    found = instance.result.tensor.sizes
    if [number(size) for size in promised] != [number(size) for size in found]:
        message = f"`{run.definition.name}` promises {contract.span.text} and gives {show_sizes(found)}, not {show_sizes(promised)}, for {run.input.tensor}"
        run.report(Fault("contract-failed", contract.span, message, related=_called(run)))


def _called(run: Run) -> tuple[Related, ...]:
    return (Related(run.caller[1], f"in {run.caller[2]}"),) if run.caller else ()


__all__ = ["Binder", "Bounds", "Diagnostic", "_equal"]
