"""The weights of attention: PyTorch stacks query, key and value, Keras splits all into heads."""

from collections.abc import Mapping, Sequence
from typing import Any

from netwright.ops.attention import Attention

Array = Any


def to_keras(op: Attention, weights: Mapping[str, Array]) -> list[Array]:
    """Kernel and bias of query, key, value and output, kernels as ``(features, heads, width)``."""
    import numpy

    heads = int(op.heads)
    found: list[Array] = []
    biases = numpy.split(weights["in_proj_bias"], 3) if op.bias else [None] * 3
    for kernel, bias in zip(numpy.split(weights["in_proj_weight"], 3), biases, strict=True):
        found.append(kernel.T.reshape(kernel.shape[1], heads, -1))
        found += [] if bias is None else [bias.reshape(heads, -1)]
    output = weights["out_proj.weight"]
    found.append(output.T.reshape(heads, -1, output.shape[0]))
    return [*found, weights["out_proj.bias"]] if op.bias else found


def to_torch(op: Attention, arrays: Sequence[Array]) -> dict[str, Array]:
    """The same, stacked."""
    import numpy

    kernels = list(arrays[::2] if op.bias else arrays)
    width = kernels[-1].shape[-1]
    stacked = [kernel.reshape(width, width).T for kernel in kernels]
    found = {
        "in_proj_weight": numpy.concatenate(stacked[:3]),
        "out_proj.weight": stacked[3],
    }
    if not op.bias:
        return found
    *inner, outer = arrays[1::2]
    return {
        "in_proj_weight": found["in_proj_weight"],
        "in_proj_bias": numpy.concatenate([bias.ravel() for bias in inner]),
        "out_proj.weight": found["out_proj.weight"],
        "out_proj.bias": outer,
    }
