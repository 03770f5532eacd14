"""Words for several uses of a block at once, by comparing their numbers.

What is equal at all uses is said as a number. What differs is said as the parameter, or the
channels of the input, that has the same numbers or a multiple of them; else as a range.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from netwright.draw.atoms import Atom
from netwright.draw.build import Speaker, scale
from netwright.draw.fuse import Chain
from netwright.draw.panels import Distinct
from netwright.draw.speak import Numbers, joined_axis
from netwright.draw.wording import single, title, title_case
from netwright.instance import Instance, LayerStep
from netwright.tensor import Tensor, number

MOST = 8  # the largest factor that is looked for


class Several(Speaker):
    """Says what holds at every use of a block."""

    def __init__(self, numbers: Numbers, found: Distinct) -> None:
        self.numbers = numbers
        self.found = found
        self.rows = [_atoms(instance, numbers) for instance in found.instances]
        self.known = list(_known(found.instances))

    def title(self, atom: Atom) -> tuple[str, str]:
        if isinstance(atom.step, LayerStep):
            return title(atom.step, lambda name: self.argument(atom, name))
        ends = [(each.before[0], each.after) for each in self._alike(atom) if each.before]
        return title_case(atom.step.instance.name), self._change(ends)

    def argument(self, atom: Atom, name: str) -> Any:
        """An argument of a layer."""
        steps = [each.step for each in self._alike(atom)]
        return self.say(s.op.argument(name) for s in steps if isinstance(s, LayerStep))

    def channels(self, chain: Chain, slot: int) -> str:
        atoms = self._alike(chain.head)
        axis = joined_axis(chain, chain.head.before[slot])
        return str(self.say(number(atom.before[slot].sizes[axis]) for atom in atoms))

    def whole(self, chain: Chain) -> str:
        axis = joined_axis(chain, chain.head.after)
        return str(self.say(number(a.after.sizes[axis]) for a in self._alike(chain.head)))

    def token(self, atom: Atom) -> Any:
        return tuple(self.numbers.token(each) for each in self._alike(atom))

    def change(self) -> str:
        """What the block does with the channels and the resolution."""
        instances = [instance for instance in self.found.instances if instance.inputs]
        return self._change([(each.inputs[0][1], _after(each)) for each in instances])

    def _alike(self, atom: Atom) -> list[Atom]:
        """What stands in the place of an atom at each use."""
        return [row[atom.outputs] for row in self.rows]

    def _change(self, ends: list[tuple[Tensor, Tensor]]) -> str:
        """``c→width, /2`` for tensors before and after."""
        if not ends:
            return ""
        before, after = (self.say(map(_channels, row)) for row in zip(*ends, strict=True))
        if any(one.rank != other.rank for one, other in ends):
            return str(after)
        scales = {tuple(scale(list(_sides(one, other)))) for one, other in ends}
        changed = str(after) if before == after else f"{before}→{after}"
        return ", ".join([changed, *(scales.pop() if len(scales) == 1 else ())])

    def say(self, values: Iterable[Any]) -> Any:
        """One value for those of all uses."""
        row: list[Any] = [single(value) for value in values]
        if all(value == row[0] for value in row):
            return row[0]
        if not all(type(value) in (int, float) for value in row):
            return "…"
        return next(self._formulas(row), f"{min(row):.4g}…{max(row):.4g}")

    def _formulas(self, row: list[Any]) -> Iterator[str]:
        """The names that stand for some numbers, the plain ones first."""
        ratios = [(name, _ratio(row, known)) for name, known in self.known]
        for name, ratio in sorted(ratios, key=lambda pair: pair[1] != 1):
            if ratio and ratio.denominator == 1 and ratio <= MOST:
                yield name if ratio == 1 else f"{ratio}·{name}"
            elif ratio and ratio.numerator == 1 and 1 / ratio <= MOST:
                yield f"{name}/{ratio.denominator}"


def _atoms(instance: Instance, numbers: Numbers) -> dict[tuple[int, ...], Atom]:
    return {atom.outputs: atom for atom in numbers.blocks.read(instance)[0]}


def _known(instances: tuple[Instance, ...]) -> Iterator[tuple[str, list[Any]]]:
    """The numbers of each use that have a name: parameters, and the channels of the input."""
    rows = [dict(instance.args) for instance in instances]
    for name in rows[0]:
        values = [single(row.get(name)) for row in rows]
        if all(type(value) in (int, float) for value in values):
            yield name, values
    if all(instance.inputs for instance in instances):
        yield "c", [_channels(instance.inputs[0][1]) for instance in instances]


def _ratio(row: list[Any], known: list[Any]) -> Fraction | None:
    """What some numbers are of others, if it is the same everywhere."""
    if row == known:
        return Fraction(1)
    if not all(known) or not all(type(value) is int for value in (*row, *known)):
        return None
    ratios = {Fraction(one, other) for one, other in zip(row, known, strict=True)}
    return ratios.pop() if len(ratios) == 1 else None


def _channels(tensor: Tensor) -> int:
    return number(tensor.sizes[0 if tensor.axes[:1] == ("channels",) else -1])


def _sides(before: Tensor, after: Tensor) -> Iterator[tuple[Any, Any]]:
    if before.rank > 1:
        yield from zip(before.sizes[1:], after.sizes[1:], strict=True)


def _after(instance: Instance) -> Tensor:
    result = instance.result
    found: Tensor = result[0].tensor if type(result) is tuple else result.tensor
    return found
