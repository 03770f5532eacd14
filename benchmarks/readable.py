"""Measures emitted files beside the official ones: `python benchmarks/readable.py [--markdown]`.

Told are lines of code, without comments, docstrings and empty lines, those of a file's helpers and
constructors too; classes or functions; the deepest nesting of loops and conditions; the longest
function. What an official file says of weights to download and of other nets is left out: counted
are the classes and functions that the nets of the row stand on. Nothing is built or run.
"""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import netwright
from netwright.api import Nets, Target
from netwright.emit import emit

SPECS = Path(__file__).parents[1] / "specs"


class Family(NamedTuple):
    """A spec, a target, the official module, and the names in it that the nets stand on."""

    spec: str
    target: Target
    module: str
    names: tuple[str, ...]
    net: str  # none for all of the spec


def torchvision(spec: str, module: str, *names: str, net: str = "") -> Family:
    """A family beside torchvision's file."""
    return Family(spec, "torch", f"torchvision.models.{module}", names, net)


def keras(spec: str, module: str, *names: str, net: str = "") -> Family:
    """A family beside the file of keras.applications."""
    return Family(f"keras/{spec}", "keras", f"keras.src.applications.{module}", names, net)


FAMILIES = (
    torchvision("alexnet.net", "alexnet", "AlexNet", net="AlexNet"),
    torchvision("vgg.net", "vgg", "VGG", "make_layers", "cfgs", "_vgg"),
    torchvision(
        "googlenet.net", "googlenet", "GoogLeNet", "Inception", "InceptionAux", "BasicConv2d"
    ),
    torchvision(
        "inception.net",
        "inception",
        "Inception3",
        *(f"Inception{letter}" for letter in "ABCDE"),
        "InceptionAux",
        "BasicConv2d",
        net="InceptionV3",
    ),
    torchvision(
        "resnet.net",
        "resnet",
        "conv3x3",
        "conv1x1",
        "BasicBlock",
        "Bottleneck",
        "ResNet",
        "_resnet",
    ),
    torchvision(
        "densenet.net",
        "densenet",
        "_DenseLayer",
        "_DenseBlock",
        "_Transition",
        "DenseNet",
        "_densenet",
    ),
    torchvision("squeezenet.net", "squeezenet", "Fire", "SqueezeNet", "_squeezenet"),
    torchvision("mobilenet.net", "mobilenetv2", "InvertedResidual", "MobileNetV2"),
    keras("vgg.net", "vgg16", "VGG16"),
    keras("inception.net", "inception_v3", "InceptionV3", "conv2d_bn"),
    keras(
        "inception_resnet.net",
        "inception_resnet_v2",
        "InceptionResNetV2",
        "conv2d_bn",
        "inception_resnet_block",
    ),
    keras("resnet.net", "resnet", "ResNet", "residual_block_v1", "stack_residual_blocks_v1"),
    keras("resnet_v2.net", "resnet", "ResNet", "residual_block_v2", "stack_residual_blocks_v2"),
    keras("densenet.net", "densenet", "DenseNet", "dense_block", "conv_block", "transition_block"),
    keras("xception.net", "xception", "Xception"),
    keras(
        "mobilenet.net",
        "mobilenet",
        "MobileNet",
        "_conv_block",
        "_depthwise_conv_block",
        net="MobileNet",
    ),
    keras(
        "mobilenet.net",
        "mobilenet_v2",
        "MobileNetV2",
        "_inverted_res_block",
        "_make_divisible",
        net="MobileNetV2",
    ),
    keras(
        "nasnet.net",
        "nasnet",
        "NASNet",
        "_separable_conv_block",
        "_adjust_block",
        "_normal_a_cell",
        "_reduction_a_cell",
    ),
)


class Figures(NamedTuple):
    """What is told of a text."""

    lines: int
    parts: int
    nesting: int
    longest: int


def figures(text: str, names: tuple[str, ...] = ()) -> Figures:
    """The figures of a file, or of some classes, functions and constants in it."""
    body = [
        node for node in ast.parse(text).body if not names or not name_of(node).isdisjoint(names)
    ]
    missing = set(names) - set().union(*map(name_of, body))
    assert not missing, f"{', '.join(missing)} not in the file"
    parts = [node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    functions = [
        node for part in body for node in ast.walk(part) if isinstance(node, ast.FunctionDef)
    ]
    return Figures(
        len(set().union(*map(code_lines, body))),
        len(parts),
        max(nesting(function.body) for function in functions),
        max(len(code_lines(function)) for function in functions),
    )


def name_of(node: ast.stmt) -> set[str]:
    """What a statement of a module binds."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def code_lines(node: ast.AST) -> set[int]:
    """The lines of a piece of code, without those of docstrings."""
    found: set[int] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.stmt | ast.expr | ast.arg):
            found |= {inner.lineno, inner.end_lineno or inner.lineno}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant):
            found -= set(range(inner.lineno, (inner.end_lineno or inner.lineno) + 1))
    return found


def nesting(body: list[ast.stmt]) -> int:
    """How many loops, conditions and inner functions stand around the deepest line."""
    return max((1 + nesting(inner) for inner in inner_bodies(body)), default=0)


def inner_bodies(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The bodies of compound statements; an ``elif`` is as deep as its ``if``."""
    for node in body:
        while (
            isinstance(node, ast.If)
            and len(node.orelse) == 1
            and isinstance(node.orelse[0], ast.If)
        ):
            yield node.body
            node = node.orelse[0]
        for field in ("body", "orelse"):
            if isinstance(getattr(node, field, None), list) and getattr(node, field):
                yield getattr(node, field)


def source(module: str) -> str:
    """The text of a module that is not imported."""
    package, _, rest = module.partition(".")
    found = importlib.util.find_spec(package)
    assert found and found.submodule_search_locations, f"{package} is not installed"
    path = Path(next(iter(found.submodule_search_locations)), *rest.split("."))
    return path.with_suffix(".py").read_text(encoding="utf-8")


def text_of(nets: Nets, family: Family) -> str:
    """The emitted file: of the whole spec, or of the one net that the official file has."""
    if not family.net:
        return emit(nets._checked, family.target)
    net = nets[family.net]
    return net.torch() if family.target == "torch" else net.keras()


def rows() -> Iterator[tuple[Family, int, Figures, Figures]]:
    """Each family with the lines of its spec, and the figures of the emitted and the official."""
    for family in FAMILIES:
        path = SPECS / family.spec
        emitted = text_of(netwright.load(path), family)
        spec = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        yield (
            family,
            sum(not line.lstrip().startswith("#") for line in spec),
            figures(emitted),
            figures(source(family.module), family.names),
        )


HEADER = ("spec", "lines of it", "official file", "lines", "parts", "nesting", "longest function")


def main() -> None:
    """Print the table, each figure as emitted / official."""
    markdown = "--markdown" in sys.argv[1:]
    table = [HEADER]
    for family, spec, ours, theirs in rows():
        pairs = (f"{one} / {other}" for one, other in zip(ours, theirs, strict=True))
        table.append((family.spec, str(spec), family.module.replace(".src", ""), *pairs))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for place, row in enumerate(table):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        print(f"| {' | '.join(cells)} |" if markdown else "  ".join(cells).rstrip())
        if markdown and not place:
            print(f"|{'|'.join('-' * (width + 2) for width in widths)}|")


if __name__ == "__main__":
    main()
