"""Convolutions that smaller ones could do.

Szegedy et al., *Rethinking the Inception Architecture for Computer Vision*, 2015: sections 2 and 3.
"""

from collections.abc import Iterator

from netwright.flat import Layer
from netwright.lint.graph import Graph, channels, given, height, made, params
from netwright.lint.rule import Finding, rule
from netwright.ops.base import Role

LARGE, WORTH = 5, 0.01
"""The smallest kernel that is large, and the part of a net's params that is worth a word."""

PASSED = frozenset({"relu", "relu6", "batch_norm", "dropout"})


@rule("large-kernel")
def large_kernel(graph: Graph) -> Iterator[Finding]:
    """A square kernel that two or more smaller ones replace with fewer params."""
    total = graph.instance.totals.params
    for layer in graph.of(Role.CONVOLUTION):
        side = _square(layer)
        if side is None or side < LARGE or side % 2 == 0:
            continue
        enter, leave = channels(given(layer)), channels(made(layer))
        now = side * side * enter * leave
        ways = {
            f"{(side - 1) // 2} of 3x3": 9 * leave * (enter + leave * ((side - 3) // 2)),
            f"1x{side} and {side}x1": side * leave * (enter + leave),
        }
        best = min(ways, key=lambda way: ways[way])
        saved = now - ways[best]
        if saved > WORTH * total and not layer.reused:
            strided = getattr(layer.step.op, "stride", 1) not in (1, (1, 1))
            there = 0 if strided else (height(made(layer)) or 0) ** 2
            yield Finding(
                layer.step.span,
                f"{side}x{side} windows take {now:,} params, and {best} see as much",
                f"{best}, with an activation between",
                saved,
                saved * there,
            )


def _square(layer: Layer) -> int | None:
    """The side of a square kernel of a plain convolution; of any other, none."""
    op = layer.step.op
    kernel = getattr(op, "k", None)
    sides = set(kernel) if isinstance(kernel, tuple) else {kernel}
    plain = op.name == "conv" and getattr(op, "groups", 1) == 1
    plain = plain and getattr(op, "dilation", 1) in (1, (1, 1)) and given(layer).rank == 3
    side = sides.pop()
    return side if plain and not sides and isinstance(side, int) else None


@rule("unreduced-aggregation")
def unreduced(graph: Graph) -> Iterator[Finding]:
    """A branch of a module whose large windows read all channels, with no 1x1 in front."""
    for join in graph.of(Role.MERGE):
        if join.step.op.name != "concat":
            continue
        heads = [_head(graph, value) for value in join.step.inputs]
        sources = {head.step.inputs[0] for head in heads if head is not None}
        if len(sources) != 1 or None in heads:
            continue
        for head in heads:
            if head is not None and (found := _reduced(head)):
                yield found


def _head(graph: Graph, value: int) -> Layer | None:
    """The first layer of the branch that ends in a value."""
    layer = graph.maker.get(value)
    while layer is not None and len(layer.step.inputs) == 1:
        source = layer.step.inputs[0]
        if len(graph.readers[source]) > 1 or source not in graph.maker:
            return layer
        layer = graph.maker[source]
    return None


def _reduced(head: Layer) -> Finding | None:
    """What half of the channels would save in front of a convolution."""
    side = _square(head)
    if side is None or side < 3 or getattr(head.step.op, "stride", 1) not in (1, (1, 1)):
        return None
    enter, leave = channels(given(head)), channels(made(head))
    if enter < leave:
        return None
    half = enter // 2
    saved = side * side * leave * (enter - half) - enter * half
    if saved <= 0 or head.reused:
        return None
    return Finding(
        head.step.span,
        f"{side}x{side} windows sum over all {enter} channels ({params(head):,} params)",
        f"`conv({half}, 1x1)` and an activation in front of it",
        saved,
        saved * (height(made(head)) or 0) ** 2,
    )
