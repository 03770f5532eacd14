"""Emitted PyTorch against torchvision and timm: the same weights, outputs, losses and gradients."""

from collections.abc import Mapping
from typing import Any

import pytest
import zoo

import netwright

torch = pytest.importorskip("torch")
torchvision = pytest.importorskip("torchvision")

SMALL = {"SqueezeNet1_1", "MobileNet_V2", "ResNet18", "GoogLeNet", "DenseNet121"}
SIDE = 64  # cells; what flattens a map whole or pads nothing needs its own
SIDES = {
    "VGG16_Timm": 224,
    "InceptionV3": 299,
    "InceptionV3_NoAux": 107,
    "InceptionV4": 107,
    "InceptionResNetV2": 107,
}


def cases(fast: set[str]) -> list[Any]:
    """The rows as cases, all but some among the slow ones."""
    return [
        pytest.param(row, id=row.net, marks=[] if row.net in fast else [pytest.mark.slow])
        for row in zoo.OFFICIAL
        if not zoo.detects(row)
    ]


def official(row: zoo.Row) -> Any:
    """The library's model, weights drawn anew, running statistics too."""
    with torch.device("meta"):
        if name := row.library("torchvision"):
            model = torchvision_model(name)
        else:
            timm = pytest.importorskip("timm")
            model = timm.create_model(row.library("timm"))
    return randomised(model.to_empty(device="cpu"))


def torchvision_model(name: str) -> Any:
    """A model of torchvision without weights."""
    options: dict[str, Any] = {}
    if name.startswith(("googlenet", "inception")):
        options = {"init_weights": False, "aux_logits": not name.endswith("_noaux")}
    elif name.startswith(("fcn", "deeplab")):
        options = {"weights_backbone": None, "aux_loss": name.endswith("_aux")}
    called = name.removesuffix("_noaux").removesuffix("_aux")
    return torchvision.models.get_model(called, weights=None, **options)


def randomised(module: Any) -> Any:
    """A module with random weights, at sizes that keep activations about 1."""
    torch.manual_seed(0)
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if name.endswith("num_batches_tracked"):
                tensor.zero_()
            elif tensor.dim() > 1:
                tensor.normal_(std=(2 / tensor[0].numel()) ** 0.5)
            elif name.endswith(("running_var", "weight")):
                tensor.uniform_(0.5, 1.5)
            else:
                tensor.normal_(std=0.1)
    return module


def emitted(row: zoo.Row, state: Mapping[str, Any]) -> Any:
    """The emitted module with these weights."""
    with torch.device("meta"):
        module = zoo.net(row).torch_module()
    module.load_state_dict(state, strict=True, assign=True)
    return module


def images(row: zoo.Row, count: int = 2) -> Any:
    side = SIDES.get(row.net, SIDE)
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("row", zoo.ROWS, ids=lambda row: row.net)
def test_params_and_names_are_those_of_the_check(row: zoo.Row) -> None:
    with torch.device("meta"):
        module = zoo.net(row).torch_module()
    shapes = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    assert sum(parameter.numel() for parameter in module.parameters()) == row.params
    assert list(shapes.items()) == list(zoo.weights(zoo.net(row)).items())


@pytest.mark.proves("official")
@pytest.mark.parametrize("row", cases(SMALL))
def test_official_weights_load_and_give_the_official_outputs(
    row: zoo.Row, record_property: Any
) -> None:
    model = official(row).eval()
    module = emitted(row, model.state_dict()).eval()
    with torch.inference_mode():
        outputs = [in_order(network(images(row))) for network in (model, module)]
    apart = 0.0
    for wanted, found in zip(*outputs, strict=True):
        largest = float(wanted.abs().max())
        assert largest > 0.01
        apart = max(apart, float((found - wanted).abs().max()) / largest)
    record_property("official", apart)
    assert apart <= 1e-5


@pytest.mark.proves("gradients")
@pytest.mark.parametrize("row", cases(SMALL - {"DenseNet121"}))
def test_losses_and_gradients_are_the_official_ones(row: zoo.Row, record_property: Any) -> None:
    model = official(row)
    module = emitted(row, {name: w.clone() for name, w in model.state_dict().items()})
    losses = [trained(network, images(row, 3)) for network in (model, module)]
    torch.testing.assert_close(*losses, rtol=1e-5, atol=1e-6)
    wanted = {name: parameter.grad for name, parameter in model.named_parameters()}
    apart = 0.0
    for name, parameter in module.named_parameters():
        size = float(wanted[name].abs().max()) + 1e-3
        distance = float((parameter.grad - wanted[name]).abs().max()) / size
        assert distance <= 1e-4, name
        apart = max(apart, distance)
    record_property("gradients", apart)


def trained(network: Any, x: Any) -> Any:
    """The loss of a step in training mode, without dropout; gradients are left behind."""
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    main, *others = in_order(network(x))
    labels = torch.arange(len(x)).view(-1, *[1] * (main.dim() - 2))
    labels = labels.expand(len(x), *main.shape[2:])
    entropy = torch.nn.functional.cross_entropy
    loss = entropy(main, labels) + 0.3 * sum(entropy(other, labels) for other in others)
    loss.backward()
    return loss.detach()


def in_order(outputs: Any) -> list[Any]:
    """The outputs, the main one first, others by their place: libraries order them otherwise."""
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    named = dict(outputs) if isinstance(outputs, Mapping) else outputs._asdict()
    main = named.pop("out" if "out" in named else "logits")
    return [main, *(named[name] for name in sorted(named, key=lambda name: name[-1]))]


ATTENTION = """
net Encoder(width=64) {
    input tokens[10, 64]
    attention(4)
    linear(width)
}
"""


@pytest.mark.parametrize("name", ["ResNet18", "MobileNet_V2", "SqueezeNet1_0", "UNet", "VGG11"])
def test_macs_are_half_of_the_flops_that_torch_counts(name: str) -> None:
    row = next(row for row in zoo.ROWS if row.net == name)
    inputs = [tensor.sizes for _, tensor in zoo.net(row).instance.inputs]
    with torch.device("meta"):
        module = zoo.net(row).torch_module()
    assert flops(module.eval(), *inputs) == 2 * zoo.net(row).macs


def test_macs_of_attention_are_counted() -> None:
    net = netwright.loads(ATTENTION)["Encoder"]
    with torch.device("meta"):
        module = net.torch_module()
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        assert flops(module.train(), (10, 64)) == 2 * net.macs


def flops(module: Any, *sizes: Any) -> int:
    """The floating-point operations of one example, without running it."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        module(*(torch.empty(1, *size, device="meta") for size in sizes))
    return int(counter.get_total_flops())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SqueezeNet1_1", "ResNet18", "MobileNet_V2"])
def test_a_net_compiles_without_a_graph_break(name: str) -> None:
    row = next(row for row in zoo.ROWS if row.net == name)
    module = randomised(zoo.net(row).torch_module()).eval()
    compiled = torch.compile(module, fullgraph=True, backend="aot_eager")
    with torch.inference_mode():
        torch.testing.assert_close(compiled(images(row)), module(images(row)))
