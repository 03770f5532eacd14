"""Marks the boxes of a net by what changed in them, and sets what is gone beside them.

A box is added if all its layers are; it is changed if anything in it is. What was taken away stands
beside the box behind which it stood, unless that box holds the place where it was.
"""

from collections.abc import Iterator, Sequence
from enum import Enum

from netwright.compare.changes import Change, Comparison, Sort
from netwright.compare.pairs import pairs
from netwright.compare.parts import Part, parts
from netwright.draw.graph import Graph, Node, connected
from netwright.draw.metrics import MUTED, wrapped
from netwright.draw.sizes import LONGEST
from netwright.draw.theme import Family
from netwright.draw.wording import title_case
from netwright.instance import Instance
from netwright.record import replace
from netwright.source import Span

MOST_TEXTS = 4  # lines in a box that say what changed


class Mark(Enum):
    """What a difference says of a box: its sign and its word."""

    ADDED = "+ added"
    REMOVED = "− removed"
    CHANGED = "≠ changed"
    RENAMED = "→ renamed"


MARKS = {
    Sort.ADDED: Mark.ADDED,
    Sort.REMOVED: Mark.REMOVED,
    Sort.CHANGED: Mark.CHANGED,
    Sort.RENAMED: Mark.RENAMED,
}
FAMILIES = {
    Mark.ADDED: Family.ACTIVATION,
    Mark.REMOVED: Family.POOLING,
    Mark.CHANGED: Family.MERGE,
    Mark.RENAMED: Family.SEQUENCE,
}


class _Each(Comparison):
    """The changes one by one: of rows that grew or shrank each block that came or went."""

    def row(self, old: Part, new: Part, kind: str) -> Iterator[Change]:
        yield from self.side_by_side(pairs(old.parts, new.parts))


def each_change(before: Instance, after: Instance) -> list[Change]:
    """The changes from one net to another, none gathered with others."""
    return list(_Each().inside(parts(before), parts(after)))


def marked(graph: Graph, old: Graph, changes: Sequence[Change]) -> Graph:
    """The boxes of the second net with their marks, and those of the first that are gone."""
    return connected(_Marker(graph, old).run(changes))


