"""Tables for people: columns that line up, numbers that can be compared."""

from collections.abc import Sequence

from netwright.report.display import visible, width

UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "K"))


def table(
    rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), gap: str = "  "
) -> list[str]:
    """The rows with their columns lined up; those numbered in ``right`` end at one place."""
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    return [
        gap.join(
            _padded(cell, widths[index], right=index in right) for index, cell in enumerate(row)
        ).rstrip()
        for row in shown
    ]


def _padded(cell: str, columns: int, *, right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if right else cell + space


def short(number: int) -> str:
    """A number in three digits: ``4.09 G``; small ones as they are."""
    for unit, name in UNITS:
        if number >= unit:
            value = number / unit
            return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {name}"
    return str(number)
