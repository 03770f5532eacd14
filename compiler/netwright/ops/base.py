"""What a layer is: parameters, the shape it gives, its weights, its work, and nothing of a target.

A layer is a class under `@op`, its fields the arguments in their order. `check` runs on numbers and
refuses; `shape`, `weights` and `macs` are plain arithmetic and run on symbols as well, so they
never branch on a size. Messages of `check` are in the words of the spec.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from operator import attrgetter
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform, runtime_checkable

from netwright.record import Field, field, record
from netwright.sym import Dim
from netwright.tensor import Size, Tensor

T = TypeVar("T", bound="type[Op]")


class Role(Enum):
    """What a layer is for: how diagrams draw it and which colour it has."""

    CONVOLUTION = "convolution"
    POOLING = "pooling"
    NORMALISATION = "normalisation"
    ACTIVATION = "activation"
    LINEAR = "linear"
    RECURRENT = "recurrent"
    ATTENTION = "attention"
    EMBEDDING = "embedding"
    REGULARISATION = "regularisation"
    MERGE = "merge"
    SHAPE = "shape"
    DETECTION = "detection"


class Kind(Enum):
    """What an argument may be; `netwright.arguments` turns the value of an expression into it."""

    INTEGER = "an integer"
    NUMBER = "a number"
    FLAG = "true or false"
    KERNEL = "a kernel, such as 3x3 or 3"
    PAD = "a pad: a number, a size, `same`, or one pair an axis"
    PAIRS = "one pair an axis, such as [[1, 1], [0, 2]]"
    WORD = "one of the words"
    SIZES = "a list of sizes"
    TENSOR = "a tensor"
    TENSORS = "a tensor, or a list of tensors"
    FRAME = "a tensor that is an image"
    NUMBERS = "a list of numbers, or of such lists"
    ACTIVATION = "an activation"
    INITIALISER = "an initialiser, such as he_normal(fan=out)"
    SCALE = "a number or a `parameter`"
    AXIS = "the number of an axis, or `last`"


TENSOR_KINDS = frozenset({Kind.TENSOR, Kind.TENSORS, Kind.FRAME})
"""Of parameters that take tensors; one of `FRAME` is the net's image where none is given."""


class Param(Field):
    """A parameter of a layer, with its bound and its line of documentation."""

    __slots__ = ("doc", "kind", "least", "most", "words")

    def __init__(
        self,
        doc: str,
        kind: Kind,
        *,
        default: Any = ...,
        least: float | None = None,
        most: float | None = None,
        words: Sequence[str] = (),
    ) -> None:
        super().__init__(default=default)
        self.doc = doc
        self.kind = kind
        self.least = least
        self.most = most
        self.words = tuple(words)


def param(
    doc: str,
    kind: Kind = Kind.INTEGER,
    *,
    default: Any = ...,
    least: float | None = None,
    most: float | None = None,
    words: Sequence[str] = (),
) -> Any:
    """Declare a parameter: one line of doc, its kind, default and bounds (both inclusive)."""
    return Param(doc, kind, default=default, least=least, most=most, words=words)


class Misfit(Exception):
    """A layer that cannot take what it is given; ``argument`` names the parameter to point at.

    ``operand`` is the position of the input that the message speaks of, for joins.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        help: str = "",
        argument: str = "",
        operand: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help
        self.argument = argument
        self.operand = operand


class Axes(Enum):
    """The order of a weight's axes as PyTorch stores it, which says how another target turns it."""

    PLAIN = "as it is"
    LINEAR = "out, in"
    CONVOLUTION = "out, in / groups, window"
    TRANSPOSED = "in, out / groups, window"
    DEPTHWISE = "in * multiplier, 1, window"
    RECURRENT = "gates * hidden, in"
    GATES = "gates * hidden"
    ATTENTION = "heads"
    LOCAL = "out, in, place, window"


@record
class Weight:
    """A weight of a layer: its name and sizes in the PyTorch state dict.

    A buffer does not train; ``counted`` is false for PyTorch's counter of batches.
    """

    name: str
    sizes: tuple[Dim, ...]
    axes: Axes = field(default=Axes.PLAIN)
    trains: bool = field(default=True)
    counted: bool = field(default=True)


