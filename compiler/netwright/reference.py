"""Makes `docs/layers.md` from the classes of the layers: `python -m netwright.reference`.

Sizes of weights and MACs are not written anywhere: they are what the rules of a layer give when
they run on letters.
"""

from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import Any

from netwright.ops import find, init
from netwright.ops.base import Kind, Misfit, Op, Param
from netwright.sym import POSITIVE, Dim, Sides, show, variable
from netwright.tensor import CHANNELS, FEATURES, HEIGHT, LENGTH, WIDTH, Tensor, form
from netwright.values import spec_text

Inputs = tuple[Tensor, ...]

INTRODUCTION = """\
# Layers

Every layer of the language, made from the classes in `compiler/netwright/ops` by
`python -m netwright.reference > docs/layers.md`. `netwright layers NAME` prints the same for one.

Shapes are without the batch: `(C, H, W)` is an image, `(T, F)` a sequence of feature vectors, `(F)`
a vector; `…` stands for one to three axes. H' and W' are sizes of the output. A kernel, stride or
pad is a number for all axes or one size an axis. `none` as a default means that nothing is said.

*Weights* are named as in PyTorch's state dict, behind the path of the line. *MACs* are the
multiplications with an addition that one example costs: those of convolutions, matrix products,
recurrence and attention. Where none are given a layer counts 0, as in the papers' tables.

A layer with `[ … ]` in its signature is a join: it takes the branches in its brackets.
"""

INITIALISERS = """\
## Initialisers

What `init` and `bias_init` take. A number is a constant. The fan in of a unit is the number of
values that it reads, the fan out the number of those that read it.
"""

AXES = {"C": CHANNELS, "H": HEIGHT, "W": WIDTH, "T": LENGTH, "F": FEATURES}
TRIED = ("CHW", "F", "TF", "T", "CHW CHW", "TF FT")
"""Inputs that a layer is shown on: the first that its check takes, with these many cells."""
CELLS = {"C": 8, "H": 16, "W": 12, "T": 16, "F": 8}

ARGUMENTS: Mapping[Kind, Any] = {
    Kind.INTEGER: 2,
    Kind.NUMBER: 0.5,
    Kind.KERNEL: 3,
    Kind.SIZES: (8,),
    Kind.SCALE: "parameter",
}
"""What stands for arguments that must be given, when a layer is tried on numbers."""


def page() -> str:
    """The whole of `docs/layers.md`."""
    known = find.every()
    parts = [INTRODUCTION, contents()]
    for family in find.FAMILIES:
        parts.append(f"## {family.capitalize()} layers\n")
        parts += [layer(op) for name, op in known.items() if find.HOMES[name] == family]
    return "\n".join([*parts, INITIALISERS, *initialisers()])


def contents() -> str:
    """One line a family, with links to its layers."""
    lines = []
    for family in find.FAMILIES:
        links = (f"[`{name}`](#{name})" for name in find.NAMES if find.HOMES[name] == family)
        lines.append(f"- [{family.capitalize()}](#{family}-layers): {', '.join(links)}")
    return "\n".join([*lines, "- [Initialisers](#initialisers)", ""])


def layer(op: type[Op]) -> str:
    """The section of a layer."""
    lines = [f"### {op.name}", "", f"`{signature(op)}`", "", doc(op).replace("``", "`"), ""]
    if op.params:
        lines += ["| argument | takes | default | |", "|---|---|---|---|"]
        lines += [row(name, param) for name, param in op.params.items()]
        lines.append("")
    lines += counted(op)
    if op.paper:
        lines += [f"*Paper:* {op.paper}.", ""]
    return "\n".join(lines)


def doc(op: type[Op]) -> str:
    """What the class of a layer says of it."""
    return cleandoc(op.__doc__ or "")


def signature(op: type[Op]) -> str:
    """``conv(width, k, stride=1)``, as a spec calls it."""
    params = [name if p.default is ... else f"{name}={value(p)}" for name, p in op.params.items()]
    call = f"{op.name}({', '.join(params)})" if params else op.name
    return f"{call} [ … ]" if op.joins else call


def value(param: Param) -> str:
    """A default as a spec writes it; words stand without quotes."""
    return param.default if isinstance(param.default, str) else spec_text(param.default)


def row(name: str, param: Param) -> str:
    """A parameter as a row of a table."""
    otherwise = "required" if param.default is ... else f"`{value(param)}`"
    return f"| `{name}` | {takes(param)} | {otherwise} | {param.doc} |"


