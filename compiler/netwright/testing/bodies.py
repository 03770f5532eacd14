"""Random bodies: what stands between braces, with the braces, loops and conditions inside."""

from collections.abc import Callable

from netwright.tensor import LENGTH, Tensor, number
from netwright.testing.chains import LABELS, Grown, label, labelled, line
from netwright.testing.extras import EXTRAS
from netwright.testing.heads import head
from netwright.testing.joins import DEEPEST, branch, called_same, join, joined, same, width
from netwright.testing.layers import Unfit
from netwright.testing.names import again, let_number, let_tensor, stored, swap
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.pieces import Piece, braces, brackets
from netwright.testing.sight import Sight
from netwright.testing.sizes import condition, size
from netwright.testing.uses import block_line, output, requirement, setting, share, splice


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
        kinds += [share, splice, setting, requirement, output, head, head]
    return choose(pen, kinds)(pen, sight, x)


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
