"""Every layer against PyTorch's own on the meta device, and its symbols against its numbers.

Long, because each layer stands here once in three tables: how arguments are drawn for it, what
PyTorch has for it, what it refuses.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from box_layers import DRAWN, OFFICIAL, Given
from drawn import OPS, Draw, Drawn, flags, image, make, small
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netwright.condition import Cond
from netwright.ops import find, init
from netwright.ops.anchors import CORNERS
from netwright.ops.base import Kind, Misfit, Op, Weight
from netwright.sym import Sym, substitute, variable
from netwright.tensor import BOXES, Dynamic, Tensor, form, number, product
from netwright.values import Kernel, Partial, Ref

quick = settings(max_examples=25, deadline=None)


def sequence(*sizes: int) -> Tensor:
    return Tensor(sizes, ("length", "features"))


def tokens(*sizes: int, words: int = 10) -> Tensor:
    return Tensor(sizes, ("length",), words)


def run(op: Op, *inputs: Tensor) -> Tensor:
    op.check(*inputs)
    return op.shape(*inputs)


def refuses(op: Op, *inputs: Tensor) -> Misfit:
    with pytest.raises(Misfit) as caught:
        op.check(*inputs)
    return caught.value


def fits(op: Op, *inputs: Tensor) -> bool:
    try:
        op.check(*inputs)
    except Misfit:
        return False
    return True


# Arguments and inputs of every layer that has some choice; `torch_of` says what PyTorch has for it.


def kernel(draw: Draw, rank: int, least: int = 1, most: int = 4) -> Any:
    side = st.integers(least, most)
    return draw(side | st.tuples(*[side] * rank).map(Kernel))


def picture(draw: Draw, least: int = 1, channels: st.SearchStrategy[int] = small) -> Tensor:
    rank = draw(st.integers(1, 3))
    return image(draw(channels), *(draw(st.integers(least, 12)) for _ in range(rank)))


def draw_conv(draw: Draw, name: str) -> Drawn:
    x, groups = picture(draw), draw(small)
    x = image(x.sizes[0] * (groups if "groups" in OPS[name].params else 1), *x.sizes[1:])
    rank = x.rank - 1
    options = {
        "width": draw(small) * groups,
        "k": kernel(draw, rank),
        "stride": kernel(draw, rank, most=3),
        "pad": kernel(draw, rank, least=0, most=2),
        "dilation": kernel(draw, rank, most=2),
        "output_pad": kernel(draw, rank, least=0, most=2),
        "groups": groups,
        "multiplier": draw(small),
        "bias": draw(flags),
    }
    return make(name, **{key: options[key] for key in OPS[name].params if key in options}), x


def draw_pool(draw: Draw, name: str) -> Drawn:
    x = picture(draw)
    rank = x.rank - 1
    options = {
        "k": kernel(draw, rank),
        "stride": draw(st.none() | st.just(kernel(draw, rank))),
        "pad": kernel(draw, rank, least=0, most=2),
        "dilation": kernel(draw, rank, most=2),
        "ceil": draw(flags),
        "count_include_pad": draw(flags),
    }
    return make(name, **{key: options[key] for key in OPS[name].params}), x


def draw_recurrent(draw: Draw, name: str) -> Drawn:
    op = make(
        name,
        hidden=draw(small),
        layers=draw(st.integers(1, 3)),
        bidirectional=draw(flags),
        **{"return": draw(st.sampled_from(["sequence", "last"]))},
        biases=draw(st.integers(1, 2)),
    )
    return op, sequence(draw(small), draw(small))


def draw_attention(draw: Draw, name: str) -> Drawn:
    heads, features = draw(small), draw(st.integers(1, 12))
    op = make(name, heads=heads, bias=draw(flags))
    query, key = sequence(draw(small), features), sequence(draw(small), features)
    return (op, query) if draw(flags) else (op, query, key, key)


def draw_norm(draw: Draw, name: str) -> Drawn:
    options = {"scale": draw(flags), "shift": draw(flags), "groups": draw(small), "axis": "last"}
    x = sequence(4, 6) if name in ("layer_norm", "rms_norm") else picture(draw)
    if name == "instance_norm":
        options["shift"] = options["scale"]
    return make(name, **{key: options[key] for key in OPS[name].params if key in options}), x


def draw_squares(draw: Draw, name: str) -> Drawn:
    n = draw(small)
    sizes = (draw(st.integers(1, 20)), draw(st.integers(1, 12)), draw(st.integers(1, 12)))
    if draw(flags):
        sizes = (sizes[0] * n * n, sizes[1] * n, sizes[2] * n)
    return make(name, n=n), image(*sizes)


def draw_upsample(draw: Draw, name: str) -> Drawn:
    x = picture(draw)
    if draw(flags):
        return make(name, size=tuple(draw(small) for _ in x.sizes[1:])), x
    return make(name, factor=kernel(draw, x.rank - 1)), x


def draw_pad(draw: Draw, name: str) -> Drawn:
    x = picture(draw)
    ends = st.tuples(st.integers(0, 3), st.integers(0, 3))
    if draw(flags):
        axis = draw(st.integers(0, x.rank - 1))
        return make(name, pad=(draw(ends),), axis=axis), x
    if draw(flags):
        rank = x.rank - 1
        return make(name, pad="same", kernel=kernel(draw, rank), stride=kernel(draw, rank)), x
    return make(name, pad=tuple(draw(ends) for _ in x.sizes[1:])), x


def draw_crop(draw: Draw, name: str) -> Drawn:
    x = picture(draw, least=7)
    ends = st.tuples(st.integers(0, 3), st.integers(0, 3))
    return make(name, edges=tuple(draw(ends) for _ in x.sizes[1:])), x


def draw_same(draw: Draw, name: str) -> Drawn:
    x = picture(draw)
    count = OPS[name].inputs[1] or draw(st.integers(2, 3))
    return (make(name), *[x] * count)


def draw_concat(draw: Draw, name: str) -> Drawn:
    x, axis = picture(draw), draw(st.integers(0, 1))
    grown = tuple(n + 2 * (i == axis) for i, n in enumerate(x.sizes))
    return make(name, axis=axis), x, image(*grown), x


def draw_one(**options: st.SearchStrategy[Any]) -> Callable[[Draw, str], Drawn]:
    def drawn(draw: Draw, name: str) -> Drawn:
        return make(name, **{key: draw(value) for key, value in options.items()}), picture(draw)

    return drawn


def fixed(*inputs: Tensor, **options: Any) -> Callable[[Draw, str], Drawn]:
    return lambda draw, name: (make(name, **options), *inputs)


axis = st.integers(0, 1)
square = image(4, 6)
CASES: dict[str, Callable[[Draw, str], Drawn]] = {
    **dict.fromkeys(["conv", "conv_transpose", "depthwise_conv"], draw_conv),
    **dict.fromkeys(["separable_conv", "local_conv"], draw_conv),
    **dict.fromkeys(["max_pool", "avg_pool"], draw_pool),
    **dict.fromkeys(["adaptive_avg_pool", "adaptive_max_pool"], draw_one(size=small)),
    **dict.fromkeys(["lstm", "gru", "rnn"], draw_recurrent),
    **dict.fromkeys(["batch_norm", "frozen_batch_norm", "instance_norm"], draw_norm),
    **dict.fromkeys(["layer_norm", "rms_norm", "group_norm"], draw_norm),
    **dict.fromkeys(["space_to_depth", "depth_to_space", "pixel_shuffle"], draw_squares),
    **dict.fromkeys(["add", "sub", "mul", "max", "min", "mean", "l1_distance"], draw_same),
    **dict.fromkeys(["softmax", "log_softmax", "sum"], draw_one(axis=axis)),
    "stack": lambda draw, name: (make(name, axis=draw(axis)), *[picture(draw)] * 2),
    "reorg": draw_squares,
    "channel_shuffle": draw_one(groups=small),
    "attention": draw_attention,
    "upsample": draw_upsample,
    "pad": draw_pad,
    "crop": draw_crop,
    "concat": draw_concat,
    "linear": lambda draw, name: (
        make(name, features=draw(small), bias=draw(flags)),
        sequence(draw(small), draw(small)),
    ),
    "embedding": fixed(tokens(7), width=5),
    "parameter": lambda draw, name: (make(name, sizes=(draw(small), draw(small))),),
    "scale": lambda draw, name: (
        make(name, factor=draw(st.sampled_from([2.0, "parameter"]))),
        square,
    ),
    "prelu": draw_one(shared=flags),
    "lrn": draw_one(size=small),
    "stochastic_depth": draw_one(p=st.just(0.1)),
    "flatten": draw_one(**{"from": axis}),
    "reshape": fixed(square, sizes=(2, 3, 4)),
    "permute": fixed(image(2, 3, 4), axes=(2, 0, 1)),
    "slice": fixed(square, **{"from": 1, "to": 3}),
    "select": fixed(square, index=2),
    "l2_distance": fixed(image(5), image(5)),
    "matmul": fixed(Tensor((3, 4), ("", "")), Tensor((4, 5), ("", ""))),
    **DRAWN,
}


def case(draw: Draw, name: str) -> tuple[Op, tuple[Tensor, ...]]:
    op, *inputs = CASES.get(name, draw_one())(draw, name)
    return op, tuple(inputs)


LATE = [variable("resized_height"), variable("resized_width")]
"""Sizes that only numbers, and the net when it runs, can tell."""


@pytest.mark.parametrize("name", [name for name in OPS if name != "list"])
@quick
@given(data=st.data())
def test_symbols_give_the_numbers(name: str, data: st.DataObject) -> None:
    op, inputs = case(data.draw, name)
    assume(fits(op, *inputs))
    symbols = Symbols()
    fields = {key: symbols.value(op, key, getattr(op, key)) for key in op.params}
    formal = type(op)(**fields)
    tensors = tuple(symbols.tensor(x) for x in inputs)
    general, result = formal.shape(*tensors), op.shape(*inputs)
    for found, size in zip(symbols.numbers(general.whole), result.whole, strict=True):
        assert found == form(size) or found in LATE
    assert general.axes == result.axes
    for kept in (lambda w: w.trains, lambda w: w.counted):
        formula, count = (
            scalars(o.weights(*t), kept) for o, t in ((formal, tensors), (op, inputs))
        )
        assert symbols.numbers((formula,)) == (count,)
    assert symbols.numbers((formal.macs(*tensors),)) == (op.macs(*inputs),)
    assert symbols.numbers(formal.window(*tensors)) == op.window(*inputs)


def scalars(weights: tuple[Weight, ...], kept: Callable[[Weight], bool]) -> Any:
    total: Any = 0
    for weight in weights:
        total = total + product(weight.sizes) if kept(weight) else total
    return total


class SymbolicKernel:
    """A kernel that is an argument of a block."""

    def __init__(self, sides: tuple[Sym, ...]) -> None:
        self.sides = sides

    def each(self, rank: int) -> tuple[Sym, ...]:
        assert len(self.sides) == rank
        return self.sides


class Symbols:
    """Symbols for numbers, each with the number that it stands for."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}

    def key(self, value: int) -> str:
        key = f"v{len(self.values)}"
        self.values[key] = value
        return key

    def size(self, value: int) -> Sym:
        return variable(self.key(value), "pos" if value > 0 else "any")

    def tensor(self, x: Tensor) -> Tensor:
        words = None if x.integers is None else self.size(number(x.integers))
        sizes: list[Any] = [self.size(number(size)) for size in x.sizes]
        if x.axes[:1] == (BOXES,) and number(x.sizes[-1]) == CORNERS:
            sizes[-1] = CORNERS  # boxes have four corners, and one move a box four numbers
        return Tensor(tuple(sizes), x.axes, words)

    def value(self, op: Op, name: str, value: Any) -> Any:
        kind = op.params[name].kind
        if kind is Kind.FLAG and name != "batch":
            return Cond("flag", (self.key(int(value)),))
        if isinstance(value, Ref):
            return Ref(self.tensor(value.tensor), value.id)
        if isinstance(value, Kernel) and name != "axes":
            return SymbolicKernel(tuple(map(self.size, value)))
        if isinstance(value, tuple) and name != "axes":
            return tuple(self.value(op, name, item) for item in value)
        numeric = (Kind.INTEGER, Kind.KERNEL, Kind.PAD, Kind.SIZES, Kind.PAIRS)
        return (
            self.size(value)
            if isinstance(value, int) and kind in numeric and name != "axes"
            else value
        )

    def numbers(self, sizes: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(substitute(size, self.values) for size in sizes)


# PyTorch's own, on the meta device.


def torch_of(op: Op, x: Any) -> Any:
    """PyTorch's module or function for a layer, on the meta device; none where it has none."""
    import torch
    from torch import nn
    from torch.nn import functional

    d, c, a = x.rank - 1, x.sizes[0], partial(getattr, op)

    def dim(name: str) -> Any:
        return getattr(nn, f"{name}{d}d")

    def conv(kind: str, **more: Any) -> Any:
        options = {"stride": a("stride"), "padding": a("pad"), "dilation": a("dilation")}
        options = {"bias": a("bias"), **options, **more}
        return lambda wide, k, **kw: dim(kind)(c, wide, k, **{**options, **kw})

    def recurrent(kind: Any) -> Any:
        options = {"batch_first": True, "bidirectional": a("bidirectional")}
        layer = kind(x.sizes[-1], a("hidden"), num_layers=a("layers"), **options)
        return Last(layer, a("return"))

    def pool(kind: str, **more: Any) -> Any:
        options = {"stride": a("stride"), "padding": a("pad"), "ceil_mode": a("ceil")}
        return dim(kind)(a("k"), **options, **more)

    def separable() -> Any:
        parts = nn.Sequential()
        middle = c * a("multiplier")
        parts.add_module("depthwise", conv("Conv", groups=c, bias=False)(middle, a("k")))
        parts.add_module("pointwise", dim("Conv")(middle, a("width"), 1, bias=a("bias")))
        return parts

    class Last(nn.Module):
        def __init__(self, layer: Any, returns: str) -> None:
            super().__init__()
            self.layer, self.returns = layer, returns

        def forward(self, value: Any) -> Any:
            states = self.layer(value)[0]
            return states if self.returns == "sequence" else states[:, -1]

    class Attention(nn.MultiheadAttention):
        def forward(self, query: Any, *others: Any) -> Any:
            return super().forward(query, *(others or (query, query)))[0]

    def frozen() -> Any:
        from torchvision.ops import FrozenBatchNorm2d

        return FrozenBatchNorm2d(c) if d == 2 else None

    def pad() -> Any:
        if a("pad") == "same":
            return None
        sides = [(0, 0)] * x.rank
        sides[-len(a("pad")) :] = a("pad")
        if a("axis") is not None:
            sides = [a("pad")[0] if i == a("axis") else (0, 0) for i in range(x.rank)]
        return lambda value: functional.pad(value, [n for side in reversed(sides) for n in side])

    def crop() -> Any:
        cuts = [slice(b, n - e) for n, (b, e) in zip(x.sizes[1:], a("edges"), strict=True)]
        return lambda value: value[(slice(None), slice(None), *cuts)]

    def reduced(name: str) -> Any:
        return lambda *values: getattr(torch, name)(values[0], dim=1 + a("axis"))

    plain: dict[str, Callable[[], Any]] = {
        "relu": nn.ReLU, "relu6": nn.ReLU6, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU,
        "selu": nn.SELU, "gelu": nn.GELU, "silu": nn.SiLU, "mish": nn.Mish, "tanh": nn.Tanh,
        "softplus": nn.Softplus, "sigmoid": nn.Sigmoid, "hard_sigmoid": nn.Hardsigmoid,
        "hard_swish": nn.Hardswish, "identity": nn.Identity, "dropout": nn.Dropout,
    }  # fmt: skip
    joined: dict[str, Callable[..., Any]] = {"add": torch.add, "sub": torch.sub, "mul": torch.mul}
    if op.name in plain:
        return plain[op.name]()
    made: dict[str, Callable[[], Any]] = {
        "conv": lambda: conv("Conv", groups=a("groups"))(a("width"), a("k")),
        "conv_transpose": lambda: conv("ConvTranspose", groups=a("groups"))(
            a("width"), a("k"), output_padding=a("output_pad")
        ),
        "depthwise_conv": lambda: conv("Conv", groups=c)(c * a("multiplier"), a("k")),
        "separable_conv": separable,
        "linear": lambda: nn.Linear(x.sizes[-1], a("features"), bias=a("bias")),
        "embedding": lambda: nn.Embedding(x.integers, a("width")),
        "lstm": lambda: recurrent(nn.LSTM),
        "gru": lambda: recurrent(nn.GRU),
        "rnn": lambda: recurrent(nn.RNN),
        "attention": lambda: Attention(
            x.sizes[1], a("heads"), bias=a("bias"), batch_first=True
        ),
        "batch_norm": lambda: (
            dim("BatchNorm")(c, affine=a("scale")) if a("scale") == a("shift") else None
        ),
        "frozen_batch_norm": frozen,
        "layer_norm": lambda: (
            nn.LayerNorm(x.sizes[-1], elementwise_affine=a("scale"), bias=a("shift"))
            if a("scale") or not a("shift")
            else None
        ),
        "rms_norm": lambda: nn.RMSNorm(x.sizes[-1]),
        "group_norm": lambda: nn.GroupNorm(a("groups"), c),
        "instance_norm": lambda: dim("InstanceNorm")(c, affine=a("scale")),
        "lrn": lambda: nn.LocalResponseNorm(a("size")),
        "l2_normalize": lambda: lambda value: functional.normalize(value, dim=1),
        "max_pool": lambda: pool("MaxPool", dilation=a("dilation")),
        "avg_pool": lambda: pool("AvgPool"),
        "adaptive_avg_pool": lambda: dim("AdaptiveAvgPool")(a("size")),
        "adaptive_max_pool": lambda: dim("AdaptiveMaxPool")(a("size")),
        "global_avg_pool": lambda: lambda value: value.flatten(2).mean(2),
        "global_max_pool": lambda: lambda value: value.flatten(2).amax(2),
        "flatten": lambda: nn.Flatten(1 + a("from")),
        "reshape": lambda: lambda value: value.reshape(2, *a("sizes")),
        "permute": lambda: lambda value: value.permute(0, *(1 + n for n in a("axes"))),
        "slice": lambda: lambda value: value[:, a("from") : a("to")],
        "select": lambda: lambda value: value.select(1, a("index")),
        "pad": pad,
        "crop": crop,
        "upsample": lambda: nn.Upsample(size=a("size"), scale_factor=a("factor")),
        "space_to_depth": lambda: nn.PixelUnshuffle(a("n")),
        "depth_to_space": lambda: nn.PixelShuffle(a("n")),
        "pixel_shuffle": lambda: nn.PixelShuffle(a("n")),
        "channel_shuffle": lambda: nn.ChannelShuffle(a("groups")) if d > 1 else None,
        "spatial_dropout": lambda: dim("Dropout")(),
        "sum": lambda: reduced("sum"),
        "stack": lambda: lambda *values: torch.stack(values, 1 + a("axis")),
        "concat": lambda: lambda *values: torch.cat(values, 1 + a("axis")),
        "l2_distance": lambda: lambda p, q: functional.pairwise_distance(p, q, keepdim=True),
        "matmul": lambda: torch.matmul,
        "softmax": lambda: nn.Softmax(1 + a("axis")),
        "log_softmax": lambda: nn.LogSoftmax(1 + a("axis")),
        "prelu": lambda: nn.PReLU(1 if a("shared") else c),
        "min": lambda: lambda *values: torch.stack(values).amin(0),
    }  # fmt: skip
    if op.name in joined:
        return lambda *values: joined[op.name](*values[:2])
    return made[op.name]() if op.name in made else None


IN_TORCH = [
    name
    for name in CASES.keys() | OPS.keys()
    if name not in ("list", "parameter", "scale", "local_conv", "reorg", "stochastic_depth")
    and name not in ("max", "mean", "l1_distance", *DRAWN)
]


@pytest.mark.parametrize("name", sorted(IN_TORCH))
@quick
@given(data=st.data())
def test_shapes_and_weights_are_those_of_pytorch(name: str, data: st.DataObject) -> None:
    torch = pytest.importorskip("torch")
    op, inputs = case(data.draw, name)
    # the meta device does not check `output_padding`
    with torch.device("cpu" if name == "conv_transpose" else "meta"):
        try:
            module = torch_of(op, inputs[0])
            assume(module is not None)
            module = module.eval() if isinstance(module, torch.nn.Module) else module
            values = [
                torch.empty(2, *x.sizes, dtype=torch.long if x.integers else torch.float)
                for x in inputs
            ]
            output = tuple(module(*values).shape[1:])
        except (RuntimeError, ValueError, AssertionError) as error:
            assert not fits(op, *inputs), f"PyTorch refuses {op} of {inputs}: {error}"
            return
    if 0 in output:
        assert not fits(op, *inputs)
        return
    op.check(*inputs)
    assert op.shape(*inputs).sizes == output
    if isinstance(module, torch.nn.Module):
        state = [(key.removeprefix("layer."), value) for key, value in module.state_dict().items()]
        kept = [(key, value) for key, value in state if not ("bias_hh" in key and lone(op))]
        weights = op.weights(*inputs)
        assert [(w.name, w.sizes) for w in weights] == [(k, tuple(v.shape)) for k, v in kept]
        trains = {key.removeprefix("layer.") for key, _ in module.named_parameters()}
        assert {w.name for w in weights if w.trains} == trains & {w.name for w in weights}


@pytest.mark.parametrize("name", OFFICIAL)
@quick
@given(data=st.data())
def test_shapes_of_detectors_are_those_of_torchvision(name: str, data: st.DataObject) -> None:
    pytest.importorskip("torchvision")
    op, inputs = case(data.draw, name)
    assume(fits(op, *inputs))
    result, found = op.shape(*inputs), OFFICIAL[name](op, Given.of(op, inputs))
    whole = inputs == () or result.each is not None  # not one for each image
    assert tuple(found.shape if whole else found[0].shape) == tuple(map(number, result.whole))
    assert not op.weights(*inputs)


def lone(op: Op) -> bool:
    return "biases" in op.params and vars(op)["biases"] == 1


# What is said once and held for all layers.


def test_every_layer_and_every_parameter_is_documented() -> None:
    for name, op in OPS.items():
        assert op.__doc__ and op.__doc__.strip().endswith((".", ")")), name
        assert op.name == name and find.find(name) is op
        for key, spec in op.params.items():
            assert re.match(r"[A-Z].*\.$", spec.doc), f"{name}({key})"
            assert "\n" not in spec.doc, f"{name}({key})"
            assert spec.kind is not Kind.WORD or spec.default in spec.words, f"{name}({key})"


def test_every_family_is_searched_for_names() -> None:
    folder = Path(find.__file__).parent
    families = {path.stem for path in folder.glob("*.py") if "\n@op(" in path.read_text()}
    assert families == set(find.FAMILIES)
    assert tuple(OPS) == find.NAMES
    assert find.find("convolution") is None
    assert {"same", "last", "bilinear", "column", "sequence"} <= find.words()


def test_a_layer_says_everything_in_its_signature() -> None:
    assert list(OPS["lstm"].params)[:4] == ["hidden", "layers", "bidirectional", "return"]
    assert list(OPS["slice"].params) == ["from", "to", "axis"]
    assert getattr(make("slice", **{"from": 1, "to": 3}), "from") == 1
    assert not make("crop", edges=((1, 1),)).reads_second
    assert make("crop", like=Ref(image(1, 2, 2), 0)).reads_second
    assert [name for name, op in OPS.items() if op.joins] == [
        *("add", "sub", "mul", "min", "max", "mean", "l1_distance", "l2_distance"),
        *("concat", "stack", "list", "matmul"),
        *("decode_boxes", "proposals", "roi_pool", "roi_align", "warp", "detections"),
        *("match", "hard_negatives", "class_loss", "object_loss", "box_loss"),
        *("match_cells", "cell_loss", "overlap_loss"),
    ]


def test_an_initialiser_is_spelled_as_in_the_language() -> None:
    assert str(init.Init("he_normal", (("fan", "out"),))) == "he_normal(fan=out)"
    cut = init.Init("he_normal", (("fan", "in"), ("truncated", True)))
    assert str(cut) == "he_normal(fan=in, truncated=true)"
    assert str(init.constant(0.0)) == "0.0"
    assert str(init.Init("zeros", ())) == "zeros"
    assert init.constant(2.0).argument("value") == 2.0
    for name, recipe in init.RECIPES.items():
        assert recipe.doc.endswith("."), name
        assert init.SIGNATURES[name] is recipe.params


# Counts and shapes known from elsewhere.


def params(op: Op, *inputs: Tensor) -> int:
    return number(scalars(op.weights(*inputs), lambda weight: weight.trains))


@pytest.mark.parametrize(
    ("op", "inputs", "count", "macs"),
    [
        (make("conv", width=64, k=7, stride=2, pad=3, bias=False), [image(3, 224, 224)],
         9408, 118_013_952),
        (make("attention", heads=4), [sequence(16, 64)], 16_640, 294_912),
        (make("lstm", hidden=8), [sequence(5, 4)], 4 * 8 * (4 + 8 + 2), 5 * 4 * 8 * 12),
        (make("gru", hidden=8, biases=1), [sequence(5, 4)], 3 * 8 * (4 + 8 + 1), 5 * 3 * 8 * 12),
        (make("separable_conv", width=4, k=3, pad=1), [image(2, 5, 5)], 18 + 8 + 4, 25 * (18 + 8)),
        (make("local_conv", width=4, k=3), [image(2, 5, 5)], 9 * (4 * 18 + 4), 9 * 4 * 18),
        (make("conv_transpose", width=4, k=2, stride=2), [image(2, 5, 5)], 36, 25 * 2 * 4 * 4),
        (make("linear", features=3), [sequence(7, 5)], 18, 105),
        (make("matmul"), [sequence(3, 4), sequence(4, 5)], 0, 60),
        (make("batch_norm"), [image(8, 2, 2)], 16, 0),
        (make("frozen_batch_norm"), [image(8, 2, 2)], 0, 0),
        (make("embedding", width=5), [tokens(7, words=11)], 55, 0),
        (make("parameter", sizes=(1, 768), batch=True), [], 768, 0),
        (make("scale", factor="parameter"), [image(8, 2, 2)], 8, 0),
        (make("scale", factor="parameter"), [sequence(8, 3)], 3, 0),
        (make("scale", factor=0.5), [image(8, 2, 2)], 0, 0),
        (make("scale", factor=Partial(OPS["parameter"], (("sizes", (8, 1, 1)),))),
         [image(8, 2, 2)], 8, 0),
        (make("layer_norm", axis=0), [image(8, 2, 2)], 16, 0),
    ],
)  # fmt: skip
def test_weights_and_macs_are_those_of_the_papers(
    op: Op, inputs: list[Tensor], count: int, macs: int
) -> None:
    op.check(*inputs)
    assert (params(op, *inputs), op.macs(*inputs)) == (count, macs)


def test_axes_keep_their_names() -> None:
    x = image(6, 4, 8)
    assert run(make("global_avg_pool"), x).axes == ("channels",)
    assert run(make("flatten"), x) == Tensor((192,), ("features",))
    cells = run(make("flatten", **{"from": 1}), x)
    assert cells == Tensor((6, 32), ("channels", "length"))
    words = run(make("permute", axes=(1, 0)), cells)
    assert words.axes == ("length", "channels")
    assert run(make("linear", features=3), words).axes == ("length", "features")
    assert run(make("select", index=-1), words).axes == ("channels",)
    assert run(make("mean", axis=1), cells).axes == ("channels",)
    assert run(make("reshape", sizes=(192,)), x).axes == ("features",)
    assert run(make("reshape", sizes=(12, 16)), x).axes == ("", "")
    assert run(make("reshape", sizes=(3, 8, 8)), x).axes == ("channels", "height", "width")
    assert run(make("stack"), Tensor((5,), ("features",)), Tensor((5,), ("features",))) == sequence(
        2, 5
    )
    assert run(make("concat"), Tensor((1, 6), ("", "")), sequence(4, 6)) == sequence(5, 6)
    gate = Tensor((6,), ("channels",))
    assert run(make("mul"), gate, x) == run(make("mul"), x, image(6, 1, 1)) == x


def dynamic(**sizes: int) -> list[Dynamic]:
    return [Dynamic(variable(name), size) for name, size in sizes.items()]


def at(size: Any, **sizes: int) -> Any:
    assert isinstance(size, Dynamic)
    return substitute(size.form, sizes)


def test_dynamic_sizes_stay_dynamic() -> None:
    height, width = dynamic(H=96, W=64)
    x = Tensor((3, height, width), ("channels", "height", "width"))
    halved = run(make("conv", width=8, k=3, stride=2, pad=1), x)
    assert halved.sizes[0] == 8
    assert [at(size, H=96, W=64) for size in halved.sizes[1:]] == [48, 32]
    assert [at(size, H=95, W=7) for size in halved.sizes[1:]] == [48, 4]
    assert run(make("conv", width=8, k=3, stride=2, pad="same"), x).sizes == halved.sizes
    pooled = run(make("max_pool", k=3, stride=2, ceil=True), x)
    assert [at(pooled.sizes[1], H=size) for size in (95, 96, 97)] == [47, 48, 48]
    padded = run(make("pad", pad="same", kernel=3, stride=2), x)
    assert number(padded.sizes[1]) == 97 and isinstance(padded.sizes[1], Dynamic)
    assert isinstance(run(make("flatten"), x).sizes[0], Dynamic)
    assert run(make("global_avg_pool"), x).sizes == (3,)
    assert "dynamic" in refuses(make("linear", features=9), run(make("flatten"), x)).message
    assert refuses(make("add"), x, image(3, 96, 64)).code == "shape-mismatch"
    assert refuses(make("reshape", sizes=(3, 96 * 64)), x).code == "dynamic-size"


F = Tensor((128,), ("features",))
T = sequence(200, 128)
BOX = Tensor((7, 4), (BOXES, "features"))
WRONG: list[tuple[Op, list[Tensor], str]] = [
    (make("add"), [image(64, 56, 56), image(256, 56, 56)],
     "`add` needs equal shapes, found [64, 56, 56] and [256, 56, 56]"),
    (make("add"), [image(32, 8, 8), image(1, 8, 8)], "[32, 8, 8] and [1, 8, 8]"),
    (make("mul"), [image(8, 4, 4), image(4, 1, 1)], "[8, 4, 4] and [4, 1, 1]"),
    (make("mul"), [image(8, 4, 4), image(8, 4, 1)], "[8, 4, 4] and [8, 4, 1]"),
    (make("mul"), [sequence(5, 4), Tensor((4,), ("features",))], "[5, 4] and [4]"),
    (make("concat"), [image(8, 28, 28), image(8, 26, 28)], "equal heights, found 28 and 26"),
    (make("concat", axis=3), [image(8, 28, 28)], "`axis=3`, but [8, 28, 28] has axes 0 to 2"),
    (make("concat"), [tokens(4), F], "found tokens of 10 and numbers"),
    (make("conv", width=8, k=Kernel((3, 3))), [T], "`k` of `conv` is 3x3, for 2 axes"),
    (make("conv", width=8, k=3), [T], "found [200, 128] of length and features"),
    (make("conv", width=8, k=3), [tokens(9)], "`conv` takes numbers, found integer tokens [9]"),
    (make("conv", width=8, k=3), [F], "`conv` needs channels and 1 to 3 spatial axes"),
    (make("conv", width=8, k=5), [image(3, 4, 4)], "kernel 5 does not fit the input [3, 4, 4]: 4"),
    (make("conv", width=8, k=3, dilation=8), [image(3, 14, 14)], "spans 17 cells and does not fit"),
    (make("conv", width=8, k=7, pad=1), [image(3, 4, 4)], "4 cells and 1 + 1 of padding, 6 cells"),
    (make("conv", width=8, k=3, stride=Kernel((2,))), [image(3, 4, 4)], "`stride` has 1 axis"),
    (make("conv", width=96, k=3, groups=3), [image(64, 8, 8)], "3 groups do not divide the 64"),
    (make("conv", width=8, k=1, groups=3), [image(6, 8, 8)], "the 8 output channels"),
    (make("conv_transpose", width=8, k=2, output_pad=1), [image(6, 8, 8)], "found 1, 1 and 1"),
    (make("conv_transpose", width=8, k=2, pad=9), [image(6, 8, 8)], "nothing is left"),
    (make("conv_transpose", width=8, k=1, stride=2, pad="same"), [image(6, 8, 8)], "1 and 2"),
    (make("conv_transpose", width=8, k=2, stride=2, pad="same", output_pad=1), [image(6, 8, 8)],
     "`output_pad=1` cannot change it"),
    (make("max_pool", k=3, pad=2), [image(3, 8, 8)], "pad of 2 is more than half of a window of 3"),
    (make("max_pool", k=9), [image(3, 8, 8)], "kernel 9 does not fit"),
    (make("adaptive_avg_pool", size=Kernel((3, 3, 3))), [image(3, 8, 8)], "`size`"),
    (make("linear", features=8), [image(3, 8, 8)], "its height and width are still there"),
    (make("linear", features=8), [tokens(8)], "integer tokens"),
    (make("embedding", width=8), [image(3, 8, 8)], "`embedding` looks up integer tokens"),
    (make("embedding", width=8), [Tensor((3, 8), ("", ""), 5)], "a sequence of tokens"),
    (make("parameter", sizes=()), [], "at least one size"),
    (make("scale", factor=Partial(OPS["parameter"], (("sizes", (3,)),))), [image(8, 2, 2)], "[3]"),
    (make("lstm", hidden=8), [image(3, 8, 8)], "`lstm` reads a sequence [length, features]"),
    (make("gru", hidden=8), [image(3, 8)], "of channels and length"),
    (make("rnn", hidden=8), [F], "found 1 axis: [128]"),
    (make("attention", heads=7), [sequence(10, 512)], "7 heads do not divide 512 features"),
    (make("attention", heads=2), [T, T], "one tensor, or three"),
    (make("attention", heads=2), [T, sequence(9, 64), T], "found 128 in the query"),
    (make("attention", heads=2), [T, sequence(9, 128), T], "found 9 and 200"),
    (make("batch_norm"), [T], "found a sequence [200, 128] whose features are last"),
    (make("layer_norm"), [image(8, 4, 4)], "that is its width"),
    (make("layer_norm", axis=3), [image(8, 4, 4)], "has axes 0 to 2"),
    (make("group_norm", groups=3), [image(8, 4, 4)], "3 groups do not divide the 8 channels"),
    (make("instance_norm"), [image(8, 1, 1)], "one cell a channel"),
    (make("lrn", size=5), [F], "at least 2 axes"),
    (make("flatten", **{"from": 3}), [image(8, 4, 4)], "`from=3`"),
    (make("reshape", sizes=(8, 10, 10)), [image(16, 8, 8)],
     "reshape to [8, 10, 10] needs 800 values, found 1024: [16, 8, 8]"),
    (make("permute", axes=(0, 0, 1)), [image(8, 4, 4)], "needs each of 0 to 2 once"),
    (make("slice", **{"from": 0, "to": 9}), [image(8, 4, 4)], "beyond the 8 of axis 0"),
    (make("slice", **{"from": 3, "to": 3}), [image(8, 4, 4)], "from 3 to 3 is empty"),
    (make("select", index=8), [image(8, 4, 4)], "among the 8 places"),
    (make("pad", pad="same"), [image(8, 4, 4)], "needs the kernel"),
    (make("pad", pad="same", kernel=3, axis=0), [image(8, 4, 4)], "`axis=0`"),
    (make("pad", pad=((1, 1),), stride=2), [image(8, 4, 4)], "`stride` is for `pad(same)`"),
    (make("pad", pad=((1, 1), (1, 1)), axis=0), [image(8, 4, 4)], "`pad` has 2 axes"),
    (make("pad", pad=((1, 1),)), [image(8, 4, 4)], "`pad` has 1 axis"),
    (make("crop"), [image(8, 4, 4)], "either one pair an axis or `like`"),
    (make("crop", edges=((2, 2), (0, 0))), [image(8, 4, 4)], "nothing is left"),
    (make("crop", like=Ref(image(8, 18, 18), 0)), [image(8, 14, 14)], "cannot grow 14 cells to 18"),
    (make("crop", like=Ref(F, 0)), [image(8, 14, 14)], "as many axes"),
    (make("upsample"), [image(8, 4, 4)], "takes one of `factor`, `size` and `like`"),
    (make("upsample", factor=2, size=(8, 8)), [image(8, 4, 4)], "found `factor` and `size`"),
    (make("upsample", factor=2, corners=True), [image(8, 4, 4)], "`corners` has no meaning"),
    (make("upsample", factor=2, mode="bilinear"), [image(8, 4)], "`bilinear` needs a height"),
    (make("upsample", size=(8,)), [image(8, 4, 4)], "`size` has 1 axis"),
    (make("space_to_depth", n=2), [image(8, 4, 5)], "a width that 2 divides, found 5"),
    (make("pixel_shuffle", n=2), [image(10, 4, 4)], "2 * 2 = 4 divides, found 10: [10, 4, 4]"),
    (make("channel_shuffle", groups=3), [image(10, 4, 4)], "3 groups do not divide the 10"),
    (make("sum"), [F], "needs at least 2 axes, found 1"),
    (make("max", axis=1), [image(3, 4), image(3, 4)], "`max` of one tensor, found 2"),
    (make("stack", axis=2), [F, F], "the new axis of [128] is 0 to 1"),
    (make("l2_distance"), [image(3, 4), image(3, 4)], "between vectors"),
    (make("matmul"), [sequence(3, 4), sequence(5, 4)], "found 5 and 4"),
    (make("matmul"), [image(3, 4, 4), sequence(4, 4)], "in equal numbers"),
    (make("sub"), [F, F, F], "`sub` takes 2 tensors, found 3"),
    (make("matmul"), [sequence(3, 4)], "`matmul` takes 2 tensors, found 1: [3, 4]"),
    (make("relu"), [tokens(4)], "`relu` takes numbers, found integer tokens [4]"),
    (make("softmax", axis=1), [F], "[128] has axis 0 alone"),
    (make("prelu"), [T], "whose features are last"),
    (make("resize", shorter=4, longer=8), [image(3, 3, 25)], "nothing is left of [3, 3, 25]"),
    (make("warp", size=9, context=5), [image(3, 9, 9), BOX], "leave no place for the box in 9"),
    (make("pad_to", multiple=4), [image(4, 9)], "`pad_to` needs a height and a width"),
    (make("roi_pool", k=Kernel((2, 2, 2))), [image(3, 9, 9), BOX], "`k` has 3 axes"),
    (make("warp", size=Kernel((7,))), [image(3, 9, 9), BOX], "`size` has 1 axis"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "inputs", "words"), WRONG, ids=[op.name for op, _, _ in WRONG])
def test_a_refusal_names_what_was_found(op: Op, inputs: list[Tensor], words: str) -> None:
    misfit = refuses(op, *inputs)
    assert words in misfit.message
    assert not misfit.message.endswith(".") and re.match(r"[`a-z0-9]", misfit.message)
    assert not misfit.argument or misfit.argument in op.params
    assert misfit.operand is None or 0 <= misfit.operand < len(inputs)


def test_a_join_points_at_the_first_that_differs() -> None:
    x, other = image(3, 4, 4), image(4, 4, 4)
    assert refuses(make("add"), x, x, other).operand == 2
    assert refuses(make("concat", axis=1), x, other, other).operand == 1
    assert refuses(make("add"), x, tokens(4)).operand == 1
    assert "[3] or [3, 1, 1]" in refuses(make("mul"), x, other).help
