"""Liu et al., SSD: Single Shot MultiBox Detector, 2016. arXiv:1512.02325

Scales, steps and thresholds are those of the authors' code, where the paper has others;
those of SSD300_VGG16 are torchvision's.

Generated from ssd.net by `netwright build ssd.net --target torch`.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import (
    batched_nms,
    box_iou,
    clip_boxes_to_image,
    nms,
    remove_small_boxes,
)

__all__ = [
    "SSD",
    "SSD2",
    "Smaller",
    "SsdHead",
    "SsdHead2",
    "SsdMaps",
    "SsdMaps2",
    "ssd300_vgg16",
    "ssd300_voc",
    "ssd512_voc",
]


def prior_boxes(
    maps: Sequence[Tensor],
    frame: Tensor,
    scales: Sequence[float],
    ratios: Sequence[Sequence[float]],
    steps: Sequence[float] | None = None,
    clip: bool = False,
) -> Tensor:
    """Boxes around the centre of every cell as corners in pixels of the frame, (N, 4)."""
    sides = frame.new_tensor([frame.shape[-1], frame.shape[-2]])
    found = []
    for i, x in enumerate(maps):
        height, width = x.shape[-2:]
        rows = height if steps is None else frame.shape[-2] / steps[i]
        columns = width if steps is None else frame.shape[-1] / steps[i]
        side, between = scales[i], math.sqrt(scales[i] * scales[i + 1])
        pairs = [(side, side), (between, between)]
        for ratio in ratios[i]:
            wide, high = side * math.sqrt(ratio), side / math.sqrt(ratio)
            pairs += [(wide, high), (high, wide)]
        half = x.new_tensor(pairs)
        half = 0.5 * (half.clamp(0, 1) if clip else half)
        down = (torch.arange(height, device=x.device) + 0.5) / rows
        along = (torch.arange(width, device=x.device) + 0.5) / columns
        y, z = torch.meshgrid(down, along, indexing="ij")
        centre = torch.stack((z, y), dim=-1).reshape(-1, 1, 2)
        corners = torch.cat(((centre - half) * sides, (centre + half) * sides), dim=-1)
        found.append(corners.reshape(-1, 4))
    return torch.cat(found)


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


def encode_boxes(truth: Tensor, boxes: Tensor, weights: Sequence[float]) -> Tensor:
    """The moves that bring boxes to the true ones, both as corners (N, 4)."""
    place, side = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    wanted = truth[:, 2:] - truth[:, :2]
    step = (truth[:, :2] + 0.5 * wanted - (place + 0.5 * side)) / side
    moves = torch.cat((step, (wanted / side).log()), dim=1)
    return moves * moves.new_tensor(weights)


def matches_over(labels: Tensor, over: str) -> Tensor | int:
    """What a sum is divided by: how many matches count, or have an object, or 1."""
    if over == "one":
        return 1
    return (labels > 0 if over == "positive" else labels >= 0).sum().clamp(min=1)


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


@torch.no_grad()
def hard_negatives(
    logits: Tensor, matches: Sequence[Match], ratio: float
) -> list[Match]:
    """Of the matches without an object those of each image that a head is most wrong about;
    of all others the label becomes -1.
    """
    found = []
    for rows, match in zip(logits, matches):
        labels = match.labels
        loss = F.cross_entropy(rows, labels, ignore_index=-1, reduction="none")
        loss = loss.masked_fill(labels != 0, -math.inf)
        rank = loss.argsort(descending=True).argsort()
        easy = (labels == 0) & (rank >= ratio * (labels > 0).sum())
        found.append(match._replace(labels=labels.masked_fill(easy, -1)))
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


class Smaller(nn.Sequential):
    """A smaller map.

    (in_channels, H, W) -> (width, (H + 2 * pad - k) // stride + 1,
    (W + 2 * pad - k) // stride + 1)
    """

    def __init__(
        self, in_channels: int, width: int, k: int, stride: int, pad: int
    ) -> None:
        super().__init__(
            nn.Conv2d(in_channels, width // 2, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(width // 2, width, k, stride=stride, padding=pad),
            nn.ReLU(inplace=True),
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)


class SsdMaps(nn.Module):
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3, 1, 0]] only:
    its shapes do not follow from its arguments.

    (in_channels, H, W) -> (512, H', W')
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        channels = 3
        for i, n in enumerate([2, 2, 3]):
            width = min(64 * 2**i, 512)
            for _ in range(n):
                conv = nn.Conv2d(channels, min(64 * 2**i, 512), 3, padding=1)
                nn.init.kaiming_normal_(conv.weight, mode="fan_out")
                if conv.bias is not None:
                    nn.init.zeros_(conv.bias)
                self.features.append(conv)
                self.features.append(nn.ReLU(inplace=True))
                channels = width
            self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        for _ in range(3):
            conv = nn.Conv2d(channels, 512, 3, padding=1)
            nn.init.xavier_uniform_(conv.weight)
            if conv.bias is not None:
                nn.init.zeros_(conv.bias)
            self.features.append(conv)
            self.features.append(nn.ReLU(inplace=True))
            channels = 512
        self.scale_weight = nn.Parameter(nn.init.constant_(torch.empty(512), 20.0))
        layer = nn.Sequential(nn.MaxPool2d(2))
        for _ in range(3):
            conv = nn.Conv2d(512, 512, 3, padding=1)
            nn.init.xavier_uniform_(conv.weight)
            if conv.bias is not None:
                nn.init.zeros_(conv.bias)
            layer.append(conv)
            layer.append(nn.ReLU(inplace=True))
        layer_2 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1))
        conv = nn.Conv2d(512, 1024, 3, padding=6, dilation=6)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer_2.append(conv)
        layer_2.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(1024, 1024, 1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer_2.append(conv)
        layer_2.append(nn.ReLU(inplace=True))
        layer.append(layer_2)
        self.extra = nn.ModuleList(
            [
                layer,
                Smaller(1024, 512, 3, 2, 1),
                Smaller(512, 256, 3, 2, 1),
                Smaller(256, 256, 3, 1, 0),
                Smaller(256, 256, 3, 1, 0),
            ]
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        x = features = self.features(x)
        x = F.normalize(x)
        x = x * self.scale_weight.view(-1, 1, 1)
        y = self.extra[0](features)
        z = self.extra[1](y)
        u = self.extra[2](z)
        v = self.extra[3](u)
        w = self.extra[4](v)
        return [x, y, z, u, v, w]


class SsdMaps2(nn.Module):
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256,
    4, 1, 1]] only: its shapes do not follow from its arguments.

    (in_channels, H, W) -> (512, H', W')
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        channels = 3
        for i, n in enumerate([2, 2, 3]):
            width = min(64 * 2**i, 512)
            for _ in range(n):
                conv = nn.Conv2d(channels, min(64 * 2**i, 512), 3, padding=1)
                nn.init.kaiming_normal_(conv.weight, mode="fan_out")
                if conv.bias is not None:
                    nn.init.zeros_(conv.bias)
                self.features.append(conv)
                self.features.append(nn.ReLU(inplace=True))
                channels = width
            self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        for _ in range(3):
            conv = nn.Conv2d(channels, 512, 3, padding=1)
            nn.init.xavier_uniform_(conv.weight)
            if conv.bias is not None:
                nn.init.zeros_(conv.bias)
            self.features.append(conv)
            self.features.append(nn.ReLU(inplace=True))
            channels = 512
        self.scale_weight = nn.Parameter(nn.init.constant_(torch.empty(512), 20.0))
        layer = nn.Sequential(nn.MaxPool2d(2))
        for _ in range(3):
            conv = nn.Conv2d(512, 512, 3, padding=1)
            nn.init.xavier_uniform_(conv.weight)
            if conv.bias is not None:
                nn.init.zeros_(conv.bias)
            layer.append(conv)
            layer.append(nn.ReLU(inplace=True))
        layer_2 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1))
        conv = nn.Conv2d(512, 1024, 3, padding=6, dilation=6)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer_2.append(conv)
        layer_2.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(1024, 1024, 1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer_2.append(conv)
        layer_2.append(nn.ReLU(inplace=True))
        layer.append(layer_2)
        self.extra = nn.ModuleList(
            [
                layer,
                Smaller(1024, 512, 3, 2, 1),
                Smaller(512, 256, 3, 2, 1),
                Smaller(256, 256, 3, 2, 1),
                Smaller(256, 256, 3, 2, 1),
                Smaller(256, 256, 4, 1, 1),
            ]
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        x = features = self.features(x)
        x = F.normalize(x)
        x = x * self.scale_weight.view(-1, 1, 1)
        y = self.extra[0](features)
        z = self.extra[1](y)
        u = self.extra[2](z)
        v = self.extra[3](u)
        w = self.extra[4](v)
        w_2 = self.extra[5](w)
        return [x, y, z, u, v, w, w_2]


class SsdHead(nn.Module):
    """A convolution a map, with some numbers for each of its boxes.

    6 x (maps_channels, H, W) -> (channels, numbers)
    """

    def __init__(
        self,
        maps_channels: Sequence[int],
        ratios: Sequence[Sequence[int]],
        numbers: int,
    ) -> None:
        super().__init__()
        self.numbers = numbers
        self.module_list = nn.ModuleList(
            [
                nn.Conv2d(channels, numbers * (2 + 2 * len(ratio)), 3, padding=1)
                for channels, ratio in zip(maps_channels, ratios)
            ]
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        parts = [layer(x) for layer, x in zip(self.module_list, maps)]
        parts = [
            x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, self.numbers) for x in parts
        ]
        x: Tensor = torch.cat(parts, dim=1)
        return x


class SsdHead2(nn.Module):
    """A convolution a map, with some numbers for each of its boxes.

    7 x (maps_channels, H, W) -> (channels, numbers)
    """

    def __init__(
        self,
        maps_channels: Sequence[int],
        ratios: Sequence[Sequence[int]],
        numbers: int,
    ) -> None:
        super().__init__()
        self.numbers = numbers
        self.module_list = nn.ModuleList(
            [
                nn.Conv2d(channels, numbers * (2 + 2 * len(ratio)), 3, padding=1)
                for channels, ratio in zip(maps_channels, ratios)
            ]
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        parts = [layer(x) for layer, x in zip(self.module_list, maps)]
        parts = [
            x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, self.numbers) for x in parts
        ]
        x: Tensor = torch.cat(parts, dim=1)
        return x


class SSD(Detector):
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3, 1, 0]],
    ratios = [[2], [2, 3], [2, 3], [2, 3], [2], [2]] only: its shapes do not follow from
    its arguments.

    (3, H, W) -> (boxes=200, 6)
    """

    def __init__(
        self,
        size: int,
        scales: Sequence[float],
        steps: Sequence[int],
        mean: Sequence[float] = (
            0.4823529411764706,
            0.4588235294117647,
            0.40784313725490196,
        ),
        std: Sequence[float] = (
            0.00392156862745098,
            0.00392156862745098,
            0.00392156862745098,
        ),
        clip: bool = False,
        classes: int = 21,
    ) -> None:
        super().__init__()
        self.size = size
        self.scales = scales
        self.steps = steps
        self.clip = clip
        self.normalize = Normalize(mean, std)
        self.backbone = SsdMaps()
        self.head = nn.ModuleDict(
            {
                "classification_head": SsdHead(
                    [512, 1024, 512, 256, 256, 256],
                    [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
                    classes,
                ),
                "regression_head": SsdHead(
                    [512, 1024, 512, 256, 256, 256],
                    [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
                    4,
                ),
            }
        )
        self.softmax = nn.Softmax(dim=2)

    def forward(
        self, x: Tensor, targets: list[dict[str, Tensor]] | None = None
    ) -> list[dict[str, Tensor]] | dict[str, Tensor]:
        y = self.normalize(x)
        y = frame = F.interpolate(y, size=self.size, mode="bilinear")
        backbone = self.backbone(y)
        classification_head = self.head["classification_head"](backbone)
        regression_head = self.head["regression_head"](backbone)
        priors = prior_boxes(
            backbone,
            frame,
            self.scales,
            [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
            steps=self.steps,
            clip=self.clip,
        )
        if self.training and targets is not None:
            matches = match_boxes(
                [priors] * len(targets),
                targets,
                frame,
                image=x,
                high=0.5,
                best="forced",
            )
            bbox_regression = box_loss(
                regression_head, matches, [10, 10, 5, 5], over="positive"
            )
            matches = hard_negatives(classification_head, matches, 3)
            classification = class_loss(classification_head, matches, over="positive")
            return {
                "bbox_regression": bbox_regression,
                "classification": classification,
            }
        scores = self.softmax(classification_head)
        y = decode_boxes(regression_head, priors, [10, 10, 5, 5])
        found: list[dict[str, Tensor]] = detect(
            y, scores, frame, image=x, score=0.01, overlap=0.45, keep=200, pre=400
        )
        return found


class SSD2(Detector):
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256,
    4, 1, 1]], ratios = [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]] only: its shapes
    do not follow from its arguments.

    (3, H, W) -> (boxes=200, 6)
    """

    def __init__(
        self,
        size: int,
        scales: Sequence[float],
        steps: Sequence[int],
        mean: Sequence[float] = (
            0.4823529411764706,
            0.4588235294117647,
            0.40784313725490196,
        ),
        std: Sequence[float] = (
            0.00392156862745098,
            0.00392156862745098,
            0.00392156862745098,
        ),
        clip: bool = False,
        classes: int = 21,
    ) -> None:
        super().__init__()
        self.size = size
        self.scales = scales
        self.steps = steps
        self.clip = clip
        self.normalize = Normalize(mean, std)
        self.backbone = SsdMaps2()
        self.head = nn.ModuleDict(
            {
                "classification_head": SsdHead2(
                    [512, 1024, 512, 256, 256, 256, 256],
                    [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
                    classes,
                ),
                "regression_head": SsdHead2(
                    [512, 1024, 512, 256, 256, 256, 256],
                    [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
                    4,
                ),
            }
        )
        self.softmax = nn.Softmax(dim=2)

    def forward(
        self, x: Tensor, targets: list[dict[str, Tensor]] | None = None
    ) -> list[dict[str, Tensor]] | dict[str, Tensor]:
        y = self.normalize(x)
        y = frame = F.interpolate(y, size=self.size, mode="bilinear")
        backbone = self.backbone(y)
        classification_head = self.head["classification_head"](backbone)
        regression_head = self.head["regression_head"](backbone)
        priors = prior_boxes(
            backbone,
            frame,
            self.scales,
            [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
            steps=self.steps,
            clip=self.clip,
        )
        if self.training and targets is not None:
            matches = match_boxes(
                [priors] * len(targets),
                targets,
                frame,
                image=x,
                high=0.5,
                best="forced",
            )
            bbox_regression = box_loss(
                regression_head, matches, [10, 10, 5, 5], over="positive"
            )
            matches = hard_negatives(classification_head, matches, 3)
            classification = class_loss(classification_head, matches, over="positive")
            return {
                "bbox_regression": bbox_regression,
                "classification": classification,
            }
        scores = self.softmax(classification_head)
        y = decode_boxes(regression_head, priors, [10, 10, 5, 5])
        found: list[dict[str, Tensor]] = detect(
            y, scores, frame, image=x, score=0.01, overlap=0.45, keep=200, pre=400
        )
        return found


def ssd300_voc(
    mean: Sequence[float] = (
        0.4823529411764706,
        0.4588235294117647,
        0.40784313725490196,
    ),
    std: Sequence[float] = (
        0.00392156862745098,
        0.00392156862745098,
        0.00392156862745098,
    ),
    clip: bool = False,
    classes: int = 21,
) -> SSD:
    """SSD300_VOC: 26,285,486 parameters, 31.4 GMACs at 3 x 300 x 300."""
    return SSD(
        300,
        scales=[0.1, 0.2, 0.37, 0.54, 0.71, 0.88, 1.05],
        steps=[8, 16, 32, 64, 100, 300],
        mean=mean,
        std=std,
        clip=clip,
        classes=classes,
    )


def ssd512_voc(
    mean: Sequence[float] = (
        0.4823529411764706,
        0.4588235294117647,
        0.40784313725490196,
    ),
    std: Sequence[float] = (
        0.00392156862745098,
        0.00392156862745098,
        0.00392156862745098,
    ),
    clip: bool = False,
    classes: int = 21,
) -> SSD2:
    """SSD512_VOC: 27,188,676 parameters, 90.2 GMACs at 3 x 512 x 512."""
    return SSD2(
        512,
        scales=[0.07, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05],
        steps=[8, 16, 32, 64, 128, 256, 512],
        mean=mean,
        std=std,
        clip=clip,
        classes=classes,
    )


def ssd300_vgg16() -> SSD:
    """SSD300_VGG16: 35,641,826 parameters, 34.9 GMACs at 3 x 300 x 300."""
    std = [0.00392156862745098, 0.00392156862745098, 0.00392156862745098]
    return SSD(
        300,
        scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        steps=[8, 16, 32, 64, 100, 300],
        mean=[0.48235, 0.45882, 0.40784],
        std=std,
        clip=True,
        classes=91,
    )
