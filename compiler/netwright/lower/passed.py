"""Blocks that are passed as arguments: traced where they are called, and who may not know them."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from netwright.bind.binder import Binder
from netwright.bind.scope import FileNames
from netwright.evaluate import NotGeneral, evaluate
from netwright.lower import model
from netwright.lower.kinds import Parameter
from netwright.lower.lowerer import Lowerer
from netwright.lower.model import Routine
from netwright.lower.wording import python_name
from netwright.program import Definition
from netwright.sym import variable
from netwright.syntax import Param
from netwright.tensor import CHANNELS, Tensor
from netwright.values import Fault, Partial, Poisoned

Used = dict[Definition, list[dict[str, Any]]]


def used_values(binder: Binder) -> Used:
    """What each definition is given, over all instances."""
    found: Used = {}
    nets = (net for net in binder.nets.values() if net is not None)
    for instance in (*binder.instances.values(), *nets):
        found.setdefault(instance.definition, []).append(dict(instance.args))
    return found


def blocks_in(value: Any) -> Iterator[Partial]:
    """The blocks of a value, those that are arguments of others too."""
    if isinstance(value, Partial) and isinstance(value.target, Definition):
        yield value
        for _, arg in value.args:
            yield from blocks_in(arg)
    elif type(value) is tuple:
        for item in value:
            yield from blocks_in(item)


def mark_passed(lowerer: Lowerer, binder: Binder) -> "Routine | None":
    """Trace the blocks that are passed anywhere, which take and tell their channels.

    The routine that cannot be given one of them, where there is such a routine: it calls a block
    as if it kept its input's rank, or is given a block that no net here uses.
    """
    used = used_values(binder)
    holder = _trace_all(lowerer, binder, used)
    if holder is not None:
        return holder
    found = calls(lowerer, used)
    unfit = (user for user, call, block in found if not _fits(lowerer, user, call, block))
    return next(chain(unfit, _learning(lowerer, used)), None)


def _trace_all(lowerer: Lowerer, binder: Binder, used: Used) -> "Routine | None":
    """Trace the blocks that are passed, those that they take too, and last what no net here uses;
    a routine that holds one which is no class for all uses."""
    left: dict[Definition, None] = {}
    done: set[Definition] = set()
    while pending := [block for block in _passed(lowerer, used) if block not in done]:
        done.update(pending)
        for block in pending:
            if block in lowerer.refused or not _traced(lowerer, binder, block):
                left[block] = None
    for block in left:
        refused = block in lowerer.refused
        holder = _holder(lowerer, used, block) if refused else _guess(lowerer, used, block)
        if holder is not None:
            return holder
    return None


def _traced(lowerer: Lowerer, binder: Binder, definition: Definition) -> bool:
    """Trace a block on the inputs of its instances; false where there are none."""
    found = [i for i in list(binder.instances.values()) if i.definition is definition]
    for instance in found:
        inputs = dict(instance.inputs)
        tensor = inputs.pop("in", None)
        inputs = {name.replace("[", "_").rstrip("]"): t for name, t in inputs.items()}
        routine = lowerer.routine(definition, tensor, inputs, dict(instance.args))
        routine.passed = True
    return bool(found)


def _passed(lowerer: Lowerer, used: Used) -> list[Definition]:
    """The blocks that anything is given, or takes unless it is given another."""
    values = [value for rows in used.values() for row in rows for value in row.values()]
    for routine in lowerer.order:
        params = routine.definition.params
        values += [_default(routine, param) for param in params if _open(routine, param)]
    return list(dict.fromkeys(b.target for value in values for b in blocks_in(value)))


def _open(routine: Routine, param: Param) -> bool:
    return param.name.name not in routine.bound


def _default(routine: Routine, param: Param) -> Any:
    """The value of a default that stands alone, or none."""
    if param.default is None:
        return None
    try:
        return evaluate(param.default, FileNames(routine.definition.home))
    except (Fault, Poisoned):
        return None


def _guess(lowerer: Lowerer, used: Used, definition: Definition) -> "Routine | None":
    """Trace a block that no net here uses on what it would be given; where it does not take that,
    or nobody calls it, the routine that is given it."""
    for routine, call, block in list(calls(lowerer, used)):
        if block.target is definition:
            try:
                lowerer.routine(definition, taken(routine, call), {}, {}).passed = True
            except (NotGeneral, LookupError, ValueError):
                return routine
            return None
    return _holder(lowerer, used, definition)


def _holder(lowerer: Lowerer, used: Used, definition: Definition) -> "Routine | None":
    """A routine that is given a block, or takes it unless it is given another."""
    for routine in lowerer.order:
        for param in routine.definition.params:
            if _open(routine, param):
                values = [row.get(param.name.name) for row in used.get(routine.definition, ())]
                given = (b for v in (*values, _default(routine, param)) for b in blocks_in(v))
                if any(block.target is definition for block in given):
                    return routine
    return None


def calls(lowerer: Lowerer, used: Used) -> Iterator[tuple[Routine, model.Call, Partial]]:
    """The calls of blocks that parameters hold, with each block that is given there."""
    for routine in lowerer.order:
        for call in _parameter_calls(routine):
            if call.parameter_kind == "block":
                for block in _given(routine, call, used):
                    yield routine, call, block


def _learns(layer: Partial) -> bool:
    """Whether an activation has weights: they are named, and counted, where it stands."""
    if isinstance(layer.target, Definition | Parameter):
        return False
    defaults = {name: spec.default for name, spec in layer.target.params.items()}
    made = layer.target(**{**defaults, **dict(layer.args)})
    return bool(made.weights(Tensor((variable(CHANNELS),), (CHANNELS,))))


def _learning(lowerer: Lowerer, used: Used) -> Iterator[Routine]:
    """The routines that are given activations which learn."""
    for routine in lowerer.order:
        for call in _parameter_calls(routine):
            held = _held(routine, call, used) if call.parameter_kind == "activation" else []
            if any(map(_learns, held)):
                yield routine


def _parameter_calls(routine: Routine) -> Iterator[model.Call]:
    """The calls of what parameters hold."""
    from netwright.targets.liveness import every

    for statement in every(routine.statements):
        if isinstance(statement, model.Call) and statement.routine is None:
            yield statement


def _given(routine: Routine, call: model.Call, used: Used) -> list[Partial]:
    """The blocks that a called parameter holds, or those of the lists that a loop runs over."""
    return [held for held in _held(routine, call, used) if isinstance(held.target, Definition)]


def _held(routine: Routine, call: model.Call, used: Used) -> list[Partial]:
    """What a called parameter holds."""
    params = [param for param in routine.definition.params if _open(routine, param)]
    own = [param for param in params if python_name(param.name.name) == call.parameter]
    values = []
    for param in own or params:
        values += [row.get(param.name.name) for row in used.get(routine.definition, ())]
        values.append(_default(routine, param))
    found = [value for value in values if isinstance(value, Partial)]
    listed = (item for value in values if type(value) is tuple for item in value)
    return [*found, *(item for item in listed if isinstance(item, Partial))]


def taken(routine: Routine, call: model.Call) -> Tensor:
    """The tensor that a call takes."""
    return routine.values[call.inputs[0]]


def _fits(lowerer: Lowerer, user: Routine, call: model.Call, block: Partial) -> bool:
    """Whether a block gives one tensor of the axes that it takes, and is a class for all uses."""
    if block.target in lowerer.refused:
        return False
    given = taken(user, call)
    found = [r for r in lowerer.order if r.definition is block.target and _takes(r, given)]
    return any(
        not routine.outputs
        and not routine.more
        and routine.tensor is not None
        and routine.tensor.axes == given.axes
        and (routine.tensor.integers is None) == (given.integers is None)
        for routine in found
    )


def _takes(routine: Routine, given: Tensor) -> bool:
    return bool(routine.inputs) and routine.inputs[0][2].axes == given.axes


__all__ = ["blocks_in", "calls", "mark_passed", "used_values"]
