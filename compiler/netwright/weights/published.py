"""What published files call otherwise than today's modules: the rules, and a file put under them.

A rule applies to a name that the net lacks, and gives one that the file lacks: what fits as it is
stays as it is. The rules are data; none speaks of one net.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from math import prod
from typing import Any

from netwright.record import record
from netwright.weights.table import Table

WRAPPERS = ("state_dict", "model_state_dict", "model")
"""What a checkpoint of training holds its weights under."""

PREFIXES = ("module.", "_orig_mod.", "model.", "net.")
"""What data parallelism, `torch.compile` and trainers put in front of every name."""

SPELLINGS = ((re.compile(r"\b(norm|relu|conv)\.(\d+)(?=\.)"), r"\1\2"),)
"""Names whose last part became one word: ``norm.1`` of DenseNet, before PyTorch 0.4."""

HEADS = ("fc", "fc1000", "head", "head.fc", "classifier", "classifier.1", "classifier.6", "classif")
LAST = (*HEADS, "last_linear", "logits", "Logits", "predictions", "probs", "output")
HIDDEN = (("classifier.0", "pre_logits.fc1", "fc1"), ("classifier.3", "pre_logits.fc2", "fc2"))
ALIKE = (LAST, *HIDDEN)
"""Names of one layer in several libraries: the last of a classifier, and those of VGG before it."""

SIDES = ("aux*",)
"""Parts, in lower case, that only training uses: a net may do without them."""

NOTES = ("*num_batches_tracked", "*total_ops", "*total_params")
"""Counters that are no weights: of batches, and of operations, as profilers leave them."""

STEMS = {"convolution2d": "conv2d", "batchnormalization": "batch_normalization"}
"""What Keras 1 called layers that have no name of their own."""


@record
class Published:
    """The weights of a file under the names of a net.

    ``names`` are those of the file by these, where they differ; ``unused`` are names of the file
    that the net may do without.
    """

    weights: Mapping[str, Any]
    names: Mapping[str, str]
    unused: tuple[str, ...]


def published(state: Mapping[str, Any], table: Table) -> Published:
    """A file's weights by the names and in the shapes that a net has for them."""
    given = unprefixed(unwrapped(state), table)
    names = _names(given, table)
    unused = dict.fromkeys(n for n in given if n not in names and _is_spare(n, table))
    weights = {
        names.get(name, name): _shaped(value, names.get(name, name), table)
        for name, value in given.items()
        if name not in unused
    }
    other = {new: name for name, new in names.items() if new != name}
    return Published(weights, other, tuple(unused))


def unwrapped(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """The weights themselves, out of a checkpoint of training."""
    for key in WRAPPERS:
        inner = state.get(key)
        if isinstance(inner, Mapping):
            return unwrapped(inner)
    return state


def unprefixed(state: Mapping[str, Any], table: Table) -> Mapping[str, Any]:
    """The weights without what stands in front of every name, unless the net has it there."""
    for prefix in PREFIXES:
        ours = any(name.startswith(prefix) for name in table.weights)
        if state and not ours and all(name.startswith(prefix) for name in state):
            return unprefixed({name[len(prefix) :]: state[name] for name in state}, table)
    return state


def _names(given: Mapping[str, Any], table: Table) -> dict[str, str]:
    """The name in the net of each weight of a file that has one."""
    found = {name: name for name in given if name in table.weights}
    for name in given:
        for old, new in SPELLINGS if name not in found else ():
            ours = old.sub(new, name)
            if ours in table.weights and ours not in given:
                found[name] = ours
    there = set(found.values())
    missing = [name for name in table.weights if name not in there]
    for theirs, ours in heads(_parts(given.keys() - found.keys()), _parts(missing)).items():
        for name in missing:
            part, dot, weight = name.rpartition(".")
            if part == ours and f"{theirs}{dot}{weight}" in given:
                found[f"{theirs}{dot}{weight}"] = name
    return found


def _parts(names: Iterable[str]) -> list[str]:
    """The layers that some weights are of."""
    return list(dict.fromkeys(name.rpartition(".")[0] for name in sorted(names)))


def heads(theirs: Iterable[str], ours: Iterable[str]) -> dict[str, str]:
    """Layers under the name that a net has for them, where each has one of a kind."""
    found = {}
    for kind in ALIKE:
        a, b = ([name for name in names if name in kind] for names in (list(theirs), list(ours)))
        if len(a) == len(b) == 1:
            found[a[0]] = b[0]
    return found


def _is_spare(name: str, table: Table) -> bool:
    """Whether a net that has no such weight computes the same without it."""
    if any(fnmatchcase(name, pattern) for pattern in NOTES):
        return True
    part = name.partition(".")[0]
    ours = any(weight.partition(".")[0] == part for weight in table.weights)
    return not ours and any(fnmatchcase(part.lower(), pattern) for pattern in SIDES)


def _shaped(value: Any, name: str, table: Table) -> Any:
    """A kernel in the shape that it has here: a convolution over all of a map is a linear layer,
    and has the same numbers in the same order."""
    if name not in table.weights:
        return value
    shape, sizes = tuple(value.shape), table.sizes(name)
    one_is_linear = len(shape) != len(sizes) and 2 in (len(shape), len(sizes))
    same = shape[:1] == sizes[:1] and prod(shape) == prod(sizes)
    return value.reshape(sizes) if one_is_linear and same else value
