"""A table in any form: for a terminal, for Markdown, for LaTeX, and for programs as CSV."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from netwright.record import field, record
from netwright.report.table import table


@record
class Sheet:
    """Rows of cells under a head, sums at the foot; the columns in ``right`` hold numbers.

    ``data`` are the rows for programs, with numbers in full, under ``names``.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...]
    foot: tuple[str, ...] = field(default=())
    names: tuple[str, ...] = field(default=())
    data: tuple[tuple[Any, ...], ...] = field(default=())


def text(sheet: Sheet) -> str:
    """The sheet for a terminal; what has a foot has rules as well."""
    if not sheet.foot:
        return "\n".join([*table([sheet.head, *sheet.rows], right=sheet.right), ""])
    lines = table([sheet.head, *sheet.rows, sheet.foot], right=sheet.right)
    rule = "─" * max(map(len, lines))
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1], ""])


def markdown(sheet: Sheet) -> str:
    """The sheet as a table of Markdown."""
    rule = ["---:" if place in sheet.right else "---" for place in range(len(sheet.head))]
    rows = [*sheet.rows, *([sheet.foot] if sheet.foot else [])]
    lines = [sheet.head, rule, *([marked(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def marked(text: str) -> str:
    """A text with the signs of Markdown escaped."""
    return "".join(f"\\{char}" if char in "\\|_*`<>" else char for char in text)


def csv(sheet: Sheet) -> str:
    """The sheet as comma-separated values, numbers in full."""
    from csv import writer
    from io import StringIO

    found = StringIO()
    out = writer(found, lineterminator="\n")
    out.writerow(sheet.names)
    out.writerows(sheet.data)
    return found.getvalue()


def latex(sheet: Sheet) -> str:
    """The sheet as a table of LaTeX, with the rules of `booktabs`."""
    columns = "".join("r" if place in sheet.right else "l" for place in range(len(sheet.head)))
    foot = [r"\midrule", *_lines([sheet.foot])] if sheet.foot else []
    body = [*_lines([sheet.head]), r"\midrule", *_lines(sheet.rows), *foot]
    return tabular(columns, body)


def _lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows; one that starts with a bracket would be an option of the rule before."""
    lines = [" & ".join(map(escaped, row)) for row in rows]
    return [rf"{'{}' if line.startswith('[') else ''}{line} \\" for line in lines]


def tabular(columns: str, body: Iterable[str]) -> str:
    """Lines of LaTeX as a table."""
    head = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule"]
    return "\n".join([*head, *body, r"\bottomrule", r"\end{tabular}", ""])


SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "×": r"$\times$",
    "…": r"\ldots{}",
    "→": r"$\to$",
    "−": "$-$",
    "·": r"$\cdot$",
    "–": "--",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}
"""What LaTeX reads in its own way."""


def escaped(text: str) -> str:
    """A text as LaTeX shows it."""
    return "".join(SPECIAL.get(char, char) for char in text)


FORMS: dict[str, Callable[[Sheet], str]] = {
    "text": text,
    "markdown": markdown,
    "csv": csv,
    "latex": latex,
}
