"""Variables that type checkers would get wrong: Keras's functions on tensors have no types of their
own, and what is inferred from their bodies is no `KerasTensor`, so such variables are `Any`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from netwright.targets.code import Block

ASSIGNED = re.compile(r"((?:[\w.]+(?:\[[^=]*\])? = )+)(.*)", re.DOTALL)
UNTYPED = re.compile(r"(?<![\w.])ops\.|\w\[(?::|\.\.\.), ")
TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')


def loose(body: Sequence[Any], inputs: Iterable[str], *, is_net: bool) -> set[str]:
    """Variables that hold the result of a function of `keras.ops` or a part of a tensor, and inputs
    of a net; in a net only those that go anywhere but into a layer."""
    values: list[str] = []
    made: set[str] = set()
    found: set[str] = set(inputs) if is_net else set()
    for line in _lines(body):
        match = ASSIGNED.fullmatch(TEXTS.sub('""', line))
        if match is not None:
            names = [name for name in match[1].split(" = ") if name.isidentifier()]
            made |= set(names)
            values.append(match[2])
            found |= set(names) if UNTYPED.search(match[2]) else set()
    if not is_net:
        return found
    return {name for name in found if any(_beside_layers(name, value, made) for value in values)}


def _beside_layers(name: str, value: str, made: set[str]) -> bool:
    """Whether an expression computes with a tensor, cuts it, or hands it to a function of ours.

    What the body made itself is a layer or a model.
    """
    if re.search(rf"- {name}\b|\b{name}( - |\[|\.shape)|like={name}\b", value):
        return True
    calls = re.findall(rf"(?<![\w.])([A-Za-z_]\w*)\({name}\b", value)
    return not made.issuperset(calls)


def declared(body: Sequence[Any], names: Iterable[str]) -> list[Any]:
    """A body in which each of some variables is declared as `Any` where it is first assigned."""
    return _declare(body, set(names))


def _declare(body: Sequence[Any], left: set[str]) -> list[Any]:
    found: list[Any] = []
    for item in body:
        if isinstance(item, Block):
            found.append(Block(item.header, _declare(item.body, left)))
            continue
        match = ASSIGNED.fullmatch(item)
        targets = match.group(1).split(" = ")[:-1] if match else []
        first = [name for name in targets if name in left]
        left -= set(first)
        if first and len(targets) == 1:
            item = f"{first[0]}: Any{item[len(first[0]) :]}"
        elif first:
            found += [f"{name}: Any" for name in first]
        found.append(item)
    return found


def _lines(body: Sequence[Any]) -> Iterator[str]:
    for item in body:
        if isinstance(item, Block):
            yield from _lines(item.body)
        else:
            yield item
