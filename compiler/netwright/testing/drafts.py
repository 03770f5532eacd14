"""Random specs that check: lines are drawn one by one, and what does not fit is taken out again."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from netwright.diagnostics import Report, Severity
from netwright.files import DiskFiles
from netwright.instance import Instance
from netwright.parse import parse
from netwright.pipeline import check
from netwright.record import record
from netwright.source import Source
from netwright.tensor import IMAGE_AXES, LENGTH, Tensor, number
from netwright.testing.bodies import body, statement
from netwright.testing.calls import sizes_of
from netwright.testing.idle import idle
from netwright.testing.layers import Unfit
from netwright.testing.parameters import parameters
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.pieces import Piece, Pieces, text_of, without
from netwright.testing.sight import Parameter, Sight, Unit
from netwright.values import Ref

MOST_PARAMS = 100_000
MOST_LAYERS = 150
ROUNDS = 4

BLOCKS = ("unit", "cell", "fire", "twin", "stage", "conv_bn")
PLAIN = "net Plain {\n    input image[1, 4, 4]\n    relu\n}\n"
NETS = ("Tiny", "Probe", "Net", "Twin")


@record
class Found:
    """What a check says: the lines with errors, and what each net ends in."""

    wrong: tuple[int, ...]
    results: dict[str, Tensor | None]


@lru_cache(maxsize=4096)
def checked(text: str) -> Found:
    """A spec, through all checks."""
    report = Report()
    spec = check(parse(Source("spec.net", text), report), DiskFiles(), report)
    errors = [found for found in report.diagnostics if found.severity is Severity.ERROR]
    results: dict[str, Tensor | None] = {}
    for net in spec.nets:
        result = net.instance.result
        fits = isinstance(result, Ref) and is_fit(net.instance)
        results[net.name] = result.tensor if fits else None
    return Found(tuple(found.span.line for found in errors), results)


def is_fit(instance: Instance) -> bool:
    """Whether a net is small, and all its weights have a part in what it gives."""
    totals = instance.totals
    small = totals.total_params <= MOST_PARAMS and totals.layers <= MOST_LAYERS
    return small and not idle(instance)


Frame = Callable[[Pieces], tuple[str, int]]  # the whole text, and the lines before the pieces


class Draft:
    """A file on its way: its declarations so far, and the names that they bind."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.text = ""
        self.units: list[Unit] = []
        self.numbers: dict[str, int] = {}
        self.functions: list[str] = []

    def sight(self, params: Sequence[Parameter]) -> Sight:
        """What a body of this file may speak of at its start."""
        sight = Sight()
        sight.units = list(self.units)
        sight.numbers = dict(self.numbers)
        sight.functions = list(self.functions)
        for param in params:
            param.show(sight)
        return sight

    def grow(self, sight: Sight, x: Tensor, frame: Frame, name: str, most: int) -> Pieces:
        """Lines that check, after those that the frame has; ``name`` is the net that tells."""
        pieces: Pieces = ()
        for _ in range(self.pen.integer(1, most)):
            state = sight.saved()
            try:
                more, _ = statement(self.pen, sight, x)
            except Unfit:
                sight.restore(state)
                continue
            found = mended(frame, (*pieces, *more), name)
            if found is None:
                sight.restore(state)
            else:
                pieces, x = found
        return pieces


def mended(frame: Frame, pieces: Pieces, name: str) -> tuple[Pieces, Tensor] | None:
    """The pieces less what has errors, and what the net ends in; none where little is left."""
    for _ in range(ROUNDS):
        text, before = frame(pieces)
        found = checked(text)
        if not found.wrong:
            result = found.results.get(name)
            return (pieces, result) if result is not None and pieces else None
        cut = without(pieces, found.wrong[-1] - before)
        if not cut:
            return None
        pieces = cut
    return None


def spec(pen: Pen) -> str:
    """The text of a random spec that checks, with at least one net."""
    draft = Draft(pen)
    _top(draft)
    for _ in range(pen.integer(0, 2)):
        _block(draft)
    _net(draft)
    return draft.text if not checked(draft.text).wrong else PLAIN


def _top(draft: Draft) -> None:
    """Constants, functions and defaults of the file."""
    pen = draft.pen
    if chance(pen, 15):
        draft.text += f"let base = {pen.integer(2, 6)}\n"
        draft.numbers["base"] = int(draft.text.split()[-1])
    if chance(pen, 10):
        draft.text += "set conv(bias=false), batch_norm(eps=0.001)\n"
    if chance(pen, 15):
        draft.text += "def half(n) = max(1, n // 2)\n"
        draft.functions.append("half")


