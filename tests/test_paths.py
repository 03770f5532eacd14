"""What weights are called: the rules of names, each as a few lines and the paths they give."""

import pytest
from marks import instance_of

from netwright.instance import expand
from netwright.names.labels import MODULE

BLOCKS = """
block unit(width) { conv(width, 1x1) -> relu }

block named(width) {
    first: conv(width, 1x1)
    relu
    second: conv(width, 1x1)
}

block pair(width) {
    output low: conv(width, 1x1)
    conv(width, 1x1)
}

block cell(width) {
    a: conv(width, 1x1)
    b: conv(width, 1x1)
}
"""
RULES = {
    "numbered": ("conv(4, 1x1) -> relu -> conv(4, 1x1)", "0 2"),
    "numbered blocks": ("unit(4)\nrelu\nunit(4)", "0.0 2.0"),
    "named": ("a: conv(4, 1x1)\nrelu\nb: conv(4, 1x1)", "a b"),
    "one weight without a label": ("a: conv(4, 1x1)\nconv(4, 1x1)\nconv(4, 1x1)", "a conv conv_2"),
    "kind clear of a label": (
        "conv_2: conv(4, 1x1)\nconv(4, 1x1)\nconv(4, 1x1)",
        "conv_2 conv conv_3",
    ),
    "a label of one": ("low: image -> conv(4, 1x1)", "low"),
    "a label of a chain": ("p: relu -> conv(4, 1x1)", "p.1"),
    "a label of a block": ("stem: named(4)", "stem.first stem.second"),
    "a label of one of a join": ("s: add [ conv(3, 1x1), _ ]", "s.0"),
    "a label of a bracket": (
        "s: add [ conv(3, 1x1) -> relu, conv(3, 1x1), { conv(3, 1x1) -> relu } ]",
        "s.0.0 s.1 s.2.0",
    ),
    "a bracket without a label": ("add [ conv(3, 1x1) -> relu, conv(3, 1x1) ]", "0 2"),
    "labels in brackets": ("add [ a: conv(3, 1x1) -> relu, b: conv(3, 1x1) ]", "a.0 b"),
    "turns as branches": ("concat [ for i in range(2) { conv(3, 1x1) } ]", "0 1"),
    "turns as long branches": (
        "s: concat [ for i in range(2) { conv(3, 1x1) -> conv(3, 1x1) } ]",
        "s.0.0 s.0.1 s.1.0 s.1.1",
    ),
    "a labelled brace": ("f: { conv(4, 1x1)\nrelu\nconv(4, 1x1) }\nl: conv(4, 1x1)", "f.0 f.2 l"),
    "a labelled loop": ("f: for i in range(2) { conv(4, 1x1) }\nl: relu", "f.0 f.1"),
    "a labelled repeat": ("f: repeat 2 { unit(4) }", "f.0.0 f.1.0"),
    "a labelled condition": ("f: if 1 < 2 { conv(4, 1x1) }", "f.0"),
    "unlabelled braces splice": ("{ conv(4, 1x1)\n{ conv(4, 1x1) } }\nconv(4, 1x1)", "0 1 2"),
    "loops splice": ("for i in range(2) { conv(4, 1x1)\nrelu }\nconv(4, 1x1)", "0 2 4"),
    "a number for a brace": ("_: { conv(4, 1x1)\nrelu }\n_: conv(4, 1x1)", "0.0 1.0"),
    "digit labels": ('"1": conv(4, 1x1)\nrelu\n"5": conv(4, 1x1)', "1 5"),
    "indexed labels": ("for i in range(2) { up{i}a: conv(4, 1x1) }", "up0a up1a"),
    "quoted labels": ('for i in range(2) { "b{i}-{i+1}": conv(4, 1x1) }', "b0-1 b1-2"),
    "joins take no index": (
        "add [ _, _ ]\nconv(4, 1x1)\nlet x = _\nadd [ x, _ ]\nconv(4, 1x1)",
        "0 1",
    ),
    "functions take no index": ("upsample(like=image)\nconv(4, 1x1)", "0"),
    "what has no module takes one": ("permute(0, 2, 1) -> conv(4, 1x1)", "1"),
    "a tensor's label names nothing": (
        "x: image\nconv(4, 1x1)\ny: add [ _, _ ]\nconv(4, 1x1)",
        "0 1",
    ),
    "splice": ("splice cell(4)\nc: conv(4, 1x1)", "a b c"),
    "splice names the body": ("splice cell(4)\nrelu", "a b"),
    "shared": ("shared s = conv(3, 1x1)\nimage -> s -> s\nt: conv(4, 1x1)", "s t"),
    "shared where it is used first": ("shared s = conv(3, 1x1)\nt: conv(3, 1x1)\ns", "t s"),
    "shared inside": ("f: { shared s = unit(3)\ns -> s }", "f.s.0"),
    "outputs in the order of lines": (
        "a: conv(4, 1x1)\noutput side when training: a -> unit(2)\nb: conv(4, 1x1)",
        "a side.0 b",
    ),
    "an output of a chain": (
        "output o: conv(4, 1x1) -> conv(4, 1x1)\na: conv(4, 1x1)",
        "o.0 o.1 a",
    ),
    "outputs of blocks": ("p: pair(4)\n_.low -> conv(2, 1x1)", "p.low p.conv conv"),
    "parameters": ("a: conv(3, 1x1, bias=false)\nk: scale(parameter)", "a k"),
}


@pytest.mark.parametrize("rule", RULES)
def test_weights_have_the_names_of_the_rules(rule: str) -> None:
    lines, expected = RULES[rule]
    instance = instance_of(f"{BLOCKS}\nnet N {{\ninput image[3, 8, 8]\n{lines}\n}}\n")
    leaves = [leaf for leaf in expand(instance.steps) if leaf.step.weights and not leaf.reused]
    assert " ".join(leaf.path for leaf in leaves) == expected


def test_layers_without_weights_are_shared_in_named_bodies() -> None:
    lines = "a: conv(4, 1x1)\nrelu\nmax_pool(2x2)\nrelu\nmax_pool(1x1)\nb: { relu\nrelu }"
    instance = instance_of(f"net N {{\ninput image[3, 8, 8]\n{lines}\n}}\n")
    paths = [leaf.path for leaf in expand(instance.steps)]
    assert paths == ["a", "relu", "max_pool", "relu", "max_pool_2", "b.0", "b.1"]


@pytest.mark.slow
def test_reserved_labels_are_the_attributes_of_modules() -> None:
    from torch import nn

    attributes = {*dir(nn.Module()), *dir(nn.Sequential())}
    assert {name for name in attributes if not name.startswith("__")} == MODULE
