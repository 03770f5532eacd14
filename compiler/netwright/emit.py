"""From a checked spec to the text of a file, for a target."""

from typing import Any

from netwright import syntax
from netwright.bind.binder import Binder
from netwright.diagnostics import Diagnostic, SpecError
from netwright.dynamic import constraints
from netwright.evaluate import NotGeneral
from netwright.freeze import Freeze, Frozen, frozen
from netwright.lower.bound import spelt
from netwright.lower.lowerer import Lowerer
from netwright.lower.model import Routine
from netwright.lower.passed import mark_passed, used_values
from netwright.pipeline import Checked, CheckedNet, deep_stack
from netwright.program import Definition
from netwright.targets.file import NetSpec, Refused, SourceFile
from netwright.values import Fault

TARGETS = ("torch", "keras")


def emit(
    checked: Checked,
    target: str,
    nets: tuple[CheckedNet, ...] | None = None,
    settings: dict[str, Any] | None = None,
    freeze: Freeze | None = None,
) -> str:
    """The source of all nets of a spec; ``nets`` are those to write, all unless given.

    `FreezeError` where ``freeze`` names what one of them does not have.
    """
    return write(checked, target, nets, settings, freeze)[0]


def write(
    checked: Checked,
    target: str,
    nets: tuple[CheckedNet, ...] | None = None,
    settings: dict[str, Any] | None = None,
    freeze: Freeze | None = None,
) -> tuple[str, SourceFile, list[NetSpec]]:
    """The source, with the file that it was written by and what is in it of each net.

    A block that cannot stay general is emitted once a distinct use: it is refused, and the program
    lowered anew without it.
    """
    chosen = checked.nets if nets is None else nets
    stays = frozen(freeze, [(net.name, net.instance) for net in chosen]) if freeze else None
    with deep_stack():
        return _emit(checked, target, chosen, settings or {}, stays)


def _emit(
    checked: Checked,
    target: str,
    nets: tuple[CheckedNet, ...],
    settings: dict[str, Any],
    stays: Frozen | None,
) -> tuple[str, SourceFile, list[NetSpec]]:
    refused: frozenset[Definition] = frozenset()
    failed: frozenset[Any] = frozenset()
    sizes = {net.name: _sizes(net, checked.binder) for net in nets}
    while True:
        lowerer = Lowerer(checked.program, refused, failed)
        try:
            specs = [net_spec(net, lowerer, sizes[net.name]) for net in nets]
            holder = mark_passed(lowerer, checked.binder)
            if holder is not None:
                raise Refused(holder, holder.node.name.span)
            file = source_file(target, lowerer, checked, settings, stays)
            text = file.write(checked.program.main.file.doc, ordered(lowerer, specs), specs)
            return text, file, specs
        except (NotGeneral, Fault) as stop:
            raise _no_code(stop, checked) from stop
        except Refused as stop:
            definition, before = stop.routine.definition, (refused, failed)
            if definition in refused:
                made = stop.routine
                failed |= {(definition, spelt(made.bound), made.fixed, made.apart)}
            refused = frozenset(lowerer.refused | {definition})
            if (refused, failed) == before:  # it would be refused for ever
                raise _no_code(NotGeneral(stop.span), checked) from stop


def _sizes(net: CheckedNet, binder: Binder) -> tuple[str, ...]:
    """What the dynamic sizes of a net must be, in words."""
    found = constraints(binder, net)
    return tuple(found.sentences()) if found is not None else ()


def _no_code(stop: "NotGeneral | Fault", checked: Checked) -> SpecError:
    """The error of a spec that is right and that no code can be written for."""
    if isinstance(stop, Fault) and stop.diagnostic.code == "no-code":
        return SpecError((stop.diagnostic,))
    span = stop.diagnostic.span if isinstance(stop, Fault) else stop.span
    if span is None:
        span = checked.program.nets()[0].node.name.span
    message = f"`{span.text.splitlines()[0]}` cannot be written as code for all its arguments"
    help = "write it with fewer conditions, or give the sizes as numbers"
    return SpecError((Diagnostic("no-code", span, message, help=help),))


