"""Layers by name, importing no more than the family that holds the one asked for.

The names are read from the sources of the families, so that a new layer is declared once.
"""

import re
from functools import cache
from importlib import import_module
from typing import Any

from netwright.ops.base import OPS, Op

FAMILIES = (
    "conv",
    "depthwise",
    "linear",
    "learned",
    "recurrent",
    "attention",
    "norm",
    "pool",
    "shape",
    "border",
    "resample",
    "dropout",
    "reduce",
    "join",
    "activation",
    "photo",
    "anchors",
    "boxes",
    "regions",
    "losses",
)

_LAYER = re.compile(r'^@op\(\s*"(\w+)"', re.MULTILINE)
_WORDS = re.compile(r"words=\(([^()]*)\)")


_HERE = __file__.removesuffix("find.py")


@cache
def _text(family: str) -> str:
    """The source of a family, out of a folder or a zip."""
    loader: Any = globals()["__loader__"]
    return str(loader.get_data(f"{_HERE}{family}.py"), "utf-8")


HOMES: dict[str, str] = {
    name: family for family in FAMILIES for name in _LAYER.findall(_text(family))
}
NAMES = tuple(HOMES)


def find(name: str) -> type[Op] | None:
    """The layer of a name, or none."""
    if name not in HOMES:
        return None
    if name not in OPS:
        import_module(f"netwright.ops.{HOMES[name]}")
    return OPS[name]


def every() -> dict[str, type[Op]]:
    """All layers by name, in the order of the families."""
    return {name: op for name in NAMES if (op := find(name))}


@cache
def words() -> frozenset[str]:
    """The words that arguments of layers take: `last`, `bilinear`, ..."""
    found = (text for family in FAMILIES for text in _WORDS.findall(_text(family)))
    return frozenset({"same", "last"}.union(*(re.findall(r"\w+", text) for text in found)))
