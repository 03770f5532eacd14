"""Regions of an image: which are proposed, what their features are, which are detected."""

from typing import Any, ClassVar

from netwright.ops.anchors import CORNERS, check_map
from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.boxes import check_boxes, check_rows, rows
from netwright.ops.fit import check_count, words
from netwright.ops.window import check_ranks, each
from netwright.sym import Dim, variable
from netwright.tensor import (
    BOXES,
    CHANNELS,
    DETECTIONS,
    FEATURES,
    HEIGHT,
    PROPOSALS,
    WIDTH,
    Dynamic,
    Size,
    Tensor,
    number,
)

GIRSHICK = "Girshick, Fast R-CNN, 2015"


def up_to(keep: Dim) -> Size:
    """A number of boxes that is known when the net runs, and checked at its bound."""
    return Dynamic(variable(BOXES), number(keep)) if isinstance(keep, int) else variable(BOXES)


def halves(name: str, inputs: tuple[Tensor, ...]) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """The two lists, of equal length, that branches are."""
    if len(inputs) % 2:
        raise Misfit(
            "input-count",
            f"`{name}` takes two tensors, or two lists of as many, found {len(inputs)} tensors",
        )
    half = len(inputs) // 2
    return inputs[:half], inputs[half:]


@op("proposals", Role.DETECTION, paper="Ren et al., Faster R-CNN, 2015, section 3")
class Proposals(Op):
    """The boxes that are most likely an object: ``(N, 1), (N, 4) -> (K, 4)``.

    The first branch has logits, the second boxes; lists of both have one a map, and the ``pre``
    best are taken of each. Boxes are cut at the frame, those with a side below ``min_size`` go, and
    so does a box that overlaps a better one of its map by more than ``nms``. ``keep`` are left. In
    training both may be other numbers.
    """

    inputs = (2, None)
    joins = True
    spreads = False

    keep: Dim = param("Boxes that are left, at most.", least=1)
    nms: float = param("Intersection over union of what goes.", Kind.NUMBER, least=0, most=1)
    pre: Any = param("Boxes of each map that are looked at.", default=None, least=1)
    min_size: float = param("Least side in pixels.", Kind.NUMBER, default=0.001, least=0)
    frame: Any = param("The image that they are cut at.", Kind.FRAME, default=None)
    train_keep: Any = param("Boxes that are left in training.", default=None, least=1)
    train_pre: Any = param("Boxes of each map then.", default=None, least=1)

    def check(self, *inputs: Tensor) -> None:
        scores, boxes = halves(self.name, inputs)
        for place, (score, box) in enumerate(zip(scores, boxes, strict=True)):
            check_boxes(self.name, box, len(scores) + place)
            check_rows(self.name, score, box, place, "a logit a box, [N, 1]")
            if score.sizes[-1] != 1:
                raise Misfit(
                    "shape-mismatch",
                    f"`proposals` takes a logit a box, [N, 1], found {score}",
                    operand=place,
                )

    def shape(self, *inputs: Tensor) -> Tensor:
        return Tensor((up_to(self.keep), CORNERS), (PROPOSALS, FEATURES))


class Regions(Op):
    """Maps at the places of boxes, one for each: ``(C, H, W), (N, 4) -> (C, k, k)``."""

    inputs: ClassVar[tuple[int, int | None]] = (2, None)
    joins = True
    spreads = False
    parts: ClassVar[str] = "k"  # the parameter that says how many

    k: Any

    def check(self, *inputs: Tensor) -> None:
        *maps, boxes = inputs
        for operand, x in enumerate(maps):
            check_map(self.name, x)
            if x.sizes[0] != maps[0].sizes[0]:
                raise Misfit(
                    "shape-mismatch",
                    f"`{self.name}` needs maps of equal channels, found {maps[0]} and {x}",
                    operand=operand,
                )
        check_boxes(self.name, boxes, len(maps))
        check_ranks(maps[0], **{self.parts: self.k})

    def shape(self, *inputs: Tensor) -> Tensor:
        sizes = (inputs[0].sizes[0], *each(self.k, 2))
        return Tensor(sizes, (CHANNELS, HEIGHT, WIDTH), None, inputs[-1].sizes[0])


@op("roi_pool", Role.POOLING, paper=GIRSHICK)
class RoiPool(Regions):
    """The largest value in each part of a box, in whole cells: ``(C, H, W), (N, 4) -> (C, k, k)``.

    There is one for each box, and what follows works on each.
    """

    inputs = (2, 2)

    k: Any = param("Parts that a box is cut into.", Kind.KERNEL, least=1)
    scale: Any = param("Cells for each pixel.", Kind.NUMBER, default=1.0, least=0)

    def check(self, *inputs: Tensor) -> None:
        check_count(self, inputs)
        super().check(*inputs)


