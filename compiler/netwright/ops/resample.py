"""More or fewer cells by copying them, and cells moved to channels and back."""

from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.border import second
from netwright.ops.fit import check_fixed
from netwright.ops.window import check_image, check_ranks, each, image_axes, spatial
from netwright.sym import Dim
from netwright.tensor import CHANNELS, HEIGHT, WIDTH, Size, Tensor, number


@op(
    "upsample",
    Role.SHAPE,
    paper="Shelhamer et al., Fully Convolutional Networks for Semantic Segmentation, 2017",
)
class Upsample(Op):
    """More cells by interpolation: ``(C, …) -> (C, …)``, by a factor, to a size, or like a tensor.

    Cells are areas: the corners of input and output coincide, or with ``corners`` the centres of
    the corner cells do.
    """

    factor: Any = param("Output cells for each input cell.", Kind.KERNEL, default=None, least=1)
    mode: str = param(
        "How values between cells are found.",
        Kind.WORD,
        default="nearest",
        words=("nearest", "bilinear", "bicubic"),
    )
    corners: bool = param(
        "Whether the centres of the corner cells coincide.", Kind.FLAG, default=False
    )
    size: Any = param("Output cells of each axis.", Kind.SIZES, default=None, least=1)
    like: Any = param("A tensor whose height and width are taken.", Kind.TENSOR, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_image(self.name, x, self.factor, "factor")
        check_ranks(x, size=self.size)
        self._check_arguments()
        if self.mode != "nearest" and spatial(x) != 2:
            raise Misfit(
                "rank-mismatch",
                f"`{self.mode}` needs a height and a width, found {x}",
                argument="mode",
            )
        if self.like is not None and second(self.like).rank != x.rank:
            raise Misfit(
                "rank-mismatch",
                f"`upsample(like=…)` needs as many axes, found {x} and {second(self.like)}",
                argument="like",
            )

    def _check_arguments(self) -> None:
        given = {"factor": self.factor, "size": self.size, "like": self.like}
        names = [name for name, value in given.items() if value is not None]
        if len(names) != 1:
            found = f", found {' and '.join(f'`{name}`' for name in names)}" if names else ""
            raise Misfit(
                "argument-conflict",
                f"`upsample` takes one of `factor`, `size` and `like`{found}",
                argument=names[-1] if names else "",
            )
        if self.corners and self.mode == "nearest":
            raise Misfit(
                "argument-conflict",
                "`corners` has no meaning for `nearest`, which copies cells",
                argument="corners",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        if self.like is not None:
            return Tensor((x.sizes[0], *second(self.like).sizes[1:]), image_axes(x))
        if self.size is not None:
            return Tensor((x.sizes[0], *each(self.size, spatial(x))), image_axes(x))
        sides = zip(x.sizes[1:], each(self.factor, spatial(x)), strict=True)
        return Tensor((x.sizes[0], *(size * factor for size, factor in sides)), image_axes(x))


def check_plane(name: str, x: Tensor) -> None:
    """Refuse what is no image ``(C, H, W)``."""
    check_image(name, x)
    if x.rank != 3:
        raise Misfit("rank-mismatch", f"`{name}` needs an image [C, H, W], found {x}")


def check_gather(name: str, n: Dim, x: Tensor) -> None:
    """Refuse an image that squares of cells do not tile."""
    check_plane(name, x)
    for axis, size in zip((HEIGHT, WIDTH), x.sizes[1:], strict=True):
        if number(size) % number(n) != 0:
            raise Misfit(
                "size-mismatch",
                f"`{name}({n})` needs a {axis} that {n} divides, found {size}: {x}",
                argument="n",
            )


def check_spread(name: str, n: Dim, x: Tensor) -> None:
    """Refuse channels that do not make squares of cells."""
    check_plane(name, x)
    check_fixed(name, x.sizes[0], "channels")
    if number(x.sizes[0]) % number(n * n) != 0:
        raise Misfit(
            "size-mismatch",
            f"`{name}({n})` needs channels that {n} * {n} = {n * n} divides, "
            f"found {x.sizes[0]}: {x}",
            argument="n",
        )


def gathered(n: Dim, x: Tensor) -> Tensor:
    """``(C, H, W) -> (C * n * n, H // n, W // n)``."""
    channels, height, width = x.sizes
    return _image(channels * (n * n), height // n, width // n)


def spread(n: Dim, x: Tensor) -> Tensor:
    """``(C, H, W) -> (C // (n * n), H * n, W * n)``."""
    channels, height, width = x.sizes
    return _image(channels // (n * n), height * n, width * n)


def _image(*sizes: Size) -> Tensor:
    return Tensor(sizes, (CHANNELS, HEIGHT, WIDTH))


@op(
    "space_to_depth",
    Role.SHAPE,
    paper="Sajjadi et al., Frame-Recurrent Video Super-Resolution, 2018",
)
class SpaceToDepth(Op):
    """Each square of cells becomes channels: ``(C, H, W) -> (C * n * n, H / n, W / n)``.

    The place in the square is the slow index of a channel: by ``order``, its row or its column
    counts more.
    """

    n: Dim = param("Side of a square, in cells.", least=1)
    order: str = param(
        "What is walked first, `row` by row or `column` by column as in Swin.",
        Kind.WORD,
        default="row",
        words=("row", "column"),
    )

    def check(self, *inputs: Tensor) -> None:
        check_gather(self.name, self.n, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        return gathered(self.n, inputs[0])

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return self.n, self.n


@op(
    "depth_to_space",
    Role.SHAPE,
    paper="Shi et al., Real-Time Single Image and Video Super-Resolution, 2016",
)
class DepthToSpace(Op):
    """Channels become squares of cells: ``(C, H, W) -> (C / (n * n), H * n, W * n)``.

    The inverse of ``space_to_depth``: the place in the square is the slow index of a channel.
    """

    n: Dim = param("Side of a square, in cells.", least=1)

    def check(self, *inputs: Tensor) -> None:
        check_spread(self.name, self.n, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        return spread(self.n, inputs[0])


@op(
    "pixel_shuffle",
    Role.SHAPE,
    paper="Shi et al., Real-Time Single Image and Video Super-Resolution, 2016",
)
class PixelShuffle(Op):
    """Channels become squares of cells: ``(C, H, W) -> (C / (n * n), H * n, W * n)``.

    PyTorch's: the place in the square is the fast index of a channel.
    """

    n: Dim = param("Side of a square, in cells.", least=1)

    def check(self, *inputs: Tensor) -> None:
        check_spread(self.name, self.n, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        return spread(self.n, inputs[0])


@op("reorg", Role.SHAPE, paper="Redmon and Farhadi, YOLO9000: Better, Faster, Stronger, 2017")
class Reorg(Op):
    """Darknet's cells to channels, in its own order: ``(C, H, W) -> (C * n * n, H / n, W / n)``."""

    n: Dim = param("Side of a square, in cells.", least=1)

    def check(self, *inputs: Tensor) -> None:
        check_gather(self.name, self.n, inputs[0])
        check_spread(self.name, self.n, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        return gathered(self.n, inputs[0])

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        return self.n, self.n


@op(
    "channel_shuffle",
    Role.SHAPE,
    paper="Zhang et al., ShuffleNet: An Extremely Efficient Convolutional Neural Network, 2018",
)
class ChannelShuffle(Op):
    """The channels of the groups in turn, the first of each, the second of each: shape kept."""

    groups: Dim = param("Parts that the channels are dealt from.", least=1)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_image(self.name, x)
        check_fixed(self.name, x.sizes[0], "channels")
        if number(x.sizes[0]) % number(self.groups) != 0:
            raise Misfit(
                "group-mismatch",
                f"{self.groups} groups do not divide the {x.sizes[0]} channels of {x}",
                argument="groups",
            )
