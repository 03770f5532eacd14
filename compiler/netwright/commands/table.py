"""`netwright table`: nets side by side, for a README or a paper."""

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option
from netwright.commands.specs import Specs, chosen

AS = Option(
    "as", "what the table is written in", "FORM", words=("text", "markdown", "csv", "latex")
)
COMMAND = Command(
    "table",
    "put nets side by side: params, MACs, size, depth",
    "FILE…",
    (
        ("netwright table specs/*.net", "the table that keras.io/applications has"),
        ("netwright table mine.net --as markdown", "for a README"),
        ("netwright table resnet.net --net ResNet18 --net ResNet50 --as latex", "for a paper"),
        ("netwright table specs/*.net --format json", "for a program"),
    ),
    (NET, SET, AS, *BOUNDS),
)


def run(given: Given, console: Console) -> int:
    """Print a table of the nets; 1 if a spec has an error."""
    from netwright.report import overview

    specs = Specs(given, console)
    specs.check_all(given.operands)
    if specs.failed:
        specs.tell()
        return 1
    names = given.every("net")
    wanted = chosen((net for _, net in specs.nets()), specs, names) if names else None
    rows = [
        overview.facts(path, checked, net)
        for path, checked in specs.checked
        for net in checked.nets
        if wanted is None or net in wanted
    ]
    if console.format == "json":
        from netwright.report.json import text

        console.out(text(rows))
        return 0
    specs.tell()
    console.out(overview.render(rows, given.last("as", "text")))
    return 0
