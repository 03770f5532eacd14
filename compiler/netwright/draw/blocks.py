"""Which blocks are drawn as what: one box of layers as that box, others closed, or opened."""

from typing import Any

from netwright.draw.atoms import Atom, Reader, output_ids
from netwright.draw.fuse import fuse
from netwright.draw.model import Kind
from netwright.instance import CallStep, FoldStep, Instance, LayerStep


class Blocks:
    """What is known of the blocks of a net, each looked at once; ``expanded`` are drawn open."""

    def __init__(self, expanded: frozenset[str] = frozenset()) -> None:
        self.expanded = expanded
        self._single: dict[int, bool] = {}
        self._forms: dict[int, Any] = {}
        self._reads: dict[int, tuple[tuple[Atom, ...], list[int]]] = {}

    def closed(self, instance: Instance) -> Kind | None:
        """Splice in a block that is one box; every other is closed."""
        return Kind.GROUP if self.is_single(instance) else None

    def shown(self, instance: Instance) -> Kind | None:
        """The same in the net itself, where blocks of some names are open."""
        if instance.name in self.expanded and not self.is_single(instance):
            return Kind.BLOCK
        return self.closed(instance)

    def opened(self, instance: Instance) -> Kind | None:
        """Open every block; one that is a single box without a frame."""
        return Kind.GROUP if self.is_single(instance) else Kind.BLOCK

    def is_single(self, instance: Instance) -> bool:
        """Whether a block is one box: a convolution and what stands around it."""
        key = id(instance)
        if key not in self._single:
            self._single[key] = self._fuses(instance)
        return self._single[key]

    def _fuses(self, instance: Instance) -> bool:
        if len(instance.inputs) != 1 or len(instance.steps) > 8 or type(instance.result) is tuple:
            return False
        for step in instance.steps:
            if isinstance(step, FoldStep):
                return False
            if isinstance(step, CallStep) and not self.is_single(step.instance):
                return False
        atoms, ends = self.read(instance)
        return len(fuse(atoms, ends)) == 1 and isinstance(atoms[0].step, LayerStep)

    def read(self, instance: Instance) -> tuple[tuple[Atom, ...], list[int]]:
        """What stands in a block whose own blocks are closed, and the values that it ends in."""
        key = id(instance)
        if key not in self._reads:
            reader = Reader(self.closed)
            _, values = reader.body(instance)
            ends = [values[old] for old in output_ids(instance)]
            self._reads[key] = tuple(reader.atoms), ends
        return self._reads[key]

    def form(self, instance: Instance) -> Any:
        """What blocks that are drawn alike have in common: kinds of layers, and what joins what."""
        key = id(instance)
        if key not in self._forms:
            atoms, ends = self.read(instance)
            rows = tuple(
                (self._kind(atom.step), atom.inputs, len(atom.outputs), _turns(atom.groups))
                for atom in atoms
            )
            self._forms[key] = (instance.definition, rows, tuple(ends))
        return self._forms[key]

    def _kind(self, step: LayerStep | CallStep) -> Any:
        return step.op.name if isinstance(step, LayerStep) else self.form(step.instance)


def _turns(groups: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(group.times for group in groups if group.kind is Kind.REPEAT)
