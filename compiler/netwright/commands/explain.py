"""`netwright explain`: what a code of `check` or `lint` means, with a wrong and a right spec."""

import os

from netwright.commands.console import Console
from netwright.commands.declare import Command, Given, Usage
from netwright.resources import data_folder

COMMAND = Command(
    "explain",
    "say what an error or a remark means, with an example",
    "[CODE…]",
    (
        ("netwright explain", "all codes"),
        ("netwright explain shape-mismatch", "what went wrong, and how it goes right"),
    ),
    least=0,
)
ERRORS, REMARKS = "docs/errors", "docs/lint"


def run(given: Given, console: Console) -> int:
    """Print the pages of some codes, or a list of all."""
    known = codes()
    for code in given.operands:
        if code not in known:
            from netwright.spelling import nearest

            raise Usage(f"no code `{code}`", nearest(code, known) or "`netwright explain`")
    if given.operands:
        console.out("\n".join(page(code) for code in given.operands))
    else:
        from netwright.report.table import table

        console.out("\n".join([*table([(code, summary(code)) for code in known]), ""]))
    return 0


def pages(*folders: str) -> dict[str, str]:
    """Every code that has a page in some folders, with the path of the page."""
    found = {}
    for folder in map(data_folder, folders):
        for name in os.listdir(folder) if folder else ():
            if name.endswith(".md"):
                found[name.removesuffix(".md")] = os.path.join(str(folder), name)
    return dict(sorted(found.items()))


def codes() -> list[str]:
    """Every code that has a page."""
    return list(pages(ERRORS, REMARKS))


def page(code: str) -> str:
    """The page of a code, in Markdown."""
    with open(pages(ERRORS, REMARKS)[code], encoding="utf-8") as file:
        return file.read()


def summary(code: str) -> str:
    """The first sentence of a page."""
    paragraph = page(code).split("\n\n")[1].replace("\n", " ")
    return paragraph.split(". ")[0].rstrip(".")
