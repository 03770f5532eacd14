"""Widths of text before any font is there: what a box needs so that its text stays inside.

The widths are those of DejaVu Sans, which Debian's dot falls back to where Arial is missing. Arial
and Liberation Sans are narrower, so a box that fits this text fits theirs.
"""

TITLE, BODY, MUTED = 15.0, 11.0, 9.0
FONT = "Arial"

_PLAIN = (
    "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 "
    "636 636 636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 "
    "748 787 603 787 695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613 635 550 635 "
    "615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 592 592 525 636 "
    "337 636 838"
)
_BOLD = (
    "348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 "
    "696 696 696 400 400 838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 775 637 995 "
    "837 850 733 850 770 720 682 812 774 1103 771 724 725 457 365 457 838 500 500 675 716 593 716 "
    "678 435 716 712 343 343 665 343 1042 712 687 716 716 493 595 478 712 652 924 645 652 582 712 "
    "365 712 838"
)
_OTHERS = {"×": 838, "·": 380, "→": 838, "−": 838, "…": 1000, "–": 500, "\u00a0": 348}
_WIDEST = 1035


class Table(dict[str, int]):
    """Widths of letters; of one that is not known the widest."""

    def __missing__(self, char: str) -> int:
        return _WIDEST


def _table(widths: str) -> Table:
    known = {chr(32 + place): int(width) for place, width in enumerate(widths.split())}
    return Table(known | _OTHERS)


TABLES = {False: _table(_PLAIN), True: _table(_BOLD)}


def width(text: str, size: float = BODY, *, bold: bool = False) -> float:
    """Points that a text takes at most."""
    return size * sum(map(TABLES[bold].__getitem__, text)) / 1000


def shortened(text: str, room: float, size: float = BODY, *, bold: bool = False) -> str:
    """The text, its end left out where there is no room for it."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(f"{kept}…", size, bold=bold) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def folded(text: str, room: float, size: float, most: int) -> list[str]:
    """Lines of words; what does not fit the last of them is left out."""
    lines = wrapped(tuple(text.split()), room, size, " ")
    if len(lines) > most:
        lines[most - 1 :] = [shortened(" ".join(lines[most - 1 :]), room, size)]
    return lines


def wrapped(parts: tuple[str, ...], room: float, size: float, separator: str = " · ") -> list[str]:
    """Lines of parts with a separator between them, each within the room where a part can be."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{separator}{part}" if lines else part
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines
