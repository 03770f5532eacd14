"""Contracts of blocks: the sizes that one takes, and those that it promises."""

from typing import TYPE_CHECKING, Any

from netwright import syntax
from netwright.diagnostics import Related
from netwright.evaluate import evaluate
from netwright.kinds import is_size
from netwright.tensor import number, show_sizes
from netwright.values import POISON, Fault, Poisoned, Ref, kind_of

if TYPE_CHECKING:
    from netwright.bind.run import Run


def take_contract(run: "Run", contract: syntax.Contract) -> None:
    """Bind the names of a contract to the sizes of the block's input."""
    if not isinstance(run.input, Ref):
        return
    sizes = run.input.tensor.sizes
    if len(sizes) != len(contract.inputs):
        run.damaged = True
        count = f"{len(contract.inputs)} size{'s' * (len(contract.inputs) != 1)}"
        fault = Fault(
            "contract-failed",
            contract.span,
            f"`{run.definition.name}` takes {count}, found {run.input.tensor}",
            related=run.called_at(),
        )
        run.report(fault)
        run.current = POISON
        return
    for name, size in zip(contract.inputs, sizes, strict=True):
        known = run.scope.names.get(name.name, size)
        if name.name in run.scope.names:
            run.decide(known, "==", size)
        if name.name in run.scope.names and number(known) != number(size):
            fault = Fault(
                "contract-failed",
                contract.span,
                f"`{name.name}` is {known} and {size} in {run.input.tensor}",
                related=run.called_at(),
            )
            run.report(fault)
        run.scope.names.setdefault(name.name, size)


def check_contract(run: "Run", contract: syntax.Contract, result: Any) -> bool:
    """Whether an output has the promised sizes; a mistake where not."""
    if run.damaged or not isinstance(result, Ref):
        return True
    try:
        promised = tuple(_promise(size, run) for size in contract.outputs)
    except Fault as fault:
        run.report(fault)
        return False
    except Poisoned:
        return False
    found = result.tensor.sizes
    for one, other in zip(promised, found, strict=False):
        run.decide(one, "==", other)
    if list(map(number, promised)) == list(map(number, found)):
        return True
    related = [*run.called_at()]
    if result.span is not None:
        related.append(Related(result.span, f"{show_sizes(found)} comes from here"))
    broken = Fault(
        "contract-failed",
        contract.span,
        f"`{run.definition.name}` promises {show_sizes(promised)} "
        f"and gives {show_sizes(found)} for {run.input.tensor}",
        related=tuple(related),
    )
    run.report(broken)
    return False


def _promise(size: syntax.Expr, run: "Run") -> Any:
    value = evaluate(size, run)
    if not is_size(value):
        raise Fault("type-mismatch", size.span, f"a size is a whole number, found {kind_of(value)}")
    return value
