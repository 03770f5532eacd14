"""The types of what a forward holds: tensors, and lists with an entry for each image."""

from netwright.tensor import DETECTIONS, PROPOSALS, Tensor

TYPES = {PROPOSALS: "list[Tensor]", DETECTIONS: "list[dict[str, Tensor]]"}


def type_of(tensor: Tensor) -> str:
    """How a value is annotated."""
    return TYPES.get(tensor.axes[0] if tensor.axes else "", "Tensor")
