"""The names that the sizes of a routine's inputs have in its constructor."""

from netwright.tensor import Tensor


def input_keys(prefix: str, tensor: Tensor) -> list[str]:
    """The keys of a routine's input, which are names of constructor parameters: ``in_channels``."""
    names = []
    for place, axis in enumerate(tensor.axes):
        names.append(
            f"{prefix}_{axis}" if axis else f"{prefix}_{'channels' if place == 0 else 'length'}"
        )
    return names
