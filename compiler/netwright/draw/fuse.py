"""Chains of atoms become boxes: a convolution with what stands around it is one."""

from collections import Counter
from collections.abc import Iterable

from netwright.draw.atoms import Atom
from netwright.instance import LayerStep
from netwright.ops.base import Role
from netwright.record import field, record

HEADS = frozenset((Role.CONVOLUTION, Role.LINEAR, Role.ATTENTION))
TAILS = frozenset((Role.NORMALISATION, Role.ACTIVATION))
BEFORE = frozenset(("pad", "flatten"))


@record
class Chain:
    """Atoms in one box: those before its head, the head, and those behind it."""

    head: Atom
    before: tuple[Atom, ...] = field(default=())
    behind: tuple[Atom, ...] = field(default=())

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """All of them in their order."""
        return (*self.before, self.head, *self.behind)


def fuse(atoms: Iterable[Atom], kept: Iterable[int]) -> list[Chain]:
    """Boxes of atoms; ``kept`` are values that somebody outside wants."""
    uses = Counter(value for atom in atoms for value in atom.inputs)
    uses.update(kept)
    chains: list[list[Atom]] = []
    open_: dict[int, list[Atom]] = {}
    for atom in atoms:
        row = open_.pop(atom.inputs[0], None) if len(atom.inputs) == 1 else None
        if row is not None and _together(row[-1], atom):
            row.append(atom)
        else:
            chains.append(row := [atom])
        if isinstance(atom.step, LayerStep) and uses[atom.outputs[0]] == 1:
            open_[atom.outputs[0]] = row
    return [chain for row in chains for chain in _split(row)]


def _together(one: Atom, other: Atom) -> bool:
    """Whether two atoms may stand in one box."""
    return (
        isinstance(one.step, LayerStep)
        and isinstance(other.step, LayerStep)
        and one.groups == other.groups
        and (one.reused, one.side) == (other.reused, other.side)
    )


def _split(row: list[Atom]) -> list[Chain]:
    """A row of layers as boxes: what stands before the first head shows where the others begin."""
    heads = [place for place, atom in enumerate(row) if not _is_tail(atom)]
    if not heads:
        return [Chain(row[0], (), tuple(row[1:]))]
    lead = row[: heads[0]]
    ends = [*heads[1:], len(row)]
    found: list[Chain] = []
    before: list[Atom] = lead
    for place, end in zip(heads, ends, strict=True):
        head, run = row[place], row[place + 1 : end]
        if not _takes(head, before):
            found.append(Chain(before[0], (), tuple(before[1:])))
            before = []
        cut = _cut(head, run, lead, last=end == len(row))
        found.append(Chain(head, tuple(before), tuple(run[:cut])))
        before = run[cut:]
    if before:
        found.append(Chain(before[0], (), tuple(before[1:])))
    return found


def _is_tail(atom: Atom) -> bool:
    step = atom.step
    if not isinstance(step, LayerStep) or len(atom.inputs) != 1:
        return False
    return step.op.role in TAILS or step.op.role is Role.REGULARISATION or step.op.name in BEFORE


def _is_head(atom: Atom) -> bool:
    return isinstance(atom.step, LayerStep) and atom.step.op.role in HEADS


def _takes(head: Atom, before: list[Atom]) -> bool:
    """Whether what stands before a head may go into its box."""
    if _is_head(head) or not before:
        return True
    pools = isinstance(head.step, LayerStep) and head.step.op.role is Role.POOLING
    return pools and all(_name(atom) == "pad" for atom in before)


def _cut(head: Atom, run: list[Atom], lead: list[Atom], *, last: bool) -> int:
    """How many atoms between two heads go to the first; the others wait for the second."""
    behind = TAILS if _is_head(head) else frozenset[Role]()
    most = 0
    while most < len(run) and _role(run[most]) in behind | {Role.REGULARISATION}:
        most += 1
    wanted = [_name(atom) for atom in lead]
    if not last and wanted and [_name(atom) for atom in run[-len(wanted) :]] == wanted:
        return min(most, len(run) - len(wanted))
    return most


def _role(atom: Atom) -> Role:
    assert isinstance(atom.step, LayerStep)
    return atom.step.op.role


def _name(atom: Atom) -> str:
    assert isinstance(atom.step, LayerStep)
    return atom.step.op.name
