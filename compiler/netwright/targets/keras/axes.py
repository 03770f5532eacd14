"""How Keras arranges axes: channels last, so what only moves axes here may do nothing there."""

from collections.abc import Sequence
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.ops.fit import place
from netwright.targets.keras.order import (
    BY_AXIS,
    IN_STEPS,
    OVER_CHANNELS,
    channels_last,
    keras_axis,
    keras_order,
    permutation,
)
from netwright.targets.spell import View, tuple_of
from netwright.tensor import CHANNELS, OPEN, Tensor


class Axes(View):
    """What a macro asks of the axes of its tensors."""

    file: Any
    function: Any
    tensors: tuple[Tensor, ...]
    result: Tensor
    lead: list[str]

    @property
    def axes(self) -> int:
        """Number of axes without the batch."""
        return self.tensors[0].rank if self.tensors else self.result.rank

    @property
    def channels_last(self) -> bool:
        """Whether the input's channels are its first axis here and its last in Keras."""
        return channels_last(self.tensors[0])

    def place(self, name: str, more: int = 0) -> int:
        """The number of the axis that an argument means, the batch left out."""
        axis = self.value(name)
        if axis != "last" and not isinstance(axis, int):
            raise NotGeneral(self.layer.span)
        return place(axis, self.axes + more)

    def axis(self, axis: int | str) -> int:
        """The axis in Keras, batch included, of an axis of the first input, or of an argument."""
        number = self.place(axis) if isinstance(axis, str) else axis
        return keras_axis(self.tensors[0], number)

    def axis_unless_last(self, axis: int | str) -> int | None:
        """The same, left out where it is the last, which is what most layers of Keras take."""
        found = self.axis(axis)
        return None if found == -1 else found

    def size(self, axis: int, tensor: int = 0) -> str:
        """The text of a size of an input, an axis of ours: Keras asks the tensor itself."""
        size = self.sizes(tensor)[axis]
        if isinstance(size, int):
            return str(size)
        return f"{self.inputs[tensor]}.shape[{keras_axis(self.tensors[tensor], axis)}]"

    def part(self, index: str) -> str:
        """``$[:, :, 1:3]``: a part of the input along the axis that an argument means."""
        axis = self.axis("axis")
        return f"$[..., {index}]" if axis == -1 else f"$[{':, ' * axis}{index}]"

    @property
    def span(self) -> str:
        """``1:3``, with spaces where `ruff format` puts them."""
        start, end = self.of("from"), self.of("to")
        start = "" if start == "0" else start
        simple = all(text.replace("_", "").isalnum() or not text for text in (start, end))
        return f"{start}:{end}" if simple else f"{start} : {end}".strip()

    @property
    def late_sizes(self) -> bool:
        """Whether sizes may be known only when the model runs."""
        return bool(self.file.late_sizes)

    @property
    def in_our_order(self) -> list[str]:
        """The inputs with their axes in the order of the language."""
        found = []
        for name, tensor in zip(self.inputs, self.tensors, strict=False):
            line = self.turned(keras_order(tensor), range(tensor.rank))
            found.append(f"{line}({name})" if line else name)
        return found

    # Turning

    def turned(self, found: Sequence[int], wanted: Sequence[int]) -> str | None:
        """The line that turns one order of axes into another; none where they are the same."""
        dims = permutation(found, wanted)
        return None if dims is None else f"layers.Permute({dims})"

    def turned_as(
        self, sizes: Sequence[Any], found: Sequence[int], wanted: Sequence[int]
    ) -> str | None:
        """The same, none too where only axes of one cell would move."""
        moved = [axis for axis in found if sizes[axis] != 1]
        return self.turned(found, wanted) if moved != [a for a in wanted if a in moved] else None

    @property
    def to_ours(self) -> str | None:
        """The line that gives the first input the order of the language."""
        x = self.tensors[0]
        return self.turned_as(x.sizes, keras_order(x), range(x.rank))

    @property
    def to_keras(self) -> str | None:
        """The line that gives a result in the order of the language Keras's order."""
        return self.turned(range(self.result.rank), keras_order(self.result))

    def turned_last(self, axis: int) -> str | None:
        """The line that puts an axis of the first input last; none where it is."""
        x = self.tensors[0]
        return self.turned(keras_order(x), self._with_last(axis))

    def turned_back(self, axis: int) -> str | None:
        """The line that puts it back."""
        return self.turned(self._with_last(axis), keras_order(self.result))

    def _with_last(self, axis: int) -> list[int]:
        return [*(other for other in keras_order(self.tensors[0]) if other != axis), axis]

    @property
    def features_last(self) -> str | None:
        """The line that puts the last axis of ours last."""
        return self.turned_last(self.axes - 1)

    @property
    def features_back(self) -> str | None:
        """The line that puts it back."""
        return self.turned_back(self.axes - 1)

    @property
    def normed_last(self) -> str | None:
        """The line that puts the axis of a `layer_norm` last: not every backend takes another."""
        return self.turned_last(self.place("axis"))

    @property
    def normed_back(self) -> str | None:
        """The line that puts it back."""
        return self.turned_back(self.place("axis"))

    def _last_only(self) -> bool:
        """Whether the layer takes channels only where Keras has them."""
        around = self.op.name == "pad" and self.value("axis") is None
        return (self.op.name in OVER_CHANNELS - BY_AXIS or around) and self.axes > 1

    def put_in_place(self) -> None:
        """Note the line that puts the axes of the input where the layer takes them; mostly none."""
        if not self.tensors or len(self.layer.inputs) > 1:
            return
        x, ours = self.tensors[0], list(range(self.axes))
        wanted = ours if self.op.name in IN_STEPS else keras_order(x)
        wanted = [*ours[1:], 0] if self._last_only() else wanted
        line = self.turned(keras_order(x), wanted)
        if line is not None:
            axes = (OPEN if wanted == ours else CHANNELS, *[OPEN] * (x.rank - 1))
            self.tensors = (x.resized(x.sizes, axes), *self.tensors[1:])
            self.inputs = [self.output, *self.inputs[1:]]
            self.lead = [line]

    @property
    def tail(self) -> list[str]:
        """The line that puts them back, where the result has them as the input had."""
        if not self.tensors or not self._last_only() or self.result.rank != self.axes:
            return []
        ours = list(range(self.axes))
        line = self.turned([*ours[1:], 0], keras_order(self.result))
        return [line] if line else []

    def without(self, axis: int) -> list[str]:
        """The line that arranges what is left when an axis of the first input is gone."""
        left = [a - (a > axis) for a in keras_order(self.tensors[0]) if a != axis]
        line = self.turned(left, keras_order(self.result))
        return [line] if line else []

    def reduced(self, function: str) -> list[str]:
        """The lines of a function along an axis, which is gone."""
        place = self.place("axis")
        return [f"{function}($, axis={self.axis(place)})", *self.without(place)]

    @property
    def selected(self) -> list[str]:
        """The lines of `select`."""
        return [self.part(self.of("index")), *self.without(self.place("axis"))]

    # Shapes

    @property
    def noise(self) -> str:
        """``(None, 1, 1, 1)``: one chance for each example."""
        return tuple_of(["None", *["1"] * self.axes])

    @property
    def channel_noise(self) -> str:
        """One chance for each channel, where the channels are not last."""
        return tuple_of(["None", self.size(0), *["1"] * (self.axes - 1)])
