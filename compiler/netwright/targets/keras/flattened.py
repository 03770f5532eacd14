"""Who reads a flattened map in a routine, in every instance of it or in some.

`netwright weights` asks the instance, which knows its turns and arms. The code holds for all
instances: where they would differ it is written for each.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from netwright import syntax
from netwright.bind.scope import FileNames
from netwright.evaluate import NotGeneral, evaluate
from netwright.lower import model
from netwright.lower.model import Routine
from netwright.ops.activation import Identity
from netwright.order import Reader, by_weights
from netwright.targets.liveness import inputs_of, outputs_of
from netwright.values import Fault, Poisoned

Read = tuple[int, Reader]
IDENTITY = Identity()


def seen_by_weights_alone(routine: Routine, value: int) -> bool:
    """Whether only weights see the order of a flattened map, whatever the arguments are."""
    results = [routine.result, *(side.value for side in routine.outputs)]
    if by_weights(value, _gathered(_reads(routine, routine.statements, every_case=True)), results):
        return True
    certain = _gathered(_reads(routine, routine.statements, every_case=False))
    if by_weights(value, certain, results) and not routine.fixed:
        raise NotGeneral(routine.node.name.span)
    return False


def _gathered(reads: Iterator[Read]) -> dict[int, list[Reader]]:
    found: dict[int, list[Reader]] = {}
    for value, reader in reads:
        found.setdefault(value, []).append(reader)
    return found


def _reads(routine: Routine, statements: Sequence[Any], *, every_case: bool) -> Iterator[Read]:
    """What reads each value: in any case that there may be, or in all of them."""
    for statement in statements:
        op = statement.op if isinstance(statement, model.Layer) else None
        # names keep a tensor; blocks are asked for what they are
        reader = op if op is not None or isinstance(statement, model.Call) else IDENTITY
        made = tuple(outputs_of(statement))
        yield from ((value, Reader(reader, made)) for value in inputs_of(statement))
        runs = isinstance(statement, model.Loop) and _runs(routine, statement)
        conditional = isinstance(statement, model.Arms | model.Loop) and not runs
        if conditional and not every_case:
            continue
        for phi in getattr(statement, "phis", ()):
            first = (phi.inside,) if runs else (phi.inside, phi.after)
            yield phi.before, Reader(IDENTITY, first)
            yield phi.end, Reader(IDENTITY, (phi.inside, phi.after))
        for body in _bodies(statement):
            yield from _reads(routine, body, every_case=every_case)


def _bodies(statement: Any) -> Iterator[Sequence[Any]]:
    match statement:
        case model.Loop() | model.Group() | model.Side():
            yield statement.body
        case model.Arms():
            yield statement.then
            yield statement.otherwise
        case model.Gather():
            yield from (branch.body for branch in statement.branches)


def _runs(routine: Routine, loop: model.Loop) -> bool:
    """Whether a loop surely has a turn."""
    node = loop.node
    expr = node.count if isinstance(node, syntax.Repeat) else node.iterable
    try:
        found = evaluate(expr, FileNames(routine.definition.home))
    except (Fault, Poisoned, NotGeneral):
        return False
    return bool(found) if isinstance(found, int) else isinstance(found, tuple) and len(found) > 0
