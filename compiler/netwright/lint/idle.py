"""What is computed or named, and used by nothing."""

from collections.abc import Iterator

from netwright.lint.graph import Graph, params
from netwright.lint.rule import Finding, rule


@rule("dead-branch")
def dead_branch(graph: Graph) -> Iterator[Finding]:
    """Layers whose result reaches no output; of a chain of them the last is told."""
    needed = set(graph.results)
    for layer in reversed(graph.layers):
        if layer.step.output in needed:
            needed.update(layer.step.inputs)
    dead = [layer for layer in graph.layers if layer.step.output not in needed]
    for layer in dead:
        if not graph.behind(layer):
            chain = _chain(graph, {id(one) for one in dead}, layer)
            yield Finding(
                layer.step.span,
                f"nothing reads what `{layer.step.op.name}` gives, and it is no output",
                "take the line out, or make it an `output`",
                sum(params(graph.layers[place]) for place in chain),
                sum(graph.layers[place].step.macs for place in chain),
            )


def _chain(graph: Graph, dead: set[int], last: object) -> set[int]:
    """The dead layers that only lead to a last one."""
    places = {id(layer): place for place, layer in enumerate(graph.layers)}
    found, todo = set[int](), [places[id(last)]]
    while todo:
        place = todo.pop()
        if place in found:
            continue
        found.add(place)
        makers = (graph.maker.get(value) for value in graph.layers[place].step.inputs)
        todo += [places[id(maker)] for maker in makers if maker is not None and id(maker) in dead]
    return found
