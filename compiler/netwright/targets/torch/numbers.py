"""Normalisations and learned numbers as PyTorch makes them."""

import re
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.ops.base import Op
from netwright.ops.init import constant
from netwright.ops.learned import Parameter, Scale
from netwright.targets.initial import starting, torch_line
from netwright.targets.torch.shapes import Shapes, grouped
from netwright.values import Partial


class Numbers(Shapes):
    """What the macros of normalisations and of learned numbers ask."""

    # Norms

    def of_rank(self, name: str) -> str:
        """A class for each number of axes: ``1d`` for vectors too, our own behind ``3d``."""
        if self.rank > 3:
            return self.helper(f"Flat{name}3d")
        return f"nn.{name}{max(self.rank, 1)}d"

    @property
    def response_norm(self) -> str:
        """The class of an `lrn`."""
        return self.helper("LocalResponseNorm3d") if self.rank > 2 else "nn.LocalResponseNorm"

    def truth(self, name: str) -> str | None:
        """A flag as an argument, left out where it is true."""
        return None if self.value(name) is True else self.of(name)

    @property
    def alike(self) -> bool:
        """Whether factors and offsets are both learned, or neither."""
        return bool(self.value("scale") == self.value("shift"))

    @property
    def affine(self) -> str | None:
        """The argument ``affine``, where factors and offsets go together."""
        return self.truth("scale") if self.alike else None

    @property
    def instance_affine(self) -> str | None:
        """The argument ``affine`` of an `instance_norm`, which is off where nothing is said."""
        if not self.alike:
            return "True"
        return None if self.value("scale") is False else self.of("scale")

    @property
    def offset(self) -> str | None:
        """The argument ``bias`` of a `layer_norm` that learns its factors."""
        return self.truth("shift") if self.value("scale") is True else None

    def norm(self, norm: str) -> str:
        """A normalisation that learns its factors, its offsets, both or neither."""
        if self.alike or (self.op.name == "layer_norm" and self.offset is not None):
            return norm
        given = (("weight", self.truth("scale")), ("bias", self.truth("shift")))
        parts = [norm, *(f"{key}={text}" for key, text in given if text)]
        return f"{self.helper('affine')}({', '.join(parts)})"

    @property
    def layer_norm(self) -> str:
        """The class of a `layer_norm`."""
        last = self.place("axis") == self.axes - 1
        return "nn.LayerNorm" if last else self.helper("ChannelLayerNorm")

    @property
    def over(self) -> str | None:
        """The axis of a `layer_norm` that is neither the last nor the channels'."""
        place = self.place("axis")
        return None if place in (0, self.axes - 1) else str(place + 1)

    # Learned numbers

    @property
    def integers(self) -> str:
        """How many tokens the input tells apart."""
        found = self.layer.tensors[0].integers
        assert found is not None
        return self.say(found)

    @property
    def parameter(self) -> Parameter | None:
        """The learned numbers of a `parameter` or a `scale`."""
        if isinstance(self.op, Parameter):
            return self.op
        assert isinstance(self.op, Scale)
        return self.op.learned(self.layer.tensors[0])

    @property
    def learned(self) -> str:
        """``nn.Parameter(torch.zeros(1, 768))``: learned numbers as they start."""
        found = self.parameter
        assert found is not None
        if not isinstance(found.batch, bool):
            raise NotGeneral(self.layer.span)
        front = ["1"] if found.batch is True else []
        if isinstance(self.op, Parameter):
            sizes = [self.row("sizes")]
        else:
            sizes = [self.say(size) for size in found.sizes]
        self.helpers += starting(found.init)
        return f"nn.Parameter({start(found.init, ', '.join([*front, *sizes]))})"

    @property
    def number(self) -> str:
        """The learned numbers themselves, which are no module."""
        found = re.fullmatch(r'(.+)(?:\.get_submodule\(|\[)(f?".*")[)\]]', self.member)
        return f"{found[1]}.get_parameter({found[2]})" if found else self.member

    @property
    def placed(self) -> str:
        """The factors of a `scale`, beside the channels that they are for."""
        found = self.parameter
        assert found is not None
        sequence = self.layer.tensors[0].axes[:1] == ("length",)
        if len(found.sizes) == 1 and found.sizes[0] != 1 and self.axes > 1 and not sequence:
            return f"{self.number}.view({', '.join(['-1', *['1'] * self.rank])})"
        return self.number

    @property
    def rest(self) -> str:
        """``-1`` for each axis that ``expand`` keeps."""
        return ", ".join(["-1"] * len(self.value("sizes")))

    @property
    def slopes(self) -> str:
        """How many slopes a `prelu` learns."""
        if self.value("shared") is True:
            return "1"
        return self.asked("shared", "1", self.channels)

    def times(self, name: str) -> str:
        """The channels times an argument."""
        factor, channels = self.of(name), self.channels
        if factor == "1":
            return channels
        if channels.isdigit() and factor.isdigit():
            return str(int(channels) * int(factor))
        return f"{grouped(factor)} * {grouped(channels)}"


def is_number(op: Op) -> bool:
    """Whether a layer is learned numbers, under its own path, and no module."""
    if isinstance(op, Scale):
        return isinstance(op.factor, Parameter | Partial | str)
    return isinstance(op, Parameter)


def start(init: Any, sizes: str) -> str:
    """A tensor of new numbers."""
    if init in (constant(0), constant(1)):
        return f"torch.{'ones' if init == constant(1) else 'zeros'}({sizes})"
    return torch_line(init, f"torch.empty({sizes})")
