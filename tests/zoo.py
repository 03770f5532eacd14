"""The nets of `specs/`, and what is known of their official implementations.

`data/zoo.csv` holds the counts of torchvision, timm and the papers, and a hash of the names and
shapes of each official state dict in its order.
"""

import csv
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import netwright
from netwright.api import Net, Nets
from netwright.diagnostics import Report
from netwright.files import DiskFiles
from netwright.instance import registered
from netwright.parse import parse_bytes
from netwright.pipeline import Checked, check
from netwright.record import record

SPECS = Path(__file__).parent.parent / "specs"
TABLE = Path(__file__).parent / "data/zoo.csv"


@record
class Row:
    """One net: its spec, its constructor, its official counterpart and exact counts."""

    spec: str
    net: str
    call: str
    official: str
    params: int
    total_params: int
    macs: int | None
    weights: int | None
    names_sha256: str

    def library(self, name: str) -> str | None:
        """The name of the official model in a library; none where it has no such model."""
        library, _, model = self.official.partition(" ")
        return model if library == name else None


def _row(line: Mapping[str, str]) -> Row:
    numbers = {key: int(line[key]) if line[key] else None for key in ("macs", "weights")}
    counts = {key: int(line[key]) for key in ("params", "total_params")}
    return Row(**{**line, **numbers, **counts})


with TABLE.open(encoding="utf-8", newline="") as lines:
    ROWS = [_row(line) for line in csv.DictReader(lines)]
OFFICIAL = [row for row in ROWS if row.names_sha256]


@cache
def nets(spec: str) -> Nets:
    """The nets of a spec of the zoo."""
    return netwright.load(SPECS / spec)


@cache
def checked(spec: str) -> Checked:
    """A spec of the zoo after all checks."""
    path = SPECS / spec
    report = Report()
    _, parsed = parse_bytes(str(path), path.read_bytes(), report)
    return check(parsed, DiskFiles(), report)


def net(row: Row) -> Net:
    """The net of a row."""
    return nets(row.spec)[row.net]


def weights(of: Net) -> dict[str, tuple[int, ...]]:
    """Sizes of the weights by name, in the order of the state dict."""
    return {
        ".".join(filter(None, (leaf.path, weight.name))): tuple(map(int, weight.sizes))
        for leaf in registered(of.instance.steps)
        if not leaf.reused
        for weight in leaf.step.weights
    }


def digest(names: Mapping[str, Any]) -> str:
    """A hash of names and shapes in their order."""
    text = "".join(f"{name} {list(sizes)}\n" for name, sizes in names.items())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
