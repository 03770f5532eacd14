"""The law that emitted code holds for other arguments than those that it was emitted with."""

from inspect import signature
from typing import Any

from netwright.api import Net
from netwright.testing.functions import names, outputs, run, scatter, told
from netwright.values import Partial
from netwright.weights.models import side_options


def assert_general(net: Net, other: Net, *, compute: bool = True) -> None:
    """The code of a net is right under the arguments of ``other``, the same net with those.

    That is its constructor, with what it takes, and its class with everything; a class that is
    made for one use alone takes less. With ``compute`` outputs are compared too.
    """
    values = {name: plain(value) for name, value in other.instance.args}
    constructor = emitted(net, net.torch())
    taken = taken_by(constructor, values)
    assert_is(constructor(**taken), net(**taken), compute=compute)
    kind = type(constructor())
    if taken_by(kind, values) == values:
        assert_is(kind(**values), other, compute=compute)


def assert_general_in_keras(net: Net, other: Net) -> None:
    """The Keras function of a net, under what it takes of other arguments, makes their weights."""
    constructor = emitted(net, net.keras())
    taken = taken_by(constructor, {name: plain(value) for name, value in other.instance.args})
    wanted = net(**taken)
    found = constructor(**taken, **side_options(wanted)).weights
    right = wanted.keras_model(**side_options(wanted)).weights
    assert [tuple(one.shape) for one in found] == [tuple(one.shape) for one in right]


def emitted(net: Net, source: str) -> Any:
    """The constructor of a net in an emitted file."""
    file: dict[str, Any] = {"__name__": "emitted"}
    exec(compile(source, f"{net.name}.py", "exec"), file)
    return file[net.name.lower()]


def taken_by(callee: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The values that a constructor takes and Python can say: no blocks, norms or activations."""
    accepted = signature(callee).parameters
    return {name: v for name, v in values.items() if name in accepted and not passes(v)}


def passes(value: Any) -> bool:
    """Whether a layer or block is anywhere in a value."""
    return any(map(passes, value)) if isinstance(value, list) else isinstance(value, Partial)


def plain(value: Any) -> Any:
    """A value of a spec as Python's."""
    return list(map(plain, value)) if type(value) is tuple else value


def assert_is(module: Any, net: Net, *, compute: bool) -> None:
    """A PyTorch module has the weights of a net, and computes what the net's own code does."""
    weights = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    wanted = names(net)
    assert list(weights.items()) == list(wanted.items()), told(weights, wanted)
    assert sum(p.numel() for p in module.parameters()) == net.params
    if compute:
        assert_computes(module, net)


def assert_computes(module: Any, net: Net) -> None:
    """Outputs are those of the code that is emitted for these very arguments."""
    import torch

    scatter(module)
    own = net.torch_module()
    own.load_state_dict(module.state_dict())
    found, right = run(net, module).outputs, run(net, own).outputs
    for output in outputs(net):
        torch.testing.assert_close(
            found[output.name], right[output.name], rtol=1e-5, atol=1e-6, equal_nan=True
        )
