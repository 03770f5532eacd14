"""All nodes of a piece of the tree of what was written."""

from collections.abc import Iterator
from typing import Any

from netwright import syntax


def nodes(node: Any) -> Iterator[Any]:
    """A node and those in it, in the order in which they were written."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item)
        return
    names = getattr(node, "__record_fields__", ())
    if names:
        yield node
    for name in names:
        yield from nodes(node.__dict__[name])


def names(node: Any) -> Iterator[str]:
    """The plain names in a tree, as often as they stand there."""
    return (found.name for found in nodes(node) if isinstance(found, syntax.Name))
