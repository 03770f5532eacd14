"""Nets side by side, as the tables of keras.io/applications and of papers have them."""

import re
from collections.abc import Sequence
from typing import Any

from netwright import count
from netwright.pipeline import Checked, CheckedNet
from netwright.record import replace
from netwright.report.sheet import FORMS, Sheet
from netwright.report.table import short

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


def render(rows: Sequence[Row], form: str) -> str:
    """The nets in one of the forms of a sheet; LaTeX has no room for papers."""
    if not rows and form != "csv":
        return "no net\n" if form == "text" else ""
    whole = sheet(rows)
    if form == "latex":
        bare = tuple(row[:-1] for row in whole.rows)
        whole = replace(whole, head=whole.head[:-1], rows=bare)
    return FORMS[form](whole)


def sheet(rows: Sequence[Row]) -> Sheet:
    """The nets as a table."""
    found = [cells(row) for row in rows]
    head = tuple(found[0]) if found else ()
    names = ("net", "file", "params", "macs", "megabytes", "depth", "inputs", "paper")
    return Sheet(
        head,
        tuple(tuple(row.values()) for row in found),
        tuple(place for place, name in enumerate(head) if name in NUMBERS),
        names=names,
        data=tuple(tuple(_plain(row[name]) for name in names) for row in rows),
    )


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


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value
