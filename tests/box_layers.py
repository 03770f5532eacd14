"""The layers of detectors as tests draw them, and torchvision's own for the same arguments.

What torchvision lacks is written out: YOLO's coding, warped regions, classes that are not apart.

Each of `OFFICIAL` takes a layer, the tensors of its branches and those that its arguments name, two
examples each, and gives a list with an entry for each image, or one tensor.
"""

from collections.abc import Callable, Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

from drawn import Draw, Drawn, flags, image, make, small
from hypothesis import strategies as st

from netwright.ops.frame import tensors_of
from netwright.tensor import BOXES, FEATURES, MATCHES, TRUTH, Tensor, number
from netwright.values import Kernel, Ref

Values = Any  # torch.Tensor


# Arguments and inputs


def rows(number: int, wide: int = 4) -> Tensor:
    return Tensor((number, wide), (BOXES, FEATURES))


def draw_maps(draw: Draw, most: int = 3) -> tuple[Ref, tuple[Ref, ...]]:
    """An image, and maps of it."""
    height, width = draw(st.integers(20, 70)), draw(st.integers(20, 70))
    sides = draw(st.lists(st.tuples(small, small), min_size=1, max_size=most))
    maps = tuple(Ref(image(2, *side), place) for place, side in enumerate(sides))
    return Ref(image(3, height, width), -1), maps


def of_maps(draw: Draw, maps: tuple[Ref, ...], numbers: tuple[float, ...]) -> Any:
    """A list of numbers for all maps, or one for each."""
    each = st.lists(st.sampled_from(numbers), min_size=1, max_size=3, unique=True).map(tuple)
    return tuple(draw(each) for _ in maps) if draw(flags) else draw(each)


def draw_anchors(draw: Draw, name: str) -> Drawn:
    frame, maps = draw_maps(draw)
    op = make(
        name,
        maps=maps[0] if len(maps) == 1 and draw(flags) else maps,
        sizes=of_maps(draw, maps, (8, 16, 20)),
        ratios=of_maps(draw, maps, (0.5, 1.0, 2.0)),
        scales=draw(st.sampled_from([(1,), (1, 1.5)])),
        centred=draw(flags),
        frame=frame,
    )
    return (op,)


def draw_prior_boxes(draw: Draw, name: str) -> Drawn:
    frame, maps = draw_maps(draw)
    op = make(
        name,
        maps=maps,
        scales=tuple(0.1 + 0.2 * place for place in range(len(maps) + 1)),
        ratios=of_maps(draw, maps, (2, 3)),
        steps=draw(st.sampled_from([None, tuple(8 * 2**i for i in range(len(maps)))])),
        clip=draw(flags),
        frame=frame,
    )
    return (op,)


def draw_cells(draw: Draw, name: str) -> Drawn:
    n = draw(small)
    return make(name, n=n), image(n * draw(small), draw(small), draw(small))


def draw_decode(draw: Draw, name: str) -> Drawn:
    number, several = draw(small), draw(st.integers(1, 3))
    op = make(name, weights=draw(st.sampled_from([(1, 1, 1, 1), (10, 10, 5, 5)])))
    return op, rows(number, 4 * several), rows(number)


def draw_cell_boxes(draw: Draw, name: str) -> Drawn:
    frame, (cells, *_) = draw_maps(draw)
    sizes = tuple((1.5 * place + 0.5, 2.0) for place in range(draw(small)))
    _, height, width = cells.tensor.sizes
    op = make(name, map=cells, sizes=sizes, frame=frame)
    return op, rows(height * width * len(sizes))


def draw_proposals(draw: Draw, name: str) -> Drawn:
    frame, _ = draw_maps(draw)
    numbers = draw(st.lists(small, min_size=1, max_size=3))
    op = make(name, keep=draw(st.integers(1, sum(numbers))), nms=0.5, frame=frame)
    return op, *(rows(n, 1) for n in numbers), *(rows(n) for n in numbers)


def draw_regions(draw: Draw, name: str) -> Drawn:
    frame, maps = draw_maps(draw, most=3 if name == "roi_align" else 1)
    size = draw(st.sampled_from([1, 3, Kernel((2, 4))]))
    options: dict[str, Any] = {"size" if name == "warp" else "k": size}
    if name == "roi_align":
        options |= {"samples": draw(st.integers(1, 2)), "frame": frame}
        options["scale"] = 0.25 if len(maps) == 1 and draw(flags) else None
    return make(name, **options), *(x.tensor for x in maps), rows(draw(small))


def draw_detections(draw: Draw, name: str) -> Drawn:
    frame, _ = draw_maps(draw)
    number, classes = draw(small), draw(st.integers(2, 4))
    several = draw(flags)
    first = Tensor((number, classes, 4), (BOXES, "", FEATURES)) if several else rows(number)
    keep = draw(st.integers(1, number if several else min(number, 3)))  # no fewer are left
    op = make(name, score=0.0, nms=0.5, keep=keep, pre=None if several else 3, frame=frame)
    return op, first, rows(number, classes)


