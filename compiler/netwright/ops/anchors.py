"""Boxes that a detector starts from: a grid of them over each map, in pixels of the image."""

from collections.abc import Sequence
from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.fit import check_numbers
from netwright.ops.frame import tensors_of
from netwright.ops.window import spatial
from netwright.sym import Dim
from netwright.tensor import ANCHORS, BOXES, FEATURES, Size, Tensor

CORNERS = 4


class Grid(Op):
    """Boxes at every cell of maps: ``(N, 4)``, the corners of each, map after map, row by row."""

    inputs = (0, 0)

    maps: Any

    def at_each(self, place: int) -> int:
        """Boxes at each cell of a map."""
        raise NotImplementedError

    def check(self, *inputs: Tensor) -> None:
        for x in tensors_of(self.maps):
            check_map(self.name, x)

    def shape(self, *inputs: Tensor) -> Tensor:
        total: Size = 0
        for place, x in enumerate(tensors_of(self.maps)):
            total = x.sizes[1] * x.sizes[2] * self.at_each(place) + total
        return Tensor((total, CORNERS), (ANCHORS, FEATURES))

    def listed(self, name: str, place: int) -> Sequence[Any]:
        """The numbers of a map: a list is for all maps, a list of lists has one for each."""
        value = getattr(self, name)
        found: Sequence[Any] = value[place] if value and type(value[0]) is tuple else value
        return found

    def check_lists(self, *names: str) -> None:
        """Refuse lists of lists of another length than there are maps."""
        maps = len(tensors_of(self.maps))
        for name in names:
            value = getattr(self, name)
            if value and type(value[0]) is tuple and len(value) != maps:
                raise uneven(self, name, len(value), maps)


def check_map(name: str, x: Tensor) -> None:
    """Refuse what is no map ``(C, H, W)`` of the image."""
    check_numbers(name, x)
    if spatial(x) != 2 or x.each is not None:
        raise Misfit("rank-mismatch", f"`{name}` reads maps [C, H, W], found {x}", argument="maps")


def uneven(layer: Op, name: str, found: int, wanted: int) -> Misfit:
    """The refusal of a list that has not one entry for each map."""
    maps = f"{wanted} map{'s' * (wanted != 1)}"
    return Misfit(
        "input-count",
        f"`{name}` of `{layer.name}` has {found} entries for {maps}",
        argument=name,
    )


@op(
    "anchors",
    Role.DETECTION,
    paper="Ren et al., Faster R-CNN: Towards Real-Time Object Detection, 2015",
)
class Anchors(Grid):
    """Boxes of some sizes and ratios at every cell: ``(N, 4)``, their sides whole pixels.

    They stand at the corner of the cell, as torchvision has them, or at its centre.
    ``sizes`` and ``ratios`` (height over width) are for all maps, or a list for each map. A step
    between cells is the frame's size over the map's.
    """

    maps: Any = param("The maps, one or several.", Kind.TENSORS)
    sizes: Any = param("Sides of the square ones.", Kind.NUMBERS)
    ratios: Any = param("Heights over widths.", Kind.NUMBERS, default=(1.0,))
    scales: Any = param("Factors of the sizes.", Kind.NUMBERS, default=(1,))
    centred: bool = param("Whether they stand at the centre of cells.", Kind.FLAG, default=False)
    frame: Any = param("The image that they lie in.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        self.check_lists("sizes", "ratios")

    def at_each(self, place: int) -> int:
        """Every size in every ratio, at every scale."""
        sizes, ratios = self.listed("sizes", place), self.listed("ratios", place)
        return len(sizes) * len(ratios) * len(self.scales)


@op("prior_boxes", Role.DETECTION, paper="Liu et al., SSD: Single Shot MultiBox Detector, 2016")
class PriorBoxes(Grid):
    """Boxes of one scale a map at the centre of every cell: ``(N, 4)``.

    At each cell a square of the map's scale, one of the geometric mean with the next map's, and for
    each ratio ``r`` of the map a box that is wide ``r : 1`` and one that is high.
    """

    maps: Any = param("The maps, one or several.", Kind.TENSORS)
    scales: Any = param("Sides over the frame's, one a map and one more.", Kind.NUMBERS)
    ratios: Any = param("For each map its ratios beside 1.", Kind.NUMBERS)
    steps: Any = param("Pixels between cells, one a map.", Kind.NUMBERS, default=None)
    clip: bool = param("Whether boxes end at the frame.", Kind.FLAG, default=False)
    frame: Any = param("The image that they lie in.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        self.check_lists("ratios")
        maps = len(tensors_of(self.maps))
        if len(self.scales) != maps + 1:
            raise uneven(self, "scales", len(self.scales), maps)
        if self.steps is not None and len(self.steps) != maps:
            raise uneven(self, "steps", len(self.steps), maps)

    def at_each(self, place: int) -> int:
        """Two squares, and two boxes for each ratio."""
        return 2 + 2 * len(self.listed("ratios", place))


@op("cells", Role.SHAPE)
class Cells(Op):
    """What a head says at each cell, one row a box: ``(A * n, H, W) -> (H * W * A, n)``."""

    n: Dim = param("Numbers for each box.", least=1)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_map(self.name, x)
        if x.sizes[0] % self.n != 0:
            raise Misfit(
                "group-mismatch",
                f"rows of {self.n} do not divide the {x.sizes[0]} channels of {x}",
                argument="n",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        channels, height, width = inputs[0].sizes
        return Tensor((height * width * (channels // self.n), self.n), (BOXES, FEATURES))
