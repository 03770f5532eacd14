"""What `build --freeze` names: the parts of nets whose weights stay as they are."""

from collections.abc import Callable, Iterable

from netwright.instance import Instance, expand, scalars
from netwright.record import record
from netwright.spelling import nearest
from netwright.weights.state import matches
from netwright.weights.table import Slot, Table, table

ALL, BUT = "all", "but"
FORMS = "`all`, `all but fc`, `conv1 layer1`, `layer4 but layer4.2`"


class FreezeError(ValueError):
    """Words that freeze nothing: what is wrong with them, and what may be meant."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@record
class Freeze:
    """``conv1 layer1 but layer1.0``: patterns of parts, none where all is meant, and of those
    among them that train."""

    parts: tuple[str, ...]
    but: tuple[str, ...]

    def __str__(self) -> str:
        words = [*(self.parts or [ALL]), *((BUT, *self.but) if self.but else ())]
        return " ".join(words)

    def holds(self, path: str) -> bool:
        """Whether a layer is frozen."""
        return (not self.parts or matches(path, self.parts)) and not matches(path, self.but)


def parse(text: str) -> Freeze:
    """What the words after ``--freeze`` mean, be they apart by spaces or by commas."""
    words = text.replace(",", " ").split()
    at = words.index(BUT) if BUT in words else len(words)
    parts, but = words[:at], words[at + 1 :]
    if not parts or (at < len(words) and not but) or BUT in but:
        raise FreezeError(f"`{text}` does not say what is frozen", f"it may be {FORMS}")
    if ALL in parts and len(parts) > 1:
        raise FreezeError(f"`{text}` names parts beside `{ALL}`", f"it may be {FORMS}")
    return Freeze(() if parts == [ALL] else tuple(parts), tuple(but))


@record
class Frozen:
    """The same for the nets of one file: ``parts`` and ``but`` are paths, the outermost ones."""

    freeze: Freeze
    parts: tuple[str, ...]
    but: tuple[str, ...]
    tables: tuple[Table, ...]

    def leaves(self, path: str) -> bool:
        """Whether a layer is left to train."""
        return not self.freeze.holds(path)

    def trained(self, instance: Instance) -> int:
        """Number of scalars of a net that still train."""
        return trainable(instance, self.leaves)

    @property
    def stills(self) -> bool:
        """Whether the running statistics of a layer stand still."""
        return any(
            slot.op.name == "batch_norm" and not self.leaves(slot.path) for slot in self.slots
        )

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The layers of all nets."""
        return tuple(slot for known in self.tables for slot in known.slots)


def trainable(instance: Instance, wanted: Callable[[str], bool]) -> int:
    """Number of scalars that train, in the layers whose path is wanted."""
    return sum(
        scalars(weight)
        for leaf in expand(instance.steps)
        if not leaf.reused and wanted(leaf.path)
        for weight in leaf.step.weights
        if weight.trains
    )


def frozen(freeze: Freeze, nets: Iterable[tuple[str, Instance]]) -> Frozen:
    """What is frozen in some nets; `FreezeError` for a name that one of them does not have."""
    tables = tuple(table(name, instance) for name, instance in nets)
    for known in tables:
        for pattern in (*freeze.parts, *freeze.but):
            if not outermost(pattern, known):
                raise _unknown(pattern, known)
    parts, but = (
        tuple(dict.fromkeys(path for known in tables for path in _all(patterns, known)))
        for patterns in (freeze.parts, freeze.but)
    )
    return Frozen(freeze, parts, but, tables)


def _all(patterns: Iterable[str], known: Table) -> list[str]:
    return [path for pattern in patterns for path in outermost(pattern, known)]


def outermost(pattern: str, known: Table) -> list[str]:
    """The parts of a net that a pattern means, none of which is in another."""
    found: dict[str, None] = {}
    for slot in known.slots:
        path = next((path for path in _around(slot.path) if matches(path, (pattern,))), None)
        if path is not None:
            found[path] = None
    return list(found)


def _around(path: str) -> list[str]:
    """A path and those of what it is part of, from the outside in."""
    parts = path.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def _unknown(pattern: str, known: Table) -> FreezeError:
    if any(matches(name, (pattern,)) for name in known.weights):
        layer = pattern.rpartition(".")[0]
        return FreezeError(f"`{pattern}` is one weight of a layer", f"layers are frozen: `{layer}`")
    paths = dict.fromkeys(path for slot in known.slots for path in _around(slot.path))
    tops = ", ".join(dict.fromkeys(path.partition(".")[0] for path in paths))
    return FreezeError(
        f"no part of {known.net} with weights is `{pattern}`",
        nearest(pattern, paths) or f"it is made of {tops}",
    )
