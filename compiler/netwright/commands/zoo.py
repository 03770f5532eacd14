"""`netwright zoo`: the networks that come with Netwright, listed, and copied to start from."""

from typing import Any

from netwright.commands import shipped
from netwright.commands.console import Console
from netwright.commands.declare import Command, Given, Option, Usage
from netwright.commands.specs import Specs
from netwright.commands.table import AS

COPY = "copy"
COMMAND = Command(
    "zoo",
    "list the networks that come with Netwright, or copy one",
    "[WORD…] | copy NAME [FILE]",
    (
        ("netwright zoo", "every net with its spec, size and paper"),
        ("netwright zoo resnet", "those whose name or file has this in it"),
        ("netwright zoo --as markdown", "for a README"),
        ("netwright zoo --format json", "the same for a program"),
        ("netwright zoo copy resnet my.net", "a start: the spec, and beside it what it imports"),
        ("netwright zoo copy keras/resnet", "keras.applications' variant, as resnet.net"),
    ),
    (AS, Option("force", "with `copy`, write over files that are there")),
    about="A copy is whole: what it imports lies beside it, to be changed too.",
    least=0,
    words=(COPY, *map(shipped.name_of, shipped.files())),
)


def run(given: Given, console: Console) -> int:
    """Print a table of the nets, or copy a spec."""
    if given.operands[:1] == (COPY,):
        if given.has("as"):
            raise Usage("`--as` is for the table: `zoo copy` prints none")
        return shipped.copy(given, console)
    if given.has("force"):
        raise Usage("`--force` is for `zoo copy`", "`netwright zoo copy resnet my.net --force`")
    return _list(given, console)


def _list(given: Given, console: Console) -> int:
    from netwright.report import overview

    specs = Specs(given, console)
    rows: list[dict[str, Any]] = []
    words = [word.lower() for word in given.operands]
    for path in shipped.files():
        if not shipped.mentions(path, words):
            continue
        console.progress(path)
        checked = specs.check(path)
        name = shipped.name_of(path)
        rows += [{**overview.facts(path, checked, net), "spec": name} for net in checked.nets]
    rows = [
        row for row in rows if all(word in f"{row['file']} {row['net']}".lower() for word in words)
    ]
    if console.format == "json":
        from netwright.report.json import text

        console.out(text(rows))
    else:
        specs.tell()
        console.out(overview.render(rows, given.last("as", "text")))
    return int(specs.failed)
