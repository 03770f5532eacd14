"""Labels in Graphviz's tables: cells of fixed widths, so that numbers stand under each other."""

from html import escape

from netwright.draw.metrics import BODY, MUTED, TITLE, width
from netwright.draw.model import Box, Drawing, Frame, Label, Row
from netwright.draw.sizes import CHIP_ROOM, SIDE, badge_width
from netwright.draw.theme import Family, Theme

TABLE = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"{}>{}</TABLE>'
CHIP = 22.0


def text(content: str) -> str:
    """A text in a label; spaces at its ends and in rows are kept."""
    kept = escape(content).replace("\u00a0", "&#160;").replace("  ", "&#160;&#160;")
    if kept.startswith(" "):
        kept = f"&#160;{kept[1:]}"
    return f"{kept[:-1]}&#160;" if kept.endswith(" ") else kept


def font(content: str, size: float, colour: str) -> str:
    """A run in another size and colour."""
    return f'<FONT POINT-SIZE="{size:g}" COLOR="{colour}">{text(content)}</FONT>'


def cell(content: str, wide: float, align: str, more: str = "") -> str:
    """A cell."""
    return f'<TD ALIGN="{align}" WIDTH="{wide:.0f}"{more}>{content}</TD>'


def table(rows: list[str], more: str = "") -> str:
    """A table, which is as large as its cells."""
    return TABLE.format(more, "".join(f"<TR>{row}</TR>" for row in rows))


def runs(row: Row, theme: Theme) -> str:
    """The texts at the left of a line."""
    found = f"<B>{text(row.bold)}</B>" if row.bold else ""
    if row.plain:
        found += text(f"\u00a0 {row.plain}" if row.bold else row.plain)
    if row.muted:
        found += font(row.muted, MUTED, theme.muted)
    return found


def line(row: Row, wide: float, theme: Theme, columns: int) -> str:
    """A line of cells: texts at the left, a text and a badge at the right."""
    badge = badge_width(row.badge) + 2 if row.badge else 0.0
    right = width(row.right, MUTED) + 6 if row.right else 0.0
    more = columns - 1 if not (badge or right) else columns - 2 if not (badge and right) else 0
    span = f' COLSPAN="{more + 1}"' if more else ""
    found = cell(runs(row, theme), wide - right - badge, "LEFT", span)
    if row.right:
        found += cell(
            font(f"{row.right}{' ' if badge else ''}", MUTED, theme.muted), right, "RIGHT"
        )
    if row.badge:
        shown = f'<FONT COLOR="{theme.badge_text}"><B>{text(row.badge)}</B></FONT>'
        style = f' BGCOLOR="{theme.badge}" STYLE="ROUNDED"'
        found += cell(shown, badge, "CENTER", style)
    return found


def columns(rows: tuple[Row, ...]) -> int:
    """How many cells the fullest line has."""
    return max(1 + bool(row.right) + bool(row.badge) for row in rows)


def boxed(box: Box, theme: Theme) -> str:
    """The lines of a box."""
    wide = box.width - 2 * SIDE + 4
    count = columns(box.rows)
    rows = [line(row, wide, theme, count) for row in box.rows]
    return table(rows)


def bar(box: Box, theme: Theme) -> str:
    """A bar: a part for each branch over a line with its name."""
    border = theme.borders[box.family]
    parts = []
    for place, part in enumerate(box.segments):
        last = place + 1 == len(box.segments)
        side = "" if last else f' BORDER="1" SIDES="R" COLOR="{border}"'
        tall = f'{side} HEIGHT="{box.height / 2 - 1:.0f}"'
        wide = part.width - (1 if place in (0, len(box.segments) - 1) else 0)
        parts.append(cell(font(part.text, MUTED, theme.text), wide, "CENTER", tall))
    span = f' COLSPAN="{len(parts)}" BORDER="1" SIDES="T" COLOR="{border}"'
    span += f' HEIGHT="{box.height / 2 - 1:.0f}"'
    name = cell(runs(box.rows[0], theme), box.width - 2, "CENTER", span)
    style = f' STYLE="ROUNDED" BGCOLOR="{theme.fills[box.family]}" COLOR="{border}"'
    made = table(["".join(parts), name], style)
    return made.replace('BORDER="0"', 'BORDER="1"', 1)


def title(drawing: Drawing, theme: Theme) -> str:
    """The title of a page over what is to be known of the net."""
    wide = drawing.width
    name = f'<FONT POINT-SIZE="{TITLE:g}"><B>{text(drawing.title)}</B></FONT>'
    rows = [cell(name, wide, "LEFT")]
    rows += [cell(font(fact, 10, theme.muted), wide, "LEFT") for fact in drawing.subtitle]
    return table(rows)


def panel_title(frame: Frame, theme: Theme) -> str:
    """The title of a frame; of a panel over where its block is used."""
    wide = frame.right - frame.left - 16
    size = f'<FONT POINT-SIZE="{BODY:g}">'
    row = line(frame.title, wide, theme, columns((frame.title,)))
    rows = [row]
    if frame.note:
        rows.append(line(Row(muted=frame.note), wide, theme, columns((frame.title,))))
    return f"{size}{table(rows)}</FONT>"


def wire_label(label: Label) -> str:
    """What a wire carries, beside it."""
    return table([cell(text(label.text), label.width, "LEFT")])


def legend(drawing: Drawing, theme: Theme) -> str:
    """Rows of a chip and a word for each colour."""
    whole = legend_width(drawing)
    rows = []
    for row in drawing.legend:
        cells = ""
        for key, word, wide in row:
            cells += _chip(key, theme)
            cells += cell("", 5, "LEFT") + cell(font(word, MUTED, theme.muted), wide + 7, "LEFT")
        rest = whole - sum(entry[2] + CHIP_ROOM for entry in row)
        if rest > 0.5:
            cells += cell("", rest, "LEFT")
        rows.append(f'<TD HEIGHT="18">{table([cells])}</TD>')
    return TABLE.format("", "".join(f"<TR>{row}</TR>" for row in rows))


def legend_width(drawing: Drawing) -> float:
    """The width of the longest row."""
    return max(sum(entry[2] + CHIP_ROOM for entry in row) for row in drawing.legend)


def _chip(key: str, theme: Theme) -> str:
    if key == "×":
        shown = f'<FONT COLOR="{theme.badge_text}" POINT-SIZE="{MUTED:g}"><B>×2</B></FONT>'
        return cell(shown, CHIP, "CENTER", f' BGCOLOR="{theme.badge}" STYLE="ROUNDED"')
    family = Family[key]
    style = f' BGCOLOR="{theme.fills[family]}" BORDER="1" COLOR="{theme.borders[family]}"'
    return cell("", CHIP, "CENTER", f'{style} STYLE="ROUNDED"')
