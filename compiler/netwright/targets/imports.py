"""The imports of an emitted file, told by the names that its code speaks of."""

import re
from collections.abc import Iterable

from netwright.layout.page import WIDTH

ABC = ("Callable", "Iterable", "Iterator", "Sequence")
TYPING = ("Any", "NamedTuple", "Self")
VISION = (
    "batched_nms",
    "box_area",
    "box_iou",
    "clip_boxes_to_image",
    "nms",
    "remove_small_boxes",
    "roi_align",
    "roi_pool",
)
"""What emitted code takes of `torchvision.ops`."""


def words(lines: Iterable[str]) -> set[str]:
    """All names in code but those behind a dot; strings are no code, what f-strings hold is."""
    found: set[str] = set()
    for line in lines:
        code = re.sub(r'(?<![fF])"(?:[^"\\]|\\.)*"', '""', line)
        found |= set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", code))
    return found


def standard(found: set[str]) -> list[str]:
    """Imports from the standard library."""
    lines = [f"import {name}" for name in ("itertools", "math") if name in found]
    if "OrderedDict" in found:
        lines.append("from collections import OrderedDict")
    abc = [name for name in ABC if name in found]
    if abc:
        lines.append(f"from collections.abc import {', '.join(abc)}")
    if "partial" in found:
        lines.append("from functools import partial")
    typing = [name for name in TYPING if name in found]
    if typing:
        lines.append(f"from typing import {', '.join(typing)}")
    return lines


def torch_imports(lines: Iterable[str], foreign: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Imports of a PyTorch file, in isort's order; ``foreign`` are modules and names of others."""
    found = words(lines)
    second = ["import torch"] if "torch" in found else []
    if "F" in found:
        second.append("import torch.nn.functional as F")
    names: list[str] = [name for name in ("Tensor", "nn") if name in found]
    modules = {"torch": names, "torchvision.ops": [name for name in VISION if name in found]}
    return _together(found, second, {key: some for key, some in modules.items() if some}, foreign)


def _together(
    found: set[str],
    second: list[str],
    modules: dict[str, list[str]],
    foreign: Iterable[tuple[str, str]],
) -> list[str]:
    """Imports of the standard library, then of others."""
    for module, name in foreign:
        modules.setdefault(module, []).append(name)
    for module in sorted(modules, key=str.lower):
        second += _import(module, sorted(set(modules[module])))
    first = standard(found)
    return [*first, *([""] if first and second else []), *second]


def _import(module: str, names: list[str]) -> list[str]:
    """One import, a name a line where it is too long."""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


def keras_imports(
    lines: Iterable[str],
    hidden: Iterable[str] = (),
    foreign: Iterable[tuple[str, str]] = (),
) -> list[str]:
    """Imports of a Keras file, in isort's order; ``hidden`` names are something else in it.

    ``foreign`` are modules and names of others.
    """
    found = words(lines) - set(hidden)
    second = ["import keras"] if "keras" in found else []
    names: list[str] = [name for name in ("KerasTensor", "layers", "ops") if name in found]
    return _together(found, second, {"keras": names} if names else {}, foreign)
