"""Memory of activations: what the backward pass keeps, and the most that inference holds at once.

Weights, gradients, optimizer states and the buffers of kernels are not counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step
from netwright.ops.base import Role
from netwright.record import field, record
from netwright.tensor import Tensor, number, product
from netwright.values import Ref, plain


@record
class Memory:
    """Values and bytes for one example; masks and indices have their own size in bytes."""

    values: int = field(default=0)
    extra: int = field(default=0)

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.values + other.values, self.extra + other.extra)

    def times(self, count: int) -> "Memory":
        """The memory of several turns."""
        return Memory(self.values * count, self.extra * count)

    def bytes(self, *, batch: int = 1, precision: int = 4) -> int:
        """Bytes of a batch; ``precision`` is the bytes of one value."""
        return batch * (self.values * precision + self.extra)


def activation_memory(
    instance: Instance, *, batch: int = 1, precision: int = 4, training: bool = True
) -> int:
    """Bytes of activations: all that training keeps, or the most that inference holds at once."""
    of = kept(instance)[0] if training else Memory(peak(instance))
    return of.bytes(batch=batch, precision=precision)


def size(tensor: Any) -> int:
    """How many values a tensor has for one example."""
    return number(product(tensor.sizes)) if isinstance(tensor, Tensor) else 0


# What backward keeps

KEEPS_OUTPUT = frozenset(
    {"relu", "elu", "selu", "sigmoid", "hard_sigmoid", "tanh", "softmax", "log_softmax"}
)
KEEPS_INPUT = frozenset({"mul", "max", "min", "matmul", "l1_distance", "l2_distance", "max_pool"})
KEEPS_NOTHING = frozenset({"identity"})
VIEWS = frozenset({"flatten", "reshape", "permute", "identity", "slice", "select"})
INDEX = 8  # bytes of the index that a max-pool remembers
ROLES = (
    Role.CONVOLUTION,
    Role.LINEAR,
    Role.NORMALISATION,
    Role.RECURRENT,
    Role.ATTENTION,
)


def keeps_inputs(step: LayerStep) -> bool:
    """Whether the gradient of a layer needs what went in."""
    op = step.op
    if op.name in KEEPS_INPUT:
        return True
    if op.role is Role.ACTIVATION:
        return op.name not in KEEPS_OUTPUT | KEEPS_NOTHING
    return op.role in ROLES and (op.name != "scale" or bool(step.weights))


def inside(step: LayerStep) -> Memory:
    """What a layer keeps that is neither input nor output."""
    op, x = step.op, step.tensors[0] if step.tensors else None
    match op.role:
        case Role.RECURRENT if x is not None:
            states = size(x) // number(x.sizes[-1]) * int(getattr(op, "hidden", 0))
            stacked = int(getattr(op, "layers", 1)) * (1 + bool(getattr(op, "bidirectional", 0)))
            return Memory(states * stacked * (int(getattr(op, "gates", 1)) + 1))
        case Role.ATTENTION if x is not None:
            query, key = x, step.tensors[1 if len(step.tensors) > 1 else 0]
            places = number(query.sizes[0]) * number(key.sizes[0])
            return Memory(4 * size(query) + places * int(getattr(op, "heads", 1)))
        case Role.REGULARISATION:
            return Memory(0, size(step.result))
    return Memory(0, INDEX * size(step.result)) if op.name == "max_pool" else Memory()


class Keeping:
    """The values of one body that backward keeps, each once; views are what they show."""

    def __init__(self, tensors: dict[int, Tensor]) -> None:
        self.tensors = tensors
        self.shows: dict[int, int] = {}
        self.kept: set[int] = set()
        self.values = 0  # of what is kept
        self.inner = Memory()

    def root(self, value: int) -> int:
        """The value whose memory another one shows."""
        while value in self.shows:
            value = self.shows[value]
        return value

    def keep(self, values: Iterable[int]) -> None:
        """Keep what some values show, each once."""
        for value in map(self.root, values):
            if value not in self.kept:
                self.kept.add(value)
                self.values += size(self.tensors.get(value))

    def run(self, steps: Sequence[Step], blocks: dict[int, Any]) -> None:
        """Go through the steps of a body."""
        for step in steps:
            if isinstance(step, LayerStep):
                self.layer(step)
            elif isinstance(step, CallStep):
                self.call(step, blocks)
            else:
                self.fold(step, blocks)

    def layer(self, step: LayerStep) -> None:
        if step.op.name in VIEWS and step.inputs:
            self.shows[step.output] = step.inputs[0]
            return
        if keeps_inputs(step):
            self.keep(step.inputs)
        if step.op.name in KEEPS_OUTPUT:
            self.keep([step.output])
        self.inner += inside(step)

    def call(self, step: CallStep, blocks: dict[int, Any]) -> None:
        found = blocks.get(id(step.instance))
        if found is None:
            found = blocks[id(step.instance)] = _block(step.instance, blocks)
        memory, inputs, outputs, shown = found
        self.inner += memory
        for place, value in enumerate(step.outputs):
            if place in shown:
                self.shows[value] = step.inputs[shown[place]]
        self.keep(step.inputs[place] for place in inputs)
        self.keep(step.outputs[place] for place in outputs)

    def fold(self, step: FoldStep, blocks: dict[int, Any]) -> None:
        turn = Keeping(self.tensors)
        turn.run(step.steps, blocks)
        made = _made(step.steps) - {step.leave}
        enters = turn.root(step.enter) in turn.kept
        leaves = turn.root(step.leave) in turn.kept
        inner = turn.inner + Memory(sum(size(self.tensors.get(v)) for v in turn.kept & made))
        self.inner += inner.times(step.times)
        if enters or leaves:
            self.inner += Memory(size(self.tensors.get(step.leave)) * (step.times - 1))
        self.keep(turn.kept - made - {step.leave})
        if leaves:
            self.keep([step.leave])

    def total(self, without: set[int]) -> Memory:
        """All that is kept, but for some values."""
        less = sum(size(self.tensors.get(value)) for value in self.kept & without)
        return self.inner + Memory(self.values - less)


def _made(steps: Sequence[Step]) -> set[int]:
    """The values that steps make."""
    made: set[int] = set()
    for step in steps:
        if isinstance(step, LayerStep):
            made.add(step.output)
        elif isinstance(step, CallStep):
            made |= set(step.outputs)
        else:
            made |= _made(step.steps) | {step.leave}
    return made


def _block(instance: Instance, blocks: dict[int, Any]) -> Any:
    """What a block keeps inside, and which of its inputs and outputs."""
    keeping = Keeping(instance.tensors)
    keeping.run(instance.steps, blocks)
    inputs = range(len(instance.inputs))
    ends = [keeping.root(value) for value in outcomes(instance)]
    memory = keeping.total({*inputs, *ends})
    shown = {place: end for place, end in enumerate(ends) if end in inputs}
    return (
        memory,
        [value for value in inputs if value in keeping.kept],
        [place for place, end in enumerate(ends) if end in keeping.kept and place not in shown],
        shown,
    )


def outcomes(instance: Instance) -> list[int]:
    """The values that a block gives: its results, then its named outputs."""
    result = instance.result if type(instance.result) is tuple else (instance.result,)
    refs = [plain(ref) for ref in result]
    return [
        *(ref.id for ref in refs if isinstance(ref, Ref)),
        *(output.id for output in instance.outputs),
    ]


def kept(instance: Instance) -> tuple[Memory, list[Memory]]:
    """What training keeps for one example: in all, and by each step of the net."""
    keeping = Keeping(instance.tensors)
    blocks: dict[int, Any] = {}
    rows, before = [], Memory()
    for step in instance.steps:
        keeping.run((step,), blocks)
        after = keeping.total(set())
        rows.append(Memory(after.values - before.values, after.extra - before.extra))
        before = after
    return before, rows


# What inference holds


def peak(instance: Instance) -> int:
    """The most values that are alive at once, the inputs of the instance among them."""
    return Living(instance.steps, ends_of(instance), instance.tensors, {}).peak(None)


def ends_of(instance: Instance) -> list[int]:
    """The values that inference gives: results, and the outputs that are not training's alone."""
    sides = {output.id for output in instance.outputs if output.training}
    return [value for value in outcomes(instance) if value not in sides]


