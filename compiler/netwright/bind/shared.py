"""`shared` modules: one set of weights, which every use must fit."""

from typing import TYPE_CHECKING, Any

from netwright import syntax
from netwright.bind.call import bind_block, bind_op, no_block
from netwright.bind.names import SharedModule
from netwright.bind.working import title
from netwright.diagnostics import Related
from netwright.instance import Declared, FoldStep, LayerStep, expand
from netwright.program import Definition
from netwright.record import replace
from netwright.source import Span
from netwright.values import POISON, Fault, Partial, Poisoned, Ref, plain

if TYPE_CHECKING:
    from netwright.bind.run import Run


def declare(run: "Run", statement: syntax.Shared) -> SharedModule:
    """A new shared module, its arguments bound where it is declared."""
    use = statement.use
    callee = run.callee(use)
    if not isinstance(callee, Partial):
        raise Fault(
            "not-callable", use.span, "`shared` takes a layer or a block with its arguments"
        )
    target, taken, args = callee.target, dict(callee.args), use.args or ()
    if isinstance(target, Definition):
        if not isinstance(target.node, syntax.Block | syntax.Extern):
            raise no_block(target, use.callee.span)
        bound = bind_block(target, taken, args, use.span, run, run.defaults)
    else:
        if target.joins or target.inputs[1] == 0:
            raise Fault("not-callable", use.span, f"`{target.name}` is no module to be shared")
        bound = bind_op(target, taken, args, use.span, run, run.defaults)
    path = run.labelled_path(statement.name.name, statement.name.span)
    found = SharedModule(statement, path, callee, bound)
    found.at, found.number, run.shared = len(run.steps), run.shared, run.shared + 1
    return found


def use_shared(run: "Run", module: SharedModule, value: Any, span: Span) -> Any:
    """The module at work on a tensor; its weights count at the first use."""
    ref = plain(value)
    first = module.instance is None
    if module.weights is POISON:
        raise Poisoned
    try:
        result, weights = _work(run, module, ref, span, first=first)
    except (Fault, Poisoned):
        module.weights = POISON
        raise
    if first:
        run.changes += 1
        step = run.steps[-1]
        assert not isinstance(step, FoldStep)
        ahead = len(run.steps) - 1 - module.at
        run.steps[-1] = replace(step, declared=Declared(ahead, module.number))
        module.instance, module.weights = (ref, span), weights
    elif weights != module.weights:
        raise mismatch(module, ref, span)
    return result


def mismatch(module: SharedModule, ref: Ref, span: Span) -> Fault:
    """The mistake of a use that needs other weights than the first one."""
    other, place = module.instance
    return Fault(
        "shared-mismatch",
        span,
        f"`{module.node.name.name}` has one set of weights, "
        f"which cannot take {ref.tensor} here and {other.tensor} before",
        related=(Related(place, f"first used on {other.tensor}"),),
    )


def _work(
    run: "Run", module: SharedModule, ref: Any, span: Span, *, first: bool
) -> tuple[Any, Any]:
    callee, bound, use = module.callee, module.bound, module.node.use
    assert callee is not None
    if isinstance(callee.target, Definition) and isinstance(callee.target.node, syntax.Block):
        instance, ids = run.bound(callee.target, bound, ref, span, title(bound))
        result = run.called(instance, module.path, ids, span, reused=not first)
        return result, [(leaf.path, leaf.step.weights) for leaf in expand(instance.steps)]
    if not isinstance(ref, Ref):
        raise Fault("list-into-layer", span, f"`{callee.name}` takes one tensor")
    run.pending = (syntax.Label((), False, span), module.node.name.name)
    at = replace(use, span=span, callee=replace(module.node.name, span=span))
    if isinstance(callee.target, Definition):
        result = run.external(callee.target, bound, ref, at)
    else:
        result = run.layer(callee.target, bound, [ref], at)
    step = run.steps.pop()
    assert isinstance(step, LayerStep)
    run.steps.append(replace(step, path=module.path, reused=not first, span=span))
    return result, [("", step.weights)]
