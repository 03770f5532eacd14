"""The ledger of a net: a row for each layer at work, or for each block, with shapes and counts."""

from collections.abc import Iterable, Iterator

from netwright.instance import CallStep, FoldStep, LayerStep, Step, advanced, expand, scalars
from netwright.record import field, record
from netwright.source import Span
from netwright.tensor import Tensor


@record
class Row:
    """A layer under its path, or the sum of ``times`` equal ones that follow each other."""

    path: str
    kind: str
    inputs: tuple[Tensor, ...]
    output: tuple[Tensor, ...]
    params: int
    total_params: int
    macs: int
    span: Span = field(compare=False)
    times: int = field(default=1)
    side: bool = field(default=False)


def rows(steps: tuple[Step, ...]) -> Iterator[Row]:
    """Every layer in the order of computation, loops turned and blocks opened."""
    for leaf in expand(steps):
        yield _row(leaf.path, leaf.step, reused=leaf.reused, side=leaf.side)


def _row(path: str, step: LayerStep, *, reused: bool, side: bool) -> Row:
    """One layer; its weights count where it is first used, its MACs outside side outputs."""
    weights = [] if reused else [weight for weight in step.weights if weight.counted]
    return Row(
        path,
        step.op.name,
        step.tensors,
        step.result if isinstance(step.result, tuple) else (step.result,),
        sum(scalars(weight) for weight in weights if weight.trains),
        sum(map(scalars, weights)),
        0 if side else step.macs,
        step.span,
        side=side,
    )


def folded(steps: Iterable[Step], prefix: str = "") -> Iterator[Row]:
    """The layers, but what repeats in a row once, with the sum of its counts."""
    for step in _runs(steps):
        if isinstance(step, LayerStep):
            yield _row(prefix + step.path, step, reused=step.reused, side=step.side)
        elif isinstance(step, CallStep):
            inner = f"{prefix}{step.path}." if step.path else prefix
            for row in folded(step.instance.steps, inner):
                yield _inside(row, row.path, 1, reused=step.reused, side=step.side)
        else:
            for row in folded(step.steps):
                path = prefix + _ranged(row.path, step)
                yield _inside(row, path, step.times, reused=False, side=step.side)


def _inside(row: Row, path: str, times: int, *, reused: bool, side: bool) -> Row:
    """A row of a block or loop, as its net counts it."""
    return Row(
        path,
        row.kind,
        row.inputs,
        row.output,
        0 if reused else row.params * times,
        0 if reused else row.total_params * times,
        0 if side else row.macs * times,
        row.span,
        row.times * times,
        row.side or side,
    )


def _ranged(path: str, fold: FoldStep) -> str:
    """The paths of all turns in one: ``layer1.1…3.conv1``."""
    last = advanced(path, fold.prefix, (fold.times - 1) * fold.advance)
    if last == path:
        return path
    first, dot, tail = path[len(fold.prefix) :].partition(".")
    return f"{fold.prefix}{first}…{last[len(fold.prefix) :].partition('.')[0]}{dot}{tail}"


def _runs(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, with calls of one instance under numbers that follow each other as one loop."""
    run: list[CallStep] = []
    for step in steps:
        if isinstance(step, CallStep) and run and _follows(step, run):
            run.append(step)
            continue
        yield from _gathered(run)
        run = [step] if isinstance(step, CallStep) else []
        if not run:
            yield step
    yield from _gathered(run)


def _follows(step: CallStep, run: list[CallStep]) -> bool:
    """Whether a call goes on with a run: same block, same shapes, next number."""
    first = run[0]
    prefix, number = _numbered(first.path)
    return (
        step.instance is first.instance
        and not (step.reused or first.reused)
        and step.side == first.side
        and number >= 0
        and step.path == f"{prefix}{number + len(run)}"
    )


def _numbered(path: str) -> tuple[str, int]:
    """A path before its last number, and that number; -1 where it ends otherwise."""
    prefix = path.rstrip("0123456789")
    return prefix, int(path[len(prefix) :]) if prefix != path else -1


def _gathered(run: list[CallStep]) -> Iterator[Step]:
    if len(run) < 2:
        yield from run
        return
    first, last = run[0], run[-1]
    prefix, _ = _numbered(first.path)
    enter = first.inputs[0] if first.inputs else -1
    leave = last.outputs[0]
    yield FoldStep(len(run), prefix, 1, enter, leave, (first,), first.span, side=first.side)


def blocks(steps: Iterable[Step], prefix: str = "") -> dict[str, tuple[str, int]]:
    """The block behind each path of `folded`, and how often it stands there in a row."""
    found: dict[str, tuple[str, int]] = {}
    for step in _runs(steps):
        if isinstance(step, CallStep):
            path = prefix + step.path
            found[path] = (step.instance.name, 1)
            found |= blocks(step.instance.steps, f"{path}." if step.path else prefix)
        elif isinstance(step, FoldStep):
            for path, (name, times) in blocks(step.steps).items():
                found[prefix + _ranged(path, step)] = (name, times * step.times)
    return found


def summed(steps: tuple[Step, ...], depth: int) -> Iterator[Row]:
    """Neighbours with the same first ``depth`` parts of their paths, as one row each."""
    known, group = blocks(steps), list[Row]()
    for row in folded(steps):
        if group and _cut(row.path, depth) != _cut(group[0].path, depth):
            yield _sum(group, depth, known)
            group = []
        group.append(row)
    if group:
        yield _sum(group, depth, known)


def _cut(path: str, depth: int) -> str:
    return ".".join(path.split(".")[:depth])


def _sum(group: list[Row], depth: int, known: dict[str, tuple[str, int]]) -> Row:
    """One row for several: of a block its name, of what has none the number of its layers."""
    first, last = group[0], group[-1]
    if len(group) == 1 and _cut(first.path, depth) == first.path:
        return first
    path = _cut(first.path, depth)
    kind, times = known.get(path, (f"{sum(row.times for row in group):,} layers", 1))
    return Row(
        path,
        kind,
        first.inputs,
        last.output,
        sum(row.params for row in group),
        sum(row.total_params for row in group),
        sum(row.macs for row in group),
        first.span,
        times,
        all(row.side for row in group),
    )
