"""How PyTorch pads a pool: by an argument, or by layers in front of it."""

from netwright.ops.window import each
from netwright.targets.spell import call, tuple_of
from netwright.targets.torch.windows import Windows


class Pools(Windows):
    """What the macros of pools ask."""

    @property
    def by_argument(self) -> bool:
        """Whether the pool pads by itself: PyTorch's takes half a window, equal on both sides."""
        if self.value("pad") != "same":
            return self.even
        sides = zip(self.ends or (), each(self.value("k"), self.rank), strict=False)
        return self.even and all(2 * before <= size for (before, _), size in sides)

    def own(self, text: str | None) -> str | None:
        """An argument of a pool that pads by itself."""
        return text if self.by_argument else None

    @property
    def pool_padding(self) -> str | None:
        """The argument ``padding``."""
        return self.side("pad") if self.by_argument else None

    @property
    def ceil_mode(self) -> str | None:
        """The argument ``ceil_mode``; with ``same`` there is nothing to round."""
        return self.own(self.arg("ceil")) if self.value("pad") != "same" else None

    @property
    def shift(self) -> str | None:
        """The argument ``stride``, left out where it is as large as the kernel."""
        stride = self.value("stride")
        if stride is None or stride == self.value("k") or self.of("stride") == self.of("k"):
            return None
        return self.of("stride")

    def pool(self, pool: str, value: str | None = None) -> str:
        """A pool behind what pads its input with a value, zeros unless given."""
        if self.by_argument:
            return pool
        first, more = self.front(value)
        if "count_include_pad" not in self.op.params:
            return f"nn.Sequential({', '.join([*first, *more, pool])})"
        uncounted = self.value("count_include_pad") is not True or more
        wrap = self.helper("Uncounted") if uncounted else ""
        counts = f"{wrap}({more[0]}, {pool})" if more else pool
        pads = [*first, *more]
        inside = pads[0] if len(pads) == 1 else f"nn.Sequential({', '.join(pads)})"
        return self.asked(
            "count_include_pad",
            f"nn.Sequential({', '.join([*first, counts])})",
            f"{wrap}({inside}, {pool})",
        )

    def front(self, value: str | None) -> tuple[list[str], list[str]]:
        """The layer that pads as the spec says, and the one that rounds up behind it."""
        stride = self.of("k") if self.value("stride") is None else self.arg("stride")
        dilation = self.arg("dilation") if "dilation" in self.op.params else None
        window = {"stride": stride, "dilation": dilation}
        if self.ends is None:
            self.helper("pad_same")
            return [call(self.helper("PadSame"), self.of("k"), **window, value=value)], []
        texts = self.pair_texts("pad", self.ends)
        pads = tuple_of([text for pair in reversed(texts) for text in pair])
        kind = "Zero" if value is None else "Constant"
        first = call(f"nn.{kind}Pad{self.nd}", pads, value)
        if self.value("pad") == "same" or self.value("ceil") is False:
            return [first], []
        behind = tuple_of([after for _, after in texts])
        last = call(self.helper("PadCeil"), self.of("k"), **window, behind=behind, value=value)
        return [first], [self.asked("ceil", last, "nn.Identity()")]
