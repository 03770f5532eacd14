"""Redmon and Farhadi, YOLO9000: Better, Faster, Stronger, 2016. arXiv:1612.08242

As Darknet's darknet19.cfg, yolov2.cfg, yolov2-voc.cfg and yolov2-tiny.cfg have it: 64
channels are passed through (the paper has 512), and an image is stretched to the net's
size (Darknet puts a grey border around since 2017). Lines are in the order of a file of
weights.

Generated from yolo.net by `netwright build yolo.net --target torch`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import (
    batched_nms,
    box_area,
    box_iou,
    clip_boxes_to_image,
    nms,
    remove_small_boxes,
)

__all__ = [
    "Darknet19",
    "Passthrough",
    "Plain",
    "Stage",
    "Stages",
    "Unit",
    "YOLOv2",
    "darknet19",
    "yolov2",
    "yolov2_tiny",
    "yolov2_voc",
]


class Reorg(nn.Module):
    """Cells become channels as in Darknet, which reads the map under other sizes."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n

    def forward(self, x: Tensor) -> Tensor:
        _, channels, height, width = x.shape
        n = self.n
        x = x.reshape(-1, channels // (n * n), height, n, width, n)
        x = x.permute(0, 3, 5, 1, 2, 4)
        return x.reshape(-1, n * n * channels, height // n, width // n)


def cell_places(cells: Tensor) -> Tensor:
    """Column and row of every cell of a map, row by row, (cells, 1, 2)."""
    height, width = cells.shape[-2:]
    down = torch.arange(height, device=cells.device)
    along = torch.arange(width, device=cells.device)
    y, x = torch.meshgrid(down, along, indexing="ij")
    return torch.stack((x, y), dim=-1).reshape(-1, 1, 2)


def cell_boxes(
    codes: Tensor, cells: Tensor, frame: Tensor, sizes: Sequence[Sequence[float]]
) -> Tensor:
    """Boxes as YOLO codes them, in the cells of a map, as corners in pixels, (B, N, 4)."""
    height, width = cells.shape[-2:]
    codes = codes.reshape(len(codes), -1, len(sizes), 4)
    centre = cell_places(cells) + codes[..., :2].sigmoid()
    half = 0.5 * codes.new_tensor(sizes) * codes[..., 2:].exp()
    step = codes.new_tensor([frame.shape[-1] / width, frame.shape[-2] / height])
    corners = torch.cat(((centre - half) * step, (centre + half) * step), dim=-1)
    return corners.flatten(1, 2)


class Match(NamedTuple):
    """Boxes of an image, the true box that each is matched to, and the label of that one:
    0 where it is matched to none, -1 where it does not count.
    """

    boxes: Tensor
    truth: Tensor
    labels: Tensor


def true_boxes(shown: dict[str, Tensor], frame: Tensor, image: Tensor | None) -> Tensor:
    """The true boxes of an image, in pixels of the frame."""
    truth = shown["boxes"].to(frame.dtype)
    if image is None:
        return truth
    height, width = (a / b for a, b in zip(frame.shape[-2:], image.shape[-2:]))
    return truth * truth.new_tensor([width, height, width, height])


@torch.no_grad()
def match_cells(
    boxes: Tensor,
    targets: Sequence[dict[str, Tensor]],
    cells: Tensor,
    frame: Tensor,
    sizes: Sequence[Sequence[float]],
    *,
    image: Tensor | None = None,
    ignore: float,
) -> list[Match]:
    """The boxes of the cells of a map with the true ones, given as corners in pixels of
    the image, each in the cell of its centre with the anchor that fits it best.
    """
    height, width = cells.shape[-2:]
    step = boxes.new_tensor([frame.shape[-1] / width, frame.shape[-2] / height])
    anchors = boxes.new_tensor(sizes)
    found = []
    for box, shown in zip(boxes, targets):
        truth, labels = true_boxes(shown, frame, image), shown["labels"]
        if len(truth) == 0:
            found.append(Match(box, torch.zeros_like(box), labels.new_zeros(len(box))))
            continue
        side = (truth[:, 2:] - truth[:, :2]) / step
        x, y = ((truth[:, :2] + truth[:, 2:]) / 2 / step).long().unbind(dim=1)
        cell = y.clamp(0, height - 1) * width + x.clamp(0, width - 1)
        both = torch.minimum(side[:, None], anchors).prod(dim=-1)
        fits = both / (side.prod(dim=-1)[:, None] + anchors.prod(dim=-1) - both)
        rows = cell * len(anchors) + fits.argmax(dim=1)
        order = torch.arange(len(rows), device=rows.device)
        own = rows.new_full((len(box),), -1)
        own = own.scatter_reduce(0, rows, order, "amax")  # the last one has the cell
        near = box_iou(truth, box).amax(dim=0) > ignore
        label = torch.where(own >= 0, labels[own] + 1, torch.where(near, -1, 0))
        found.append(Match(box, truth[own], label))
    return found


def cell_loss(
    codes: Tensor,
    matches: Sequence[Match],
    cells: Tensor,
    frame: Tensor,
    sizes: Sequence[Sequence[float]],
    *,
    pull: float = 0.0,
) -> Tensor:
    """How far boxes in cells are from the true ones: half the squares, summed."""
    labels = torch.stack([match.labels for match in matches])[..., None]
    truth = torch.stack([match.truth for match in matches])
    image = truth.new_tensor([frame.shape[-1], frame.shape[-2]])
    anchors = truth.new_tensor(sizes)
    corner = cell_places(cells).expand(-1, len(anchors), -1).flatten(0, 1)
    anchors = anchors.repeat(len(corner) // len(anchors), 1)
    step = image / truth.new_tensor([cells.shape[-1], cells.shape[-2]])
    side = truth[..., 2:] - truth[..., :2]
    centre = (truth[..., :2] + side / 2) / step - corner
    weight = 2 - (side / image).prod(dim=-1, keepdim=True)
    mine = labels > 0
    weight = torch.where(mine, weight, pull)
    centre = torch.where(mine, centre, 0.5)
    growth = torch.where(mine, (side / step / anchors).clamp(min=1e-9).log(), 0)
    place = codes[..., :2].sigmoid() - centre
    off = torch.cat((place, codes[..., 2:] - growth), dim=-1)
    return 0.5 * (weight * off.square()).sum()


def overlap_loss(
    logits: Tensor,
    matches: Sequence[Match],
    some: float,
    empty: float,
    *,
    whole: bool = False,
) -> Tensor:
    """How far the sigmoid of a logit is from how much its box and the true one overlap, or
    from 1, and of a box without an object from 0: half the squares, summed.
    """
    boxes, truth, labels = (torch.cat(part) for part in zip(*matches))
    low = torch.maximum(boxes[:, :2], truth[:, :2])
    high = torch.minimum(boxes[:, 2:], truth[:, 2:])
    both = (high - low).clamp(min=0).prod(dim=-1)
    overlap = both / (box_area(boxes) + box_area(truth) - both)
    wanted = torch.ones_like(overlap) if whole else overlap.detach()
    off = torch.where(labels > 0, wanted, 0) - logits.flatten().sigmoid()
    weight = torch.where(labels > 0, some, empty).masked_fill(labels < 0, 0)
    return 0.5 * (weight * off.square()).sum()


def matches_over(labels: Tensor, over: str) -> Tensor | int:
    """What a sum is divided by: how many matches count, or have an object, or 1."""
    if over == "one":
        return 1
    return (labels > 0 if over == "positive" else labels >= 0).sum().clamp(min=1)


def class_loss(
    logits: Tensor,
    matches: Iterable[Match],
    *,
    over: str = "counted",
    background: bool = True,
) -> Tensor:
    """The cross-entropy of the matches that count, over how many there are."""
    labels = torch.cat([match.labels for match in matches])
    wanted = labels if background else labels.clamp(min=0) - 1  # none is no class
    rows = logits.flatten(0, -2)
    loss = F.cross_entropy(rows, wanted, ignore_index=-1, reduction="sum")
    return loss / matches_over(labels, over)


def apart_nms(boxes: Tensor, scores: Tensor, groups: Tensor, overlap: float) -> Tensor:
    """Places of the best boxes, best first; one that overlaps a better one of its group
    goes.
    """
    if not torch.compiler.is_exporting():
        best: Tensor = batched_nms(boxes, scores, groups, overlap)
        return best
    # Exported, `batched_nms` asks how many boxes there are, and `nms` wants to keep two.
    two = boxes.new_tensor([[-2, -2, -1, -1], [-4, -4, -3, -3]])
    side = torch.cat((boxes, two)).max() + 1
    apart = torch.cat((boxes + groups[:, None] * side, two))
    best = nms(apart, torch.cat((scores, scores.new_full((2,), -1.0))), overlap)
    return best[:-2]


def candidates(
    boxes: Tensor, scores: Tensor, least: float, pre: int | None, background: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes, scores and labels above the least score; of each class no more than some."""
    first = 1 if background else 0
    if pre is None:
        place, label = torch.where(scores[:, first:] > least)
        label = label + first
    elif torch.compiler.is_exporting():  # without a number that depends on scores
        best, rows = scores[:, first:].T.topk(min(pre, len(scores)))
        label, rank = torch.where(best > least)
        place, label = rows[label, rank], label + first
    else:
        places, labels = [], []
        for each in range(first, scores.shape[1]):
            rows = torch.where(scores[:, each] > least)[0]
            best = scores[rows, each].topk(min(pre, len(rows))).indices
            places.append(rows[best])
            labels.append(torch.full_like(rows[best], each))
        place, label = torch.cat(places), torch.cat(labels)
    chosen = boxes[place] if boxes.dim() == 2 else boxes[place, label]
    return chosen, scores[place, label], label


def detect(
    boxes: Iterable[Tensor],
    scores: Iterable[Tensor],
    frame: Tensor,
    *,
    image: Tensor | None = None,
    score: float,
    overlap: float,
    keep: int,
    pre: int | None = None,
    min_size: float = 0.0,
    per_class: bool = True,
    background: bool = True,
) -> list[dict[str, Tensor]]:
    """The boxes of each image that are an object, best first, in pixels of the image."""
    height, width = frame.shape[-2:]
    found = []
    for box, rows in zip(boxes, scores):
        box = clip_boxes_to_image(box, (height, width))
        box, rows, label = candidates(box, rows, score, pre, background)
        if min_size > 0:
            large = remove_small_boxes(box, min_size)
            box, rows, label = box[large], rows[large], label[large]
        apart = label if per_class else torch.zeros_like(label)
        best = apart_nms(box, rows, apart, overlap)[:keep]
        box = box[best]
        if image is not None:
            tall, wide = image.shape[-2] / height, image.shape[-1] / width
            x, y, x2, y2 = box.unbind(dim=1)
            box = torch.stack((x * wide, y * tall, x2 * wide, y2 * tall), dim=1)
        found.append({"boxes": box, "scores": rows[best], "labels": label[best]})
    return found


class Detector(nn.Module):
    """A net that finds boxes."""

    @torch.no_grad()
    def detect(self, image: Tensor, *given: Tensor) -> dict[str, Tensor]:
        """What is in a picture (3, H, W) of values from 0 to 1, or of integers to 255,
        best first: `boxes` (N, 4), as corners in its pixels, `scores`, `labels` (N,).
        """
        if not image.is_floating_point():
            image = image / 255
        modes = [(module, module.training) for module in self.modules()]
        weight = next(self.parameters(), image)
        inputs = [each[None].to(weight) for each in (image, *given)]
        try:
            found: list[dict[str, Tensor]] = self.eval()(*inputs)
        finally:
            for module, training in modes:
                module.training = training
        return found[0]


class Unit(nn.Module):
    """A convolution that keeps the size of the map.

    (in_channels, H, W) -> (width, H, W)
    """

    def __init__(self, in_channels: int, width: int, k: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, width, k, padding="same", bias=False)
        self.bn = nn.BatchNorm2d(width, momentum=0.01)
        self.leaky_relu = nn.LeakyReLU(0.1, inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        x = self.bn(x)
        x = self.leaky_relu(x)
        return x


class Stage(nn.Sequential):
    """Wide units and narrow ones in turn.

    (in_channels, H, W) -> (width, H, W)
    """

    def __init__(self, in_channels: int, width: int, depth: int) -> None:
        super().__init__(Unit(in_channels, width))
        for _ in range(depth // 2):
            self.append(Unit(width, width // 2, 1))
            self.append(Unit(width // 2, width))


class Stages(nn.Sequential):
    """Stages with a pool between each two: table 6.

    (in_channels, H, W) -> (channels, H', W')
    """

    def __init__(self, in_channels: int, depths: Sequence[int]) -> None:
        super().__init__()
        channels = in_channels
        for i, depth in enumerate(depths):
            if i > 0:
                self.append(nn.MaxPool2d(2))
            self.append(Stage(channels, 32 * 2**i, depth))
            channels = 32 * 2**i
        self.out_channels = channels


class Passthrough(nn.Module):
    """Darknet-19 and two units more; a map of twice the size is passed through to what
    they give.

    (in_channels, H, W) -> (1024, H', W')
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.out_channels = 1024
        self.fine = Stages(in_channels, [1, 1, 3, 3, 5])
        self.coarse = nn.Sequential(
            nn.MaxPool2d(2),
            Stage(self.fine.out_channels, 1024, 5),
            Unit(1024, 1024),
            Unit(1024, 1024),
        )
        self.reduce = nn.Sequential(Unit(self.fine.out_channels, 64, 1), Reorg(2))
        self.merge = Unit(1280, 1024)

    def forward(self, x: Tensor) -> Tensor:
        x = fine = self.fine(x)
        coarse = self.coarse(x)
        x = torch.cat([self.reduce(fine), coarse], dim=1)
        x = self.merge(x)
        return x


class Plain(nn.Sequential):
    """A unit before each pool; the last pool keeps the size of the map.

    (in_channels, H, W) -> (512, H', W')
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.out_channels = 512
        channels = in_channels
        for i in range(5):
            self.append(Unit(channels, 16 * 2**i))
            self.append(nn.MaxPool2d(2))
            channels = 16 * 2**i
        self.append(Unit(channels, 512))
        self.append(
            nn.Sequential(
                nn.ConstantPad2d((0, 1, 0, 1), float("-inf")), nn.MaxPool2d(2, stride=1)
            )
        )
        self.append(Unit(512, 1024))
        self.append(Unit(1024, 512))


class Darknet19(nn.Module):
    """The classifier: table 6.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.features = Stages(3, [1, 1, 3, 3, 5, 5])
        self.head = nn.Conv2d(self.features.out_channels, classes, 1)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = self.head(x)
        x = x.mean(dim=(2, 3))
        x = self.softmax(x)
        return x


class YOLOv2(Detector):
    """Anchors in cells; a score is an object's times its class's: section 2. `darknet
    detect` shows those above 0.5, `darknet detector valid` all above 0.005.

    (3, H, W) -> (boxes=100, 6)
    """

    def __init__(
        self,
        backbone: Callable[..., Passthrough | Plain] = Passthrough,
        size: int = 608,
        classes: int = 80,
        anchors: Sequence[Sequence[float]] = (
            (0.57273, 0.677385),
            (1.87446, 2.06253),
            (3.33843, 5.47434),
            (7.88282, 3.52778),
            (9.77052, 9.16828),
        ),
        score: float = 0.5,
        pull: float = 0.01,
    ) -> None:
        super().__init__()
        self.size = size
        self.classes = classes
        self.anchors = anchors
        self.score = score
        self.pull = pull
        self.backbone = backbone(3)
        self.head = nn.Conv2d(
            self.backbone.out_channels, len(anchors) * (5 + classes), 1
        )
        self.sigmoid = nn.Sigmoid()
        self.softmax = nn.Softmax(dim=2)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(
        self, x: Tensor, targets: list[dict[str, Tensor]] | None = None
    ) -> list[dict[str, Tensor]] | dict[str, Tensor]:
        y = frame = F.interpolate(x, size=self.size, mode="bilinear")
        y = self.backbone(y)
        y = head = self.head(y)
        rows = y.permute(0, 2, 3, 1).reshape(y.shape[0], -1, 5 + self.classes)
        codes = rows[:, :, :4]
        objects = rows[:, :, 4:5]
        logits = rows[:, :, 5 : 5 + self.classes]
        boxes = cell_boxes(codes, head, frame, self.anchors)
        if self.training and targets is not None:
            matches = match_cells(
                boxes, targets, head, frame, self.anchors, image=x, ignore=0.6
            )
            coordinates = cell_loss(
                codes, matches, head, frame, self.anchors, pull=self.pull
            )
            objectness = overlap_loss(objects, matches, 5, 1)
            classification = class_loss(logits, matches, over="one", background=False)
            return {
                "coordinates": coordinates,
                "objectness": objectness,
                "classification": classification,
            }
        scores = self.sigmoid(objects) * self.softmax(logits)
        found: list[dict[str, Tensor]] = detect(
            boxes,
            scores,
            frame,
            image=x,
            score=self.score,
            overlap=0.45,
            keep=100,
            background=False,
        )
        return found


def darknet19(classes: int = 1000) -> Darknet19:
    """Darknet19: 20,842,376 parameters, 3.65 GMACs at 3 x 256 x 256.

    `H` and `W` must each be at least 32.
    """
    return Darknet19(classes=classes)


def yolov2(
    backbone: Callable[..., Passthrough | Plain] = Passthrough,
    size: int = 608,
    classes: int = 80,
    anchors: Sequence[Sequence[float]] = (
        (0.57273, 0.677385),
        (1.87446, 2.06253),
        (3.33843, 5.47434),
        (7.88282, 3.52778),
        (9.77052, 9.16828),
    ),
    score: float = 0.5,
    pull: float = 0.01,
) -> YOLOv2:
    """YOLOv2: 50,962,889 parameters, 31.5 GMACs at 3 x 608 x 608."""
    return YOLOv2(
        backbone=backbone,
        size=size,
        classes=classes,
        anchors=anchors,
        score=score,
        pull=pull,
    )


def yolov2_voc(
    backbone: Callable[..., Passthrough | Plain] = Passthrough,
    score: float = 0.5,
    pull: float = 0.01,
) -> YOLOv2:
    """YOLOv2_VOC: 50,655,389 parameters, 14.7 GMACs at 3 x 416 x 416."""
    anchors = [
        [1.3221, 1.73145],
        [3.19275, 4.00944],
        [5.05587, 8.09892],
        [9.47112, 4.84053],
        [11.2364, 10.0071],
    ]
    return YOLOv2(
        size=416, classes=20, anchors=anchors, backbone=backbone, score=score, pull=pull
    )


def yolov2_tiny(
    classes: int = 80,
    anchors: Sequence[Sequence[float]] = (
        (0.57273, 0.677385),
        (1.87446, 2.06253),
        (3.33843, 5.47434),
        (7.88282, 3.52778),
        (9.77052, 9.16828),
    ),
    score: float = 0.5,
    pull: float = 0.01,
) -> YOLOv2:
    """YOLOv2_Tiny: 11,232,057 parameters, 2.70 GMACs at 3 x 416 x 416."""
    return YOLOv2(
        Plain, size=416, classes=classes, anchors=anchors, score=score, pull=pull
    )
