"""What a line of a random spec may speak of: names with the values they have at a first turn."""

from netwright.record import record
from netwright.tensor import Tensor


@record
class Unit:
    """A block of the spec: its name, its parameters, and the tensor that it was drawn for."""

    name: str
    params: "tuple[Parameter, ...]"
    taken: Tensor


@record
class Parameter:
    """A parameter of a block or net: its kind, its default as a text, its value when drawn."""

    name: str
    kind: str
    default: str | None
    value: object
    text: str

    @property
    def declared(self) -> str:
        """``name: kind = default``, the kind only where the default does not tell it."""
        told = {"int": True, "bool": self.default is not None, "float": self.default is not None}
        kind = "" if told.get(self.kind, False) else f": {self.kind}"
        return f"{self.name}{kind}" + (
            f"{' = ' if kind else '='}{self.default}" if self.default is not None else ""
        )


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
        self.taken: set[str] = set()
        self.turns: list[str] = []
        self.depth = 0
        self.input: Tensor | None = None
        self.is_net = False
        self.named = False
        self.outputs = 0

    def inner(self) -> "Sight":
        """The same names one brace deeper; what is bound there ends there."""
        other = Sight()
        other.__dict__.update(self.__dict__)
        for name in ("numbers", "flags", "lists", "kernels", "factors", "tensors", "stored"):
            setattr(other, name, dict(getattr(self, name)))
        other.shared = dict(self.shared)
        other.turns = list(self.turns)
        other.depth = self.depth + 1
        return other

    def group(self) -> "Sight":
        """The same inside a module of its own, where labels are free again."""
        other = self.inner()
        other.taken = set(self.taken)
        return other
