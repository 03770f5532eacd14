"""The table of a family: a row for each stage, a column for each net, counts at the end."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from netwright.family import Entry, Stage, stages
from netwright.pipeline import CheckedNet
from netwright.record import record
from netwright.report.display import width
from netwright.report.json import text as json_text
from netwright.report.sheet import Sheet, csv, escaped, markdown, tabular
from netwright.report.table import short

Cell = tuple[Entry, ...]


@record
class Line:
    """A row of the table; where all nets have the same cell, it is told once."""

    name: str
    size: str
    cells: tuple[Cell, ...]

    @property
    def shared(self) -> bool:
        """Whether all nets have the same."""
        return len(self.cells) > 1 and len({_key(cell) for cell in self.cells}) == 1


def lines(nets: Sequence[CheckedNet]) -> list[Line]:
    """The rows; what all nets start a stage with is a row of its own."""
    return [row for stage in stages([net.instance for net in nets]) for row in _rows(stage)]


def _rows(stage: Stage) -> Iterator[Line]:
    size = "×".join(map(str, stage.size)) or "1"
    same = 0
    while all(len(cell) > same for cell in stage.cells) and _same(stage.cells, same):
        same += 1
    rest = tuple(cell[same:] for cell in stage.cells)
    if same and any(rest):
        yield Line(stage.name, size, tuple(cell[:same] for cell in stage.cells))
        yield Line("", "", rest)
    else:
        yield Line(stage.name, size, stage.cells)


def _same(cells: Sequence[Cell], place: int) -> bool:
    return len({_key((cell[place],)) for cell in cells}) == 1


def _key(cell: Cell) -> tuple[object, ...]:
    return tuple((entry.lines, entry.times, entry.block) for entry in cell)


def counts(nets: Sequence[CheckedNet]) -> list[tuple[str, ...]]:
    """The rows at the end."""
    totals = [net.instance.totals for net in nets]
    return [
        ("params", "", *(short(one.params) for one in totals)),
        ("MACs", "", *(short(one.macs) for one in totals)),
    ]


def sheet(nets: Sequence[CheckedNet]) -> Sheet:
    """The table with each cell in a line."""
    head = ("stage", "output", *(net.name for net in nets))
    body = [(row.name, row.size, *map(plain, row.cells)) for row in lines(nets)]
    whole = (*body, *counts(nets))
    return Sheet(head, whole, (), names=head, data=whole)


def plain(cell: Cell) -> str:
    """A cell in one line: ``[1×1, 64; 3×3, 64] ×3``."""
    return "; ".join(
        f"{f'[{said}]' if entry.block else said}{f' ×{entry.times}' if entry.times > 1 else ''}"
        for entry in cell
        for said in ("; ".join(entry.lines),)
    )


# For a terminal


def text(nets: Sequence[CheckedNet]) -> str:
    """The table for a terminal, blocks in brackets as high as they are."""
    head = ["stage", "output", *(net.name for net in nets)]
    rows = [[[row.name], [row.size], *map(_drawn, row.cells)] for row in lines(nets)]
    ends = [[[cell] for cell in row] for row in counts(nets)]
    widths = [
        max(width(line) for row in [[[cell] for cell in head], *rows, *ends] for line in row[place])
        for place in range(len(head))
    ]
    rule = "─" * (sum(widths) + 3 * (len(widths) - 1))
    shown = [*_padded([[cell] for cell in head], widths), rule]
    for row in rows:
        shown += _padded(row, widths)
    return "\n".join([*shown, rule, *(line for row in ends for line in _padded(row, widths)), ""])


def _padded(row: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """The lines of a row."""
    for place in range(max(map(len, row))):
        cells = [cell[place] if place < len(cell) else "" for cell in row]
        spaced = (f"{cell}{' ' * (w - width(cell))}" for cell, w in zip(cells, widths, strict=True))
        yield "   ".join(spaced).rstrip()


def _drawn(cell: Cell) -> list[str]:
    """The lines of a cell."""
    found: list[str] = []
    for entry in cell:
        times = f" ×{entry.times}" if entry.times > 1 else ""
        if not entry.block or len(entry.lines) == 1:
            said = entry.lines[0]
            found.append(f"{f'[{said}]' if entry.block and times else said}{times}")
            continue
        wide, last = max(map(width, entry.lines)), len(entry.lines) - 1
        for place, said in enumerate(entry.lines):
            left, right = "⎡⎤" if place == 0 else "⎣⎦" if place == last else "⎢⎥"
            after = times if place == last // 2 else ""
            found.append(f"{left}{said}{' ' * (wide - width(said))}{right}{after}")
    return found


# For a paper


def latex(nets: Sequence[CheckedNet]) -> str:
    """The table for a paper, with the rules of `booktabs`; it needs no other package."""
    count = len(nets)
    body = [_row([escaped(cell) for cell in ("stage", "output", *(net.name for net in nets))])]
    for row in lines(nets):
        body += [r"\midrule"] if row.name or row.size else []
        name = [escaped(row.name), escaped(row.size)]
        if row.shared:
            body.append(_row([*name, rf"\multicolumn{{{count}}}{{c}}{{{_set(row.cells[0])}}}"]))
        else:
            body.append(_row([*name, *map(_set, row.cells)]))
    ends = [_row(list(map(escaped, row))) for row in counts(nets)]
    return tabular("ll" + "c" * count, [*body, r"\midrule", *ends])


def _row(cells: Sequence[str]) -> str:
    return rf"{' & '.join(cells)} \\"


def _set(cell: Cell) -> str:
    """A cell as LaTeX: its entries below each other, or in a row where there is no block."""
    found = [_entry(entry) for entry in cell]
    if len(found) < 2:
        return "".join(found)
    if not any(entry.block for entry in cell):
        return ", ".join(found)
    return _stacked(found)


def _entry(entry: Entry) -> str:
    times = rf"\times {entry.times}" if entry.times > 1 else ""
    said = [escaped(line) for line in entry.lines]
    if not entry.block:
        return f"{said[0]} ${times}$" if times else said[0]
    if len(said) == 1 and not times:
        return said[0]
    return rf"$\left[{_stacked(said)}\right]{times}$"


def _stacked(rows: Sequence[str]) -> str:
    inner = r" \\ ".join(rows)
    return rf"\begin{{tabular}}{{@{{}}c@{{}}}}{inner}\end{{tabular}}"


# For programs


def document(nets: Sequence[CheckedNet]) -> str:
    """The table as JSON."""
    totals = [net.instance.totals for net in nets]
    found: dict[str, Any] = {
        "nets": [net.name for net in nets],
        "params": [one.params for one in totals],
        "macs": [one.macs for one in totals],
        "stages": [_stage(stage) for stage in stages([net.instance for net in nets])],
    }
    return json_text(found)


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "output": list(stage.size),
        "cells": [
            [
                {"lines": list(entry.lines), "block": entry.block, "times": entry.times}
                for entry in cell
            ]
            for cell in stage.cells
        ],
    }


FORMS: dict[str, Callable[[Sequence[CheckedNet]], str]] = {
    "text": text,
    "markdown": lambda nets: markdown(sheet(nets)),
    "csv": lambda nets: csv(sheet(nets)),
    "latex": latex,
}
