"""How Keras arranges axes: channels last, so what only moves axes here may do nothing there."""

from collections.abc import Sequence
from typing import Any

from netwright import syntax
from netwright.evaluate import NotGeneral
from netwright.ops.fit import place
from netwright.sym import Sym, keys
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
from netwright.tensor import Tensor

CELLS = {"length", "depth", "height", "width"}


class Axes(View):
    """What a macro asks of the axes of its tensors."""

    file: Any
    function: Any
    tensors: tuple[Tensor, ...]
    result: Tensor

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
        """Whether sizes may be known only when the model runs: a net of the file says so."""
        inputs = [
            statement
            for net in self.file.nets
            for statement in net.routine.node.body.statements
            if isinstance(statement, syntax.Input)
        ]
        return any(size.name is not None for statement in inputs for size in statement.sizes)

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
        x = self.result
        return self.turned_as(x.sizes, range(x.rank), keras_order(x))

    @property
    def permuted(self) -> str | None:
        """The line of `permute`; none where Keras has that order already."""
        axes = self.value("axes")
        found = [tuple(axes).index(axis) for axis in keras_order(self.tensors[0])]
        return self.turned(found, keras_order(self.result))

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

    @property
    def lead(self) -> list[str]:
        """The line that puts the axes of the input where the layer takes them; mostly none."""
        if not self.tensors or len(self.layer.inputs) > 1:
            return []
        found, ours = keras_order(self.tensors[0]), list(range(self.axes))
        wanted = [*ours[1:], 0] if self._last_only() else found
        line = self.turned(found, ours if self.op.name in IN_STEPS else wanted)
        return [line] if line else []

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

    def shape_text(self, sizes: Sequence[str]) -> str:
        """A row of sizes as a tuple."""
        return tuple_of(sizes)

    @property
    def new_shape(self) -> str:
        """The sizes of `reshape` as a tuple; -1 for one that only the run may know."""
        sizes, texts = self.value("sizes"), self.elements(self.of("sizes"))
        if texts is None and len(sizes) != 1:
            return self.of("sizes")
        texts = texts or [self.of("sizes")]
        if len(texts) != len(sizes):
            raise NotGeneral(self.layer.span)
        late = [place for place, size in enumerate(sizes) if _of_cells(size)]
        return tuple_of(["-1" if late == [place] else text for place, text in enumerate(texts)])

    @property
    def flattened(self) -> list[str]:
        """The lines of `flatten`."""
        x, start = self.tensors[0], self.place("from")
        if start == x.rank - 1 and start:
            return []
        if start:
            return [self._flattened_from(start)]
        if not channels_last(x) or self.feeds_linear:
            return ["layers.Flatten()"]
        return [*([self.to_ours] if self.to_ours else []), "layers.Flatten()"]

    def _flattened_from(self, start: int) -> str:
        """Some axes in front stay, so that the shape must be said."""
        x = self.tensors[0]
        kept = list(range(1, start)) if channels_last(x) else list(range(start))
        last = [self.size(0)] if channels_last(x) else []
        return f"layers.Reshape({tuple_of([*map(self.size, kept), '-1', *last])})"

    @property
    def feeds_linear(self) -> bool:
        """Whether the order of the values is the weights' business: what follows is linear."""
        known = getattr(self.function, "feeds_linear", None)
        return True if known is None else bool(known(self.layer.output))

    @property
    def noise(self) -> str:
        """``(None, 1, 1, 1)``: one chance for each example."""
        return tuple_of(["None", *["1"] * self.axes])

    @property
    def channel_noise(self) -> str:
        """One chance for each channel, where the channels are not last."""
        return tuple_of(["None", self.size(0), *["1"] * (self.axes - 1)])


def _of_cells(size: Any) -> bool:
    """Whether a size depends on a height, a width or a length."""
    return isinstance(size, Sym) and any(
        key.rpartition("_")[2] in CELLS or key[:1].isupper() for key in keys(size)
    )
