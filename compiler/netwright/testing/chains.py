"""Random lines: layers after each other, with a label where labels are the custom."""

from netwright.tensor import CHANNELS, Tensor
from netwright.testing.layers import layer
from netwright.testing.pen import Pen, chance, choose
from netwright.testing.pieces import Piece, Pieces
from netwright.testing.sight import Sight

Grown = tuple[Pieces, Tensor]
Step = tuple[str, Tensor]

LABELS = (
    *("conv1", "stem", "head", "left", "right", "gate", "mix", "low", "high", "proj", "down"),
    *("up", "body", "neck", "first", "second", "norm1", "out", "skip", "enc", "dec", "side"),
)
ODD = ("channels", "x", "y", "layer", "block", "index", "height", "members", "relu", "conv", "i")


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
