"""What each layer computes, written out from its definition, for emitted PyTorch to agree with.

Long, because each layer stands here once.
"""

from collections.abc import Callable
from math import ceil, prod, sqrt
from typing import Any

import torch
from torch import Tensor as Values
from torch.nn import functional as F

from netwright.ops.base import Op
from netwright.ops.fit import place
from netwright.ops.join import gated
from netwright.ops.window import each, pairs, reach
from netwright.tensor import Tensor

Weights = dict[str, Values]
Reference = Callable[[Op, tuple[Tensor, ...], Weights, list[Values]], Values]
REFERENCES: dict[str, Reference] = {}


def of(*names: str) -> Callable[[Reference], Reference]:
    """Declare what some layers compute."""

    def declare(function: Reference) -> Reference:
        REFERENCES.update(dict.fromkeys(names, function))
        return function

    return declare


def rank_of(x: Tensor) -> int:
    return x.rank - 1


def padded(x: Values, ends: Any, value: float = 0.0) -> Values:
    """A tensor with cells before and after its last axes."""
    return F.pad(x, [n for pair in reversed(ends) for n in pair], value=value)


def windows(x: Values, k: Any, stride: Any, dilation: Any, cells: Any) -> Values:
    """``(N, C, cells…, taps)``: every window of a tensor that was padded."""
    rank = x.dim() - 2
    found = x
    for axis in range(rank):
        reached = reach(each(k, rank)[axis], each(dilation, rank)[axis])
        found = found.unfold(axis + 2, reached, each(stride, rank)[axis])
    found = found[(slice(None), slice(None), *(slice(0, n) for n in cells))]
    taps = [slice(None, None, step) for step in each(dilation, rank)]
    return found[(..., *taps)].flatten(2 + rank)


