"""Emitted code is ready for a GPU: its devices and numbers are those of its input, a step of
training runs in half precision, and where it is compiled no graph breaks.

No GPU is needed to see that: half precision is tried on the CPU, graphs on the meta device.
"""

import gc
import os
from importlib.util import find_spec
from typing import Any

import pytest
import zoo
from devices import own

from netwright.emit import emit
from netwright.instance import expand
from netwright.ops.recurrent import Recurrent
from netwright.weights.models import side_options

os.environ.setdefault("KERAS_BACKEND", "tensorflow" if find_spec("tensorflow") else "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
numpy = pytest.importorskip("numpy")
pairs = pytest.importorskip("pair")


@pytest.fixture(autouse=True)
def _no_models_of_tests_before() -> None:
    keras.backend.clear_session()
    gc.collect()


FAST = {
    "squeezenet:SqueezeNet1_1",
    "resnet_cifar:ResNet20_CIFAR",
    "network_in_network:NetworkInNetwork",
    "recurrent:Tagger",
}
XLA = {  # each layer of the zoo is in one of them; a net takes minutes
    "alexnet:AlexNet_Paper",
    "densenet_cifar:DenseNet40_CIFAR",
    "fcn:FCN_ResNet50_Aux",
    "inception_modules:InceptionFactorised",
    "keras/mobilenet:MobileNetV2",
    "keras/xception:Xception",
    "network_in_network:NetworkInNetwork",
    "recurrent:LSTM_128_256",
    "resnet:ResNet18",
    "siamese:Siamese",
    "squeezenet:SqueezeNet1_1",
    "unet:UNet_Same",
}
CASES = [
    pytest.param(entry, id=str(entry), marks=[] if str(entry) in FAST else [pytest.mark.slow])
    for entry in zoo.mappings()
]


def test_what_names_a_device_is_found() -> None:
    source = """
def forward(x: Tensor) -> Tensor:
    y = torch.zeros(3) + x.cuda() + torch.ones(3, device="cuda", dtype=x.dtype)
    y = y.to(x.dtype) + x.to(torch.half)
    return y + torch.arange(3, device=x.device) + torch.zeros_like(x)
"""
    found = [
        "x.to(torch.half)",
        "torch.zeros(3)",
        "x.cuda()",
        "torch.ones(3, device='cuda', dtype=x.dtype)",
    ]
    assert sorted(own(source)) == sorted(found)


@pytest.mark.parametrize("spec", zoo.FILES)
def test_no_forward_names_a_device_or_kind_of_numbers(spec: str) -> None:
    source = emit(zoo.checked(spec), "torch")
    assert "x: Tensor" in source or "left: Tensor" in source
    assert not own(source)


# PyTorch


def module_and_data(entry: zoo.Entry) -> tuple[Any, list[Any]]:
    """The emitted module in training, and random data for two examples."""
    net = zoo.reduced(entry)
    torch.manual_seed(0)
    module = net.torch_module().train()
    return module, [torch.from_numpy(x) for x in pairs.samples(net.instance, 2)]


def in_row(outputs: Any) -> list[Any]:
    """The outputs of a module as a list."""
    return [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)


@pytest.mark.proves("bf16")
@pytest.mark.parametrize("entry", CASES)
def test_a_step_runs_in_half_precision(entry: zoo.Entry) -> None:
    module, data = module_and_data(entry)
    with torch.autocast("cpu", torch.bfloat16):
        outputs = in_row(module(*data))
    sum(output.float().square().mean() for output in outputs).backward()
    for name, weight in module.named_parameters():
        assert weight.dtype == weight.grad.dtype == torch.float32, name
        assert weight.grad.isfinite().all(), name


@pytest.mark.proves("graph")
@pytest.mark.parametrize("entry", CASES)
def test_a_net_in_training_is_one_graph(entry: zoo.Entry) -> None:
    leaves = expand(zoo.nets(entry.spec)[entry.net].instance.steps)
    if any(isinstance(leaf.step.op, Recurrent) for leaf in leaves):
        pytest.skip("PyTorch compiles no recurrent layer")
    module, data = module_and_data(entry)
    torch._dynamo.reset()
    compiled = torch.compile(module.to("meta"), fullgraph=True, backend="eager")
    outputs = in_row(compiled(*(x.to("meta") for x in data)))
    assert all(output.requires_grad for output in outputs)


# Keras


@pytest.mark.proves("mixed")
@pytest.mark.parametrize("entry", CASES)
def test_a_step_runs_in_mixed_precision(entry: zoo.Entry) -> None:
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = stepped(entry, run_eagerly=True)
    finally:
        keras.config.set_dtype_policy("float32")
    kinds = {keras.backend.standardize_dtype(output.dtype) for output in model.outputs}
    assert kinds == {"bfloat16"}
    assert {weight.dtype for weight in model.trainable_weights} == {"float32"}


@pytest.mark.slow
@pytest.mark.proves("xla")
@pytest.mark.parametrize("entry", [one for one in zoo.mappings() if str(one) in XLA], ids=str)
def test_a_step_is_compiled_by_xla(entry: zoo.Entry) -> None:
    if keras.backend.backend() != "tensorflow":
        pytest.skip("XLA is TensorFlow's")
    stepped(entry, jit_compile=True)


def stepped(entry: zoo.Entry, **how: Any) -> Any:
    """The Keras model of a net after a step of training, which has given it finite weights."""
    net = zoo.reduced(entry)
    model = net.keras_model(**side_options(net))
    outputs = model.output
    losses = dict.fromkeys(outputs, "mse") if isinstance(outputs, dict) else "mse"
    model.compile("sgd", losses, **how)
    draw = numpy.random.default_rng(0)
    data = [random(draw, tensor) for tensor in model.inputs]
    named = isinstance(outputs, dict)
    aims = {n: random(draw, x) for n, x in outputs.items()} if named else random(draw, outputs)
    loss = model.train_on_batch(data if len(data) > 1 else data[0], aims)
    assert numpy.isfinite(loss).all()
    assert all(numpy.isfinite(keras.ops.convert_to_numpy(w)).all() for w in model.weights)
    return model


def random(draw: Any, tensor: Any) -> Any:
    """Random numbers of the sizes and the kind of a tensor of a model, for two examples."""
    sizes = (2, *(size or pairs.few(tensor.shape[1:]) for size in tensor.shape[1:]))
    if "int" in tensor.dtype:
        return draw.integers(0, 9, sizes)
    return draw.standard_normal(sizes).astype("float32")
