"""Nets that are no part of the zoo, as probes: the official state dict, outputs and gradients."""

from pathlib import Path
from typing import Any

import pytest

import netwright
from netwright.api import Net

torch = pytest.importorskip("torch")
official = pytest.importorskip("test_official")

NETS = Path(__file__).parent / "cases/nets"
OFFICIAL = {
    "ConvNeXt_Tiny": "convnext_tiny",
    "DeepLabV3_ResNet50": "deeplabv3_resnet50",
    "EfficientNet_B0": "efficientnet_b0",
    "MNASNet1_0": "mnasnet1_0",
    "MobileNet_V3_Small": "mobilenet_v3_small",
    "RegNet_Y_400MF": "regnet_y_400mf",
    "ShuffleNet_V2_X1_0": "shufflenet_v2_x1_0",
    "ViT_B_16": "vit_b_16",
}
SIDES = {"ViT_B_16": 224}


def net(name: str) -> Net:
    """The net of this name in one of the files."""
    found = (netwright.load(file) for file in sorted(NETS.glob("*.net")))
    return next(nets[name] for nets in found if name in nets)


def images(name: str, count: int) -> Any:
    side = SIDES.get(name, 64)
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(1))


def pair(name: str) -> tuple[Any, Any]:
    """torchvision's model and the emitted module, with the same random weights."""
    model = official.randomised(official.torchvision_model(OFFICIAL[name]))
    module = net(name).torch_module()
    module.load_state_dict({key: w.clone() for key, w in model.state_dict().items()})
    for each in (*model.modules(), *module.modules()):
        if type(each).__name__ == "StochasticDepth":
            each.p = 0.0
    return model, module


@pytest.mark.parametrize("name", OFFICIAL)
def test_weights_have_the_official_names_shapes_and_order(name: str) -> None:
    model = official.torchvision_model(OFFICIAL[name])
    with torch.device("meta"):
        module = net(name).torch_module()
    wanted, found = (
        [(key, tuple(w.shape)) for key, w in each.state_dict().items()] for each in (model, module)
    )
    assert found == wanted


@pytest.mark.slow
@pytest.mark.parametrize("name", OFFICIAL)
def test_outputs_losses_and_gradients_are_the_official_ones(name: str) -> None:
    model, module = pair(name)
    with torch.inference_mode():
        outputs = [official.in_order(each.eval()(images(name, 2))) for each in (model, module)]
    (wanted,), (found,) = outputs
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    losses = [official.trained(each, images(name, 3)) for each in (model, module)]
    torch.testing.assert_close(*losses, rtol=1e-5, atol=1e-6)
    gradients = {key: parameter.grad for key, parameter in model.named_parameters()}
    for key, parameter in module.named_parameters():
        size = float(gradients[key].abs().max())
        torch.testing.assert_close(
            parameter.grad, gradients[key], rtol=0, atol=1e-4 * size + 1e-7, msg=key
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", OFFICIAL)
def test_keras_gives_the_same_outputs(name: str) -> None:
    pairs = pytest.importorskip("pair")
    wanted, found = pairs.Pair(net(name)).outputs()
    assert abs(wanted).max() > 0
    assert abs(found - wanted).max() <= 5e-5 * abs(wanted).max()  # of some 100 layers
