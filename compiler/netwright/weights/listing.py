"""The table of `netwright weights --dry-run`: each weight's name and shape in both frameworks."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from netwright.ops.attention import Attention
from netwright.ops.base import Op
from netwright.ops.conv import Conv
from netwright.ops.recurrent import Recurrent
from netwright.weights import layout
from netwright.weights.creation import zeros_in_keras
from netwright.weights.table import Slot, Table

HEADS = ("PyTorch", "shape", "Keras", "shape")
GAP = "  "
KERAS_OWN = "*"  # stands for a name that Keras chooses, such as `conv2d_17`

KERAS_NAMES = {
    "weight": "kernel",
    "bias": "bias",
    "running_mean": "moving_mean",
    "running_var": "moving_variance",
    "depthwise.weight": "depthwise_kernel",
    "pointwise.weight": "pointwise_kernel",
    "pointwise.bias": "bias",
    "": "kernel",
}
FACTORS = {"weight": "gamma", "bias": "beta"}
RECURRENT = ("kernel", "recurrent_kernel", "bias")
HEADED = ("query", "key", "value", "attention_output")


def listing(table: Table) -> str:
    """A line for each weight; where the frameworks have unlike numbers of them, some are half."""
    rows = [HEADS, *(row for slot in table.slots for row in _rows(slot))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = (
        GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _rows(slot: Slot) -> Iterator[tuple[str, ...]]:
    """The rows of a layer: counters of batches are PyTorch's alone."""
    torch = [(name, _shape(weight.sizes)) for name, weight in slot.names.items()]
    for ours, theirs in zip_longest(torch, _keras(slot), fillvalue=("", "")):
        yield (*ours, *theirs)


def _keras(slot: Slot) -> Iterator[tuple[str, str]]:
    """Layer, weight and shape in Keras; one bias stands for two."""
    arrays = iter(zeros_in_keras(slot))
    names = iter(_names(slot))
    for suffix, count in layout.parts(slot.op, slot.tensors):
        for _ in range(count):
            name, shape = next(names), next(arrays).shape
            shape = (*shape[:-2], *shape[:-3:-1]) if _is_depthwise(slot.op, shape) else shape
            layer = f"{slot.layer}{suffix}" if slot.named else KERAS_OWN
            yield f"{layer}/{name}", _shape(shape)
            if name.endswith("bias") and isinstance(slot.op, Recurrent) and slot.op.biases == 2:
                yield "", ""


def _is_depthwise(op: Op, shape: tuple[int, ...]) -> bool:
    """Whether a convolution is Keras's depthwise one, which has the channels before the 1."""
    return (
        isinstance(op, Conv)
        and len(shape) in (3, 4)
        and shape[-2] == 1
        and op.groups == op.width == shape[-1] != 1
    )


def _names(slot: Slot) -> list[str]:
    """What Keras calls the weights of a layer, in its order."""
    op = slot.op
    if isinstance(op, Recurrent):
        ways = ("forward_", "backward_") if op.bidirectional else ("",)
        return [f"{way}{name}" for way in ways for name in RECURRENT] * int(op.layers)
    if isinstance(op, Attention):
        kinds = ("kernel", "bias") if op.bias else ("kernel",)
        return [f"{part}/{kind}" for part in HEADED for kind in kinds]
    own: dict[str, Any] = FACTORS if op.name.endswith("_norm") else {}
    own = {"embedding": {"weight": "embeddings"}, "prelu": {"weight": "alpha"}}.get(op.name, own)
    weights = [weight.name for weight in slot.weights if weight.counted]
    return [own.get(name, KERAS_NAMES[name]) for name in weights]


def _shape(sizes: Any) -> str:
    return f"[{', '.join(map(str, sizes))}]"
