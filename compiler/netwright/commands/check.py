"""`netwright check`: is everything in the specs right?"""

import sys

from netwright.bind.binder import Bounds
from netwright.commands.console import Console
from netwright.commands.declare import SET, Command, Given, Option, Usage
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
        Option("max-layers", "the most layers that a net may have", "N"),
    ),
)


def run(given: Given, console: Console) -> int:
    """Check the files; 1 if there is an error."""
    specs = Specs(given, console, bounds=bounds(given))
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


def bounds(given: Given) -> Bounds:
    """The bounds that the command line moves."""
    if not given.has("max-layers"):
        return Bounds()
    text = given.last("max-layers").replace("_", "")
    if not text.isdecimal() or int(text) < 1:
        raise Usage(f"`--max-layers` takes a number, found `{text}`", "`--max-layers 1_000_000`")
    return Bounds(layers=int(text))


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
