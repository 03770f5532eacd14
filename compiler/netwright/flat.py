"""A net as one row of layers: blocks opened, loops turned, every value under a number of its own.

Each layer also tells its place among those that `folded` ledgers show once.
"""

from collections.abc import Iterator

from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step, advanced
from netwright.memory import outcomes
from netwright.record import record, replace

Key = tuple[int, ...]


@record
class Layer:
    """A layer of a net, its values numbered through the whole net.

    ``shown`` is the path that it shares with its equals in a row, ``layer1.1…3.conv1``, and
    ``key`` their place among the steps of the net. ``blocks`` are the blocks around it, each as
    the number of parts of its path, and its name.
    """

    path: str
    shown: str
    key: Key
    step: LayerStep
    reused: bool
    side: bool
    blocks: tuple[tuple[int, str], ...]


class Flat:
    """Walks through the steps of one net."""

    def __init__(self) -> None:
        self.values = 0

    def net(self, instance: Instance) -> Iterator[Layer]:
        """All layers in the order of computation."""
        return self.steps(instance.steps, {})

    def steps(self, steps: tuple[Step, ...], known: dict[int, int]) -> Iterator[Layer]:
        """The layers of a body, whose values have the numbers ``known``."""
        for place, run in enumerate(_runs(steps)):
            for step in run:
                shown = _ranged(step.path, run) if isinstance(step, CallStep) else ""
                for layer in self.step(step, shown, known):
                    yield replace(layer, key=(place, *layer.key))

    def step(self, step: Step, shown: str, known: dict[int, int]) -> Iterator[Layer]:
        """The layers of one step."""
        match step:
            case LayerStep():
                yield self.layer(step, known)
            case CallStep():
                yield from self.call(step, shown, known)
            case FoldStep():
                yield from self.fold(step, known)

    def layer(self, step: LayerStep, known: dict[int, int]) -> Layer:
        """A layer that takes and makes numbered values."""
        inputs = tuple([self.number(value, known) for value in step.inputs])
        known.pop(step.output, None)
        made = replace(step, inputs=inputs, output=self.number(step.output, known))
        return Layer(step.path, step.path, (), made, step.reused, step.side, ())

    def number(self, value: int, known: dict[int, int]) -> int:
        """The number of a value of a body."""
        if value not in known:
            known[value] = self.values
            self.values += 1
        return known[value]

    def call(self, step: CallStep, shown: str, known: dict[int, int]) -> Iterator[Layer]:
        """The layers of a block."""
        inside = {place: self.number(value, known) for place, value in enumerate(step.inputs)}
        parts = shown.count(".") + 1 if shown else 0
        around = ((parts, step.instance.name),) if shown else ()
        for layer in self.steps(step.instance.steps, inside):
            yield Layer(
                f"{step.path}.{layer.path}" if step.path else layer.path,
                f"{shown}.{layer.shown}" if shown else layer.shown,
                layer.key,
                layer.step,
                layer.reused or step.reused,
                layer.side or step.side,
                (*around, *((parts + inner, name) for inner, name in layer.blocks)),
            )
        for value, end in zip(step.outputs, outcomes(step.instance), strict=False):
            known[value] = self.number(end, inside)

    def fold(self, step: FoldStep, known: dict[int, int]) -> Iterator[Layer]:
        """The layers of all turns of a loop."""
        enter = self.number(step.enter, known)
        for turn in range(step.times):
            for layer in self.steps(step.steps, known):
                path = advanced(layer.path, step.prefix, turn * step.advance)
                shown = _turned(layer.shown, step)
                side = layer.side or step.side
                yield replace(layer, path=path, shown=shown, side=side)
            known[step.enter] = known[step.leave]
        known[step.enter] = enter


def reached(instance: Instance) -> set[str]:
    """The paths of the layers that an output of a net depends on, one of training too."""
    known: dict[int, int] = {}
    layers = list(Flat().steps(instance.steps, known))
    wanted = {known[value] for value in outcomes(instance) if value in known}
    found: set[str] = set()
    for layer in reversed(layers):
        if layer.step.output in wanted:
            wanted |= set(layer.step.inputs)
            found.add(layer.path)
    return found


def _turned(path: str, fold: FoldStep) -> str:
    """The paths of all turns in one."""
    last = advanced(path, fold.prefix, (fold.times - 1) * fold.advance)
    return _between(path, last, len(fold.prefix))


def _between(first: str, last: str, at: int) -> str:
    """Two paths that differ in a number alone: ``layer1.1…3.conv1``."""
    if first == last:
        return first
    number, dot, tail = first[at:].partition(".")
    return f"{first[:at]}{number}…{last[at:].partition('.')[0]}{dot}{tail}"


def _ranged(path: str, run: list[Step]) -> str:
    """The path that a call shares with those of its run."""
    first, last = run[0], run[-1]
    assert isinstance(first, CallStep) and isinstance(last, CallStep)
    return _between(first.path, last.path, len(_numbered(path)[0])) if len(run) > 1 else path


def _runs(steps: tuple[Step, ...]) -> Iterator[list[Step]]:
    """The steps, calls of one block under numbers that follow each other in one."""
    run: list[Step] = []
    for step in steps:
        if run and _follows(step, run[0], len(run)):
            run.append(step)
            continue
        if run:
            yield run
        run = [step]
    if run:
        yield run


def _follows(step: Step, first: Step, count: int) -> bool:
    """Whether a call goes on with a run: same block, same shapes, next number."""
    if not (isinstance(step, CallStep) and isinstance(first, CallStep)):
        return False
    prefix, number = _numbered(first.path)
    return (
        step.instance is first.instance
        and not (step.reused or first.reused)
        and step.side == first.side
        and number >= 0
        and step.path == f"{prefix}{number + count}"
    )


def _numbered(path: str) -> tuple[str, int]:
    """A path before its last number, and that number; -1 where it ends otherwise."""
    prefix = path.rstrip("0123456789")
    return prefix, int(path[len(prefix) :]) if prefix != path else -1
