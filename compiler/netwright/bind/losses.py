"""`losses`: what a net is trained by. Its lines are checked and are no part of what the net does:
neither counted nor drawn."""

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from netwright import syntax
from netwright.bind.names import SharedModule
from netwright.bind.shared import mismatch
from netwright.instance import FoldStep, Step, step_totals
from netwright.ops.losses import truth
from netwright.record import record
from netwright.source import Span
from netwright.values import POISON, Fault, Ref, Scope, plain

if TYPE_CHECKING:
    from netwright.bind.run import Run


@record
class Lent:
    """A shared module that `losses` used before the net itself: how, and where."""

    module: SharedModule
    weights: Any
    use: tuple[Ref, Span]


def declare_losses(run: "Run", statement: syntax.Losses) -> None:
    """Check the lines of `losses`, and that they give any; of a net alone, and once."""
    if not isinstance(run.instance.definition.node, syntax.Net):
        message = f"`{run.instance.name}` has `losses`: a net splices it, and calls it nowhere"
        help = f"`splice {run.instance.name}(…)`"
        raise Fault("misplaced-losses", statement.span, message, help=help)
    if run.instance.trained:
        raise Fault("duplicate-losses", statement.span, "a net has one `losses`")
    before = run.steps, run.current, run.refused, run.next_id
    unused = [module for module in shared_in(run.scope) if module.instance is None]
    with scope_of(run, statement, run.new(truth(), statement.targets.span)):
        run.steps = []
        try:
            run.body(statement.body)
            refuse_weights(run.steps, {module.path for module in unused})
            run.instance.trained = frozenset(value for step in run.steps for value in read_by(step))
            if not list(entries(statement, run.scope)) and not told(run, statement):
                raise no_losses(statement)
        finally:
            run.steps, run.current, run.refused, run.next_id = before
            run.lent = tuple(lend(module) for module in unused if module.instance is not None)


@contextmanager
def scope_of(run: Any, statement: syntax.Losses, shown: Ref) -> Iterator[Scope]:
    """The names of the lines of `losses`, which end with it."""
    scope = Scope(run.scope)
    scope.names[statement.targets.name] = shown
    run.scope = scope
    try:
        yield scope
    finally:
        run.scope = scope.parent


def entries(statement: syntax.Losses, scope: Scope) -> Iterator[tuple[str, Ref]]:
    """The losses: lines with a label whose tensor is one number."""
    for line in statement.body.statements:
        if isinstance(line, syntax.Line) and line.label is not None:
            name = "".join(map(str, line.label.parts))
            value = plain(scope.names.get(name))
            if isinstance(value, Ref) and value.tensor.rank == 0:
                yield name, value


def shared_in(scope: Scope) -> list[SharedModule]:
    """The shared modules that can be seen."""
    return [found for name in scope.every() if isinstance(found := scope.find(name), SharedModule)]


def lend(module: SharedModule) -> Lent:
    """Give a module back to the net, which uses it further down: there its weights count."""
    found = Lent(module, module.weights, module.instance)
    module.instance = module.weights = None
    return found


def settle(run: "Run") -> None:
    """Refuse what only `losses` used, or used otherwise than the net; at the end of the net."""
    for lent in run.lent:
        span = lent.use[1]
        if lent.module.instance is None:
            run.report(own_weights(span))
        elif lent.module.weights not in (lent.weights, POISON):
            run.report(mismatch(lent.module, *lent.use))


def read_by(step: Step) -> Iterator[int]:
    """The values that a step reads."""
    if isinstance(step, FoldStep):
        yield step.enter
        for inner in step.steps:
            yield from read_by(inner)
    else:
        yield from step.inputs


def refuse_weights(steps: Sequence[Step], shared: Container[str]) -> None:
    """Refuse what has weights and is no module of the net."""
    for step in steps:
        lent = not isinstance(step, FoldStep) and step.declared and step.path in shared
        if step_totals(step).total_params and not lent:
            raise own_weights(step.span)


def told(run: "Run", statement: syntax.Losses) -> bool:
    """Whether a line of `losses` has a mistake that was told: then a loss may be missing for it."""
    found = run.binder.report.diagnostics
    return run.instance.failed or any(each.span.within(statement.span) for each in found)


def no_losses(statement: syntax.Losses) -> Fault:
    """The mistake of lines that give no loss."""
    return Fault(
        "no-losses",
        statement.targets.span,
        "`losses` gives no loss: a line with a label that ends in a number is one",
        help="`classification: class_loss [ logits, _ ]`",
    )


def own_weights(span: Span) -> Fault:
    """The mistake of weights that the net itself does not use."""
    return Fault(
        "losses-weights",
        span,
        "`losses` has no weights of its own: it uses those of the net",
        help="a `shared` module of the net may be used here once more",
    )
