"""The difference of two nets as text and as JSON."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netwright import count
from netwright.compare import Change, Checkpoint
from netwright.compare.changes import Sort
from netwright.instance import Instance
from netwright.record import record
from netwright.report.paint import Paint
from netwright.report.table import short, table
from netwright.source import Span

MARKS = {Sort.ADDED: "+", Sort.REMOVED: "-", Sort.RENAMED: "~", Sort.CHANGED: "~"}
MOST = 8  # lines of weights of one kind; JSON has all
NUMBERS = re.compile(r"\d+")


@record
class Difference:
    """Two nets, and what lies between them; ``names`` are what the user called them."""

    names: tuple[str, str]
    before: Instance
    after: Instance
    changes: tuple[Change, ...]
    checkpoint: Checkpoint

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """What is said of each net as a whole and differs."""
        before, after = _facts(self.before), _facts(self.after)
        return [(name, before[name], after[name]) for name in before if before[name] != after[name]]

    @property
    def equal(self) -> bool:
        """Whether nothing tells the nets apart."""
        return not self.changes and not self.facts and self.checkpoint.loads


def _facts(instance: Instance) -> Mapping[str, str]:
    totals = instance.totals
    return {
        "params": f"{totals.params:,}",
        "total params": f"{totals.total_params:,}",
        "MACs": f"{totals.macs:,}",
        "depth": str(count.depth(instance)),
        "receptive field": f"{count.receptive_field(instance):,}",
        "output stride": str(count.output_stride(instance)),
        "output": ", ".join(str(output.tensor) for output in instance.outputs),
    }


def text(found: Difference, paint: Paint) -> str:
    """The difference for people."""
    old, new = found.names
    title = paint.bold(old if old == new else f"{old} → {new}")
    facts = found.facts
    lines = [title, *_arguments(found), *_changes(found)]
    if facts:
        lines += ["", *(f"  {line}" for line in table(facts, right=(1, 2)))]
    return "\n".join([*lines, "", *_checkpoint(found), ""])


def _arguments(found: Difference) -> Iterator[str]:
    """What the net itself was given, unless a part says the same."""
    said = [one.text for one in found.changes if one.paths != ("",)]
    for change in found.changes:
        if change.paths == ("",) and not any(text.startswith(change.text) for text in said):
            yield f"  {change.text}"


def _changes(found: Difference) -> Iterator[str]:
    """A line for each change, and one for what other parts become by them."""
    rows = [
        (MARKS[one.sort], _said(one), _signed(one.params, "params"), _signed(one.macs, "MACs"))
        for one in found.changes
        if one.paths != ("",)
    ]
    params, macs = _rest(found)
    if rows and (params or macs):
        said = "other parts, as a consequence"
        rows.append((" ", said, _signed(params, "params"), _signed(macs, "MACs")))
    if rows:
        yield from (f"  {line}" for line in table(rows, right=(2, 3)))


def _said(change: Change) -> str:
    """Where a change is, and what it is."""
    return ": ".join(filter(None, (where(change.paths), change.text)))


def where(paths: tuple[str, ...]) -> str:
    """Paths that differ in numbers, as one: ``layer1.0…layer4.2 (16 times)``."""
    first, last = paths[0], paths[-1]
    if len(paths) <= 2:
        return ", ".join(paths)
    return f"{first} … {last} ({len(paths)} times)"


def _rest(found: Difference) -> tuple[int, int]:
    """Params and MACs that no change tells of."""
    before, after, told = found.before.totals, found.after.totals, found.changes
    return (
        after.params - before.params - sum(one.params for one in told),
        after.macs - before.macs - sum(one.macs for one in told),
    )


def _signed(number: int, unit: str) -> str:
    sign = "+" if number > 0 else "−"
    shown = short(abs(number)) if unit == "MACs" else f"{abs(number):,}"
    return f"{sign}{shown} {unit}" if number else ""


def _checkpoint(found: Difference) -> Iterator[str]:
    """What becomes of a checkpoint, with the names that stand in the way."""
    (old, new), state = found.names, found.checkpoint
    whose = f"a checkpoint of {old}" if old != new else "a checkpoint from before"
    if state.loads:
        yield f"  {whose} loads into {new}: all {state.kept:,} weights fit"
        if found.changes:
            yield "  what it computes there is something else: see above"
        return
    yield f"  {whose} does not load into {new}; {state.kept:,} weights fit"
    for what, names in (("missing", state.missing), ("unexpected", state.unexpected)):
        if names:
            yield from _listed(what, len(names), folded(names))
    if state.resized:
        rows = [f"{name} {[*one]} → {[*other]}" for name, one, other in state.resized]
        yield from _listed("resized", len(rows), rows)


def _listed(what: str, number: int, rows: list[str]) -> Iterator[str]:
    yield f"  {number:,} {what}:"
    yield from (f"    {row}" for row in rows[:MOST])
    if len(rows) > MOST:
        yield f"    … and {len(rows) - MOST:,} more"


def folded(names: Iterable[str]) -> list[str]:
    """Names of weights by layer, numbers that count up as one: ``layer3.6…22.conv1.weight``."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(NUMBERS.sub("#", name), []).append(name)
    return [_range(group) for group in groups.values()]


def _range(names: list[str]) -> str:
    """Names that differ in numbers as the first, with the last of each number."""
    pieces = NUMBERS.split(names[0])
    numbers = list(zip(*(NUMBERS.findall(name) for name in names), strict=True))
    shown = [
        column[0] if len(set(column)) == 1 else f"{min(column, key=int)}…{max(column, key=int)}"
        for column in numbers
    ]
    joined = "".join(a + b for a, b in zip(pieces, [*shown, ""], strict=True))
    return joined if len(names) == 1 else f"{joined} ({len(names)})"


def document(found: Difference) -> dict[str, Any]:
    """The difference for programs."""
    state = found.checkpoint
    return {
        "before": found.names[0],
        "after": found.names[1],
        "params": [found.before.totals.params, found.after.totals.params],
        "macs": [found.before.totals.macs, found.after.totals.macs],
        "facts": {name: [old, new] for name, old, new in found.facts},
        "changes": [_change(one) for one in found.changes],
        "checkpoint": {
            "loads": state.loads,
            "kept": state.kept,
            "missing": list(state.missing),
            "unexpected": list(state.unexpected),
            "resized": [
                {"name": name, "before": list(old), "after": list(new)}
                for name, old, new in state.resized
            ],
        },
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "sort": change.sort.value,
        "paths": list(change.paths),
        "text": change.text,
        "params": change.params,
        "macs": change.macs,
        "before": _place(change.before),
        "after": _place(change.after),
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    return {"file": span.source.path, "line": span.line} if span else None
