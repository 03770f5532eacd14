"""What is asked of dynamic sizes: by each layer of its inputs, and by the spec of two sizes."""

from collections.abc import Iterator, Sequence
from typing import Any

from netwright.condition import COMPARE, NEGATED
from netwright.dynamic.numbers import Values, at
from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step
from netwright.ops.base import Misfit, Op, Role
from netwright.record import record, replace
from netwright.sym import Dim, keys, show, variable
from netwright.tensor import Dynamic, Size, Tensor, form, number
from netwright.values import Fault, Ref

Use = tuple[Op, tuple[Tensor, ...]]
"""A layer and its inputs."""


class Sample:
    """Numbers for the dynamic sizes of a net, and what other sizes are under them."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.known: dict[Dim, int] = {}
        self.calls: dict[int, int] = {}

    def number(self, dim: Dim) -> int:
        """The number that a size is."""
        found = self.known.get(dim)
        if found is None:
            found = self.known[dim] = at(dim, self.values, self.calls)
        return found


@record
class Decided:
    """A comparison of the spec, and how it came out: a condition, a `require`, a contract."""

    left: Dim
    op: str
    right: Dim
    outcome: bool

    @property
    def sizes(self) -> tuple[Dim, ...]:
        """The sizes that it is about."""
        return self.left, self.right

    @property
    def keys(self) -> frozenset[str]:
        """The symbols that it is about."""
        return keys(self.left) | keys(self.right)

    @property
    def text(self) -> str:
        """What holds: ``H == W``."""
        op = self.op if self.outcome else NEGATED[self.op]
        return f"{show(self.left, str)} {op} {show(self.right, str)}"

    def refusal(self, sample: Sample) -> str:
        """What does not hold under other numbers, or nothing."""
        left, right = sample.number(self.left), sample.number(self.right)
        return "" if COMPARE[self.op](left, right) == self.outcome else self.text


class Fits:
    """Layers that must take inputs of the same dynamic sizes."""

    def __init__(self, sizes: tuple[Dim, ...], uses: Sequence[Use]) -> None:
        self.sizes = sizes
        self.uses = uses
        self.known: dict[tuple[int, ...], str] = {}

    def refusal(self, sample: Sample) -> str:
        """Why one of the layers would not take its inputs, or nothing."""
        key = tuple([sample.number(dim) for dim in self.sizes])
        found = self.known.get(key)
        if found is None:
            refusals = (refusal(op, tensors, sample) for op, tensors in self.uses)
            found = self.known[key] = next(filter(None, refusals), "")
        return found


@record
class Cells:
    """Sizes that layers give, of at least one cell each."""

    sizes: tuple[Dim, ...]

    def refusal(self, sample: Sample) -> str:
        """Which size would be nothing, or nothing."""
        none = next((dim for dim in self.sizes if sample.number(dim) < 1), None)
        return "" if none is None else f"{show(none, str)} is less than 1"


Condition = Decided | Fits | Cells


def refusal(op: Op, tensors: Sequence[Tensor], sample: Sample) -> str:
    """Why a layer would not take its inputs, or nothing."""
    given = {name: numbered(op.argument(name), sample) for name in op.params}
    moved = any(given[name] is not op.argument(name) for name in given)
    try:
        made = type(op)(**given) if moved else op
        made.check(*(numbered(tensor, sample) for tensor in tensors))
    except Misfit as misfit:
        return misfit.message
    except Fault as fault:
        return fault.diagnostic.message
    return ""


def dims(value: Any) -> Iterator[Dim]:
    """The dynamic sizes in a tensor, an argument or a list of them."""
    if isinstance(value, Dynamic):
        yield value.form
    elif isinstance(value, Tensor):
        for size in value.sizes:
            if isinstance(size, Dynamic):
                yield size.form
    elif isinstance(value, Ref):
        yield from dims(value.tensor)
    elif isinstance(value, tuple):
        for item in value:
            yield from dims(item)


class Counted(Dynamic):
    """A dynamic size of which the number counts alone: its formula was right before."""

    def __init__(self, size: int) -> None:
        super().__init__(OPEN, size)

    def __repr__(self) -> str:
        return str(self.size)

    def __add__(self, other: Size) -> Size:
        return Counted(self.size + number(other))

    def __sub__(self, other: Size) -> Size:
        return Counted(self.size - number(other))

    def __rsub__(self, other: int) -> Size:
        return Counted(other - self.size)

    def __mul__(self, other: Size) -> Size:
        return Counted(self.size * number(other))

    def __floordiv__(self, other: Size) -> Size:
        return Counted(self.size // number(other))

    def __mod__(self, other: Size) -> Size:
        return Counted(self.size % number(other))

    __radd__ = __add__
    __rmul__ = __mul__


OPEN = variable("any")
"""The formula of all of them."""


def numbered(value: Any, sample: Sample) -> Any:
    """A tensor or an argument with other numbers for its dynamic sizes."""
    if next(dims(value), None) is None:
        return value
    if isinstance(value, Dynamic):
        return Counted(sample.number(value.form))
    if isinstance(value, Tensor):
        return replace(value, sizes=tuple(numbered(size, sample) for size in value.sizes))
    if isinstance(value, Ref):
        return replace(value, tensor=numbered(value.tensor, sample))
    return type(value)(numbered(item, sample) for item in value)


def asked(instance: Instance) -> tuple[Condition, ...]:
    """What the layers of a net ask: those of equal inputs at once, and cells of what they give."""
    steps = list(layers(instance.steps, set()))
    uses = dict.fromkeys((step.op, step.tensors) for step in steps)
    made = dict.fromkeys(dim for step in steps for dim in dims(step.result))
    groups: dict[tuple[Dim, ...], list[Use]] = {}
    for use in uses:
        groups.setdefault(sizes_of(*use), []).append(use)
    fits = (Fits(sizes, group) for sizes, group in groups.items() if sizes)
    return Cells(tuple(made)), *fits


def refused(op: Op, tensors: tuple[Tensor, ...], code: str) -> Condition:
    """What a layer asked that was refused."""
    if code == "empty-output":
        return Cells(tuple(dims(op.shape(*tensors))))
    return Fits(sizes_of(op, tensors), [(op, tensors)])


def sizes_of(op: Op, tensors: tuple[Tensor, ...]) -> tuple[Dim, ...]:
    """The dynamic sizes that a layer is given."""
    given = (*tensors, *(getattr(op, name) for name in op.params))
    return tuple(dict.fromkeys(dim for value in given for dim in dims(value)))


def ties(instance: Instance) -> Iterator[tuple[frozenset[str], str]]:
    """The symbols that joins ask to go together, and what is asked: ``H // 2 == K // 2``."""
    for step in layers(instance.steps, set()):
        if step.op.role is not Role.MERGE or len({one.rank for one in step.tensors}) != 1:
            continue
        for sizes in zip(*(one.sizes for one in step.tensors), strict=True):
            found = [size.form for size in sizes if isinstance(size, Dynamic)]
            others = [dim for dim in found[1:] if keys(dim) != keys(found[0])]
            for dim in others:
                yield keys(found[0]) | keys(dim), f"{show(found[0], str)} == {show(dim, str)}"


def layers(steps: tuple[Step, ...], seen: set[int]) -> Iterator[LayerStep]:
    """The layers of some steps and of the blocks that they call, each block once."""
    for step in steps:
        if isinstance(step, LayerStep):
            yield step
        elif isinstance(step, FoldStep):
            yield from layers(step.steps, seen)
        elif isinstance(step, CallStep) and id(step.instance) not in seen:
            seen.add(id(step.instance))
            yield from layers(step.instance.steps, seen)


def decided(left: Any, op: str, right: Any) -> Decided:
    """A comparison of two sizes as it came out now."""
    one, other = (size.size if isinstance(size, Dynamic) else size for size in (left, right))
    return Decided(form(left), op, form(right), COMPARE[op](one, other))
