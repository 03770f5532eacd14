"""Random bodies: chains, joins, branches, loops, conditions, names, shared modules and groups."""

from collections.abc import Callable

from netwright.ops import find as ops
from netwright.tensor import CHANNELS, LENGTH, Tensor, number
from netwright.testing.calls import call
from netwright.testing.extras import EXTRAS
from netwright.testing.layers import Unfit, called, given, layer
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.pieces import Piece, Pieces, braces, brackets
from netwright.testing.sight import Sight
from netwright.testing.sizes import condition, expression, size
from netwright.values import Fault

Grown = tuple[Pieces, Tensor]
Step = tuple[str, Tensor]

LABELS = tuple(
    [
        "conv1",
        "stem",
        "head",
        "left",
        "right",
        "gate",
        "mix",
        "low",
        "high",
        "proj",
        "down",
        "up",
        "body",
        "neck",
        "first",
        "second",
        "norm1",
        "out",
        "skip",
        "enc",
        "dec",
        "side",
    ]
)
ODD = ("channels", "x", "y", "layer", "block", "index", "height", "members", "relu", "conv", "i")
DEEPEST = 3


def body(pen: Pen, sight: Sight, x: Tensor, *, most: int = 4) -> Grown:
    """Some lines after each other, each on what the one above gave."""
    pieces: list[Piece] = []
    for _ in range(pen.integer(1, most)):
        try:
            more, x = statement(pen, sight, x)
        except Unfit:
            continue
        pieces += more
    return (tuple(pieces), x) if pieces else line(pen, sight, x)


