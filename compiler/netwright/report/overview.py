"""Nets side by side, as the tables of keras.io/applications and of papers have them."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from netwright import count
from netwright.pipeline import Checked, CheckedNet
from netwright.report.table import short, table

YEAR = re.compile(r"\b(19|20)\d\d\b")
SENTENCE = re.compile(r"(?<!et al)\. ")
BYTES = 4  # of a weight in single precision
HEAD = ("net", "params", "MACs", "MB", "depth", "input", "paper")
NUMBERS = (1, 2, 3, 4)
"""The columns that hold numbers."""

Row = dict[str, Any]


def facts(path: str, checked: Checked, net: CheckedNet) -> Row:
    """What the table says of one net."""
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


def text(rows: Sequence[Row]) -> str:
    """The nets as a table for a terminal."""
    if not rows:
        return "no net\n"
    return "\n".join([*table([HEAD, *map(cells, rows)], right=NUMBERS), ""])


def cells(row: Row) -> tuple[str, ...]:
    """A net as texts."""
    return (
        row["net"],
        f"{row['params']:,}",
        short(row["macs"]),
        f"{row['megabytes']:.1f}",
        str(row["depth"]),
        ", ".join(row["inputs"]),
        row["paper"],
    )


def markdown(rows: Sequence[Row]) -> str:
    """The nets as a table of Markdown."""
    rule = ["---:" if place in NUMBERS else "---" for place in range(len(HEAD))]
    lines = [HEAD, rule, *([_marked(cell) for cell in cells(row)] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _marked(text: str) -> str:
    return text.replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")


def csv(rows: Sequence[Row]) -> str:
    """The nets as comma-separated values, numbers in full."""
    from csv import writer
    from io import StringIO

    found = StringIO()
    out = writer(found, lineterminator="\n")
    out.writerow(("net", "file", "params", "macs", "megabytes", "depth", "inputs", "paper"))
    out.writerows([*map(_plain, row.values())] for row in rows)
    return found.getvalue()


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def latex(rows: Sequence[Row]) -> str:
    """The nets as a table of LaTeX, with the rules of `booktabs`; papers are left out."""
    columns = "".join("r" if place in NUMBERS else "l" for place in range(len(HEAD) - 1))
    body = [" & ".join(map(_escaped, cells(row)[:-1])) for row in rows]
    head = " & ".join(HEAD[:-1])
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", rf"{head} \\", r"\midrule"]
    lines += [rf"{line} \\" for line in body]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}


def _escaped(text: str) -> str:
    return "".join(SPECIAL.get(char, char) for char in text)


FORMS: dict[str, Callable[[Sequence[Row]], str]] = {
    "text": text,
    "markdown": markdown,
    "csv": csv,
    "latex": latex,
}
