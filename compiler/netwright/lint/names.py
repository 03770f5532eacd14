"""Names of weights that a harmless change of the spec would change: checkpoints go by them."""

import re
from collections.abc import Iterator

from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step, step_totals
from netwright.lint.graph import Graph
from netwright.lint.rule import Finding, rule


@rule("weight-without-label")
def weight_without_label(graph: Graph) -> Iterator[Finding]:
    """Weights that are called by their kind, in a body where others have labels."""
    for instance in bodies(graph.instance):
        for step, name in _unlabelled(instance.steps):
            yield Finding(
                step.span,
                f"its weights are called `{name}`, and otherwise once a line is put in above",
                "give it a label, as the lines around it have",
            )


def bodies(instance: Instance, seen: set[int] | None = None) -> Iterator[Instance]:
    """A net and the blocks that it calls, each once."""
    seen = set() if seen is None else seen
    if id(instance) in seen:
        return
    seen.add(id(instance))
    yield instance
    for step in instance.steps:
        for inner in step.steps if isinstance(step, FoldStep) else (step,):
            if isinstance(inner, CallStep):
                yield from bodies(inner.instance, seen)


def _unlabelled(steps: tuple[Step, ...]) -> Iterator[tuple[LayerStep | CallStep, str]]:
    """The layers and blocks of a body with weights and without a label, and their names."""
    for step in steps:
        if isinstance(step, FoldStep) or step.reused or not step_totals(step).total_params:
            continue
        kind = step.op.name if isinstance(step, LayerStep) else step.instance.name
        if re.fullmatch(rf"{kind}(_\d+)?", step.path) and not _is_labelled(step):
            yield step, step.path


def _is_labelled(step: LayerStep | CallStep) -> bool:
    """Whether a label stands in front of a layer or block, or is its name."""
    if isinstance(step, LayerStep):
        return step.labelled
    source, start = step.span.source, step.span.start
    return ":" in source.text[source.text.rfind("\n", 0, start) + 1 : start]
