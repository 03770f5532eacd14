"""Paths of weights as Keras joins them: two must not become one name."""

from collections.abc import Iterator

from netwright import syntax
from netwright.diagnostics import Related
from netwright.instance import CallStep, FoldStep, Instance, Step
from netwright.program import Definition
from netwright.source import Span
from netwright.values import Fault

Named = tuple[str, Span]
KERAS = "keras"  # `set keras(names=auto)` speaks of the target, not of a layer


def refuse_collisions(instance: Instance) -> Iterator[Fault]:
    """The mistakes of paths that differ, and do not once `_` joins their parts."""
    seen: dict[str, Named] = {}
    for path, span in _paths(instance.steps, {}):
        joined = path.replace(".", "_")
        first, place = seen.setdefault(joined, (path, span))
        if first != path:
            yield Fault(
                "path-collision",
                span,
                f"`{first}` and `{path}` would both be `{joined}` in Keras",
                help="another label for one of them",
                related=(Related(place, f"`{first}` is here"),),
            )


def _paths(steps: tuple[Step, ...], known: dict[int, list[Named]]) -> Iterator[Named]:
    """The paths of layers with weights, of a loop's equal turns those of the first alone."""
    for step in steps:
        if isinstance(step, FoldStep):
            yield from _paths(step.steps, known)
        elif isinstance(step, CallStep):
            inner = known.get(id(step.instance))
            if inner is None:
                inner = known[id(step.instance)] = list(_paths(step.instance.steps, known))
            for path, _ in inner:
                yield f"{step.path}.{path}", step.span
        elif step.weights:
            yield step.path, step.span


def keras_names_paths(definition: Definition) -> bool:
    """Whether Keras's names are the paths: no `set keras(names=auto)` above says otherwise."""
    node = definition.node
    lines = node.body.statements if isinstance(node, syntax.Net) else ()
    sets = [*definition.home.sets, *(line for line in lines if isinstance(line, syntax.Set))]
    return not any(
        item.callee.name == KERAS and any(arg.value.span.text == "auto" for arg in item.args)
        for statement in sets
        for item in statement.items
    )
