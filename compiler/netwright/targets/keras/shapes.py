"""What the macros of layers that only arrange ask: flatten, reshape, permute."""

from typing import Any

from netwright.evaluate import NotGeneral
from netwright.sym import Sym, keys
from netwright.targets.keras.calls import Calls
from netwright.targets.keras.order import channels_last, keras_order, permutation
from netwright.targets.spell import tuple_of

CELLS = {"length", "depth", "height", "width"}


class Shapes(Calls):
    """The same values under other axes."""

    @property
    def permuted(self) -> str | None:
        """The line of `permute`; none where Keras has that order already."""
        axes = self.value("axes")
        if len(axes) != self.axes or not all(isinstance(axis, int) for axis in axes):
            raise NotGeneral(self.layer.span)
        found = [tuple(axes).index(axis) for axis in keras_order(self.tensors[0])]
        dims = permutation(found, keras_order(self.result))
        return None if dims is None else self.make("layers.Permute", dims)

    @property
    def reshaped(self) -> list[str]:
        """The lines of `reshape`; of a row of channels Keras makes a map at once."""
        texts, wanted = self.new_sizes, keras_order(self.result)
        back = self.turned_as(self.value("sizes"), range(self.result.rank), wanted)
        if isinstance(texts, list) and back is None:
            texts = [texts[axis] for axis in wanted]
        shape = tuple_of(texts) if isinstance(texts, list) else texts
        lines = (self.to_ours, self.make("layers.Reshape", shape), back and self.to_keras)
        return [line for line in lines if line]

    @property
    def new_sizes(self) -> list[str] | str:
        """The texts of the sizes of `reshape`, or of their list; -1 for one only the run knows."""
        sizes, texts = self.value("sizes"), self.elements(self.of("sizes"))
        if texts is None and len(sizes) != 1:
            return self.of("sizes")
        texts = texts or [self.of("sizes")]
        if len(texts) != len(sizes):
            raise NotGeneral(self.layer.span)
        late = [place for place, size in enumerate(sizes) if _of_cells(size)]
        return ["-1" if late == [place] else text for place, text in enumerate(texts)]

    @property
    def flattened(self) -> list[str]:
        """The lines of `flatten`."""
        x, start = self.tensors[0], self.place("from")
        if start == x.rank - 1 and start:
            return []
        if start:
            return [self._flattened_from(start)]
        if not channels_last(x) or self.feeds_linear:
            return [self.make("layers.Flatten")]
        return [*([self.to_ours] if self.to_ours else []), self.make("layers.Flatten")]

    def _flattened_from(self, start: int) -> str:
        """Some axes in front stay, so that the shape must be said."""
        x = self.tensors[0]
        kept = list(range(1, start)) if channels_last(x) else list(range(start))
        if self.late_sizes and not all(isinstance(x.sizes[axis], int) for axis in kept):
            raise NotGeneral(self.layer.span)
        last = [self.size(0)] if channels_last(x) else []
        return self.make("layers.Reshape", tuple_of([*map(self.size, kept), "-1", *last]))

    @property
    def feeds_linear(self) -> bool:
        """Whether the order of the values is the weights' business: what follows is linear."""
        known = getattr(self.function, "feeds_linear", None)
        return True if known is None else bool(known(self.layer.output))


def _of_cells(size: Any) -> bool:
    """Whether a size depends on a height, a width or a length."""
    return isinstance(size, Sym) and any(
        key.rpartition("_")[2] in CELLS or key[:1].isupper() for key in keys(size)
    )
