"""The arithmetic that all layers with a sliding window share."""

from typing import Protocol, TypeGuard, runtime_checkable

from netwright import sym
from netwright.ops.base import Misfit, present
from netwright.ops.fit import check_numbers, words
from netwright.sym import Dim, Sym
from netwright.tensor import (
    CHANNELS,
    DEPTH,
    HEIGHT,
    LENGTH,
    OPEN,
    WIDTH,
    Dynamic,
    Size,
    Tensor,
    form,
    number,
)

SPATIAL = {1: (LENGTH,), 2: (HEIGHT, WIDTH), 3: (DEPTH, HEIGHT, WIDTH)}

Extents = tuple[Dim, ...]
Pair = tuple[Size, Size]


@runtime_checkable
class Kernels(Protocol):
    """A kernel that is a symbol: it knows its sides once it knows how many."""

    def each(self, rank: int) -> Extents:
        """One size an axis."""


def spatial(x: Tensor) -> int:
    """Number of axes that a window slides over."""
    return x.rank - 1


def image_axes(x: Tensor) -> tuple[str, ...]:
    """Names of the axes of what a window makes of a tensor."""
    return (CHANNELS, *SPATIAL.get(spatial(x), x.axes[1:]))


def each(value: object, rank: int) -> Extents:
    """One size an axis: of a number the same for all, of a kernel its own."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, int | Sym):
        return (value,) * rank
    assert isinstance(value, Kernels), value
    return value.each(rank)


def reach(kernel: Dim, dilation: Dim) -> Dim:
    """Cells from the first tap of a kernel to its last."""
    return dilation * (kernel - 1) + 1


def window(
    extent: Size, kernel: Dim, stride: Dim, before: Size, after: Size, dilation: Dim = 1
) -> Size:
    """Cells that come out of a window that slides over ``extent`` cells."""
    return (extent + before + after - reach(kernel, dilation)) // stride + 1


def ceil_window(
    extent: Size, kernel: Dim, stride: Dim, before: Size, after: Size, dilation: Dim = 1
) -> Size:
    """The same rounded up, without a last window that would start in the padding behind.

    That window cannot be where the kernel spans the padding and a stride.
    """
    span = reach(kernel, dilation)
    cells = (extent + before + after + stride - 1 - span) // stride + 1
    if sym.lower(form(span + -after) - stride) >= 0:
        return cells
    return smaller((extent + before - 1) // stride + 1, cells)


def smaller(a: Size, b: Size) -> Size:
    """The smaller of two sizes, as a formula where it depends."""
    least = sym.minimum(form(a), form(b))
    dynamic = isinstance(a, Dynamic) or isinstance(b, Dynamic)
    return Dynamic(least, min(number(a), number(b))) if dynamic and _open(least) else least


def larger(a: Size, b: Size) -> Size:
    """The larger of two sizes, as a formula where it depends."""
    most = sym.maximum(form(a), form(b))
    dynamic = isinstance(a, Dynamic) or isinstance(b, Dynamic)
    return Dynamic(most, max(number(a), number(b))) if dynamic and _open(most) else most


def _open(dim: Dim) -> TypeGuard[Sym]:
    return isinstance(dim, Sym)


def pairs(
    x: Tensor, pad: object, kernel: object, stride: object, dilation: object = 1
) -> tuple[Pair, ...]:
    """Cells of padding before and after each axis.

    `same` is Keras's and TensorFlow's: as many outputs as strides, the odd cell at the end.
    """
    rank = spatial(x)
    if pad == "same":
        sides = zip(
            x.sizes[1:],
            each(kernel, rank),
            each(stride, rank),
            each(dilation, rank),
            strict=True,
        )
        return tuple(same(extent, reach(k, d), s) for extent, k, s, d in sides)
    if isinstance(pad, tuple) and pad and isinstance(pad[0], tuple):
        return pad
    return tuple((size, size) for size in each(pad, rank))


def same(extent: Size, span: Dim, stride: Dim) -> Pair:
    """Padding that gives ``ceil(extent / stride)`` cells."""
    excess: Size = span - 1
    if stride != 1:
        excess = larger((extent - 1) // stride * stride + span + -extent, 0)
    return excess // 2, excess + -(excess // 2)


def slide(
    x: Tensor,
    channels: Dim,
    kernel: object,
    stride: object,
    pad: object,
    dilation: object = 1,
    *,
    ceil: object = False,
) -> Tensor:
    """The output of a sliding window: ``(C, …) -> (channels, …)``; ``ceil`` rounds up."""
    rank = spatial(x)
    steps = each(stride, rank)
    axes = image_axes(x)
    if pad == "same":
        strides = zip(x.sizes[1:], steps, strict=True)
        return Tensor((channels, *((n - 1) // s + 1 for n, s in strides)), axes)
    sides = zip(
        x.sizes[1:],
        each(kernel, rank),
        steps,
        pairs(x, pad, kernel, stride, dilation),
        each(dilation, rank),
        strict=True,
    )
    sizes = tuple(_cells(n, k, s, p, d, present(ceil)) for n, k, s, p, d in sides)
    return Tensor((channels, *sizes), axes)


def _cells(extent: Size, kernel: Dim, stride: Dim, pad: Pair, dilation: Dim, up: Dim) -> Size:
    """Cells along one axis; ``up`` is 1 where they are rounded up and 0 where not."""
    down = window(extent, kernel, stride, *pad, dilation)
    return (
        down
        if up == 0
        else down + (ceil_window(extent, kernel, stride, *pad, dilation) + -down) * up
    )


def check_image(name: str, x: Tensor, kernel: object = None, argument: str = "k") -> None:
    """Refuse what has no channels and cells, and a kernel of another rank."""
    check_numbers(name, x)
    if x.rank not in (2, 3, 4):
        raise Misfit("rank-mismatch", f"`{name}` needs channels and 1 to 3 spatial axes, found {x}")
    sequence = x.axes[0] not in (CHANNELS, OPEN) and not (x.rank == 2 and x.axes[1] == LENGTH)
    help = "`permute(1, 0)` puts the features first" if sequence and x.rank == 2 else ""
    if isinstance(kernel, tuple) and len(kernel) != spatial(x):
        raise Misfit(
            "kernel-rank",
            f"`{argument}` of `{name}` is {words(kernel)}, for {len(kernel)} axes, "
            f"but {x} has {spatial(x)} to slide over",
            argument=argument,
            help=help,
        )
    if sequence:
        raise Misfit(
            "axes-mismatch",
            f"`{name}` slides over the axes behind the channels, "
            f"found {x} of {' and '.join(axis or 'an open axis' for axis in x.axes)}",
            help=help,
        )


def check_ranks(x: Tensor, **values: object) -> None:
    """Refuse arguments that speak of more or fewer axes than there are to slide over."""
    for label, value in values.items():
        if isinstance(value, tuple) and len(value) != spatial(x):
            axes = f"{len(value)} ax{'i' if len(value) == 1 else 'e'}s"
            raise Misfit(
                "kernel-rank",
                f"`{label}` has {axes}, the input {x} has {spatial(x)} to slide over",
                argument=label,
            )


def check_window(
    name: str, x: Tensor, kernel: object, stride: object, pad: object, dilation: object = 1
) -> None:
    """Refuse a window that is larger than what it slides over."""
    check_image(name, x, kernel)
    check_ranks(x, stride=stride, pad=pad, dilation=dilation)
    rank = spatial(x)
    sides = zip(
        x.sizes[1:],
        each(kernel, rank),
        pairs(x, pad, kernel, stride, dilation),
        each(dilation, rank),
        strict=True,
    )
    for extent, size, (before, after), spread in sides:
        span, room = number(reach(size, spread)), number(extent + before + after)
        if span > room:
            spans = f"kernel {size}"
            if spread != 1:
                spans += f" with dilation {spread} spans {span} cells and"
            padded = f" and {before} + {after} of padding, {room} cells" if before or after else ""
            raise Misfit(
                "kernel-too-large",
                f"{spans} does not fit the input {x}: {extent} cells{padded}",
                argument="k",
            )
