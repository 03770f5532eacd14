"""A layer as the macros of Keras see it: channels last, settings in partials, pads as layers."""

from typing import Any

from netwright import syntax
from netwright.condition import compare
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.text import Text
from netwright.ops.init import constant
from netwright.ops.learned import Parameter
from netwright.ops.learned import Scale as ScaleOp
from netwright.targets.keras.axes import Axes
from netwright.targets.keras.fuse import ACTIVATIONS
from netwright.targets.keras.order import channels_last, keras_axis, keras_order
from netwright.targets.keras.pools import Pools
from netwright.targets.spell import tuple_of
from netwright.tensor import Tensor

KERAS_MOMENTUM, KERAS_EPSILON = 0.99, 0.001


class KerasView(Pools, Axes):
    """What Keras asks of a layer, beside its arguments and sizes."""

    def __init__(
        self,
        layer: model.Layer,
        render: Any,
        inputs: list[str],
        output: str,
        *,
        file: Any,
        function: Any,
    ) -> None:
        super().__init__(layer, render, inputs, output)
        self.file = file
        self.function = function
        self.label: str | None = None
        values: dict[int, Tensor] = function.routine.values if function is not None else {}
        self.tensors = tuple(
            Tensor(tensor.sizes, values[value].axes, tensor.integers) if value in values else tensor
            for value, tensor in zip(layer.inputs, layer.tensors, strict=True)
        )
        known = values.get(layer.output, layer.result)
        self.result = Tensor(layer.result.sizes, known.axes, layer.result.integers)

    # Calls

    def make(
        self,
        function: str,
        *args: object,
        settings: dict[str, Any] | None = None,
        suffix: str = "",
        named: bool = True,
        **keywords: object,
    ) -> str:
        """A call of a layer; ``settings`` that all its kind share stand in a partial."""
        given = {key: value for key, value in (settings or {}).items() if value is not None}
        name, left = self.file.partial(function, self.op.name, given)
        parts = [str(arg) for arg in args if arg is not None]
        parts += [
            f"{key}={value}" for key, value in {**keywords, **left}.items() if value is not None
        ]
        if named and self.label is not None:
            parts.append(f"name={self.label[:-1]}{suffix}{self.label[-1]}")
        return f"{name}({', '.join(parts)})"

    @property
    def fused(self) -> str | None:
        """The activation that the layer computes as well."""
        name = (self.layer.words or {}).get("activation")
        return f'"{ACTIVATIONS[str(name)]}"' if name else None

    @property
    def source(self) -> str:
        """A tensor of the batch, for layers that need no more of it than its size."""
        return str(next(iter(self.function.given().values())))

    def flag(self, name: str) -> bool:
        """A flag that must be known."""
        value = self.value(name)
        if not isinstance(value, bool):
            raise NotGeneral(self.layer.span)
        return value

    @property
    def single(self) -> bool:
        """Whether a layer that may join takes one tensor."""
        return len(self.layer.inputs) == 1

    @property
    def foreign(self) -> str:
        """The call of an `extern`'s class."""
        entry = self.external.entry("keras")
        if not isinstance(entry, syntax.Text):
            raise NotGeneral(self.layer.span)
        module, _, name = "".join(map(str, entry.parts)).rpartition(".")
        self.imports.append((module, name))
        given: dict[str, Any] = {key: self.of(key) for key in self.external.values}
        return self.make(name, **given)

    # Settings

    def starts(self, **names: str) -> dict[str, str | None]:
        """Initialisers as settings: ``starts(kernel_initializer="init")``."""
        return {key: self.initialiser(name, key) for key, name in names.items()}

    def initialiser(self, name: str, key: str = "") -> str | None:
        """The config of an initialiser as a constant of the file; none for what is Keras's own."""
        value = getattr(self.op, name, None)
        if value is None:
            return None
        found = str(self.file.initialiser(value, depthwise=key == "depthwise_initializer"))
        own = '"ones"' if key == "gamma_initializer" else '"zeros"'
        return None if name == "bias_init" and found == own else found

    def norm(self, **given: object) -> dict[str, object]:
        """The settings of a normalisation: what is given, and how factors and offsets start."""
        return {**given, **self.starts(beta_initializer="bias_init", gamma_initializer="init")}

    @property
    def momentum(self) -> str | None:
        """The weight of the old statistics, which is what Keras calls momentum."""
        if not self.known("momentum"):
            return f"1 - {self.grouped('momentum')}"
        value = round(1 - self.value("momentum"), 12)
        return None if value == KERAS_MOMENTUM else repr(value)

    @property
    def epsilon(self) -> str | None:
        """``epsilon``, where it is not Keras's own."""
        return None if self.value("eps") == KERAS_EPSILON else self.of("eps")

    def given(self, name: str, otherwise: bool) -> str | None:
        """A flag as an argument, left out where it is what Keras takes anyway."""
        return None if self.value(name) is otherwise else self.of(name)

    def grouped(self, name: str) -> str:
        """The text of an argument, in parentheses where it is more than a number or name."""
        text = self.of(name)
        return text if Text.of(text).simple else f"({text})"

    # Convolutions

    @property
    def depthwise(self) -> bool:
        """Whether a convolution has one filter a channel: as many groups as channels in and out."""
        channels, groups = self.sizes()[0], self.value("groups")
        same = compare(groups, "==", channels) is True
        return same and compare(self.value("width"), "==", channels) is True and groups != 1

    def times_channels(self, name: str) -> str:
        """The channels times an argument."""
        factor, channels = self.of(name), self.extent(0)
        if factor == "1" or (channels.isdigit() and factor.isdigit()):
            return channels if factor == "1" else str(int(channels) * int(factor))
        return f"{self.grouped(name)} * {channels}"

    # Recurrence and attention

    def recurrent(self, kind: str, **options: object) -> list[str]:
        """The lines of a recurrent layer: one a layer, with dropout between them."""
        count = self.value("layers")
        if not isinstance(count, int) or self.value("return") not in ("sequence", "last"):
            raise NotGeneral(self.layer.span)
        lines = []
        for number in range(count):
            last = number == count - 1 and self.value("return") == "last"
            suffix = "" if count == 1 else f"_l{number}"
            lines.append(self._directions(kind, suffix, None if last else "True", options))
            if number < count - 1 and self.arg("dropout") is not None:
                lines.append(f"layers.Dropout({self.of('dropout')})")
        return lines

    def _directions(
        self, kind: str, suffix: str, sequences: str | None, options: dict[str, object]
    ) -> str:
        """One recurrent layer, in the directions that it has."""
        both = self.flag("bidirectional")
        starts = self.starts(
            kernel_initializer="init", recurrent_initializer="init", bias_initializer="bias_init"
        )
        if kind == "layers.LSTM" and self.value("bias_init") is not None:
            options = {**options, "unit_forget_bias": "False"}
        layer = self.make(
            kind,
            self.of("hidden"),
            return_sequences=sequences,
            settings=starts,
            suffix=suffix,
            named=not both,
            **options,
        )
        if not both:
            return layer
        name = f"name={self.label[:-1]}{suffix}{self.label[-1]}" if self.label else None
        return f"layers.Bidirectional({', '.join(filter(None, [layer, name]))})"

    @property
    def nonlinearity(self) -> str | None:
        """What an `rnn` applies to its state, where it is not tanh."""
        return self.arg("activation")

    @property
    def head_width(self) -> str:
        """The features of one head of `attention`."""
        features, heads = self.sizes()[1], self.value("heads")
        if isinstance(features, int) and isinstance(heads, int):
            return str(features // heads)
        return f"{self.extent(1)} // {self.grouped('heads')}"

    @property
    def attended(self) -> str:
        """The arguments of an attention layer: query, value and key."""
        query, *others = self.inputs if len(self.layer.inputs) == 3 else ["$"]
        key, value = others or ["$", "$"]
        parts = [query, value, *([] if key == value else [f"key={key}"])]
        causal = self.given("causal", False)
        return ", ".join([*parts, *([f"use_causal_mask={causal}"] if causal else [])])

    # Learned numbers

    @property
    def vocabulary(self) -> str:
        """How many tokens the input tells apart."""
        found = self.layer.tensors[0].integers
        assert found is not None
        return self.say(found)

    @property
    def learned(self) -> Parameter | None:
        """The learned numbers of a `parameter` or a `scale`."""
        if isinstance(self.op, Parameter):
            return self.op
        assert isinstance(self.op, ScaleOp)
        return self.op.learned(self.tensors[0])

    @property
    def learned_init(self) -> str | None:
        """How learned numbers start, where it is not as the helper has it."""
        found = self.learned
        assert found is not None
        text = str(self.file.initialiser(found.init))
        return None if text == ('"zeros"' if isinstance(self.op, Parameter) else '"ones"') else text

    @property
    def learned_shape(self) -> str:
        """The sizes of learned numbers, those of an image with the channels last."""
        found = self.learned
        assert found is not None
        texts = [self.say(size) for size in found.sizes]
        if isinstance(self.op, Parameter):
            texts = self.elements(self.of("sizes")) or texts
        like = self.result if isinstance(self.op, Parameter) else self.tensors[0]
        if len(texts) == like.rank and (like.rank > 2 or isinstance(self.op, ScaleOp)):
            texts = [texts[axis] for axis in keras_order(like)]
        alone = len(texts) == 1 and found.sizes[0] != 1 and like.rank > 1
        if isinstance(self.op, ScaleOp) and alone and not channels_last(like):
            texts += [] if like.axes[0] == "length" else ["1"] * (like.rank - 1)
        return tuple_of(texts)

    @property
    def parameter_turned(self) -> str | None:
        """The line that gives a `parameter` of two sizes Keras's order: it is held as written."""
        return self.to_keras if self.result.rank == 2 else None

    # Joins

    @property
    def operands(self) -> str:
        """The inputs of a join, all in the order of the result."""
        return ", ".join(self.aligned)

    @property
    def aligned(self) -> list[str]:
        """The inputs in the order of the result; one that has another is turned."""
        found = []
        for name, tensor in zip(self.inputs, self.tensors, strict=False):
            line = None
            if tensor.rank == self.result.rank:
                line = self.turned(keras_order(tensor), keras_order(self.result))
            found.append(f"{line}({name})" if line else name)
        return found

    @property
    def gated(self) -> str:
        """The factors of `mul`; a gate of one factor for each first place gets the other axes."""
        found = []
        for name, tensor in zip(self.aligned, self.tensors, strict=False):
            if tensor.rank == 1 < self.result.rank and not channels_last(self.result):
                name = (
                    f"layers.Reshape({tuple_of(['-1', *['1'] * (self.result.rank - 1)])})({name})"
                )
            found.append(name)
        return ", ".join(found)

    @property
    def stacked(self) -> list[str]:
        """The lines of `stack`: the new axis stands in front, and moves where it belongs."""
        axis, x = self.place("axis", 1), self.tensors[0]
        ours = [n if n < axis else n + 1 for n in keras_order(x)]
        wanted = keras_order(self.result)
        at = wanted.index(axis)
        found = [*ours[:at], axis, *ours[at:]]
        line = self.turned(found, wanted)
        stack = f"= ops.stack([{self.operands}], axis={at + 1})"
        return [stack, line] if line else [stack]

    @property
    def multiplied(self) -> list[str]:
        """The lines of `matmul`, whose matrices are the last two axes of ours."""
        sides = []
        for name, tensor in zip(self.inputs, self.tensors, strict=False):
            line = self.turned(keras_order(tensor), range(tensor.rank))
            sides.append(f"{line}({name})" if line else name)
        back = self.turned(range(self.result.rank), keras_order(self.result))
        return [f"= ops.matmul({', '.join(sides)})", *([back] if back else [])]

    @property
    def joined_axis(self) -> int | None:
        """The axis of `concat`, left out where it is the last."""
        found = keras_axis(self.result, self.place("axis"))
        return None if found == -1 else found

    # Interpolation

    @property
    def new_size(self) -> str:
        """The size that `upsample` makes: told, another tensor's, or a multiple of the input's."""
        if self.value("like") is not None:
            return f"{self.other('like')}.shape[1:-1]"
        if self.value("size") is not None:
            found = self.elements(self.of("size")) or [self.of("size")]
            return tuple_of(found if len(found) == self.rank else found * self.rank)
        factors = self.elements(self.of("factor")) or [self.grouped("factor")] * self.rank
        sizes = self.result.sizes[1:]
        if all(isinstance(size, int) for size in sizes):
            return tuple_of([str(size) for size in sizes])
        return tuple_of([f"{f} * {self.extent(axis)}" for axis, f in enumerate(factors, start=1)])

    @property
    def plain_upsample(self) -> bool:
        """Whether Keras's own layer does it: a factor, of copies or of lines between centres."""
        return (
            self.value("factor") is not None
            and self.value("corners") is False
            and (self.value("mode") in ("nearest", "bilinear"))
        )

    @property
    def plain_resize(self) -> bool:
        """Whether `ops.image.resize` does it: an image, and no corners and no cubes."""
        return (
            self.rank == 2
            and self.value("corners") is False
            and (self.value("mode") in ("nearest", "bilinear"))
        )

    def unless_one(self, function: str) -> str | None:
        """The line of a function of squares of cells, which does not take squares of one."""
        more = compare(self.value("n"), ">", 1)
        if more is False:
            return None
        line = f"{function}($, {self.of('n')})"
        return line if more is True else f"if {self.grouped('n')} > 1: {line}"

    # Activations

    @property
    def gelu(self) -> str:
        """The name of the exact function, or a helper that is the one with tanh."""
        return self.helper("gelu_tanh") if self.flag("approximate") else '"gelu"'

    @property
    def slope_axes(self) -> str | None:
        """Axes along which the slopes of a `prelu` are the same: all but the channels'."""
        shared, channels = self.flag("shared"), self.axis(0) % (self.axes + 1)
        axes = [axis for axis in range(1, self.axes + 1) if shared or axis != channels]
        return str(axes) if axes else None

    @property
    def slopes(self) -> str | None:
        """How slopes start: at 0.25, as in PyTorch, where nothing is said."""
        init = self.value("init")
        found = self.file.initialiser(constant(0.25) if init is None else init)
        return None if found == '"zeros"' else str(found)

    @property
    def one_cell(self) -> bool:
        """Whether an adaptive pool surely gives one cell."""
        return all(compare(side, "==", 1) is True for side in self.sides("size"))
