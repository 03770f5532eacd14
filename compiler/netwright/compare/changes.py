"""What an architect would say of two nets: parts that came, went, or were given something else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from netwright.compare.alike import Alike
from netwright.compare.pairs import Pair, pairs
from netwright.compare.parts import Part, parts
from netwright.compare.wires import wires
from netwright.instance import CallStep, Instance, LayerStep, Totals, expand
from netwright.record import field, record, replace
from netwright.source import Span
from netwright.values import spec_text


class Sort(Enum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@record
class Change:
    """What happened to a part, or alike to those at ``paths``; ``text`` says what there is to say.

    ``params`` and ``macs`` are what it adds; ``before`` and ``after`` where it stands in the specs.
    ``behind`` is the part of the second net behind which a removed one stood.
    """

    sort: Sort
    paths: tuple[str, ...]
    text: str
    params: int
    macs: int
    before: Span | None = field(compare=False)
    after: Span | None = field(compare=False)
    behind: Part | None = field(default=None, compare=False)


def compare(before: Instance, after: Instance) -> tuple[Change, ...]:
    """The changes from one net to another, in the order of the second, equal ones as one."""
    changes = Comparison()
    found = [
        *changes.given(before.args, after.args),
        *_inputs(before, after),
        *changes.inside(parts(before), parts(after)),
        *rewired(before, after, changes.matched),
    ]
    return tuple(_gathered(found))


def _inputs(before: Instance, after: Instance) -> Iterator[Change]:
    """The inputs whose sizes differ."""
    old = dict(before.inputs)
    for name, tensor in after.inputs:
        if name in old and str(old[name]) != str(tensor):
            text = f"{old[name]} → {tensor}"
            yield Change(Sort.CHANGED, (name,), text, 0, 0, None, None)


def rewired(before: Instance, after: Instance, matched: Mapping[str, str]) -> Iterator[Change]:
    """The layers that read other values, where both nets have all that is read."""
    for old, new in wires(before, after, matched):
        text = f"reads {', '.join(old.reads)} → {', '.join(new.reads)}"
        if sorted(old.reads) == sorted(new.reads):
            text = f"reads in another order: {', '.join(new.reads)}"
        yield Change(Sort.CHANGED, (new.path,), text, 0, 0, old.span, new.span)


class Comparison:
    """Compares two trees of parts."""

    def __init__(self) -> None:
        self.alike = Alike()
        self.matched: dict[str, str] = {}  # paths before and after, those that went to nothing

    def given(self, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
        """What the net itself was given; what it does comes with its parts."""
        text = self.arguments(before, after)
        if text:
            yield Change(Sort.CHANGED, ("",), text, 0, 0, None, None)

    def inside(self, before: Sequence[Part], after: Sequence[Part]) -> Iterator[Change]:
        """The changes among the parts of a net, block or group."""
        yield from self.side_by_side(self.moved(list(pairs(before, after))))

    def side_by_side(self, rows: Iterable[Pair]) -> Iterator[Change]:
        """The changes of parts side by side."""
        behind: Part | None = None
        for old, new in rows:
            behind = new or behind
            if old is not None and new is not None:
                self.matched[old.path] = new.path
                yield from self.pair(old, new)
            elif new is not None:
                yield _change(Sort.ADDED, None, new, titled(new))
            elif old is not None:
                self.matched[old.path] = ""
                yield replace(_change(Sort.REMOVED, old, None, titled(old)), behind=behind)

    def moved(self, found: list[Pair]) -> Iterator[Pair]:
        """The pairs, with what went from one place and came at another under one name as one."""
        gone = {old.name: old for old, new in found if old is not None and new is None}
        came = {new.name for old, new in found if new is not None and old is None}
        both = {name for name, part in gone.items() if name in came and not part.numbered}
        for old, new in found:
            if new is not None and old is None and new.name in both:
                yield gone[new.name], new
            elif not (old is not None and new is None and old.name in both):
                yield old, new

    def pair(self, old: Part, new: Part) -> Iterator[Change]:
        """The changes of a part."""
        if old.name != new.name and old.totals.total_params and not _counted(old, new):
            yield _heading(Sort.RENAMED, old, new, f"was {old.name}")
        if old.kind == new.kind == "":
            yield from self.group(old, new)
        elif isinstance(old.step, CallStep) and isinstance(new.step, CallStep):
            yield from self.block(old, new, old.step.instance, new.step.instance)
        elif old.kind != new.kind:
            yield _change(Sort.CHANGED, old, new, f"{_what(old)} → {_what(new)}")
        elif text := self.arguments(old.args, new.args):
            yield _change(Sort.CHANGED, old, new, text)

    def block(self, old: Part, new: Part, before: Instance, after: Instance) -> Iterator[Change]:
        """The changes of a block: its arguments where they are all, else those of its parts."""
        if before is after:
            return
        texts = [f"{old.kind} → {new.kind}"] if old.kind != new.kind else []
        texts += filter(None, [self.arguments(before.args, after.args)])
        if self.alike.definitions(before.definition, after.definition):
            if texts:
                texts[-1] += _kinds(before, after)
                yield _change(Sort.CHANGED, old, new, ", ".join(texts))
            return
        if texts:
            yield _heading(Sort.CHANGED, old, new, ", ".join(texts))
        yield from self.inside(old.parts, new.parts)

    def group(self, old: Part, new: Part) -> Iterator[Change]:
        """The changes of a group; of equal blocks in a row, how many there are."""
        before, after = _row(old), _row(new)
        if not before or not after:
            yield from self.inside(old.parts, new.parts)
        elif before != after:
            yield _change(Sort.CHANGED, old, new, f"{_times(old)}{before} → {_times(new)}{after}")
        else:
            yield from self.row(old, new, after)

    def row(self, old: Part, new: Part, kind: str) -> Iterator[Change]:
        """The changes of a group of equal blocks: how many there are, and what is in them."""
        matched = list(pairs(old.parts, new.parts))
        if len(old.parts) != len(new.parts):
            moved = [one for one in matched if None in one]
            self.matched |= {before.path: "" for before, _ in moved if before is not None}
            params, macs = (sum(column) for column in zip(*map(_effect, moved), strict=True))
            text = f"{len(old.parts)} → {_times(new)}{kind}"
            yield Change(Sort.CHANGED, (new.path,), text, params, macs, old.span, new.span)
        yield from self.side_by_side([one for one in matched if None not in one])

    def arguments(self, before: Sequence[Any], after: Sequence[Any]) -> str:
        """The arguments that differ, in words."""
        old = dict(before)
        return ", ".join(
            f"{name} {spec_text(old[name])} → {spec_text(value)}"
            for name, value in after
            if name in old and not self.alike.values(old[name], value)
        )


def titled(part: Part) -> str:
    """What a part is: a layer or block with the arguments that it must have, a group's parts."""
    match part.step:
        case LayerStep() as step:
            must = [name for name, param in step.op.params.items() if param.default is ...]
            given = [spec_text(getattr(step.op, name)) for name in must]
        case CallStep() as step:
            given = [spec_text(value) for _, value in step.instance.args]
        case None:
            inner = [one.kind or one.name for one in part.parts]
            return " -> ".join(inner) if len(inner) <= MOST else f"{len(inner)} parts"
    text = f"{part.kind}({', '.join(given)})"
    return text if given and len(text) <= LONGEST else part.kind