class _Marker:
    """Boxes on their way to their marks."""

    def __init__(self, graph: Graph, old: Graph) -> None:
        self.nodes = dict(graph.nodes)
        self.left = dict(old.nodes)
        self.found: dict[str, list[tuple[Change, str]]] = {}
        self.gone: dict[str, list[Node]] = {}
        self.home: dict[str, list[str]] = {}
        for name, node in graph.nodes.items():
            for path in node.paths:
                for prefix in _prefixes(path):
                    self.home.setdefault(prefix, []).append(name)
        self.values = 1 + max(value for node in self.nodes.values() for value in node.outputs)

    def run(self, changes: Sequence[Change]) -> list[Node]:
        """All boxes in their order, what is gone behind where it stood."""
        for change in changes:
            if change.sort is Sort.REMOVED:
                self._remove(change)
            else:
                self._note(change, change.paths[0], change.after)
        found: list[Node] = []
        for name, node in self.nodes.items():
            found.append(self._marked(node))
            found += self._chained(node, self.gone.get(name, []))
        return found

    def _note(self, change: Change, path: str, span: Span | None) -> None:
        """A change for the boxes that hold it, or that it is around."""
        for place, prefix in enumerate(_prefixes(path)):
            names = self._at(prefix, span)
            if names:
                inside = path[len(prefix) + 1 :] if place else ""
                for name in names:
                    self.found.setdefault(name, []).append((change, inside))
                return

    def _at(self, path: str, span: Span | None) -> list[str]:
        """The boxes at or under a path; of layers that share one those that were written there."""
        names = self.home.get(path, [])
        here = [n for n in names if any(step.span == span for step in self.nodes[n].steps)]
        return here or names

    def _remove(self, change: Change) -> None:
        """What is gone: boxes of their own, else a line in the box where they stood."""
        path = change.paths[0]
        outer = next((p for p in _prefixes(path)[1:] if self._closed(p)), "")
        boxes = [node for node in self.left.values() if _all_under(node, path)]
        place = change.behind
        if outer or not boxes:
            where = place if place and not outer else None
            self._note(change, where.path if where else path, where.span if where else None)
            return
        behind = self._at(place.path, place.span) if place else []
        name = behind[-1] if behind else self._before(path)
        self.gone.setdefault(name, []).extend(boxes)
        for each in boxes:
            del self.left[each.id]

    def _closed(self, path: str) -> bool:
        """Whether a box stands for a block at a path."""
        nodes = (self.nodes[name] for name in self.home.get(path, ()))
        return any(node.call is not None and node.path == path for node in nodes)

    def _before(self, path: str) -> str:
        """The box in front of the place where something was the first."""
        names = list(self.nodes)
        inner = next((names.index(self.home[p][0]) for p in _prefixes(path) if p in self.home), 1)
        return names[max(0, inner - 1)]

    def _marked(self, node: Node) -> Node:
        """A box with its mark and what is said of it; grey if nothing is."""
        changes = self.found.get(node.id, [])
        if not changes:
            kept = node.family is Family.TERMINAL
            return node if kept else replace(node, family=Family.OTHER)
        sorts = {change.sort for change, _ in changes}
        mark = MARKS[sorts.pop()] if len(sorts) == 1 else Mark.CHANGED
        if mark is Mark.REMOVED or (mark is Mark.ADDED and not self._is_new(node, changes)):
            mark = Mark.CHANGED
        texts = () if mark is Mark.ADDED else tuple(dict.fromkeys(_texts(changes)))
        return _with_mark(node, mark, _few(texts))

    def _is_new(self, node: Node, changes: list[tuple[Change, str]]) -> bool:
        """Whether everything in a box was added."""
        added = {change.paths[0] for change, inside in changes if not inside}
        return all(any(prefix in added for prefix in _prefixes(path)) for path in node.paths)

    def _chained(self, node: Node, gone: list[Node]) -> Iterator[Node]:
        """What is gone, one under another, out of the box behind which it stood."""
        value = node.outputs[0] if node.outputs else node.inputs[0]
        for each in gone:
            made, self.values = self.values, self.values + 1
            ghost = replace(each, id=f"gone_{each.id}", inputs=(value,), outputs=(made,), groups=())
            yield _with_mark(ghost, Mark.REMOVED, ())
            value = made


def _with_mark(node: Node, mark: Mark, texts: tuple[str, ...]) -> Node:
    return replace(
        node,
        family=FAMILIES[mark],
        above=(mark.value, *node.above),
        below=(*node.below, *texts),
        token=(node.token, mark, texts),
        mark=mark.name.lower(),
    )


def _texts(changes: list[tuple[Change, str]]) -> Iterator[str]:
    """What is said of the changes in a box."""
    for change, inside in changes:
        if change.sort in (Sort.ADDED, Sort.REMOVED):
            sign = MARKS[change.sort].value[0]
            yield f"{sign} {inside or title_case(change.text)}"
        else:
            yield f"{inside}: {change.text}" if inside else change.text


def _few(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Lines of a length that a box has, the last for those that are too many."""
    texts = tuple(line for text in texts for line in _lines(text))
    if len(texts) <= MOST_TEXTS:
        return texts
    return (*texts[: MOST_TEXTS - 1], f"… {len(texts) - MOST_TEXTS + 1} more")


def _lines(text: str) -> list[str]:
    return wrapped(tuple(text.split(", ")), LONGEST, MUTED, ", ")


def _prefixes(path: str) -> list[str]:
    """A path, then what is around it."""
    pieces = path.split(".")
    return [".".join(pieces[:count]) for count in range(len(pieces), 0, -1)]


def _all_under(node: Node, path: str) -> bool:
    """Whether all layers of a box stand at a path or under it."""
    return bool(node.paths) and all(path in _prefixes(each) for each in node.paths)
