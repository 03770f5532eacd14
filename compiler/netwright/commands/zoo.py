"""`netwright zoo`: the networks that come with Netwright."""

import os
import re
from typing import Any

from netwright.commands.console import Console
from netwright.commands.declare import Command, Given
from netwright.commands.specs import Specs
from netwright.pipeline import Checked, CheckedNet
from netwright.resources import data_folder

YEAR = re.compile(r"\b(19|20)\d\d\b")
SENTENCE = re.compile(r"(?<!et al)\. ")
BYTES = 4  # of a weight in single precision
COMMAND = Command(
    "zoo",
    "list the networks that come with Netwright",
    "[WORD…]",
    (
        ("netwright zoo", "every net with its size and paper"),
        ("netwright zoo resnet", "those whose name or file has this in it"),
        ("netwright zoo --format json", "the same for a program"),
    ),
    least=0,
)


def run(given: Given, console: Console) -> int:
    """Print a table of the nets."""
    specs = Specs(given, console)
    rows: list[dict[str, Any]] = []
    for path in files():
        console.progress(path)
        checked = specs.check(path)
        rows += [facts(path, checked, net) for net in checked.nets]
    words = [word.lower() for word in given.operands]
    rows = [
        row for row in rows if all(word in f"{row['file']} {row['net']}".lower() for word in words)
    ]
    if console.format == "json":
        from netwright.report.json import text

        console.out(text(rows))
    else:
        specs.tell()
        console.out(overview(rows))
    return int(specs.failed)


def files() -> list[str]:
    """The specs, in the order of their paths."""
    home = str(data_folder("specs") or "")
    found = [
        os.path.join(folder, name)
        for folder, _, names in os.walk(home)
        for name in names
        if name.endswith(".net")
    ]
    return sorted(os.path.relpath(path) if path.startswith(os.getcwd()) else path for path in found)


def facts(path: str, checked: Checked, net: CheckedNet) -> dict[str, Any]:
    """What the table says of one net."""
    from netwright import count

    totals = net.instance.totals
    return {
        "net": net.name,
        "file": path,
        "params": totals.params,
        "macs": totals.macs,
        "megabytes": round(totals.total_params * BYTES / 1e6, 1),
        "depth": count.depth(net.instance),
        "inputs": [f"{name} {tensor}" for name, tensor in net.instance.inputs],
        "paper": paper(checked, net),
    }


def paper(checked: Checked, net: CheckedNet) -> str:
    """The first citation in the docs of a net, of the net that it varies or of its file."""
    homes = (net.definition.node, net.instance.definition.node, checked.program.main.file)
    return next(filter(None, (cited(home.doc) for home in homes)), "")


def cited(doc: str) -> str:
    """The sentence of a doc that holds its first year, up to the year: authors, title, year."""
    text = doc.replace("\n", " ")
    year = YEAR.search(text)
    return SENTENCE.split(text[: year.end()])[-1] if year else ""


def overview(rows: list[dict[str, Any]]) -> str:
    """The nets as a table."""
    from netwright.report.table import short, table

    if not rows:
        return "no net\n"
    head = ("net", "params", "MACs", "MB", "depth", "input", "paper")
    cells = [
        (
            row["net"],
            f"{row['params']:,}",
            short(row["macs"]),
            f"{row['megabytes']:.1f}",
            str(row["depth"]),
            ", ".join(row["inputs"]),
            row["paper"],
        )
        for row in rows
    ]
    return "\n".join([*table([head, *cells], right=(1, 2, 3, 4)), ""])
