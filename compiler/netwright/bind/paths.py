"""Names of layers in Keras: how they follow from the paths, and that no two are the same."""

from collections.abc import Iterator
from enum import Enum

from netwright import syntax
from netwright.diagnostics import Related
from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step
from netwright.program import Definition
from netwright.record import record
from netwright.source import Span
from netwright.values import Fault

KERAS = "keras"  # `set keras(names=…)` speaks of the target, not of a layer


class Naming(Enum):
    """What `set keras(names=…)` takes."""

    PATH = "path"  # the labels from the outside in, joined by `_`
    REVERSED = "reversed"  # from the inside out
    AUTO = "auto"  # the path, where a layer has a label of its own; else Keras's choice

    def joined(self, outer: str, inner: str) -> str:
        """The name of what stands under ``inner``, itself a name, in ``outer``."""
        if not (outer and inner):
            return outer or inner
        return f"{inner}_{outer}" if self is Naming.REVERSED else f"{outer}_{inner}"

    def of(self, path: str) -> str:
        """The name of a path within one body."""
        parts = path.split(".")
        return "_".join(reversed(parts) if self is Naming.REVERSED else parts)


def naming(definition: Definition) -> Naming:
    """How the layers in a body are named: the last `set keras(names=…)` above says it."""
    node = definition.node
    lines = node.body.statements if isinstance(node, syntax.Net | syntax.Block) else ()
    sets = [*definition.home.sets, *(line for line in lines if isinstance(line, syntax.Set))]
    found = [
        arg.value.name
        for statement in sets
        for item in statement.items
        if item.callee.name == KERAS
        for arg in item.args
        if isinstance(arg.value, syntax.Name)
    ]
    return Naming(found[-1]) if found else Naming.PATH


@record
class Named:
    """A layer that the spec names: its path, its name in Keras, and where it is written."""

    path: str
    name: str
    span: Span


def refuse_collisions(instance: Instance) -> Iterator[Fault]:
    """The mistakes of paths that differ, and do not once their parts are joined."""
    seen: dict[str, Named] = {}
    for named in _named(instance, instance.steps, {}):
        first = seen.setdefault(named.name, named)
        if first.path != named.path:
            yield Fault(
                "path-collision",
                named.span,
                f"`{first.path}` and `{named.path}` would both be `{named.name}` in Keras",
                help="another label for one of them",
                related=(Related(first.span, f"`{first.path}` is here"),),
            )


def _named(
    instance: Instance, steps: tuple[Step, ...], known: dict[int, list[Named]]
) -> Iterator[Named]:
    """The layers with weights that have a name; of a loop's equal turns those of the first."""
    way = naming(instance.definition)
    for step in steps:
        if isinstance(step, FoldStep):
            yield from _named(instance, step.steps, known)
        elif isinstance(step, CallStep):
            inner = known.get(id(step.instance))
            if inner is None:
                inner = list(_named(step.instance, step.instance.steps, known))
                known[id(step.instance)] = inner
            below, outer = naming(step.instance.definition), way.of(step.path)
            for one in inner:
                path = f"{step.path}.{one.path}" if step.path else one.path
                yield Named(path, below.joined(outer, one.name), step.span)
        elif is_named(step, way):
            yield Named(step.path, way.of(step.path), step.span)


def is_named(step: LayerStep, way: Naming) -> bool:
    """Whether a layer with weights has a name that follows from the spec."""
    return bool(step.weights) and (step.labelled or way is not Naming.AUTO)