def statement(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """One line, or a few that belong together."""
    kinds: list[Callable[[Pen, Sight, Tensor], Grown]] = [line] * 6
    kinds += [let_number, let_tensor, join, join, again, swap, stored]
    kinds += [*EXTRAS]
    if sight.units or sight.parts:
        kinds += [block_line] * 10
    if sight.depth < DEEPEST:
        kinds += [choice, choice, loop, loop, group, repeat, bracket_group, plain_braces, carried]
    if sight.depth == 0:
        kinds += [share, splice, setting, requirement, output]
    return choose(pen, kinds)(pen, sight, x)


def line(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A chain of layers, with a label where labels are the custom."""
    text, result = chain(pen, sight, x, pen.integer(1, 3))
    return (Piece(labelled(pen, sight, text, result)),), result


def chain(pen: Pen, sight: Sight, x: Tensor, length: int) -> Step:
    """Layers after each other."""
    steps = []
    for _ in range(length):
        text, x = step(pen, sight, x)
        steps.append(text)
    return " -> ".join(steps), x


def step(pen: Pen, sight: Sight, x: Tensor) -> Step:
    """One step: a layer, or what a parameter holds."""
    if sight.norms and x.axes[:1] == (CHANNELS,) and chance(pen, 25):
        return choose(pen, sight.norms), x
    if sight.activations and x.integers is None and chance(pen, 25):
        return choose(pen, sight.activations), x
    if sight.shared and chance(pen, 20):
        fits = [name for name, taken in sight.shared.items() if taken == x]
        if fits:
            return choose(pen, fits), x
    return layer(pen, sight, x)


def labelled(pen: Pen, sight: Sight, text: str, result: Tensor) -> str:
    """A line with a label, or without one."""
    if not sight.named or chance(pen, 15):
        return text
    return f"{label(pen, sight, result)}: {text}"


def label(pen: Pen, sight: Sight, result: Tensor | None = None) -> str:
    """A new label; in a loop with its variable, so that each turn has its own."""
    stem = choose(pen, ODD if chance(pen, 6) else LABELS)
    name, count = stem, 1
    while name in sight.taken:
        count += 1
        name = f"{stem}_{count}"
    sight.taken.add(name)
    if sight.turns:
        place = sight.turns[-1]
        end = choose(pen, ["", "", " + 1"])
        return f"{name}{{{place}{end}}}" if place else f'"{name}"'
    if result is not None:
        sight.tensors[name] = result
    return name


# Names


def let_number(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``let name = …``, maybe of a name that is bound already."""
    text, value = expression(pen, sight, x)
    if not 1 <= value <= 40:
        raise Unfit
    names = ["n", "m", "inner", "wide", *sight.numbers]
    name = choose(pen, names[:4] if sight.turns else names)
    if name in sight.taken or name in sight.turns:
        raise Unfit
    sight.numbers[name] = value
    return (Piece(f"let {name} = {text}"),), x


def let_tensor(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``let name = _``."""
    name = choose(pen, ["before", "kept", "old"])
    if name in sight.taken:
        raise Unfit
    source, tensor = choose(pen, [("_", x), *sight.tensors.items()])
    sight.tensors[name] = tensor
    return (Piece(f"let {name} = {source}"),), x


def swap(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``let a, b = b, _``: two tensors that move on by one."""
    a, b = "older", "newer"
    if a in sight.tensors and b in sight.tensors:
        sight.tensors[a], sight.tensors[b] = sight.tensors[b], x
        return (Piece(f"let {a}, {b} = {b}, _"),), x
    if sight.turns or sight.depth:
        raise Unfit
    sight.tensors[a] = sight.tensors[b] = x
    return (Piece(f"let {a}, {b} = _, _"),), x


def again(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A line that starts at a tensor by its name."""
    if not sight.tensors:
        raise Unfit
    name, tensor = choose(pen, sorted(sight.tensors.items()))
    text, result = chain(pen, sight, tensor, pen.integer(1, 2))
    return (Piece(labelled(pen, sight, f"{name} -> {text}", result)),), result


def stored(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A tensor of an indexed label, by its name or in a loop of its own."""
    if not sight.stored or sight.turns:
        raise Unfit
    name, (turns, tensor) = choose(pen, sorted(sight.stored.items()))
    if not same(tensor, x):
        text, result = chain(pen, sight, tensor, 1)
        return (
            Piece(labelled(pen, sight, f"{name}{pen.integer(0, turns - 1)} -> {text}", result)),
        ), result
    inside = [Piece(f"add [ _, {name}{{j}} ]")]
    order = choose(pen, [f"range({turns})", f"reversed(range({turns}))"])
    return (braces(f"for j in {order}", inside),), x


# Joins


def same(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors can be added."""
    return a.sizes == b.sizes and a.integers == b.integers


def join(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """Branches side by side, and the layer that joins them."""
    kinds = ["add", "concat", "mul", "sub", "max", "min", "mean", "l1_distance", "stack"]
    name = choose(pen, kinds)
    count = 2 if name in ("sub", "l1_distance", "mul") else pen.integer(2, 3)
    branches = [branch(pen, sight, x, name) for _ in range(count)]
    axis = "(axis=0)" if name == "concat" and chance(pen, 10) else ""
    result = joined(name, [tensor for _, tensor in branches])
    inner = [piece for piece, _ in branches]
    head = labelled(pen, sight, f"{name}{axis}", result)
    if chance(pen, 20):
        return gated(pen, sight, x)
    behind = ""
    if chance(pen, 35):
        text, result = layer(pen, sight, result)
        behind = f" -> {text}"
    if all(not piece.bodies for piece in inner) and chance(pen, 50):
        items = ", ".join(piece.head for piece in inner)
        return (Piece(f"{head} [ {items} ]{behind}"),), result
    return (brackets(head, inner, behind),), result


def joined(name: str, tensors: list[Tensor]) -> Tensor:
    """What a join makes of its branches."""
    op = ops.find(name)
    assert op is not None
    values = {key: spec.default for key, spec in op.params.items()}
    return given(op, values, *tensors)


def branch(pen: Pen, sight: Sight, x: Tensor, name: str) -> tuple[Piece, Tensor]:
    """A branch that fits the others: it keeps the tensor's shape, but for its channels."""
    if chance(pen, 25):
        return Piece("_"), x
    kept = [text for text, tensor in sight.tensors.items() if same(tensor, x)]
    if kept and chance(pen, 20):
        return Piece(choose(pen, kept)), x
    inner = sight.inner()
    if chance(pen, 12) and sight.depth < DEEPEST:
        condition_text, holds = condition(pen, sight, x)
        piece, result = branch(pen, inner, x, name)
        return braces(f"if {condition_text}", [piece]), result if holds else x
    text, result = chain(pen, inner, x, pen.integer(1, 2))
    if name == "concat" and result.sizes[1:] == x.sizes[1:] and result.rank == x.rank:
        return Piece(labelled(pen, inner, text, result)), result
    if not same(result, x):
        text, result = back(pen, inner, text, result, x)
    return Piece(labelled(pen, inner, text, result)), result


def back(pen: Pen, sight: Sight, text: str, found: Tensor, x: Tensor) -> Step:
    """A chain with one more layer, that gives the shape of ``x`` again."""
    steps = f"{text} -> "
    if x.rank >= 3 and found.rank == x.rank and found.sizes[1:] == x.sizes[1:]:
        more, result = f"conv({width(pen, x)}, 1)", None
        return steps + more, result or x
    if x.rank >= 3:
        return called_same(pen, sight, x)
    if found.rank == x.rank and found.sizes[:-1] == x.sizes[:-1]:
        return steps + f"linear({number(x.sizes[-1])})", x
    return called_same(pen, sight, x)


def called_same(pen: Pen, sight: Sight, x: Tensor) -> Step:
    """A layer with weights that keeps the shape."""
    if x.rank >= 3 and x.axes[0] == CHANNELS:
        k = choose(pen, ["3", "1"])
        return f"conv({width(pen, x)}, {k}, pad=same)", x
    if x.integers is None and x.axes[-1] != "width":
        return f"linear({number(x.sizes[-1])})", x
    return "identity", x


def width(pen: Pen, x: Tensor) -> str:
    """The channels of a tensor, as a number or as the spec asks for them."""
    value = str(number(x.sizes[0]))
    return choose(pen, [value, "_.channels"]) if x.axes[0] == CHANNELS else value


def gated(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A gate for each channel, multiplied with the tensor."""
    if x.rank != 3 or x.axes[0] != CHANNELS:
        raise Unfit
    inner, _ = size(pen, sight, None, 1, 6)
    gate = f"global_avg_pool -> linear({inner}) -> relu -> linear({number(x.sizes[0])}) -> sigmoid"
    return (Piece(labelled(pen, sight, f"mul [ _, {gate} ]", x)),), x


# Blocks


def block_line(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A block at work."""
    text, result = call(pen, sight, x)
    if chance(pen, 25):
        more, result = layer(pen, sight, result)
        text = f"{text} -> {more}"
    return (Piece(labelled(pen, sight, text, result)),), result


def share(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """One set of weights, used twice."""
    name = label(pen, sight)
    text, result = called_same(pen, sight, x)
    if sight.units and chance(pen, 60):
        text, result = call(pen, sight, x)
    if same(result, x):
        sight.shared[name] = x
        uses = choose(pen, [f"{name} -> relu -> {name}", f"add [ {name}, relu -> {name} ]"])
    else:
        uses = f"l1_distance [ {name}, relu -> {name} ]"
    return (Piece(f"shared {name} = {text}"), Piece(uses)), result


def splice(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A block's members in this body."""
    if not sight.units:
        raise Unfit
    text, result = call(pen, sight, x, plain=True)
    return (Piece(f"splice {text if text.endswith(')') else f'{text}()'}"),), result


# Groups, loops, conditions


def group(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A labelled brace: a module of its own."""
    if not (sight.named or chance(pen, 30)):
        return anonymous(pen, sight, x)
    inner = sight.group()
    inner.named, inner.turns = chance(pen, 50), []
    pieces, result = body(pen, inner, x, most=3)
    return (braces(f"{label(pen, sight, result)}:", pieces),), result


def anonymous(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``_: { … }``, a module that takes a number."""
    inner = sight.group()
    inner.named, inner.turns = False, []
    pieces, result = body(pen, inner, x, most=2)
    return (braces("_:", pieces),), result


def plain_braces(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """Braces that splice into the body around."""
    pieces, result = body(pen, sight.inner(), x, most=2)
    return (braces("", pieces),), result


def bracket_group(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A label on a join: its branches in a module of their own."""
    if not sight.named:
        raise Unfit
    inner = sight.group()
    inner.named, inner.turns = False, []
    branches = [branch(pen, inner, x, "concat") for _ in range(2)]
    result = joined("concat", [tensor for _, tensor in branches])
    head = f"{label(pen, sight, result)}: concat"
    return (brackets(head, [piece for piece, _ in branches]),), result


def choice(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``if``, mostly without changing the shape."""
    text, holds = condition(pen, sight, x)
    then, made = body(pen, sight.inner(), x, most=2)
    if chance(pen, 50):
        otherwise, other = body(pen, sight.inner(), x, most=2)
        head = braces(f"if {text}", then, otherwise)
        return (head,), made if holds else other
    if made.rank != x.rank and not holds:
        raise Unfit
    return (braces(f"if {text}", then),), made if holds else x


def repeat(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``repeat n { … }``."""
    text, _ = size(pen, sight, None, 1, 3)
    inner = sight.inner()
    if inner.named:
        inner.turns.append("")
    pieces, result = turning(pen, inner, x)
    if sight.named and chance(pen, 50):
        inner.named = False
        return (braces(f"{label(pen, sight, result)}: repeat {text}", pieces),), result
    return (braces(f"repeat {text}", pieces),), result


def loop(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``for … in …``."""
    inner = sight.inner()
    head, turns = header(pen, sight, inner)
    name = ""
    if sight.named and chance(pen, 40):
        name = f"{label(pen, sight)}: "
        inner.named, inner.turns = chance(pen, 30), inner.turns[-1:]
    pieces, result = turning(pen, inner, x)
    if (
        inner.named
        and not name
        and turns
        and sight.depth == 0
        and not sight.turns
        and chance(pen, 30)
    ):
        keep = choose(pen, LABELS)
        if keep not in sight.taken:
            sight.taken.add(keep)
            sight.stored[keep] = turns, result
            pieces = (*pieces, Piece(f"{keep}{{{inner.turns[-1]}}}: identity"))
    return (braces(f"{name}for {head}", pieces),), result


def header(pen: Pen, sight: Sight, inner: Sight) -> tuple[str, int]:
    """What a loop runs over; its variables are put in sight. The turns, where they count up."""
    name = choose(pen, [n for n in ("i", "j", "k2") if n not in sight.turns])
    kind = pen.integer(0, 5)
    lists = sorted(sight.lists.items())
    inner.turns.append(name)
    if kind == 1:
        inner.numbers["w"] = 4
        inner.numbers[name] = 0
        return f"{name}, w in enumerate([4, {pen.integer(2, 8)}])", 2
    if kind == 2 and lists:
        text, items = choose(pen, lists)
        inner.numbers["w"], inner.numbers[name] = items[0], 0
        return f"{name}, w in enumerate({text})", 0
    if kind == 3:
        inner.numbers[name] = 2
        return f"{name} in [2, {pen.integer(3, 5)}]", 0
    if kind == 4:
        inner.numbers[name] = 1
        return f"{name} in reversed(range(2))", 2
    if kind == 5:
        inner.numbers[name], inner.numbers["w"] = 0, 4
        return f"{name}, w in zip(range(2), [4, 6])", 2
    count, value = size(pen, sight, None, 1, 3)
    inner.numbers[name] = 0
    return f"{name} in range({count})", value


def turning(pen: Pen, inner: Sight, x: Tensor) -> Grown:
    """The body of a loop: mostly it gives what it takes."""
    pieces, result = body(pen, inner, x, most=2)
    if same(result, x) or chance(pen, 30):
        return pieces, result
    if x.rank == result.rank and x.sizes[1:] == result.sizes[1:] and x.rank > 2:
        text = f"conv({number(x.sizes[0])}, 1)"
        return (*pieces, Piece(labelled(pen, inner, text, x))), x
    if x.rank == result.rank and x.sizes[:-1] == result.sizes[:-1] and x.axes[-1] != "width":
        text = f"linear({number(x.sizes[-1])})"
        return (*pieces, Piece(labelled(pen, inner, text, x))), x
    text, _ = called_same(pen, inner, x)
    return (Piece(labelled(pen, inner, text, x)),), x


def carried(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A tensor or a number that a loop carries in a name of its own."""
    if sight.named or sight.turns or x.rank < 2 or x.axes[0] == LENGTH or x.integers is not None:
        raise Unfit
    kind = pen.integer(0, 2)
    if kind == 0:
        inside = [Piece("conv(_.channels + 2, 3, pad=1)"), Piece("let grown = grown + 2")]
        start = Piece("let grown = 2")
        return (start, braces("repeat 2", inside), Piece("conv(grown, 1)")), joined_width(x, 6)
    if kind == 1:
        start, inside = (
            Piece("let last = _"),
            [
                Piece("let this = _"),
                Piece("concat [ _, last ]"),
                Piece(f"conv({width(pen, x)}, 1)"),
                Piece("let last = this"),
            ],
        )
        inside[2] = Piece(f"conv({number(x.sizes[0])}, 1)")
        return (start, braces("for i in range(2)", inside)), x
    start = Piece("let p, q = _, _")
    inside = [Piece("add [ p -> conv(p.channels, 1), q ]"), Piece("let p, q = q, _")]
    return (start, braces("repeat 3", inside)), x


def joined_width(x: Tensor, channels: int) -> Tensor:
    """The same tensor with other channels."""
    return Tensor((channels, *x.sizes[1:]), x.axes)


# What makes no module


def setting(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``set``: other defaults from here on."""
    items = ["conv(bias=false)", "batch_norm(eps=0.001)", "linear(bias=false)", "dropout(p=0.1)"]
    return (Piece(f"set {choose(pen, items)}"),), x


def requirement(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """``require`` of something that holds."""
    text, value = expression(pen, sight, x)
    return (Piece(f'require {text} <= {max(value, 0) + 99}, "too large"'),), x


def output(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """An output on the side, in nets sometimes for training only."""
    name = choose(pen, ["aux", "scores", "extra"])
    if name in sight.taken or sight.outputs > 1:
        raise Unfit
    sight.taken.add(name)
    sight.outputs += 1
    when = " when training" if sight.is_net and chance(pen, 50) else ""
    if chance(pen, 25) and not when:
        return (Piece(f"output {name}"),), x
    text, _ = chain(pen, sight.inner(), x, pen.integer(1, 2))
    return (Piece(f"output {name}{when}: {text}"),), x


__all__ = ["Fault", "body", "called"]
