"""Every layer as emitted PyTorch: shapes, weights, counts and values, in named and numbered bodies."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import netwright
import pytest
from netwright.flat import Flat
from netwright.instance import expand
from netwright.ops import find
from netwright.targets.spell import macros
from netwright.tensor import number
from torch_cases import CASES, NAMED_ONLY

torch = pytest.importorskip("torch")

LETTERS = "abc"


def spec(inputs: str, use: str, form: str) -> str:
    """A net of one layer: its only line has a label, or none; or it runs twice and is added."""
    sizes = [row.strip() for row in inputs.split(";")]
    lines = []
    for letter, row in zip(LETTERS, sizes, strict=False):
        size, _, kind = row.partition(":")
        lines.append(f"input {letter}[{size}]{':' if kind else ''}{kind}")
    chain = f"a -> {use}" if len(sizes) > 1 and "[ " not in use else use
    last = {"named": f"probe: {chain}", "numbered": chain, "joined": f"add [ {use}, {use} ]"}[form]
    return "\n".join(["net N {", *(f"    {line}" for line in (*lines, last)), "}", ""])


def uses() -> Iterator[Any]:
    for name, rows in CASES.items():
        for inputs, use in rows:
            for form in ("named", "numbered", "joined"):
                if form != "joined" or (";" not in inputs and not use.startswith("gl")):
                    yield pytest.param(inputs, use, form, id=f"{use} of {inputs} {form}")
    for _, inputs, use in NAMED_ONLY:
        yield pytest.param(inputs, use, "named", id=f"{use} of {inputs}")


def data(net: netwright.Net) -> list[Any]:
    """Random inputs, two examples each."""
    found = []
    for _, tensor in net._net.instance.inputs:
        sizes = (2, *map(number, tensor.sizes))
        words = tensor.integers
        found.append(torch.randn(sizes) if words is None else torch.randint(0, words, sizes))
    return found


def made(inputs: str, use: str, form: str = "named") -> tuple[netwright.Net, Any]:
    net = netwright.loads(spec(inputs, use, form))["N"]
    return net, net.torch_module()


@pytest.mark.parametrize(("inputs", "use", "form"), list(uses()))
def test_layers_have_the_shapes_and_weights_of_the_language(
    inputs: str, use: str, form: str
) -> None:
    net, module = made(inputs, use, form)
    result = net._net.instance.outputs[0].tensor
    for mode in (module.train(), module.eval()):
        assert mode(*data(net)).shape == (2, *map(number, result.sizes))
    wanted = [
        (f"{leaf.path}.{weight.name}".rstrip("."), weight.sizes, weight.trains)
        for leaf in expand(net._net.instance.steps)
        for weight in leaf.step.weights
    ]
    found = [(name, tuple(tensor.shape)) for name, tensor in module.state_dict().items()]
    assert found == [(name, sizes) for name, sizes, _ in wanted]
    assert [name for name, _ in module.named_parameters()] == [n for n, _, t in wanted if t]
    assert sum(p.numel() for p in module.parameters()) == net.params


def scattered(module: Any) -> Any:
    """The module with weights and statistics that are not what they start as."""
    for name, value in module.state_dict().items():
        if value.is_floating_point():
            value.copy_(torch.rand(value.shape) + 0.5 if "var" in name else torch.randn(value.shape))
    return module


def computed(net: netwright.Net, module: Any, values: list[Any]) -> Any:
    """What the layers of a net make of its inputs by their definitions."""
    from torch_references import REFERENCES

    flat, instance, known = Flat(), net._net.instance, {}
    results = {flat.number(place, known): value for place, value in enumerate(values)}
    state = module.state_dict()
    for layer in flat.steps(instance.steps, known):
        step = layer.step
        names = {weight.name: f"{layer.path}.{weight.name}".rstrip(".") for weight in step.weights}
        weights = {name: state[path] for name, path in names.items()}
        given = [results[value] for value in step.inputs]
        results[step.output] = REFERENCES[step.op.name](step.op, step.tensors, weights, given)
    return results[known[instance.outputs[0].id]]


def alone() -> Iterator[Any]:
    for name, rows in CASES.items():
        for inputs, use in rows if name != "list" else ():
            yield pytest.param(inputs, use, id=f"{use} of {inputs}")
    for _, inputs, use in NAMED_ONLY:
        yield pytest.param(inputs, use, id=f"{use} of {inputs}")


def agrees(net: netwright.Net) -> None:
    """Refuse a module that computes anything else than the definitions."""
    torch.manual_seed(0)
    module = scattered(net.torch_module()).eval()
    values = data(net)
    found = module(*[value.clone() for value in values])
    wanted = computed(net, module, values)
    torch.testing.assert_close(found, wanted, atol=2e-5, rtol=2e-5)


@pytest.mark.parametrize(("inputs", "use"), list(alone()))
def test_layers_compute_what_their_definition_says(inputs: str, use: str) -> None:
    agrees(netwright.loads(spec(inputs, use, "named"))["N"])


# numbers but for those of axes, which decide what a block is, and of initialisers
NUMBERS = re.compile(
    r"(?<![\w.])(?<!axis=)(?<!from=)(?<!init=)(?<!std=)(?<!pad\()(\d+(x\d+)+|\d+\.\d+|\d+|true|false)(?![\w.])"
)


def in_block(inputs: str, use: str) -> str:
    """The same layer in a block, each of whose numbers is a parameter."""
    params: list[str] = []
    given: list[str] = []

    def parameter(found: re.Match[str]) -> str:
        text = found[0]
        kind = "kernel" if "x" in text else "float" if "." in text else "bool" if text.isalpha() else "int"
        params.append(f"p{len(params)}: {kind}")
        given.append(text)
        return f"p{len(params) - 1}"

    layer, opened, rest = use.partition("(")
    inner = rest if layer == "permute" else NUMBERS.sub(parameter, rest)
    sizes = inputs.split(";")
    lines = [f"input {letter}[{row.strip()}]" for letter, row in zip(LETTERS, sizes, strict=False)]
    block = [f"block held({', '.join(params)}) {{", f"    probe: {layer}{opened}{inner}", "}"]
    net = ["net N {", *(f"    {line}" for line in lines), f"    held: held({', '.join(given)})", "}"]
    return "\n".join([*block, *net, ""])


@pytest.mark.parametrize(
    ("inputs", "use"),
    [case for case in alone() if ";" not in case.values[0] and ":" not in case.values[0]],
)
def test_arguments_may_be_parameters_of_a_block(inputs: str, use: str) -> None:
    agrees(netwright.loads(in_block(inputs, use))["N"])
