"""What is done to a picture before a net sees it."""

from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.fit import check_channels
from netwright.ops.window import check_image, spatial
from netwright.sym import Dim, variable
from netwright.tensor import Dynamic, Size, Tensor, form, number


@op("normalize", Role.NORMALISATION)
class Normalize(Op):
    """Each channel less its mean, over its deviation: shape kept. Nothing is learned."""

    mean: Any = param("One number a channel.", Kind.NUMBERS)
    std: Any = param("One number a channel.", Kind.NUMBERS)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_channels(self.name, x)
        for name in ("mean", "std"):
            if len(getattr(self, name)) != x.sizes[0]:
                raise Misfit(
                    "shape-mismatch",
                    f"`{name}` has {len(getattr(self, name))} numbers, found {x}",
                    argument=name,
                )


def check_sides(name: str, x: Tensor) -> None:
    """Refuse what has no height and width."""
    check_image(name, x)
    if spatial(x) != 2:
        raise Misfit("rank-mismatch", f"`{name}` needs a height and a width, found {x}")


@op("resize", Role.SHAPE, paper="Girshick, Fast R-CNN, 2015, section 5")
class Resize(Op):
    """A picture in another size, between its pixels by lines: ``(C, H, W) -> (C, H', W')``.

    ``size`` is what it becomes; or its shorter side becomes ``shorter``, unless the longer one
    would be more than ``longer``, and its form stays.
    """

    size: Any = param("Height and width.", Kind.SIZES, default=None, least=1)
    shorter: Any = param("What the shorter side becomes.", default=None, least=1)
    longer: Any = param("The most that the longer side becomes.", default=None, least=1)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_sides(self.name, x)
        if (self.size is None) == (self.shorter is None):
            raise Misfit(
                "argument-conflict",
                "`resize` takes a `size`, or what the `shorter` side becomes",
                argument="" if self.size is None else "shorter",
            )
        if self.longer is not None and self.shorter is None:
            raise Misfit(
                "argument-conflict", "`longer` bounds what `shorter` does", argument="longer"
            )
        if self.size is not None and len(self.size) > 2:
            raise Misfit(
                "kernel-rank",
                f"`size` is a height and a width, found {len(self.size)} numbers",
                argument="size",
            )
        if any(isinstance(form(side), int) and number(side) < 1 for side in self.shape(x).sizes):
            raise Misfit(
                "argument-conflict",
                f"nothing is left of {x} where its longer side has at most {self.longer} pixels",
                argument="longer",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        if self.size is not None:
            sides = tuple(self.size) * (2 // len(self.size))
            return x.resized((x.sizes[0], *sides))
        sides = tuple(self._fitted(x, axis) for axis in (1, 2))
        return x.resized((x.sizes[0], *sides))

    def _fitted(self, x: Tensor, axis: int) -> Size:
        """A side; of one that is known when the net runs, its number where there is one."""
        told = [isinstance(form(size), int) for size in x.sizes[1:]]
        late = variable(f"resized_{x.axes[axis]}")
        sides = [size if isinstance(size, int | Dynamic) else None for size in x.sizes[1:]]
        numbers = [number(side) for side in sides if side is not None]
        if len(numbers) != 2 or not isinstance(self.shorter, int):
            return late
        height, width = numbers
        scale = fit(height, width, self.shorter, self.longer)
        found = int(numbers[axis - 1] * scale)
        return found if all(told) else Dynamic(late, found)


def fit(height: int, width: int, shorter: int, longer: int | None) -> float:
    """The factor that brings a picture to its size, as torchvision's detectors have it."""
    scale = shorter / min(height, width)
    return scale if longer is None else min(scale, longer / max(height, width))


@op("pad_to", Role.SHAPE)
class PadTo(Op):
    """Zeros below and at the right, up to a multiple: ``(C, H, W) -> (C, H', W')``."""

    multiple: Dim = param("What height and width become a multiple of.", least=1)

    def check(self, *inputs: Tensor) -> None:
        check_sides(self.name, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        n = self.multiple
        sides = tuple((size + n - 1) // n * n for size in x.sizes[1:])
        return x.resized((x.sizes[0], *sides))
