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
NUMBERS = ("params", "MACs", "MB", "depth")

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
    head, *body = _columns(rows)
    right = [place for place, name in enumerate(head) if name in NUMBERS]
    return "\n".join([*table([head, *body], right=right), ""])


def _columns(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The heads of the columns, and the nets under them."""
    found = [cells(row) for row in rows]
    return [tuple(found[0]), *(tuple(row.values()) for row in found)]


def cells(row: Row) -> dict[str, str]:
    """A net as texts, by the heads of their columns; nets that are shipped say their spec."""
    return {
        "net": row["net"],
        **({"spec": row["spec"]} if "spec" in row else {}),
        "params": f"{row['params']:,}",
        "MACs": short(row["macs"]),
        "MB": f"{row['megabytes']:.1f}",
        "depth": str(row["depth"]),
        "input": ", ".join(row["inputs"]),
        "paper": row["paper"],
    }


def markdown(rows: Sequence[Row]) -> str:
    """The nets as a table of Markdown."""
    if not rows:
        return ""
    head, *body = _columns(rows)
    rule = ["---:" if name in NUMBERS else "---" for name in head]
    lines = [head, rule, *(map(_marked, row) for row in body)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _marked(text: str) -> str:
    return text.replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")


def csv(rows: Sequence[Row]) -> str:
    """The nets as comma-separated values, numbers in full."""
    from csv import writer
    from io import StringIO

    found = StringIO()
    out = writer(found, lineterminator="\n")
    names = ("net", "file", "params", "macs", "megabytes", "depth", "inputs", "paper")
    out.writerow(names)
    out.writerows([_plain(row[name]) for name in names] for row in rows)
    return found.getvalue()


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def latex(rows: Sequence[Row]) -> str:
    """The nets as a table of LaTeX, with the rules of `booktabs`; papers are left out."""
    if not rows:
        return ""
    head, *body = [row[:-1] for row in _columns(rows)]
    columns = "".join("r" if name in NUMBERS else "l" for name in head)
    first = " & ".join(head)
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", rf"{first} \\", r"\midrule"]
    lines += [rf"{' & '.join(map(_escaped, row))} \\" for row in body]
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
