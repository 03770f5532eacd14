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
from torchvision.ops import batched_nms, clip_boxes_to_image, remove_small_boxes

__all__ = [
    "SSD",
    "SSD2",
    "SSD3",
    "Smaller",
    "SsdHead",
    "SsdHead2",
    "SsdHead3",
    "SsdHead4",
    "SsdMaps",
    "SsdMaps2",
    "SsdMaps2Outputs",
    "SsdMapsOutputs",
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


def candidates(
    boxes: Tensor, scores: Tensor, least: float, pre: int | None, background: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes, scores and labels above the least score; of each class no more than some."""
    first = 1 if background else 0
    if pre is None:
        place, label = torch.where(scores[:, first:] > least)
        label = label + first
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
    found = []
    for box, rows in zip(boxes, scores):
        box = clip_boxes_to_image(box, frame.shape[-2:])
        box, rows, label = candidates(box, rows, score, pre, background)
        if min_size > 0:
            large = remove_small_boxes(box, min_size)
            box, rows, label = box[large], rows[large], label[large]
        apart = label if per_class else torch.zeros_like(label)
        best = batched_nms(box, rows, apart, overlap)[:keep]
        box = box[best]
        if image is not None:
            height, width = (a / b for a, b in zip(image.shape[-2:], frame.shape[-2:]))
            box = box * box.new_tensor([width, height, width, height])
        found.append({"boxes": box, "scores": rows[best], "labels": label[best]})
    return found


class Normalize(nn.Module):
    """Each channel less its mean, over its deviation."""

    mean: Tensor
    std: Tensor

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer(
            "mean", torch.tensor(mean)[:, None, None], persistent=False
        )
        self.register_buffer("std", torch.tensor(std)[:, None, None], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return (x - self.mean) / self.std


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


class SsdMapsOutputs(NamedTuple):
    """What `SsdMaps` returns."""

    output0: Tensor
    output1: Tensor
    output2: Tensor
    output3: Tensor
    output4: Tensor
    output5: Tensor


class SsdMaps(nn.Module):
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3, 1, 0]] only:
    its shapes do not follow from its arguments.

    (in_channels, H, W) -> (512, 38, 38)
    """

    def __init__(self) -> None:
        super().__init__()
        width = min(64 * 2**0, 512)
        conv = nn.Conv2d(3, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features = nn.Sequential(conv, nn.ReLU(inplace=True))
        conv = nn.Conv2d(64, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        width = min(64 * 2**1, 512)
        conv = nn.Conv2d(64, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(128, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        width = min(64 * 2**2, 512)
        conv = nn.Conv2d(128, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(256, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(256, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        conv = nn.Conv2d(256, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.scale_weight = nn.Parameter(nn.init.constant_(torch.empty(512), 20.0))
        layer = nn.Sequential(nn.MaxPool2d(2))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer.append(conv)
        layer.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer.append(conv)
        layer.append(nn.ReLU(inplace=True))
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

    def forward(self, x: Tensor) -> SsdMapsOutputs:
        x = features = self.features(x)
        x = F.normalize(x)
        x = x * self.scale_weight.view(-1, 1, 1)
        y = self.extra[0](features)
        z = self.extra[1](y)
        u = self.extra[2](z)
        v = self.extra[3](u)
        w = self.extra[4](v)
        return SsdMapsOutputs(x, y, z, u, v, w)


class SsdMaps2Outputs(NamedTuple):
    """What `SsdMaps2` returns."""

    output0: Tensor
    output1: Tensor
    output2: Tensor
    output3: Tensor
    output4: Tensor
    output5: Tensor
    output6: Tensor


class SsdMaps2(nn.Module):
    """VGG-16 with dilated convolutions for its first linear layers, and smaller maps:
    figure 2.

    For extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256,
    4, 1, 1]] only: its shapes do not follow from its arguments.

    (in_channels, H, W) -> (512, 64, 64)
    """

    def __init__(self) -> None:
        super().__init__()
        width = min(64 * 2**0, 512)
        conv = nn.Conv2d(3, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features = nn.Sequential(conv, nn.ReLU(inplace=True))
        conv = nn.Conv2d(64, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        width = min(64 * 2**1, 512)
        conv = nn.Conv2d(64, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(128, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        width = min(64 * 2**2, 512)
        conv = nn.Conv2d(128, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(256, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(256, width, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.features.append(nn.MaxPool2d(2, ceil_mode=True))
        conv = nn.Conv2d(256, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        self.features.append(conv)
        self.features.append(nn.ReLU(inplace=True))
        self.scale_weight = nn.Parameter(nn.init.constant_(torch.empty(512), 20.0))
        layer = nn.Sequential(nn.MaxPool2d(2))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer.append(conv)
        layer.append(nn.ReLU(inplace=True))
        conv = nn.Conv2d(512, 512, 3, padding=1)
        nn.init.xavier_uniform_(conv.weight)
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layer.append(conv)
        layer.append(nn.ReLU(inplace=True))
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

    def forward(self, x: Tensor) -> SsdMaps2Outputs:
        x = features = self.features(x)
        x = F.normalize(x)
        x = x * self.scale_weight.view(-1, 1, 1)
        y = self.extra[0](features)
        z = self.extra[1](y)
        u = self.extra[2](z)
        v = self.extra[3](u)
        w = self.extra[4](v)
        w_2 = self.extra[5](w)
        return SsdMaps2Outputs(x, y, z, u, v, w, w_2)


class SsdHead(nn.Module):
    """A convolution a map, with some numbers for each of its boxes.

    (maps_0_channels, H, W), (maps_1_channels, H, W), (maps_2_channels, H, W),
    (maps_3_channels, H, W), (maps_4_channels, H, W), (maps_5_channels, H, W) ->
    (channels, numbers)
    """

    def __init__(
        self,
        maps_0_channels: int,
        maps_1_channels: int,
        maps_2_channels: int,
        maps_3_channels: int,
        maps_4_channels: int,
        maps_5_channels: int,
        ratios: Sequence[Sequence[int]],
        numbers: int,
    ) -> None:
        super().__init__()
        self.numbers = numbers
        self.module_list = nn.ModuleList(
            [
                nn.Conv2d(
                    maps_0_channels, numbers * (2 + 2 * len(ratios[0])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_1_channels, numbers * (2 + 2 * len(ratios[1])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_2_channels, numbers * (2 + 2 * len(ratios[2])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_3_channels, numbers * (2 + 2 * len(ratios[3])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_4_channels, numbers * (2 + 2 * len(ratios[4])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_5_channels, numbers * (2 + 2 * len(ratios[5])), 3, padding=1
                ),
            ]
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(
        self,
        maps_0: Tensor,
        maps_1: Tensor,
        maps_2: Tensor,
        maps_3: Tensor,
        maps_4: Tensor,
        maps_5: Tensor,
    ) -> Tensor:
        y1 = self.module_list[0](maps_0)
        y2 = self.module_list[1](maps_1)
        y3 = self.module_list[2](maps_2)
        y4 = self.module_list[3](maps_3)
        y5 = self.module_list[4](maps_4)
        y6 = self.module_list[5](maps_5)
        y1 = y1.permute(0, 2, 3, 1).reshape(y1.shape[0], -1, self.numbers)
        y2 = y2.permute(0, 2, 3, 1).reshape(y2.shape[0], -1, self.numbers)
        y3 = y3.permute(0, 2, 3, 1).reshape(y3.shape[0], -1, self.numbers)
        y4 = y4.permute(0, 2, 3, 1).reshape(y4.shape[0], -1, self.numbers)
        y5 = y5.permute(0, 2, 3, 1).reshape(y5.shape[0], -1, self.numbers)
        y6 = y6.permute(0, 2, 3, 1).reshape(y6.shape[0], -1, self.numbers)
        x = torch.cat([y1, y2, y3, y4, y5, y6], dim=1)
        return x


class SsdHead2(nn.Module):
    """A convolution a map, with some numbers for each of its boxes.

    (in_boxes, in_features), (maps_0_channels, H, W), (maps_1_channels, H, W),
    (maps_2_channels, H, W), (maps_3_channels, H, W), (maps_4_channels, H, W),
    (maps_5_channels, H, W) -> (channels, numbers)
    """

    def __init__(
        self,
        maps_0_channels: int,
        maps_1_channels: int,
        maps_2_channels: int,
        maps_3_channels: int,
        maps_4_channels: int,
        maps_5_channels: int,
        ratios: Sequence[Sequence[int]],
        numbers: int,
    ) -> None:
        super().__init__()
        self.numbers = numbers
        self.module_list = nn.ModuleList(
            [
                nn.Conv2d(
                    maps_0_channels, numbers * (2 + 2 * len(ratios[0])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_1_channels, numbers * (2 + 2 * len(ratios[1])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_2_channels, numbers * (2 + 2 * len(ratios[2])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_3_channels, numbers * (2 + 2 * len(ratios[3])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_4_channels, numbers * (2 + 2 * len(ratios[4])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_5_channels, numbers * (2 + 2 * len(ratios[5])), 3, padding=1
                ),
            ]
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(
        self,
        x: Tensor,
        maps_0: Tensor,
        maps_1: Tensor,
        maps_2: Tensor,
        maps_3: Tensor,
        maps_4: Tensor,
        maps_5: Tensor,
    ) -> Tensor:
        y1 = self.module_list[0](maps_0)
        y2 = self.module_list[1](maps_1)
        y3 = self.module_list[2](maps_2)
        y4 = self.module_list[3](maps_3)
        y5 = self.module_list[4](maps_4)
        y6 = self.module_list[5](maps_5)
        y1 = y1.permute(0, 2, 3, 1).reshape(y1.shape[0], -1, self.numbers)
        y2 = y2.permute(0, 2, 3, 1).reshape(y2.shape[0], -1, self.numbers)
        y3 = y3.permute(0, 2, 3, 1).reshape(y3.shape[0], -1, self.numbers)
        y4 = y4.permute(0, 2, 3, 1).reshape(y4.shape[0], -1, self.numbers)
        y5 = y5.permute(0, 2, 3, 1).reshape(y5.shape[0], -1, self.numbers)
        y6 = y6.permute(0, 2, 3, 1).reshape(y6.shape[0], -1, self.numbers)
        x = torch.cat([y1, y2, y3, y4, y5, y6], dim=1)
        return x


class SsdHead3(nn.Module):
    """A convolution a map, with some numbers for each of its boxes.

    (maps_0_channels, H, W), (maps_1_channels, H, W), (maps_2_channels, H, W),
    (maps_3_channels, H, W), (maps_4_channels, H, W), (maps_5_channels, H, W),
    (maps_6_channels, H, W) -> (channels, numbers)
    """

    def __init__(
        self,
        maps_0_channels: int,
        maps_1_channels: int,
        maps_2_channels: int,
        maps_3_channels: int,
        maps_4_channels: int,
        maps_5_channels: int,
        maps_6_channels: int,
        ratios: Sequence[Sequence[int]],
        numbers: int,
    ) -> None:
        super().__init__()
        self.numbers = numbers
        self.module_list = nn.ModuleList(
            [
                nn.Conv2d(
                    maps_0_channels, numbers * (2 + 2 * len(ratios[0])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_1_channels, numbers * (2 + 2 * len(ratios[1])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_2_channels, numbers * (2 + 2 * len(ratios[2])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_3_channels, numbers * (2 + 2 * len(ratios[3])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_4_channels, numbers * (2 + 2 * len(ratios[4])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_5_channels, numbers * (2 + 2 * len(ratios[5])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_6_channels, numbers * (2 + 2 * len(ratios[6])), 3, padding=1
                ),
            ]
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(
        self,
        maps_0: Tensor,
        maps_1: Tensor,
        maps_2: Tensor,
        maps_3: Tensor,
        maps_4: Tensor,
        maps_5: Tensor,
        maps_6: Tensor,
    ) -> Tensor:
        y1 = self.module_list[0](maps_0)
        y2 = self.module_list[1](maps_1)
        y3 = self.module_list[2](maps_2)
        y4 = self.module_list[3](maps_3)
        y5 = self.module_list[4](maps_4)
        y6 = self.module_list[5](maps_5)
        y7 = self.module_list[6](maps_6)
        y1 = y1.permute(0, 2, 3, 1).reshape(y1.shape[0], -1, self.numbers)
        y2 = y2.permute(0, 2, 3, 1).reshape(y2.shape[0], -1, self.numbers)
        y3 = y3.permute(0, 2, 3, 1).reshape(y3.shape[0], -1, self.numbers)
        y4 = y4.permute(0, 2, 3, 1).reshape(y4.shape[0], -1, self.numbers)
        y5 = y5.permute(0, 2, 3, 1).reshape(y5.shape[0], -1, self.numbers)
        y6 = y6.permute(0, 2, 3, 1).reshape(y6.shape[0], -1, self.numbers)
        y7 = y7.permute(0, 2, 3, 1).reshape(y7.shape[0], -1, self.numbers)
        x = torch.cat([y1, y2, y3, y4, y5, y6, y7], dim=1)
        return x


class SsdHead4(nn.Module):
    """A convolution a map, with some numbers for each of its boxes.

    (in_boxes, in_features), (maps_0_channels, H, W), (maps_1_channels, H, W),
    (maps_2_channels, H, W), (maps_3_channels, H, W), (maps_4_channels, H, W),
    (maps_5_channels, H, W), (maps_6_channels, H, W) -> (channels, numbers)
    """

    def __init__(
        self,
        maps_0_channels: int,
        maps_1_channels: int,
        maps_2_channels: int,
        maps_3_channels: int,
        maps_4_channels: int,
        maps_5_channels: int,
        maps_6_channels: int,
        ratios: Sequence[Sequence[int]],
        numbers: int,
    ) -> None:
        super().__init__()
        self.numbers = numbers
        self.module_list = nn.ModuleList(
            [
                nn.Conv2d(
                    maps_0_channels, numbers * (2 + 2 * len(ratios[0])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_1_channels, numbers * (2 + 2 * len(ratios[1])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_2_channels, numbers * (2 + 2 * len(ratios[2])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_3_channels, numbers * (2 + 2 * len(ratios[3])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_4_channels, numbers * (2 + 2 * len(ratios[4])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_5_channels, numbers * (2 + 2 * len(ratios[5])), 3, padding=1
                ),
                nn.Conv2d(
                    maps_6_channels, numbers * (2 + 2 * len(ratios[6])), 3, padding=1
                ),
            ]
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(
        self,
        x: Tensor,
        maps_0: Tensor,
        maps_1: Tensor,
        maps_2: Tensor,
        maps_3: Tensor,
        maps_4: Tensor,
        maps_5: Tensor,
        maps_6: Tensor,
    ) -> Tensor:
        y1 = self.module_list[0](maps_0)
        y2 = self.module_list[1](maps_1)
        y3 = self.module_list[2](maps_2)
        y4 = self.module_list[3](maps_3)
        y5 = self.module_list[4](maps_4)
        y6 = self.module_list[5](maps_5)
        y7 = self.module_list[6](maps_6)
        y1 = y1.permute(0, 2, 3, 1).reshape(y1.shape[0], -1, self.numbers)
        y2 = y2.permute(0, 2, 3, 1).reshape(y2.shape[0], -1, self.numbers)
        y3 = y3.permute(0, 2, 3, 1).reshape(y3.shape[0], -1, self.numbers)
        y4 = y4.permute(0, 2, 3, 1).reshape(y4.shape[0], -1, self.numbers)
        y5 = y5.permute(0, 2, 3, 1).reshape(y5.shape[0], -1, self.numbers)
        y6 = y6.permute(0, 2, 3, 1).reshape(y6.shape[0], -1, self.numbers)
        y7 = y7.permute(0, 2, 3, 1).reshape(y7.shape[0], -1, self.numbers)
        x = torch.cat([y1, y2, y3, y4, y5, y6, y7], dim=1)
        return x


class SSD(nn.Module):
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For size = 300, extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3,
    1, 0]], scales = [0.1, 0.2, 0.37, 0.54, 0.71, 0.88, 1.05], ratios = [[2], [2, 3],
    [2, 3], [2, 3], [2], [2]], steps = [8, 16, 32, 64, 100, 300] only: its shapes do not
    follow from its arguments.

    (3, H, W) -> (boxes=200, 6)
    """

    def __init__(
        self,
        mean: Sequence[int] | Sequence[float] = (123, 117, 104),
        std: Sequence[int] | Sequence[float] = (1, 1, 1),
        clip: bool = False,
        classes: int = 21,
    ) -> None:
        super().__init__()
        self.clip = clip
        self.normalize = Normalize(mean, std)
        self.backbone = SsdMaps()
        self.head = nn.ModuleDict(
            {
                "classification_head": SsdHead(
                    512,
                    1024,
                    512,
                    256,
                    256,
                    256,
                    [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
                    classes,
                ),
                "regression_head": SsdHead2(
                    512,
                    1024,
                    512,
                    256,
                    256,
                    256,
                    [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
                    4,
                ),
            }
        )
        self.softmax = nn.Softmax(dim=2)

    def forward(self, x: Tensor) -> list[dict[str, Tensor]]:
        y = self.normalize(x)
        y = frame = F.interpolate(y, size=300, mode="bilinear")
        y, y_2, w_2, w_3, w_4, w_5 = self.backbone(y)
        z = classification_head = self.head["classification_head"](
            y, y_2, w_2, w_3, w_4, w_5
        )
        regression_head = self.head["regression_head"](z, y, y_2, w_2, w_3, w_4, w_5)
        scores = self.softmax(classification_head)
        z = prior_boxes(
            [y, y_2, w_2, w_3, w_4, w_5],
            frame,
            [0.1, 0.2, 0.37, 0.54, 0.71, 0.88, 1.05],
            [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
            steps=[8, 16, 32, 64, 100, 300],
            clip=self.clip,
        )
        z = decode_boxes(regression_head, z, [10, 10, 5, 5])
        found: list[dict[str, Tensor]] = detect(
            z, scores, frame, image=x, score=0.01, overlap=0.45, keep=200, pre=400
        )
        return found


class SSD2(nn.Module):
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For size = 512, extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 2, 1], [256, 3,
    2, 1], [256, 4, 1, 1]], scales = [0.07, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05],
    ratios = [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]], steps = [8, 16, 32, 64,
    128, 256, 512] only: its shapes do not follow from its arguments.

    (3, H, W) -> (boxes=200, 6)
    """

    def __init__(
        self,
        mean: Sequence[int] | Sequence[float] = (123, 117, 104),
        std: Sequence[int] | Sequence[float] = (1, 1, 1),
        clip: bool = False,
        classes: int = 21,
    ) -> None:
        super().__init__()
        self.clip = clip
        self.normalize = Normalize(mean, std)
        self.backbone = SsdMaps2()
        self.head = nn.ModuleDict(
            {
                "classification_head": SsdHead3(
                    512,
                    1024,
                    512,
                    256,
                    256,
                    256,
                    256,
                    [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
                    classes,
                ),
                "regression_head": SsdHead4(
                    512,
                    1024,
                    512,
                    256,
                    256,
                    256,
                    256,
                    [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
                    4,
                ),
            }
        )
        self.softmax = nn.Softmax(dim=2)

    def forward(self, x: Tensor) -> list[dict[str, Tensor]]:
        y = self.normalize(x)
        y = frame = F.interpolate(y, size=512, mode="bilinear")
        y, y_2, w_2, w_3, w_4, w_5, w_6 = self.backbone(y)
        z = classification_head = self.head["classification_head"](
            y, y_2, w_2, w_3, w_4, w_5, w_6
        )
        regression_head = self.head["regression_head"](
            z, y, y_2, w_2, w_3, w_4, w_5, w_6
        )
        scores = self.softmax(classification_head)
        z = prior_boxes(
            [y, y_2, w_2, w_3, w_4, w_5, w_6],
            frame,
            [0.07, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05],
            [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
            steps=[8, 16, 32, 64, 128, 256, 512],
            clip=self.clip,
        )
        z = decode_boxes(regression_head, z, [10, 10, 5, 5])
        found: list[dict[str, Tensor]] = detect(
            z, scores, frame, image=x, score=0.01, overlap=0.45, keep=200, pre=400
        )
        return found


class SSD3(nn.Module):
    """Boxes on maps of several sizes, each classified and moved: section 2.

    For size = 300, extras = [[512, 3, 2, 1], [256, 3, 2, 1], [256, 3, 1, 0], [256, 3,
    1, 0]], scales = [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05], ratios = [[2], [2, 3],
    [2, 3], [2, 3], [2], [2]], steps = [8, 16, 32, 64, 100, 300], mean = [0.48235,
    0.45882, 0.40784], std = [0.00392156862745098, 0.00392156862745098,
    0.00392156862745098], clip = True, classes = 91 only: its shapes do not follow from
    its arguments.

    (3, H, W) -> (boxes=200, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.normalize = Normalize(
            [0.48235, 0.45882, 0.40784],
            [0.00392156862745098, 0.00392156862745098, 0.00392156862745098],
        )
        self.backbone = SsdMaps()
        self.head = nn.ModuleDict(
            {
                "classification_head": SsdHead(
                    512,
                    1024,
                    512,
                    256,
                    256,
                    256,
                    [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
                    91,
                ),
                "regression_head": SsdHead2(
                    512,
                    1024,
                    512,
                    256,
                    256,
                    256,
                    [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
                    4,
                ),
            }
        )
        self.softmax = nn.Softmax(dim=2)

    def forward(self, x: Tensor) -> list[dict[str, Tensor]]:
        y = self.normalize(x)
        y = frame = F.interpolate(y, size=300, mode="bilinear")
        y, y_2, w_2, w_3, w_4, w_5 = self.backbone(y)
        z = classification_head = self.head["classification_head"](
            y, y_2, w_2, w_3, w_4, w_5
        )
        regression_head = self.head["regression_head"](z, y, y_2, w_2, w_3, w_4, w_5)
        scores = self.softmax(classification_head)
        z = prior_boxes(
            [y, y_2, w_2, w_3, w_4, w_5],
            frame,
            [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
            [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
            steps=[8, 16, 32, 64, 100, 300],
            clip=True,
        )
        z = decode_boxes(regression_head, z, [10, 10, 5, 5])
        found: list[dict[str, Tensor]] = detect(
            z, scores, frame, image=x, score=0.01, overlap=0.45, keep=200, pre=400
        )
        return found


def ssd300_voc(
    mean: Sequence[int] | Sequence[float] = (123, 117, 104),
    std: Sequence[int] | Sequence[float] = (1, 1, 1),
    clip: bool = False,
    classes: int = 21,
) -> SSD:
    """SSD300_VOC: 26,285,486 parameters, 31.4 GMACs at 3 x 300 x 300."""
    return SSD(mean=mean, std=std, clip=clip, classes=classes)


def ssd512_voc(
    mean: Sequence[int] | Sequence[float] = (123, 117, 104),
    std: Sequence[int] | Sequence[float] = (1, 1, 1),
    clip: bool = False,
    classes: int = 21,
) -> SSD2:
    """SSD512_VOC: 27,188,676 parameters, 90.2 GMACs at 3 x 512 x 512."""
    return SSD2(mean=mean, std=std, clip=clip, classes=classes)


def ssd300_vgg16() -> SSD3:
    """SSD300_VGG16: 35,641,826 parameters, 34.9 GMACs at 3 x 300 x 300."""
    return SSD3()
