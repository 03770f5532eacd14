"""A layer as the macros of Keras see it: channels last, settings in partials, pads as layers."""

from typing import Any

from netwright.condition import compare
from netwright.lower import model
from netwright.lower.text import python_value
from netwright.sym import Sym
from netwright.targets.keras.fuse import ACTIVATIONS
from netwright.targets.spell import View
from netwright.tensor import CHANNELS
from netwright.values import Kernel


class KerasView(View):
    """Adds to `View` what Keras asks for."""

    def __init__(
        self,
        layer: model.Layer,
        render: Any,
        inputs: list[str],
        output: str,
        *,
        file: Any,
        function: Any,
    ) -> None:
        super().__init__(layer, render, inputs, output)
        self.file = file
        self.function = function
        self.label: str | None = None

    @property
    def ND(self) -> str:
        """``1D``, ``2D`` or ``3D``."""
        return f"{self.rank}D"

    @property
    def fused(self) -> str | None:
        """The activation that the layer computes as well."""
        name = (self.layer.words or {}).get("activation")
        return f'"{ACTIVATIONS[str(name)]}"' if name else None

    def make(
        self,
        function: str,
        *args: object,
        settings: dict[str, Any] | None = None,
        **keywords: object,
    ) -> str:
        """A call of a layer; ``settings`` that all its kind share in the file stand in a partial."""
        given = {key: value for key, value in (settings or {}).items() if value is not None}
        name, left = self.file.partial(function, self.op.name, given)
        parts = [str(arg) for arg in args if arg is not None]
        parts += [
            f"{key}={value}"
            for key, value in {**keywords, **left}.items()
            if value is not None and key != "name"
        ]
        label = keywords.get("name", self.label)
        parts += [f"name={label}"] if label is not None else []
        return f"{name}({', '.join(parts)})"

    @property
    def channels_last(self) -> bool:
        """Whether the input's channels are its first axis here and its last in Keras."""
        tensor = self.layer.tensors[0]
        return bool(tensor.axes) and tensor.axes[0] == CHANNELS and tensor.rank > 1

    def axis(self, axis: int, tensor: int = 0) -> int:
        """The axis in Keras, batch included, of an axis without the batch."""
        from netwright.targets.keras.naming import keras_axis

        found = self.layer.tensors[tensor]
        return keras_axis(found, axis if axis >= 0 else found.rank + axis)

    @property
    def depthwise(self) -> bool:
        """Whether a convolution has one filter a channel: as many groups as channels in and out."""
        channels = self.sizes()[0]
        groups, width = self.value("groups"), self.value("width")
        return bool(
            compare(groups, "==", channels) is True
            and compare(width, "==", channels) is True
            and groups != 1
        )

    def initialiser(self, name: str) -> str | None:
        """The config of an initialiser, as a constant of the file."""
        value = getattr(self.op, name, None)
        return self.file.initialiser(value) if value is not None else None

    # Padding

    def pads(self) -> list[tuple[Any, Any]] | None:
        """Pads as numbers, one pair an axis; none where they are symbols."""
        pad = self.value("pad")
        if isinstance(pad, Sym) or (hasattr(pad, "each") and not isinstance(pad, tuple)):
            return None
        if pad == "same":
            return None
        if isinstance(pad, Kernel):
            return [(side, side) for side in pad]
        if isinstance(pad, tuple):
            return [tuple(pair) for pair in pad]  # type: ignore[misc]
        return [(pad, pad)] * self.rank

    @property
    def is_same(self) -> bool:
        """Whether Keras's ``same`` pads the same cells: odd kernel, half of it, stride 1; or it was asked for."""
        if self.value("pad") == "same":
            return True
        pads, k, stride, dilation = (
            self.pads(),
            self.value("k"),
            self.value("stride"),
            self.value_or("dilation", 1),
        )
        kernel = list(k) if isinstance(k, Kernel) else [k] * self.rank
        if (
            pads is None
            or any(not isinstance(side, int) for side in kernel)
            or not isinstance(dilation, int)
        ):
            return False
        if stride != 1 and stride != Kernel([1] * self.rank):
            return False
        halves = [(dilation * (side - 1) // 2,) * 2 for side in kernel]
        return all(side % 2 for side in kernel) and pads == halves and any(a for a, _ in pads)

    def value_or(self, name: str, default: Any) -> Any:
        """The value of an argument, or a default where the layer has none of that name."""
        return self.value(name) if name in self.op.params else default

    @property
    def zero_padding(self) -> str | None:
        """The line that pads with zeros in front, under its condition; none where nothing is padded."""
        if self.is_same:
            return None
        amount = self.pad_text()
        if amount is None:
            return None
        line = f"layers.ZeroPadding{self.ND}({amount})"
        return line if self.pads() is not None else f"if {self.of('pad')}: {line}"

    def pad_text(self) -> str | None:
        """The pads as an argument of ``ZeroPadding2D``; none where there are none."""
        pads = self.pads()
        if pads is None:
            return self.of("pad")
        if not any(a or b for a, b in pads):
            return None
        if all(pair == (pads[0][0], pads[0][0]) for pair in pads):
            return (
                str(pads[0][0])
                if not self.layer.args.get("pad") or isinstance(self.value("pad"), tuple)
                else self.of("pad")
            )
        if all(a == b for a, b in pads):
            return f"({', '.join(str(a) for a, _ in pads)})"
        return f"({', '.join(f'({a}, {b})' for a, b in pads)})"

    @property
    def padding(self) -> str | None:
        """``"same"`` where it is exact."""
        return '"same"' if self.is_same else None

    def unless_same(self, name: str, other: str) -> str | None:
        """An argument, left out where it equals another."""
        value = self.value(name)
        if value is None or value == self.value(other):
            return None
        return None if self.of(name) == self.of(other) else self.of(name)

    def quoted(self, value: Any) -> str:
        """A value as Python."""
        return python_value(value)

    # Settings and pools

    @property
    def keras_momentum(self) -> str | None:
        """The weight of the old statistics, which is what Keras calls momentum."""
        if not self.known("momentum"):
            return f"1 - {self.of('momentum')}"
        value = round(1 - self.value("momentum"), 12)
        return None if value == 0.99 else repr(value)

    @property
    def keras_epsilon(self) -> str | None:
        """``epsilon``, where it is not Keras's own."""
        return None if self.value("eps") == 0.001 else self.of("eps")

    @property
    def bias_initialiser(self) -> str | None:
        """The initialiser of the bias; zeros are Keras's own."""
        text = self.initialiser("bias_init")
        return None if text == '"zeros"' else text

    @property
    def max_padding(self) -> str | None:
        """Padding of a max-pool: zeros where nothing is negative, else minus infinity."""
        amount = self.pad_text()
        if amount is None or self.pool_padding:
            return None
        line = f"layers.ZeroPadding{self.ND}({amount})"
        return line if self.pads() is not None else f"if {self.of('pad')}: {line}"

    @property
    def pool_padding(self) -> str | None:
        """``"same"`` where it pads the same cells."""
        return '"same"' if self.is_same else None
