"""A layer as the macros of Keras see it: channels last, settings in partials, pads as layers."""

from typing import Any

from netwright.condition import compare
from netwright.lower import model
from netwright.ops.init import constant
from netwright.targets.keras.detect import Detectors
from netwright.targets.keras.edges import Edges
from netwright.targets.keras.joins import Joins
from netwright.targets.keras.learned import Learned
from netwright.targets.keras.pools import Pools
from netwright.targets.keras.sequences import Sequences
from netwright.targets.keras.shapes import Shapes
from netwright.targets.keras.transposes import Transposes
from netwright.targets.spell import tuple_of
from netwright.tensor import Tensor


class KerasView(Pools, Transposes, Edges, Sequences, Learned, Shapes, Joins, Detectors):
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
        if function is not None:
            self.uses = file.used_values.get(function.routine.definition, ())
        values: dict[int, Tensor] = function.routine.values if function is not None else {}
        self.tensors = tuple(
            tensor.resized(tensor.sizes, values[value].axes) if value in values else tensor
            for value, tensor in zip(layer.inputs, layer.tensors, strict=True)
        )
        known = values.get(layer.output, layer.result)
        self.result = layer.result.resized(layer.result.sizes, known.axes)
        self.lead = []
        self.put_in_place()

    @property
    def foreign(self) -> str:
        """The call of an `extern`'s class."""
        module, name = self.foreign_class("keras")
        self.imports.append((module, name))
        given: dict[str, Any] = {key: self.of(key) for key in self.external.values}
        return self.make(name, **given)

    # Convolutions

    @property
    def depthwise(self) -> bool:
        """Whether a convolution has one filter a channel: as many groups as channels in and out."""
        channels, groups = self.sizes()[0], self.value("groups")
        same = compare(groups, "==", channels) is True
        return same and compare(self.value("width"), "==", channels) is True and groups != 1

    def times_channels(self, name: str) -> str:
        """The channels times an argument."""
        factor, channels = self.of(name), self.size(0)
        if factor == "1" or (channels.isdigit() and factor.isdigit()):
            return channels if factor == "1" else str(int(channels) * int(factor))
        return f"{self.grouped(name)} * {channels}"

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
        return tuple_of([f"{f} * {self.size(axis)}" for axis, f in enumerate(factors, start=1)])

    @property
    def known_size(self) -> str:
        """The same for a helper that must know the sizes of its input too."""
        self.need_sizes(unless=False)
        return self.new_size

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

    @property
    def like_late(self) -> bool:
        """Whether the size to make may be known only when the model runs."""
        straight = self.value("corners") is False and self.value("mode") != "bicubic"
        return straight and self.value("like") is not None and self.late_sizes

    def unless_one(self, function: str) -> str | None:
        """The line of a function of squares of cells, which does not take squares of one."""
        more = compare(self.value("n"), ">", 1)
        if more is False:
            return None
        name = function if "." in function else self.helper(function)
        line = f"{name}($, {self.of('n')})"
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
    def maybe_one_part(self) -> bool:
        """Whether an adaptive pool may have one part along an axis."""
        return any(compare(side, ">", 1) is not True for side in self.sides("size"))

    @property
    def one_cell(self) -> bool:
        """Whether an adaptive pool surely gives one cell."""
        return all(compare(side, "==", 1) is True for side in self.sides("size"))
