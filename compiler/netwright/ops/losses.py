"""What a detector is trained by: boxes that are matched to those of an image, and losses of them.

A match is a row of nine numbers: a box, the true box that it is matched to, and the label of that
one: 0 where it is matched to none, -1 where it does not count.
"""

from typing import Any, ClassVar

from netwright.ops.anchors import CORNERS, check_map
from netwright.ops.base import Kind, Misfit, Op, Role, op, param, present
from netwright.ops.boxes import check_boxes, rows
from netwright.ops.frame import tensors_of
from netwright.ops.join import equal
from netwright.sym import Dim, variable
from netwright.tensor import (
    FEATURES,
    MATCHES,
    PROPOSALS,
    TRUTH,
    Dynamic,
    Size,
    Tensor,
    number,
)

REN = "Ren et al., Faster R-CNN, 2015, section 3.1.2"
LIU = "Liu et al., SSD: Single Shot MultiBox Detector, 2016, section 2.2"
REDMON = "Redmon and Farhadi, YOLO9000, 2016, section 2"
MATCH = 2 * CORNERS + 1
TRUE = 16
"""Objects in the image that a check is made for."""


def truth() -> Tensor:
    """What an image shows: four corners and a label for each object."""
    return Tensor((Dynamic(variable(TRUTH), TRUE), CORNERS + 1), (TRUTH, FEATURES))


def scalar() -> Tensor:
    """A loss: one number for a batch."""
    return Tensor((), ())


def check_truth(name: str, x: Tensor, operand: int) -> None:
    """Refuse what are not the objects of an image, as `losses` gives them."""
    if x.axes[:1] != (TRUTH,):
        what = f"`{name}` takes what an image shows, the name behind `losses`, found {x}"
        raise Misfit("rank-mismatch", what, operand=operand)


def check_matches(name: str, x: Tensor, operand: int | None = None) -> None:
    """Refuse what is no list of matches."""
    if x.axes[:1] != (MATCHES,):
        what = f"`{name}` takes matches [N, {MATCH}], which `match` makes, found {x}"
        raise Misfit("rank-mismatch", what, operand=operand)


def check_single(name: str, x: Tensor) -> None:
    """Refuse other than one number a box."""
    if number(x.sizes[-1]) != 1:
        what = f"`{name}` takes a logit a box, [N, 1], found {x}"
        raise Misfit("shape-mismatch", what, operand=0)


