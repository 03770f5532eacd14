"""Whether weights of a net have no part in its outputs: a Keras model would not have them."""

from collections.abc import Iterable

from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step, step_totals
from netwright.values import Ref, plain


def idle(instance: Instance) -> bool:
    """Whether a layer with weights, here or in a block inside, reaches no output."""
    results = instance.result if type(instance.result) is tuple else (instance.result,)
    needed = {value.id for value in map(plain, results) if isinstance(value, Ref)}
    needed |= {output.id for output in instance.outputs}
    return _idle(instance.steps, needed, set())


def _idle(steps: Iterable[Step], needed: set[int], seen: set[int]) -> bool:
    """The same of some steps, from the last to the first; grows what is needed."""
    for step in reversed(tuple(steps)):
        if not needed.isdisjoint(_made(step)):
            needed |= set(_taken(step))
        elif step_totals(step).total_params or _weighs(step):
            return True
        if isinstance(step, CallStep) and id(step.instance) not in seen:
            seen.add(id(step.instance))
            if idle(step.instance):
                return True
        if isinstance(step, FoldStep) and _idle(step.steps, {step.leave, *needed}, seen):
            return True
    return False


def _made(step: Step) -> tuple[int, ...]:
    match step:
        case LayerStep():
            return (step.output,)
        case CallStep():
            return step.outputs
    return (step.leave,)


def _taken(step: Step) -> tuple[int, ...]:
    match step:
        case FoldStep():
            inner = (value for other in step.steps for value in _taken(other))
            return (step.enter, *inner)
    return step.inputs


def _weighs(step: Step) -> bool:
    """Whether a step is of a module with weights that were counted before."""
    return isinstance(step, LayerStep) and bool(step.weights)
