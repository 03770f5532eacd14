"""Whether the order of a flattened map is the weights' business alone.

Keras flattens ``(H, W, C)``, the language ``(C, H, W)``. Where all that reads the values is a layer
with a weight for each of them, the weights are put in order; else the tensor must be. The emitted
code and `netwright weights` both ask here, so that they agree.
"""

from collections.abc import Iterable, Mapping

from netwright.ops.base import Op, Role
from netwright.record import record

KEEPING = (Role.ACTIVATION, Role.REGULARISATION, Role.NORMALISATION)


@record
class Reader:
    """What takes a value: a layer, or a block (then without one), and the values it makes."""

    op: Op | None
    outputs: tuple[int, ...]


def by_weights(value: int, readers: Mapping[int, Iterable[Reader]], results: Iterable[int]) -> bool:
    """Whether only weights see the order of a value; ``results`` leave the body."""
    seen: set[int] = set()
    left, out = [value], set(results)
    while left:
        current = left.pop()
        if current in seen:
            continue
        seen.add(current)
        if current in out:
            return False
        for reader in readers.get(current, ()):
            if reader.op is None:
                return False  # a block may do anything with it
            if reader.op.name == "linear":
                continue
            if reader.op.role not in KEEPING and reader.op.name != "concat":
                return False
            if reader.op.name in ("softmax", "log_softmax", "group_norm"):
                return False
            left += reader.outputs
    return True
