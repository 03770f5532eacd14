"""What lowering gives: a routine for each block and net, in statements that no target owns.

Tensors are values with numbers, each made once. A `Phi` is a value that a loop carries or that
the arms of a condition both make; a target gives it one variable.
"""

from typing import Any

from netwright import syntax
from netwright.lower.text import Text
from netwright.ops.base import Op
from netwright.program import Definition
from netwright.record import field, record
from netwright.source import Span
from netwright.sym import Dim
from netwright.tensor import Tensor


class Home:
    """A module that holds others: a class itself, or the module of a labelled line.

    One whose numbers are written out has an ``index``, that of its next member, and the ``depth``
    of loops and conditions that it stands at.
    """

    __slots__ = (
        "depth",
        "index",
        "labels",
        "loops",
        "numbered",
        "parent",
        "place",
        "shared",
        "unsure",
    )

    def __init__(self, parent: "Home | None", place: "Place | None", *, numbered: bool) -> None:
        self.parent = parent
        self.place = place
        self.numbered = numbered
        self.index: int | None = None
        self.depth = 0
        self.loops = 0  # around it
        self.shared: dict[Any, Place] = {}
        self.labels: set[str] = set()
        self.unsure: set[str] = set()  # labels that only one arm of a condition gives


@record
class Place:
    """Where a module stands: in a home, under a label (a text that may hold expressions) or,
    without one, under the next number, or the name of its kind."""

    home: Home
    label: Text | None
    kind: str
    weights: bool
    own: int = field(default=0)  # tells apart members without a label
    user: bool = field(default=True)  # whether the label is the user's

    @property
    def static(self) -> str | None:
        """The label, where it is plain text."""
        if self.label is None:
            return None
        return self.label.plain if all(isinstance(part, str) for part in self.label.parts) else None


@record
class Argument:
    """An argument of a call: its value, its text, and whether it stood by place."""

    value: Any
    text: Text
    positional: bool


@record
class Layer:
    """A layer at work. ``place`` is none where it is no module: joins, and what reads a second
    tensor. ``args`` are those that were given; ``op`` has them all, as values."""

    op: Op
    place: Place | None
    args: dict[str, Argument]
    inputs: tuple[int, ...]
    tensors: tuple[Tensor, ...]
    dims: tuple[tuple[Text | None, ...], ...]
    extra: dict[str, int]
    output: int
    result: Tensor
    span: Span
    first: bool = field(default=True)
    words: dict[str, Text] = field(default=None)


@record
class Call:
    """A block at work: a routine, or the block that a parameter holds (then ``parameter``)."""

    routine: "Routine | None"
    parameter: str | None
    place: Place
    args: dict[str, Argument]
    taken: tuple[tuple[str, Argument], ...]
    inputs: tuple[int, ...]
    tensors: dict[str, int]
    sizes: dict[str, Text | None]
    output: int
    outputs: dict[str, int]
    channels_key: str | None
    span: Span
    first: bool = field(default=True)
    key: str = field(default="")
    parameter_kind: str = field(default="block")
    parameter_key: str = field(default="")
    more: tuple[int, ...] = field(default=())  # the other tensors of a block that gives a list


@record
class Number:
    """``let`` of a number, list or partial application: a variable of the same name. Those of one
    ``let`` get their values at once; they have the same ``line``."""

    name: str
    key: str
    text: Text
    value: Any
    line: int = field(default=0)


@record
class Carry:
    """A size that a loop or a condition carries in a variable of the constructor."""

    key: str
    name: str
    text: Text | None


@record
class Phi:
    """A tensor that a loop carries, or that both arms of a condition make."""

    hint: str
    before: int
    inside: int
    end: int
    after: int


@record
class Kept:
    """A number that a loop binds anew: its variable, its key in a turn and its key behind."""

    name: str
    inside: str
    after: str


