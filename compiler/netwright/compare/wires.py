"""Which layers read other values than before, of what both nets have."""

from collections import Counter
from collections.abc import Iterator, Mapping

from netwright.flat import Flat
from netwright.instance import Instance
from netwright.record import record
from netwright.source import Span

Key = tuple[str, int]
"""A path, and for the so manieth time: what has no weights may share one."""


@record
class Wired:
    """A layer and the paths of what it reads."""

    path: str
    reads: tuple[str, ...]
    span: Span


def wires(
    before: Instance, after: Instance, matched: Mapping[str, str]
) -> Iterator[tuple[Wired, Wired]]:
    """The layers that are matched, with all that they read, and read something else."""
    old, new = wired(before), wired(after)
    moved = {key: _moved(key, matched) for key in old}
    counts = Counter(path for path, _ in old), Counter(path for path, _ in new)
    same = {
        key: found
        for key, found in moved.items()
        if found is not None and counts[0][key[0]] == counts[1][found[0]]
    }
    back = set(same.values())
    for key, target in same.items():
        if target not in new:
            continue
        (reads, span), (others, place) = old[key], new[target]
        known = all(one in same or one[0].startswith("=") for one in reads)
        known = known and all(one in back or one[0].startswith("=") for one in others)
        if known and [same.get(one, one) for one in reads] != list(others):
            yield _told(key, reads, span), _told(target, others, place)


def _told(key: Key, reads: tuple[Key, ...], span: Span) -> Wired:
    return Wired(key[0], tuple(path.removeprefix("=") for path, _ in reads), span)


def wired(instance: Instance) -> dict[Key, tuple[tuple[Key, ...], Span]]:
    """What each layer of a net reads, inputs under their names behind an equals sign."""
    flat, known = Flat(), dict[int, int]()
    makers: dict[int, Key] = {
        flat.number(place, known): (f"={name}", 0)
        for place, (name, _) in enumerate(instance.inputs)
    }
    seen, found = Counter[str](), dict[Key, tuple[tuple[Key, ...], Span]]()
    for layer in flat.steps(instance.steps, known):
        key = layer.path, seen[layer.path]
        seen[layer.path] += 1
        makers[layer.step.output] = key
        found[key] = tuple(makers[value] for value in layer.step.inputs), layer.step.span
    return found


def _moved(key: Key, matched: Mapping[str, str]) -> Key | None:
    """Where a layer is after; none where no part around it has a partner."""
    path, rest = key[0], ""
    while path:
        if path in matched:
            return (f"{matched[path]}{rest}", key[1]) if matched[path] else None
        path, dot, last = path.rpartition(".")
        rest = f"{dot}{last}{rest}"
    return None
