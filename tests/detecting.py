"""Detectors with weights that let them detect: torchvision's, and any other."""

from typing import Any

import pytest
import zoo

torch = pytest.importorskip("torch")
torchvision = pytest.importorskip("torchvision")

DETECTORS = [row for row in zoo.ROWS if zoo.detects(row)]
OFFICIAL = {row.net: row for row in DETECTORS if row.names_sha256}
SIZES = [(300, 300), (240, 417), (333, 125)]
HEADS = ("cls_", "classification_head")  # where classes are told, with torchvision's names


def official(row: zoo.Row) -> Any:
    """torchvision's detector with random weights."""
    torch.manual_seed(0)
    name = row.library("torchvision")
    if not name.endswith("_frozenbn"):
        return torchvision.models.get_model(name, weights=None, weights_backbone=None)
    frozen = torchvision.ops.misc.FrozenBatchNorm2d
    resnet = torchvision.models.resnet50(norm_layer=frozen)
    detection = torchvision.models.detection
    maps = detection.backbone_utils._resnet_fpn_extractor(resnet, 5)
    return detection.FasterRCNN(maps, num_classes=91)


def spread(module: Any, image: Any) -> Any:
    """A module in evaluation whose layers give mean 0 and deviation 1 for an image, those that
    tell classes 3: no scores tie."""
    names = {layer: name for name, layer in module.named_modules()}
    left = {layer for layer in names if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear)}

    def rescale(layer: Any, inputs: Any, output: Any) -> Any:
        if layer not in left or output[:, 0].numel() == 1:
            return None
        left.remove(layer)
        axes = [axis for axis in range(output.dim()) if axis != 1]
        told = any(part in names[layer] for part in HEADS)
        factor = (3 if told else 1) / output.std(axes).clamp(min=1e-3)
        layer.weight.mul_(factor.reshape(-1, *[1] * (output.dim() - 1)))
        if layer.bias is not None:
            layer.bias.copy_((layer.bias - output.mean(axes)) * factor)
        return layer.forward(*inputs)

    hooks = [layer.register_forward_hook(rescale) for layer in left]
    with torch.no_grad():
        module.eval()(image)
    for hook in hooks:
        hook.remove()
    return module


def random_images(sizes: list[tuple[int, int]]) -> list[Any]:
    """An image of each size."""
    generator = torch.Generator().manual_seed(1)
    return [torch.rand(3, *size, generator=generator) for size in sizes]
