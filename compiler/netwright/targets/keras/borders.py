"""How Keras pads a window: by ``padding="same"`` where that is exact, by a layer in front, or by a
helper where only the size of the input tells."""

from typing import Any

from netwright.condition import compare
from netwright.evaluate import NotGeneral
from netwright.ops.window import each, pairs, reach
from netwright.sym import Sym, substitute
from netwright.targets.keras.signs import never_negative
from netwright.targets.spell import tuple_of
from netwright.targets.uses import Uses
from netwright.values import Kernel

Pairs = tuple[tuple[Any, Any], ...]
Cells = tuple[str, str]  # the condition that there are any, if it is open, and how many


class Borders(Uses):
    """What a macro asks of the padding of a convolution, a pool or a layer that pads."""

    file: Any
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
        self.refuse_same()
        pad, stride = self.value("pad"), self.sides("stride")
        if pad != "same":
            return pairs(self.layer.tensors[0], pad, self.value("k"), 1, 1)
        spans = (self.sides("k"), stride, self.sides("dilation"))
        sizes = () if self.ones("stride") else (self.sizes()[1:],)
        if not all(map(numbers, (*spans, *sizes))):
            return None
        kernel, steps, dilation = map(Kernel, spans)
        return pairs(self.layer.tensors[0], "same", kernel, steps, dilation)

    @property
    def thinned(self) -> bool:
        """Whether both stride and dilation surely are above 1, which no layer of Keras takes."""
        rows = (self.sides("stride"), self.sides("dilation"))
        if all(any(compare(side, ">", 1) is True for side in row) for row in rows):
            return True
        if not (self.ones("stride") or self.ones("dilation")) and self._ever_thinned(rows):
            raise NotGeneral(self.layer.span)
        return False

    def _ever_thinned(self, rows: tuple[tuple[Any, ...], ...]) -> bool:
        """Whether any use of the block may have both a stride and a dilation above 1."""
        return any(
            all(any(_above_one(side, numbers) for side in row) for row in rows)
            for numbers in map(self.numbers_of, self.uses)
        )

    @property
    def is_same(self) -> bool:
        """Whether Keras's ``same`` pads the cells that the spec says."""
        if self.thinned:
            return False
        if self.value("pad") == "same":
            return True
        ends, spans = self.ends, (self.sides("k"), self.sides("dilation"))
        if ends is None or not self.ones("stride") or not all(map(numbers, (*ends, *spans))):
            return False
        extras = [reach(k, d) - 1 for k, d in zip(*spans, strict=True)]
        return any(extras) and all(
            pair == (extra // 2, extra - extra // 2)
            for pair, extra in zip(ends, extras, strict=True)
        )

    @property
    def padding(self) -> str | None:
        """``"same"`` where it is exact; a parameter may tell."""
        if self.same_or_none and not self.thinned:
            return f'"same" if {self.of("pad")} == "same" else "valid"'
        return '"same"' if self.is_same else None

    @property
    def zero_padding(self) -> str | None:
        """The line that pads with zeros in front; none where ``same`` does or nothing is padded."""
        if (self.same_or_none and not self.thinned) or self.is_same:
            return None
        return self.border("pad", f"layers.ZeroPadding{self.dims}")

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
        self.refuse_same()
        value = self.value(name)
        if isinstance(value, Sym) or not isinstance(value, int | tuple | str):
            text = self.of(name)
            some = any(compare(side, ">", 0) is True for side in self.sides(name))
            return "" if some else text, text
        ends = self.ends if name == "pad" and value == "same" else self.pair_values(name)
        assert ends is not None
        if nothing(ends):
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
        if all(map(numbers, ends)):
            return [(str(before), str(after)) for before, after in ends]
        found = self.elements(self.of(name))
        if isinstance(self.value(name), Sym):
            return [(self.of(name), self.of(name))] * len(ends)
        inner = [self.elements(item) for item in found or ()]
        if len(inner) != len(ends) or any(item is None or len(item) != 2 for item in inner):
            raise NotGeneral(self.layer.span)
        return [(item[0], item[1]) for item in inner if item is not None]

    def need_sizes(self, *, unless: bool) -> None:
        """Refuse what needs sizes that only the run may know."""
        known = all(isinstance(size, int) for size in self.sizes()[1:])
        if self.file.late_sizes and not (known or unless):
            raise NotGeneral(self.layer.span)

    @property
    def same_padding(self) -> str:
        """The line that pads as ``same`` does, where the size of the input is no number."""
        self.need_sizes(unless=self.ones("stride"))
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


def _above_one(side: Any, numbers: dict[str, int]) -> bool:
    """Whether a side may be above 1: what numbers alone do not tell may be."""
    value = substitute(side, numbers) if isinstance(side, Sym) else side
    return not isinstance(value, int) or value > 1


def nothing(ends: Pairs) -> bool:
    return all(compare(side, "==", 0) is True for pair in ends for side in pair)


def numbers(values: Any) -> bool:
    return all(isinstance(value, int) for value in values)
