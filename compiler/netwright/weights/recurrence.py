"""The weights of recurrent layers: Keras adds two biases of LSTM to one; its GRU has z, r, h."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netwright.ops.recurrent import Recurrent

Array = Any
GRU_ORDER = (1, 0, 2)  # r, z, n here and z, r, h there: the same way back


def directions(op: Recurrent) -> Iterator[tuple[str, int]]:
    """The endings of names in the state dict, and the layer that each belongs to."""
    for number in range(int(op.layers)):
        yield f"l{number}", number
        if op.bidirectional:
            yield f"l{number}_reverse", number


def parts(op: Recurrent) -> list[tuple[str, int]]:
    """How the names of the Keras layers end, and how many arrays each holds."""
    count = 6 if op.bidirectional else 3
    if op.layers == 1:
        return [("", count)]
    return [(f"_l{number}", count) for number in range(int(op.layers))]


def to_keras(op: Recurrent, weights: Mapping[str, Array]) -> list[Array]:
    """Kernel, recurrent kernel and bias of each direction of each layer."""
    return [array for suffix, _ in directions(op) for array in _direction(op, weights, suffix)]


def _direction(op: Recurrent, weights: Mapping[str, Array], suffix: str) -> list[Array]:
    import numpy

    kernels = [weights[f"weight_{name}_{suffix}"] for name in ("ih", "hh")]
    first = weights[f"bias_ih_{suffix}"]
    second = weights.get(f"bias_hh_{suffix}", numpy.zeros_like(first))
    if op.name != "gru":
        return [*(kernel.T for kernel in kernels), first + second]
    turned = [_gates(array) for array in (*kernels, first, second)]
    return [turned[0].T, turned[1].T, numpy.stack(turned[2:])]


def _gates(array: Array) -> Array:
    """The three gates of a GRU in the order of the other framework."""
    import numpy

    parts = numpy.split(array, 3)
    return numpy.concatenate([parts[place] for place in GRU_ORDER])


def to_torch(op: Recurrent, arrays: Sequence[Array]) -> dict[str, Array]:
    """The same by their names in the state dict; of one bias the second is zero."""
    import numpy

    found: dict[str, Array] = {}
    for place, (suffix, _) in enumerate(directions(op)):
        kernel, recurrent, bias = arrays[3 * place : 3 * place + 3]
        rows = [kernel.T, recurrent.T, bias, numpy.zeros_like(bias)]
        if op.name == "gru":
            rows = [_gates(array) for array in (kernel.T, recurrent.T, *bias)]
            if op.biases == 1:
                rows[2] = _one_bias(rows[2], rows[3])
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")[: 2 + int(op.biases)]
        found |= {f"{name}_{suffix}": row for name, row in zip(names, rows, strict=False)}
    return found


def _one_bias(first: Array, second: Array) -> Array:
    """One bias for two: those of r and z add up, and that of n must be of the input alone."""
    size = len(first) // 3
    if second[2 * size :].any():
        raise ValueError("a GRU with one bias cannot hold the second bias of its gate n")
    return first + second
