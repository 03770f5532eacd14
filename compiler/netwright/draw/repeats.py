"""Finds what repeats in a row of tokens: neighbours, and periods of several that follow each other.

What stands for several turns already, because a loop was told once, takes in its equals beside it.
"""

from typing import Any

from netwright.record import field, record, replace

LONGEST = 24  # elements in one period


@record
class Item:
    """Elements from ``start`` to ``stop`` of the row, and how often they stand there.

    ``tokens`` say what one turn is, ``end`` is where the last turn ends in the row, ``labels`` are
    those of all its elements. ``params`` tell equals that differ in their channels. ``begins`` and
    ``ends`` say that a run of several begins or ends with it.
    """

    start: int
    stop: int
    end: int
    tokens: tuple[Any, ...]
    times: int
    inner: "tuple[Item, ...]"
    labels: frozenset[str]
    params: int = field(default=0)
    begins: bool = field(default=False)
    ends: bool = field(default=False)

    @property
    def key(self) -> Any:
        """What equal items have in common."""
        return self.tokens, self.times


def single(place: int, token: Any, labels: frozenset[str], times: int = 1, params: int = 0) -> Item:
    """One element."""
    return Item(place, place + 1, place + 1, (token,), times, (), labels, params)


def repeats(items: list[Item]) -> list[Item]:
    """The row with all that repeats folded, small periods first."""
    items = _neighbours(items)
    period = 2
    while period <= min(LONGEST, len(items)):
        folded = _absorbed(_periods(items, period))
        if len(folded) < len(items):
            items, period = _neighbours(folded), 2
        else:
            period += 1
    return items


def _neighbours(items: list[Item]) -> list[Item]:
    """Equal neighbours as one."""
    found: list[Item] = []
    place = 0
    while place < len(items):
        stop = place + 1
        tokens = items[place].tokens
        while stop < len(items) and tokens[0] is not None and items[stop].tokens == tokens:
            if not one_run(items[stop - 1 : stop + 1]):
                break
            stop += 1
        if stop > place + 1 and whole_labels(items, place, stop, 1):
            found.append(_merged(items[place:stop]))
        else:
            found += items[place:stop]
        place = stop
    return found


def _merged(items: list[Item]) -> Item:
    """Equal neighbours as one item."""
    first, last = items[0], items[-1]
    times = sum(item.times for item in items)
    labels = frozenset[str]().union(*(item.labels for item in items))
    return replace(first, end=last.end, times=times, labels=labels, ends=last.ends)


def one_run(items: list[Item]) -> bool:
    """Whether some elements may be told as one."""
    return not any(item.ends for item in items[:-1]) and not any(item.begins for item in items[1:])


def whole_labels(items: list[Item], start: int, stop: int, period: int) -> bool:
    """Whether each label around some turns is around all of them, or within one of them."""
    turns = [items[place : place + period] for place in range(start, stop, period)]
    shared = frozenset.intersection(*(item.labels for item in items[start:stop]))
    own = [frozenset().union(*(item.labels for item in turn)) - shared for turn in turns]
    outside = frozenset().union(*(item.labels for item in (*items[:start], *items[stop:])))
    seen: set[str] = set()
    for labels in own:
        if labels & seen or labels & outside:
            return False
        seen |= labels
    return True


def _periods(items: list[Item], period: int) -> list[Item]:
    """The row with the turns of a period as one item."""
    found: list[Item] = []
    keys = [item.key for item in items]
    place = 0
    while place < len(items):
        turns = 1
        while _equal(keys, place, place + turns * period, period) and one_run(
            items[place : place + (turns + 1) * period]
        ):
            turns += 1
        first = place + (_lead(items, place, turns * period, period) if turns > 1 else 0)
        stop = first + turns * period
        if turns > 1 and whole_labels(items, first, stop, period):
            found += items[place:first]
            found.append(_joined(items[first:stop], period, turns))
            place = stop
        else:
            found.append(items[place])
            place += 1
    return found


def _lead(items: list[Item], place: int, length: int, period: int) -> int:
    """How many elements of a run wait before it, so that its turns count alike.

    They may if as many equal ones follow the run, which begins that much later then.
    """
    for lead in range(period):
        run = items[place + lead : place + lead + length]
        if len(run) < length or (lead and run[-1].key != items[place + lead - 1].key):
            return 0
        if all(len({item.params for item in run[n::period]}) == 1 for n in range(period)):
            return lead
    return 0


def _equal(keys: list[Any], place: int, other: int, period: int) -> bool:
    if other + period > len(keys):
        return False
    one = keys[place : place + period]
    return one == keys[other : other + period] and all(key[0][0] is not None for key in one)


def _joined(items: list[Item], period: int, turns: int) -> Item:
    """Turns of a period as one item."""
    first = items[:period]
    tokens = tuple(item.key for item in first)
    start, stop, end = first[0].start, first[-1].end, items[-1].end
    labels = frozenset().union(*(item.labels for item in items))
    ends = {"begins": items[0].begins, "ends": items[-1].ends}
    return Item(start, stop, end, tokens, turns, tuple(first), labels, **ends)


def _absorbed(items: list[Item]) -> list[Item]:
    """Periods with the equal turns that stand beside them unfolded."""
    found: list[Item] = []
    for item in items:
        size = len(item.inner)
        before = found[-size:] if size else []
        if size and len(before) == size and tuple(each.key for each in before) == item.tokens:
            del found[-size:]
            start, stop = before[0].start, before[-1].end
            times = item.times + 1
            labels = item.labels.union(*(each.labels for each in before))
            item = Item(start, stop, item.end, item.tokens, times, tuple(before), labels)
        found.append(item)
    return found
