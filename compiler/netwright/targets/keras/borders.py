"""How Keras pads a window: by ``padding="same"`` where that is exact, by a layer in front, or by a
helper where only the size of the input tells."""

from typing import Any

from netwright.condition import compare
from netwright.evaluate import NotGeneral
from netwright.ops.conv import ConvTranspose
from netwright.ops.window import each, pairs, reach
from netwright.sym import Sym
from netwright.targets.keras.signs import never_negative
from netwright.targets.spell import View, tuple_of
from netwright.values import Kernel

Pairs = tuple[tuple[Any, Any], ...]
Cells = tuple[str, str]  # the condition that there are any, if it is open, and how many


class Borders(View):
    """What a macro asks of the padding of a convolution, a pool or a layer that pads."""

    function: Any

    @property
    def dims(self) -> str:
        """``1D``, ``2D`` or ``3D``."""
        return f"{self.rank}D"

    # Windows

    def sides(self, name: str) -> tuple[Any, ...]:
        """One value an axis of a kernel, stride or dilation; 1 where the layer has none."""
        value = self.value(name) if name in self.op.params else 1
        if value is None:
            value = self.value("k")  # the stride of a pool
        return each(value, self.rank)

    def ones(self, name: str) -> bool:
        """Whether a stride or dilation is surely 1 along each axis."""
        return all(compare(side, "==", 1) is True for side in self.sides(name))

    @property
    def ends(self) -> Pairs | None:
        """Cells of padding before and after each axis; none where only a size tells."""
        pad, stride = self.value("pad"), self.sides("stride")
        if pad != "same":
            return pairs(self.layer.tensors[0], pad, self.value("k"), 1, 1)
        spans = (self.sides("k"), stride, self.sides("dilation"))
        sizes = () if self.ones("stride") else (self.sizes()[1:],)
        if not all(map(_numbers, (*spans, *sizes))):
            return None
        kernel, steps, dilation = map(Kernel, spans)
        return pairs(self.layer.tensors[0], "same", kernel, steps, dilation)

    @property
    def thinned(self) -> bool:
        """Whether both stride and dilation surely are above 1, which no layer of Keras takes."""
        rows = (self.sides("stride"), self.sides("dilation"))
        return all(any(compare(side, ">", 1) is True for side in row) for row in rows)

    @property
    def is_same(self) -> bool:
        """Whether Keras's ``same`` pads the cells that the spec says."""
        if self.thinned:
            return False
        if self.value("pad") == "same":
            return True
        ends, spans = self.ends, (self.sides("k"), self.sides("dilation"))
        if ends is None or not self.ones("stride") or not all(map(_numbers, (*ends, *spans))):
            return False
        extras = [reach(k, d) - 1 for k, d in zip(*spans, strict=True)]
        return any(extras) and all(
            pair == (extra // 2, extra - extra // 2)
            for pair, extra in zip(ends, extras, strict=True)
        )

    @property
    def padding(self) -> str | None:
        """``"same"`` where it is exact."""
        return '"same"' if self.is_same else None

    @property
    def zero_padding(self) -> str | None:
        """The line that pads with zeros in front; none where ``same`` does or nothing is padded."""
        return None if self.is_same else self.border("pad", f"layers.ZeroPadding{self.dims}")

    @property
    def all_padding(self) -> str | None:
        """The same for layers that have no ``same``."""
        return self.border("pad", f"layers.ZeroPadding{self.dims}")

    @property
    def thinning(self) -> str | None:
        """The line that keeps every second cell, where the layer itself had no stride."""
        if not self.thinned:
            return None
        stride = self.elements(self.of("stride")) or [self.of("stride")] * self.rank
        return f"$[:, {', '.join(f'::{step}' for step in stride)}]"

    @property
    def steps(self) -> str | None:
        """The stride as an argument."""
        return None if self.thinned else self.arg("stride")

    def border(self, name: str, layer: str) -> str | None:
        """The line of a layer that pads or crops; none where it does nothing."""
        if name == "pad" and self.value(name) == "same" and self.ends is None:
            return self.same_padding
        return self.bordered(layer, self.cells(name))

    def bordered(self, layer: str, cells: Cells | None) -> str | None:
        """The line of a layer for some cells, under their condition."""
        if cells is None:
            return None
        condition, amount = cells
        line = f"{layer}({amount})"
        if layer == "layers.ZeroPadding1D" and amount.startswith("("):
            line = f"ops.pad($, ((0, 0), {amount}, (0, 0)))"  # by its type the layer takes a number
        return f"if {condition}: {line}" if condition else line

    def cells(self, name: str) -> Cells | None:
        """The cells that pads or crops mean: the condition of there being any, and their text."""
        value = self.value(name)
        if isinstance(value, Sym) or not isinstance(value, int | tuple | str):
            text = self.of(name)
            some = any(compare(side, ">", 0) is True for side in self.sides(name))
            return "" if some else text, text
        ends = self.ends if name == "pad" and value == "same" else self.pair_values(name)
        assert ends is not None
        if _nothing(ends):
            return None
        return "", self.amount(name, ends)

    def pair_values(self, name: str) -> Pairs:
        """The value of pads as one pair an axis."""
        return pairs(self.layer.tensors[0], self.value(name), 1, 1)

    def amount(self, name: str, ends: Pairs) -> str:
        """Pairs as the argument of a layer that pads: ``1``, ``(1, 2)``, ``((0, 1), (0, 1))``."""
        if isinstance(self.value(name), int):
            return self.of(name)
        return amount_text(self.pair_texts(name, ends))

    def pair_texts(self, name: str, ends: Pairs) -> list[tuple[str, str]]:
        """The texts of pairs: as they were written, or as the numbers that they are."""
        if all(map(_numbers, ends)):
            return [(str(before), str(after)) for before, after in ends]
        found = self.elements(self.of(name))
        if isinstance(self.value(name), Sym):
            return [(self.of(name), self.of(name))] * len(ends)
        inner = [self.elements(item) for item in found or ()]
        if len(inner) != len(ends) or any(item is None or len(item) != 2 for item in inner):
            raise NotGeneral(self.layer.span)
        return [(item[0], item[1]) for item in inner if item is not None]

    @property
    def same_padding(self) -> str:
        """The line that pads as ``same`` does, where the size of the input is no number."""
        window = [self.of("k"), *self._named("stride"), *self._named("dilation")]
        return f"{self.helper('pad_same')}($, {', '.join(window)})"

    def _named(self, name: str) -> list[str]:
        if name not in self.op.params:
            return []
        return [] if self.ones(name) else [f"{name}={self.of(name)}"]

    def unless_same(self, name: str, other: str) -> str | None:
        """An argument, left out where it equals another."""
        value = self.value(name)
        if value is None or value == self.value(other):
            return None
        return None if self.of(name) == self.of(other) else self.of(name)

    # Transposed convolutions

    @property
    def plain_transpose(self) -> bool:
        """Whether Keras has the layer: no groups, and not both stride and dilation."""
        one = compare(self.value("groups"), "==", 1) is True
        return one and (self.ones("stride") or self.ones("dilation"))

    @property
    def output_padding(self) -> str | None:
        """``output_padding``; 0 where the kernel may be less than the stride: Keras would pad."""
        if self.value("pad") == "same" and self.plain_transpose:
            return None
        if self.value("output_pad") != 0 and not _zeros(self.sides("output_pad")):
            return self.of("output_pad")
        sides = zip(self.sides("k"), self.sides("stride"), strict=True)
        covered = all(compare(k, ">=", s) is True for k, s in sides)
        return None if covered or not self.plain_transpose else "0"

    @property
    def same_transpose(self) -> str | None:
        """``"same"`` for a transposed convolution that asked for it."""
        return '"same"' if self.value("pad") == "same" and self.plain_transpose else None

    @property
    def cropping(self) -> str | None:
        """The line that cuts the full output of a transposed convolution."""
        if self.value("pad") != "same":
            return self.border("pad", f"layers.Cropping{self.dims}")
        if self.plain_transpose:
            return None
        spans = (self.sides("k"), self.sides("stride"), self.sides("dilation"))
        if not all(map(_numbers, spans)):
            raise NotGeneral(self.layer.span)
        assert isinstance(self.op, ConvTranspose)
        cuts = self.op.cuts(self.layer.tensors[0])
        if all(pair == (0, 0) for pair in cuts):
            return None
        return f"layers.Cropping{self.dims}({amount_text(self.pair_texts('pad', cuts))})"

    # Layers that pad and crop

    @property
    def around(self) -> str | None:
        """The line of `pad`."""
        if self.value("axis") is not None:
            return self._along_axis()
        known = isinstance(self.value("stride"), int | tuple) and self.known("kernel")
        sizes = all(isinstance(size, int) for size in self.sizes()[1:])
        if self.value("pad") == "same" and not (known and (sizes or self.value("stride") == 1)):
            more = [*self._named_pad("stride", 1), *self._named_pad("value", 0)]
            return f"{self.helper('pad_same')}($, {', '.join([self.of('kernel'), *more])})"
        if self.value("value") == 0 and self.value("pad") != "same":
            return self.border("pad", f"layers.ZeroPadding{self.dims}")
        ends = self.op.ends(self.layer.tensors[0])[1:]  # type: ignore[attr-defined]
        if self.value("value") == 0:
            found = None if _nothing(ends) else ("", amount_text(self.pair_texts("pad", ends)))
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
        helper = "crop" if self.rank == 2 else "crop_axes"
        return f"{self.helper(helper)}($, like={self.other('like')})"

    # Signs

    @property
    def positive(self) -> bool:
        """Whether the input is never negative, so that zeros around it win no max-pool."""
        return never_negative(self.function.flow, self.layer.inputs[0])


def amount_text(texts: list[tuple[str, str]]) -> str:
    """Pairs of texts as Keras takes them, as short as they can be."""
    if all(before == after for before, after in texts):
        sides = [before for before, _ in texts]
        return sides[0] if len(set(sides)) == 1 else tuple_of(sides)
    rows = [tuple_of(pair) for pair in texts]
    return rows[0] if len(rows) == 1 else tuple_of(rows)


def _nothing(ends: Pairs) -> bool:
    return all(compare(side, "==", 0) is True for pair in ends for side in pair)


def _numbers(values: Any) -> bool:
    return all(isinstance(value, int) for value in values)


def _zeros(values: Any) -> bool:
    return all(compare(value, "==", 0) is True for value in values)
