"""Girshick et al., Rich Feature Hierarchies for Accurate Object Detection, 2014.
arXiv:1311.2524

Girshick, Fast R-CNN, 2015. arXiv:1504.08083. Ren et al., Faster R-CNN, 2015.
arXiv:1506.01497

Sizes, thresholds and anchors are those of the authors' code: pools round up, and the
moves of released weights are in units of the box.

Generated from rcnn.net by `netwright build rcnn.net --target torch`.
"""

import math
from collections import OrderedDict
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
    roi_align,
    roi_pool,
)

__all__ = [
    "RCNN",
    "Bottleneck",
    "BoxHeads",
    "BoxHeadsOutputs",
    "FastRCNN_VGG16",
    "FasterRCNN_ResNet50_FPN",
    "FasterRCNN_VGG16",
    "Pyramid",
    "RegionProposals",
    "RegionProposalsOutputs",
    "Resnet50Maps",
    "RpnHead",
    "RpnHeadOutputs",
    "VggMaps",
    "fasterrcnn_resnet50_fpn",
    "fasterrcnn_resnet50_fpn_frozenbn",
    "fasterrcnn_vgg16",
    "fastrcnn_vgg16",
    "rcnn",
]


def grid_anchors(
    maps: Sequence[Tensor],
    frame: Tensor,
    sizes: Sequence[Sequence[float]],
    ratios: Sequence[Sequence[float]],
    scales: Sequence[float] = (1,),
    centred: bool = False,
) -> Tensor:
    """Anchors at every cell of each map as corners in pixels of the frame, (N, 4)."""
    found = []
    for x, sides, shapes in zip(maps, sizes, ratios):
        rows, columns = x.shape[-2:]
        side = x.new_tensor([size * scale for size in sides for scale in scales])
        high = x.new_tensor(shapes).sqrt()[:, None]
        w, h = (side / high).flatten(), (side * high).flatten()
        boxes = (torch.stack((-w, -h, w, h), dim=1) / 2).round()
        place = 0.5 if centred else 0
        down = (torch.arange(rows, device=x.device) + place) * (frame.shape[-2] // rows)
        along = torch.arange(columns, device=x.device) + place
        along = along * (frame.shape[-1] // columns)
        top, left = torch.meshgrid(down, along, indexing="ij")
        places = torch.stack((left, top, left, top), dim=-1).reshape(-1, 1, 4)
        found.append((places + boxes).reshape(-1, 4))
    return torch.cat(found)


def decode_boxes(
    moves: Tensor, boxes: Tensor, weights: Sequence[float] = (1, 1, 1, 1)
) -> Tensor:
    """Boxes, as corners, whose centres and sides a head moves: both (..., 4)."""
    width, height = boxes[..., 2] - boxes[..., 0], boxes[..., 3] - boxes[..., 1]
    x, y, w, h = (moves[..., i] / weight for i, weight in enumerate(weights))
    x = x * width + (boxes[..., 0] + 0.5 * width)
    y = y * height + (boxes[..., 1] + 0.5 * height)
    largest = math.log(1000 / 16)  # keeps exp from overflowing
    w = 0.5 * (w.clamp(max=largest).exp() * width)
    h = 0.5 * (h.clamp(max=largest).exp() * height)
    return torch.stack((x - w, y - h, x + w, y + h), dim=-1)


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


@torch.no_grad()
def propose(
    logits: Sequence[Tensor],
    boxes: Sequence[Tensor],
    frame: Tensor,
    *,
    keep: int,
    overlap: float,
    pre: int | None = None,
    min_size: float = 0.001,
) -> list[Tensor]:
    """The boxes of each image that are most likely an object, best first, (K, 4)."""
    height, width = frame.shape[-2:]
    found = []
    for image in range(frame.shape[0]):
        scores, corners, levels = [], [], []
        for i, (logit, box) in enumerate(zip(logits, boxes)):
            rows = logit[image, :, 0]
            best, places = rows.topk(min(pre or len(rows), len(rows)))
            scores.append(best.sigmoid())
            corners.append(box[image, places])
            levels.append(torch.full_like(places, i))
        score, box, level = torch.cat(scores), torch.cat(corners), torch.cat(levels)
        box = clip_boxes_to_image(box, (height, width))
        large = remove_small_boxes(box, min_size)
        score, box, level = score[large], box[large], level[large]
        found.append(box[apart_nms(box, score, level, overlap)[:keep]])
    return found


def warp(
    x: Tensor, boxes: Sequence[Tensor], size: int | tuple[int, int], context: int = 0
) -> Tensor:
    """What an image shows in each box, and some pixels around it, in one size."""
    height, width = (size, size) if isinstance(size, int) else size
    sides = x.new_tensor([width, height])
    grown = []
    for box in boxes:
        centre, half = (box[:, :2] + box[:, 2:]) / 2, (box[:, 2:] - box[:, :2]) / 2
        half = half * sides / (sides - 2 * context)
        grown.append(torch.cat((centre - half, centre + half), dim=1))
    found: Tensor = roi_align(x, grown, (height, width), sampling_ratio=1, aligned=True)
    return found


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


def decode_regions(
    moves: Tensor, boxes: Sequence[Tensor], weights: Sequence[float] = (1, 1, 1, 1)
) -> list[Tensor]:
    """The boxes of each image moved by the rows of a head, one or several each."""
    rows = moves.reshape(-1, moves.shape[1] // 4, 4)
    found = decode_boxes(rows, torch.cat(list(boxes))[:, None], weights).squeeze(1)
    return list(torch.split(found, [each.shape[0] for each in boxes]))


def resize(x: Tensor, shorter: int, longer: int | None = None) -> Tensor:
    """Pictures whose shorter side is of one length, unless the longer one would be too long."""
    sides = x.shape[-2:]
    scale = shorter / min(sides)
    if longer is not None:
        scale = min(scale, longer / max(sides))
    return F.interpolate(
        x, scale_factor=scale, mode="bilinear", recompute_scale_factor=True
    )


def pad_to(x: Tensor, multiple: int) -> Tensor:
    """Zeros below and at the right, up to a multiple of cells."""
    height, width = x.shape[-2:]
    return F.pad(x, (0, -width % multiple, 0, -height % multiple))


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
def match_boxes(
    boxes: Iterable[Tensor],
    targets: Sequence[dict[str, Tensor]],
    frame: Tensor,
    *,
    image: Tensor | None = None,
    high: float,
    low: float | None = None,
    best: str = "plain",
    added: bool = False,
) -> list[Match]:
    """The boxes of each image with the true ones, given as corners in pixels of the image,
    that they overlap most.
    """
    found = []
    for box, shown in zip(boxes, targets):
        truth = true_boxes(shown, frame, image)
        box = torch.cat((box, truth)) if added else box
        if len(truth) == 0:
            labels = shown["labels"].new_zeros(len(box))
            found.append(Match(box, torch.zeros_like(box), labels))
            continue
        overlap = box_iou(truth, box)
        most, place = overlap.max(dim=0)
        none = most < (high if low is None else low)
        unsure = (most < high) & ~none
        if best == "kept":
            fits = (overlap == overlap.max(dim=1, keepdim=True).values).any(dim=0)
            none, unsure = none & ~fits, unsure & ~fits
        elif best == "forced":
            fits = overlap.argmax(dim=1)
            place[fits] = torch.arange(len(truth), device=place.device)
            none[fits] = unsure[fits] = False
        labels = shown["labels"][place].masked_fill(none, 0).masked_fill(unsure, -1)
        found.append(Match(box, truth[place], labels))
    return found


def sample_matches(
    matches: Iterable[Match], number: int, positive: float, *, drop: bool = False
) -> list[Match]:
    """Some matches of each image by chance, with an object and without; of all others the
    label becomes -1, or they go.
    """
    found = []
    for match in matches:
        labels = match.labels
        some, none = torch.where(labels > 0)[0], torch.where(labels == 0)[0]
        count = min(len(some), int(number * positive))
        some = some[torch.randperm(len(some), device=some.device)[:count]]
        count = min(len(none), number - count)
        none = none[torch.randperm(len(none), device=none.device)[:count]]
        rows = torch.cat((some, none)).sort().values
        if drop:
            found.append(Match(*(each[rows] for each in match)))
        else:
            drawn = torch.full_like(labels, -1)
            drawn[rows] = labels[rows]
            found.append(match._replace(labels=drawn))
    return found


def matches_over(labels: Tensor, over: str) -> Tensor | int:
    """What a sum is divided by: how many matches count, or have an object, or 1."""
    if over == "one":
        return 1
    return (labels > 0 if over == "positive" else labels >= 0).sum().clamp(min=1)


def object_loss(
    logits: Tensor, matches: Iterable[Match], *, over: str = "counted"
) -> Tensor:
    """The cross-entropy of whether there is an object, over the matches that count."""
    labels = torch.cat([match.labels for match in matches])
    rows = torch.where(labels >= 0)[0]
    found = logits.flatten()[rows]
    wanted = (labels[rows] > 0).to(found.dtype)
    loss = F.binary_cross_entropy_with_logits(found, wanted, reduction="sum")
    return loss / matches_over(labels, over)


def encode_boxes(truth: Tensor, boxes: Tensor, weights: Sequence[float]) -> Tensor:
    """The moves that bring boxes to the true ones, both as corners (N, 4)."""
    place, side = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    wanted = truth[:, 2:] - truth[:, :2]
    step = (truth[:, :2] + 0.5 * wanted - (place + 0.5 * side)) / side
    moves = torch.cat((step, (wanted / side).log()), dim=1)
    return moves * moves.new_tensor(weights)


def box_loss(
    moves: Tensor,
    matches: Sequence[Match],
    weights: Sequence[float] = (1, 1, 1, 1),
    *,
    beta: float = 1.0,
    over: str = "counted",
) -> Tensor:
    """How far boxes are from the true ones, over the matches with an object."""
    boxes, truth, labels = (torch.cat(part) for part in zip(*matches))
    rows = torch.where(labels > 0)[0]
    moves = moves.reshape(len(labels), -1, 4)
    found = moves[rows, labels[rows] if moves.shape[1] > 1 else 0]
    wanted = encode_boxes(truth[rows], boxes[rows], weights)
    loss = F.smooth_l1_loss(found, wanted, beta=beta, reduction="sum")
    return loss / matches_over(labels, over)


def align_regions(
    maps: Sequence[Tensor],
    boxes: Sequence[Tensor],
    frame: Tensor,
    size: int | tuple[int, int],
    *,
    samples: int,
    aligned: bool = False,
) -> Tensor:
    """Features of every box, from the map that suits its size: (boxes, C, size, size)."""
    scales = [2 ** round(math.log2(x.shape[-2] / frame.shape[-2])) for x in maps]
    regions = torch.cat(list(boxes))
    image = torch.cat([torch.full_like(each[:, :1], i) for i, each in enumerate(boxes)])
    regions = torch.cat((image, regions), dim=1)
    side = box_area(regions[:, 1:]).sqrt()
    first, last = -math.log2(scales[0]), -math.log2(scales[-1])
    level = (4 + (side / 224).log2() + 1e-6).floor().clamp(first, last) - first
    height, width = (size, size) if isinstance(size, int) else size
    found = maps[0].new_zeros(regions.shape[0], maps[0].shape[1], height, width)
    for i, (x, scale) in enumerate(zip(maps, scales)):
        rows = torch.where(level == i)[0]
        part = roi_align(x, regions[rows], (height, width), scale, samples, aligned)
        found[rows] = part.to(found.dtype)
    return found


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


class Normalize(nn.Module):
    """Each channel less its mean, over its deviation."""

    mean: Tensor
    std: Tensor

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean), persistent=False)
        self.register_buffer("std", torch.tensor(std), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        shape = (-1, *[1] * (x.dim() - 2))
        return (x - self.mean.view(shape)) / self.std.view(shape)


class FrozenBatchNorm(nn.Module):
    """Batch normalisation of which nothing trains and nothing is updated."""

    weight: Tensor
    bias: Tensor
    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.register_buffer("weight", torch.ones(channels))
        self.register_buffer("bias", torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        scale = self.weight * (self.running_var + self.eps).rsqrt()
        shift = self.bias - self.running_mean * scale
        shape = (-1, *[1] * (x.dim() - 2))
        return x * scale.reshape(shape) + shift.reshape(shape)


class VggMaps(nn.Sequential):
    """VGG-16 up to its last convolution: one cell for 16 pixels.

    (in_channels, H, W) -> (512, H', W')
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        channels = in_channels
        for i, n in enumerate([2, 2, 3, 3]):
            width = min(64 * 2**i, 512)
            for _ in range(n):
                conv = nn.Conv2d(channels, width, 3, padding=1)
                nn.init.kaiming_normal_(conv.weight, mode="fan_out")
                if conv.bias is not None:
                    nn.init.zeros_(conv.bias)
                self.append(conv)
                self.append(nn.ReLU(inplace=True))
                channels = width
            self.append(nn.MaxPool2d(2, ceil_mode=True))
        for _ in range(3):
            conv = nn.Conv2d(channels, 512, 3, padding=1)
            nn.init.normal_(conv.weight, std=0.01)
            if conv.bias is not None:
                nn.init.zeros_(conv.bias)
            self.append(conv)
            self.append(nn.ReLU(inplace=True))
            channels = 512


class Bottleneck(nn.Module):
    """A 3 x 3 convolution between two of 1 x 1: figure 5, right. The stride is in the 3
    x 3 one.

    (in_channels, H, W) -> (4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int = 1,
        groups: int = 1,
        base: int = 64,
        dilation: int = 1,
        norm: Callable[[int], nn.Module] = nn.BatchNorm2d,
    ) -> None:
        super().__init__()
        inner = width * base // 64 * groups
        out = 4 * width
        self.conv1 = nn.Conv2d(in_channels, inner, 1, bias=False)
        nn.init.kaiming_normal_(self.conv1.weight, mode="fan_out")
        self.bn1 = norm(inner)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(
            inner,
            inner,
            3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            groups=groups,
            bias=False,
        )
        nn.init.kaiming_normal_(self.conv2.weight, mode="fan_out")
        self.bn2 = norm(inner)
        self.conv3 = nn.Conv2d(inner, out, 1, bias=False)
        nn.init.kaiming_normal_(self.conv3.weight, mode="fan_out")
        self.bn3 = norm(out)
        self.downsample: nn.Sequential | None = None
        if stride != 1 or in_channels != out:
            conv = nn.Conv2d(in_channels, out, 1, stride=stride, bias=False)
            nn.init.kaiming_normal_(conv.weight, mode="fan_out")
            self.downsample = nn.Sequential(conv, norm(out))

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(x)
        y = self.bn1(y)
        y = self.relu(y)
        y = self.conv2(y)
        y = self.bn2(y)
        y = self.relu(y)
        y = self.conv3(y)
        y = self.bn3(y)
        if self.downsample is not None:
            x = self.downsample(x)
        x = y + x
        x = self.relu(x)
        return x


class Resnet50Maps(nn.Module):
    """ResNet-50 without its head: a map from each stage.

    (in_channels, H, W) -> (256, ((H + 1) // 2 + 1) // 2, ((W + 1) // 2 + 1) // 2)
    """

    def __init__(
        self, in_channels: int, norm: Callable[[int], nn.Module] = nn.BatchNorm2d
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 64, 7, stride=2, padding=3, bias=False)
        nn.init.kaiming_normal_(self.conv1.weight, mode="fan_out")
        self.bn1 = norm(64)
        self.relu = nn.ReLU(inplace=True)
        self.max_pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = nn.Sequential()
        channels = 64
        for _ in range(3):
            self.layer1.append(Bottleneck(channels, 64, norm=norm))
            channels = 256
        self.layer2 = nn.Sequential()
        channels = 256
        for j in range(4):
            self.layer2.append(
                Bottleneck(channels, 128, stride=2 if j == 0 else 1, norm=norm)
            )
            channels = 512
        self.layer3 = nn.Sequential()
        channels = 512
        for j in range(6):
            self.layer3.append(
                Bottleneck(channels, 256, stride=2 if j == 0 else 1, norm=norm)
            )
            channels = 1024
        self.layer4 = nn.Sequential()
        channels = 1024
        for j in range(3):
            self.layer4.append(
                Bottleneck(channels, 512, stride=2 if j == 0 else 1, norm=norm)
            )
            channels = 2048

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.conv1(x)
        x = self.bn1(x)
        x = self.relu(x)
        x = self.max_pool(x)
        x = layer1 = self.layer1(x)
        x = layer2 = self.layer2(x)
        x = layer3 = self.layer3(x)
        layer4 = self.layer4(x)
        return [layer1, layer2, layer3, layer4]


class Pyramid(nn.Module):
    """Maps of one width: lateral 1 x 1, top-down, then 3 x 3: figure 3.

    4 x (maps_channels, H, W) -> (width, H, W)
    """

    def __init__(self, maps_channels: Sequence[int], width: int) -> None:
        super().__init__()
        self.inner_blocks = nn.ModuleList(
            [nn.Sequential(nn.Conv2d(channels, width, 1)) for channels in maps_channels]
        )
        self.layer_blocks = nn.ModuleList(
            [nn.Sequential(nn.Conv2d(width, width, 3, padding=1)) for _ in range(4)]
        )

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        parts = [block(x) for block, x in zip(self.inner_blocks, maps)]
        top = parts[3]
        top_2 = parts[2] + F.interpolate(top, scale_factor=2)
        top_3 = parts[1] + F.interpolate(top_2, scale_factor=2)
        top_4 = parts[0] + F.interpolate(top_3, scale_factor=2)
        parts = [
            block(x) for block, x in zip(self.layer_blocks, [top_4, top_3, top_2, top])
        ]
        return parts


class BoxHeadsOutputs(NamedTuple):
    """What `BoxHeads` returns."""

    output: Tensor
    logits: Tensor
    moves: Tensor


class BoxHeads(nn.Module):
    """The class and the box of every region: two fully connected layers on 7 x 7 cells.

    (in_channels, H, W) -> (4 * classes,), where `fc6_in_features` values leave the
    convolutions
    """

    def __init__(self, fc6_in_features: int, classes: int) -> None:
        super().__init__()
        self.box_head = nn.Sequential(
            OrderedDict(
                fc6=nn.Linear(fc6_in_features, 1024),
                relu=nn.ReLU(inplace=True),
                fc7=nn.Linear(1024, 1024),
                relu_3=nn.ReLU(inplace=True),
            )
        )
        self.box_predictor = nn.ModuleDict(
            {
                "cls_score": nn.Linear(1024, classes),
                "bbox_pred": nn.Linear(1024, 4 * classes),
            }
        )

    def forward(self, x: Tensor) -> BoxHeadsOutputs:
        x = x.flatten(1)
        x = box_head = self.box_head(x)
        cls_score = self.box_predictor["cls_score"](x)
        x = bbox_pred = self.box_predictor["bbox_pred"](box_head)
        logits = cls_score
        moves = bbox_pred
        return BoxHeadsOutputs(x, logits, moves)


class RpnHeadOutputs(NamedTuple):
    """What `RpnHead` returns."""

    output: Tensor
    logits: Tensor
    moves: Tensor


class RpnHead(nn.Module):
    """What each anchor is, and how it moves.

    (in_channels, H, W) -> (4 * anchors, H, W)
    """

    def __init__(self, in_channels: int, anchors: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Sequential(
                nn.Conv2d(in_channels, in_channels, 3, padding=1), nn.ReLU(inplace=True)
            )
        )
        self.cls_logits = nn.Conv2d(in_channels, anchors, 1)
        self.bbox_pred = nn.Conv2d(in_channels, 4 * anchors, 1)

    def forward(self, x: Tensor) -> RpnHeadOutputs:
        x = features = self.conv(x)
        x = self.cls_logits(x)
        y = self.bbox_pred(features)
        return RpnHeadOutputs(y, x, y)


class RegionProposalsOutputs(NamedTuple):
    """What `RegionProposals` returns."""

    output: list[Tensor]
    said: Tensor
    moved: Tensor


class RegionProposals(nn.Module):
    """Boxes that are most likely an object: anchors of one size a map, moved by one
    head.

    5 x (maps_channels, H, W), (frame_channels, H, W), (padded_channels, H, W) ->
    (boxes=1000, 4)
    """

    def __init__(self, maps_channels: Sequence[int]) -> None:
        super().__init__()
        self.head = RpnHead(maps_channels[0], 3)

    def forward(
        self, maps: Sequence[Tensor], frame: Tensor, padded: Tensor
    ) -> RegionProposalsOutputs:
        x, logits, moves = self.head(maps[0])
        x = moves.permute(0, 2, 3, 1).reshape(moves.shape[0], -1, 4)
        y = grid_anchors([maps[0]], padded, [[32 * 2**0]], [[0.5, 1, 2]])
        y = decode_boxes(x, y)
        z = logits.permute(0, 2, 3, 1).reshape(logits.shape[0], -1, 1)
        u, logits, moves = self.head(maps[1])
        u = moves.permute(0, 2, 3, 1).reshape(moves.shape[0], -1, 4)
        v = grid_anchors([maps[1]], padded, [[32 * 2**1]], [[0.5, 1, 2]])
        v = decode_boxes(u, v)
        w = logits.permute(0, 2, 3, 1).reshape(logits.shape[0], -1, 1)
        w_2, logits, moves = self.head(maps[2])
        w_2 = moves.permute(0, 2, 3, 1).reshape(moves.shape[0], -1, 4)
        w_3 = grid_anchors([maps[2]], padded, [[32 * 2**2]], [[0.5, 1, 2]])
        w_3 = decode_boxes(w_2, w_3)
        w_4 = logits.permute(0, 2, 3, 1).reshape(logits.shape[0], -1, 1)
        w_5, logits, moves = self.head(maps[3])
        w_5 = moves.permute(0, 2, 3, 1).reshape(moves.shape[0], -1, 4)
        w_6 = grid_anchors([maps[3]], padded, [[32 * 2**3]], [[0.5, 1, 2]])
        w_6 = decode_boxes(w_5, w_6)
        w_7 = logits.permute(0, 2, 3, 1).reshape(logits.shape[0], -1, 1)
        w_8, logits, moves = self.head(maps[4])
        w_8 = moves.permute(0, 2, 3, 1).reshape(moves.shape[0], -1, 4)
        w_9 = grid_anchors([maps[4]], padded, [[32 * 2**4]], [[0.5, 1, 2]])
        w_9 = decode_boxes(w_8, w_9)
        w_10 = logits.permute(0, 2, 3, 1).reshape(logits.shape[0], -1, 1)
        said = torch.cat([z, w, w_4, w_7, w_10], dim=1)
        moved = torch.cat([x, u, w_2, w_5, w_8], dim=1)
        boxes = propose(
            [z, w, w_4, w_7, w_10],
            [y, v, w_3, w_6, w_9],
            frame,
            keep=2000 if self.training else 1000,
            overlap=0.7,
            pre=2000 if self.training else 1000,
        )
        return RegionProposalsOutputs(boxes, said, moved)


class RCNN(Detector):
    """Each region warped to one size and scored by a support vector machine a class:
    section 2.

    (3, H, W), (N, 4) -> (boxes=100, 6)
    """

    def __init__(self, classes: int = 200) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 11, stride=4)
        self.relu = nn.ReLU(inplace=True)
        self.max_pool = nn.MaxPool2d(3, stride=2)
        self.lrn = nn.LocalResponseNorm(5)
        self.conv2 = nn.Conv2d(96, 256, 5, padding=2, groups=2)
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = nn.Conv2d(384, 384, 3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(384, 256, 3, padding=1, groups=2)
        self.fc6 = nn.Linear(256 * 6 * 6, 4096)
        nn.init.normal_(self.fc6.weight, std=0.01)
        nn.init.zeros_(self.fc6.bias)
        self.dropout = nn.Dropout(0.5)
        self.fc7 = nn.Linear(4096, 4096)
        nn.init.normal_(self.fc7.weight, std=0.01)
        nn.init.zeros_(self.fc7.bias)
        self.svms = nn.Linear(4096, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.01)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, image: Tensor, regions: Tensor) -> list[dict[str, Tensor]]:
        x = warp(image, list(regions), 227, context=16)
        x = self.conv1(x)
        x = self.relu(x)
        x = self.max_pool(x)
        x = self.lrn(x)
        x = self.conv2(x)
        x = self.relu(x)
        x = self.max_pool(x)
        x = self.lrn(x)
        x = self.conv3(x)
        x = self.relu(x)
        x = self.conv4(x)
        x = self.relu(x)
        x = self.conv5(x)
        x = self.relu(x)
        x = self.max_pool(x)
        x = x.flatten(1)
        x = self.fc6(x)
        x = self.relu(x)
        x = self.dropout(x)
        x = self.fc7(x)
        x = self.relu(x)
        x = self.dropout(x)
        x = self.svms(x)
        found: list[dict[str, Tensor]] = detect(
            regions,
            torch.split(x, [each.shape[0] for each in regions]),
            image,
            score=0,
            overlap=0.3,
            keep=100,
            background=False,
        )
        return found


class FastRCNN_VGG16(Detector):
    """Given regions, classified and moved: figure 1.

    (3, H, W), (N, 4) -> (boxes=100, 6)
    """

    def __init__(self, classes: int = 21) -> None:
        super().__init__()
        self.features = VggMaps(3)
        self.fc6 = nn.Linear(512 * 7 * 7, 4096)
        self.relu = nn.ReLU(inplace=True)
        self.dropout = nn.Dropout(0.5)
        self.fc7 = nn.Linear(4096, 4096)
        self.cls_score = nn.Linear(4096, classes)
        self.softmax = nn.Softmax(dim=1)
        self.bbox_pred = nn.Linear(4096, 4 * classes)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, image: Tensor, regions: Tensor) -> list[dict[str, Tensor]]:
        features = self.features(image)
        x = roi_pool(features, list(regions), 7, 1 / 16)
        x = x.flatten(1)
        x = self.fc6(x)
        x = self.relu(x)
        x = self.dropout(x)
        x = self.fc7(x)
        x = self.relu(x)
        x = features = self.dropout(x)
        x = self.cls_score(x)
        scores = self.softmax(x)
        x = self.bbox_pred(features)
        x = decode_boxes(x.reshape(*x.shape[:-1], -1, 4), regions[..., None, :])
        found: list[dict[str, Tensor]] = detect(
            x,
            torch.split(scores, [each.shape[0] for each in x]),
            image,
            score=0.05,
            overlap=0.3,
            keep=100,
        )
        return found


class FasterRCNN_VGG16(Detector):
    """The regions proposed by a net on the same map, nine anchors a cell: figure 2.

    (3, H, W) -> (boxes=100, 6)
    """

    def __init__(self, classes: int = 21) -> None:
        super().__init__()
        self.features = VggMaps(3)
        self.rpn_conv = nn.Conv2d(512, 512, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.rpn_cls_score = nn.Conv2d(512, 18, 1)
        self.rpn_bbox_pred = nn.Conv2d(512, 36, 1)
        self.fc6 = nn.Linear(512 * 7 * 7, 4096)
        self.dropout = nn.Dropout(0.5)
        self.fc7 = nn.Linear(4096, 4096)
        self.cls_score = nn.Linear(4096, classes)
        self.softmax = nn.Softmax(dim=1)
        self.bbox_pred = nn.Linear(4096, 4 * classes)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> list[dict[str, Tensor]]:
        y = features = features_2 = self.features(x)
        y = self.rpn_conv(y)
        y = said = self.relu(y)
        y = self.rpn_cls_score(y)
        y = y[:, 9:18] - y[:, :9]
        logits = y.permute(0, 2, 3, 1).reshape(y.shape[0], -1, 1)
        y = self.rpn_bbox_pred(said)
        moves = y.permute(0, 2, 3, 1).reshape(y.shape[0], -1, 4)
        y = grid_anchors(
            [features_2], x, [[128, 256, 512]], [[0.5, 1, 2]], centred=True
        )
        y = decode_boxes(moves, y)
        regions = propose(
            [logits], [y], x, keep=300, overlap=0.7, pre=6000, min_size=16
        )
        y = roi_pool(features, regions, 7, 1 / 16)
        y = y.flatten(1)
        y = self.fc6(y)
        y = self.relu(y)
        y = self.dropout(y)
        y = self.fc7(y)
        y = self.relu(y)
        y = features = self.dropout(y)
        y = self.cls_score(y)
        scores = self.softmax(y)
        y = self.bbox_pred(features)
        boxes = decode_regions(y, regions)
        found: list[dict[str, Tensor]] = detect(
            boxes,
            torch.split(scores, [each.shape[0] for each in boxes]),
            x,
            score=0.05,
            overlap=0.3,
            keep=100,
        )
        return found


class FasterRCNN_ResNet50_FPN(Detector):
    """Both on a pyramid of maps, as torchvision has it: Lin et al., 2017.
    arXiv:1612.03144

    (3, H, W) -> (boxes=100, 6)
    """

    def __init__(
        self, norm: Callable[[int], nn.Module] = nn.BatchNorm2d, classes: int = 91
    ) -> None:
        super().__init__()
        self.normalize = Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        self.backbone = nn.ModuleDict(
            {"body": Resnet50Maps(3, norm), "fpn": Pyramid([256, 512, 1024, 2048], 256)}
        )
        self.max_pool = nn.MaxPool2d(1, stride=2)
        self.rpn = RegionProposals([256] * 5)
        self.roi_heads = BoxHeads(256 * 7 * 7, classes)
        self.softmax = nn.Softmax(dim=1)

    def forward(
        self, x: Tensor, targets: list[dict[str, Tensor]] | None = None
    ) -> list[dict[str, Tensor]] | dict[str, Tensor]:
        y = self.normalize(x)
        y = frame = resize(y, shorter=800, longer=1333)
        y = padded = pad_to(y, 32)
        body = self.backbone["body"](y)
        fpn = self.backbone["fpn"](body)
        y = self.max_pool(fpn[3])
        rpn, said, moved = self.rpn([*fpn, y], frame, padded)
        if self.training and targets is not None:
            y = grid_anchors(
                [*fpn, y], padded, [[32], [64], [128], [256], [512]], [[0.5, 1, 2]] * 5
            )
            matches = match_boxes(
                [y] * len(targets),
                targets,
                frame,
                image=x,
                high=0.7,
                low=0.3,
                best="kept",
            )
            matches = sample_matches(matches, 256, 0.5)
            loss_objectness = object_loss(said, matches)
            loss_rpn_box_reg = box_loss(moved, matches, beta=1 / 9)
            matches = match_boxes(rpn, targets, frame, image=x, high=0.5, added=True)
            matches = sample_matches(matches, 512, 0.25, drop=True)
            boxes = [match.boxes for match in matches]
            y = align_regions(fpn, boxes, frame, 7, samples=2)
            y, logits, moves = self.roi_heads(y)
            loss_classifier = class_loss(logits, matches)
            loss_box_reg = box_loss(moves, matches, [10, 10, 5, 5], beta=1 / 9)
            return {
                "loss_objectness": loss_objectness,
                "loss_rpn_box_reg": loss_rpn_box_reg,
                "loss_classifier": loss_classifier,
                "loss_box_reg": loss_box_reg,
            }
        y = align_regions(fpn, rpn, frame, 7, samples=2)
        y, logits, moves = self.roi_heads(y)
        scores = self.softmax(logits)
        boxes = decode_regions(moves, rpn, [10, 10, 5, 5])
        found: list[dict[str, Tensor]] = detect(
            boxes,
            torch.split(scores, [each.shape[0] for each in boxes]),
            frame,
            image=x,
            score=0.05,
            overlap=0.5,
            keep=100,
            min_size=0.01,
        )
        return found


def rcnn(classes: int = 200) -> RCNN:
    """RCNN: 57,687,624 parameters, 1442 GMACs at 3 x 500 x 375 and 2000 x 4."""
    return RCNN(classes=classes)


def fastrcnn_vgg16(classes: int = 21) -> FastRCNN_VGG16:
    """FastRCNN_VGG16: 134,690,729 parameters, 424 GMACs at 3 x 600 x 1000 and
    2000 x 4.
    """
    return FastRCNN_VGG16(classes=classes)


def fasterrcnn_vgg16(classes: int = 21) -> FasterRCNN_VGG16:
    """FasterRCNN_VGG16: 137,078,239 parameters, 226 GMACs at 3 x 600 x 1000."""
    return FasterRCNN_VGG16(classes=classes)


def fasterrcnn_resnet50_fpn(
    norm: Callable[[int], nn.Module] = nn.BatchNorm2d, classes: int = 91
) -> FasterRCNN_ResNet50_FPN:
    """FasterRCNN_ResNet50_FPN: 41,808,406 parameters, 134 GMACs at 3 x 800 x 800."""
    return FasterRCNN_ResNet50_FPN(norm=norm, classes=classes)


def fasterrcnn_resnet50_fpn_frozenbn(classes: int = 91) -> FasterRCNN_ResNet50_FPN:
    """FasterRCNN_ResNet50_FPN_FrozenBN: 41,755,286 parameters, 134 GMACs at
    3 x 800 x 800.
    """
    return FasterRCNN_ResNet50_FPN(FrozenBatchNorm, classes=classes)