def draw_normalize(draw: Draw, name: str) -> Drawn:
    channels = draw(small)
    numbers = tuple(0.1 * (place + 1) for place in range(channels))
    return make(name, mean=numbers, std=numbers[::-1]), image(channels, draw(small), draw(small))


def draw_resize(draw: Draw, name: str) -> Drawn:
    x = image(3, draw(st.integers(3, 40)), draw(st.integers(3, 40)))
    if draw(flags):
        return make(name, size=draw(st.sampled_from([(7,), (5, 9)]))), x
    longer = draw(st.integers(8, 60))
    return make(name, shorter=draw(st.integers(4, 20)), longer=longer), x


def draw_pad_to(draw: Draw, name: str) -> Drawn:
    x = image(3, draw(st.integers(1, 20)), draw(st.integers(1, 20)))
    return make(name, multiple=draw(st.integers(1, 9))), x


def matches(number: int) -> Tensor:
    return Tensor((number, 9), (MATCHES, FEATURES))


def draw_match(draw: Draw, name: str) -> Drawn:
    frame, _ = draw_maps(draw)
    shown = Tensor((draw(small), 5), (TRUTH, FEATURES))
    op = make(name, high=0.5, added=draw(flags), frame=frame, image=frame)
    return op, rows(draw(small)), shown


def draw_sample(draw: Draw, name: str) -> Drawn:
    return make(name, n=draw(small), positive=0.5, drop=draw(flags)), matches(draw(small))


def draw_matched(draw: Draw, name: str) -> Drawn:
    return make(name), matches(draw(small))


def draw_said(draw: Draw, name: str) -> Drawn:
    number = draw(small)
    options: dict[str, Any] = {"ratio": 3} if name == "hard_negatives" else {}
    wide = {"box_loss": 4 * draw(small), "object_loss": 1, "overlap_loss": 1}
    return make(name, **options), rows(number, wide.get(name, draw(small))), matches(number)


def draw_in_cells(draw: Draw, name: str) -> Drawn:
    op, boxes = draw_cell_boxes(draw, "cell_boxes")
    options: dict[str, Any] = {"ignore": 0.6} if name == "match_cells" else {}
    op = make(name, map=op.map, sizes=op.sizes, frame=op.frame, **options)
    shown = Tensor((draw(small), 5), (TRUTH, FEATURES))
    return op, boxes, shown if name == "match_cells" else matches(boxes.sizes[0])


SAID = ("hard_negatives", "class_loss", "object_loss", "box_loss", "overlap_loss")
DRAWN: dict[str, Callable[[Draw, str], Drawn]] = {
    "anchors": draw_anchors,
    "prior_boxes": draw_prior_boxes,
    "cells": draw_cells,
    "decode_boxes": draw_decode,
    "cell_boxes": draw_cell_boxes,
    "proposals": draw_proposals,
    **dict.fromkeys(["roi_pool", "roi_align", "warp"], draw_regions),
    "detections": draw_detections,
    "normalize": draw_normalize,
    "resize": draw_resize,
    "pad_to": draw_pad_to,
    "match": draw_match,
    "sample": draw_sample,
    "matched_boxes": draw_matched,
    **dict.fromkeys(SAID, draw_said),
    **dict.fromkeys(["match_cells", "cell_loss"], draw_in_cells),
}


# torchvision's


class Given:
    """What a layer is given: its branches, and what its arguments name."""

    def __init__(self, branches: list[Values], maps: list[Values], frame: Values) -> None:
        self.branches, self.maps, self.frame = branches, maps, frame

    @classmethod
    def of(cls, op: Any, inputs: tuple[Tensor, ...]) -> "Given":
        """One example: boxes apart from each other, and numbers between 0 and 1."""
        import torch

        maps = op.argument("maps") or op.argument("map")
        frame = op.argument("frame")
        rest = [torch.rand(1, *x.sizes) for x in tensors_of(maps)]
        whole = None if frame is None else torch.rand(1, *frame.tensor.sizes)
        places = count()
        branches = [
            apart(x, places) if x.axes[0] == BOXES and x.sizes[-1] == 4 else torch.rand(1, *x.sizes)
            for x in inputs
        ]
        return cls(branches, rest, whole)

    @property
    def halves(self) -> tuple[list[Values], list[Values]]:
        half = len(self.branches) // 2
        return self.branches[:half], self.branches[half:]

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """The sizes of the frame, of each image."""
        return [tuple(self.frame.shape[-2:])] * len(self.frame)


