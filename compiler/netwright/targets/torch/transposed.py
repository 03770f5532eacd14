"""How PyTorch cuts the output of a transposed convolution: by arguments, or by a subclass."""

from typing import Any

from netwright.ops.conv import ConvTranspose
from netwright.ops.window import each
from netwright.targets.torch.windows import (
    Pairs,
    Windows,
    are_numbers,
    number_or_tuple,
    symmetric,
)
from netwright.values import Kernel


class Transposed(Windows):
    """What the macro of `conv_transpose` asks."""

    @property
    def cuts(self) -> Pairs | None:
        """Cells cut off before and after each axis of the full output; none where it depends."""
        assert isinstance(self.op, ConvTranspose)
        spans = (each(self.value(key), self.rank) for key in ("k", "stride", "dilation"))
        if self.value("pad") == "same" and not all(map(are_numbers, spans)):
            return None
        return self.op.cuts(self.layer.tensors[0])

    @property
    def surplus(self) -> tuple[Any, ...] | None:
        """``output_padding`` that lets ``padding`` be equal on both sides, where there is one."""
        if self.cuts is None:
            return None
        more = each(self.value("output_pad"), self.rank)
        if symmetric(self.cuts):
            return more
        spans = [each(self.value(key), self.rank) for key in ("stride", "dilation")]
        if not all(map(are_numbers, (*self.cuts, more, *spans))):
            return None
        found = tuple(
            n + before - after for n, (before, after) in zip(more, self.cuts, strict=True)
        )
        most = tuple(max(side) for side in zip(*spans, strict=True))
        return found if all(0 <= n < m for n, m in zip(found, most, strict=True)) else None

    @property
    def transposed(self) -> str:
        """The class of a transposed convolution."""
        if self.surplus is not None:
            return f"nn.ConvTranspose{self.nd}"
        how = "Same" if self.value("pad") == "same" else "Trimmed"
        return self.helper(f"{how}ConvTranspose{self.nd}")

    @property
    def cut(self) -> str | None:
        """The argument ``padding``."""
        if self.surplus is None or self.cuts is None:
            return None
        pad = self.value("pad")
        if pad != "same" and (isinstance(pad, Kernel) or not isinstance(pad, tuple)):
            return self.arg("pad")
        return number_or_tuple([before for before, _ in self.pair_texts("pad", self.cuts)])

    @property
    def output_padding(self) -> str | None:
        """The argument ``output_padding``."""
        surplus = self.surplus
        if surplus is None or surplus == each(self.value("output_pad"), self.rank):
            return self.arg("output_pad")
        return number_or_tuple([str(size) for size in surplus])

    @property
    def trim(self) -> str | None:
        """Pairs of cells that a subclass cuts off the output."""
        if self.surplus is not None or self.cuts is None or self.value("pad") == "same":
            return None
        return self.pair_tuple("pad", self.cuts)