def kind(param: Param) -> str:
    """What an argument is: a word of some, or a value of a kind."""
    return " or ".join(f"`{word}`" for word in param.words) or param.kind.value


def takes(param: Param) -> str:
    """What an argument may be, with its bounds."""
    least = f"at least {param.least:g}" if param.least is not None else ""
    most = f"at most {param.most:g}" if param.most is not None else ""
    return "; ".join(filter(None, (kind(param), least, most)))


def counted(op: type[Op]) -> Iterator[str]:
    """The weights and MACs of a layer, in letters."""
    tried = fitting(op)
    if tried is None:
        return
    arguments = {name: letter(name, p) for name, p in op.params.items() if p.default is ...}
    made, inputs = op(**arguments), lettered(tried)
    weights = [weight(w.name, w.sizes, trains=w.trains) for w in made.weights(*inputs) if w.counted]
    on = ", ".join(f"({', '.join(row)})" for row in tried.split())
    if weights:
        yield from (f"*Weights{f' on `{on}`' if on else ''}:* {', '.join(weights)}.", "")
    if op.macs is not Op.macs:
        yield from (f"*MACs on `{on}`:* `{macs(op, arguments, inputs)}`.", "")


def fitting(op: type[Op]) -> str | None:
    """The first inputs that a layer takes; none of what has neither weights nor MACs."""
    if op.weights is Op.weights and op.macs is Op.macs:
        return None
    if op.inputs[0] == 0:
        return ""
    given = {n: ARGUMENTS[p.kind] for n, p in op.params.items() if p.default is ...}
    for tried in TRIED:
        rows = tried.split()
        try:
            op(**given).check(*(tensor(row, CELLS, 9 if row == "T" else None) for row in rows))
        except (Misfit, IndexError):
            continue
        return tried
    raise AssertionError(f"{op.name} takes none of {TRIED}")


def tensor(row: str, sizes: Mapping[str, Any], integers: Dim | None) -> Tensor:
    """``CHW`` as a tensor; ``T`` is one of tokens."""
    return Tensor(tuple(sizes[axis] for axis in row), tuple(AXES[axis] for axis in row), integers)


def lettered(tried: str) -> Inputs:
    """The same with letters as sizes."""
    letters = {axis: variable(axis, POSITIVE) for axis in AXES}
    tokens = variable("n", POSITIVE)
    return tuple(tensor(row, letters, tokens if row == "T" else None) for row in tried.split())


def letter(name: str, param: Param) -> Any:
    """What stands for an argument in letters."""
    match param.kind:
        case Kind.KERNEL:
            return Sides(name)
        case Kind.SIZES:
            return (variable(name, POSITIVE),)
        case Kind.SCALE:
            return "parameter"
    return variable(name, POSITIVE)


def weight(name: str, sizes: tuple[Dim, ...], *, trains: bool) -> str:
    """``weight`` with its sizes."""
    shown = ", ".join(show(size, plain) for size in sizes)
    said = f"`{name}`" if name else "the path itself"
    return f"{said} `[{shown}]`{'' if trains else ' (a buffer)'}"


def macs(op: type[Op], arguments: Mapping[str, Any], inputs: Inputs) -> str:
    """The MACs of a layer; where padding counts, in sizes of the output, which `same` keeps."""
    count = form(op(**arguments).macs(*inputs))
    if "pad" not in op.params:
        return show(count, plain)
    kept = form(op(**{**arguments, "pad": "same"}).macs(*inputs))
    return show(count, plain) if count == kept else show(kept, primed)


def plain(key: str) -> str:
    """A letter; the sides of a kernel `k` are all `k`."""
    return key.partition(".")[0]


def primed(key: str) -> str:
    """The same, sizes of the output with a prime."""
    return f"{key}'" if key in "HW" else plain(key)


def initialisers() -> Iterator[str]:
    """A row each."""
    yield "| initialiser | what it draws | paper |"
    yield "|---|---|---|"
    for name, recipe in init.RECIPES.items():
        params = [n if p.default is ... else f"{n}={value(p)}" for n, p in recipe.params.items()]
        call = f"{name}({', '.join(params)})" if params else name
        docs = [f"`{n}`: {p.doc}" for n, p in recipe.params.items()]
        yield f"| `{call}` | {' '.join([recipe.doc, *docs])} | {recipe.paper} |"
    yield ""


if __name__ == "__main__":
    print(page(), end="")
