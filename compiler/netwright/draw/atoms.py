"""The steps of a body as a row of atoms: what is drawn open is spliced in, values numbered anew."""

from collections.abc import Callable, Iterable, Iterator

from netwright.bind.refused import NOTHING, Refused
from netwright.diagnostics import Diagnostic
from netwright.draw.model import Kind
from netwright.draw.wording import title_case
from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step, advanced
from netwright.record import field, record
from netwright.source import Span
from netwright.tensor import Tensor


@record
class Group:
    """What a frame is drawn around: a label, a block that is drawn open, turns of a loop.

    ``whole`` are the params of all turns together, where those differ.
    """

    key: str
    kind: Kind
    title: str
    times: int = field(default=1)
    note: str = field(default="")
    whole: int = field(default=0)
    instance: Instance | None = field(default=None, compare=False)
    span: Span | None = field(default=None, compare=False)


@record
class Atom:
    """A layer or block at work, with the numbers of its values in all that is drawn together.

    ``calls`` are the blocks that it was taken out of without a frame of their own.
    """

    path: str
    step: LayerStep | CallStep
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    groups: tuple[Group, ...]
    calls: tuple[CallStep, ...]
    reused: bool
    side: bool

    @property
    def before(self) -> tuple[Tensor, ...]:
        """What goes in."""
        if isinstance(self.step, LayerStep):
            return self.step.tensors
        return tuple([tensor for _, tensor in self.step.instance.inputs])

    @property
    def refused(self) -> Diagnostic | None:
        """The mistake that the atom stands for."""
        op = self.step.op if isinstance(self.step, LayerStep) else None
        return op.diagnostic if isinstance(op, Refused) else None

    @property
    def fails(self) -> bool:
        """Whether it stands for a mistake, or there is one in it."""
        return self.refused is not None or (
            isinstance(self.step, CallStep) and self.step.instance.failed
        )

    @property
    def after(self) -> Tensor:
        """What comes out, of several the first."""
        result = self.step.result if isinstance(self.step, LayerStep) else _result(self.step)
        return result[0] if isinstance(result, tuple) else result


def _result(call: CallStep) -> Tensor:
    result = call.instance.result
    if result is None:
        return NOTHING
    first = result[0] if type(result) is tuple else result
    tensor: Tensor = first.tensor
    return tensor


Opens = Callable[[Instance], Kind | None]