MOST, LONGEST = 4, 40
"""Parts of a group that are told one by one, and characters of a call that is told whole."""


def _kinds(before: Instance, after: Instance) -> str:
    """How many layers of which kind a block has more, or fewer: ``: +8 batch_norm``."""
    old, new = (Counter(leaf.step.op.name for leaf in expand(one.steps)) for one in (before, after))
    said = [
        f"{'+' if new[kind] > old[kind] else '−'}{abs(new[kind] - old[kind])} {kind}"
        for kind in {**new, **old}
        if new[kind] != old[kind]
    ]
    return f": {', '.join(said)}" if said else ""


def _row(group: Part) -> str:
    """The block that all parts of a numbered group are, or nothing."""
    names = {part.name.rstrip("0123456789") for part in group.parts}
    kinds = {part.kind for part in group.parts if part.name[-1:].isdigit() and _is_block(part)}
    alike = len(names) == len(kinds) == 1 and all(map(_is_block, group.parts))
    return kinds.pop() if alike else ""


def _is_block(part: Part) -> bool:
    return isinstance(part.step, CallStep)


def _times(group: Part) -> str:
    return f"{len(group.parts)} × "


def _what(part: Part) -> str:
    return part.kind or "a group"


def _heading(sort: Sort, old: Part, new: Part, text: str) -> Change:
    """A change whose effect comes with the parts inside."""
    return Change(sort, (new.path,), text, 0, 0, old.span, new.span)


def _change(sort: Sort, old: Part | None, new: Part | None, text: str) -> Change:
    part = new or old
    assert part is not None
    params, macs = _effect((old, new))
    before, after = (one.span if one else None for one in (old, new))
    return Change(sort, (part.path,), text, params, macs, before, after)


def _effect(pair: Pair) -> tuple[int, int]:
    """The params and MACs that a net has more with the second part in place of the first."""
    old, new = (part.totals if part else Totals(0, 0, 0, 0) for part in pair)
    return new.params - old.params, new.macs - old.macs


def _counted(old: Part, new: Part) -> bool:
    """Whether both names are numbers, which move when others come and go."""
    return old.numbered and new.numbered


def _gathered(changes: Sequence[Change]) -> Iterator[Change]:
    """The changes; those that say the same of parts under like names as one."""
    groups: dict[object, list[Change]] = {}
    for place, change in enumerate(changes):
        like = "".join("#" if char.isdigit() else char for char in change.paths[0])
        alone = place if change.sort is Sort.RENAMED else -1
        place_of = (change.before, change.after) if change.before and change.after else like
        groups.setdefault((change.sort, place_of, change.text, alone), []).append(change)
    for group in groups.values():
        first = group[0]
        paths = tuple(path for change in group for path in change.paths)
        params, macs = sum(one.params for one in group), sum(one.macs for one in group)
        yield Change(first.sort, paths, first.text, params, macs, first.before, first.after)
