"""`netwright check`: is everything in the specs right?"""

import sys

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, SET, Command, Given, Option
from netwright.commands.specs import Specs
from netwright.diagnostics import Severity
from netwright.pipeline import Checked

COMMAND = Command(
    "check",
    "check specs: names, shapes, counts; no framework is imported",
    "FILE…",
    (
        ("netwright check resnet.net", "every error of a spec, or a table of its nets"),
        ("netwright check specs/*.net --quiet", "only what is wrong"),
        ("netwright check resnet.net --set classes=10", "with another value for a parameter"),
        ("netwright check - --format json < resnet.net", "standard input, for a program"),
    ),
    (
        SET,
        Option("strict", "warnings count as errors"),
        *BOUNDS,
    ),
)


def run(given: Given, console: Console) -> int:
    """Check the files; 1 if there is an error."""
    specs = Specs(given, console)
    specs.check_all(given.operands)
    if console.format != "text":
        console.out(specs.rendered())
    else:
        if specs.diagnostics:
            console.out(specs.text(colored=console.colored(sys.stdout)))
        if not specs.failed and not console.quiet:
            console.out("".join(_overview(path, checked) for path, checked in specs.checked))
    least = {Severity.ERROR, Severity.WARNING} if given.has("strict") else {Severity.ERROR}
    return int(any(found.severity in least for found in specs.diagnostics))


def _overview(path: str, checked: Checked) -> str:
    """The nets of a file with their counts."""
    from netwright.report.table import short, table

    if not checked.nets:
        return f"{path}: no net to build, a library\n"
    rows = [
        (f"  {net.name}", f"{totals.params:,} params", f"{short(totals.macs)} MACs")
        for net in checked.nets
        if (totals := net.instance.totals)
    ]
    return "\n".join([f"{path}:", *table(rows, right=(1, 2)), ""])
