"""What the macro of transposed convolutions asks: Keras takes no pads there, its output is cut."""

from typing import Any

from netwright.condition import compare
from netwright.evaluate import NotGeneral
from netwright.ops.conv import ConvTranspose
from netwright.targets.keras.borders import Borders, amount_text, numbers


class Transposes(Borders):
    """Transposed convolutions, by Keras's layer or by a helper."""

    @property
    def plain_transpose(self) -> bool:
        """Whether Keras has the layer: no groups, not both stride and dilation, and less padding
        of the output than the stride."""
        one = compare(self.value("groups"), "==", 1) is True
        return one and (self.ones("stride") or self.ones("dilation")) and self.pads_less

    @property
    def pads_less(self) -> bool:
        """Whether the padding of the output surely is less than the stride."""
        rows = zip(self.sides("output_pad"), self.sides("stride"), strict=True)
        return all(compare(more, "<", stride) is True for more, stride in rows)

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
        if not all(map(numbers, spans)):
            raise NotGeneral(self.layer.span)
        assert isinstance(self.op, ConvTranspose)
        cuts = self.op.cuts(self.layer.tensors[0])
        if all(pair == (0, 0) for pair in cuts):
            return None
        return f"layers.Cropping{self.dims}({amount_text(self.pair_texts('pad', cuts))})"


def _zeros(values: Any) -> bool:
    return all(compare(value, "==", 0) is True for value in values)
