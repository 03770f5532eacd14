"""What must hold of the code of every net: counts, names, shapes, and both targets agreeing."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netwright.api import Net, loads
from netwright.instance import expand, registered
from netwright.ops.recurrent import Recurrent
from netwright.record import record
from netwright.tensor import Tensor, number
from netwright.testing.rows import of_keras, of_torch, shape_of

if TYPE_CHECKING:
    from netwright.instance import Named

TOLERANCE = 1e-5
NOISE = 10
SHAKES = 3
EXAMPLES = 2


def net_of(spec: "Net | str") -> Net:
    """The net, or the last one of a spec that is given as text."""
    if isinstance(spec, Net):
        return spec
    nets = loads(spec)
    return nets[list(nets)[-1]]


def assert_params(spec: "Net | str", *, keras: bool = False) -> None:
    """The emitted PyTorch module has the params, names and sizes of weights that the spec says.

    With ``keras`` the Keras model is counted too: `Net.total_params` against ``count_params()``,
    without the layers that no output depends on, which a Keras model does not hold.
    """
    net = net_of(spec)
    module = net.torch_module()
    found = sum(p.numel() for p in module.parameters())
    assert found == net.params, f"{net.name}: {found:,} params in PyTorch, {net.params:,} here"
    weights = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    wanted = names(net)
    assert list(weights.items()) == list(wanted.items()), told(weights, wanted)
    if keras:
        _assert_keras_params(net)


def _assert_keras_params(net: Net) -> None:
    from netwright.instance import scalars
    from netwright.weights.models import side_options
    from netwright.weights.table import table

    found = net.keras_model(**side_options(net)).count_params()
    idle = [w for slot in table(net.name, net.instance).idle for w in slot.weights if w.counted]
    wanted = net.total_params - sum(map(scalars, idle))
    if not _is_excepted(net):
        assert found == wanted, f"{net.name}: {found:,} params in Keras, {wanted:,} here"


def _is_excepted(net: Net) -> bool:
    """Whether Keras cannot hold the language's count of biases: its GRU has two, others have one
    for each gate."""
    ops = (leaf.step.op for leaf in expand(net.instance.steps))
    gates = (op for op in ops if isinstance(op, Recurrent))
    return any(op.biases == (1 if op.name == "gru" else 2) for op in gates)


def names(net: Net) -> dict[str, tuple[int, ...]]:
    """The names of the PyTorch state dict in their order, with the sizes of the weights."""
    return dict(
        _in_order(
            [
                (f"{leaf.path}.{weight.name}".strip("."), tuple(map(int, weight.sizes)))
                for leaf in registered(net.instance.steps)
                if not leaf.reused
                for weight in leaf.step.weights
            ]
        )
    )


def _in_order(weights: "list[tuple[str, tuple[int, ...]]]", depth: int = 0) -> Any:
    """Weights as PyTorch lists them: those of a module itself, then those of the modules in it."""
    inner: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, sizes in weights:
        parts = name.split(".")
        if len(parts) == depth + 1:
            yield name, sizes
        else:
            inner.setdefault(parts[depth], []).append((name, sizes))
    for group in inner.values():
        yield from _in_order(group, depth + 1)


def told(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """The difference of two state dicts, in words."""
    lines = [
        f"{name}: {found[name]}, not {wanted[name]}"
        for name in found
        if name in wanted and found[name] != wanted[name]
    ]
    lines += [f"{name} is not in the spec" for name in found if name not in wanted]
    lines += [f"{name} is not in the module" for name in wanted if name not in found]
    return "; ".join(lines) or f"the order is {list(found)}, not {list(wanted)}"


@record
class Run:
    """A net at work on random data: PyTorch's inputs and outputs, by the names of the spec."""

    inputs: tuple[Any, ...]
    outputs: dict[str, Any]


def run(net: Net, module: Any, seed: int = 0) -> Run:
    """Evaluate a PyTorch module of a net on random inputs."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    inputs = tuple(_data(tensor, generator) for _, tensor in net.instance.inputs)
    return Run(inputs, _evaluated(net, module, inputs))


def _evaluated(net: Net, module: Any, inputs: Sequence[Any]) -> dict[str, Any]:
    import torch

    with torch.no_grad():
        result = module.eval()(*inputs)
    values = list(result) if isinstance(result, tuple) else [result]
    pairs = zip(outputs(net), values, strict=True)
    return {out.name: of_torch(out.tensor, value, EXAMPLES) for out, value in pairs}


def outputs(net: Net) -> "list[Named]":
    """The outputs in evaluation."""
    return [output for output in net.instance.outputs if not output.training]


def _data(tensor: Tensor, generator: Any) -> Any:
    import torch

    sizes = (EXAMPLES, *map(number, tensor.sizes))
    if tensor.integers is None:
        return torch.randn(sizes, generator=generator)
    assert isinstance(tensor.integers, int)
    return torch.randint(0, tensor.integers, sizes, generator=generator)


def scatter(module: Any, seed: int = 0) -> None:
    """Random weights and running statistics, so that no two are equal by chance."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in module.state_dict().items():
            if value.dtype.is_floating_point:
                noise = torch.randn(value.shape, generator=generator)
                value.copy_(noise.abs() + 0.5 if name.endswith("running_var") else noise * 0.3)


