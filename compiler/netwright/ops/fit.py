"""Refusals that many layers share, and the axis that an argument means."""

from operator import index
from typing import Any

from netwright.ops.base import Misfit, Op
from netwright.tensor import CHANNELS, FEATURES, HEIGHT, LENGTH, WIDTH, Dynamic, Size, Tensor

SWAP = "`permute(1, 0)` swaps the axes"
POOL = "`global_avg_pool` or `adaptive_avg_pool` gives a fixed size for any input"


def check_numbers(name: str, x: Tensor, operand: int | None = None) -> None:
    """Refuse integer tokens."""
    if x.integers is not None:
        raise Misfit(
            "integer-input",
            f"`{name}` takes numbers, found integer tokens {x}",
            help="`embedding` turns tokens into vectors",
            operand=operand,
        )


def check_count(op: Op, inputs: tuple[Tensor, ...]) -> None:
    """Refuse more branches than a layer takes, and one where two make a pair."""
    most = op.inputs[1]
    if most and (len(inputs) > most or len(inputs) < most == 2):
        raise Misfit(
            "input-count",
            f"`{op.name}` takes {most} tensors, found {len(inputs)}: {', '.join(map(str, inputs))}",
            operand=most if len(inputs) > most else None,
        )


def check_fixed(name: str, size: Size, what: str) -> None:
    """Refuse a dynamic size where a weight needs a fixed one."""
    if isinstance(size, Dynamic):
        raise Misfit(
            "dynamic-size",
            f"`{name}` needs a fixed number of {what}, found {size}, which is dynamic",
            help=POOL,
        )


def check_channels(name: str, x: Tensor, what: str = "channels") -> None:
    """Refuse what has no channels first, or a number of them that is not fixed."""
    check_numbers(name, x)
    check_rank(name, x, 1)
    if x.rank > 1 and x.axes[0] == LENGTH and x.axes[-1] != LENGTH:
        raise Misfit(
            "axes-mismatch",
            f"`{name}` works on channels, found a sequence {x} whose features are last",
            help=f"{SWAP}: channels come first",
        )
    check_fixed(name, x.sizes[0], what)


def check_sequence(name: str, x: Tensor, operand: int | None = None) -> None:
    """Refuse what is no sequence of vectors ``(T, F)`` of a fixed number of features."""
    check_numbers(name, x, operand)
    if x.rank != 2 or x.axes in ((HEIGHT, WIDTH), (WIDTH, HEIGHT)):
        kind = "an image" if HEIGHT in x.axes else f"{x.rank} ax{'i' if x.rank == 1 else 'e'}s"
        raise Misfit(
            "rank-mismatch",
            f"`{name}` reads a sequence [length, features], found {kind}: {x}",
            help=_towards_sequence(x),
            operand=operand,
        )
    if x.axes[0] in (CHANNELS, FEATURES) or x.axes[1] == LENGTH:
        raise Misfit(
            "axes-mismatch",
            f"`{name}` reads a sequence [length, features], found {x} of {' and '.join(x.axes)}",
            help=f"{SWAP}: the length comes first",
            operand=operand,
        )
    check_fixed(name, x.sizes[1], "features")


def _towards_sequence(x: Tensor) -> str:
    if x.rank > 2:
        return "`flatten(from=1) -> permute(1, 0)` makes a sequence of the cells"
    return ""


def check_rank(name: str, x: Tensor, least: int) -> None:
    """Refuse a tensor of too few axes."""
    if x.rank < least:
        axes = "1 axis" if least == 1 else f"{least} axes"
        raise Misfit("rank-mismatch", f"`{name}` needs at least {axes}, found {x.rank}: {x}")


def check_features_last(name: str, x: Tensor, help: str) -> None:
    """Refuse an image, whose last axis is its width, and a dynamic number of features."""
    check_numbers(name, x)
    check_rank(name, x, 1)
    if HEIGHT in x.axes and x.axes[-1] in (HEIGHT, WIDTH):
        raise Misfit(
            "image-input",
            f"`{name}` works on the last axis, found an image {x}: that is its {x.axes[-1]}",
            help=help,
        )
    check_fixed(name, x.sizes[-1], "features")


def check_axis(name: str, axis: object, x: Tensor, argument: str = "axis") -> None:
    """Refuse the number of an axis that is not there."""
    if isinstance(axis, int) and axis >= x.rank:
        axes = f"axes 0 to {x.rank - 1}" if x.rank > 1 else "axis 0 alone"
        raise Misfit(
            "axis-mismatch",
            f"`{name}` has `{argument}={axis}`, but {x} has {axes}",
            argument=argument,
        )


def place(axis: Any, rank: int) -> int:
    """The number of an axis, or of the `last`."""
    return rank - 1 if isinstance(axis, str) else index(axis)


def words(value: object) -> str:
    """A kernel as the spec writes it: ``3x3`` or ``3``."""
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
