"""Blocks that nobody calls and nets that nobody gives their arguments, on numbers of our own.

A mistake is told where every sample meets it, whatever its input is: what any sample passes may be
meant. Ranks and axes that do not fit are certain then; sizes that differ are where one is larger in
all samples, for what is larger here and smaller there may be equal somewhere.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from netwright import syntax
from netwright.bind.binder import Binder, Bounds
from netwright.bind.call import bind_block
from netwright.bind.scope import FileNames
from netwright.bind.working import Caller
from netwright.diagnostics import Diagnostic, Related, Report, Severity
from netwright.kinds import type_of
from netwright.ops.find import find
from netwright.program import Definition
from netwright.record import replace
from netwright.tensor import BOXES, FEATURES, IMAGE_AXES, LENGTH, Tensor
from netwright.values import Exhausted, Fault, Partial, Poisoned, spec_text

SAMPLES = 24
LEAST = 8  # samples that must meet a mistake
CHANNELS = (64, 12, 1, 2, 3, 4, 6, 8, 16, 17, 32, 96, 128, 1024, 5000)
CELLS = (32, 33, 224, 1, 2, 7, 8, 16, 64, 999)
KERNELS = (1, 2, 3, 5)
AXES = (*IMAGE_AXES.values(), (LENGTH, FEATURES), (LENGTH,))
TOKENS = 1000  # how many a sequence without features tells apart
OF_RANKS = frozenset(
    {
        "axes-mismatch",
        "image-input",
        "integer-input",
        "integers-expected",
        "kernel-rank",
        "rank-mismatch",
        "unknown-attribute",
    }
)
OF_SIZES = frozenset({"contract-failed", "shape-mismatch"})
PASSED = {"norm": "batch_norm", "activation": "relu"}
LAYERS = 20_000

Found = dict[tuple[str, int, int], Diagnostic]


class Nobody:
    """Who calls a block that is called by no one."""

    caller: Caller | None = None

    def where(self) -> str:
        """No loops and labels are around."""
        return ""


def check_uncalled(binder: Binder) -> None:
    """Report what is certainly wrong in the definitions of the main file that nobody uses."""
    used = {instance.definition for instance in binder.instances.values()}
    used |= {net.definition for net in binder.nets.values() if net is not None}
    samples = Samples(binder)
    found = [
        (definition, each)
        for definition in binder.program.main.definitions
        if definition not in used | binder.broken
        and isinstance(definition.node, syntax.Block | syntax.Net)
        for each in samples.certain(definition)
    ]
    for definition, each in found:
        if definition not in samples.reached:  # else its mistakes are those of who calls it
            binder.report.add(each)


class Samples:
    """Runs of definitions on numbers of our own, with as much work for all as a check has."""

    def __init__(self, binder: Binder) -> None:
        self.program = binder.program
        self.program.budget.left = binder.bounds.work
        self.reached: set[Definition] = set()  # what some definition calls that was tried

    def certain(self, definition: Definition) -> Sequence[Diagnostic]:
        """The mistakes that every input of a definition meets; of the kind that gets furthest."""
        found: list[Sequence[Diagnostic]] = []
        for axes in kinds_of_input(definition):
            found.append(self.of_kind(definition, axes))
            if not found[-1]:
                return ()
        return max(found, key=lambda each: (-len(each), each[0].span.start), default=())

    def of_kind(self, definition: Definition, axes: tuple[str, ...] | None) -> Sequence[Diagnostic]:
        """The mistakes that all samples with an input of some axes meet."""
        samples: list[Found] = []
        for place in range(SAMPLES):
            found = self.sample(definition, axes, Random(place) if place else None, place)
            if found is not None:
                samples.append(found)
            if samples and not set.intersection(*map(set, samples)):
                return ()
        if len(samples) < LEAST:
            return ()
        common = sorted(set.intersection(*map(set, samples)))
        every = [[found[key] for found in samples] for key in common]
        return [each[0] for each in every if is_certain(each)]

    def sample(
        self,
        definition: Definition,
        axes: tuple[str, ...] | None,
        random: Random | None,
        place: int = 0,
    ) -> Found | None:
        """What is wrong with a definition under some numbers; none where that tells nothing."""
        report = Report()
        work = max(1, self.program.budget.left)
        scratch = Binder(self.program, report, Bounds(layers=LAYERS, work=work))
        tensor = _input(axes or (), random)
        try:
            values = dict(_values(definition, tensor, random)) | _boxes(definition, place, random)
            if axes is None:
                scratch.net(definition, values)
            else:
                _block(definition, values, tensor, scratch)
        except (Fault, Poisoned, Exhausted, RecursionError, LookupError):
            return None
        self.reached |= {i.definition for i in scratch.instances.values()} - {definition}
        found = [each for each in report.diagnostics if each.severity is Severity.ERROR]
        if any(each.code == "require-failed" for each in found):
            return None
        tried = (Related(definition.node.name.span, f"in {_said(definition, values)}"),)
        return {
            (each.code, each.span.start, each.span.end): replace(each, trace=each.trace or tried)
            for each in found
        }


def kinds_of_input(definition: Definition) -> list[tuple[str, ...] | None]:
    """The axes that an input may have; of a net, which declares its own, none is to be chosen."""
    if not isinstance(definition.node, syntax.Block):
        return [None]
    contract = definition.node.contract
    ranks = (3, 2, 1, 4) if contract is None else (len(contract.inputs),)
    return [axes for rank in ranks for axes in AXES if len(axes) == rank]


def is_certain(found: Sequence[Diagnostic]) -> bool:
    """Whether a mistake that all samples meet is one whatever the numbers are."""
    if found[0].code in OF_RANKS:
        return True
    if found[0].code not in OF_SIZES:
        return False
    pairs = [_sizes(each.message)[:2] for each in found]
    if any(len(pair) < 2 for pair in pairs):
        return False
    if found[0].code == "contract-failed" and all(len(a) != len(b) for a, b in pairs):
        return True
    signs = [[(a > b) - (a < b) for a, b in zip(one, other, strict=False)] for one, other in pairs]
    return any(set(axis) in ({1}, {-1}) for axis in zip(*signs, strict=False))


def _sizes(message: str) -> list[list[int]]:
    """The shapes that a message tells."""
    return [
        [int(size) for size in shape.split(", ")]
        for shape in re.findall(r"\[(\d+(?:, \d+)*)\]", message)
    ]


def _input(axes: tuple[str, ...], random: Random | None) -> Tensor:
    """An input of some axes."""
    channels = random.choice(CHANNELS) if random else CHANNELS[0]
    integers = TOKENS if axes == (LENGTH,) else None
    return Tensor(tuple(_sizes_of(axes, channels, random)), axes, integers)


def _sizes_of(axes: tuple[str, ...], channels: int, random: Random | None) -> Iterator[int]:
    """Sizes of an input: its channels, or features, and cells."""
    for place, name in enumerate(axes):
        if name == FEATURES or (place == 0 and name != LENGTH):
            yield channels
        else:
            yield random.choice(CELLS) if random else CELLS[0]


def _values(
    definition: Definition, tensor: Tensor, random: Random | None
) -> Iterator[tuple[str, Any]]:
    """Values for the parameters without a default; `LookupError` for one that could be anything."""
    channels = tensor.sizes[0] if tensor.sizes else CHANNELS[0]
    for param in definition.params:
        if param.default is not None:
            continue
        match type_of(param):
            case "int" | "any":
                own = random is not None and random.random() < 0.6
                yield param.name.name, random.choice(CHANNELS) if own and random else channels
            case "bool":
                yield param.name.name, random is not None and random.random() < 0.5
            case "float":
                yield param.name.name, 0.5
            case "kernel":
                yield param.name.name, random.choice(KERNELS) if random else KERNELS[0]
            case "norm" | "activation" as kind:
                yield param.name.name, Partial(find(PASSED[kind]))
            case "tensor":
                yield param.name.name, tensor
            case _:
                raise LookupError(param.name.name)


def _boxes(definition: Definition, place: int, random: Random | None) -> dict[str, Any]:
    """Boxes for some of the tensors that a block asks for; `LookupError` for too many to try.

    Over the samples each of them is once like the input and once boxes, with all others.
    """
    names = [param.name.name for param in definition.params if type_of(param) == "tensor"]
    if 2 ** len(names) > SAMPLES:
        raise LookupError(names[0])
    rows = random.choice(CELLS) if random else CELLS[0]
    boxes = Tensor((rows, 4), (BOXES, FEATURES))
    return {name: boxes for bit, name in enumerate(names) if place >> bit & 1}


def _block(definition: Definition, values: dict[str, Any], tensor: Tensor, scratch: Binder) -> None:
    """Bind a block to an input, as a call would that gives it these values."""
    span = definition.node.name.span
    bound = bind_block(definition, values, (), span, FileNames(definition.home), ())
    args = [(name, value) for name, value in bound.values.items() if not _is_tensor(value)]
    inputs = [("in", tensor), *((n, v) for n, v in bound.values.items() if _is_tensor(v))]
    said = f"{_said(definition, values)}, on {tensor}"
    scratch.instance(definition, tuple(args), tuple(inputs), (Nobody(), span, said))


def _said(definition: Definition, values: dict[str, Any]) -> str:
    """The call that was tried."""
    parts = [f"{name}={spec_text(v)}" for name, v in values.items() if not _is_tensor(v)]
    call = f"{definition.name}({', '.join(parts)})" if parts else definition.name
    return f"`{call}`, which no line calls"


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)