@record
class Loop:
    """``for`` or ``repeat``; ``carries`` are set before it, ``turns`` at the end of a turn."""

    targets: tuple[tuple[str, str], ...]
    iterable: Text
    body: "tuple[Statement, ...]"
    phis: tuple[Phi, ...]
    carries: tuple[Carry, ...]
    turns: tuple[Carry, ...]
    node: "syntax.For | syntax.Repeat"
    kept: tuple[Kept, ...] = field(default=())


@record
class Arms:
    """``if``: each arm with its statements; ``phis`` give (then, else, after)."""

    condition: Text
    cond: Any
    then: "tuple[Statement, ...]"
    otherwise: "tuple[Statement, ...]"
    phis: tuple[Phi, ...]
    then_carries: tuple[Carry, ...]
    else_carries: tuple[Carry, ...]


@record
class Group:
    """The module of a labelled line, with what happens inside."""

    place: Place
    home: Home
    body: "tuple[Statement, ...]"
    before: int | None
    after: int | None


@record
class Alias:
    """Names for tensors, given at once by a label or a `let`."""

    names: tuple[str, ...]
    sources: tuple[int, ...]
    outputs: tuple[int, ...]


@record
class Store:
    """A tensor kept under a label with an index, ``enc{i}``; ``used`` elsewhere by `Load`."""

    name: str
    index: Text
    source: int
    output: int


@record
class Load:
    """A tensor that was stored, by its index."""

    name: str
    index: Text
    output: int


@record
class Branch:
    """A branch of a join: what it does from ``start`` to ``end``."""

    label: str
    position: int
    count: int
    start: int | None
    end: int
    body: "tuple[Statement, ...]"


@record
class Gather:
    """The branches in front of a join."""

    branches: tuple[Branch, ...]


@record
class Side:
    """``output NAME`` of a net or block; ``body`` is the chain of its own."""

    name: str
    value: int
    training: bool
    body: "tuple[Statement, ...]"


@record
class Losses(Side):
    """``losses(targets) { … }``: ``body`` runs in training, where targets are given, and the values
    of ``entries`` are what the net gives then."""

    entries: tuple[tuple[str, int], ...]


@record
class Declared:
    """`shared NAME = call`: where a module stands that the lines below may use."""

    module: Place


Statement = (
    Layer
    | Call
    | Number
    | Loop
    | Arms
    | Group
    | Alias
    | Store
    | Load
    | Gather
    | Side
    | Losses
    | Declared
)


class Routine:
    """A block or net lowered: one class in PyTorch, one function in Keras."""

    def __init__(self, definition: Definition, name: str) -> None:
        self.definition = definition
        self.name = name
        self.home = Home(None, None, numbered=False)
        self.statements: tuple[Statement, ...] = ()
        self.inputs: list[tuple[str, int, Tensor]] = []
        self.result: int = -1
        self.tensor: Tensor | None = None
        self.lists: dict[str, list[str]] = {}  # the inputs that are a list under one parameter
        self.more: tuple[int, ...] = ()  # behind the result, where it is a list
        self.truth: tuple[str, int] | None = None  # what `losses` calls what an image shows
        self.label = "output"  # what a net calls its result; the names of a block are its own
        self.outputs: list[Side] = []
        self.sizes: dict[str, Tensor] = {}
        self.values: dict[int, Tensor] = {}
        self.inner_keys = False
        self.passed = False
        self.ragged = False  # whether its output has one rank in one arm and another in the other
        self.suffix = ""
        self.bound: dict[
            str, Any
        ] = {}  # parameters that are numbers here: one routine a distinct use
        self.fixed = False  # whether the sizes of its inputs are numbers too
        self.apart = False  # whether the turns of loops over what is known are written out
        self.said: list[Text | None] = []
        self.names: Any = None
        self.factors: dict[int, tuple[Any, ...]] = {}

    @property
    def node(self) -> "syntax.Block | syntax.Net":
        """What was written."""
        node = self.definition.node
        assert isinstance(node, syntax.Block | syntax.Net)
        return node

    @property
    def is_net(self) -> bool:
        """Whether it is a net, with inputs of its own."""
        return isinstance(self.definition.node, syntax.Net)


__all__ = ["Dim"]
