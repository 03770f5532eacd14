"""Which part of one net is which of another: by what they are and do, then by less and less."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher

from netwright.compare.parts import Part

Pair = tuple[Part | None, Part | None]
Key = Callable[[Part], Hashable]


def pairs(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Pair]:
    """The parts side by side, in the order of the second net; what has no partner stands alone.

    Parts of the same names and kinds in the same order are what they were, whatever they are given.
    """
    if [(one.name, one.kind) for one in before] == [(one.name, one.kind) for one in after]:
        return zip(before, after, strict=True)
    return _matched(list(before), list(after), KEYS)


def _own(part: Part) -> Hashable:
    """Its name, unless that is a number, what it is, and what it was given."""
    return _named(part), part.args


def _named(part: Part) -> Hashable:
    """Its name, unless that is a number, and what it is."""
    return "" if part.numbered else part.name, part.kind


def _label(part: Part) -> Hashable:
    """Its name: something else stands where one was. A number says nothing."""
    return id(part) if part.numbered else part.name


def _kind(part: Part) -> Hashable:
    """What it is, under whatever name; a group is what its parts are."""
    return part.kind or tuple(map(_kind, part.parts))


def _unnamed(part: Part) -> bool:
    """Whether its name is a number or what it is: then something else may stand in its place."""
    return part.numbered or part.name == part.kind


KEYS: tuple[Key, ...] = (_own, _named, _label, _kind)


def _matched(before: list[Part], after: list[Part], keys: tuple[Key, ...]) -> Iterator[Pair]:
    """Parts that are equal by the first key; the rest between them by the others."""
    if not keys and len(before) == len(after) and all(map(_unnamed, [*before, *after])):
        yield from zip(before, after, strict=True)
        return
    if not keys or not before or not after:
        yield from ((part, None) for part in before)
        yield from ((None, part) for part in after)
        return
    key, *others = keys
    for equal, left, right in _runs([*map(key, before)], [*map(key, after)]):
        if equal:
            yield from zip(before[left], after[right], strict=True)
        else:
            yield from _matched(before[left], after[right], tuple(others))


def _runs(before: list[Hashable], after: list[Hashable]) -> Iterator[tuple[bool, slice, slice]]:
    """Where two rows are equal, and what is between.

    What is equal at both ends is taken first: there the search would be quadratic.
    """
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    most -= start
    rest = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
    ends = len(before) - rest, len(after) - rest
    yield True, slice(start), slice(start)
    inner = SequenceMatcher(None, before[start : ends[0]], after[start : ends[1]], autojunk=False)
    for tag, *places in inner.get_opcodes():
        first, last, other, end = (place + start for place in places)
        yield tag == "equal", slice(first, last), slice(other, end)
    yield True, slice(ends[0], None), slice(ends[1], None)
