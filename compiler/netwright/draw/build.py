"""Makes the graph of a body: its atoms in boxes, each with words, family and frames."""

from collections.abc import Iterable, Iterator
from typing import Any

from netwright.bind.refused import NOTHING
from netwright.diagnostics import Diagnostic
from netwright.draw.atoms import Atom, Opens, Reader, output_ids
from netwright.draw.fuse import Chain, fuse
from netwright.draw.graph import Graph, Node, connected
from netwright.draw.mistake import told
from netwright.draw.model import Shape
from netwright.draw.theme import FAMILIES, Family
from netwright.draw.wording import SIGNS, shape, size_text
from netwright.instance import CallStep, Instance, LayerStep, scalars
from netwright.ops.base import Role
from netwright.record import replace
from netwright.tensor import Tensor, number


class Speaker:
    """Words for atoms; with numbers, or for the panel of a block with its symbols."""

    def title(self, atom: Atom) -> tuple[str, str]:
        """A layer or block: its kind, and what else is said of it."""
        raise NotImplementedError

    def channels(self, chain: Chain, slot: int) -> str:
        """What a branch brings to a join."""
        raise NotImplementedError

    def whole(self, chain: Chain) -> str:
        """What a join gives."""
        raise NotImplementedError

    def token(self, atom: Atom) -> Any:
        """What atoms that do the same have in common."""
        raise NotImplementedError


class Builder:
    """Makes the graph of one body, its ids behind a prefix."""

    def __init__(self, opens: Opens, speaker: Speaker, prefix: str = "", turns: int = 0) -> None:
        self.reader = Reader(opens, turns)
        self.speaker = speaker
        self.prefix = prefix
        self.taken: set[str] = set()
        self.nodes: list[Node] = []

    def net(self, instance: Instance) -> Graph:
        """A net, with its inputs and outputs by name."""
        inputs, values = self.reader.body(instance)
        ends = [values[output.id] for output in instance.outputs]
        for (name, tensor), value in zip(instance.inputs, inputs, strict=True):
            self.nodes.append(self._terminal(name, tensor, (), (value,)))
        self._boxes(ends)
        for output, value in zip(instance.outputs, ends, strict=True):
            node = self._terminal(output.name, output.tensor, (value,), ())
            note = ("when training",) if output.training else ()
            self.nodes.append(replace(node, below=note, side=output.training))
        return self._graph()

    def block(self, instance: Instance) -> Graph:
        """A block, with a dot for each input and output."""
        inputs, values = self.reader.body(instance)
        ends = [values[old] for old in output_ids(instance)]
        names = [name for name, _ in instance.inputs]
        for name, value in zip(names, inputs, strict=True):
            label = name if len(names) > 1 else ""
            self.nodes.append(self._tap(label, (), (value,)))
        self._boxes(ends)
        results = len(ends) - len(instance.outputs)
        for place, value in enumerate(ends):
            label = instance.outputs[place - results].name if place >= results else ""
            self.nodes.append(self._tap(label, (value,), ()))
        read = {value for node in self.nodes for value in node.inputs}
        self.nodes = [node for node in self.nodes if node.inputs or read & {*node.outputs}]
        return self._graph()

    def _boxes(self, ends: Iterable[int]) -> None:
        for chain in fuse(self.reader.atoms, ends):
            self.nodes.append(self._box(chain))

    def _graph(self) -> Graph:
        return connected(self.nodes)

    def _id(self, path: str) -> str:
        """An id that no other box has."""
        stem = self.prefix + "".join(char if char.isalnum() else "_" for char in path)
        found, count = stem, 1
        while found in self.taken:
            count += 1
            found = f"{stem}__{count}"
        self.taken.add(found)
        return found

    def _terminal(
        self, name: str, tensor: Tensor, inputs: tuple[int, ...], outputs: tuple[int, ...]
    ) -> Node:
        return Node(
            self._id(f"{'input' if outputs else 'output'}_{name}"),
            Shape.PILL,
            Family.TERMINAL,
            name,
            shape(tensor),
            inputs,
            outputs,
            before=tensor,
            after=tensor,
            path=name,
        )

    def _tap(self, name: str, inputs: tuple[int, ...], outputs: tuple[int, ...]) -> Node:
        stem = self._id(f"{'in' if outputs else 'out'}_{name}")
        shape = Shape.PILL if name else Shape.TAP
        return Node(stem, shape, Family.TERMINAL, name, "", inputs, outputs)

    def _box(self, chain: Chain) -> Node:
        atom, first, last = chain.head, chain.atoms[0], chain.atoms[-1]
        if atom.refused is not None:
            return self._refused(atom, atom.refused)
        kind = shape_of(atom)
        bold, plain, parts = self._words(chain, kind)
        role = role_of(atom)
        return Node(
            self._id(atom.path or "box"),
            kind,
            Family.ERROR if atom.fails else FAMILIES[role],
            bold,
            plain,
            first.inputs,
            last.outputs,
            above=self._said(chain.before),
            below=(*self._said(chain.behind), *label_of(atom)),
            before=first.before[0] if first.before else None,
            after=None if last.after is NOTHING else last.after,
            params=0 if atom.reused else sum(map(params_of, chain.atoms)),
            token=tuple(self.speaker.token(each) for each in chain.atoms),
            groups=atom.groups,
            steps=tuple(each.step for each in chain.atoms),
            parts=parts,
            role=role,
            path=atom.path,
            paths=tuple(each.path for each in chain.atoms),
            span=atom.step.span,
            reused=atom.reused,
            side=atom.side,
        )

    def _refused(self, atom: Atom, found: Diagnostic) -> Node:
        """The box of a mistake: the line, what came, and what was wanted."""
        return Node(
            self._id(atom.path),
            Shape.BOX,
            Family.ERROR,
            f"Error in line {found.span.line}",
            "",
            atom.inputs,
            (),
            below=tuple(told(found, atom.before)),
            before=atom.before[0] if atom.before else None,
            groups=atom.groups,
            steps=(atom.step,),
            path=atom.path,
            span=found.span,
            side=atom.side,
        )

    def _words(self, chain: Chain, kind: Shape) -> tuple[str, str, tuple[str, ...]]:
        """The title of a box, and of a bar what each branch brings."""
        atom = chain.head
        bold, plain = self.speaker.title(atom)
        if kind is Shape.CIRCLE and isinstance(atom.step, LayerStep):
            return SIGNS[atom.step.op.name], plain, ()
        if kind is not Shape.BAR:
            return bold, plain, ()
        parts = [self.speaker.channels(chain, slot) for slot in range(len(atom.inputs))]
        return bold, self.speaker.whole(chain), tuple(parts)

    def _said(self, atoms: tuple[Atom, ...]) -> tuple[str, ...]:
        """The line for what stands before or behind the head of a box."""
        titles = (self.speaker.title(atom) for atom in atoms)
        text = " · ".join(f"{bold} {plain}".strip() for bold, plain in titles)
        return (text,) if text else ()