def apart(x: Tensor, places: Iterator[int]) -> Values:
    """Boxes that do not overlap, nor any of those before them."""
    import torch

    numbers = [next(places) for _ in range(number(x.sizes[0]))]
    corners = torch.tensor([[n % 4, n // 4, n % 4 + 0.8, n // 4 + 0.8] for n in numbers]) * 5
    return corners.reshape(1, -1, *[1] * (x.rank - 2), 4).expand(1, *x.sizes)


def for_each(value: Any, maps: list[Values]) -> list[Any]:
    return list(value) if type(value[0]) is tuple else [value] * len(maps)


def anchors(op: Any, given: Given) -> Values:
    """Beside the corners of cells, as torchvision has them, at their centres."""
    import torch
    from torchvision.models.detection.anchor_utils import AnchorGenerator
    from torchvision.models.detection.image_list import ImageList

    maps = given.maps
    sizes = [
        [size * scale for size in row for scale in op.scales] for row in for_each(op.sizes, maps)
    ]
    made = AnchorGenerator(sizes, for_each(op.ratios, maps))
    found = made(ImageList(given.frame, given.shapes), maps)[0]
    if not op.centred:
        return found
    half, (height, width) = [], given.shapes[0]
    for x, number_of in zip(maps, made.num_anchors_per_location(), strict=True):
        down, along = x.shape[-2:]
        step = torch.tensor([width // along, height // down] * 2) / 2
        half.append(step.expand(number_of * down * along, 4))
    return found + torch.cat(half)


def prior_boxes(op: Any, given: Given) -> Values:
    from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
    from torchvision.models.detection.image_list import ImageList

    made = DefaultBoxGenerator(
        for_each(op.ratios, given.maps), scales=list(op.scales), steps=op.steps, clip=op.clip
    )
    return made(ImageList(given.frame, given.shapes), given.maps)[0]


def cells(op: Any, given: Given) -> Values:
    from torchvision.models.detection.rpn import permute_and_flatten

    (x,) = given.branches
    number, channels, height, width = x.shape
    return permute_and_flatten(x, number, channels // op.n, op.n, height, width)


def decode_boxes(op: Any, given: Given) -> Values:
    import torch
    from torchvision.models.detection._utils import BoxCoder

    coder = BoxCoder(op.weights_)
    rows = [coder.decode_single(*pair) for pair in zip(*given.branches, strict=True)]
    return torch.stack([row.reshape(len(row), -1, 4).squeeze(1) for row in rows])


def cell_boxes(op: Any, given: Given) -> Values:
    """As ``get_region_box`` of Darknet's region_layer.c, in pixels and as corners."""
    import torch

    (codes,), (cells,) = given.branches, given.maps
    high, wide = cells.shape[-2:]
    (image_high, image_wide), found = given.shapes[0], torch.empty_like(codes)
    for n in range(codes.shape[1]):
        (row, column), anchor = divmod(n // len(op.sizes), wide), op.sizes[n % len(op.sizes)]
        x, y, w, h = codes[:, n].unbind(1)
        x = (column + x.sigmoid()) / wide * image_wide
        y = (row + y.sigmoid()) / high * image_high
        w = w.exp() * anchor[0] / wide * image_wide
        h = h.exp() * anchor[1] / high * image_high
        found[:, n] = torch.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2), dim=1)
    return found


def proposals(op: Any, given: Given) -> list[Values]:
    import torch
    from torchvision.models.detection.anchor_utils import AnchorGenerator
    from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead

    scores, boxes = given.halves
    most, numbers = sum(box.shape[1] for box in boxes), [box.shape[1] for box in boxes]
    before, after = dict.fromkeys(["training", "testing"], op.pre or most), {"testing": op.keep}
    head = RPNHead(1, 1)
    network = RegionProposalNetwork(
        AnchorGenerator(), head, 0.7, 0.3, 256, 0.5, before, after | {"training": 0}, op.nms
    ).eval()
    network.min_size = op.min_size
    all_boxes, all_scores = torch.cat(boxes, dim=1), torch.cat(scores, dim=1)
    return network.filter_proposals(all_boxes, all_scores, given.shapes, numbers)[0]


def both(size: Any) -> Any:
    return size if isinstance(size, tuple) else (size, size)


def roi_pool(op: Any, given: Given) -> Values:
    from torchvision.ops import RoIPool

    x, boxes = given.branches
    return RoIPool(both(op.k), op.scale)(x, list(boxes))


def roi_align(op: Any, given: Given) -> Values:
    from torchvision.ops import MultiScaleRoIAlign, RoIAlign

    *maps, boxes = given.branches
    if op.scale is not None:
        return RoIAlign(both(op.k), op.scale, op.samples, op.aligned)(maps[0], list(boxes))
    names = [str(place) for place in range(len(maps))]
    made = MultiScaleRoIAlign(names, both(op.k), op.samples)
    return made(dict(zip(names, maps, strict=True)), list(boxes), given.shapes)


def warp(op: Any, given: Given) -> Values:
    """Sampled at the centres of the pixels that are wanted."""
    import torch
    from torch.nn.functional import grid_sample

    x, boxes = given.branches
    high, wide = both(op.size)
    size = torch.tensor([wide, high])
    middle, side = (boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]
    side = side * size / (size - 2 * op.context)
    rows, columns = torch.meshgrid(torch.arange(high), torch.arange(wide), indexing="ij")
    places = (torch.stack((columns, rows), dim=-1) + 0.5) / size - 0.5
    places = middle[:, :, None, None] + places * side[:, :, None, None]
    grid = 2 * places / torch.tensor([x.shape[-1], x.shape[-2]]) - 1
    found = [
        grid_sample(
            one.expand(len(of_one), *one.shape), of_one, padding_mode="border", align_corners=False
        )
        for one, of_one in zip(x, grid, strict=True)
    ]
    return torch.cat(found)


def detections(op: Any, given: Given) -> list[Values]:
    """As `RoIHeads` has them, of a box for each class, or as `SSD` has them."""
    import torch
    from torchvision.models.detection.roi_heads import RoIHeads
    from torchvision.models.detection.ssd import SSD

    boxes, scores = given.branches
    if not (op.per_class and op.background):
        return [chosen(op, *pair, given.shapes[0]) for pair in zip(boxes, scores, strict=True)]
    coder = SimpleNamespace(
        decode=lambda moves, _: moves.flatten(0, 1), decode_single=lambda moves, _: moves
    )
    options = SimpleNamespace(
        box_coder=coder,
        score_thresh=op.score,
        nms_thresh=op.nms,
        detections_per_img=op.keep,
        topk_candidates=op.pre,
    )
    if boxes.dim() == 3:
        heads = {"bbox_regression": boxes, "cls_logits": scores.log()}
        each = SSD.postprocess_detections(options, heads, list(boxes), given.shapes)
        found = [tuple(image.values()) for image in each]
    else:
        logits = scores.flatten(0, 1).log()
        parts = RoIHeads.postprocess_detections(options, logits, boxes, list(boxes), given.shapes)
        found = list(zip(*parts, strict=True))
    return [torch.cat((box, *(row[:, None] for row in rest)), dim=1) for box, *rest in found]


def chosen(op: Any, boxes: Values, scores: Values, sides: tuple[int, int]) -> Values:
    """Of one image: the best box, all that it leaves, the best of those, and so on."""
    import torch
    from torchvision.ops import box_iou, clip_boxes_to_image

    boxes = clip_boxes_to_image(boxes, sides)
    first = 1 if op.background else 0
    left = [
        (score, label, box)
        for box, row in zip(boxes, scores.tolist(), strict=True)
        for label, score in enumerate(row)
        if label >= first and score > op.score and (box[2:] - box[:2]).min() >= op.min_size
    ]
    left.sort(key=lambda row: -row[0])
    found = []
    while left and len(found) < op.keep:
        (score, label, box), *rest = left
        found.append(torch.cat((box, torch.tensor([score, label]))))
        left = [
            row
            for row in rest
            if (op.per_class and row[1] != label) or box_iou(box[None], row[2][None]) <= op.nms
        ]
    return torch.stack(found) if found else torch.zeros(0, 6)


def normalize(op: Any, given: Given) -> Values:
    from torchvision.transforms import Normalize

    return Normalize(op.mean, op.std)(given.branches[0])


def transform(op: Any, longer: int) -> Any:
    from torchvision.models.detection.transform import GeneralizedRCNNTransform

    return GeneralizedRCNNTransform(op.shorter, longer, [0.0], [1.0]).eval()


def resize(op: Any, given: Given) -> Values:
    import torch
    from torchvision.transforms.functional import resize as to_size

    (x,) = given.branches
    if op.size is not None:
        return to_size(x, list(op.size) * (2 // len(op.size)), antialias=False)
    made = transform(op, op.longer or 100_000)
    return torch.stack([made.resize(one)[0] for one in x])


def pad_to(op: Any, given: Given) -> Values:
    import torch
    from torchvision.models.detection.transform import GeneralizedRCNNTransform

    made = GeneralizedRCNNTransform(1, 1, [0.0], [1.0])
    return torch.cat([made.batch_images([one], op.multiple) for one in given.branches[0]])


OFFICIAL: dict[str, Callable[[Any, Given], Any]] = {
    "anchors": anchors,
    "prior_boxes": prior_boxes,
    "cells": cells,
    "decode_boxes": decode_boxes,
    "cell_boxes": cell_boxes,
    "proposals": proposals,
    "roi_pool": roi_pool,
    "roi_align": roi_align,
    "warp": warp,
    "detections": detections,
    "normalize": normalize,
    "resize": resize,
    "pad_to": pad_to,
}
