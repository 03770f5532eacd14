"""What random bodies hold more rarely: second tensors, products, lists, values that are layers."""

from netwright.tensor import CHANNELS, LENGTH, Tensor, number
from netwright.testing.layers import Unfit, called, given
from netwright.testing.pen import Pen, choose
from netwright.testing.pieces import Piece, Pieces
from netwright.testing.sight import Sight

Grown = tuple[Pieces, Tensor]


def like(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A layer that takes its size from another tensor."""
    fits = [
        (name, other)
        for name, other in sorted(sight.tensors.items())
        if x.rank == other.rank == 3 and x.axes[0] == other.axes[0] == CHANNELS
    ]
    if not fits:
        raise Unfit
    name, other = choose(pen, fits)
    pairs = zip(x.sizes[1:], other.sizes[1:], strict=True)
    smaller = all(number(a) >= number(b) for a, b in pairs)
    text = choose(pen, ["crop", "upsample"] if smaller else ["upsample", "upsample"])
    mode = choose(pen, ["", ", mode=bilinear"]) if text == "upsample" else ""
    result = Tensor((x.sizes[0], *other.sizes[1:]), x.axes)
    return (Piece(f"{text}(like={name}{mode})"),), result


def learned(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """Learned numbers that are added to the tensor."""
    if x.integers is not None or "" in x.axes or (sight.named and sight.turns):
        raise Unfit
    label = ""
    if sight.named:
        if "position" in sight.taken:
            raise Unfit
        sight.taken.add("position")
        label = "position: "
    sizes = ", ".join(str(number(size)) for size in x.sizes)
    return (Piece(f"add [ _, {label}parameter([{sizes}]) ]"),), x


def product(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A matrix and the same one turned."""
    if x.rank != 2 or x.integers is not None:
        raise Unfit
    turned = Tensor(x.sizes[::-1], x.axes[::-1])
    return (Piece("matmul [ _, permute(1, 0) ]"),), given_join("matmul", x, turned)


def distance(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """Euclid's distance of two vectors."""
    if x.rank != 1 or x.integers is not None:
        raise Unfit
    return (Piece("l2_distance [ _, relu ]"),), given_join("l2_distance", x, x)


def several(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A list of tensors, joined at once or one by one."""
    if x.integers is not None:
        raise Unfit
    name = choose(pen, ["concat", "add", "stack", "mean"])
    return (Piece(f"list [ _, relu ] -> {name}"),), given_join(name, x, x)


def reads(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """Attention to another tensor."""
    if x.axes[:1] != (LENGTH,) or x.rank != 2 or sight.named:
        raise Unfit
    text, _ = called(pen, sight, x, "attention")
    return (Piece(f"{text} [ _, tanh, _ ]"),), x


def given_join(name: str, *inputs: Tensor) -> Tensor:
    """What a join makes of tensors."""
    from netwright.ops import find as ops

    op = ops.find(name)
    assert op is not None
    return given(op, {key: spec.default for key, spec in op.params.items()}, *inputs)


def let_layer(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A layer with arguments under a name."""
    if sight.turns or sight.depth:
        raise Unfit
    name, text = choose(
        pen,
        [("soft", "leaky_relu(0.1)"), ("bend", "gelu"), ("normal", "batch_norm(eps=0.01)")],
    )
    if name in sight.taken:
        raise Unfit
    sight.taken.add(name)
    (sight.norms if name == "normal" else sight.activations).append(name)
    return (Piece(f"let {name} = {text}"),), x


def let_list(pen: Pen, sight: Sight, x: Tensor) -> Grown:
    """A list of numbers, worked out by a comprehension or by Python's functions."""
    if sight.turns or sight.depth:
        raise Unfit
    text, items = choose(
        pen,
        [
            ("[4, 2, 3]", [4, 2, 3]),
            ("[2 * n for n in [1, 2]]", [2, 4]),
            ("[n + 1 for n in range(4) if n % 2 == 0]", [1, 3]),
            ("list(reversed([2, 5]))", [5, 2]),
            ("[2] * 2 + [6]", [2, 2, 6]),
        ],
    )
    name = "sizes"
    if name in sight.taken:
        raise Unfit
    sight.taken.add(name)
    sight.lists[name] = items
    return (Piece(f"let {name} = {text}"),), x


EXTRAS = (like, like, learned, product, distance, several, reads, let_layer, let_list)
