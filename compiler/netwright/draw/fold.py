"""Folds what repeats in a series to one with a badge, and finds where the frames of it stand."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from netwright.draw.alike import (
    channels,
    extent,
    fates,
    grown,
    kind_of,
    labels,
    likeness,
    numberless,
    spanned,
    total,
)
from netwright.draw.atoms import Group
from netwright.draw.graph import Graph, Node
from netwright.draw.model import Kind, Shape
from netwright.draw.repeats import Item, repeats, single
from netwright.draw.structure import (
    Branches,
    Comb,
    Fork,
    Lanes,
    Link,
    Pass,
    Section,
    Series,
    Tangle,
    Tooth,
    element,
)
from netwright.record import record, replace

Find = Callable[[list[Item]], list[Item]]


def loops(items: list[Item]) -> list[Item]:
    """Only what the spec told as a loop."""
    return items


@record
class Folded:
    """A graph whose series is folded; ``nodes`` are those that are left, ``names`` who stands for
    whom."""

    series: Series
    nodes: dict[str, Node]
    names: dict[str, str]


def fold(graph: Graph, series: Series, *, find: Find = repeats) -> Folded:
    """The series with repeats as one; ``find`` finds them among what no loop told as one."""
    folder = _Folder(graph.nodes, find)
    left = folder.series(series)
    nodes = {name: folder.titled(name) for name in graph.nodes if name in folder.kept}
    return Folded(left, nodes, folder.names)


def labelled(folded: Folded) -> Folded:
    """The same with labels around a single box in that box, which needs no frame for them."""
    groups = [group for node in folded.nodes.values() for group in node.groups]
    held = Counter(group.key for group in groups if group.kind is Kind.GROUP)
    nodes = {name: _labelled(node, held) for name, node in folded.nodes.items()}
    return Folded(folded.series, nodes, folded.names)


def _labelled(node: Node, held: Mapping[str, int]) -> Node:
    titles = [group.title for group in node.groups if held[group.key] == 1]
    stands = node.shape is Shape.BOX and (node.call is not None or node.times > 1)
    if not titles or not stands:
        return node
    if node.mark:
        return replace(node, below=(titles[-1], *node.below))
    if node.call is not None and node.below:
        return replace(node, below=(f"{titles[-1]}.{node.below[0]}", *node.below[1:]))
    return replace(node, below=(*node.below, titles[-1]))


class _Folder:
    """The nodes on their way: those that stand for several get a badge."""

    def __init__(self, nodes: dict[str, Node], find: Find) -> None:
        self.nodes = dict(nodes)
        self.find = find
        self.kept: set[str] = set()
        self.names: dict[str, str] = {}
        self.frames = 0
        self.framed: set[str] = set()
        self.titles: dict[str, Group] = {}
        self.fates = fates(nodes.values())
        self.begins: set[str] = set()  # boxes that a lane leads to: no run goes on over one
        self.ends: set[str] = set()  # boxes that a lane begins at

    def series(self, series: Series) -> Series:
        """A series without the turns that repeat."""
        items = self._items(series)
        folded = self.find(items)
        kept = [place for item in folded for place in _kept(item)]
        for item in folded:
            self._stand(series, item)
        nodes = tuple(series.nodes[place] for place in kept)
        sections = [series.sections[place] for place in kept] + [series.sections[-1]]
        self.kept.update(nodes)
        return Series(nodes, tuple(self._section(section) for section in sections))

    def _section(self, section: Section) -> Section:
        if isinstance(section, Tangle):
            self.kept.update(section.nodes)
        if isinstance(section, Fork):
            inner = self._section(section.inner)
            assert not isinstance(inner, Fork)
            return Fork(inner, tuple(map(self.series, section.shoots)))
        if isinstance(section, Lanes):
            self.begins |= {edge.head for edge in section.edges}
            self.ends |= {edge.tail for edge in section.edges}
            return Lanes(self.series(section.series), section.edges)
        if isinstance(section, Comb):
            return self._comb(section)
        if not isinstance(section, Branches):
            return section
        rows = [b if isinstance(b, Pass) else self.series(b) for b in section.branches]
        return Branches(tuple(rows))

    def _comb(self, comb: Comb) -> Comb:
        """A comb with what repeats in its rows as one; no run goes on over a box with a tooth."""
        self.ends |= {tooth.tap for tooth in comb.teeth}
        teeth = [
            Tooth(
                tooth.tap,
                self.series(tooth.lead),
                tuple(head and self.series(head) for head in tooth.heads),
            )
            for tooth in comb.teeth
        ]
        return Comb(self.series(comb.spine), tuple(teeth), tuple(map(self.series, comb.joins)))

    def titled(self, name: str) -> Node:
        """A node that is left, its frames with their last titles, and the turns of its loops.

        A loop that got no frame, because wires go in and out of it, tells its turns in each box.
        """
        node = self.nodes[name]
        groups = [self.titles.get(group.key, group) for group in node.groups]
        loose = [g for g in groups if g.kind is Kind.REPEAT and g.key not in self.framed]
        kept = tuple(group for group in groups if group not in loose)
        times = math.prod((group.times for group in loose), start=node.times)
        return replace(node, groups=kept, times=times)

    # What is equal

    def _items(self, series: Series) -> list[Item]:
        """The elements of a series, those of a loop that was told once as one."""
        return self._row(series, 0, len(series.nodes), 0)

    def _row(self, series: Series, place: int, end: int, depth: int) -> list[Item]:
        """Elements inside some loops."""
        found: list[Item] = []
        while place < end:
            loop = self._loop(series.nodes[place], depth)
            stop = place + 1
            while loop and stop < end and self._loop(series.nodes[stop], depth) == loop:
                stop += 1
            if loop is None or not self._is_whole(series, place, stop, loop):
                found += [self._single(series, each) for each in range(place, stop)]
            elif stop == place + 1:
                found.append(self._single(series, place, loop.times))
            else:
                found.append(self._turns(series, place, stop, loop, depth))
            place = stop
        return found

    def _single(self, series: Series, place: int, times: int = 1) -> Item:
        name = series.nodes[place]
        node = self.nodes[name]
        labels = frozenset(g.key for g in node.groups if g.kind is Kind.GROUP)
        found = single(place, self._token(series, place), labels, times, node.params)
        return replace(found, begins=name in self.begins, ends=name in self.ends)

    def _turns(self, series: Series, place: int, stop: int, loop: Group, depth: int) -> Item:
        """Turns of a loop that was told once."""
        inner = tuple(self.find(self._row(series, place, stop, depth + 1)))
        keys = tuple(item.key for item in inner)
        labels = frozenset[str]().union(*(item.labels for item in inner))
        return Item(place, stop, stop, keys, loop.times, inner, labels)

    def _loop(self, name: str, depth: int) -> Group | None:
        """The loop around a box, inside some others and those that have their frame."""
        groups = [g for g in self.nodes[name].groups if g.kind is Kind.REPEAT]
        groups = [group for group in groups if group.key not in self.framed]
        return groups[depth] if len(groups) > depth else None

    def _is_whole(self, series: Series, place: int, stop: int, loop: Group) -> bool:
        """Whether some elements hold all boxes of a loop, and no others."""
        held = {name for each in range(place, stop) for name in element(series, each)}
        return held == {n.id for n in self.nodes.values() if loop in n.groups}

    def _token(self, series: Series, place: int) -> Any:
        """What an element, a section with the node behind it, has in common with its equals."""
        section = self._section_token(series.sections[place])
        node = self._node_token(self.nodes[series.nodes[place]])
        return None if section is None or node is None else (section, node)

    def _section_token(self, section: Section) -> Any:
        match section:
            case Link():
                return len(section.edges)
            case Branches():
                parts = tuple(map(self._branch_token, section.branches))
                return None if None in parts else parts
        return None

    def _branch_token(self, branch: "Series | Pass") -> Any:
        if isinstance(branch, Pass):
            return "pass"
        tokens = [self._token(branch, place) for place in range(len(branch.nodes))]
        tokens.append(self._section_token(branch.sections[-1]))
        return None if None in tokens else tuple(tokens)

    def _node_token(self, node: Node) -> Any:
        """The same work on maps of one size; only the channels may differ, evenly."""
        if node.shape is Shape.PILL or node.shape is Shape.TAP or node.side:
            return None
        frames = tuple(likeness(group) for group in node.groups if group.kind is not Kind.REPEAT)
        sizes = tuple(tensor and extent(tensor) for tensor in (node.before, node.after))
        label = numberless(node.below[0]) if node.call is not None and node.below else ""
        fate = self.fates.get(kind_of(node), ())
        width = channels(node.after) if len(fate) > 1 else None
        return node.token, frames, sizes, width, node.reused, label

    # What stands for what

    def _stand(self, series: Series, item: Item) -> None:
        """Let the elements that are left stand for those that are gone."""
        for inner in item.inner:
            self._stand(series, inner)
        if item.times == 1:
            return
        kept = list(_kept(item))
        every = list(range(item.start, item.end))
        turns = max(1, len(every) // max(1, item.stop - item.start))
        members = [series.nodes[place] for place in every]
        for place, name in enumerate(members):
            offset = place % (item.stop - item.start)
            stands = series.nodes[item.start + offset]
            if name != stands:
                self.names[name] = self.names.get(stands, stands)
                self._retitle(stands, name)
        alone = kept[0] if len(kept) == 1 and not item.inner else None
        plain = alone is not None and isinstance(series.sections[alone], Link)
        if plain and alone is not None and self._can_badge(series.nodes[alone]):
            self._badge([self.nodes[name] for name in members], item.times)
        else:
            self._frame(series, kept, item, self._whole(series, item, turns))

    def _whole(self, series: Series, item: Item, turns: int) -> int:
        """Params of all turns, where they are not all alike; the last stands for those not told."""
        size = item.stop - item.start
        found: list[int] = []
        for turn in range(turns):
            start = item.start + turn * size
            names = [n for p in range(start, start + size) for n in element(series, p)]
            found.append(sum(self.nodes[name].params for name in names))
        rest = item.times - turns
        return sum(found) + rest * found[-1] if len(set(found)) > 1 else 0

    def _retitle(self, first: str, last: str) -> None:
        """Let the labels around boxes that stand for others tell all their numbers."""
        one, other = self.nodes[first], self.nodes[last]
        changes = {
            mine.key: replace(mine, title=spanned(mine.title.partition("…")[0], theirs.title))
            for mine, theirs in zip(one.groups, other.groups, strict=False)
            if mine.key != theirs.key and mine.kind is Kind.GROUP
        }
        if changes:
            self.titles |= changes

    def _can_badge(self, name: str) -> bool:
        return self.nodes[name].shape is Shape.BOX

    def _badge(self, nodes: list[Node], times: int) -> None:
        """One box for equal ones in a row."""
        first, last = nodes[0], nodes[-1]
        groups = tuple(group for group in first.groups if group.kind is not Kind.REPEAT)
        changed = replace(first, times=times, groups=groups, after=last.after)
        if len(nodes) > 1:
            changed = replace(changed, params=total(nodes, times), below=labels(first, last))
            changed = replace(changed, plain=grown(nodes) or changed.plain)
        self.nodes[first.id] = changed

    def _frame(self, series: Series, kept: list[int], item: Item, whole: int) -> None:
        """A frame with a badge around several boxes."""
        names = [name for place in kept for name in element(series, place)]
        loop = self._loop(series.nodes[kept[0]], 0)
        self.frames += 1
        key = f"repeat~{self.frames}~{names[0]}"
        span = loop.span if loop else None
        group = Group(key, Kind.REPEAT, "", item.times, whole=whole, span=span)
        self.framed |= {key}
        common = _common([self.nodes[name].groups for name in names])
        for name in names:
            node = self.nodes[name]
            rest = tuple(each for each in node.groups[common:] if each != loop)
            self.nodes[name] = replace(node, groups=(*node.groups[:common], group, *rest))


def _kept(item: Item) -> Iterator[int]:
    """The elements that are left of an item."""
    if item.inner:
        for inner in item.inner:
            yield from _kept(inner)
    else:
        yield item.start


def _common(rows: list[tuple[Group, ...]]) -> int:
    """How many frames, from outside, are around all."""
    count = 0
    while all(len(row) > count for row in rows) and len({row[count].key for row in rows}) == 1:
        if rows[0][count].kind is not Kind.GROUP:
            break
        count += 1
    return count
