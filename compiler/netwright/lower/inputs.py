"""The names that the sizes of a routine's inputs have in its constructor."""

from netwright.arguments import type_of
from netwright.program import Definition
from netwright.record import record
from netwright.tensor import Tensor


@record
class Member:
    """One tensor of a list that a block is given: the parameter, and its place there."""

    param: str
    place: int


def member(definition: Definition, name: str) -> Member | None:
    """What an input is of a list, ``maps_1``; none where it is given alone."""
    stem, _, number = name.rpartition("_")
    lists = {p.name.name for p in definition.params if type_of(p) == "tensors"}
    return Member(stem, int(number)) if stem in lists and number.isdigit() else None


def size_name(key: str, name: str, found: Member | None) -> str:
    """The text of a size of an input: ``in_channels``, or of a list ``maps_channels[1]``."""
    if found is None:
        return key
    return f"{found.param}{key.removeprefix(name)}[{found.place}]"


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
