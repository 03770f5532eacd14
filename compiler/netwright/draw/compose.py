"""Composes the page of a net: chooses how much of it is shown, and says so."""

from netwright.draw.collapse import collapsed, depth, elided
from netwright.draw.columns import GUTTER, in_columns
from netwright.draw.fold import Folded
from netwright.draw.graph import Node
from netwright.draw.graphviz import CannotDraw
from netwright.draw.lay import Layout
from netwright.draw.levels import valley
from netwright.draw.model import Drawing
from netwright.draw.packing import Size, pack
from netwright.draw.page import MORE, NARROWEST, PANEL_GAP, Panel, Sheet, page, panel_size
from netwright.draw.piece import Piece
from netwright.draw.scene import Scenes, boxes
from netwright.draw.ties import tie_shared
from netwright.draw.ushape import ushape
from netwright.draw.wording import shape, short
from netwright.instance import Instance
from netwright.pipeline import Checked, CheckedNet
from netwright.record import record

MOST_BOXES = 60  # on a page, unless a level of detail is asked for
MOST_EVER = 4000
MOST_COLUMNS = 8
STRIP = 1.9  # height over width from which on a net is broken into columns
DEARER = 0.15  # what another column costs, as a part of the page
WORTH = 0.97  # of the cost of one column, at most, for which others are taken
SHOWN = {1: "stages", 2: "stages and blocks", 3: "every layer"}


@record
class Choice:
    """What a page shows: its level of detail, the net, and the blocks."""

    level: int
    folded: Folded
    panels: tuple[Panel, ...]
    note: str


def compose(
    checked: Checked, net: CheckedNet, detail: int | None, expanded: frozenset[str] = frozenset()
) -> Drawing:
    """The page of a net, at a level of detail or at the one that its size allows."""
    scenes = Scenes(net.instance, checked.program, expanded)
    refuse_unknown(expanded, scenes)
    choice = _asked(scenes, detail) if detail else _fitting(scenes)
    spine, nodes = placed(choice)
    tie_shared(spine, nodes)
    return page(
        Sheet(
            net.name,
            doc_of(net),
            (*facts(net.instance), choice.note),
            spine,
            nodes,
            choice.panels,
            choice.level,
        )
    )


def doc_of(net: CheckedNet) -> str:
    """The first paragraph of what the spec says of a net."""
    doc = net.definition.node.doc or net.instance.definition.node.doc
    return doc.strip().split("\n\n")[0].replace("\n", " ").replace("`", "")


def refuse_unknown(expanded: frozenset[str], scenes: Scenes) -> None:
    """Refuse to open blocks that the net does not have."""
    known = {form.name for form in scenes.forms.values()}
    for name in sorted(expanded - known):
        there = ", ".join(sorted(known)) or "none"
        raise CannotDraw(f"the net has no block `{name}` to expand", f"its blocks are {there}")


def _asked(scenes: Scenes, detail: int) -> Choice:
    """What somebody wants to see."""
    folded = scenes.opened() if detail == 3 else scenes.closed()
    count = boxes(folded.nodes)
    if count > MOST_EVER:
        raise CannotDraw(
            f"detail {detail} has {count:,} boxes, more than a page of {MOST_EVER:,} holds",
            "leave `--detail` out, or choose a lower one",
        )
    panels = scenes.panels() if detail == 2 else []
    return Choice(detail, folded, tuple(panels), f"detail {detail}: {SHOWN[detail]}")


def _fitting(scenes: Scenes) -> Choice:
    """Stages and blocks, as far as a page has room for them."""
    folded, smaller = scenes.closed(), ""
    if boxes(folded.nodes) > MOST_BOXES:
        folded, smaller = _smaller(scenes)
    room = MOST_BOXES - boxes(folded.nodes)
    every = scenes.panels()
    panels: list[Panel] = []
    for panel in every:
        if boxes(panel.nodes) <= room:
            panels.append(panel)
            room -= boxes(panel.nodes)
    level = 2 if panels or not every else 1
    note = f"detail {level}: {SHOWN[level]}"
    if panels and len(panels) < len(every):
        note = f"detail 2: stages and {len(panels)} of {len(every)} blocks"
    return Choice(level, folded, tuple(panels), f"{note}{smaller}")


def _smaller(scenes: Scenes) -> tuple[Folded, str]:
    """The net with labels as boxes, from the inner ones on; in the end without its middle."""
    graph = scenes.graph()
    for level in range(depth(graph), 0, -1):
        graph = collapsed(graph, level)
        found = scenes.folded(graph)
        if boxes(found.nodes) <= MOST_BOXES:
            return found, ", each label as one box"
    return scenes.folded(elided(graph, MOST_BOXES - 2)), ", the middle left out"


def placed(choice: Choice) -> tuple[Piece, dict[str, Node]]:
    """The boxes of the net with their places: a U, a column, or several."""
    folded = choice.folded
    found = valley(folded) if choice.level < 3 else None
    if found is not None:
        return ushape(found), found.nodes
    layout = Layout(folded, shapes=True)
    piece = layout.series(folded.series)
    sizes = [panel_size(panel) for panel in choice.panels]
    count = _columns(piece, sizes)
    if count > 1:
        broken = in_columns(layout, folded.series, piece, count)
        if _cost(_size(broken), sizes, count) < WORTH * _cost(_size(piece), sizes, 1):
            return broken, folded.nodes
    return piece, folded.nodes


def _columns(piece: Piece, panels: list[Size]) -> int:
    """How many columns of one height would make the best page."""
    wide, tall = _size(piece)
    if tall + MORE < STRIP * max(wide, NARROWEST):
        return 1

    def cost(count: int) -> float:
        size = (count * wide + (count - 1) * GUTTER, tall / count + 30.0 * (count > 1))
        return _cost(size, panels, count)

    best, lowest = 1, cost(1)
    for count in range(2, MOST_COLUMNS + 1):
        found = cost(count)
        if found > lowest:
            break
        best, lowest = count, found
    return best


def _size(piece: Piece) -> Size:
    left, top, right, bottom = piece.bounds
    return right - left, bottom - top


def _cost(size: Size, panels: list[Size], count: int) -> float:
    """What a page costs with a net of some size in so many columns, its blocks beside it."""
    packed = pack([size, *panels], gap=PANEL_GAP, least=NARROWEST, more=MORE)
    return packed.cost * (1 + DEARER * (count - 1) / count)


def facts(instance: Instance) -> tuple[str, ...]:
    """What is to be known of a net."""
    totals = instance.totals
    if instance.failed:
        inputs = [f"{name} {shape(tensor)}" for name, tensor in instance.inputs]
        return f"{_several('input', inputs)} {', '.join(inputs)}", "drawn up to an error"
    inputs = [f"{name} {shape(tensor)}" for name, tensor in instance.inputs]
    outputs = [_output(output.name, shape(output.tensor)) for output in instance.outputs]
    return (
        f"{short(totals.params)} params",
        f"{short(totals.macs)} MACs",
        f"{_several('input', inputs)} {', '.join(inputs)}",
        f"{_several('output', outputs)} {', '.join(outputs)}",
    )


def _output(name: str, text: str) -> str:
    return text if name == "output" else f"{name} {text}"


def _several(word: str, rows: list[str]) -> str:
    return f"{word}s" if len(rows) > 1 else word
