"""Darknet's `.weights`: a header, and numbers without names in the order of the layers.

As `load_weights_upto` and `save_weights_upto` of Darknet's src/parser.c have it. A convolution has
its biases first, then scales, means and variances of its batch norm, then its kernels; a linear
layer has its weights before what its batch norm counts.
"""

from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from netwright.weights.state import WeightsError
from netwright.weights.table import Slot, Table, table

if TYPE_CHECKING:
    from netwright.api import Net

HEADER = (0, 2, 0)  # major, minor and revision, that Darknet writes
TURNED = 1000  # files of a higher version have the matrices of linear layers turned
WIDE = 2  # from version 0.2 on the number of images that were seen has 8 bytes, before it 4
CONVOLUTIONS = ("conv", "depthwise_conv")


def read(path: str, net: "Net") -> Mapping[str, Any]:
    """The arrays of a file, under PyTorch's names."""
    known = table(net.name, net.instance)
    order = tuple(in_file(known))
    numbers, turned = numbers_of(path)
    wanted = sum(prod(known.sizes(name)) for name in order)
    if wanted != len(numbers):
        raise WeightsError(
            f"`{path}` holds {len(numbers):,} numbers, {net.name} has {wanted:,}",
            likely(net, len(numbers)),
        )
    found = {}
    for name in order:
        sizes = known.sizes(name)
        array, numbers = numbers[: prod(sizes)], numbers[prod(sizes) :]
        linear = known.slot(name).op.name == "linear" and len(sizes) == 2
        found[name] = array.reshape(sizes[::-1]).T if turned and linear else array.reshape(sizes)
    return {name: found[name] for name in known.weights if name in found}


def write(path: str, net: "Net", state: Mapping[str, Any]) -> None:
    """Write a file, of which no weight may be left out."""
    import numpy

    order = tuple(in_file(table(net.name, net.instance)))
    if absent := [name for name in order if name not in state]:
        raise WeightsError(f"a file of Darknet has all weights: `{absent[0]}` is left out")
    with open(path, "wb") as file:
        file.write(numpy.array(HEADER, "<i4").tobytes() + numpy.array(0, "<i8").tobytes())
        for name in order:
            file.write(numpy.asarray(state[name], "<f4").tobytes())


def numbers_of(path: str) -> tuple[Any, bool]:
    """The numbers behind the header of a file, and whether its matrices are turned."""
    import numpy

    with open(path, "rb") as file:
        data = file.read()
    major, minor = numpy.frombuffer(data[:8].ljust(8, b"\0"), "<i4").tolist()
    turned = major > TURNED or minor > TURNED
    wide = major * 10 + minor >= WIDE and major < TURNED and minor < TURNED
    start = 20 if wide else 16
    if len(data) < start or len(data) % 4:
        raise WeightsError(f"`{path}` is no file of Darknet's weights: it has {len(data):,} bytes")
    return numpy.frombuffer(data, "<f4", offset=start), turned


def likely(net: "Net", count: int) -> str:
    """Which net of the spec has as many numbers as a file."""
    fits = [name for name, other in net.spec.items() if other.total_params == count]
    return f"it fits {' or '.join(fits)}: `--net {fits[0]}`" if fits else ""


def in_file(known: Table) -> Iterator[str]:
    """The names of all weights in the order of a file."""
    left = list(reversed(known.slots))
    while left:
        slot = left.pop()
        if slot.op.name not in (*CONVOLUTIONS, "linear"):
            raise alien(slot)
        names = by_part(slot)
        if "bias" in names:
            yield from (names["bias"], names["weight"])
            continue
        norm = left.pop() if left and left[-1].op.name == "batch_norm" else slot
        parts = by_part(norm)
        if not {"bias", "weight", "running_mean"} <= set(parts):
            raise alien(norm)
        counted = (parts["weight"], parts["running_mean"], parts["running_var"])
        if slot.op.name == "linear":
            yield from (parts["bias"], names["weight"], *counted)
        else:
            yield from (parts["bias"], *counted, names["weight"])


def by_part(slot: Slot) -> dict[str, str]:
    """The names of the weights of a layer in the state dict, by what each is."""
    return {weight.name: name for name, weight in slot.names.items()}


def alien(slot: Slot) -> WeightsError:
    """The refusal of a layer that Darknet does not have."""
    return WeightsError(
        f"Darknet's format has no place for `{slot.path}`, a `{slot.op.name}`",
        "it has convolutions and linear layers with a bias, or with a batch norm behind them",
    )
