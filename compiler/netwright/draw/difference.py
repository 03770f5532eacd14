"""Composes the picture of a difference: the second net, what changed in it, and what is gone."""

from collections.abc import Sequence

from netwright.compare import Change, Checkpoint, checkpoint
from netwright.compare.changes import Sort
from netwright.draw.build import Builder
from netwright.draw.cells import fold_cells
from netwright.draw.collapse import collapsed, depth, elided
from netwright.draw.compose import MOST_BOXES, Choice, placed
from netwright.draw.fold import Folded, labelled
from netwright.draw.graph import Graph
from netwright.draw.levels import valley
from netwright.draw.marks import FAMILIES, Mark, each_change, marked
from netwright.draw.model import Drawing, Line
from netwright.draw.page import Sheet, page
from netwright.draw.scene import TURNS, Scenes, boxes
from netwright.draw.theme import Family
from netwright.draw.ties import tie_shared
from netwright.draw.unchanged import without_unchanged
from netwright.draw.wording import short
from netwright.instance import Instance
from netwright.pipeline import Checked, CheckedNet


def compose_difference(
    before: tuple[Checked, CheckedNet], after: tuple[Checked, CheckedNet]
) -> Drawing:
    """The page of what changed from one net to another; what is unchanged is folded."""
    old, new = before[1], after[1]
    changes = each_change(old.instance, new.instance)
    scenes = Scenes(new.instance, after[0].program)
    graph = marked(_graph(scenes), _graph(Scenes(old.instance, before[0].program)), changes)
    folded = _fitting(scenes, graph)
    spine, nodes = placed(Choice(2, folded, (), ""))
    tie_shared(spine, nodes)
    for track in spine.tracks:
        if track.line in (Line.POOL, Line.UP):
            track.line = Line.FLOW  # their colours say other things here
    names = (old.name, new.name) if old.name != new.name else (new.name,)
    return page(
        Sheet(
            " → ".join(names),
            "",
            facts(old.instance, new.instance, changes),
            spine,
            nodes,
            (),
            2,
            keys=_keys(folded),
        )
    )


def _graph(scenes: Scenes) -> Graph:
    """A net with its blocks as boxes, each turn of its loops on its own."""
    return Builder(scenes.blocks.shown, scenes.numbers, turns=TURNS).net(scenes.instance)


def _fitting(scenes: Scenes, graph: Graph) -> Folded:
    """The net on one page: folded as far as it must be."""
    whole = _folded(scenes, graph)
    if boxes(whole.nodes) <= MOST_BOXES and valley(whole) is not None:
        return whole
    found = without_unchanged(whole)
    for level in range(depth(graph), 0, -1):
        if boxes(found.nodes) <= MOST_BOXES:
            return found
        graph = collapsed(graph, level)
        found = without_unchanged(_folded(scenes, graph))
    if boxes(found.nodes) <= MOST_BOXES:
        return found
    return scenes.folded(elided(graph, MOST_BOXES - 2))


def _folded(scenes: Scenes, graph: Graph) -> Folded:
    return labelled(scenes.folded(fold_cells(graph)))


def _keys(folded: Folded) -> tuple[tuple[str, str], ...]:
    """What the colours mean that are there."""
    marks = {node.mark for node in folded.nodes.values()}
    keys = [(FAMILIES[mark].name, mark.value) for mark in Mark if mark.name.lower() in marks]
    plain = [node for node in folded.nodes.values() if not node.mark]
    if any(node.family is Family.OTHER for node in plain):
        keys.append((Family.OTHER.name, "unchanged"))
    if any(node.times > 1 for node in folded.nodes.values()):
        keys.append(("×", "repeats"))
    return tuple(keys)


def facts(before: Instance, after: Instance, changes: Sequence[Change]) -> tuple[str, ...]:
    """What the page says of both nets: counts, and whether a checkpoint still loads."""
    old, new = before.totals, after.totals
    found = [
        _count("params", old.params, new.params),
        _count("MACs", old.macs, new.macs),
        *_sorts(changes),
    ]
    return (*filter(None, found), loads(checkpoint(before, after)))


def _count(what: str, old: int, new: int) -> str:
    if old == new:
        return f"{short(new)} {what}"
    sign = "+" if new > old else "−"
    return f"{short(old)} → {short(new)} {what} ({sign}{short(abs(new - old))})"


def _sorts(changes: Sequence[Change]) -> list[str]:
    """How many parts were added, removed and changed."""
    counts = {sort: sum(change.sort is sort for change in changes) for sort in Sort}
    return [f"{count:,} {sort.value}" for sort, count in counts.items() if count] or ["no change"]


def loads(found: Checkpoint) -> str:
    """Whether a checkpoint of the first net loads into the second."""
    if found.loads:
        return "checkpoints still load"
    counts = {
        "missing": len(found.missing),
        "unexpected": len(found.unexpected),
        "resized": len(found.resized),
    }
    said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    return f"checkpoints do not load: {said}"
