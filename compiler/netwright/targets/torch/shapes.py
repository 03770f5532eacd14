"""Axes, slices and borders as PyTorch writes them, the batch counted."""

from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower.text import Text
from netwright.ops.border import Pad
from netwright.targets.spell import call, tuple_of
from netwright.targets.torch.windows import Windows


class Shapes(Windows):
    """What the macros of layers that only arrange ask."""

    def dim(self, name: str) -> str:
        """The number of an axis that an argument means."""
        value = self.value(name)
        if value == "last":
            return "-1"
        return str(value + 1) if isinstance(value, int) else f"{self.of(name)} + 1"

    def place(self, name: str) -> int:
        """The number of an axis without the batch, which must be known."""
        axis = self.value(name)
        if axis != "last" and not isinstance(axis, int):
            raise NotGeneral(self.layer.span)
        return self.axes - 1 if axis == "last" else int(axis)

    @property
    def plane(self) -> str:
        """The axes behind the channels: ``(2, 3)``."""
        axes = [str(axis + 2) for axis in range(self.rank)]
        return axes[0] if len(axes) == 1 else tuple_of(axes)

    @property
    def dims(self) -> str:
        """The arguments of ``permute``."""
        return ", ".join(["0", *(str(axis + 1) for axis in self.value("axes"))])

    def row(self, name: str) -> str:
        """A list of sizes as arguments: ``8, 10, 10``."""
        found = self.elements(self.of(name))
        return f"*{self.of(name)}" if found is None else ", ".join(found)

    @property
    def sides(self) -> str:
        """The sizes behind the channels."""
        return tuple_of([self.size(axis + 1) for axis in range(self.rank)])

    # Parts

    def part(self, before: str, after: str) -> str:
        """``x[:, 1:3]``: a part of an axis."""
        return f"{self.x}[{self.up_to('axis')}{slice_text(before, after)}]"

    def up_to(self, name: str) -> str:
        """What stands in brackets before the index of an axis."""
        return "..., " if self.value(name) == "last" else ":, " * (self.place(name) + 1)

    @property
    def edges(self) -> list[tuple[str, str]]:
        """The texts of `crop`'s pairs."""
        edges = self.value("edges")
        return [("0", "0")] * self.rank if edges == "same" else self.pair_texts("edges", edges)

    @property
    def edges_tuple(self) -> str:
        """The pairs of `crop` as a tuple."""
        return tuple_of([tuple_of(pair) for pair in self.edges])

    @property
    def cropped(self) -> str:
        """The input less the cells at its edges, or in the sizes of another tensor."""
        if self.value("like") is not None:
            crop = self.helper("crop" if self.rank == 2 else "crop_axes")
            return f"{crop}({self.x}, like={self.other('like')})"
        parts = [slice_text(b, self.end(axis, a)) for axis, (b, a) in enumerate(self.edges, 2)]
        return f"{self.x}[{', '.join([':', ':', *parts])}]"

    def end(self, axis: int, after: str) -> str:
        """The end of a slice that leaves cells out behind it."""
        if after.isdigit():
            return f"-{after}" if int(after) else ""
        return f"{self.x}.shape[{axis}] - {grouped(after)}"

    # Borders

    @property
    def fill(self) -> str | None:
        """What a `pad` puts around its input, where it is not zero."""
        return None if self.value("value") == 0 else self.of("value")

    @property
    def border(self) -> list[str]:
        """The pads of `pad` in the order of ``F.pad``: the last axis first."""
        pad, alone = self.value("pad"), self.value("axis") is not None
        assert isinstance(self.op, Pad)
        if isinstance(pad, tuple) and isinstance(pad[0], tuple):
            texts = self.pair_texts("pad", pad)
        else:
            one = [self.of("pad")]
            sides = one if alone else one * self.rank if self.single_pad else self.pad_sides
            texts = [(side, side) for side in sides]
        behind = self.axes - 1 - self.place("axis") if alone else 0
        return ["0"] * (2 * behind) + [text for pair in reversed(texts) for text in pair]

    @property
    def single_pad(self) -> bool:
        """Whether one number is the pad of all sides."""
        return not isinstance(self.value("pad"), tuple) and not self.depends_on_rank("pad")

    def depends_on_rank(self, name: str) -> bool:
        """Whether an argument is a parameter that may be a number or one an axis."""
        return hasattr(self.value(name), "each")

    @property
    def pad_sides(self) -> list[str]:
        """The pad of each axis."""
        found, value = self.elements(self.of("pad")), self.value("pad")
        if found is None and isinstance(value, tuple):
            return [self.of("pad")] * len(value)  # a square, written as its side
        if found is None:
            raise NotGeneral(self.layer.span)
        return found

    @property
    def padded(self) -> str:
        """The input with cells around it."""
        if self.value("pad") == "same":
            pad_same = self.helper("pad_same")
            return call(pad_same, self.x, self.of("kernel"), self.arg("stride"), value=self.fill)
        return call("F.pad", self.x, tuple_of(self.border), value=self.fill)

    @property
    def pad_module(self) -> str:
        """The layer that pads: ``nn.ZeroPad2d(1)``."""
        if self.value("pad") == "same":
            self.helper("pad_same")
            window = {"stride": self.arg("stride"), "value": self.fill}
            return call(self.helper("PadSame"), self.of("kernel"), **window)
        texts = self.border
        rank = len(texts) // 2
        if rank > 3:
            return call(self.helper("Pad"), tuple_of(texts), value=self.fill)
        pads = texts[0] if len(set(texts)) == 1 and rank == self.rank else tuple_of(texts)
        kind = "Constant" if self.fill else "Zero"
        return call(f"nn.{kind}Pad{rank}d", pads, self.fill)

    # Interpolation

    def size_tuple(self, name: str) -> str | None:
        """A list of sizes as a tuple; one size alone as it is."""
        if self.arg(name) is None:
            return None
        found = self.elements(self.of(name))
        return self.of(name) if found is None else found[0] if len(found) == 1 else tuple_of(found)

    @property
    def size_like(self) -> str | None:
        """The size that `upsample` makes, where it is told or another tensor has it."""
        like = self.value("like") is not None
        return f"{self.other('like')}.shape[2:]" if like else self.size_tuple("size")

    @property
    def corners(self) -> str | None:
        """Whether the cells at the corners stay there, of a mode that asks."""
        return None if self.value("mode") == "nearest" else self.arg("corners")

    @property
    def interpolation(self) -> str | None:
        """The mode of `upsample`: of the nearest centre, where sizes are no multiples."""
        if self.value("mode") != "nearest":
            return self.arg("mode")
        sizes = zip(self.layer.result.sizes[1:], self.sizes()[1:], strict=True)
        whole = self.value("factor") is not None or all(map(is_multiple, sizes))
        return None if whole else '"nearest-exact"'


def is_multiple(sizes: Any) -> bool:
    """Whether the first of two sizes is surely a multiple of the other."""
    more, size = sizes
    return isinstance(more, int) and isinstance(size, int) and more % size == 0


def grouped(text: str) -> str:
    """A text that may stand behind a minus."""
    return text if Text.of(text).simple else f"({text})"


def slice_text(start: str, end: str) -> str:
    """``1:3``, with spaces where `ruff format` puts them."""
    start = "" if start == "0" else start
    if all(is_tight(side) for side in (start, end)):
        return f"{start}:{end}"
    return f"{start} : {end}".strip()


def is_tight(side: str) -> bool:
    """Whether a side of a slice needs no space."""
    return not side or side.removeprefix("-").replace("_", "").isalnum()
