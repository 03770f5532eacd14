"""Sizes that leave a part of the hardware idle."""

from collections.abc import Iterator

from netwright.lint.graph import Graph, channels, made
from netwright.lint.rule import Finding, rule
from netwright.ops.base import Role

PART = 8
"""Channels that a tensor core takes at once in half precision."""


@rule("channels-off-eight")
def channels_off_eight(graph: Graph) -> Iterator[Finding]:
    """Channels that are no multiple of eight, those of outputs aside."""
    for layer in graph.of(Role.CONVOLUTION, Role.LINEAR):
        width = channels(made(layer))
        if width % PART and width > PART and not graph.leaves(layer.step.output):
            padded = -(-width // PART) * PART
            yield Finding(
                layer.step.span,
                f"{width} channels are computed as {padded} on tensor cores",
                f"{padded - PART} or {padded} channels",
            )
