"""Weights by PyTorch's names: what a file holds against what the net needs."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from netwright.record import record
from netwright.spelling import closest
from netwright.weights.published import published
from netwright.weights.table import Table

SHOWN = 8  # names of a kind that a message lists


class WeightsError(Exception):
    """Weights that cannot be carried: what does not fit, and what may help."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@record
class Misfits:
    """What is between the weights of a file and those of a net."""

    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    reshaped: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.reshaped)


@record
class Fit:
    """The weights of a file that a net takes, by name and in their order.

    ``names`` are those in the file where they differ, and ``unused`` what the file has beside.
    """

    weights: Mapping[str, Any]
    names: Mapping[str, str]
    unused: tuple[str, ...]


def fitted(state: Mapping[str, Any], table: Table, leave_out: Iterable[str] = ()) -> Fit:
    """The weights of a net without those left out; `WeightsError` if some lack.

    Counters of batches, which old files lack, start at 0.
    """
    patterns = tuple(leave_out)
    wanted = [name for name in table.weights if not matches(name, patterns)]
    counters = {name: _zero() for name in wanted if not table.weights[name].counted}
    found = published(state, table)
    given = {name: value for name, value in found.weights.items() if not matches(name, patterns)}
    return Fit(_in_order({**counters, **given}, wanted, table), found.names, found.unused)


def present(state: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """The weights that are there, in the order of the net; `WeightsError` if some do not fit."""
    given = published(state, table).weights
    return _in_order(given, [name for name in table.weights if name in given], table)


def _in_order(given: Mapping[str, Any], wanted: list[str], table: Table) -> dict[str, Any]:
    if misfits := misfits_of(given, wanted, table):
        raise WeightsError(told(misfits, table), _advice(misfits, table))
    return {name: given[name] for name in wanted}


def _zero() -> Any:
    import numpy

    return numpy.zeros((), dtype="int64")


def folded(names: Iterable[str], among: Iterable[str]) -> list[str]:
    """Names as the outermost parts that hold them and none other of ``among``."""
    inside = set(names)
    others = {path for name in among if name not in inside for path in _paths(name)}
    return list(
        dict.fromkeys(
            next((path for path in _paths(name) if path not in others), name) for name in names
        )
    )


def _paths(name: str) -> list[str]:
    """What a weight is part of, from the outside in, and the weight itself."""
    parts = name.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern means a weight: by its name, or by that of something it is part of."""
    return any(fnmatchcase(path, pattern) for pattern in patterns for path in _paths(name))


def misfits_of(given: Mapping[str, Any], wanted: list[str], table: Table) -> Misfits:
    """What lacks, what has no place, and what has other sizes."""
    names = dict.fromkeys(wanted)
    return Misfits(
        tuple(name for name in names if name not in given),
        tuple(name for name in given if name not in names),
        tuple(
            f"`{name}` is {list(given[name].shape)}, not {list(table.sizes(name))}"
            for name in names
            if name in given and tuple(given[name].shape) != table.sizes(name)
        ),
    )


def told(misfits: Misfits, table: Table) -> str:
    """What does not fit, a line a kind."""
    surplus = [_with_suggestion(name, misfits.missing) for name in misfits.surplus]
    kinds = {
        "missing": [f"`{name}` {list(table.sizes(name))}" for name in misfits.missing],
        "without a place": surplus,
        "of other sizes": list(misfits.reshaped),
    }
    counts = ", ".join(f"{len(names)} {kind}" for kind, names in kinds.items() if names)
    lines = [f"  {kind}: {_some(names)}" for kind, names in kinds.items() if names]
    return "\n".join([f"the weights do not fit {table.net}: {counts}", *lines])


def _with_suggestion(name: str, missing: tuple[str, ...]) -> str:
    near = closest(name, missing)
    return f"`{name}` (`{near}`?)" if near else f"`{name}`"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _advice(misfits: Misfits, table: Table) -> str:
    """What may be meant where all that does not fit is one part of the net."""
    if misfits.missing and all(table.slot(name).side for name in misfits.missing):
        return f"only training uses them: {_without(misfits.missing)}"
    if misfits.missing and all(table.slot(name).idle for name in misfits.missing):
        return f"no output depends on them: {_without(misfits.missing)}"
    parts = {text.strip("`").partition(".")[0] for text in (*misfits.missing, *misfits.reshaped)}
    if not parts:
        parts = set(folded(misfits.surplus, [*table.weights, *misfits.surplus]))
    if len(parts) == 1:
        return f"`--except {parts.pop()}` leaves them out"
    return ""


def _without(names: tuple[str, ...]) -> str:
    """How to leave out what some weights are part of."""
    heads = sorted({name.partition(".")[0] for name in names})
    return f"`{' '.join(f'--except {head}' for head in heads)}` leaves them out"
