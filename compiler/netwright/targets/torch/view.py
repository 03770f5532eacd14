"""A layer as the macros of PyTorch see it."""

from typing import Any

from netwright import syntax
from netwright.bind.external import External
from netwright.condition import Cond
from netwright.evaluate import NotGeneral
from netwright.lower.text import Text
from netwright.ops.base import Op
from netwright.ops.init import constant
from netwright.ops.learned import Parameter
from netwright.ops.learned import Scale as ScaleOp
from netwright.targets.initial import torch_line
from netwright.targets.spell import call, tuple_of
from netwright.targets.torch.windows import Windows
from netwright.values import Partial


class TorchView(Windows):
    """What PyTorch asks of a layer, beside its arguments and sizes."""

    in_place = False
    factors: list[str] | None = None
    batch = "x"  # a variable of the forward whose first size is that of the batch

    @property
    def inplace(self) -> str | None:
        """``True`` where the activation may overwrite its input."""
        if "slope" in self.op.params or "alpha" in self.op.params:
            least = self.value("slope" if "slope" in self.op.params else "alpha")
            if not isinstance(least, int | float) or least < 0:
                return None  # PyTorch cannot tell the gradient from the result then
        return "True" if self.in_place else None

    def unless_same(self, name: str, other: str) -> str | None:
        """An argument, left out where it is as large as another."""
        value = self.value(name)
        if value is None or value == self.value(other):
            return None
        return None if self.of(name) == self.of(other) else self.of(name)

    @property
    def in_features(self) -> str:
        """The features of the input, as the product that a `flatten` made of them."""
        return " * ".join(self.factors) if self.factors else self.features

    # Axes

    def dim(self, name: str) -> str:
        """The number of an axis that an argument means, the batch counted."""
        value = self.value(name)
        if value == "last":
            return "-1"
        return str(value + 1) if isinstance(value, int) else f"{self.of(name)} + 1"

    @property
    def plane(self) -> str:
        """The axes behind the channels: ``(2, 3)``."""
        axes = [str(axis + 2) for axis in range(self.rank)]
        return axes[0] if len(axes) == 1 else tuple_of(axes)

    @property
    def dims(self) -> str:
        """The arguments of ``permute``, the batch first."""
        return ", ".join(["0", *(str(axis + 1) for axis in self.value("axes"))])

    def row(self, name: str) -> str:
        """A list of sizes as arguments: ``8, 10, 10``."""
        found = self.elements(self.of(name))
        return f"*{self.of(name)}" if found is None else ", ".join(found)

    def size_tuple(self, name: str) -> str | None:
        """A list of sizes as a tuple; one size alone as it is."""
        if self.arg(name) is None:
            return None
        found = self.elements(self.of(name))
        return self.of(name) if found is None else found[0] if len(found) == 1 else tuple_of(found)

    @property
    def sides(self) -> str:
        """The sizes behind the channels as a tuple."""
        return tuple_of([self.size(axis + 1) for axis in range(self.rank)])

    def part(self, before: str, after: str) -> str:
        """``x[:, 1:3]``: a part of an axis."""
        return f"{self.x}[{self.up_to('axis')}{slice_text(before, after)}]"

    def up_to(self, name: str) -> str:
        """What stands in brackets before the index of an axis."""
        axis = self.value(name)
        if axis == "last":
            return "..., "
        if not isinstance(axis, int):
            raise NotGeneral(self.layer.span)
        return ":, " * (axis + 1)

    # Borders

    @property
    def fill(self) -> str | None:
        """What a `pad` puts around its input, where it is not zero."""
        return self.arg("value") if self.value("value") != 0 else None

    def border(self) -> list[str]:
        """The pads of `pad` in the order of ``F.pad``: the last axis first."""
        pad = self.value("pad")
        ends = self.op.ends(self.layer.tensors[0])  # type: ignore[attr-defined]
        if isinstance(pad, tuple) and pad and isinstance(pad[0], tuple):
            inner = ends[1:] if self.value("axis") is None else (pad[0],)
            texts = self.pair_texts("pad", inner)
        else:
            inner = self.elements(self.of("pad")) or [self.of("pad")] * self.rank
            texts = [(text, text) for text in (inner if self.value("axis") is None else inner[:1])]
        behind = 0 if self.value("axis") is None else self.axes - 1 - self.place("axis")
        return ["0"] * (2 * behind) + [text for pair in reversed(texts) for text in pair]

    def place(self, name: str) -> int:
        """The number of an axis that must be known."""
        axis = self.value(name)
        if axis != "last" and not isinstance(axis, int):
            raise NotGeneral(self.layer.span)
        return self.axes - 1 if axis == "last" else int(axis)

    @property
    def pads(self) -> str:
        """The pads of `pad` as a tuple."""
        return tuple_of(self.border())

    @property
    def pad_module(self) -> str:
        """The layer that pads: ``nn.ZeroPad2d(1)``."""
        if self.value("pad") == "same":
            self.helper("pad_same")
            return call(
                self.helper("PadSame"), self.of("kernel"), self.arg("stride"), value=self.fill
            )
        texts = self.border()
        rank = len(texts) // 2
        if rank > 3:
            return f"{self.helper('Pad')}({', '.join([self.pads, *([f'value={self.fill}'] if self.fill else [])])})"
        pads = texts[0] if len(set(texts)) == 1 and rank == self.rank else self.pads
        return (
            f"nn.ConstantPad{rank}d({pads}, {self.fill})"
            if self.fill
            else f"nn.ZeroPad{rank}d({pads})"
        )

    @property
    def edges(self) -> list[tuple[str, str]]:
        """The texts of `crop`'s pairs."""
        edges = self.value("edges")
        return [("0", "0")] * self.rank if edges == "same" else self.pair_texts("edges", edges)

    @property
    def edges_tuple(self) -> str:
        """The pairs of `crop` as a tuple."""
        return tuple_of([tuple_of(pair) for pair in self.edges])

    @property
    def inner(self) -> str:
        """What stands in brackets to crop: ``:, :, 1:-1, 2:-2``."""
        parts = []
        for axis, (before, after) in enumerate(self.edges):
            end = (
                ""
                if after == "0"
                else f"-{after}"
                if after.isdigit()
                else f"{self.x}.shape[{axis + 2}] - {grouped(after)}"
            )
            parts.append(slice_text(before, end))
        return ", ".join([":", ":", *parts])

    @property
    def padded(self) -> str:
        """The input with cells around it."""
        if self.value("pad") == "same":
            return call(
                self.helper("pad_same"),
                self.x,
                self.of("kernel"),
                self.arg("stride"),
                value=self.fill,
            )
        return call("F.pad", self.x, self.pads, value=self.fill)

    @property
    def cropped(self) -> str:
        """The input less the cells at its edges, or in the sizes of another tensor."""
        if self.value("like") is None:
            return f"{self.x}[{self.inner}]"
        crop = self.helper("crop" if self.rank == 2 else "crop_axes")
        return f"{crop}({self.x}, like={self.other('like')})"

    # Interpolation

    @property
    def size_like(self) -> str | None:
        """The size that `upsample` makes, where it is told or another tensor has it."""
        return (
            self.size_tuple("size")
            if self.value("like") is None
            else f"{self.other('like')}.shape[2:]"
        )

    @property
    def interpolation(self) -> str | None:
        """The mode of `upsample`: where the cells are no whole multiple, the nearest centre counts."""
        if self.value("mode") != "nearest":
            return self.arg("mode")
        return None if self.value("factor") is not None or self.whole else '"nearest-exact"'

    @property
    def whole(self) -> bool:
        """Whether each size of the output is surely a multiple of the input's."""
        pairs = zip(self.layer.result.sizes[1:], self.sizes()[1:], strict=True)
        return all(isinstance(a, int) and isinstance(b, int) and a % b == 0 for a, b in pairs)

    # Norms

    @property
    def norm_nd(self) -> str:
        """``1d`` for vectors too."""
        return f"{max(self.rank, 1)}d"

    def truth(self, name: str) -> str | None:
        """A flag as an argument, left out where it is true."""
        value = self.value(name)
        return None if value is True else self.of(name)

    @property
    def alike(self) -> bool:
        """Whether factors and offsets are both learned, or neither."""
        return bool(self.value("scale") == self.value("shift"))

    @property
    def affine(self) -> str | None:
        """The argument ``affine``, where factors and offsets go together."""
        return self.truth("scale") if self.alike else None

    @property
    def instance_affine(self) -> str | None:
        """The argument ``affine`` of an `instance_norm`, which is off where nothing is said."""
        return (
            (None if self.value("scale") is False else self.of("scale")) if self.alike else "True"
        )

    @property
    def offset(self) -> str | None:
        """The argument ``bias`` of a `layer_norm` that learns its factors."""
        return self.truth("shift") if self.value("scale") is True else None

    def norm(self, norm: str) -> str:
        """A normalisation that learns its factors, its offsets, both or neither."""
        if self.alike or (self.op.name == "layer_norm" and self.offset is not None):
            return norm
        given = (("weight", self.truth("scale")), ("bias", self.truth("shift")))
        parts = [norm, *(f"{key}={text}" for key, text in given if text)]
        return f"{self.helper('affine')}({', '.join(parts)})"

    @property
    def layer_norm(self) -> str:
        """The class of a `layer_norm`."""
        return (
            "nn.LayerNorm"
            if self.place("axis") == self.axes - 1
            else self.helper("ChannelLayerNorm")
        )

    @property
    def over(self) -> str | None:
        """The axis of a `layer_norm` that is neither the last nor the channels', the batch counted."""
        place = self.place("axis")
        return None if place in (0, self.axes - 1) else str(place + 1)

    # Flags in the forward

    def asked(self, name: str, then: str, otherwise: str) -> str:
        """One text or the other, or the question where it depends."""
        value = self.value(name)
        if isinstance(value, Cond):
            return f"{then} if {self.of(name)} else {otherwise}"
        return then if value else otherwise

    @property
    def between(self) -> str | None:
        """The dropout between recurrent layers; one layer has none."""
        return None if self.value("layers") == 1 else self.arg("dropout")

    @property
    def nonlinearity(self) -> str | None:
        """What an `rnn` applies to its state, where it is not tanh."""
        return self.arg("activation") if "activation" in self.op.params else None

    @property
    def given_back(self) -> str:
        """Whether a recurrent layer gives its state at every step, or its last."""
        return "Sequence" if self.value("return") == "sequence" else "Last"

    def biased(self, layer: str) -> str:
        """A recurrent layer with as many biases as the spec says."""
        biases = self.value("biases")
        if biases == 2:
            return layer
        if biases != 1:
            raise NotGeneral(self.layer.span)
        return f"{self.helper('one_bias')}({layer})"

    @property
    def three(self) -> list[str]:
        """Query, key and value."""
        return self.inputs if len(self.inputs) == 3 else [self.x] * 3

    @property
    def self_attention(self) -> str:
        """The class of an `attention` in a chain."""
        if self.value("causal") is not False:
            self.helper("causal_mask")
        return self.helper("SelfAttention")

    @property
    def mask(self) -> str | None:
        """The mask of causal attention."""
        if self.value("causal") is False:
            return None
        made = (
            f"{self.helper('causal_mask')}({self.x}, {self.inputs[min(1, len(self.inputs) - 1)]})"
        )
        return self.asked("causal", made, "None")

    # Learned numbers

    @property
    def integers(self) -> str:
        """How many tokens the input tells apart."""
        found = self.layer.tensors[0].integers
        assert found is not None
        return self.say(found)

    @property
    def parameter(self) -> Parameter | None:
        """The learned numbers of a `parameter` or a `scale`."""
        if isinstance(self.op, Parameter):
            return self.op
        assert isinstance(self.op, ScaleOp)
        return self.op.learned(self.layer.tensors[0])

    @property
    def learned(self) -> str:
        """``nn.Parameter(torch.zeros(1, 768))``: learned numbers as they start."""
        found = self.parameter
        assert found is not None
        sizes = [self.say(size) for size in found.sizes]
        if isinstance(self.op, Parameter):
            sizes = self.elements(self.of("sizes")) or sizes
        front = ["1"] if found.batch is True else []
        return f"nn.Parameter({start(found.init, ', '.join([*front, *sizes]))})"

    @property
    def placed(self) -> str:
        """The factors of a `scale`, beside the channels that they are for."""
        found = self.parameter
        assert found is not None
        over_channels = len(found.sizes) == 1 and self.axes > 1 and found.sizes[0] != 1
        if over_channels and self.layer.tensors[0].axes[:1] != ("length",):
            return f"{self.member}.view({', '.join(['-1', *['1'] * self.rank])})"
        return self.member

    @property
    def rest(self) -> str:
        """``-1`` for each axis that ``expand`` keeps."""
        return ", ".join(["-1"] * (len(self.value("sizes"))))

    @property
    def slopes(self) -> str:
        """How many slopes a `prelu` learns."""
        return self.asked("shared", "1", self.channels if self.value("shared") is not True else "1")

    def times(self, name: str) -> str:
        """The channels times an argument."""
        factor, channels = self.of(name), self.channels
        if factor == "1" or (channels.isdigit() and factor.isdigit()):
            return channels if factor == "1" else str(int(channels) * int(factor))
        return f"{grouped(factor)} * {grouped(channels)}"

    # Joins

    @property
    def single(self) -> bool:
        """Whether a layer that may join takes one tensor."""
        return len(self.inputs) == 1

    def folded(self, function: str) -> str:
        """A function of two tensors over all."""
        text = self.x
        for other in self.inputs[1:]:
            text = f"{function}({text}, {other})"
        return text

    @property
    def gates(self) -> list[str]:
        """The factors of `mul`, gates with an axis for each of the others'."""
        most = max(tensor.rank for tensor in self.layer.tensors)
        ranks = [most - tensor.rank if tensor.rank == 1 else 0 for tensor in self.layer.tensors]
        return [
            f"{name}[:, :{', None' * more}]" if more else name
            for name, more in zip(self.inputs, ranks, strict=True)
        ]

    # Layers of others

    @property
    def foreign(self) -> str:
        """The call of an `extern`'s class."""
        entry = self.external.entry("torch")
        assert isinstance(entry, syntax.Text)
        module, _, name = "".join(map(str, entry.parts)).rpartition(".")
        if module == "torch.nn":
            name = f"nn.{name}"
        else:
            self.imports.append((module, name))
        args = [f"{key}={self.of(key)}" for key in self.external.values]
        return f"{name}({', '.join(args)})"


def macro(op: Op) -> str:
    """The name of a layer's macros."""
    return "extern" if isinstance(op, External) else op.name


def is_number(op: Op) -> bool:
    """Whether a layer is learned numbers, under its own path, and no module."""
    if isinstance(op, ScaleOp):
        return isinstance(op.factor, Parameter | Partial | str)
    return isinstance(op, Parameter)


def grouped(text: str) -> str:
    """A text that may stand behind a minus."""
    return text if Text.of(text).simple else f"({text})"


def slice_text(start: str, end: str) -> str:
    """``1:3``, with spaces where `ruff format` puts them."""
    start = "" if start == "0" else start
    simple = all(
        part.removeprefix("-").replace("_", "").isalnum() or not part for part in (start, end)
    )
    if simple:
        return f"{start}:{end}"
    return f"{start} : {end}".strip()


def start(init: Any, sizes: str) -> str:
    """A tensor of new numbers."""
    if init == constant(0):
        return f"torch.zeros({sizes})"
    if init == constant(1):
        return f"torch.ones({sizes})"
    return torch_line(init, f"torch.empty({sizes})")
