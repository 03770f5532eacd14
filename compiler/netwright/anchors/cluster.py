"""k-means of box sizes, whose distance is 1 - IoU.

Redmon and Farhadi, YOLO9000: Better, Faster, Stronger, 2016, section 2.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random

from netwright.anchors.read import Size
from netwright.record import record

MOST_TURNS = 300


@record
class Anchors:
    """The sizes that were found, smallest first, and how well they fit: the mean IoU of each box
    with the best of them."""

    sizes: tuple[Size, ...]
    mean_iou: float


def anchors(
    boxes: Sequence[Size], count: int, *, seed: int, tell: Callable[[int], None]
) -> Anchors:
    """So many sizes that boxes are near to; ``tell`` hears of each turn over all boxes."""
    centres = first(boxes, count, Random(seed))
    chosen: list[int] = []
    for turn in range(MOST_TURNS):
        tell(turn + 1)
        nearest = [_nearest(box, centres) for box in boxes]
        if nearest == chosen:
            break
        chosen = nearest
        centres = means(boxes, chosen, centres)
    centres = sorted(centres, key=lambda size: size[0] * size[1])
    fits = sum(max(iou(box, centre) for centre in centres) for box in boxes)
    return Anchors(tuple(centres), fits / len(boxes))


def iou(a: Size, b: Size) -> float:
    """Intersection over union of two boxes with one centre."""
    both = min(a[0], b[0]) * min(a[1], b[1])
    return both / (a[0] * a[1] + b[0] * b[1] - both)


def first(boxes: Sequence[Size], count: int, draw: Random) -> list[Size]:
    """Boxes to begin with, each drawn by its squared distance to those before it.

    Arthur and Vassilvitskii, k-means++: The Advantages of Careful Seeding, 2007.
    """
    centres = [boxes[draw.randrange(len(boxes))]]
    far = [1.0] * len(boxes)
    while len(centres) < count:
        far = [min(d, 1 - iou(box, centres[-1])) for d, box in zip(far, boxes, strict=True)]
        sums = list(accumulate(d * d for d in far))
        centres += draw.choices(boxes, cum_weights=sums)
    return centres


def means(boxes: Sequence[Size], chosen: Sequence[int], centres: Sequence[Size]) -> list[Size]:
    """The mean of the boxes that chose each centre; one that none chose stays."""
    sums = [[0.0, 0.0, 0.0] for _ in centres]
    for (width, height), place in zip(boxes, chosen, strict=True):
        total = sums[place]
        total[0] += width
        total[1] += height
        total[2] += 1
    return [
        (width / n, height / n) if n else centre
        for (width, height, n), centre in zip(sums, centres, strict=True)
    ]


def _nearest(box: Size, centres: Sequence[Size]) -> int:
    """The place of the centre with the largest IoU; written out, for it is asked of every box."""
    width, height = box
    area, best, found = width * height, -1.0, 0
    for place, (w, h) in enumerate(centres):
        both = (width if width < w else w) * (height if height < h else h)
        fit = both / (area + w * h - both)
        if fit > best:
            best, found = fit, place
    return found
