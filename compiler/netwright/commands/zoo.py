"""`netwright zoo`: the networks that come with Netwright."""

import os
from typing import Any

from netwright.commands.console import Console
from netwright.commands.declare import Command, Given
from netwright.commands.specs import Specs
from netwright.commands.table import AS
from netwright.resources import data_folder

COMMAND = Command(
    "zoo",
    "list the networks that come with Netwright",
    "[WORD…]",
    (
        ("netwright zoo", "every net with its size and paper"),
        ("netwright zoo resnet", "those whose name or file has this in it"),
        ("netwright zoo --as markdown", "for a README"),
        ("netwright zoo --format json", "the same for a program"),
    ),
    (AS,),
    least=0,
)


def run(given: Given, console: Console) -> int:
    """Print a table of the nets."""
    from netwright.report import overview

    specs = Specs(given, console)
    rows: list[dict[str, Any]] = []
    for path in files():
        console.progress(path)
        checked = specs.check(path)
        rows += [overview.facts(path, checked, net) for net in checked.nets]
    words = [word.lower() for word in given.operands]
    rows = [
        row for row in rows if all(word in f"{row['file']} {row['net']}".lower() for word in words)
    ]
    if console.format == "json":
        from netwright.report.json import text

        console.out(text(rows))
    else:
        specs.tell()
        console.out(overview.FORMS[given.last("as", "text")](rows))
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
