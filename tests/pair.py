"""A net in both frameworks with the same weights, carried over by the production code."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy
import torch

from netwright.api import Net
from netwright.instance import Instance
from netwright.ops.recurrent import Recurrent
from netwright.tensor import Dynamic, number
from netwright.testing.functions import over_channels
from netwright.weights import to_keras_model, to_state_dict
from netwright.weights.models import side_options

Array = Any
SHORT = 9  # steps of a sequence, where it may have any number
SMALL = 64  # cells of a map to a side, where it may have any number


def randomise(module: Any) -> Any:
    """Random weights of sizes that keep activations about 1, and running statistics."""
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


def soften(module: Any, inputs: list[Array]) -> None:
    """Scale the last linear layer so that its outputs are about 1: a softmax behind it that gave
    one class all would hide what is before it, from outputs and gradients."""
    *_, head = [None, *(one for one in module.modules() if isinstance(one, torch.nn.Linear))]
    if head is None:
        return
    found = []
    hook = head.register_forward_hook(lambda _, __, output: found.append(output.std()))
    with torch.no_grad():
        module.eval()(*map(torch.from_numpy, inputs))
        for spread in found:
            head.weight /= spread
    hook.remove()


def few(sizes: Sequence[Any]) -> int:
    """How many steps or cells are tried, where an input of these sizes may have any number."""
    return SMALL if len(sizes) > 2 else SHORT


def samples(instance: Instance, batch: int) -> list[Array]:
    """Random inputs of a net, as PyTorch takes them."""
    draw = numpy.random.default_rng(1)
    found = []
    for _, tensor in instance.inputs:
        most = few(tensor.sizes)
        short = [min(n, most) if isinstance(n, Dynamic) else n for n in tensor.sizes]
        sizes = (batch, *map(number, short))
        if tensor.integers is not None:
            found.append(draw.integers(0, int(tensor.integers), sizes))
        else:
            found.append(draw.standard_normal(sizes).astype(keras.config.floatx()))
    return found


class Pair:
    """A PyTorch module and a Keras model of one net, their weights equal, without dropout."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.instance = net.instance
        self.module = randomise(net.torch_module())
        soften(self.module, samples(self.instance, 2))
        self.over_channels = over_channels(net)
        self.model = net.keras_model(**side_options(net))
        to_keras_model(net, self.module.state_dict(), self.model)
        for module in self.module.modules():
            if isinstance(module, torch.nn.Dropout | torch.nn.Dropout2d):
                module.p = 0.0
            elif isinstance(module, torch.nn.RNNBase):
                module.dropout = 0.0
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0

    def inputs(self, batch: int) -> list[Array]:
        """Random inputs, as PyTorch takes them."""
        return samples(self.instance, batch)

    def to_keras(self, inputs: Sequence[Array]) -> Any:
        """The same inputs as Keras takes them."""
        rows = zip(inputs, self.instance.inputs, strict=True)
        turned = [self.to_last(x, name) for x, (name, _) in rows]
        return turned if len(turned) > 1 else turned[0]

    def to_last(self, array: Array, name: str) -> Array:
        """An input or output as Keras has it: the channels of maps last."""
        return numpy.moveaxis(array, 1, -1) if self.over_channels[name] else array

    def outputs(self, batch: int = 2) -> tuple[Array, Array]:
        """The main output of both in evaluation, as PyTorch gives it."""
        inputs = self.inputs(batch)
        with torch.inference_mode():
            scores = self.module.eval()(*map(torch.from_numpy, inputs))
        wanted = (scores if isinstance(scores, torch.Tensor) else scores[0]).numpy()
        given = self.model(self.to_keras(inputs))
        main = given[self.names[0]] if isinstance(given, dict) else given
        found = as_array(main)
        return wanted, numpy.moveaxis(found, -1, 1) if self.over_channels[self.names[0]] else found

    @property
    def names(self) -> list[str]:
        """The names of the outputs, the main one first."""
        given = {output.name for output in self.instance.outputs}
        return [
            name for name in list(self.over_channels)[len(self.instance.inputs) :] if name in given
        ]

    def step(self, batch: int = 2, rate: float = 100.0) -> tuple[float, float]:
        """One step of gradient descent in both; gives the losses before it.

        The rate is high, so that what the weights were is not what rounds the step.
        """
        inputs = self.inputs(batch)
        scores = self.module.train()(*map(torch.from_numpy, inputs))
        found = [scores] if isinstance(scores, torch.Tensor) else list(scores)
        draw = numpy.random.default_rng(2)
        aims = [draw.standard_normal(tuple(x.shape)).astype(keras.config.floatx()) for x in found]
        pairs = zip(found, aims, strict=True)
        loss = sum(torch.nn.functional.mse_loss(x, torch.from_numpy(aim)) for x, aim in pairs)
        loss.backward()
        with torch.no_grad():  # `torch.optim` imports Triton, which crashes beside TensorFlow
            for weight in self.module.parameters():
                if weight.grad is not None:  # else it is frozen
                    weight -= rate * weight.grad
                weight.grad = None
        return float(loss.detach()), self.keras_step(inputs, aims, rate)

    def keras_step(self, inputs: list[Array], aims: list[Array], rate: float) -> float:
        """The same step in Keras."""
        outputs = self.model.output
        turned = [self.to_last(aim, name) for aim, name in zip(aims, self.names, strict=True)]
        named = dict(zip(outputs, turned, strict=True)) if isinstance(outputs, dict) else turned[0]
        losses = dict.fromkeys(outputs, "mse") if isinstance(outputs, dict) else "mse"
        optimizer = keras.optimizers.SGD(rate)
        self.model.compile(optimizer=optimizer, loss=losses, run_eagerly=True)
        result = self.model.train_on_batch(self.to_keras(inputs), named, return_dict=True)
        return float(result["loss"])

    def weights(self) -> tuple[dict[str, Array], dict[str, Array]]:
        """The weights of both under PyTorch's names."""
        state = {name: w.numpy().copy() for name, w in self.module.state_dict().items()}
        return state, to_state_dict(self.net, self.model)

    @property
    def summed_biases(self) -> bool:
        """Whether two biases here are one in Keras: then counts and their steps differ."""
        from netwright.weights.table import table

        slots = table(self.net.name, self.instance).slots
        layers = [slot.op for slot in slots if isinstance(slot.op, Recurrent)]
        return any(layer.biases == 2 for layer in layers if layer.name != "gru")


def as_array(tensor: Any) -> Array:
    """The values of a tensor of any backend."""
    return keras.ops.convert_to_numpy(tensor)
