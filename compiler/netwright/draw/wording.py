"""Words for layers, shapes and counts, as papers write them: ``Conv 3×3``, ``64, /2``, ``9 K``."""

import os
from collections.abc import Callable
from typing import Any

from netwright.instance import LayerStep
from netwright.ops.base import Kind, Op, Role
from netwright.source import Span
from netwright.sym import Sym, show
from netwright.tensor import Dynamic, Tensor, form
from netwright.values import Ref, spec_text

Arg = Callable[[str], Any]

NAMES = {
    "batch_norm": "BN",
    "frozen_batch_norm": "FrozenBN",
    "layer_norm": "LayerNorm",
    "rms_norm": "RMSNorm",
    "lrn": "LRN",
    "l2_normalize": "L2Norm",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "LeakyReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "conv_transpose": "UpConv",
    "lstm": "LSTM",
    "gru": "GRU",
    "rnn": "RNN",
    "l1_distance": "L1 distance",
    "l2_distance": "L2 distance",
    "roi_pool": "RoIPool",
    "roi_align": "RoIAlign",
}
SIGNS = {"add": "+", "sub": "−", "mul": "×"}
HIDDEN = frozenset(
    ("bias", "init", "bias_init", "eps", "momentum", "pad", "output_pad", "ceil", "biases")
) | {"count_include_pad", "mean", "std"}
LONGEST_SIZE = 12  # letters of a size in a shape
NAMED = frozenset(("axis", "from"))  # numbers that say nothing alone


def title_case(name: str) -> str:
    """A name of a layer or block as a class is written: ``DenseLayer``."""
    if name in NAMES:
        return NAMES[name]
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def by(sizes: object, rank: int) -> str:
    """``3×3`` of a size; of a number, as often as there are axes."""
    if isinstance(sizes, tuple):
        return "×".join(map(str, sizes))
    return "×".join([str(sizes)] * rank) if isinstance(sizes, int) else str(sizes)


def single(sizes: object) -> object:
    """A size whose sides are equal as one number."""
    if isinstance(sizes, tuple) and len(set(sizes)) == 1:
        return sizes[0]
    return sizes


def over(stride: object) -> str:
    """``/2`` of a stride, nothing of a stride of one."""
    side = single(stride)
    return "" if side in (None, 1) else f"/{by(side, 1)}"


def words(*parts: object) -> str:
    """The parts that say something, with commas."""
    return ", ".join(str(part) for part in parts if part not in ("", None))


def once(said: str) -> str:
    """A value and what it is; one word where a parameter is called as what it is for."""
    first, _, last = said.partition(" ")
    return first if first == last else said


def title(step: LayerStep, arg: Arg) -> tuple[str, str]:
    """A layer in words: its kind with the kernel, and its other arguments."""
    op, rank = step.op, max(1, step.tensors[0].rank - 1) if step.tensors else 1
    name = title_case(op.name)
    match op.role:
        case Role.CONVOLUTION:
            return _convolution(step, name, rank, arg)
        case Role.POOLING if "stride" in op.params:
            stride = arg("stride")
            return f"{name} {by(arg('k'), rank)}", over(arg("k") if stride is None else stride)
        case Role.POOLING if "size" in op.params or "k" in op.params:
            return f"{name} {by(arg('size' if 'size' in op.params else 'k'), rank)}", ""
        case Role.RECURRENT:
            return name, _recurrent(op, arg)
        case Role.ATTENTION if "heads" in op.params:
            return name, once(f"{arg('heads')} heads")
    if op.name == "upsample":
        return name, _upsampling(op)
    if op.name == "pad":
        return name, ""
    return name, _others(op, arg)