class Living:
    """The values of some steps, each from the step that makes it to the last that needs it."""

    def __init__(
        self,
        steps: Sequence[Step],
        ends: Sequence[int],
        tensors: dict[int, Tensor],
        blocks: dict[Any, int],
    ) -> None:
        self.steps = steps = [step for step in steps if not step.side]
        self.tensors = tensors
        self.blocks = blocks
        self.shows = {
            step.output: step.inputs[0]
            for step in steps
            if isinstance(step, LayerStep) and step.op.name in VIEWS and step.inputs
        }
        self.last = {self.root(value): len(steps) for value in ends}
        for place, step in reversed(list(enumerate(steps))):
            for value in _used(step):
                self.last.setdefault(self.root(value), place)

    def root(self, value: int) -> int:
        """The value whose memory another one shows."""
        while value in self.shows:
            value = self.shows[value]
        return value

    def held(self, values: set[int]) -> int:
        """How much some values hold."""
        return sum(size(self.tensors.get(value)) for value in values)

    def peak(self, entering: int | None) -> int:
        """The most that is held at once; in a turn of a loop only what enters and what is made."""
        made = _made(self.steps)
        alive = {value for value in self.last if value not in made}
        if entering is not None:
            alive &= {entering}
        most = self.held(alive)
        for place, step in enumerate(self.steps):
            new = {step.leave} if isinstance(step, FoldStep) else _made((step,))
            alive |= {self.root(value) for value in new}
            most = max(most, self.held(alive) + self.inside(step, place))
            alive = {value for value in alive if self.last.get(value, -1) > place}
        return most

    def inside(self, step: Step, place: int) -> int:
        """What a block or a loop holds beside its inputs and outputs at its fullest moment."""
        if isinstance(step, LayerStep):
            return 0
        if isinstance(step, FoldStep):
            turn = Living(step.steps, [step.leave], self.tensors, self.blocks)
            around = {step.enter, step.leave}
            if self.last.get(self.root(step.enter), -1) > place:
                around = {step.leave}
            return max(0, turn.peak(step.enter) - self.held(around))
        stay = frozenset(
            number
            for number, value in enumerate(step.inputs)
            if self.last.get(self.root(value), -1) > place
        )
        return self.block(step.instance, stay)

    def block(self, block: Instance, stay: frozenset[int]) -> int:
        """What a block holds beside its inputs and outputs, some inputs being needed later."""
        key = id(block), stay
        if key not in self.blocks:
            living = Living(block.steps, [*outcomes(block), *stay], block.tensors, self.blocks)
            ends = {*range(len(block.inputs)), *map(living.root, outcomes(block))}
            self.blocks[key] = max(0, living.peak(None) - living.held(ends))
        return self.blocks[key]


