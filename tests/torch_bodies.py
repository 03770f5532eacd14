"""Nets of one layer in bodies of each kind, and what the PyTorch emitted for them must be."""

import re
from typing import Any

import pytest
from torch_cases import CASES, NAMED_ONLY

import netwright
from netwright.flat import Flat
from netwright.instance import expand
from netwright.tensor import number

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

LETTERS = "abc"
ALONE = [(inputs, use) for rows in CASES.values() for inputs, use in rows]
LABELLED = [*ALONE, *((inputs, use) for _, inputs, use in NAMED_ONLY)]
ONE_INPUT = [(inputs, use) for inputs, use in LABELLED if ";" not in inputs and ":" not in inputs]
CHAINED = [(inputs, use) for inputs, use in ALONE if ";" not in inputs]


def cases(rows: list[tuple[str, str]]) -> Any:
    ids = [f"{use} of {inputs}" for inputs, use in rows]
    return pytest.mark.parametrize(("inputs", "use"), rows, ids=ids)


# Specs


def net(inputs: str, last: str, name: str = "N") -> str:
    """A net of one line."""
    lines = []
    for letter, row in zip(LETTERS, inputs.split(";"), strict=False):
        size, _, kind = row.strip().partition(":")
        lines.append(f"input {letter}[{size}]{':' if kind else ''}{kind}")
    return "\n".join([f"net {name} {{", *(f"    {line}" for line in (*lines, last)), "}", ""])


def chain(inputs: str, use: str) -> str:
    return f"a -> {use}" if ";" in inputs and "[ " not in use else use


def named(inputs: str, use: str, name: str = "N") -> str:
    return net(inputs, f"probe: {chain(inputs, use)}", name)


def numbered(inputs: str, use: str, name: str = "N") -> str:
    return net(inputs, chain(inputs, use), name)


def joined(inputs: str, use: str, name: str = "N") -> str:
    """Two of the layer in a numbered body that is no chain."""
    return net(inputs, f"add [ {use}, {use} ]", name)


# numbers but for those of axes, which decide what a block is, and of initialisers
NUMBERS = re.compile(
    r"(?<![\w.])(?<!axis=)(?<!from=)(?<!init=)(?<!std=)(?<!batch=)"
    r"(\d+(x\d+)+|\d+\.\d+|\d+|true|false)(?![\w.])"
)


def in_block(inputs: str, use: str, name: str = "N") -> str:
    """The layer in a block, each of whose numbers is a parameter."""
    params: list[str] = []
    values: list[str] = []

    def parameter(found: re.Match[str]) -> str:
        text = found[0]
        kinds = {"x": "kernel", ".": "float", "e": "bool"}
        kind = next((kind for sign, kind in kinds.items() if sign in text), "int")
        params.append(f"p{len(params)}: {kind}")
        values.append(text)
        return f"p{len(params) - 1}"

    layer, opened, rest = use.partition("(")
    inner = rest if layer == "permute" else NUMBERS.sub(parameter, rest)
    block = f"held{name.lower()}"
    body = f"block {block}({', '.join(params)}) {{\n    probe: {layer}{opened}{inner}\n}}\n"
    return body + net(inputs, f"held: {block}({', '.join(values)})", name)


# What emitted code must be


def data(found: netwright.Net) -> list[Any]:
    """Random inputs, two examples each."""
    values = []
    for _, tensor in found._net.instance.inputs:
        sizes = (2, *map(number, tensor.sizes))
        words = tensor.integers
        values.append(torch.randn(sizes) if words is None else torch.randint(0, words, sizes))
    return values


def scattered(module: Any) -> Any:
    """The module with weights and statistics that are not what they start as."""
    for name, value in module.state_dict().items():
        if value.is_floating_point():
            value.copy_(
                torch.rand(value.shape) + 0.5 if "var" in name else torch.randn(value.shape)
            )
    return module


def computed(found: netwright.Net, module: Any, values: list[Any]) -> Any:
    """What the layers of a net make of its inputs by their definitions."""
    from torch_references import REFERENCES

    flat, instance, known = Flat(), found._net.instance, {}
    results = {flat.number(place, known): value for place, value in enumerate(values)}
    state = module.state_dict()
    for layer in flat.steps(instance.steps, known):
        step = layer.step
        names = {weight.name: f"{layer.path}.{weight.name}".rstrip(".") for weight in step.weights}
        weights = {name: state[path] for name, path in names.items()}
        given = [results[value] for value in step.inputs]
        results[step.output] = REFERENCES[step.op.name](step.op, step.tensors, weights, given)
    return results[known[instance.outputs[0].id]]


def holds(spec: str) -> None:
    """Refuse emitted code whose weights, counts, shapes or values are not the language's."""
    torch.manual_seed(0)
    found = netwright.loads(spec)["N"]
    module = found.torch_module()
    weights = [
        (f"{leaf.path}.{weight.name}".rstrip("."), weight.sizes, weight.trains)
        for leaf in expand(found._net.instance.steps)
        for weight in leaf.step.weights
    ]
    state = [(name, tuple(value.shape)) for name, value in module.state_dict().items()]
    assert state == [(name, sizes) for name, sizes, _ in weights]
    assert [name for name, _ in module.named_parameters()] == [n for n, _, t in weights if t]
    assert sum(p.numel() for p in module.parameters()) == found.params
    values = data(found)
    trained = module.train()(*[v.clone().requires_grad_(v.is_floating_point()) for v in values])
    assert trained.shape == (2, *map(number, found._net.instance.outputs[0].tensor.sizes))
    trained.sum().backward()
    scattered(module).eval()
    result, wanted = module(*[v.clone() for v in values]), computed(found, module, values)
    torch.testing.assert_close(result, wanted, atol=2e-5, rtol=2e-5)
