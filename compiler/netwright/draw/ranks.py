"""Rows for a tangle: which box stands in which, in which order, so that few wires cross."""

from collections.abc import Sequence
from itertools import pairwise

from netwright.draw.structure import Tangle

Rows = list[list[str]]
SWEEPS = 12


def lay_rows(tangle: Tangle) -> tuple[Rows, dict[int, list[str]]]:
    """Rows of boxes and of the joints of long wires; and the joints of each edge by its place."""
    rank = _ranks(tangle)
    last = max(rank.values())
    rows: Rows = [[] for _ in range(last + 1)]
    for name in tangle.nodes:
        rows[rank[name]].append(name)
    joints: dict[int, list[str]] = {}
    links: list[tuple[str, str]] = []
    for place, edge in enumerate(tangle.edges):
        start = rank.get(edge.tail, -1)
        stop = rank.get(edge.head, last + 1)
        names = [f"~{place}~{row}" for row in range(start + 1, stop)]
        joints[place] = names
        for row, name in enumerate(names, start=start + 1):
            rows[row].append(name)
        path = [edge.tail, *names, edge.head]
        links += pairwise(path)
    return _ordered(rows, links), joints


def _ranks(tangle: Tangle) -> dict[str, int]:
    """The longest path from the top; a box without need to stand high goes down to its reader."""
    inner = set(tangle.nodes)
    rank: dict[str, int] = {}
    for name in tangle.nodes:
        above = [rank[e.tail] for e in tangle.edges if e.head == name and e.tail in inner]
        rank[name] = max(above, default=-1) + 1
    last = max(rank.values())
    for name in reversed(tangle.nodes):
        outs = [e.head for e in tangle.edges if e.tail == name]
        ins = [e for e in tangle.edges if e.head == name]
        below = min((rank.get(head, last + 1) for head in outs), default=last + 1)
        if len(outs) >= len(ins) and not any(head not in inner for head in outs):
            rank[name] = below - 1
    return rank


def _ordered(rows: Rows, links: Sequence[tuple[str, str]]) -> Rows:
    """The rows in the order with the fewest crossings that sweeps up and down find."""
    best, fewest = rows, crossings(rows, links)
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for tail, head in links:
        below.setdefault(tail, []).append(head)
        above.setdefault(head, []).append(tail)
    current = rows
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        current = _sweep(current, above if down else below, down=down)
        found = crossings(current, links)
        if found < fewest:
            best, fewest = [list(row) for row in current], found
    return best


def _sweep(rows: Rows, near: dict[str, list[str]], *, down: bool) -> Rows:
    """Each row by the middle of its neighbours in the row before it."""
    found = [list(row) for row in rows]
    order = range(1, len(found)) if down else range(len(found) - 2, -1, -1)
    for number in order:
        other = {name: place for place, name in enumerate(found[number + (-1 if down else 1)])}
        middles = []
        for place, name in enumerate(found[number]):
            places = [other[n] for n in near.get(name, ()) if n in other]
            middles.append(sum(places) / len(places) if places else place)
        paired = sorted(zip(middles, range(len(middles)), found[number], strict=True))
        found[number] = [name for _, _, name in paired]
    return found


def crossings(rows: Rows, links: Sequence[tuple[str, str]]) -> int:
    """How many pairs of wires cross."""
    place = {name: (number, x) for number, row in enumerate(rows) for x, name in enumerate(row)}
    by_row: dict[int, list[tuple[int, int]]] = {}
    for tail, head in links:
        if tail in place and head in place:
            by_row.setdefault(place[tail][0], []).append((place[tail][1], place[head][1]))
    total = 0
    for pairs in by_row.values():
        pairs.sort()
        total += sum(
            one[1] > other[1] and one[0] < other[0]
            for number, one in enumerate(pairs)
            for other in pairs[number + 1 :]
        )
    return total
