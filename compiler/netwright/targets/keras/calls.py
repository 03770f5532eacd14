"""How a layer of Keras is called: its arguments, its name, and settings, some of it in partials."""

from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower.text import Text
from netwright.targets.keras.axes import Axes
from netwright.targets.keras.fuse import ACTIVATIONS

# How Keras starts weights where nothing is said.
OWN_STARTS = {
    "kernel_initializer": '"glorot_uniform"',
    "depthwise_initializer": '"glorot_uniform"',
    "pointwise_initializer": '"glorot_uniform"',
    "bias_initializer": '"zeros"',
    "beta_initializer": '"zeros"',
    "gamma_initializer": '"ones"',
}
KERAS_MOMENTUM, KERAS_EPSILON = 0.99, 0.001


class Calls(Axes):
    """What every macro may ask for a call."""

    file: Any
    label: str | None = None

    def make(
        self,
        function: str,
        *args: object,
        settings: dict[str, Any] | None = None,
        suffix: str = "",
        named: bool = True,
        **keywords: object,
    ) -> str:
        """A call of a layer; ``settings`` that all its kind share stand in a partial."""
        given = {key: str(value) for key, value in (settings or {}).items() if value is not None}
        fixed = {key: text for key, text in given.items() if is_fixed(text)}
        name, left = self.file.partial(function, self.op.name, fixed)
        left = {**left, **{key: text for key, text in given.items() if key not in fixed}}
        parts = [str(arg) for arg in args if arg is not None]
        parts += [
            f"{key}={value}" for key, value in {**keywords, **left}.items() if value is not None
        ]
        if named and self.label is not None:
            parts.append(f"name={self.label[:-1]}{suffix}{self.label[-1]}")
        return f"{name}({', '.join(parts)})"

    @property
    def fused(self) -> str | None:
        """The activation that the layer computes as well."""
        name = (self.layer.words or {}).get("activation")
        return f'"{ACTIVATIONS.get(str(name), name)}"' if name else None

    def flag(self, name: str) -> bool:
        """A flag that must be known."""
        value = self.value(name)
        if not isinstance(value, bool):
            raise NotGeneral(self.layer.span)
        return value

    # Settings

    def starts(self, **names: str) -> dict[str, str | None]:
        """Initialisers as settings: ``starts(kernel_initializer="init")``."""
        return {key: self.initialiser(name, key) for key, name in names.items()}

    def initialiser(self, name: str, key: str = "") -> str | None:
        """The config of an initialiser as a constant of the file; none for what is Keras's own."""
        value = self.op.argument(name)
        if value is None:
            return None
        depthwise = key == "depthwise_initializer"
        by = self.widened(value) if depthwise else 1.0
        found = str(self.file.initialiser(value, depthwise=depthwise, by=by))
        return None if found == OWN_STARTS.get(key) else found

    def widened(self, init: Any) -> float:
        """By what the variance of a depthwise kernel differs from Keras's count of its fans, where
        a unit has one channel in, and the outputs of all channels.
        """
        multiplier = self.op.argument("multiplier") or 1
        if multiplier == 1 or not init.name.startswith(("he", "glorot")):
            return 1.0
        channels = self.layer.tensors[0].sizes[0] if init.name.startswith("glorot") else 1
        if not isinstance(multiplier, int) or not isinstance(channels, int):
            raise NotGeneral(self.layer.span)
        if init.name.startswith("glorot"):
            return (channels + multiplier) / (1 + channels * multiplier)
        return 1 / multiplier if dict(init.args).get("fan") == "out" else float(multiplier)

    def norm(self, **given: object) -> dict[str, object]:
        """The settings of a normalisation: what is given, and how factors and offsets start."""
        return {**given, **self.starts(beta_initializer="bias_init", gamma_initializer="init")}

    @property
    def started(self) -> str | None:
        """How the factors of a norm start that Keras only starts at 1."""
        found = self.initialiser("init")
        return None if found == '"ones"' else found

    @property
    def momentum(self) -> str | None:
        """The weight of the old statistics, which is what Keras calls momentum."""
        if not self.known("momentum"):
            return f"1 - {self.grouped('momentum')}"
        value = round(1 - self.value("momentum"), 12)
        return None if value == KERAS_MOMENTUM else repr(value)

    @property
    def epsilon(self) -> str | None:
        """``epsilon``, where it is not Keras's own."""
        return None if self.value("eps") == KERAS_EPSILON else self.of("eps")

    def given(self, name: str, otherwise: bool) -> str | None:
        """A flag as an argument, left out where it is what Keras takes anyway."""
        return None if self.value(name) is otherwise else self.of(name)

    def grouped(self, name: str) -> str:
        """The text of an argument, in parentheses where it is more than a number or name."""
        text = self.of(name)
        return text if Text.of(text).simple else f"({text})"


def is_fixed(text: str) -> bool:
    """Whether a text is the same anywhere in a file: a literal, or the name of a constant."""
    number = text.replace("e-", "").replace(".", "").removeprefix("-").isdigit()
    return number or text.isupper() or text in ("True", "False") or text.startswith('"')
