"""The commands, one file each: `COMMAND` declares what may be written, `run` does it."""

from importlib import import_module
from typing import Any

NAMES = (
    "check",
    "build",
    "show",
    "table",
    "draw",
    "diff",
    "lint",
    "fmt",
    "weights",
    "anchors",
    "layers",
    "explain",
    "zoo",
    "completion",
)


def module(name: str) -> Any:
    """The file of a command, imported when it is needed."""
    return import_module(f"netwright.commands.{name}")
