"""What boxes that repeat have in common, and what is said of those that differ a little."""

import re
from collections.abc import Iterable
from typing import Any

from netwright.draw.atoms import Group
from netwright.draw.graph import Node
from netwright.tensor import Tensor, number


def likeness(group: Group) -> Any:
    """A frame without the number in its title."""
    return group.kind, numberless(group.title), group.times


def numberless(text: str) -> str:
    """A text with a mark for each number in it, with the letter that counts behind one: ``6c``."""
    return re.sub(r"\d+(?:[a-z](?![a-zA-Z]))?", "#", text)


def extent(tensor: Tensor) -> Any:
    """The sizes of a tensor, its channels left out."""
    return tensor.axes, tuple(map(number, tensor.sizes[1:] if tensor.rank > 1 else ()))


def kind_of(node: Node) -> Any:
    """What boxes are equal in that may differ in their channels."""
    return (node.token, node.before.axes, node.after.axes) if node.before and node.after else None


def fates(nodes: Iterable[Node]) -> dict[Any, set[Any]]:
    """What equal boxes do with their channels: all end in as many, or all add as many.

    One entry if one of both is so; else one for each width that they end in.
    """
    found: dict[Any, tuple[set[Any], set[Any]]] = {}
    for node in nodes:
        if node.before is not None and node.after is not None and node.token is not None:
            ends, grows = found.setdefault(kind_of(node), (set(), set()))
            ends.add(channels(node.after))
            grows.add(growth(node))
    return {kind: ends if len(grows) > 1 else {0} for kind, (ends, grows) in found.items()}


def channels(tensor: Tensor | None) -> int | None:
    """The channels of an image, the features of anything else."""
    if tensor is None or not tensor.sizes:
        return None
    return number(tensor.sizes[0 if tensor.rank > 2 else -1])


def growth(node: Node) -> int:
    """How many channels a box adds."""
    before, after = channels(node.before), channels(node.after)
    return (after or 0) - (before or 0)


def grown(nodes: list[Node]) -> str:
    """``64→256, +32 each`` for blocks that add channels; of other blocks what all do together."""
    first, last = nodes[0], nodes[-1]
    ends = channels(first.before), channels(last.after)
    if first.call is None or ends[0] == ends[1]:
        return ""
    each = growth(first) if growth(first) == growth(last) else 0
    return f"{ends[0]}→{ends[1]}" + (f", {each:+} each".replace("-", "−") if each else "")


def total(nodes: list[Node], times: int) -> int:
    """Params of one of equal boxes; of unequal ones the sum, below zero."""
    counts = {node.params for node in nodes}
    if len(counts) == 1:
        return counts.pop()
    return -sum(node.params for node in nodes) - nodes[-1].params * (times - len(nodes))


def labels(first: Node, last: Node) -> tuple[str, ...]:
    """The lines below of boxes that differ in the number of their label."""
    return tuple(spanned(one, other) for one, other in zip(first.below, last.below, strict=False))


def spanned(one: str, other: str) -> str:
    """``layer1…6`` for two labels that differ in their number, ``6b…e`` in the letter behind it."""
    for stem in (one.rstrip("0123456789"), one[:-1]):
        end = other[len(stem) :]
        counts = end.isdigit() or (len(end) == 1 and stem[-1:].isdigit())
        if one != other and other.startswith(stem) and counts:
            return f"{one}…{end}"
    return one
