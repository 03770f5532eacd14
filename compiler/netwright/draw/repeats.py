"""Finds what repeats in a row of tokens: neighbours, and periods of several that follow each other.

What stands for several turns already, because a loop was told once, takes in its equals beside it.
"""

from typing import Any

from netwright.record import record

LONGEST = 24  # elements in one period


@record
class Item:
    """Elements from ``start`` to ``stop`` of the row, and how often they stand there.

    ``tokens`` say what one turn is; ``ends`` is where the last turn ends in the row.
    """

    start: int
    stop: int
    end: int
    tokens: tuple[Any, ...]
    times: int
    inner: "tuple[Item, ...]"

    @property
    def key(self) -> Any:
        """What equal items have in common."""
        return self.tokens, self.times


def single(place: int, token: Any, times: int = 1) -> Item:
    """One element."""
    return Item(place, place + 1, place + 1, (token,), times, ())


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
    for item in items:
        if found and found[-1].tokens == item.tokens and item.tokens[0] is not None:
            last = found.pop()
            times = last.times + item.times
            item = Item(last.start, last.stop, item.end, last.tokens, times, last.inner)
        found.append(item)
    return found


def _periods(items: list[Item], period: int) -> list[Item]:
    """The row with the turns of a period as one item."""
    found: list[Item] = []
    keys = [item.key for item in items]
    place = 0
    while place < len(items):
        turns = 1
        while _equal(keys, place, place + turns * period, period):
            turns += 1
        if turns > 1:
            found.append(_joined(items[place : place + turns * period], period, turns))
        else:
            found.append(items[place])
        place += period * turns if turns > 1 else 1
    return found


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
    return Item(start, stop, end, tokens, turns, tuple(first))


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
            item = Item(start, stop, item.end, item.tokens, times, tuple(before))
        found.append(item)
    return found
