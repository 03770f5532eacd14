"""What a detector is trained by: boxes that are matched to those of an image, and losses of them.

A match is a row of nine numbers: a box, the true box that it is matched to, and the label of that
one: 0 where it is matched to none, -1 where it does not count.
"""

from typing import Any, ClassVar

from netwright.ops.anchors import CORNERS
from netwright.ops.base import Kind, Misfit, Op, Role, op, param
from netwright.ops.boxes import check_boxes, rows
from netwright.ops.join import equal
from netwright.sym import Dim, variable
from netwright.tensor import (
    FEATURES,
    MATCHES,
    PROPOSALS,
    TRUTH,
    Dynamic,
    Tensor,
    number,
)

REN = "Ren et al., Faster R-CNN, 2015, section 3.1.2"
LIU = "Liu et al., SSD: Single Shot MultiBox Detector, 2016, section 2.2"
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
        return Tensor((shown + boxes if self.added else boxes, MATCH), (MATCHES, FEATURES))


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
        if not self.drop:
            return inputs[0]
        count = variable("samples")
        sizes = (Dynamic(count, self.n) if isinstance(self.n, int) else count, MATCH)
        return Tensor(sizes, (MATCHES, FEATURES))


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


@op("class_loss", Role.DETECTION, paper="Girshick, Fast R-CNN, 2015, section 2.3")
class ClassLoss(Said):
    """The cross-entropy of what a head says of each match that counts:
    ``(N, classes), (N, 9) -> ()``.

    The first branch has logits, no probabilities. The sum over a batch is divided by how many
    matches count in it, or how many have an object, at least 1.
    """

    over: str = param(
        "What the sum is divided by.", Kind.WORD, default="counted", words=("counted", "positive")
    )


@op("object_loss", Role.DETECTION, paper=REN)
class ObjectLoss(Said):
    """The cross-entropy of whether there is an object, of each match that counts:
    ``(N, 1), (N, 9) -> ()``.

    The first branch has a logit a box. The sum over a batch is divided as that of `class_loss`.
    """

    over: str = param(
        "What the sum is divided by.", Kind.WORD, default="counted", words=("counted", "positive")
    )

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        if inputs[0].sizes[-1] != 1:
            what = f"`object_loss` takes a logit a box, [N, 1], found {inputs[0]}"
            raise Misfit("shape-mismatch", what, operand=0)


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
    over: str = param(
        "What the sum is divided by.", Kind.WORD, default="counted", words=("counted", "positive")
    )

    def check(self, *inputs: Tensor) -> None:
        super().check(*inputs)
        if number(inputs[0].sizes[-1]) % CORNERS:
            what = f"`box_loss` takes 4 numbers a box, found {inputs[0]}"
            raise Misfit("group-mismatch", what, operand=0)
        if len(self.weights_) != CORNERS:
            what = f"`weights` of `box_loss` has 4 numbers, found {len(self.weights_)}"
            raise Misfit("input-count", what, argument="weights")
