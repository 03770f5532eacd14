"""The names that the sizes of a routine's inputs have in its constructor."""

from netwright.tensor import Tensor


def constructor_keys(prefix: str, tensor: Tensor) -> list[str]:
    """All that a constructor may ask of an input: of tokens also how many there are."""
    tokens = [f"{prefix}_integers"] if tensor.integers is not None else []
    return [*input_keys(prefix, tensor), *tokens]


def input_keys(prefix: str, tensor: Tensor) -> list[str]:
    """The keys of a routine's input, which are names of constructor parameters: ``in_channels``."""
    names: list[str] = []
    for place, axis in enumerate(tensor.axes):
        name = f"{prefix}_{axis or ('channels' if place == 0 else 'length')}"
        names.append(f"{name}_{place}" if name in names else name)
    return names