def assert_shapes(spec: "Net | str") -> None:
    """The emitted PyTorch module gives the shapes that the spec says."""
    net = net_of(spec)
    _assert_shapes(net, run(net, net.torch_module()))


def _assert_shapes(net: Net, found: Run) -> None:
    for output in outputs(net):
        wanted = shape_of(output.tensor, EXAMPLES)
        shape = tuple(found.outputs[output.name].shape)
        assert shape == wanted, f"{net.name}: `{output.name}` is {shape}, not {wanted}"


def assert_same_function(spec: "Net | str", *, tolerance: float = TOLERANCE) -> None:
    """PyTorch and Keras give the same outputs with the same weights, relative to the largest.

    More is allowed where rounding alone makes more, as where a norm divides by hardly anything:
    `NOISE` times what the last bits of inputs and weights change, or precision does.
    """
    net = net_of(spec)
    module = net.torch_module()
    scatter(module)
    one = run(net, module)
    _assert_shapes(net, one)
    state = module.state_dict()
    other = _run_keras(net, state, one.inputs)
    apart = _distances(net, one.outputs, other)
    if max(apart.values()) <= tolerance:
        return
    exact = _evaluated(net, module.double(), [_double(value) for value in one.inputs])
    noise = [_distances(net, exact, {n: v.numpy() for n, v in one.outputs.items()})]
    for seed in range(SHAKES):
        near = {name: _shaken(value, seed) for name, value in state.items()}
        inputs = [_shaken(value, seed) for value in one.inputs]
        noise.append(_distances(net, one.outputs, other, _run_keras(net, near, inputs)))
    for name, distance in apart.items():
        allowed = max(tolerance, NOISE * max(found[name] for found in noise))
        assert distance <= allowed, f"{net.name}: `{name}` differs by {distance:.2g}"


def _double(value: Any) -> Any:
    return value.double() if value.dtype.is_floating_point else value


def _shaken(value: Any, seed: int) -> Any:
    """Numbers of which the last bits differ."""
    import torch

    if not value.dtype.is_floating_point:
        return value
    generator = torch.Generator().manual_seed(seed)
    signs = torch.randint(-1, 2, value.shape, generator=generator)
    return value * (1 + signs * torch.finfo(value.dtype).eps)


def _distances(
    net: Net, like: Mapping[str, Any], one: Mapping[str, Any], two: Mapping[str, Any] | None = None
) -> dict[str, float]:
    """How far each output of two runs is apart, relative to the largest number of ``like``, which
    is one of them where no other is given."""
    import numpy

    found = {}
    for name, value in like.items():
        wanted = value.numpy()
        first, second = one[name], wanted if two is None else two[name]
        assert first.shape == wanted.shape, (
            f"{net.name}: `{name}` is {wanted.shape} in PyTorch, {first.shape} in Keras"
        )
        scale = max(float(numpy.abs(wanted).max()), 1e-6)
        finite = numpy.isfinite(wanted).all()  # numbers that grow beyond a float say nothing
        found[name] = float(numpy.abs(first - second).max()) / scale if finite else 0.0
    return found


def over_channels(net: Net) -> dict[str, bool]:
    """Whether Keras has the channels last, of each input and output of a net by its name."""
    from netwright.emit import write
    from netwright.targets.keras.file import KerasFile

    _, file, (spec,) = write(net._checked, "keras", (net._net,))
    assert isinstance(file, KerasFile)
    return file.over_channels(spec)


def _run_keras(net: Net, state: Mapping[str, Any], inputs: Sequence[Any]) -> dict[str, Any]:
    """The outputs of the Keras model with some weights, by name, in PyTorch's order of axes."""
    import numpy

    from netwright.weights.models import to_keras_model

    model = net.keras_model()
    to_keras_model(net, {n: v.numpy() for n, v in state.items()}, model)
    last = over_channels(net)
    given = [
        numpy.moveaxis(value.numpy(), 1, -1) if last[name] else value.numpy()
        for (name, _), value in zip(net.instance.inputs, inputs, strict=True)
    ]
    result = model(given if len(given) > 1 else given[0], training=False)
    wanted = [output.name for output in outputs(net)]
    found = result if len(wanted) > 1 else {wanted[0]: result}
    arrays = {name: of_keras(found[name]) for name in wanted}
    return {n: numpy.moveaxis(x, -1, 1) if last[n] else x for n, x in arrays.items()}
