"""Nets so deep that gradients do not reach their start."""

from collections.abc import Iterator

from netwright.flat import Layer
from netwright.lint.graph import Graph
from netwright.lint.rule import Finding, rule
from netwright.ops.base import Role

DEEPEST = 16
"""Layers in a row, convolutions and linear ones: Simonyan and Zisserman (2014) started their nets
of 16 and 19 from a trained one of 11."""


@rule("deep-plain-stack")
def deep_plain_stack(graph: Graph) -> Iterator[Finding]:
    """Many layers in a row without a normalisation and without a way around them."""
    length: dict[int, int] = {}
    longest: Layer | None = None
    for layer in graph.layers:
        before = max((length.get(value, 0) for value in layer.step.inputs), default=0)
        role = layer.step.op.role
        if role in (Role.NORMALISATION, Role.MERGE, Role.RECURRENT, Role.ATTENTION):
            before = 0
        found = before + (role in (Role.CONVOLUTION, Role.LINEAR) and not layer.side)
        length[layer.step.output] = found
        deeper = longest is None or found > length[longest.step.output]
        longest = layer if deeper else longest
    most = length[longest.step.output] if longest is not None else 0
    if longest is not None and most > DEEPEST:
        yield Finding(
            longest.step.span,
            f"{most} layers in a row, with no normalisation and no way around them",
            "`batch_norm` behind each, or `add [ { … }, _ ]` around every two",
        )
