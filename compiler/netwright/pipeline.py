"""The stages in their order, from a file to what is known of its nets."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.arguments import block_value
from netwright.bind.binder import Binder, Bounds, base_net
from netwright.bind.scope import FileNames
from netwright.bind.uncalled import check_uncalled
from netwright.diagnostics import Diagnostic, Report
from netwright.evaluate import evaluate
from netwright.instance import Instance
from netwright.program import Definition, Files, Program, load
from netwright.record import record
from netwright.resolve import resolve
from netwright.source import Source
from netwright.spelling import nearest
from netwright.values import Exhausted, Fault, Poisoned

DEEP = 20_000  # frames: blocks nest 100 deep, each with braces and expressions


@record
class CheckedNet:
    """A net or variant that can be built without arguments, with its instance."""

    definition: Definition
    instance: Instance

    @property
    def name(self) -> str:
        """The name in the spec; of a variant its own."""
        return self.definition.name


class Checked:
    """A spec after all checks: its program, its nets, and what is wrong with it.

    ``refused`` are nets with a mistake: their steps go as far as they can be run.
    """

    def __init__(
        self, program: Program, report: Report, binder: Binder, nets: tuple[CheckedNet, ...]
    ) -> None:
        self.program = program
        self.report = report
        self.binder = binder
        self.nets = tuple([net for net in nets if not net.instance.failed])
        self.refused = tuple([net for net in nets if net.instance.failed and net.instance.inputs])

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that was found, in the order of the text."""
        return self.report.diagnostics

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return self.report.failed

    def up_to_mistakes(self, names: Sequence[str]) -> CheckedNet | None:
        """The net of a spec with a mistake that can be drawn as far as it goes: one of these names,
        or without names the only one that has a mistake.
        """
        every = (*self.refused, *self.nets) if names else self.refused
        nets = [net for net in every if not names or net.name in names]
        return nets[0] if len(nets) == 1 else None


class UnknownArgument(Exception):
    """A value for a parameter that no net of the file has: a mistake of usage, not of the spec."""


def check(
    file: syntax.File,
    files: Files,
    report: Report,
    *,
    bounds: Bounds | None = None,
    settings: Mapping[str, syntax.Expr] | None = None,
) -> Checked:
    """Run every check on a parsed file; ``settings`` stand in for defaults of its nets."""
    program = load(file, files, report)
    binder = Binder(program, report, bounds)
    nets: list[CheckedNet] = []
    with deep_stack():
        try:
            resolve(program, report, binder.broken)
            for definition in program.nets():
                net = _check_net(definition, binder, settings or {})
                if net is not None:
                    nets.append(net)
            check_uncalled(binder)
        except Exhausted as exhausted:
            report.add(exhausted.diagnostic)
    program.budget.left = binder.bounds.work  # what comes after has as much again
    if settings:
        _known(settings, program)
    return Checked(program, report, binder, tuple(nets))


@contextmanager
def deep_stack() -> Iterator[None]:
    """Room for the frames of what may be nested; a check recurses as its spec does."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _check_net(
    definition: Definition, binder: Binder, settings: Mapping[str, syntax.Expr]
) -> CheckedNet | None:
    try:
        given = given_values(definition, settings)
        instance = binder.net(definition, given)
    except Fault as fault:
        binder.report.add(fault.diagnostic)
        return None
    except Exhausted as exhausted:
        if exhausted.diagnostic.code == "too-much-work":
            raise
        binder.report.add(exhausted.diagnostic)
        return None
    except RecursionError:
        span = definition.node.name.span
        binder.report.error("nested-too-deep", span, f"`{definition.name}` is nested too deep")
        return None
    except Poisoned:
        return None
    if instance is None:
        return None
    if not given:
        binder.expects(definition, instance)
    return CheckedNet(definition, instance)


def given_values(definition: Definition, settings: Mapping[str, syntax.Expr]) -> dict[str, Any]:
    """The settings that a net has a parameter for, as values."""
    if not settings:
        return {}
    base = base_net(definition)
    values = {}
    for param in base.params:
        expr = settings.get(param.name.name)
        if expr is not None:
            value = evaluate(expr, FileNames(base.home))
            values[param.name.name] = block_value(base.name, param, value, expr.span)
    return values


def _parameters(definition: Definition) -> set[str]:
    """What a net, or the one that it varies, in this file or another, has as parameters."""
    try:
        return {param.name.name for param in base_net(definition).params}
    except Poisoned:
        return set()


def _known(settings: Mapping[str, syntax.Expr], program: Program) -> None:
    names = {name for definition in program.nets() for name in _parameters(definition)}
    for name in settings:
        if name not in names:
            help = nearest(name, names)
            path = program.main.source.path
            raise UnknownArgument(
                f"no net of {path} has a parameter `{name}`{': ' + help if help else ''}"
            )


def expression(text: str, name: str) -> syntax.Expr:
    """The expression in a text from outside, such as the value of ``--set``.

    `ValueError` where the text is none.
    """
    from netwright.parse import parse

    report = Report()
    file = parse(Source(f"--set {name}", f"let value = {text}\n"), report)
    declarations = file.declarations
    if report.failed or len(declarations) != 1 or not isinstance(declarations[0], syntax.Let):
        raise ValueError(f"`{text}` is no value")
    return declarations[0].values[0]