def _block(draft: Draft) -> None:
    """A block, drawn for one tensor and one set of arguments."""
    pen = draft.pen
    free = [name for name in BLOCKS if name not in [unit.name for unit in draft.units]]
    name, x = choose(pen, free), tensor(pen)
    if draft.units and chance(pen, 60):
        x = draft.units[-1].taken
    params = parameters(pen, draft.units, x, most=3, tensors=True)
    sight = draft.sight(params)
    sight.input, sight.named = x, chance(pen, 50)
    doc = "## A part of it.\n" if chance(pen, 10) else ""
    head = f"{draft.text}{doc}block {name}{_listed(p.declared for p in params)} {{\n"
    call = f"{name}{_listed(f'{p.name}={p.text}' for p in params)}"
    probe = f"net Main {{\n    input image{declared(x)}\n    {call}\n}}\n"

    def frame(pieces: Pieces) -> tuple[str, int]:
        return f"{head}{text_of(pieces)}}}\n{probe}", head.count("\n")

    pieces = draft.grow(sight, x, frame, "Main", 4)
    if pieces:
        draft.text = f"{head}{text_of(pieces)}}}\n\n"
        draft.units.append(Unit(name, params, x, caller(draft.text, name)))


def _listed(items: Iterable[str]) -> str:
    text = ", ".join(items)
    return f"({text})" if text else ""


def caller(text: str, name: str) -> Callable[[str, Tensor], Tensor | None]:
    """What a block gives for arguments that are written as numbers."""

    def result(values: str, x: Tensor) -> Tensor | None:
        probe = f"net Main {{\n    input image{declared(x)}\n    {name}({values})\n}}\n"
        found = checked(f"{text}{probe}")
        return None if found.wrong else found.results.get("Main")

    return result


def _net(draft: Draft) -> None:
    """A net, and where it needs arguments a variant that gives them."""
    pen = draft.pen
    name, x = choose(pen, NETS), tensor(pen)
    if draft.units and chance(pen, 75):
        x = draft.units[-1].taken
    params = parameters(pen, draft.units, x, most=2)
    sight = draft.sight(params)
    sight.is_net, sight.has_image, sight.named = True, x.rank == 3, chance(pen, 50)
    required = any(param.default is None for param in params)
    inputs, first = _inputs(draft, sight, x)
    head = f"{draft.text}net {name}{_listed(p.declared for p in params)} {{\n{inputs}"
    given = ", ".join(p.text if p.default is None else f"{p.name}={p.text}" for p in params)
    tail = f"\nnet Main = {name}({given})\n" if required or (params and chance(pen, 30)) else ""

    def frame(pieces: Pieces) -> tuple[str, int]:
        return f"{head}{text_of((*first, *pieces))}}}\n{tail}", head.count("\n") + len(first)

    told = "Main" if tail else name
    pieces = draft.grow(sight, x, frame, told, 6) or (Piece("identity"),)
    draft.text = frame(pieces)[0]


def _inputs(draft: Draft, sight: Sight, x: Tensor) -> tuple[str, Pieces]:
    """The inputs, and where there are two the line that joins them."""
    pen = draft.pen
    if x.integers is not None:
        return f"    input tokens{declared(x)}: int({x.integers})\n", ()
    if chance(pen, 15):
        sight.tensors["left_in"] = sight.tensors["right_in"] = x
        lines = [f"    input {name}{declared(x)}\n" for name in ("left_in", "right_in")]
        return "".join(lines), (
            Piece(choose(pen, ["add [ left_in, right_in ]", "left_in -> relu"])),
        )
    return f"    input image{declared(x, chance(pen, 10))}\n", ()


def tensor(pen: Pen) -> Tensor:
    """A tensor to start from: mostly an image."""
    kind = pen.integer(0, 11)
    match kind:
        case 7:
            return _floats(pen.integer(3, 8))
        case 8 | 9:
            return _floats(pen.integer(3, 6), pen.integer(2, 8))
        case 10:
            return Tensor((pen.integer(3, 6),), (LENGTH,), pen.integer(5, 20))
        case 11:
            return _floats(pen.integer(1, 4), 5, 6, 4)
    side = pen.integer(4, 9)
    other = pen.integer(4, 9) if chance(pen, 40) else side
    return _floats(pen.integer(1, 6), side, other)


def _floats(*sizes: int) -> Tensor:
    return Tensor(sizes, IMAGE_AXES[len(sizes)])


def declared(x: Tensor, open_: bool = False) -> str:
    """The sizes of an input as a spec declares them."""
    if open_ and x.rank == 3:
        channels, height, width = map(number, x.sizes)
        return f"[{channels}, H={height}, W={width}]"
    return f"[{sizes_of(x)}]"


__all__ = ["body", "spec"]
