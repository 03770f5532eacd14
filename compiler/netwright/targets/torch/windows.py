"""How PyTorch pads a window: by an argument, by a subclass that pads first, or by a layer in front."""

from typing import Any

from netwright.condition import compare
from netwright.evaluate import NotGeneral
from netwright.ops.conv import ConvTranspose
from netwright.ops.window import each, pairs
from netwright.targets.spell import View, tuple_of
from netwright.values import Kernel

Pairs = tuple[tuple[Any, Any], ...]


class Windows(View):
    """What a macro asks of the padding of a convolution or pool."""

    @property
    def steps(self) -> Any:
        """The strides as a value; a pool's are its kernel's without an argument."""
        stride = self.value("stride")
        return self.value("k") if stride is None else stride

    @property
    def dilations(self) -> Any:
        """The dilation as a value; 1 where the layer has none."""
        return self.value("dilation") if "dilation" in self.op.params else 1

    @property
    def unit_stride(self) -> bool:
        """Whether the window surely moves by one cell."""
        return all(compare(step, "==", 1) is True for step in each(self.steps, self.rank))

    @property
    def ends(self) -> Pairs | None:
        """Cells of padding before and after each axis; none where the input's size decides."""
        pad, kernel = self.value("pad"), self.value("k")
        if pad == "same" and not self.unit_stride:
            return None
        found = pairs(
            self.layer.tensors[0], pad, kernel, 1 if pad == "same" else self.steps, self.dilations
        )
        return None if pad == "same" and not all(map(_numbers, found)) else found

    @property
    def same(self) -> bool:
        """Whether the padding can only be told from the input's size."""
        return self.ends is None

    @property
    def even(self) -> bool:
        """Whether there are surely as many cells before each axis as behind it."""
        ends = self.ends
        if ends is None or not all(compare(a, "==", b) is True for a, b in ends):
            return False
        if self.value("pad") != "same" or "ceil" not in self.op.params:
            return True
        rows = zip(ends, each(self.value("k"), self.rank), strict=True)
        return all(2 * side <= size for (side, _), size in rows)  # PyTorch's pools take no more

    # Convolutions

    @property
    def conv(self) -> str:
        """The class of a convolution."""
        if self.padding is not None or self.even:
            return f"nn.Conv{self.nd}"
        if self.same:
            self.helper("pad_same")
            return self.helper(f"SameConv{self.nd}")
        return self.helper(f"PaddedConv{self.nd}")

    @property
    def padding(self) -> str | None:
        """The argument ``padding``."""
        if self.value("pad") != "same":
            return self.side("pad") if self.even else None
        if "ceil" in self.op.params:
            return self.side("pad") if self.even else None
        return '"same"' if self.unit_stride else None

    def side(self, name: str) -> str | None:
        """Cells on either side of each axis, as one number where all are equal."""
        pad = self.value(name)
        if pad != "same" and (isinstance(pad, Kernel) or not isinstance(pad, tuple)):
            return self.arg(name)
        ends = self.ends
        assert ends is not None
        texts = [text[0] for text in self.pair_texts(name, ends)]
        if set(texts) == {"0"}:
            return None
        return texts[0] if len(set(texts)) == 1 else tuple_of(texts)

    def pair_texts(self, name: str, ends: Pairs) -> list[tuple[str, str]]:
        """The texts of pairs: as they were written, or as the numbers that they are."""
        if all(map(_numbers, ends)):
            return [(str(before), str(after)) for before, after in ends]
        found = self.elements(self.of(name))
        inner = [self.elements(item) for item in found or ()]
        if len(inner) != len(ends) or any(item is None or len(item) != 2 for item in inner):
            raise NotGeneral(self.layer.span)
        return [(item[0], item[1]) for item in inner if item is not None]

    @property
    def uneven(self) -> str | None:
        """Pairs of cells before and after each axis, where ``padding`` cannot say them."""
        if self.ends is None or self.even or self.padding is not None:
            return None
        return tuple_of([tuple_of(pair) for pair in self.pair_texts("pad", self.ends)])

    @property
    def local_pad(self) -> str | None:
        """Cells around the input: a number, one an axis, or pairs."""
        if self.ends is None:
            known = pairs(self.layer.tensors[0], "same", self.value("k"), self.steps)
            return tuple_of([tuple_of(pair) for pair in self.pair_texts("pad", known)])
        return self.side("pad") if self.even else self.uneven

    # Transposed convolutions

    @property
    def cuts(self) -> Pairs | None:
        """Cells cut off before and after each axis of the full output; none where symbols decide."""
        assert isinstance(self.op, ConvTranspose)
        spans = (each(self.value(key), self.rank) for key in ("k", "stride", "dilation"))
        if self.value("pad") == "same" and not all(map(_numbers, spans)):
            return None
        return self.op.cuts(self.layer.tensors[0])

    @property
    def surplus(self) -> tuple[Any, ...] | None:
        """``output_padding`` that leaves as many cells before each axis as behind it."""
        if self.cuts is None:
            return None
        more = each(self.value("output_pad"), self.rank)
        if all(compare(a, "==", b) is True for a, b in self.cuts):
            return more
        spans = [each(self.value(key), self.rank) for key in ("stride", "dilation")]
        if not all(map(_numbers, (*self.cuts, more, *spans))):
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
        return self.helper(
            f"{'Same' if self.value('pad') == 'same' else 'Trimmed'}ConvTranspose{self.nd}"
        )

    @property
    def cut(self) -> str | None:
        """The argument ``padding`` of a transposed convolution."""
        if self.surplus is None:
            return None
        pad = self.value("pad")
        if pad != "same" and (isinstance(pad, Kernel) or not isinstance(pad, tuple)):
            return self.arg("pad")
        assert self.cuts is not None
        texts = [before for before, _ in self.pair_texts("pad", self.cuts)]
        return (
            None if set(texts) == {"0"} else texts[0] if len(set(texts)) == 1 else tuple_of(texts)
        )

    @property
    def output_padding(self) -> str | None:
        """The argument ``output_padding``."""
        surplus = self.surplus
        if surplus is None or surplus == each(self.value("output_pad"), self.rank):
            return self.arg("output_pad")
        texts = [str(size) for size in surplus]
        return texts[0] if len(set(texts)) == 1 else tuple_of(texts)

    @property
    def trim(self) -> str | None:
        """Pairs of cells that are cut off the output."""
        if self.surplus is not None or self.cuts is None or self.value("pad") == "same":
            return None
        return tuple_of([tuple_of(pair) for pair in self.pair_texts("pad", self.cuts)])

    # Pools

    @property
    def ceil_mode(self) -> str | None:
        """The argument ``ceil_mode``; a layer in front gives the cells already."""
        return self.arg("ceil") if self.even and self.value("pad") != "same" else None

    @property
    def include(self) -> str | None:
        """The argument ``count_include_pad``; a layer in front sees to it."""
        return self.arg("count_include_pad") if self.even else None

    def pool(self, pool: str, value: str = "0.0") -> str:
        """A pool, with a layer in front that pads where the pool itself cannot."""
        if self.even:
            return pool
        front = self.front(value)
        if "count_include_pad" in self.op.params:
            counted = self.flag("count_include_pad")
            if not counted:
                return (
                    f"{self.helper('Uncounted')}(nn.Sequential({', '.join(front)}), {pool})"
                    if len(front) > 1
                    else f"{self.helper('Uncounted')}({front[0]}, {pool})"
                )
            if len(front) > 1:
                return f"nn.Sequential({front[0]}, {self.helper('Uncounted')}({front[1]}, {pool}))"
        return f"nn.Sequential({', '.join([*front, pool])})"

    def front(self, value: str) -> list[str]:
        """Layers that pad in front of a pool."""
        fill = f"value={value}" if value != "0.0" else None
        window = self.window_text()
        if self.ends is None:
            self.helper("pad_same")
            return [f"{self.helper('PadSame')}({', '.join([*window, *([fill] if fill else [])])})"]
        texts = self.pair_texts("pad", self.ends)
        pads = tuple_of([text for pair in reversed(texts) for text in pair])
        kind = "Zero" if value == "0.0" else "Constant"
        first = f"nn.{kind}Pad{self.nd}({pads}{'' if value == '0.0' else f', {value}'})"
        if self.value("pad") == "same" or not self.flag("ceil"):
            return [first]
        behind = tuple_of([after for _, after in texts])
        last = [*window, f"behind={behind}", *([fill] if fill else [])]
        return [first, f"{self.helper('PadCeil')}({', '.join(last)})"]

    def window_text(self) -> list[str]:
        """Kernel, stride and dilation of a pool as arguments."""
        found = [
            self.of("k"),
            f"stride={self.of('k') if self.value('stride') is None else self.of('stride')}",
        ]
        if "dilation" in self.op.params and self.arg("dilation") is not None:
            found.append(f"dilation={self.of('dilation')}")
        return [text for text in found if text != "stride=1"]

    def flag(self, name: str) -> bool:
        """A flag that must be known."""
        value = self.value(name)
        if not isinstance(value, bool):
            raise NotGeneral(self.layer.span)
        return value


def _numbers(values: Any) -> bool:
    return all(isinstance(value, int) for value in values)
