"""Tensors that a layer is told by its arguments: maps, and the image whose pixels boxes are in."""

from typing import Any

from netwright.ops.base import Misfit, Op
from netwright.tensor import LISTS, Size, Tensor
from netwright.values import Ref, plain


def tensors_of(value: Any) -> tuple[Tensor, ...]:
    """The tensors of an argument that is one tensor or a list of them."""
    inner = plain(value)
    if isinstance(inner, Ref):
        return (inner.tensor,)
    return tuple(item.tensor for item in map(plain, inner or ()))


def refs_of(value: Any) -> tuple[Ref, ...]:
    """The same with the places where they were made."""
    inner = plain(value)
    return (inner,) if isinstance(inner, Ref) else tuple(map(plain, inner or ()))


def boxes_of(op: Op, tensors: tuple[Tensor, ...]) -> Size | None:
    """How many boxes a layer works on, each as an example; none where it works on the image."""
    if not op.spreads or not tensors:
        return None
    first = tensors[0].each
    for operand, x in enumerate(tensors):
        if (x.each is None) != (first is None) or (first is not None and x.each != first):
            raise Misfit(
                "shape-mismatch",
                f"`{op.name}` needs all tensors of the image or all of the same boxes, "
                f"found {tensors[0]} and {x}",
                operand=operand,
            )
    return first


def refuse_lists(op: Op, tensors: tuple[Tensor, ...]) -> None:
    """Refuse what has another number of rows in every image, where a layer works on tensors."""
    for operand, x in enumerate(tensors):
        if op.spreads and x.axes[:1] and x.axes[0] in LISTS:
            what = f"`{op.name}` takes a tensor, and of {x} each image has its own number of rows"
            raise Misfit("shape-mismatch", what, operand=operand)


def shape_of(op: Op, tensors: tuple[Tensor, ...]) -> Any:
    """What a layer makes of its inputs: of one for each box, one for each box."""
    result, each = op.shape(*tensors), boxes_of(op, tensors)
    return Tensor(result.sizes, result.axes, result.integers, each) if each is not None else result
