"""Random heads of detectors: boxes at the cells of a map, moved, and what is found in them."""

from netwright.tensor import CHANNELS, Tensor
from netwright.testing.chains import Grown
from netwright.testing.layers import Unfit
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.pieces import Piece
from netwright.testing.sight import Sight
from netwright.testing.sizes import size

NAMES = ("map", "moved", "found")


def head(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """Boxes on the map, and an output on the side; the map goes on as it is.

    What a box scores has weights of its own at each cell: of equal scores, as a map of zeros gives
    them, the frameworks take different ones.
    """
    is_map = x.rank == 3 and x.axes[0] == CHANNELS and x.integers is None
    is_map = is_map and all(isinstance(side, int) for side in x.sizes)
    if not (sight.has_image and is_map) or sight.taken.intersection(NAMES):
        raise Unfit
    sight.taken.update(NAMES)
    sight.outputs += 1
    boxes, each = _boxes(pen)
    end = choose(pen, [_detections, _proposals, _features])(pen, sight, each)
    lines = ("let map = _", *boxes, "let moved = _", *end, "map -> identity")
    return tuple(map(Piece, lines)), x


def _boxes(pen: Pen) -> tuple[tuple[str, ...], int]:
    """Lines that end in boxes, and how many there are at a cell."""
    if chance(pen, 25):
        return ("map -> conv(8, 1) -> cells(4) -> cell_boxes(map, [[1, 2], [2.5, 0.7]])",), 2
    placed, each = choose(
        pen,
        [
            ("anchors(map, [4])", 1),
            ("anchors(map, [3, 4.5], [0.5, 2], scales=[1, 1.5], centred=true)", 8),
            ("prior_boxes(map, [0.2, 0.6], [[2]])", 4),
            ("prior_boxes(map, [0.3, 0.5], [2, 3], steps=[2], clip=true)", 6),
        ],
    )
    weights = choose(pen, ["", "([5, 5, 2, 2])"])
    moves = f"map -> conv({4 * each}, 1) -> cells(4)"
    return (placed, f"decode_boxes{weights} [ {moves}, _ ]"), each


def _detections(pen: Pen, sight: Sight, each: int) -> tuple[str, ...]:
    classes, _ = size(pen, sight, None, 2, 4)
    options = choose(pen, ["", ", pre=3", ", background=false", ", per_class=false, min_size=0.5"])
    return (
        f"map -> local_conv({each} * ({classes}), 1) -> cells({classes}) -> softmax(axis=1)",
        f"output found: detections(score=0.2, nms=0.5, keep=5{options}) [ moved, _ ]",
    )


def _proposals(pen: Pen, sight: Sight, each: int) -> tuple[str, ...]:
    keep, _ = size(pen, sight, None, 1, 6)
    options = choose(pen, ["", ", pre=7", ", min_size=0.5"])
    return (
        f"map -> local_conv({each}, 1) -> cells(1)",
        f"output found: proposals(keep={keep}, nms=0.7{options}) [ _, moved ]",
    )


def _features(pen: Pen, sight: Sight, each: int) -> tuple[str, ...]:
    kinds = ["roi_pool(2)", "roi_align(2x1)", "roi_align(2, scale=0.5)", "warp(3)"]
    end = choose(pen, ["", " -> relu", " -> flatten -> linear(3)"])
    return (f"output found: {choose(pen, kinds)} [ map, moved ]{end}",)
