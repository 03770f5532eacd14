"""Where weights start: in the loop of a net, in one of a class, or in lines behind a layer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from netwright.lower import model
from netwright.record import record
from netwright.targets.code import Block
from netwright.targets.initial import (
    OWN_LINE,
    SEVERAL,
    initialised,
    starting,
    starts_of_op,
    surely_has,
    torch_lines,
)

Start = tuple[Any, Any]
NOTHING: Start = (None, None)


class Starts:
    """What the loop of each net cannot do alone.

    Layers of a kind that start in one way are the loop's. Where few of a net's own start in
    another, they follow the loop; where the ways are mixed further, each class sees to its own.
    """

    def __init__(self, file: Any, written: Any) -> None:
        self.apart: set[str] = set()
        self.exceptions: dict[int, Start] = {}  # and how the loop starts them
        for routine in file.lowerer.order:
            if routine.is_net:
                kinds = by_kind(file, written, file.all_layers(routine))
                for kind, layers in kinds.items():
                    self._judge(kind, layers, set(map(id, _outermost(routine.statements))))

    def _judge(self, kind: str, layers: list[model.Layer], own: set[int]) -> None:
        ways = Counter(starts_of_op(layer.op) for layer in layers)
        (usual, times) = ways.most_common(1)[0]
        others = [layer for layer in layers if starts_of_op(layer.op) != usual]
        follow = all(id(s) in own and _overrides(starts_of_op(s.op), usual) for s in others)
        if others and times > 1 and follow:
            self.exceptions |= dict.fromkeys(map(id, others), usual)
        elif others:
            self.apart.add(kind)


def _overrides(start: Start, usual: Start) -> bool:
    """Whether a start says something of all that the usual one does."""
    return all(other is not None or one is None for other, one in zip(start, usual, strict=True))


def by_kind(file: Any, written: Any, layers: Iterable[model.Layer]) -> dict[str, list[model.Layer]]:
    """Layers that take an initialiser, under each class that holds their weights."""
    found: dict[str, list[model.Layer]] = {}
    for layer in layers:
        if layer.op.name not in OWN_LINE:
            for kind in file.kinds_of(written, layer):
                found.setdefault(kind, []).append(layer)
    return found


def _outermost(statements: Sequence[Any]) -> Iterable[model.Layer]:
    """The layers of a body that are made once, whatever holds."""
    for statement in statements:
        match statement:
            case model.Layer():
                yield statement
            case model.Group():
                yield from _outermost(statement.body)
            case model.Gather():
                for branch in statement.branches:
                    yield from _outermost(branch.body)


@record
class ClassLoop:
    """One way to start for all modules of a kind in a class, or for its children alone."""

    over: str
    start: Start
    sure: set[str]


def class_loops(file: Any, written: Any, apart: set[str]) -> dict[str, ClassLoop]:
    """The kinds of which a class starts at least two layers of its own in the same way."""
    routine = written.routine
    own = set(map(id, statements := written.own_statements()))
    if any(isinstance(s, model.Call) and s.routine is None for s in statements):
        return {}  # what is passed may hold modules of any kind
    everything = by_kind(file, written, initialised(routine, set()))
    loops: dict[str, ClassLoop] = {}
    for kind, layers in everything.items():
        direct = [layer for layer in layers if id(layer) in own]
        starts = {starts_of_op(layer.op) for layer in direct}
        if kind not in apart or len(direct) < 2 or len(starts) > 1 or starts == {NOTHING}:
            continue
        alone = {starts_of_op(layer.op) for layer in layers} == starts
        over = "modules" if alone else "children"
        if alone or all(_child(layer, routine) for layer in direct):
            sure = set.intersection(*(surely_has(layer.op, kind) for layer in direct))
            loops[kind] = ClassLoop(over, starts.pop(), sure)
    return loops


def _child(layer: model.Layer, routine: Any) -> bool:
    """Whether the module of a layer is an attribute of the class itself."""
    place = layer.place
    return place is not None and place.home is routine.home and layer.op.name != "separable_conv"


Row = tuple[Any, Any, str]


def initialise(file: Any, written: Any) -> list[Any]:
    """The loops over the modules of a class, an `isinstance` for each way to start."""
    rows: dict[Row, dict[str, set[str]]] = {}
    children: dict[Row, dict[str, set[str]]] = {}
    if written.routine.is_net:
        for layer in file.all_layers(written.routine):
            if layer.op.name not in OWN_LINE and not written.starts_apart(layer):
                file.use_helpers(starting(*starts_of_op(layer.op)))
                kind = written.class_of(layer)
                _note(rows, starts_of_op(layer.op), kind, surely_has(layer.op, kind))
    for kind, loop in written.loops().items():
        file.use_helpers(starting(*loop.start))
        _note(rows if loop.over == "modules" else children, loop.start, kind, loop.sure)
    return [*_loop("modules", rows), *_loop("children", children)]


def _note(rows: dict[Row, dict[str, set[str]]], start: Start, kind: str, sure: set[str]) -> None:
    if start != NOTHING:
        row = rows.setdefault((*start, SEVERAL.get(kind, "")), {})
        row[kind] = row.get(kind, {"weight", "bias"}) & sure


def _loop(over: str, rows: dict[Row, dict[str, set[str]]]) -> list[Any]:
    chain: list[Any] = []
    for (init, bias, several), kinds in rows.items():
        test = f"{'elif' if chain else 'if'} isinstance(module, {' | '.join(kinds)}):"
        sure = set.intersection(*kinds.values())
        chain.append(Block(test, torch_lines(init, bias, "module", several, sure)))
    return [Block(f"for module in self.{over}():", chain)] if chain else []