@of("conv", "depthwise_conv", "separable_conv")
def convolution(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    rank = rank_of(tensors[0])
    conv = (F.conv1d, F.conv2d, F.conv3d)[rank - 1]
    x = padded(inputs[0], pairs(tensors[0], op.pad, op.k, op.stride, op.dilation))
    options = {"stride": each(op.stride, rank), "dilation": each(op.dilation, rank)}
    if op.name == "separable_conv":
        x = conv(x, weights["depthwise.weight"], groups=x.shape[1], **options)
        return conv(x, weights["pointwise.weight"], weights.get("pointwise.bias"))
    groups = op.groups if op.name == "conv" else x.shape[1]
    return conv(x, weights["weight"], weights.get("bias"), groups=groups, **options)


@of("local_conv")
def local(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    cells = op.shape(*tensors).sizes[1:]
    x = padded(inputs[0], pairs(tensors[0], op.pad, op.k, op.stride))
    parts = windows(x, op.k, op.stride, 1, cells).unsqueeze(1)
    weight = weights["weight"].flatten(2 + len(cells))
    result = (parts * weight).sum((2, -1))
    return result + weights["bias"] if "bias" in weights else result


@of("conv_transpose")
def transposed(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    rank = rank_of(tensors[0])
    conv = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[rank - 1]
    options = {key: each(getattr(op, key), rank) for key in ("stride", "dilation")}
    more = each(op.output_pad, rank)
    x = conv(inputs[0], weights["weight"], groups=op.groups, output_padding=more, **options)
    for axis, (before, after) in enumerate(op.cuts(tensors[0]), start=2):
        x = x.narrow(axis, before, x.shape[axis] - before - after)
    return x + weights["bias"].reshape(-1, *[1] * rank) if "bias" in weights else x


@of("max_pool", "avg_pool")
def pool(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,), rank = inputs, rank_of(tensors[0])
    dilation = getattr(op, "dilation", 1)
    ends = pairs(tensors[0], op.pad, op.k, op.step, dilation)
    cells = op.shape(*tensors).sizes[1:]
    rows = zip(cells, each(op.k, rank), each(op.step, rank), each(dilation, rank), strict=True)
    reached = [(n - 1) * s + reach(k, d) for n, k, s, d in rows]
    sizes = zip(reached, x.shape[2:], ends, strict=True)
    full = [(before, need - size - before) for need, size, (before, _) in sizes]
    options = (op.k, op.step, dilation, cells)
    if op.name == "max_pool":
        return windows(padded(x, full, float("-inf")), *options).amax(-1)
    inside = padded(torch.ones_like(x), ends, float(op.count_include_pad))
    beyond = [(0, need - size) for need, size in zip(reached, inside.shape[2:], strict=True)]
    count = windows(padded(inside, beyond), *options).sum(-1)
    return windows(padded(x, full), *options).sum(-1) / count


@of("adaptive_avg_pool", "adaptive_max_pool")
def adaptive(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,), rank = inputs, rank_of(tensors[0])
    for axis, cells in enumerate(each(op.size, rank), start=2):
        size = x.shape[axis]
        parts = [
            x.narrow(axis, i * size // cells, ceil((i + 1) * size / cells) - i * size // cells)
            for i in range(cells)
        ]
        fold = Values.mean if op.name == "adaptive_avg_pool" else Values.amax
        x = torch.stack([fold(part, dim=axis) for part in parts], dim=axis)
    return x


@of("upsample")
def interpolated(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    x = inputs[0]
    cells = op.shape(*tensors).sizes[1:]
    if op.mode == "bicubic":
        return F.interpolate(x, size=cells, mode="bicubic", align_corners=op.corners)
    for axis, more in enumerate(cells, start=2):
        size = x.shape[axis]
        centres = (torch.arange(more) + 0.5) * size / more
        if op.mode == "nearest":
            x = x.index_select(axis, centres.long())
            continue
        at = torch.linspace(0, size - 1, more) if op.corners else (centres - 0.5).clamp(0)
        left = at.long().clamp(max=size - 1)
        right, share = (left + 1).clamp(max=size - 1), at - left
        share = share.reshape(-1, *[1] * (x.dim() - axis - 1))
        x = x.index_select(axis, left) * (1 - share) + x.index_select(axis, right) * share
    return x


@of("pad")
def bordered(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    result = torch.full((len(inputs[0]), *op.shape(*tensors).sizes), float(op.value))
    rows = zip(op.ends(tensors[0]), tensors[0].sizes, strict=True)
    result[(slice(None), *(slice(before, before + size) for (before, _), size in rows))] = inputs[0]
    return result


@of("crop")
def cropped(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    x = inputs[0]
    for axis, size in enumerate(op.shape(*tensors).sizes[1:], start=2):
        before = (x.shape[axis] - size) // 2 if op.edges is None else op.edges[axis - 2][0]
        x = x.narrow(axis, before, size)
    return x


@of("channel_shuffle")
def shuffled(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    channels = inputs[0].shape[1]
    of_group = channels // op.groups
    order = [group * of_group + i for i in range(of_group) for group in range(op.groups)]
    return inputs[0][:, order]


@of("space_to_depth", "depth_to_space", "pixel_shuffle", "reorg")
def squares(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,), n, name = inputs, op.n, op.name
    places = [(row, column) for row in range(n) for column in range(n)]
    if name == "space_to_depth":
        order = places if op.order == "row" else [(row, column) for column, row in places]
        return torch.cat([x[:, :, row::n, column::n] for row, column in order], dim=1)
    few = x.shape[1] // (n * n)
    wide = torch.empty(len(x), few, x.shape[2] * n, x.shape[3] * n)
    for i, (row, column) in enumerate(places):
        part = x[:, i :: n * n] if name == "pixel_shuffle" else x[:, i * few : (i + 1) * few]
        wide[:, :, row::n, column::n] = part
    return darknet(x, n) if name == "reorg" else wide


def darknet(x: Values, n: int) -> Values:
    """``reorg_cpu`` of Darknet's blas.c, called with ``forward=0``."""
    batch, c, h, w = x.shape
    flat, out = x.flatten(), torch.empty(x.numel())
    few = c // (n * n)
    for at in range(x.numel()):
        i, j, k, b = at % w, at // w % h, at // (w * h) % c, at // (w * h * c)
        c2, offset = k % few, k // few
        w2, h2 = i * n + offset % n, j * n + offset // n
        out[at] = flat[w2 + w * n * (h2 + h * n * (c2 + few * b))]
    return out.reshape(batch, c * n * n, h // n, w // n)


@of("batch_norm", "frozen_batch_norm", "instance_norm", "group_norm", "layer_norm")
def normalised(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,) = inputs
    axis = place(op.axis, tensors[0].rank) + 1 if op.name == "layer_norm" else 1
    over = x.movedim(axis, 1)
    shape = (-1, *[1] * (over.dim() - 2))
    if "running_mean" in weights:
        mean, var = (weights[name].reshape(shape) for name in ("running_mean", "running_var"))
    else:
        parts = {"layer_norm": 1, "instance_norm": x.shape[1]}.get(op.name) or op.groups
        dims = [1] if op.name == "layer_norm" else list(range(2, over.dim() + 1))
        group = over if op.name == "layer_norm" else over.unflatten(1, (parts, -1))
        var, mean = torch.var_mean(group, dim=dims, correction=0, keepdim=True)
        over = group
    over = (over - mean) / (var + op.eps).sqrt()
    over = over.reshape(x.movedim(axis, 1).shape)
    for name in ("weight", "bias"):
        value = weights.get(name, torch.tensor(float(name == "weight"))).reshape(shape)
        over = over * value if name == "weight" else over + value
    return over.movedim(1, axis)


@of("normalize")
def standard(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    rows = zip(inputs[0].unbind(1), op.mean, op.std, strict=True)
    return torch.stack([(x - mean) / std for x, mean, std in rows], dim=1)


@of("resize")
def resized(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    sides = op.shape(*tensors).sizes[1:]
    return torch.nn.functional.interpolate(inputs[0], size=sides, mode="bilinear")


@of("pad_to")
def filled(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,) = inputs
    wide = torch.zeros(*x.shape[:2], *(-(-n // op.multiple) * op.multiple for n in x.shape[2:]))
    wide[(..., *(slice(0, n) for n in x.shape[2:]))] = x
    return wide


@of("cells")
def of_cells(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    rows = [
        part[:, :, row, column]
        for row in range(inputs[0].shape[2])
        for column in range(inputs[0].shape[3])
        for part in inputs[0].split(op.n, dim=1)
    ]
    return torch.stack(rows, dim=1)


@of("rms_norm")
def rooted(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,) = inputs
    return x / (x.square().mean(-1, keepdim=True) + op.eps).sqrt() * weights["weight"]


@of("lrn")
def responded(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,) = inputs
    channels = x.shape[1]
    sums = [
        x[:, max(0, c - op.size // 2) : c + (op.size - 1) // 2 + 1].square().sum(1)
        for c in range(channels)
    ]
    return x / (op.k + op.alpha / op.size * torch.stack(sums, dim=1)) ** op.beta


@of("l2_normalize")
def unit(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    return inputs[0] / inputs[0].square().sum(1, keepdim=True).sqrt().clamp(min=op.eps)


@of("linear")
def product_of(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    return inputs[0] @ weights["weight"].T + weights.get("bias", torch.tensor(0.0))


@of("lstm", "gru", "rnn")
def recurrent(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,), last = inputs, []
    for layer in range(op.layers):
        both = []
        for suffix in ("", "_reverse") if op.bidirectional else ("",):
            turned = x.flip(1) if suffix else x
            named = {
                key: weights.get(f"{key}_l{layer}{suffix}", torch.tensor(0.0))
                for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            }
            states = run(op, turned, *named.values())
            last.append(states[:, -1])
            both.append(states.flip(1) if suffix else states)
        x = torch.cat(both, dim=2)
    return x if op.return_ == "sequence" else torch.cat(last[-len(both) :], dim=1)


def run(op: Any, x: Values, w: Values, u: Values, b: Values, c: Values) -> Values:
    """The states of one layer in one direction."""
    h = torch.zeros(len(x), op.hidden)
    cell, states = h, []
    for step in x.unbind(1):
        fed, back = step @ w.T + b, h @ u.T + c
        if op.name == "lstm":
            i, f, g, o = (fed + back).chunk(4, dim=1)
            cell = f.sigmoid() * cell + i.sigmoid() * g.tanh()
            h = o.sigmoid() * cell.tanh()
        elif op.name == "gru":
            (r, z, n), (s, y, m) = fed.chunk(3, dim=1), back.expand(fed.shape).chunk(3, dim=1)
            r, z = (r + s).sigmoid(), (z + y).sigmoid()
            h = (1 - z) * (n + r * m).tanh() + z * h
        else:
            h = (fed + back).relu() if op.activation == "relu" else (fed + back).tanh()
        states.append(h)
    return torch.stack(states, dim=1)


@of("attention")
def attended(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    three = inputs if len(inputs) == 3 else inputs * 3
    zero = torch.zeros(3 * three[0].shape[-1])
    parts = [weights["in_proj_weight"], weights.get("in_proj_bias", zero)]
    matrices, offsets = (part.chunk(3) for part in parts)
    q, k, v = (
        (x @ m.T + b).unflatten(-1, (op.heads, -1)).transpose(1, 2)
        for x, m, b in zip(three, matrices, offsets, strict=True)
    )
    scores = q @ k.transpose(-2, -1) / sqrt(q.shape[-1])
    if op.causal:
        rows, columns = (torch.arange(n) for n in scores.shape[-2:])
        scores = scores.masked_fill(columns > rows[:, None], float("-inf"))
    mixed = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
    return mixed @ weights["out_proj.weight"].T + weights.get("out_proj.bias", torch.tensor(0.0))


@of("scale")
def scaled(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    factor = weights.get("", torch.tensor(op.factor if isinstance(op.factor, int | float) else 1.0))
    if factor.dim() == 1 and tensors[0].rank > 1:
        factor = factor.reshape(-1, *[1] * rank_of(tensors[0]))
    return inputs[0] * factor


@of("mul")
def gate(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    more = gated(*tensors).rank
    wide = [x.reshape(*x.shape, *[1] * (more + 1 - x.dim())) for x in inputs]
    result = torch.ones(())
    for x in wide:
        result = result * x
    return result


def plain(function: Callable[..., Values]) -> Reference:
    """A function of the inputs alone."""
    return lambda op, tensors, weights, inputs: function(*inputs)


def with_axis(function: Callable[..., Values], *, more: int = 0) -> Reference:
    """A function of a list of tensors and an axis."""

    def reference(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
        return function(inputs, dim=place(op.axis, tensors[0].rank + more) + 1)

    return reference


def folded(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    several = torch.stack(inputs)
    fold = {"max": Values.amax, "mean": Values.mean, "sum": Values.sum, "min": Values.amin}[op.name]
    if len(inputs) > 1:
        return fold(several, dim=0)
    return fold(inputs[0], dim=place(op.axis, tensors[0].rank) + 1)


def indexed(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    axis = place(op.axis, tensors[0].rank) + 1
    if op.name == "select":
        return inputs[0].select(axis, op.index)
    return inputs[0].narrow(axis, op.from_, op.to - op.from_)


def negative_slope(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,) = inputs
    slope = weights["weight"] if op.name == "prelu" else torch.tensor(op.slope)
    slope = slope.reshape(-1, *[1] * (x.dim() - 2)) if op.name == "prelu" else slope
    return torch.where(x > 0, x, slope * x)


def as_it_is(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    return inputs[0]


def sized(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    return inputs[0].reshape(len(inputs[0]), *op.shape(*tensors).sizes)


def gaussian(op: Any, tensors: Any, weights: Weights, inputs: list[Values]) -> Values:
    (x,) = inputs
    if op.approximate:
        return x / 2 * (1 + (sqrt(2 / torch.pi) * (x + 0.044715 * x**3)).tanh())
    return x / 2 * (1 + torch.erf(x / sqrt(2)))


SELU = (1.0507009873554805, 1.6732632423543772)

REFERENCES |= {
    "sum": folded,
    "mean": folded,
    "max": folded,
    "min": folded,
    "select": indexed,
    "slice": indexed,
    "flatten": sized,
    "reshape": sized,
    "permute": lambda op, _, __, inputs: inputs[0].permute(0, *(axis + 1 for axis in op.axes)),
    "embedding": lambda _, __, weights, inputs: weights["weight"][inputs[0]],
    "parameter": lambda op, _, weights, __: weights[""].expand(2, *op.sizes),
    "add": plain(lambda *inputs: sum(inputs, torch.zeros(()))),
    "sub": plain(lambda a, b: a - b),
    "l1_distance": plain(lambda a, b: (a - b).abs()),
    "l2_distance": plain(lambda a, b: (a - b).square().sum(1, keepdim=True).sqrt()),
    "matmul": plain(torch.matmul),
    "concat": with_axis(torch.cat),
    "stack": with_axis(torch.stack, more=1),
    "global_avg_pool": plain(lambda x: x.flatten(2).sum(2) / prod(x.shape[2:])),
    "global_max_pool": plain(lambda x: x.flatten(2).amax(2)),
    "relu": plain(lambda x: x.clamp(min=0)),
    "relu6": plain(lambda x: x.clamp(0, 6)),
    "leaky_relu": negative_slope,
    "prelu": negative_slope,
    "elu": lambda op, _, __, i: torch.where(i[0] > 0, i[0], op.alpha * (i[0].exp() - 1)),
    "selu": plain(lambda x: SELU[0] * torch.where(x > 0, x, SELU[1] * (x.exp() - 1))),
    "gelu": gaussian,
    "silu": plain(lambda x: x / (1 + (-x).exp())),
    "mish": plain(lambda x: x * (1 + x.exp()).log().tanh()),
    "softplus": plain(lambda x: (1 + x.exp()).log()),
    "sigmoid": plain(lambda x: 1 / (1 + (-x).exp())),
    "hard_sigmoid": plain(lambda x: (x + 3).clamp(0, 6) / 6),
    "hard_swish": plain(lambda x: x * (x + 3).clamp(0, 6) / 6),
    "tanh": plain(torch.tanh),
    "softmax": with_axis(lambda x, dim: x[0].exp() / x[0].exp().sum(dim, keepdim=True)),
    "log_softmax": with_axis(lambda x, dim: x[0] - x[0].exp().sum(dim, keepdim=True).log()),
    **dict.fromkeys(["identity", "dropout", "spatial_dropout", "stochastic_depth"], as_it_is),
}