def _used(step: Step) -> list[int]:
    if isinstance(step, FoldStep):
        return [step.enter, *(value for inner in step.steps for value in _used(inner))]
    return list(step.inputs)


class Alive:
    """The values of a whole net that inference holds, layer by layer.

    ``layers`` have numbers for values that are the net's own; ``inputs`` are its inputs' and
    ``ends`` those that it gives.
    """

    def __init__(
        self, layers: Sequence[Any], inputs: Mapping[int, Tensor], ends: Sequence[int]
    ) -> None:
        self.shows: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.place = 0
        steps = [layer.step for layer in layers]
        for place, layer in enumerate(layers):
            if layer.side:
                continue
            step = layer.step
            if step.op.name in VIEWS and step.inputs:
                self.shows[step.output] = step.inputs[0]
            self.last.update((self.root(value), place) for value in step.inputs)
        self.last.update((self.root(value), len(steps)) for value in ends)
        self.held = {value: size(tensor) for value, tensor in inputs.items() if value in self.last}
        self.total = sum(self.held.values())

    def root(self, value: int) -> int:
        """The value whose memory another one shows."""
        while value in self.shows:
            value = self.shows[value]
        return value

    def next(self, layer: Any) -> Memory:
        """What is held while the next layer works, its inputs and outputs among it."""
        step, place = layer.step, self.place
        self.place += 1
        if layer.side:
            return Memory()
        self._hold(self.root(step.output), size(step.result))
        most = self.total
        for value in {self.root(value) for value in (*step.inputs, step.output)}:
            if self.last.get(value, -1) <= place:
                self.total -= self.held.pop(value, 0)
        return Memory(most)

    def _hold(self, value: int, values: int) -> None:
        if value not in self.held:
            self.held[value] = values
            self.total += values