@op("match", Role.DETECTION, paper=REN)
class Match(Op):
    """Each box with the true one that it overlaps most: ``(N, 4), (T, 5) -> (N, 9)``.

    The first branch has boxes, the second what the image shows. An intersection over union of
    ``high`` or more is a match; below ``low``, which is ``high`` where it is not given, the label
    is 0, and between the two -1.

    ``best`` is what becomes of boxes that fit some true box best, whatever their overlap: nothing
    more (``plain``); they stay with what they overlap most (``kept``, Ren et al.); they go to that
    true box (``forced``, Liu et al.). With ``added`` the true boxes are among the boxes.
    """

    inputs: ClassVar[tuple[int, int | None]] = (2, 2)
    joins = True
    spreads = False

    high: float = param("Least intersection over union.", Kind.NUMBER, least=0, most=1)
    low: Any = param("What is none lies below.", Kind.NUMBER, default=None, least=0, most=1)
    best: str = param(
        "What fits best.", Kind.WORD, default="plain", words=("plain", "kept", "forced")
    )
    added: bool = param("Whether true boxes are boxes.", Kind.FLAG, default=False)
    frame: Any = param("The image that boxes lie in.", Kind.FRAME, default=None)
    image: Any = param("The image that true boxes lie in.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        boxes, shown = inputs
        check_boxes(self.name, boxes, 0)
        check_truth(self.name, shown, 1)
        if self.low is not None and self.low > self.high:
            what = f"`low` is at most `high`, found {self.low} and {self.high}"
            raise Misfit("argument-conflict", what, argument="low")

    def shape(self, *inputs: Tensor) -> Tensor:
        boxes, shown = (x.sizes[0] for x in inputs)
        added = present(self.added)
        count = boxes if added == 0 else shown * added + boxes
        return Tensor((count, MATCH), (MATCHES, FEATURES))


@op("sample", Role.DETECTION, paper=REN)
class Sample(Op):
    """Some matches of each image, by chance: ``(N, 9) -> (N, 9)``.

    At most ``n * positive`` of those with an object, and of those without one as many as are left
    of ``n``. The label of all others becomes -1; with ``drop`` they go.
    """

    function = True
    spreads = False

    n: Dim = param("Matches of an image that count.", least=1)
    positive: float = param("Part of them with an object.", Kind.NUMBER, least=0, most=1)
    drop: bool = param("Whether the others go.", Kind.FLAG, default=False)

    def check(self, *inputs: Tensor) -> None:
        check_matches(self.name, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        left, whole = present(self.drop), inputs[0].sizes[0]
        if left == 0:
            return inputs[0]
        count: Size = variable("samples")
        if isinstance(left, int):
            count = Dynamic(variable("samples"), self.n) if isinstance(self.n, int) else count
        else:
            count = count * left + (1 - left) * whole
        return Tensor((count, MATCH), (MATCHES, FEATURES))


@op("matched_boxes", Role.DETECTION)
class MatchedBoxes(Op):
    """The boxes of matches: ``(N, 9) -> (N, 4)``."""

    function = True
    spreads = False

    def check(self, *inputs: Tensor) -> None:
        check_matches(self.name, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        return Tensor((inputs[0].sizes[0], CORNERS), (PROPOSALS, FEATURES))


class Said(Op):
    """What a head says of boxes, beside their matches."""

    inputs: ClassVar[tuple[int, int | None]] = (2, 2)
    joins = True
    spreads = False

    def check(self, *inputs: Tensor) -> None:
        said, matches = inputs
        check_matches(self.name, matches, 1)
        if len(rows(said)) != 2 or said.integers is not None:
            what = f"`{self.name}` takes a row a box, [N, numbers], found {said}"
            raise Misfit("rank-mismatch", what, operand=0)
        if not equal(rows(said)[0], matches.sizes[0]):
            found, wanted = rows(said)[0], matches.sizes[0]
            what = f"`{self.name}` needs one row a match, found {found} rows for {wanted} matches"
            raise Misfit("shape-mismatch", what, operand=0)

    def shape(self, *inputs: Tensor) -> Tensor:
        return scalar()


@op("hard_negatives", Role.DETECTION, paper=LIU)
class HardNegatives(Said):
    """Of matches without an object those that a head is most wrong about, in each image:
    ``(N, classes), (N, 9) -> (N, 9)``.

    There are ``ratio`` for each match with an object. The label of all others becomes -1.
    """

    ratio: float = param("Matches without an object for each with one.", Kind.NUMBER, least=0)

    def shape(self, *inputs: Tensor) -> Tensor:
        return inputs[1]


def divided() -> Any:
    """The parameter that says what a sum is divided by."""
    words = ("counted", "positive", "one")
    return param("What the sum is divided by.", Kind.WORD, default="counted", words=words)


@op("class_loss", Role.DETECTION, paper="Girshick, Fast R-CNN, 2015, section 2.3")
class ClassLoss(Said):
    """The cross-entropy of what a head says of each match that counts:
    ``(N, classes), (N, 9) -> ()``.

    The first branch has logits, no probabilities. The sum over a batch is divided by how many
    matches count in it (``counted``), or how many have an object (``positive``), at least 1, or by
    nothing (``one``). Without a class for the ``background`` only those with an object count.
    """

    over: str = divided()
    background: bool = param("Whether class 0 is no object.", Kind.FLAG, default=True)


@op("object_loss", Role.DETECTION, paper=REN)
class ObjectLoss(Said):
    """The cross-entropy of whether there is an object, of each match that counts:
    ``(N, 1), (N, 9) -> ()``.

    The first branch has a logit a box. The sum over a batch is divided as that of `class_loss`.
    """

    over: str = divided()

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        check_single(self.name, inputs[0])


@op("box_loss", Role.DETECTION, paper="Girshick, Fast R-CNN, 2015, section 2.3")
class BoxLoss(Said):
    """How far boxes are from the true ones, over the matches with an object:
    ``(N, 4), (N, 9) -> ()``.

    The first branch has moves, as `decode_boxes` takes them; of several a box, ``(N, 4 * k)``,
    those of its label count. A difference ``d`` below ``beta`` counts as ``d * d / (2 * beta)``,
    one above it as ``d - beta / 2``. The sum over a batch is divided as that of `class_loss`.
    """

    weights_: Any = param(
        "What the moves are over: x, y, width, height.", Kind.NUMBERS, default=(1, 1, 1, 1)
    )
    beta: float = param("Where the square ends.", Kind.NUMBER, default=1.0, least=0)
    over: str = divided()

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        if number(inputs[0].sizes[-1]) % CORNERS:
            what = f"`box_loss` takes 4 numbers a box, found {inputs[0]}"
            raise Misfit("group-mismatch", what, operand=0)
        if len(self.weights_) != CORNERS:
            what = f"`weights` of `box_loss` has 4 numbers, found {len(self.weights_)}"
            raise Misfit("input-count", what, argument="weights")


class InCells(Op):
    """Boxes in the cells of a map, some at each, as `cell_boxes` has them."""

    inputs: ClassVar[tuple[int, int | None]] = (2, 2)
    joins = True
    spreads = False

    map: Any
    sizes: Any

    def check_cells(self, x: Tensor) -> None:
        """Refuse other than one row for each box of each cell."""
        (cells,) = tensors_of(self.map)
        check_map(self.name, cells)
        check_boxes(self.name, x, 0)
        wanted = cells.sizes[1] * cells.sizes[2] * len(self.sizes)
        if not equal(x.sizes[0], wanted):
            what = f"`{self.name}` has {len(self.sizes)} boxes at each cell of {cells}, found {x}"
            raise Misfit("shape-mismatch", what, argument="sizes")


@op("match_cells", Role.DETECTION, paper=REDMON)
class MatchCells(InCells):
    """Each true box with one box of the cell that its centre is in: ``(N, 4), (T, 5) -> (N, 9)``.

    The first branch has boxes, as `cell_boxes` makes them, the second what the image shows. Of the
    cell that box is matched whose anchor overlaps the true one most if both had one centre; of two
    true boxes that want one box the later has it. Of the others those that overlap some true box by
    more than ``ignore`` do not count. Labels are those shown and 1 more, as 0 is no object.
    """

    map: Any = param("The map whose cells are meant.", Kind.TENSORS)
    sizes: Any = param("Width and height of each anchor, in cells.", Kind.NUMBERS)
    ignore: float = param("What overlaps more does not count.", Kind.NUMBER, least=0, most=1)
    frame: Any = param("The image that boxes lie in.", Kind.FRAME, default=None)
    image: Any = param("The image that true boxes lie in.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        self.check_cells(inputs[0])
        check_truth(self.name, inputs[1], 1)

    def shape(self, *inputs: Tensor) -> Tensor:
        return Tensor((inputs[0].sizes[0], MATCH), (MATCHES, FEATURES))


@op("cell_loss", Role.DETECTION, paper=REDMON)
class CellLoss(InCells):
    """How far boxes in cells are from the true ones, in their code: ``(N, 4), (N, 9) -> ()``.

    The first branch has what `cell_boxes` takes. Half the squares are summed over a batch: of the
    sigmoid of the first two numbers, and of the last two as they are, against the code of the true
    box. Each counts as 2 less the part of the image that the true box takes.

    A box without an object is pulled to its anchor in the middle of its cell, and that counts as
    ``pull``; Darknet has 0.01 for the first 12,800 images.
    """

    map: Any = param("The map whose cells are meant.", Kind.TENSORS)
    sizes: Any = param("Width and height of each anchor, in cells.", Kind.NUMBERS)
    pull: float = param("Weight of what has no object.", Kind.NUMBER, default=0.0, least=0)
    frame: Any = param("The image that boxes lie in.", Kind.FRAME, default=None)

    def check(self, *inputs: Tensor) -> None:
        self.check_cells(inputs[0])
        check_matches(self.name, inputs[1], 1)

    def shape(self, *inputs: Tensor) -> Tensor:
        return scalar()


@op("overlap_loss", Role.DETECTION, paper=REDMON)
class OverlapLoss(Said):
    """How far the sigmoid of a logit is from how much a box overlaps the true one:
    ``(N, 1), (N, 9) -> ()``.

    The first branch has a logit a box. Half the squares are summed over a batch; those of matches
    with an object count ``some``, those of others, whose sigmoid is to be 0, count ``empty``. With
    ``whole`` the sigmoid of those with an object is to be 1 instead.
    """

    some: float = param("Weight of what has an object.", Kind.NUMBER, default=1.0, least=0)
    empty: float = param("Weight of what has none.", Kind.NUMBER, default=1.0, least=0)
    whole: bool = param("Whether an object is to be 1.", Kind.FLAG, default=False)

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        check_single(self.name, inputs[0])
