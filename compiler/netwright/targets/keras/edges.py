"""What the macros of layers that only pad or crop ask."""

from netwright.ops.border import Pad
from netwright.targets.keras.axes import Axes
from netwright.targets.keras.borders import Borders, amount_text, nothing
from netwright.targets.spell import tuple_of
from netwright.values import Kernel


class Edges(Borders, Axes):
    """Cells put around a tensor, or cut off it."""

    @property
    def around(self) -> str | None:
        """The line of `pad`."""
        if self.value("axis") is not None:
            return self._along_axis()
        known = isinstance(self.value("stride"), int | tuple) and self.known("kernel")
        sizes = all(isinstance(size, int) for size in self.sizes()[1:])
        if self.value("pad") == "same" and not (known and (sizes or self.value("stride") == 1)):
            self.need_sizes(unless=self.value("stride") == 1)
            more = [*self._named_pad("stride", 1), *self._named_pad("value", 0)]
            return f"{self.helper('pad_same')}($, {', '.join([self.of('kernel'), *more])})"
        if self.value("value") == 0 and self.value("pad") != "same":
            return self.border("pad", f"layers.ZeroPadding{self.dims}")
        assert isinstance(self.op, Pad)
        ends = self.op.ends(self.layer.tensors[0])[1:]
        if self.value("value") == 0:
            found = None if nothing(ends) else ("", amount_text(self.pair_texts("pad", ends)))
            return self.bordered(f"layers.ZeroPadding{self.dims}", found)
        pad = self.value("pad")
        plain = pad != "same" and (isinstance(pad, Kernel) or not isinstance(pad, tuple))
        texts = self._each_text("pad") if plain else self.pair_texts("pad", ends)
        return self._filled([("0", "0"), *texts, ("0", "0")])

    def _each_text(self, name: str) -> list[tuple[str, str]]:
        sides = self.elements(self.of(name)) or [self.of(name)] * self.rank
        return [(side, side) for side in sides]

    def _named_pad(self, name: str, default: int) -> list[str]:
        return [] if self.value(name) == default else [f"{name}={self.of(name)}"]

    def _along_axis(self) -> str:
        """The line of `pad` for one axis."""
        pad = self.value("pad")
        if isinstance(pad, tuple) and not isinstance(pad, Kernel):
            ((before, after),) = self.pair_texts("pad", pad)
        else:
            before = after = self.of("pad")
        axis, axes = self.axis("axis"), self.axes
        ends = [("0", "0")] * (axes + 1)
        ends[axis] = (before, after)
        return self._filled(ends)

    def _filled(self, ends: list[tuple[str, str]]) -> str:
        """``ops.pad`` of every axis, the batch first."""
        fill = "" if self.value("value") == 0 else f", constant_values={self.of('value')}"
        return f"ops.pad($, {tuple_of([tuple_of(pair) for pair in ends])}{fill})"

    @property
    def cropped(self) -> str | None:
        """The line of `crop`."""
        if self.value("like") is None:
            return self.border("edges", f"layers.Cropping{self.dims}")
        if self.late_sizes:
            return f"{self.helper('Crop')}()($, {self.other('like')})"
        helper = "crop" if self.rank == 2 else "crop_axes"
        return f"{self.helper(helper)}($, like={self.other('like')})"
