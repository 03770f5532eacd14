"""Boxes that a head moves: offsets to corners, in the coding of the field."""

from typing import Any

from netwright.ops.anchors import CORNERS, check_map
from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.frame import tensors_of
from netwright.ops.join import equal
from netwright.tensor import BOXES, FEATURES, OPEN, PROPOSALS, Size, Tensor, number


def rows(x: Tensor) -> tuple[Size, ...]:
    """The sizes with one row for each box in front: of a tensor over boxes, or of one for each."""
    return x.whole


def check_boxes(name: str, x: Tensor, operand: int | None = None) -> None:
    """Refuse what is no list of boxes ``(N, 4)``."""
    if x.rank != 2 or x.integers is not None or number(x.sizes[-1]) != CORNERS:
        raise Misfit(
            "rank-mismatch",
            f"`{name}` takes boxes [N, 4], found {x}",
            operand=operand,
        )


def check_rows(name: str, x: Tensor, boxes: Tensor, operand: int, what: str) -> None:
    """Refuse a head of another number of rows than there are boxes."""
    if len(rows(x)) != 2:
        raise Misfit("rank-mismatch", f"`{name}` takes {what}, found {x}", operand=operand)
    if not equal(rows(x)[0], boxes.sizes[0]):
        raise Misfit(
            "shape-mismatch",
            f"`{name}` needs one row a box, found {rows(x)[0]} rows for {boxes.sizes[0]} boxes: "
            f"{x} and {boxes}",
            operand=operand,
        )


@op(
    "decode_boxes",
    Role.DETECTION,
    paper="Girshick et al., Rich Feature Hierarchies for Accurate Object Detection, 2014",
)
class DecodeBoxes(Op):
    """Boxes moved by what a head says of each: ``(N, 4), (N, 4) -> (N, 4)``.

    The first branch has, in units of the box, how far its centre moves and the logarithm of how
    much its sides grow; each over its weight. Of several moves a box, ``(N, 4 * k)``, comes a box
    each: ``(N, k, 4)``.
    """

    inputs = (2, 2)
    joins = True
    spreads = False

    weights_: Any = param(
        "What the moves are over: x, y, width, height.", Kind.NUMBERS, default=(1, 1, 1, 1)
    )

    def check(self, *inputs: Tensor) -> None:
        moves, boxes = inputs
        check_boxes(self.name, boxes, 1)
        check_rows(self.name, moves, boxes, 0, "moves [N, 4 * k]")
        if number(moves.sizes[-1]) % CORNERS:
            raise Misfit(
                "group-mismatch",
                f"`decode_boxes` takes 4 numbers a box, found {moves.sizes[-1]}: {moves}",
                operand=0,
            )
        if len(self.weights_) != CORNERS:
            raise Misfit(
                "input-count",
                f"`weights` of `decode_boxes` has 4 numbers, found {len(self.weights_)}",
                argument="weights",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        moves, boxes = inputs
        several = moves.sizes[-1] // CORNERS
        first = PROPOSALS if boxes.axes[0] == PROPOSALS else BOXES
        if several == 1:
            return Tensor(boxes.sizes, (first, FEATURES))
        return Tensor((boxes.sizes[0], several, CORNERS), (first, OPEN, FEATURES))


@op(
    "cell_boxes",
    Role.DETECTION,
    paper="Redmon and Farhadi, YOLO9000, 2016, section 2",
)
class CellBoxes(Op):
    """Boxes in the cells of a map, as YOLO codes them: ``(N, 4) -> (N, 4)``, in pixels.

    A centre is the sigmoid of the first two numbers inside its cell, and the sides are those of
    ``sizes`` times the exponential of the last two. ``sizes`` are widths and heights in cells.
    """

    map: Any = param("The map whose cells are meant.", Kind.TENSORS)
    sizes: Any = param("Width and height of each anchor, in cells.", Kind.NUMBERS)
    frame: Any = param("The image that they lie in.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        (cells,) = tensors_of(self.map)
        check_map(self.name, cells)
        check_boxes(self.name, x)
        if any(type(pair) is not tuple or len(pair) != 2 for pair in self.sizes):
            raise Misfit(
                "type-mismatch",
                "`sizes` of `cell_boxes` are pairs of a width and a height",
                help="`[[1.3, 1.7], [3.2, 4.0]]`",
                argument="sizes",
            )
        wanted = cells.sizes[1] * cells.sizes[2] * len(self.sizes)
        if not equal(x.sizes[0], wanted):
            raise Misfit(
                "shape-mismatch",
                f"`cell_boxes` has {len(self.sizes)} boxes at each cell of {cells}, "
                f"{wanted} in all, found {x}",
                argument="sizes",
            )
