"""A family of nets stage by stage, as the tables of papers have it: a stage is a size of the map.

He et al., *Deep Residual Learning for Image Recognition*, 2015, table 1.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from netwright.compare.parts import Part, parts
from netwright.flat import Flat, Layer
from netwright.instance import CallStep, FoldStep, Instance, LayerStep, Step
from netwright.ops.base import Op, Role
from netwright.record import record, replace
from netwright.tensor import CHANNELS, Tensor, number
from netwright.values import Ref, plain, spec_text

MOST_LINES = 6
"""Lines of a block that is told layer by layer; of a longer one its call is told."""

Sizes = tuple[int, ...]
Column = tuple[tuple[Sizes, int], "tuple[Entry, ...]"]
"""What a net does on maps of one size, that it has for so manieth a time."""


@record
class Entry:
    """A layer, or a block of some, that stands ``times`` in a row; ``size`` is that of its map."""

    path: str
    last: str
    lines: tuple[str, ...]
    block: bool
    times: int
    size: Sizes
    weighs: bool


@record
class Stage:
    """What works on maps of one size, for each net; ``name`` is what the weights are called."""

    name: str
    size: Sizes
    cells: tuple[tuple[Entry, ...], ...]


def stages(instances: Sequence[Instance]) -> list[Stage]:
    """The stages of some nets side by side: by their order, or where they differ by their size."""
    columns = [_staged(instance) for instance in instances]
    if len({len(column) for column in columns}) == 1:
        rows = [
            Stage("", cells[0][0][0], tuple(entries for _, entries in cells))
            for cells in zip(*columns, strict=True)
        ]
    else:
        rows = _aligned(columns)
    names = [_common(stage) for stage in rows]
    return [
        replace(stage, name=_name(stage, name, alone=names.count(name) == 1))
        for stage, name in zip(rows, names, strict=True)
    ]


def _aligned(columns: Sequence[list[Column]]) -> list[Stage]:
    """The stages by their sizes; what the first net does not have stands before its end."""
    keys = dict.fromkeys(key for key, _ in columns[0])
    others = dict.fromkeys(key for column in columns for key, _ in column if key not in keys)
    ends = [key for key in keys if not key[0]]
    order = [*(key for key in keys if key[0]), *others, *ends]
    found = [dict(column) for column in columns]
    return [Stage("", key[0], tuple(column.get(key, ()) for column in found)) for key in order]


def _staged(instance: Instance) -> list[Column]:
    """The entries of a net by the sizes of their maps; a size that comes again is counted."""
    seen, rows = dict[Sizes, int](), list[Column]()
    found = [entry for part in parts(instance) for entry in _entries(part)]
    for size, group in groupby(found, lambda entry: entry.size):
        seen[size] = seen.get(size, 0) + 1
        rows.append(((size, seen[size]), tuple(_repeated(group))))
    return rows


def _repeated(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Equal neighbours as one."""
    for _, group in groupby(entries, lambda entry: (entry.lines, entry.block)):
        found = list(group)
        times = sum(entry.times for entry in found)
        yield replace(found[0], times=times, last=found[-1].last)


# Entries


def _entries(part: Part) -> Iterator[Entry]:
    """What a part of a net has to show."""
    match part.step:
        case LayerStep() as step:
            text = words(step)
            if text and not step.side:
                yield Entry(
                    part.path, part.path, (text,), False, 1, _size(step.result), bool(step.weights)
                )
        case CallStep() as step:
            if not step.side:
                yield from _block(part, step)
        case None:
            for inner in part.parts:
                yield from _entries(inner)


def _block(part: Part, step: CallStep) -> Iterator[Entry]:
    """A block: its layers in a bracket, its parts where they stand in a row, or its call."""
    block = step.instance
    pools = any(layer.step.op.role is Role.POOLING for layer in Flat().net(block))
    lines = tuple(_without_stride(words(layer.step)) for layer in _main(block))
    told = 0 < len(lines) <= MOST_LINES and not _has_branches(block)
    if _is_row(block) and (pools or not told):
        for one in part.parts:
            yield from _entries(one)
        return
    shown = lines if told else (called(block),)
    yield Entry(part.path, part.path, shown, True, 1, _made(block), bool(block.totals.params))


def _is_row(block: Instance) -> bool:
    """Whether each step of a block reads the one before and nothing else."""
    current = 0
    for step in block.steps:
        reads = (step.enter,) if isinstance(step, FoldStep) else step.inputs
        if reads != (current,):
            return False
        current = _end(step)
    return len(block.inputs) == 1


def _end(step: Step) -> int:
    """The value that a step gives."""
    match step:
        case LayerStep():
            return step.output
        case CallStep():
            return step.outputs[0]
        case FoldStep():
            return step.leave


def _ways(block: Instance) -> dict[int, tuple[Layer, ...]]:
    """The layers with something to show on the longest way to each value of a block."""
    longest: dict[int, tuple[Layer, ...]] = {}
    for layer in Flat().net(block):
        ways = [longest.get(value, ()) for value in layer.step.inputs]
        shown = (layer,) if words(layer.step) else ()
        longest[layer.step.output] = (*max(ways, key=len, default=()), *shown)
    return longest


def _main(block: Instance) -> tuple[Layer, ...]:
    """The layers with something to show on the longest way through a block."""
    ways = _ways(block)
    return ways[list(ways)[-1]] if ways else ()


