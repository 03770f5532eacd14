"""`netwright explain`: what a code means, with a wrong spec and a right one."""

import os

from netwright.commands.console import Console
from netwright.commands.declare import Command, Given, Usage
from netwright.resources import data_folder

COMMAND = Command(
    "explain",
    "say what an error means, with an example",
    "[CODE…]",
    (
        ("netwright explain", "all codes"),
        ("netwright explain shape-mismatch", "what went wrong, and how it goes right"),
    ),
    least=0,
)


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


def folder() -> str:
    """Where the pages are."""
    return str(data_folder("docs/errors") or "")


def codes() -> list[str]:
    """Every code that has a page."""
    names = os.listdir(folder()) if folder() else []
    return sorted(name.removesuffix(".md") for name in names if name.endswith(".md"))


def page(code: str) -> str:
    """The page of a code, in Markdown."""
    with open(os.path.join(folder(), f"{code}.md"), encoding="utf-8") as file:
        return file.read()


def summary(code: str) -> str:
    """The first sentence of a page."""
    paragraph = page(code).split("\n\n")[1].replace("\n", " ")
    return paragraph.split(". ")[0].rstrip(".")
