"""A block or net bound to numbers: the steps it takes, each with shapes and counts.

Names are relative to the instance, so that a block bound twice to the same arguments and input
shapes is one instance, shared by all its uses.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from netwright.ops.base import Op, Weight
from netwright.record import field, record
from netwright.source import Span
from netwright.tensor import Size, Tensor, number


@record
class Declared:
    """Where a `shared` module was declared: so many steps before its first use, and in which order
    with others."""

    ahead: int
    number: int


@record
class LayerStep:
    """One layer at work; ``path`` is where its module stands, or its kind where it has none.

    ``reused`` says that its weights were counted at an earlier use, ``labelled`` that it is called
    by the label of its line. ``declared`` is there at the first use of a `shared` module.
    """

    path: str
    op: Op
    inputs: tuple[int, ...]
    output: int
    tensors: tuple[Tensor, ...]
    result: "Tensor | tuple[Tensor, ...]"
    weights: tuple[Weight, ...]
    macs: int
    span: Span = field(compare=False)
    reused: bool = field(default=False)
    side: bool = field(default=False)
    labelled: bool = field(default=False)
    doc: str = field(default="", compare=False)
    declared: Declared | None = field(default=None, compare=False)


@record
class CallStep:
    """One block at work: its instance, the values that go in and those that come out."""

    path: str
    instance: "Instance"
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    span: Span = field(compare=False)
    reused: bool = field(default=False)
    side: bool = field(default=False)
    doc: str = field(default="", compare=False)
    declared: Declared | None = field(default=None, compare=False)


@record
class FoldStep:
    """Equal turns of a loop, told once: ``steps`` run ``times`` times from ``enter`` to ``leave``.

    ``leave`` names the result of the last turn. Numbers behind ``prefix`` grow by ``advance``
    each turn.
    """

    times: int
    prefix: str
    advance: int
    enter: int
    leave: int
    steps: "tuple[Step, ...]"
    span: Span = field(compare=False)
    side: bool = field(default=False)


Step = LayerStep | CallStep | FoldStep


@record
class Named:
    """A named output: a declared one of a net or block."""

    name: str
    id: int
    tensor: Tensor
    training: bool
    span: Span = field(compare=False)


@record
class Totals:
    """Sums over the steps; weights count once, MACs at each use outside side outputs."""

    params: int
    total_params: int
    macs: int
    layers: int


class Instance:
    """What a block or net does for one set of arguments and input shapes."""

    __slots__ = (
        "args",
        "container_labels",
        "definition",
        "failed",
        "inputs",
        "outputs",
        "result",
        "steps",
        "tensors",
        "totals",
        "trained",
    )

    def __init__(
        self,
        definition: Any,
        args: tuple[tuple[str, Any], ...],
        inputs: tuple[tuple[str, Tensor], ...],
    ) -> None:
        self.definition = definition
        self.args = args
        self.inputs = inputs
        self.steps: tuple[Step, ...] = ()
        self.tensors: dict[int, Tensor] = {}
        self.outputs: tuple[Named, ...] = ()
        self.trained: frozenset[int] = frozenset()  # values that `losses` reads
        self.result: Any = None  # a Ref, or a tuple of them
        self.totals = Totals(0, 0, 0, 0)
        self.failed = False

    @property
    def name(self) -> str:
        """What the block or net is called."""
        return str(self.definition.name)


def totals(steps: "tuple[Step, ...] | list[Step]") -> Totals:
    """The sums over some steps."""
    params = total_params = macs = layers = 0
    for step in steps:
        one = step_totals(step)
        params, total_params = params + one.params, total_params + one.total_params
        macs, layers = macs + one.macs, layers + one.layers
    return Totals(params, total_params, macs, layers)


def step_totals(step: Step) -> Totals:
    """What one step adds."""
    if isinstance(step, FoldStep):
        one = totals(step.steps)
        times = step.times
        return Totals(
            one.params * times, one.total_params * times, one.macs * times, one.layers * times
        )
    if isinstance(step, CallStep):
        of = step.instance.totals
        macs = 0 if step.side else of.macs
        return (
            Totals(0, 0, macs, of.layers)
            if step.reused
            else Totals(of.params, of.total_params, macs, of.layers)
        )
    params = total_params = 0
    if not step.reused:
        for weight in step.weights:
            if weight.counted:
                size = scalars(weight)
                total_params += size
                params += size if weight.trains else 0
    return Totals(params, total_params, 0 if step.side else step.macs, 1)


def scalars(weight: Weight) -> int:
    """Number of scalars in a weight."""
    total = 1
    for size in weight.sizes:
        total *= int(size)
    return total


@record
class Leaf:
    """A layer of a net under its full path, as `expand` gives them in the order of computation."""

    path: str
    step: LayerStep
    reused: bool
    side: bool


def expand(
    steps: "tuple[Step, ...] | list[Step]",
    prefix: str = "",
    *,
    reused: bool = False,
    side: bool = False,
) -> Iterator[Leaf]:
    """All layers, the folded ones too, each under its full path, in the order of computation."""
    yield from _expand(steps, prefix, tuple, reused=reused, side=side)


def registered(steps: "tuple[Step, ...] | list[Step]") -> Iterator[Leaf]:
    """The same in the order in which modules stand: a `shared` one where it is declared."""
    yield from _expand(steps, "", in_place, reused=False, side=False)


def in_place(steps: "Sequence[Step]") -> "list[Step]":
    """Steps of a body in the order of their modules."""
    return [steps[place] for place in places(steps)]


def places(steps: "Sequence[Step]") -> list[int]:
    """The numbers of the steps of a body, in the order of their modules."""

    def key(place: int) -> tuple[int, bool, int]:
        declared = getattr(steps[place], "declared", None)
        return (place - declared.ahead, False, declared.number) if declared else (place, True, 0)

    return sorted(range(len(steps)), key=key)


def _expand(
    steps: "Sequence[Step]",
    prefix: str,
    order: "Callable[[Sequence[Step]], Sequence[Step]]",
    *,
    reused: bool,
    side: bool,
) -> Iterator[Leaf]:
    for step in order(steps):
        if isinstance(step, LayerStep):
            yield Leaf(prefix + step.path, step, reused or step.reused, side or step.side)
        elif isinstance(step, CallStep):
            inner = f"{prefix}{step.path}." if step.path else prefix
            yield from _expand(
                step.instance.steps,
                inner,
                order,
                reused=reused or step.reused,
                side=side or step.side,
            )
        else:
            for turn in range(step.times):
                for leaf in _expand(step.steps, "", order, reused=reused, side=side or step.side):
                    path = advanced(leaf.path, step.prefix, turn * step.advance)
                    yield Leaf(prefix + path, leaf.step, leaf.reused, leaf.side)


def advanced(path: str, prefix: str, by: int) -> str:
    """A path whose number behind ``prefix`` is larger by ``by``."""
    if not by or not path.startswith(prefix):
        return path
    head, dot, tail = path[len(prefix) :].partition(".")
    return f"{prefix}{int(head) + by}{dot}{tail}" if head.isdigit() else path


def checked(sizes: tuple[Size, ...]) -> tuple[int, ...]:
    """Sizes as numbers; of dynamic ones, those they are checked at."""
    return tuple(map(number, sizes))