def label_of(atom: Atom) -> Iterator[str]:
    """The label of a block, where it says more than its kind."""
    if isinstance(atom.step, CallStep):
        label = atom.path.rpartition(".")[2]
        name = atom.step.instance.name
        if label and not label.isdigit() and label.rstrip("_0123456789") != name:
            yield f"{label} (shared)" if atom.reused else label


def shape_of(atom: Atom) -> Shape:
    """A bar for what lays branches behind each other, a circle for what computes with them."""
    if isinstance(atom.step, LayerStep) and len(atom.inputs) > 1:
        name = atom.step.op.name
        if name in SIGNS:
            return Shape.CIRCLE
        if name in ("concat", "stack"):
            return Shape.BAR
    return Shape.BOX


def role_of(atom: Atom) -> Role:
    """The role of a layer; of a block that of the layer which works most."""
    if isinstance(atom.step, LayerStep):
        return atom.step.op.role
    return main_role(atom.step.instance)[1]


def main_role(instance: Instance) -> tuple[int, Role]:
    """The role of the layer that works most in a block, and its work."""
    best = (-1, Role.SHAPE)
    for step in instance.steps:
        for inner in getattr(step, "steps", (step,)):
            if isinstance(inner, LayerStep):
                found = (inner.macs, inner.op.role)
            elif isinstance(inner, CallStep):
                found = main_role(inner.instance)
            else:
                continue
            best = found if found[0] > best[0] else best
    return best


def params_of(atom: Atom) -> int:
    """What trains in a layer or block."""
    return params_in(atom.step)


def params_in(step: LayerStep | CallStep) -> int:
    """What trains in a step."""
    if isinstance(step, CallStep):
        return step.instance.totals.params
    return sum(scalars(weight) for weight in step.weights if weight.trains and weight.counted)


def change(before: Tensor, after: Tensor) -> str:
    """How a block changes a tensor: ``64→256, /2``."""
    if before.rank != after.rank:
        return shape(after)
    ends = [size_text(x.sizes[0 if x.axes[:1] == ("channels",) else -1]) for x in (before, after)]
    channels = f"{ends[0]}→{ends[1]}" if ends[0] != ends[1] else ends[1]
    if before.rank < 2:
        return channels
    sides = list(zip(before.sizes[1:], after.sizes[1:], strict=True))
    return ", ".join([channels, *scale(sides)])


def scale(sides: list[tuple[Any, Any]]) -> Iterator[str]:
    """``/2`` where a map shrinks to a half, ``×2`` where it grows to the double."""
    pairs = [(number(old), number(new)) for old, new in sides]
    for sign, big, small in (("/", 0, 1), ("×", 1, 0)):
        factors = {round(pair[big] / pair[small]) for pair in pairs}
        if len(factors) == 1 and (factor := factors.pop()) > 1:
            yield f"{sign}{factor}"