def _convolution(step: LayerStep, name: str, rank: int, arg: Arg) -> tuple[str, str]:
    op, channels = step.op, form(step.tensors[0].sizes[0])
    groups, width = arg("groups") if "groups" in op.params else 1, _width(op, arg)
    numbers = getattr(op, "groups", 1)
    if op.name == "conv" and numbers == channels != 1:
        name, groups = "DepthwiseConv", 1
        width = "" if step.result and _channels(step) == channels else width
    stride = over(arg("stride"))
    if op.name == "conv_transpose":
        stride = stride.replace("/", "×")
    dilation = single(arg("dilation")) if "dilation" in op.params else 1
    return f"{name} {by(arg('k'), rank)}", words(
        width,
        stride,
        once(f"{groups} groups") if groups != 1 else "",
        once(f"dilation {by(dilation, 1)}") if dilation != 1 else "",
    )


def _width(op: Op, arg: Arg) -> Any:
    return arg("width") if "width" in op.params else ""


def _channels(step: LayerStep) -> Any:
    result = step.result if isinstance(step.result, Tensor) else step.result[0]
    return form(result.sizes[0])


def _recurrent(op: Op, arg: Arg) -> str:
    layers = getattr(op, "layers", 1)
    return words(
        arg("hidden"),
        f"{layers} layers" if layers != 1 else "",
        "bidirectional" if getattr(op, "bidirectional", False) is True else "",
    )


def _upsampling(op: Op) -> str:
    factor, size = getattr(op, "factor", None), getattr(op, "size", None)
    grows = f"×{by(single(factor), 1)}" if factor else by(tuple(size), 1) if size else ""
    return words(grows, getattr(op, "mode", ""))


def _others(op: Op, arg: Arg) -> str:
    """The arguments that differ from the defaults, as far as they are short."""
    said: list[str] = []
    for name, spec in op.params.items():
        value = arg(name)
        usual = value == spec.default and name != "p"
        if name in HIDDEN or usual or isinstance(value, Ref):
            continue
        if spec.kind is Kind.FLAG:
            said.append(name if value is True else "")
        elif name in NAMED:
            said.append(f"{name} {value}")
        elif name == "sizes" and isinstance(value, tuple | list):
            said.append(by(tuple(value), 1))
        elif not isinstance(value, str) or spec.kind is not Kind.INITIALISER:
            said.append(value if isinstance(value, str) else spec_text(value))
    return words(*(text for text in said if len(text) <= 24))


def call_text(step: LayerStep) -> str:
    """The layer with all its arguments, as the spec could say it."""
    op = step.op
    values = getattr(op, "values", None)
    args = values if isinstance(values, dict) else {n: getattr(op, n) for n in op.params}
    given = ", ".join(f"{n}={spec_text(v)}" for n, v in args.items() if v is not None)
    return f"{op.name}({given})"


def link(span: Span | None) -> str:
    """Where something stands in a spec, as a link to the line; nothing where it is not told."""
    return f"{os.path.basename(span.source.path)}#L{span.line}" if span is not None else ""


# Shapes and counts


def size_text(size: object) -> str:
    """One size; of a dynamic one its formula."""
    dim = size.form if isinstance(size, Dynamic) else size
    return tidy(show(dim, str)) if isinstance(dim, Sym) else str(dim)


def tidy(text: str) -> str:
    """A formula without the marks of a programming language."""
    return text.replace(" // ", "/").replace(" * ", "·").replace("**", "^")


def shape(tensor: Tensor) -> str:
    """``64×56×56``; a size that is a long formula is the first letter of its axis."""
    texts = list(map(size_text, tensor.sizes))
    if len(tensor.axes) == len(texts):
        pairs = zip(texts, tensor.axes, strict=True)
        texts = [text if len(text) <= LONGEST_SIZE else axis[:1] for text, axis in pairs]
    return "×".join(texts) or "scalar"


def short(count: int) -> str:
    """``9.5 K``, ``216 K``, ``25.56 M``, ``4.09 G``."""
    for unit, size in (("T", 10**12), ("G", 10**9), ("M", 10**6), ("K", 10**3)):
        if count >= size:
            digits = (1 if count < 10 * size else 0) if unit == "K" else 2
            return f"{count / size:.{digits}f} {unit}"
    return str(count)
