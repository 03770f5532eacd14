"""Finds combs: a row of maps, out of each of which heads go that end in the same joins."""

from typing import TYPE_CHECKING

from netwright.draw.graph import HIDDEN, Edge
from netwright.draw.structure import SINK, SOURCE, Comb, Link, Series, Tangle, Tooth

if TYPE_CHECKING:
    from netwright.draw.finder import Finder

LEAST = 3  # heads that make a join


def comb(finder: "Finder", tangle: Tangle, tail: str, head: str) -> Comb | None:
    """The comb that a tangle is, or none."""
    return _Comb(finder, tangle, tail, head).found()


class _Comb:
    """A tangle that is taken for a comb, until something in it is none."""

    def __init__(self, finder: "Finder", tangle: Tangle, tail: str, head: str) -> None:
        self.finder = finder
        self.nodes, self.edges = list(tangle.nodes), list(tangle.edges)
        self.tail, self.head = tail, head
        self.heads: dict[str, list[str]] = {}
        self.tails: dict[str, list[str]] = {}
        for edge in self.edges:
            self.heads.setdefault(edge.tail, []).append(edge.head)
            if edge.value != HIDDEN:
                self.tails.setdefault(edge.head, []).append(edge.tail)

    def found(self) -> Comb | None:
        """The comb, if every part is what it must be."""
        joins = [n for n in self.nodes if len(set(self.tails.get(n, ()))) >= LEAST]
        behind = self._behind(joins)
        joins = [join for join in joins if not any(t in behind for t in self.tails[join])]
        spine = self._spine(behind)
        if not joins or spine is None:
            return None
        rest = [n for n in self.nodes if n not in behind and n not in spine]
        teeth = [self._tooth(part, joins, spine) for part in self.finder.parts(rest, self.edges)]
        rows = [self._join(join, joins) for join in joins]
        if len(teeth) < LEAST or None in teeth or None in rows:
            return None
        if self._strays(spine, behind, joins):
            return None
        place = {name: number for number, name in enumerate([self.tail, *spine])}
        found = sorted((tooth for tooth in teeth if tooth), key=lambda tooth: place[tooth.tap])
        found = _paired(found)
        links = [Link((Edge(one, two, -1, 0),)) for one, two in zip(place, spine, strict=False)]
        row = Series(tuple(spine), (*links, Link(())))
        return Comb(row, tuple(found), tuple(row for row in rows if row))

    def _behind(self, joins: list[str]) -> set[str]:
        """The joins, and what comes behind them."""
        found, left = set(joins), list(joins)
        while left:
            for name in self.heads.get(left.pop(), ()):
                if name not in found and name != self.head:
                    found.add(name)
                    left.append(name)
        return found

    def _spine(self, behind: set[str]) -> list[str] | None:
        """The longest way, up to the last box out of which several go; each box follows the one
        before it alone."""
        depth: dict[str, int] = {}
        for name in reversed(self.nodes):
            depth[name] = 1 + max((depth.get(n, 0) for n in self.heads.get(name, ())), default=0)
        way, here = list[str](), self.tail
        while True:
            ahead = [n for n in self.heads.get(here, ()) if n in depth and n not in behind]
            if not ahead:
                break
            here = max(ahead, key=lambda name: depth[name])
            way.append(here)
        while way and len(set(self.heads.get(way[-1], ()))) < 2:
            way.pop()
        lonely = all(len(set(self.tails.get(name, ()))) == 1 for name in way)
        return way if lonely else None

    def _strays(self, spine: list[str], behind: set[str], joins: list[str]) -> bool:
        """Whether a value goes from the row straight behind the joins, or out of the comb."""
        row = {self.tail, *spine}
        return any(
            (edge.tail in row and (edge.head in behind or edge.head == self.head))
            or (edge.head in behind and edge.head not in joins and edge.tail not in behind)
            for edge in self.edges
        )

    def _tooth(self, part: list[str], joins: list[str], spine: list[str]) -> Tooth | None:
        """What hangs at one box: what all its heads share, and the heads."""
        within = set(part)
        taps = {e.tail for e in self.edges if e.head in within and e.tail not in within}
        ends = {name: self._ends(name, joins) for name in part}
        lead = [name for name in part if len(ends[name]) > 1]
        if len(taps) != 1 or not taps <= {self.tail, *spine} or not all(ends.values()):
            return None
        tap = taps.pop()
        last = lead[-1] if lead else tap
        shared = self._row(lead, tap, last)
        if any(name not in lead for name in shared.nodes) or len(shared.nodes) != len(lead):
            return None
        heads = tuple(self._head(part, ends, join, last) for join in joins)
        return Tooth(tap, shared, heads) if any(heads) else None

    def _ends(self, name: str, joins: list[str]) -> set[str]:
        """The joins that a box leads to."""
        found, left = set[str](), [name]
        while left:
            here = left.pop()
            if here in joins:
                found.add(here)
            elif here != self.head:
                left += self.heads.get(here, ())
        return found

    def _row(self, names: list[str], tail: str, last: str) -> Series:
        """Boxes from one to another, the last without what goes out of it."""
        within = {*names}
        edges = [e for e in self.edges if e.head in within and e.tail in {tail, *names}]
        return self.finder.series(names, [*edges, Edge(last, SINK, -1, 0)], tail, SINK)

    def _head(
        self, part: list[str], ends: dict[str, set[str]], join: str, last: str
    ) -> Series | None:
        """One head, from what the heads share to its join."""
        names = [name for name in part if ends[name] == {join}]
        within = {last, *names}
        edges = [e for e in self.edges if e.tail in within and e.head in {*names, join}]
        return self.finder.series(names, edges, last, join) if names else None

    def _join(self, join: str, joins: list[str]) -> Series | None:
        """What comes behind a join, if nothing of it comes behind another."""
        names = [n for n in self.nodes if n in self._behind([join])]
        if any(n in self._behind([other]) for other in joins if other != join for n in names):
            return None
        within = {*names}
        edges = [e for e in self.edges if e.tail in within and e.head in {*names, self.head}]
        return self.finder.series(names, [Edge(SOURCE, join, -1, 0), *edges], SOURCE, self.head)


def _paired(teeth: list[Tooth]) -> list[Tooth]:
    """Teeth of one box that end in different joins as one."""
    found: list[Tooth] = []
    for tooth in teeth:
        last = found[-1] if found else None
        plain = last is not None and not last.lead.nodes and not tooth.lead.nodes
        if last is not None and plain and last.tap == tooth.tap and not _both(last, tooth):
            pairs = zip(last.heads, tooth.heads, strict=True)
            heads = tuple(one or other for one, other in pairs)
            found[-1] = Tooth(tooth.tap, tooth.lead, heads)
        else:
            found.append(tooth)
    return found


def _both(one: Tooth, other: Tooth) -> bool:
    return any(a and b for a, b in zip(one.heads, other.heads, strict=True))
