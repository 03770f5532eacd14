"""`netwright fmt`: specs in the one form, every comment kept."""

from netwright.commands.console import Console
from netwright.commands.declare import Command, Given, Option, Usage
from netwright.commands.reading import Reading
from netwright.commands.replace import replace_all
from netwright.limits import limits
from netwright.syntax import File

COMMAND = Command(
    "fmt",
    "bring specs into the one form, in place",
    "FILE…",
    (
        ("netwright fmt specs/*.net", "write the files that change"),
        ("netwright fmt specs/*.net --check", "1 if a file would change"),
        ("netwright fmt resnet.net --diff", "what would change"),
        ("netwright fmt - < resnet.net", "from input to output"),
    ),
    (
        Option("check", "write nothing; 1 if a file would change"),
        Option("diff", "write nothing; print the changes; 1 if there are any"),
    ),
)


def run(given: Given, console: Console) -> int:
    """Format the files, or none of them if one cannot be read."""
    if "-" in given.operands and len(given.operands) > 1:
        raise Usage("standard input is formatted alone")
    old, new, reading = {}, {}, Reading(console)
    for path in dict.fromkeys(given.operands):
        data = console.read(path, limits().bytes + 1)
        _, file = reading.parse(path, data)
        old[path] = data.decode(errors="replace")
        new[path] = "" if reading.failed else _formatted(file)
    if reading.diagnostics:
        reading.tell()
    if reading.failed:
        return 1
    changed = {path: text for path, text in new.items() if text != old[path]}
    if given.has("diff"):
        console.out("".join(_diff(path, old[path], text) for path, text in changed.items()))
    elif given.has("check"):
        console.err("".join(f"{path}: not formatted\n" for path in changed))
    elif "-" in new:
        console.out(new["-"])
        return 0
    else:
        replace_all({path: text.encode() for path, text in changed.items()})
        console.note(f"{len(changed)} of {len(new)} files formatted")
        return 0
    return int(bool(changed))


def _formatted(file: File) -> str:
    """The text of a spec in the one form."""
    from netwright.fmt import format

    return format(file)


def _diff(path: str, old: str, new: str) -> str:
    """What would change, as `diff -u` says it."""
    from difflib import unified_diff

    lines = unified_diff(old.splitlines(True), new.splitlines(True), path, f"{path}, formatted")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