class Op:
    """A layer with its arguments bound."""

    name: ClassVar[str]
    role: ClassVar[Role]
    paper: ClassVar[str]
    inputs: ClassVar[tuple[int, int | None]] = (1, 1)
    joins: ClassVar[bool] = False
    function: ClassVar[bool] = False  # of one tensor, and no module all the same
    spreads: ClassVar[bool] = True  # works on each box, where its input is one for each
    params: ClassVar[dict[str, Param]]

    def check(self, *inputs: Tensor) -> None:
        """Refuse, by `Misfit`, inputs or arguments that do not fit; run on numbers only."""

    def shape(self, *inputs: Tensor) -> Tensor:
        """The output; inputs were checked."""
        return inputs[0]

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        """Weights in the order of the PyTorch state dict."""
        return ()

    def macs(self, *inputs: Tensor) -> Size:
        """Multiply-accumulate operations of convolutions and matrix products, for one example."""
        return 0

    def window(self, *inputs: Tensor) -> tuple[Size, Size]:
        """Extent and stride in cells of the window along the height, for the receptive field.

        What makes more cells of fewer (`upsample`, `conv_transpose`) has a window of one cell.
        """
        return (1, 1)

    def argument(self, name: str) -> Any:
        """The value of a parameter by its name in the language; none where there is none such."""
        return self.__dict__.get(name, self.__dict__.get(f"{name}_"))

    @property
    def reads_second(self) -> bool:
        """Whether an argument names a second tensor (``like=x``): then it is a function."""
        return any(
            spec.kind in TENSOR_KINDS and self.argument(name) is not None
            for name, spec in self.params.items()
        )


OPS: dict[str, type[Op]] = {}


@dataclass_transform(frozen_default=True, field_specifiers=(param, field))
def op(name: str, role: Role, *, paper: str = "") -> Callable[[T], T]:
    """Declare a layer: its name in the language, its role and the paper that introduced it."""

    def declare(cls: T) -> T:
        record(cls)
        fields: dict[str, Field] = vars(cls)["__record_fields__"]
        cls.params = {key.rstrip("_"): p for key, p in fields.items() if isinstance(p, Param)}
        if cls.params.keys() != fields.keys():
            _spell(cls, fields)
        cls.name, cls.role, cls.paper = name, role, paper
        OPS[name] = cls
        return cls

    return declare


def _spell(cls: type[Op], fields: Mapping[str, Field]) -> None:
    """Let a layer have parameters that are words of Python: `from` is the field ``from_``.

    The language's name serves as keyword of the constructor and, with `getattr`, as attribute.
    """

    def take(self: Op, *args: Any, **kwargs: Any) -> None:
        given = dict(zip(fields, args, strict=False))
        given |= {name if name in fields else f"{name}_": arg for name, arg in kwargs.items()}
        for name, spec in fields.items():
            self.__dict__[name] = given.get(name, spec.default)

    words = [name for name in fields if name.endswith("_") and not hasattr(cls, name[:-1])]
    spelled = {name[:-1]: property(attrgetter(name)) for name in words}
    for name, value in {"__init__": take, **spelled}.items():
        setattr(cls, name, value)


@dataclass_transform(frozen_default=True, field_specifiers=(param, field))
def family(cls: T) -> T:
    """Declare parameters that layers share, each of which is a class below this one."""
    record(cls)
    return cls


@runtime_checkable
class Flag(Protocol):
    """True or false, as a symbol."""

    def as_dim(self) -> Dim:
        """1 where it holds and 0 where not."""


def present(flag: object) -> Dim:
    """1 where a flag is set and 0 where not, of a symbol's flag its symbol: a factor in a count."""
    if isinstance(flag, bool):
        return int(flag)
    return flag.as_dim() if isinstance(flag, Flag) else int(bool(flag))


def optional(name: str, flag: object, *sizes: Dim, axes: Axes = Axes.PLAIN) -> tuple[Weight, ...]:
    """A weight that is there if a flag is set; of a symbol's flag with the flag as a factor."""
    there = present(flag)
    return (Weight(name, (there * sizes[0], *sizes[1:]), axes),) if there != 0 else ()
