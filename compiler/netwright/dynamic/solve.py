"""Which numbers the dynamic sizes of a net may be.

Every size in a net is linear along each residue of its period, so what is asked of it holds from
some number on or up to some number, along each residue: the numbers up to the one that the net was
checked at and a period further, and one far away, tell them all. `docs/decisions/012` argues it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from math import lcm

from netwright.bind.binder import Binder
from netwright.dynamic.constraint import Constraint, Constraints
from netwright.dynamic.numbers import FAR, Untold, period
from netwright.dynamic.paths import Paths
from netwright.pipeline import CheckedNet
from netwright.record import replace

LONGEST = 2048
"""The largest period, and most numbers that are asked for beyond what was declared."""


def constraints(binder: Binder, net: CheckedNet) -> Constraints | None:
    """What the dynamic sizes of a net must be; none where that cannot be told."""
    try:
        paths = Paths(binder, net)
        if not paths.start:
            return Constraints((), ())
        if paths.refusal(paths.start):
            return None
        tied = dict(paths.ties())
        groups = _groups(list(paths.start), tied.values())
        each = [
            replace(one, name=name)
            for group in groups
            for one in (constraint(paths, *group),)
            for name in group
        ]
        said = tuple(f"`{text}` must hold" for text in tied)
        if len(groups) < len(each):
            return Constraints(tuple(each), said)
        for one in each:
            other = next((n for n in _few(one) if n != one.checked), one.checked)
            paths.refuse_numbers({**paths.start, one.name: other})
        return Constraints(tuple(each), (*said, *together(paths, each)))
    except Untold:
        return None


def _groups(names: list[str], ties: Iterable[frozenset[str]]) -> list[list[str]]:
    """The names, those that are tied to each other as one group."""
    groups = [[name] for name in names]
    for tie in ties:
        joined = [group for group in groups if tie & {*group}]
        rest = [group for group in groups if group not in joined]
        groups = [*rest, [name for group in joined for name in group]]
    return sorted(groups, key=lambda group: names.index(group[0]))


def constraint(paths: Paths, *names: str) -> Constraint:
    """The numbers of one size, the others as they are declared; of several that are alike."""
    if len({paths.start[name] for name in names}) > 1:
        raise Untold
    checked = paths.start[names[0]]

    def right(number: int) -> bool:
        return not paths.refusal({**paths.start, **dict.fromkeys(names, number)})

    cells, known = 0, -1
    while known != len(paths.known):  # what is asked on a new way may repeat more slowly
        known = len(paths.known)
        cells = lcm(*(_period(paths, name) for name in names))
        scan = _climbed if paths.straight else _scanned
        found = scan(right, checked, cells)
    least, rests, others = found
    short = _shortest(cells, rests)
    rests = tuple(sorted({rest % short for rest in rests}))
    return _settled(names[0], checked, short, rests, least, others)


def _period(paths: Paths, key: str) -> int:
    cells = lcm(*(period(dim, key, paths.start) for dim in set(paths.sizes())))
    if cells > LONGEST:
        raise Untold
    return cells


Found = tuple[int, tuple[int, ...], tuple[int, ...]]


def _climbed(right: Callable[[int], bool], start: int, cells: int) -> Found:
    """From which number on which rests are right, and the right numbers before.

    Where nothing is compared but by the layers, what is right far away is right from some number
    on along its residue, which halving finds.
    """
    far, end = FAR - FAR % cells, start + 2 * cells
    firsts, others = dict[int, int](), list[int]()
    for rest in range(cells):
        if right(far + rest):
            firsts[rest] = _first(right, range(rest or cells, far, cells))
        else:
            others += [n for n in range(rest or cells, end + 1, cells) if right(n)]
    least = max((first - cells for first in firsts.values()), default=0) + 1
    rights = range(1, max(least, 1))
    others += [n for n in rights if n % cells in firsts and n >= firsts[n % cells]]
    return max(least, 1), tuple(firsts), tuple(sorted(others))


def _first(right: Callable[[int], bool], numbers: range) -> int:
    """The first number that is right, where all behind it are."""
    low, high = 0, 0
    while high < len(numbers) - 1 and not right(numbers[high]):
        low, high = high + 1, min(2 * high + 1, len(numbers) - 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if right(numbers[middle]) else (middle + 1, high)
    return numbers[low]


def _scanned(right: Callable[[int], bool], start: int, cells: int) -> Found:
    """The same where the spec compares sizes: number by number."""
    end = start + 2 * cells
    while True:
        far = FAR - FAR % cells
        steady = [right(far + rest) for rest in range(cells)]
        numbers = [right(number) for number in range(1, end + 1)]
        last = range(end - cells + 1, end + 1)
        if all(numbers[number - 1] == steady[number % cells] for number in last):
            break
        end += max(end, cells)
        if end > start + LONGEST + 4 * cells:
            raise Untold
    least = end
    while least > 1 and numbers[least - 2] == steady[(least - 1) % cells]:
        least -= 1
    others = tuple(number for number in range(1, least) if numbers[number - 1])
    return least, tuple(rest for rest in range(cells) if steady[rest]), others


def _shortest(cells: int, rests: Sequence[int]) -> int:
    """The shortest period of some rests."""
    there = set(rests)
    return next(
        short
        for short in range(1, cells + 1)
        if cells % short == 0
        and all((rest in there) == ((rest + short) % cells in there) for rest in range(cells))
    )


def _settled(
    key: str, checked: int, short: int, rests: tuple[int, ...], least: int, others: Sequence[int]
) -> Constraint:
    """The constraint with its least number moved to the first that is right."""
    if not rests:
        return Constraint(key, checked, 1, (), 1, tuple(others))
    while least % short not in rests:
        least += 1
    return Constraint(key, checked, short, rests, least, tuple(others))


# What is asked of several sizes at once


def together(paths: Paths, each: Sequence[Constraint]) -> list[str]:
    """Why numbers that are right one by one are refused together, if some are."""
    for numbers in product(*map(_few, each)):
        said = paths.refusal(dict(zip(paths.start, numbers, strict=True)))
        if said:
            pairs = " and ".join(
                f"{name} = {n}" for name, n in zip(paths.start, numbers, strict=True)
            )
            return [f"not together {pairs}: {said}"]
    return []


def _few(one: Constraint) -> list[int]:
    """Some right numbers of a size: the least ones, the one it was checked at, and one beyond."""
    first = [number for number in range(1, one.checked + 1) if one.holds(number)][:2]
    beyond = range(one.checked + 1, one.checked + 2 * one.period + 1)
    return list(dict.fromkeys([*first, one.checked, *[n for n in beyond if one.holds(n)][:1]]))
