"""How PyTorch pads a convolution: by an argument, or by a subclass that pads first."""

from typing import Any

from netwright.condition import compare
from netwright.evaluate import NotGeneral
from netwright.ops.window import each, pairs
from netwright.targets.spell import tuple_of
from netwright.targets.uses import Use, Uses
from netwright.values import Kernel

Pairs = tuple[tuple[Any, Any], ...]


class Windows(Uses):
    """What a macro asks of a window that slides over its input."""

    @property
    def steps(self) -> Any:
        """The strides as a value; a pool's are its kernel's without an argument."""
        stride = self.value("stride")
        return self.value("k") if stride is None else stride

    @property
    def unit_stride(self) -> bool:
        """Whether the window surely moves by one cell."""
        return all(compare(step, "==", 1) is True for step in each(self.steps, self.rank))

    @property
    def ends(self) -> Pairs | None:
        """Cells of padding before and after each axis; none where the input's size decides."""
        self.refuse_same()
        pad, steps = self.value("pad"), self.steps
        if pad == "same":
            if not self.unit_stride:
                return None
            steps = 1
        dilation = self.value("dilation") if "dilation" in self.op.params else 1
        found = pairs(self.layer.tensors[0], pad, self.value("k"), steps, dilation)
        return None if pad == "same" and not all(map(are_numbers, found)) else found

    @property
    def even(self) -> bool:
        """Whether there are surely as many cells before each axis as behind it."""
        return self.ends is not None and symmetric(self.ends)

    @property
    def conv(self) -> str:
        """The class of a convolution."""
        if self.padding is not None or self.even:
            return f"nn.Conv{self.nd}"
        if self.ends is None:
            self.helper("pad_same")
            return self.helper(f"SameConv{self.nd}")
        return self.helper(f"PaddedConv{self.nd}")

    @property
    def padding(self) -> str | None:
        """The argument ``padding``; PyTorch's own `same` knows no stride."""
        if self.same_uses and self.op.name == "conv" and not any(map(self.strided, self.same_uses)):
            return self.of("pad")
        if self.value("pad") == "same":
            return '"same"' if self.unit_stride else None
        return self.side("pad") if self.even else None

    def strided(self, use: Use) -> bool:
        """Whether the window moves by more than one cell in a use of the block."""
        return any(step != 1 for step in self.in_use("stride", use))

    @property
    def uneven(self) -> str | None:
        """Pairs of cells before and after each axis, where ``padding`` cannot say them."""
        if self.padding is not None or self.ends is None or self.even:
            return None
        return self.pair_tuple("pad", self.ends)

    @property
    def local_pad(self) -> str | None:
        """The padding of a `local_conv`: a number, one an axis, pairs, or ``"same"``."""
        if self.ends is None:
            return '"same"'
        return self.side("pad") if self.even else self.pair_tuple("pad", self.ends)

    def side(self, name: str) -> str | None:
        """Cells on either side of each axis, as one number where all are equal."""
        pad = self.value(name)
        if pad != "same" and (isinstance(pad, Kernel) or not isinstance(pad, tuple)):
            return self.arg(name)
        assert self.ends is not None
        return number_or_tuple([before for before, _ in self.pair_texts(name, self.ends)])

    def pair_tuple(self, name: str, ends: Pairs) -> str:
        """``((0, 1), (2, 1))``."""
        return tuple_of([tuple_of(pair) for pair in self.pair_texts(name, ends)])

    def pair_texts(self, name: str, ends: Pairs) -> list[tuple[str, str]]:
        """The texts of pairs: as they were written, or as the numbers that they are."""
        if all(map(are_numbers, ends)):
            return [(str(before), str(after)) for before, after in ends]
        inner = [self.elements(item) or [] for item in self.elements(self.of(name)) or ()]
        if len(inner) != len(ends) or any(len(item) != 2 for item in inner):
            raise NotGeneral(self.layer.span)
        return [(before, after) for before, after in inner]


def are_numbers(values: Any) -> bool:
    """Whether no value is a symbol."""
    return all(isinstance(value, int) for value in values)


def symmetric(ends: Pairs) -> bool:
    """Whether pairs surely have two equal sides each."""
    return all(compare(before, "==", after) is True for before, after in ends)


def number_or_tuple(texts: list[str]) -> str | None:
    """One number where all are equal, nothing where all are 0."""
    if len(set(texts)) > 1:
        return tuple_of(texts)
    return None if texts[0] == "0" else texts[0]
