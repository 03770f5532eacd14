"""How sharply what a net knows of an image shrinks on its way.

Szegedy et al., *Rethinking the Inception Architecture for Computer Vision*, 2015, section 2: the
first, second and fourth principle.
"""

from collections.abc import Iterator

from netwright.flat import Layer
from netwright.lint.graph import Graph, cells, channels, given, height, made
from netwright.lint.rule import Finding, rule
from netwright.ops.base import Role

SHARPEST = 8
"""A step halves height and width and may halve the channels; what takes more is a bottleneck."""

WIDE, EARLY = 512, 4
"""Channels that are many, on a map of which a cell is at most so many cells of the input."""

SHARE, STAGES, LAYERS = 0.75, 4, 12
"""The part of all MACs that is too much for one stage, in nets of so many stages and layers."""


@rule("representational-bottleneck")
def bottleneck(graph: Graph) -> Iterator[Finding]:
    """A cut of the net that is far smaller than the one before it, while there is a map left."""
    before: Layer | None = None
    for layer in cuts(graph):
        inner = (height(made(layer)) or 0) > 1 and not graph.leaves(layer.step.output)
        if before is not None and inner:
            wide, narrow = cells(made(before)), cells(made(layer))
            if wide > SHARPEST * narrow:
                yield Finding(
                    layer.step.span,
                    f"{made(before)} shrinks to {made(layer)}, {wide / narrow:.0f} to 1 at once",
                    "shrink in more steps, or pool and convolve side by side and `concat` them",
                )
        before = layer


def cuts(graph: Graph) -> Iterator[Layer]:
    """The layers through whose output alone everything goes on that reaches the result."""
    last = {value: place for place, layer in enumerate(graph.layers) for value in layer.step.inputs}
    last |= dict.fromkeys(graph.main, len(graph.layers))
    live: set[int] = set(graph.inputs)
    for place, layer in enumerate(graph.layers):
        live -= {value for value in layer.step.inputs if last[value] == place}
        if layer.side:
            continue
        if last.get(layer.step.output, -1) > place:
            live.add(layer.step.output)
        if live == {layer.step.output}:
            yield layer


@rule("wide-on-large-map")
def wide_on_large_map(graph: Graph) -> Iterator[Finding]:
    """Windows over many channels where the map is still large."""
    for layer in graph.of(Role.CONVOLUTION):
        op, field = layer.step.op, graph.fields[layer.step.output]
        windowed = max(_sides(getattr(op, "k", 1))) > 1 and getattr(op, "groups", 1) == 1
        narrow = min(channels(given(layer)), channels(made(layer)))
        if windowed and narrow >= WIDE and field.stride <= EARLY and height(made(layer)):
            yield Finding(
                layer.step.span,
                f"{narrow} channels on a map of {height(made(layer))} rows: "
                "many channels are better looked at where the map is small",
                "widen behind the next stride",
                0,
                layer.step.macs * 3 // 4,
            )


def _sides(kernel: object) -> tuple[int, ...]:
    return kernel if isinstance(kernel, tuple) else (kernel if isinstance(kernel, int) else 1,)


@rule("unbalanced-stages")
def unbalanced(graph: Graph) -> Iterator[Finding]:
    """One size of map on which nearly all of the work is done."""
    work, first = dict[int, int](), dict[int, Layer]()
    convolutions = [one for one in graph.of(Role.CONVOLUTION) if height(made(one))]
    for layer in convolutions:
        tall = height(made(layer)) or 0
        work[tall] = work.get(tall, 0) + layer.step.macs
        first.setdefault(tall, layer)
    if len(work) < STAGES or len(convolutions) < LAYERS:
        return
    heaviest = max(work, key=lambda tall: work[tall])
    share = work[heaviest] / (sum(work.values()) or 1)
    if share > SHARE:
        yield Finding(
            first[heaviest].step.span,
            f"{share:.0%} of the MACs are spent on maps of {heaviest} rows",
            "width and depth grow best together: fewer layers here, more channels further on",
        )