@op("roi_align", Role.POOLING, paper="He et al., Mask R-CNN, 2017, section 3")
class RoiAlign(Regions):
    """The mean of samples in each part of a box: ``(C, H, W), (N, 4) -> (C, k, k)``.

    There is one for each box, and what follows works on each. Of several maps the one is taken that
    suits the size of the box, as in feature pyramids (Lin et al., 2017). Without ``scale`` it is
    the size of the map over the frame's.
    """

    k: Any = param("Parts that a box is cut into.", Kind.KERNEL, least=1)
    samples: Dim = param("Samples along a side of each part.", default=2, least=1)
    scale: Any = param("Cells for each pixel, of one map.", Kind.NUMBER, default=None, least=0)
    aligned: bool = param("Whether cells are areas, not points.", Kind.FLAG, default=False)
    frame: Any = param("The image that boxes lie in.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        if self.scale is not None and len(inputs) > 2:
            raise Misfit(
                "argument-conflict",
                f"`scale` is for one map, found {len(inputs) - 1}",
                argument="scale",
            )


@op("warp", Role.SHAPE, paper="Girshick et al., Rich Feature Hierarchies, 2014, appendix A")
class Warp(Regions):
    """An image cut at boxes and brought to one size: ``(C, H, W), (N, 4) -> (C, size, size)``.

    There is one for each box, and what follows works on each. ``context`` pixels of the result, at
    each side, show what is around the box.
    """

    inputs = (2, 2)
    parts = "size"

    size: Any = param("Height and width.", Kind.KERNEL, least=1)
    context: Dim = param("Pixels around the box.", default=0, least=0)

    @property
    def k(self) -> Any:
        """The parts of a box: pixels."""
        return self.size

    def check(self, *inputs: Tensor) -> None:
        check_count(self, inputs)
        super().check(*inputs)
        if any(number(side) <= number(2 * self.context) for side in each(self.size, 2)):
            around, size = self.context, words(self.size)
            raise Misfit(
                "argument-conflict",
                f"{around} pixels at each side leave no place for the box in {size}",
                argument="context",
            )


@op("detections", Role.DETECTION, paper=GIRSHICK)
class Detections(Op):
    """The boxes that are an object, best first: ``(N, 4), (N, classes) -> (K, 6)``.

    A row is the four corners, the score and the label. The second branch has probabilities; a box
    for each class, ``(N, classes, 4)``, is as good. Lists of both have one a map, and the ``pre``
    best of each class are taken of each. A box that overlaps a better one, of its class, by more
    than ``nms`` goes. ``background`` says that the first class is none.

    Boxes are cut at the frame and given in pixels of the net's image.
    """

    inputs = (2, None)
    joins = True
    spreads = False

    score: float = param("Least probability.", Kind.NUMBER, least=0, most=1)
    nms: float = param("Intersection over union of what goes.", Kind.NUMBER, least=0, most=1)
    keep: Dim = param("Boxes that are left, at most.", least=1)
    per_class: bool = param("Whether classes are apart.", Kind.FLAG, default=True)
    pre: Any = param("Boxes of each class and map that are looked at.", default=None, least=1)
    min_size: float = param("Least side in pixels.", Kind.NUMBER, default=0.0, least=0)
    background: bool = param("Whether class 0 is no object.", Kind.FLAG, default=True)
    frame: Any = param("The image that boxes are cut at.", Kind.FRAME, default=None)
    image: Any = param("The image in whose pixels they are given.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        boxes, scores = halves(self.name, inputs)
        for place, (box, score) in enumerate(zip(boxes, scores, strict=True)):
            rows_of = Tensor((box.sizes[0], box.sizes[-1]), (BOXES, FEATURES))
            check_boxes(self.name, rows_of if box.rank == 3 else box, place)
            check_rows(self.name, score, rows_of, len(boxes) + place, "probabilities [N, classes]")
            if box.rank == 3 and number(rows(score)[-1]) != number(box.sizes[1]):
                raise Misfit(
                    "shape-mismatch",
                    f"`detections` needs a box a class, found {box} and {score}",
                    operand=place,
                )

    def shape(self, *inputs: Tensor) -> Tensor:
        return Tensor((up_to(self.keep), CORNERS + 2), (DETECTIONS, FEATURES))
