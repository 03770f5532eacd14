"""How Keras pools: by its own layer where that counts the same cells, else by a helper."""

from typing import Any

from netwright.condition import compare
from netwright.ops.window import ceil_window, reach, same, window
from netwright.targets.keras.borders import Borders, Cells, Pairs, amount_text
from netwright.targets.spell import tuple_of
from netwright.tensor import number


class Pools(Borders):
    """What the macros of `max_pool` and `avg_pool` ask."""

    @property
    def ceils(self) -> bool:
        """Whether a last window may hang over the end."""
        if self.value("ceil") is False or self.value("pad") == "same" or self.ones("stride"):
            return False
        return self.surplus is None or any(self.surplus)

    @property
    def surplus(self) -> list[int] | None:
        """Cells that a window hangs over the end of each axis; none where symbols decide."""
        rows = (self.sizes()[1:], self.sides("k"), self.sides("stride"), self.sides("dilation"))
        if self.value("ceil") is not True or self.ends is None:
            return None
        if not all(isinstance(side, int) for row in (*rows, *self.ends) for side in row):
            return None
        found = []
        for n, k, s, d, ends in zip(*rows, self.ends, strict=True):
            more = number(ceil_window(n, k, s, *ends, d)) - number(window(n, k, s, *ends, d))
            rest = (n + sum(ends) - d * (k - 1) - 1) % s
            found.append(more and s - rest)
        return found

    @property
    def hung(self) -> Pairs | None:
        """Cells before and after each axis, with those that a window hangs over the end."""
        ends = self.ends
        if ends is None or not self.ceils:
            return ends
        if self.surplus is None:
            return None
        return tuple((a, b + more) for (a, b), more in zip(ends, self.surplus, strict=True))

    @property
    def hung_same(self) -> bool:
        """Whether ``same`` pads exactly the cells of padding and those over the end."""
        if self.value("pad") == "same":
            return True
        hung, sizes = self.hung, self.sizes()[1:]
        rows = (self.sides("k"), self.sides("stride"))
        if hung is None or not any(side != 0 for pair in hung for side in pair):
            return False
        if self.ones("stride"):
            return self.is_same
        if not all(isinstance(side, int) for row in (*rows, *hung, sizes) for side in row):
            return False
        return all(
            same(n, k, s) == pair and (n + sum(pair) - k) // s == (n - 1) // s
            for n, k, s, pair in zip(sizes, *rows, hung, strict=True)
        )

    # Max-pools

    @property
    def max_helper(self) -> str | None:
        """The helper that pools, where Keras's layer with padding in front does not."""
        dilated = not self.ones("dilation")
        if not dilated and (self.hung is not None or not self.ceils):
            return None
        if dilated or not self.bare or self.rank != 2 or self.value("ceil") is not True:
            return self._call("max_pool", ceil=self.ceils)
        k, step = self.of("k"), self.of("k" if self.value("stride") is None else "stride")
        if k.startswith("(") or step.startswith("("):
            return self._call("max_pool", ceil=True)
        return f"{self.helper('max_pool_ceil')}($, {k}, stride={step})"

    @property
    def bare(self) -> bool:
        """Whether nothing is padded, and no window surely lies over the end alone."""
        none = self.ends is not None and all(
            compare(side, "==", 0) is True for pair in self.ends for side in pair
        )
        sides = zip(self.sides("k"), self.sides("stride"), strict=True)
        return none and all(compare(k, ">=", s) is True or k == s for k, s in sides)

    def _call(self, helper: str, *, ceil: bool, **others: bool) -> str:
        """``max_pool($, 3, stride=2, pad=1, ceil=True)``."""
        if self.value("pad") == "same":
            self.need_sizes(unless=self.ones("stride"))
        elif ceil:
            self.need_sizes(unless=self.hangs_within)
        self.helper("window_pads")
        parts = [self.of("k")]
        parts.append(f"stride={self.of('k' if self.value('stride') is None else 'stride')}")
        parts += [f"pad={self._pad}"] if self._pad else []
        if "dilation" in self.op.params and not self.ones("dilation"):
            parts.append(f"dilation={self.of('dilation')}")
        parts += [f"ceil={self.of('ceil')}"] if ceil else []
        parts += [f"{name}={self.of(name)}" for name, given in others.items() if given]
        return f"{self.helper(helper)}($, {', '.join(parts)})"

    @property
    def hangs_within(self) -> bool:
        """Whether a window that hangs over the end surely starts before the padding there."""
        rows = (self.sides("k"), self.sides("stride"), self.sides("dilation"))
        spans = [(reach(k, d), s) for k, s, d in zip(*rows, strict=True)]
        ends = self.ends or ()
        return bool(ends) and all(
            compare(after + s, "<=", span) is True
            for (span, s), (_, after) in zip(spans, ends, strict=True)
        )

    @property
    def _pad(self) -> str | None:
        """The pad as an argument of a helper; none for nothing."""
        pad, ends = self.value("pad"), self.ends
        if pad == "same" and ends is None:
            return '"same"'
        if pad != "same" and not isinstance(pad, tuple):
            return self.arg("pad")
        assert ends is not None
        texts = self.pair_texts("pad", ends)
        if all(before == after for before, after in texts):
            return amount_text(texts)
        return tuple_of([tuple_of(pair) for pair in texts])

    @property
    def max_padding(self) -> str | None:
        """The line in front of a max-pool: zeros where nothing is negative, else minus infinity."""
        if self.hung_same:
            return None
        cells = self.hung_cells
        if cells is None or self.positive:
            return self.bordered(f"layers.ZeroPadding{self.dims}", cells)
        condition, amount = cells
        line = f"{self.helper('pad_lowest')}($, {amount})"
        return f"if {condition}: {line}" if condition else line

    @property
    def hung_cells(self) -> Cells | None:
        """The cells of padding, with those that a window hangs over the end."""
        if self.hung is None or self.hung == self.ends:
            return self.cells("pad")
        return "", amount_text([(str(before), str(after)) for before, after in self.hung])

    @property
    def hung_padding(self) -> str | None:
        """``"same"`` where it pads the same cells."""
        return '"same"' if self.hung_same else None

    # Mean-pools

    @property
    def counts(self) -> Any:
        """Whether the mean counts padding, where there is any."""
        return self.value("count_include_pad")

    @property
    def avg_same(self) -> str | None:
        """``"same"``, which leaves padding out of the mean; with strides not on every backend."""
        exact = self.counts is False and self.ones("stride") and self.is_same
        return '"same"' if exact else None

    @property
    def avg_helper(self) -> str | None:
        """The helper that pools, where Keras's layer would divide by another number of cells."""
        ends = self.ends
        if self.avg_same:
            return None
        none = ends is not None and all(
            compare(side, "==", 0) is True for pair in ends for side in pair
        )
        if not self.ceils and ends is not None and (none or self.counts is True):
            return None
        return self._call("avg_pool", ceil=self.ceils, count_include_pad=self.counts is not True)
