"""The nets of `specs/`, and what is known of their official implementations.

`data/zoo.csv` holds the counts of torchvision, timm and the papers, and a hash of the names and
shapes of each official state dict in its order.
"""

import csv
import hashlib
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import netwright
from netwright.api import Net, Nets
from netwright.diagnostics import Report
from netwright.files import DiskFiles
from netwright.instance import expand, registered
from netwright.ops.regions import Detections
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


FILES = sorted(
    file.relative_to(SPECS).as_posix()
    for file in SPECS.rglob("*.net")
    if file.parent.name != "blocks"
)
SIDE = 64  # cells of an image that tests have time for; what flattens or pads nothing needs its own
SIDES = {
    "alexnet.net": 227,  # as the spec has it: 224 or 227
    "googlenet.net": 224,
    "inception.net": 299,
    "inception_resnet.net": 107,
    "UNet": 188,
    "keras/inception.net": 107,
    "keras/inception_resnet.net": 107,
    "keras/nasnet.net": 96,
    "vgg.net": 224,
    "keras/vgg.net": 224,
    "keras/xception.net": 107,
}
IMAGE = re.compile(r"(?<=^    input image\[3, )(\d+), \1(?=\]$)", re.MULTILINE)
MACS = re.compile(r"^ *expect macs .*\n", re.MULTILINE)


@record
class Entry:
    """A net of a spec: one that has a row above, or another."""

    spec: str
    net: str

    def __str__(self) -> str:
        return f"{self.spec.removesuffix('.net')}:{self.net}"


@cache
def entries() -> list[Entry]:
    """All nets of all specs."""
    return [Entry(spec, name) for spec in FILES for name in nets(spec)]


def detects(entry: Entry | Row) -> bool:
    """Whether a net gives boxes: detectors have tests of their own, on the same record."""
    leaves = expand(nets(entry.spec)[entry.net].instance.steps)
    return any(isinstance(leaf.step.op, Detections) for leaf in leaves)


@cache
def detectors() -> list[Entry]:
    """The nets of all specs that give boxes."""
    return [entry for entry in entries() if detects(entry)]


@cache
def mappings() -> list[Entry]:
    """All other nets: their outputs are functions of their inputs that have a gradient."""
    return [entry for entry in entries() if not detects(entry)]


def side(entry: Entry | Row) -> int:
    """The side of the images on which a net is tried at its full width."""
    return SIDES.get(entry.net, SIDES.get(entry.spec, SIDE))


def reduced(entry: Entry | Row) -> Net:
    """A net at its full width for small images; what the spec expects of its params holds."""
    cells = side(entry)
    found = netwright.load(_smaller(cells) / entry.spec)[entry.net]
    takes_side = any(name == "side" for name, _ in found.instance.args)
    return found(side=cells) if takes_side else found


_FOLDERS = TemporaryDirectory()


@cache
def _smaller(side: int) -> Path:
    """The specs, with images of this side at most."""
    folder = Path(_FOLDERS.name) / str(side)
    shutil.copytree(SPECS, folder)
    for file in folder.rglob("*.net"):
        text = MACS.sub("", file.read_text(encoding="utf-8"))
        fewer = IMAGE.sub(lambda found: ", ".join([str(min(int(found[1]), side))] * 2), text)
        file.write_text(fewer, encoding="utf-8")
    return folder


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
    sizes = {
        ".".join(filter(None, (leaf.path, weight.name))): tuple(map(int, weight.sizes))
        for leaf in registered(of.instance.steps)
        if not leaf.reused
        for weight in leaf.step.weights
    }
    place: dict[str, int] = {}
    for name in sizes:
        for module in modules(name):
            place.setdefault(module, len(place))

    def rank(name: str) -> list[int]:  # a module's own weights stand before those of its parts
        return [*(place[module] for module in modules(name)), -1]

    return {name: sizes[name] for name in sorted(sizes, key=rank)}


def modules(name: str) -> list[str]:
    """The modules that a weight lies in, from the outermost."""
    parts = name.split(".")[:-1]
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def digest(names: Mapping[str, Any]) -> str:
    """A hash of names and shapes in their order."""
    text = "".join(f"{name} {list(sizes)}\n" for name, sizes in names.items())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
