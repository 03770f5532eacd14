"""Where the members of a class go, and under what names."""

import re
from typing import Any

from netwright.lower.model import Home, Place


class Holder:
    """An attribute of a class, or a variable, that holds members: ``depth`` loops and conditions
    stand around it."""

    def __init__(self, name: str, home: Home, kind: str, depth: int = 0) -> None:
        self.name = name
        self.home = home
        self.kind = kind  # "self", "nn.Sequential", "nn.ModuleList" or "nn.ModuleDict"
        self.depth = depth
        self.count: int | None = 0  # members so far, while no loop adds any
        self.taken: set[str] = set()

    def add(self, place: Place, expression: str, render: Any, depth: int) -> str:
        """The line that puts a member in its place, ``depth`` loops and conditions deep."""
        label = self.label(place, render, depth)
        if self.count is not None:
            self.count = self.count + 1 if depth == self.depth else None
        if label is None:
            return f"{self.name}.append({expression})"
        if self.name == "self" and place.static is not None and label.isidentifier():
            return f"self.{label} = {expression}"
        if expression.startswith("nn.Parameter("):
            return f"{self.name}.register_parameter({quoted(label)}, {expression})"
        if self.kind == "nn.ModuleDict":
            return f"{self.name}[{quoted(label)}] = {expression}"
        return f"{self.name}.add_module({quoted(label)}, {expression})"

    def label(self, place: Place, render: Any, depth: int) -> str | None:
        """The name of a member. In a Sequential a layer without label or weights is none of its
        equals: behind the first their names have the number of members before them."""
        if place.label is None:
            return None
        label: str = render(place.label)
        if self.kind != "nn.Sequential" or place.user or place.weights:
            return label
        if label not in self.taken and depth == self.depth:
            self.taken.add(label)
            return label
        clash = any(re.fullmatch(rf"{re.escape(label)}_\d+", other) for other in self.home.labels)
        stem = f"{label}{'__' if clash else '_'}"
        if self.count is not None and depth == self.depth:
            return f"{stem}{self.count}"
        return f'f"{stem}{{len({self.name})}}"'


def quoted(label: str) -> str:
    """A label as Python's text."""
    return label if label.startswith('f"') else f'"{label}"'