def _has_branches(block: Instance) -> bool:
    """Whether layers beside the longest way do more than project a shortcut or make a gate."""
    ways, layers = _ways(block), list(Flat().net(block))
    main = {layer.step.output for layer in _main(block)}
    beside = [one for one in layers if one.step.weights and words(one.step)]
    joined = (
        sum(bool(ways.get(value)) for value in one.step.inputs) > 1
        for one in layers
        if one.step.op.name == "concat"
    )
    return any(joined) or sum(one.step.output not in main for one in beside) > 1


def called(block: Instance) -> str:
    """A block with what it was given: ``inception(64, 96, 128, 16, 32, 32)``."""
    given = ", ".join(spec_text(value) for _, value in block.args)
    return f"{block.name}({given})" if given and len(given) <= 40 else block.name


def _made(block: Instance) -> Sizes:
    ends = block.result if isinstance(block.result, tuple) else (block.result,)
    return _size(next((end.tensor for end in map(plain, ends) if isinstance(end, Ref)), None))


def _size(result: object) -> Sizes:
    """The places of a map; none of a vector."""
    tensor = result[0] if isinstance(result, tuple) and result else result
    if not isinstance(tensor, Tensor) or tensor.rank < 2:
        return ()
    rest = tensor.sizes[1:] if tensor.axes[0] == CHANNELS else tensor.sizes[:1]
    return tuple(map(number, rest))


# Words


def words(step: LayerStep) -> str:
    """A layer as papers write it: ``3×3, 64, stride 2``; nothing of one that is not told."""
    op = step.op
    match op.role:
        case Role.CONVOLUTION:
            return _convolution(step)
        case Role.POOLING:
            return _pool(step)
        case Role.LINEAR if "features" in op.params:
            return f"{spec_text(getattr(op, 'features', ''))}-d fc"
        case Role.RECURRENT:
            both = "bidirectional " if getattr(op, "bidirectional", False) else ""
            return f"{both}{op.name.upper()}, {getattr(op, 'hidden', '')}"
        case Role.ATTENTION:
            return f"attention, {getattr(op, 'heads', 1)} heads"
        case Role.EMBEDDING:
            return f"{getattr(op, 'width', '')}-d {op.name}"
    return op.name if op.name in TOLD else ""


TOLD = frozenset(
    {"softmax", "upsample", "depth_to_space", "space_to_depth", "pixel_shuffle", "reorg"}
)
KINDS = {
    "depthwise_conv": " depthwise",
    "separable_conv": " separable",
    "conv_transpose": " up-conv",
}


def _convolution(step: LayerStep) -> str:
    op = step.op
    kernel, made = getattr(op, "k", 1), step.result
    width = number(made.sizes[0]) if isinstance(made, Tensor) else 0
    groups = getattr(op, "groups", 1)
    kind = KINDS.get(op.name, "")
    if groups not in (1, None) and groups == number(step.tensors[0].sizes[0]):
        kind, groups = " depthwise", 1
    return ", ".join(
        [
            f"{_by(kernel, step)}{kind}",
            str(width),
            *([f"groups {groups}"] if groups != 1 else []),
            *([f"dilation {_one(op, 'dilation')}"] if _one(op, "dilation") != "1" else []),
            *_stride(op),
        ]
    )


def _pool(step: LayerStep) -> str:
    op = step.op
    kind = "max pool" if "max" in op.name else "average pool"
    if op.name.startswith("global"):
        return f"global {kind}"
    if op.name.startswith("adaptive"):
        return ""
    return ", ".join([f"{_by(getattr(op, 'k', 1), step)} {kind}", *_stride(op)])


def _by(kernel: object, step: LayerStep) -> str:
    sides = kernel if isinstance(kernel, tuple) else (kernel,) * (step.tensors[0].rank - 1)
    return "×".join(map(str, sides))


def _stride(op: Op) -> list[str]:
    stride = _one(op, "stride")
    if stride == "None":
        stride = _one(op, "k")
    return [f"{STRIDE}{stride}"] if stride != "1" else []


STRIDE = "stride "


def _one(op: Op, name: str) -> str:
    """An argument of which the sides are equal as one number."""
    value = getattr(op, name, 1)
    if isinstance(value, tuple) and value:
        return str(value[0]) if len(set(value)) == 1 else "×".join(map(str, value))
    return str(value)


def _without_stride(text: str) -> str:
    """A line inside of a block, where the size of the map tells the stride."""
    return text.rpartition(f", {STRIDE}")[0] or text


# Names


def _ends(stage: Stage) -> tuple[list[str], list[str]]:
    """The first and the last path of weights of a stage, in pieces."""
    cell = max(stage.cells, key=len)
    paths = [path for entry in cell if entry.weighs for path in (entry.path, entry.last)]
    return (paths[0].split("."), paths[-1].split(".")) if paths else ([], [])


def _common(stage: Stage) -> str:
    """What all names of weights of a stage start with."""
    first, last = _ends(stage)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return ".".join(first[:same])


def _name(stage: Stage, common: str, *, alone: bool) -> str:
    """What the weights of a stage are called, as far as their names agree."""
    first, last = _ends(stage)
    if not first or (common and alone):
        return common
    same = common.count(".") + 1 if common else 0
    start = ".".join(first[: same + 1])
    return start if first == last else f"{start}…{last[same]}" if same else f"{start} … {last[0]}"
