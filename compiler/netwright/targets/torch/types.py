"""The types of what a forward holds: tensors, and lists with an entry for each image."""

from netwright.tensor import DETECTIONS, MATCHES, PROPOSALS, TRUTH, Tensor

TYPES = {
    PROPOSALS: "list[Tensor]",
    DETECTIONS: "list[dict[str, Tensor]]",
    TRUTH: "list[dict[str, Tensor]]",
    MATCHES: "list[Match]",
}


def type_of(tensor: Tensor) -> str:
    """How a value is annotated."""
    return TYPES.get(tensor.axes[0] if tensor.axes else "", "Tensor")
