"""What a line of a random spec may speak of: names with the values they have at a first turn."""

from collections.abc import Callable
from typing import Any

from netwright.record import field, record
from netwright.tensor import Tensor
from netwright.values import Kernel


@record
class Unit:
    """A block of the spec; ``result`` tells what it gives for arguments and an input."""

    name: str
    params: "tuple[Parameter, ...]"
    taken: Tensor
    result: Callable[[str, Tensor], Tensor | None]


@record
class Parameter:
    """A parameter of a block or net: its kind, its default as a text, its value when drawn."""

    name: str
    kind: str
    default: str | None
    value: Any
    text: str
    unit: Unit | None = field(default=None)

    @property
    def declared(self) -> str:
        """``name: kind = default``, the kind only where the default does not tell it."""
        plain = self.kind == "int" or (
            self.default is not None and self.kind in ("bool", "float", "list")
        )
        if plain:
            return f"{self.name}={self.default}" if self.default is not None else self.name
        behind = f" = {self.default}" if self.default is not None else ""
        return f"{self.name}: {self.kind}{behind}"

    def show(self, sight: "Sight") -> None:
        """Put the parameter in sight."""
        match self.kind:
            case "int":
                sight.numbers[self.name] = self.value
            case "bool":
                sight.flags[self.name] = self.value
            case "kernel":
                sides = [int(side) for side in str(self.value).split("x")]
                sight.kernels[self.name] = Kernel(sides) if len(sides) > 1 else sides[0]
            case "float":
                sight.factors[self.name] = self.value
            case "list":
                sight.lists[self.name] = self.value
            case "norm":
                sight.norms.append(self.name)
            case "activation":
                sight.activations.append(self.name)
            case "tensor":
                sight.tensors[self.name] = self.value
            case "block" if self.unit is not None:
                held = _with_arguments(self.unit, self.text)
                sight.parts[self.name] = held
        sight.taken.add(self.name)


def _with_arguments(unit: Unit, text: str) -> Unit:
    """A block that has its arguments already."""
    given = text[len(unit.name) + 1 : -1]
    return Unit(unit.name, (), unit.taken, lambda _, x: unit.result(given, x))


class Sight:
    """The names in sight at a line, and how deep it stands."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.flags: dict[str, bool] = {}
        self.lists: dict[str, list[int]] = {}
        self.kernels: dict[str, object] = {}
        self.factors: dict[str, float] = {}
        self.tensors: dict[str, Tensor] = {}
        self.norms: list[str] = []
        self.activations: list[str] = []
        self.parts: dict[str, Unit] = {}
        self.shared: dict[str, Tensor] = {}
        self.stored: dict[str, tuple[int, Tensor]] = {}
        self.units: list[Unit] = []
        self.functions: list[str] = []
        self.taken: set[str] = set()
        self.turns: list[str] = []
        self.depth = 0
        self.input: Tensor | None = None
        self.is_net = False
        self.has_image = False
        self.named = False
        self.outputs = 0

    def inner(self) -> "Sight":
        """The same names one brace deeper; what is bound there ends there."""
        other = Sight()
        other.__dict__.update(self.saved(), taken=self.taken, depth=self.depth + 1)
        return other

    def group(self) -> "Sight":
        """The same inside a module of its own, where labels are free again."""
        other = self.inner()
        other.taken = set(self.taken)
        return other

    def saved(self) -> dict[str, Any]:
        """All names, for `restore`."""
        return {
            name: value.copy() if isinstance(value, dict | list | set) else value
            for name, value in self.__dict__.items()
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Back to the names that were saved."""
        self.__dict__.update(state)
