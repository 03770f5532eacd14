"""Where frames stand in a series: around neighbours that share a label, a block or turns."""

from collections.abc import Iterator

from netwright.draw.atoms import Group
from netwright.draw.graph import Node
from netwright.draw.model import Kind, Row
from netwright.draw.structure import Link, Series, element, every, inside
from netwright.draw.wording import short
from netwright.record import record, replace
from netwright.values import spec_text


@record
class Range:
    """A frame around the elements of a series from ``start`` up to ``stop``."""

    start: int
    stop: int
    group: Group
    names: frozenset[str]


class Frames:
    """The groups of a graph, and which boxes each holds; ``labels`` says whether labels count."""

    def __init__(self, nodes: dict[str, Node], *, labels: bool) -> None:
        self.nodes = nodes
        self.labels = labels
        self.members: dict[str, set[str]] = {}
        for node in nodes.values():
            for group in node.groups:
                self.members.setdefault(group.key, set()).add(node.id)

    def ranges(self, series: Series, within: set[str] | None = None) -> list[Range]:
        """The frames of a series, the outer before the inner; or what of them is in a column."""
        known: dict[str, Group] = {}
        places: dict[str, list[int]] = {}
        for place, name in enumerate(series.nodes):
            for group in self._groups(name):
                known[group.key] = group
                places.setdefault(group.key, []).append(place)
        found = [self._range(series, known[key], places[key], within) for key in places]
        return _merged([each for each in found if each is not None])

    def _groups(self, name: str) -> list[Group]:
        groups = self.nodes[name].groups
        return [group for group in groups if self.labels or group.kind is not Kind.GROUP]

    def _range(
        self, series: Series, group: Group, places: list[int], within: set[str] | None
    ) -> Range | None:
        """The frame of a group; none where its boxes are no neighbours, or one box is all."""
        members = self.members[group.key]
        if within is not None and group.kind is Kind.GROUP and not members <= within:
            first = next(name for name in self.nodes if name in members)
            if first not in within:
                group = replace(
                    group, key=f"{group.key}~{places[0]}~{min(within)}", note="continued"
                )
            members = members & {*every(series)}
        start, stop = places[0], places[-1] + 1
        if not members.issuperset(inside(series.sections[start])):
            start += 1
        held = {name for place in range(start, stop) for name in element(series, place)}
        outside = members - held
        if not held or not held <= members or outside - {series.nodes[places[0]]}:
            return None
        if len(held) == 1 and group.kind in (Kind.GROUP, Kind.BLOCK):
            return None
        return Range(start, stop, group, frozenset(held))


def _merged(ranges: list[Range]) -> list[Range]:
    """One frame for those around the same boxes: the label with the badge of the turns."""
    by_place: dict[tuple[int, int], Range] = {}
    for each in ranges:
        key = each.start, each.stop
        other = by_place.get(key)
        if other is not None:
            each = replace(each, group=_both(other.group, each.group))
        by_place[key] = each
    return sorted(by_place.values(), key=lambda each: (each.start, -each.stop))


def _both(one: Group, other: Group) -> Group:
    titles = [group.title for group in (one, other) if group.title]
    notes = [group.note for group in (one, other) if group.note]
    title = titles[0] if titles else ""
    note = " · ".join([*titles[1:], *notes])
    kind = Kind.REPEAT if Kind.REPEAT in (one.kind, other.kind) else one.kind
    times, whole = one.times * other.times, one.whole or other.whole
    return replace(one, kind=kind, title=title, note=note, times=times, whole=whole)


def has_title(each: Range) -> bool:
    """Whether a frame says something."""
    return bool(each.group.title) or each.group.times > 1


def frame_tooltip(group: Group) -> str:
    """All that is known of a frame: of a block its arguments."""
    if group.instance is None:
        return group.title or f"{group.times:,} times"
    args = ", ".join(f"{name}={spec_text(value)}" for name, value in group.instance.args)
    return f"{group.instance.name}({args})"


def frame_title(each: Range, nodes: dict[str, Node]) -> Row:
    """The label of a frame, and what it holds in all."""
    group = each.group
    inner = [nodes[name] for name in each.names]
    total = sum(-node.params if node.params < 0 else node.params * node.times for node in inner)
    right = short(total) if total and len(inner) > 1 else ""
    if group.whole:
        right = f"{short(group.whole)} in all"
    badge = f"×{group.times:,}" if group.times > 1 else ""
    muted = f"\u00a0 {group.note}" if group.note else ""
    return Row(bold=group.title, muted=muted, right=right, badge=badge)


def links(series: Series) -> Iterator[int]:
    """The places where a series can be cut: straight links between two boxes."""
    for place in range(1, len(series.nodes)):
        section = series.sections[place]
        if isinstance(section, Link) and len(section.edges) == 1:
            yield place