class Reader:
    """Reads the steps of one body; ``opens`` tells a block that is spliced in, and its frame."""

    def __init__(self, opens: Opens, turns: int = 0) -> None:
        self.opens = opens
        self.turns = turns
        self.atoms: list[Atom] = []
        self.count = 0

    def new(self) -> int:
        """The number of a new value."""
        self.count += 1
        return self.count - 1

    def body(self, instance: Instance) -> tuple[list[int], dict[int, int]]:
        """Read all steps; the numbers of the inputs, and those of all values by their old ones."""
        inputs = input_ids(instance)
        values = {old: self.new() for old in inputs}
        self.read(instance.steps, values, "", (), (), reused=False, side=False)
        return [values[old] for old in inputs], values

    def read(
        self,
        steps: Iterable[Step],
        values: dict[int, int],
        prefix: str,
        groups: tuple[Group, ...],
        calls: tuple[CallStep, ...],
        *,
        reused: bool,
        side: bool,
    ) -> None:
        """Take in steps whose paths and values are those of one instance."""
        for step in steps:
            if isinstance(step, FoldStep):
                self._loop(step, values, prefix, groups, calls, reused=reused, side=side)
                continue
            around = (*groups, *_labels(prefix, step.path, groups))
            flags = {"reused": reused or step.reused, "side": side or step.side}
            if isinstance(step, CallStep):
                kind = self.opens(step.instance)
                if kind is not None:
                    self._open(step, kind, values, prefix, around, calls, **flags)
                    continue
            self._take(step, values, prefix, around, calls, **flags)

    def _take(
        self,
        step: LayerStep | CallStep,
        values: dict[int, int],
        prefix: str,
        groups: tuple[Group, ...],
        calls: tuple[CallStep, ...],
        *,
        reused: bool,
        side: bool,
    ) -> None:
        many = len(step.tensors) if isinstance(step, LayerStep) else len(step.inputs)
        made = (step.output,) if isinstance(step, LayerStep) else step.outputs
        inputs = tuple([values[old] for old in step.inputs[:many]])
        values |= {old: self.new() for old in made}
        outputs = tuple([values[old] for old in made])
        path = prefix + step.path
        self.atoms.append(Atom(path, step, inputs, outputs, groups, calls, reused, side))

    def _open(
        self,
        call: CallStep,
        kind: Kind,
        values: dict[int, int],
        prefix: str,
        groups: tuple[Group, ...],
        calls: tuple[CallStep, ...],
        *,
        reused: bool,
        side: bool,
    ) -> None:
        instance, path = call.instance, prefix + call.path
        inner = dict(zip(input_ids(instance), [values[old] for old in call.inputs], strict=True))
        if kind is Kind.GROUP:
            calls = (*calls, call)
        else:
            groups, calls = (*groups, self._framed(call, path)), ()
        inside = f"{path}." if call.path else prefix
        self.read(instance.steps, inner, inside, groups, calls, reused=reused, side=side)
        for old, new in zip(call.outputs, output_ids(instance), strict=True):
            values[old] = inner[new]

    def _framed(self, call: CallStep, path: str) -> Group:
        """The frame of a block that is drawn open."""
        instance, label = call.instance, path.rpartition(".")[2]
        note = "" if label.isdigit() or label == instance.name else label
        title = title_case(instance.name)
        return Group(
            f"{path}#{self.count}",
            Kind.BLOCK,
            title,
            note=note,
            instance=instance,
            span=call.span,
        )

    def _loop(
        self,
        fold: FoldStep,
        values: dict[int, int],
        prefix: str,
        groups: tuple[Group, ...],
        calls: tuple[CallStep, ...],
        *,
        reused: bool,
        side: bool,
    ) -> None:
        """Turns of a loop: all of them where there are few, else one in a frame."""
        inner, sides = dict(values), side or fold.side
        turns = fold.times if fold.times <= self.turns else 1
        if turns == 1:
            key = f"{prefix}{fold.prefix}~{self.count}"
            labels = _labels(prefix, f"{fold.prefix}x", groups)
            groups = (*groups, *labels, Group(key, Kind.REPEAT, "", fold.times, span=fold.span))
        for turn in range(turns):
            steps = [_turned(step, fold, turn) for step in fold.steps] if turn else fold.steps
            self.read(steps, inner, prefix, groups, calls, reused=reused, side=sides)
            inner[fold.enter] = inner[fold.leave]
        values[fold.leave] = inner[fold.leave]


def _turned(step: Step, fold: FoldStep, turn: int) -> Step:
    """A step of a loop under the path that it has in a later turn."""
    from netwright.record import replace

    if isinstance(step, FoldStep):
        return step
    return replace(step, path=advanced(step.path, fold.prefix, turn * fold.advance))


def _labels(prefix: str, path: str, groups: tuple[Group, ...]) -> Iterator[Group]:
    """The labels around a step that no frame stands for yet; numbers are no labels."""
    known = {group.key for group in groups}
    parts = path.split(".")[:-1]
    for place, part in enumerate(parts):
        key = f"{prefix}{'.'.join(parts[: place + 1])}"
        if key not in known and not part.isdigit():
            yield Group(key, Kind.GROUP, part)


def input_ids(instance: Instance) -> list[int]:
    """The values that a body is given: those that no step makes, in their order."""
    made: set[int] = set()
    _made(instance.steps, made)
    return [value for value in sorted(instance.tensors) if value not in made][: _arity(instance)]


def _arity(instance: Instance) -> int:
    return len(instance.inputs)


def _made(steps: Iterable[Step], made: set[int]) -> None:
    for step in steps:
        if isinstance(step, LayerStep):
            made.add(step.output)
        elif isinstance(step, CallStep):
            made.update(step.outputs)
        else:
            _made(step.steps, made)


def output_ids(instance: Instance) -> list[int]:
    """The values that a call of the block gives: its results, then its named outputs."""
    result = instance.result
    if result is None:
        return []
    results = result if type(result) is tuple else (result,)
    return [*[ref.id for ref in results], *[output.id for output in instance.outputs]]