def root_of(definition: Definition) -> Definition:
    """The net at the end of a row of variants."""
    while isinstance(definition.node, syntax.Variant):
        found = definition.home.names[definition.node.base.name]
        assert isinstance(found, Definition)
        definition = found
    return definition


def source_file(
    target: str,
    lowerer: Lowerer,
    checked: Checked,
    settings: dict[str, Any],
    stays: Frozen | None = None,
) -> SourceFile:
    """The writer of a target."""
    from netwright.targets.keras.file import KerasFile
    from netwright.targets.torch.file import TorchFile

    kind: type[SourceFile] = TorchFile if target == "torch" else KerasFile
    path, values = checked.program.main.source.path, used_values(checked.binder)
    return kind(lowerer, path, values, settings, stays)


def net_spec(net: CheckedNet, lowerer: Lowerer, sizes: tuple[str, ...]) -> NetSpec:
    """A net or variant with the routine behind it and what it gives it."""
    definition = net.definition
    given: dict[str, tuple[syntax.Arg | None, Any]] = {}
    values = dict(net.instance.args)
    while isinstance(definition.node, syntax.Variant):
        base = definition.home.names[definition.node.base.name]
        assert isinstance(base, Definition)
        names = [param.name.name for param in root_of(base).params]
        for place, arg in enumerate(definition.node.args):
            name = arg.name or names[place]
            given.setdefault(name, (arg, values[name]))
        definition = base
    routine = lowerer.net(definition, {name: value for name, (_, value) in given.items()}, values)
    routine.label = net.instance.outputs[0].name
    left = tuple(
        param
        for param in definition.params
        if param.name.name not in given and param.name.name not in routine.bound
    )
    order = [p.name.name for p in definition.params]
    rows = sorted(
        ((n, a, v) for n, (a, v) in given.items() if n not in routine.bound),
        key=lambda row: order.index(row[0]),
    )
    return NetSpec(
        net.name,
        net.name.lower(),
        net.definition.node.doc,
        net.definition,
        routine,
        tuple(_leading(rows, order)),
        left,
        net.instance,
        sizes,
    )


def _leading(rows: list[Any], order: list[str]) -> list[Any]:
    """Arguments by place only while none before them is left out."""
    found = []
    exact = True
    for place, (name, arg, value) in enumerate(rows):
        exact = exact and order[place] == name and (arg is None or arg.name is None)
        found.append((name, arg if exact else None, value))
    return found


def ordered(lowerer: Lowerer, nets: list[NetSpec]) -> list[Routine]:
    """Routines that nets use, in the order of the spec, callees before who calls them."""
    files = list(reversed(lowerer.program.modules.values()))
    place = {id(module): i for i, module in enumerate(files)}
    wanted = [routine for routine in lowerer.order if routine.passed]
    wanted += dict.fromkeys(net.routine for net in nets)
    wanted.sort(key=lambda r: (r.is_net, place[id(r.definition.home)], r.node.span.start))
    done: list[Routine] = []
    seen: set[int] = set()

    def visit(routine: Routine) -> None:
        if id(routine) in seen:
            return
        seen.add(id(routine))
        for called in sorted(
            calls(routine),
            key=lambda r: r.node.span.start if r.definition.home is routine.definition.home else -1,
        ):
            visit(called)
        done.append(routine)

    for routine in wanted:
        visit(routine)
    return in_spec_order(done, place)


def calls(routine: Routine) -> list[Routine]:
    """The routines that one calls."""
    from netwright.lower import model
    from netwright.targets.variables import every

    return [
        s.routine
        for s in every(routine.statements)
        if isinstance(s, model.Call) and s.routine is not None
    ]


def in_spec_order(routines: list[Routine], place: dict[int, int]) -> list[Routine]:
    """The order of the spec, as far as callees allow."""
    left = sorted(
        routines, key=lambda r: (r.is_net, place[id(r.definition.home)], r.node.span.start)
    )
    done: list[Routine] = []
    while left:
        known = {id(routine) for routine in done}
        ready = next(r for r in left if all(id(c) in known for c in calls(r)))
        done.append(ready)
        left.remove(ready)
    return done
