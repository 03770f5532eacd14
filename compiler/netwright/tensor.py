"""What is known of a tensor before any framework runs: sizes, the names of its axes, its kind."""

from netwright.record import field, record
from netwright.sym import Dim, Sym

CHANNELS, DEPTH, HEIGHT, WIDTH = "channels", "depth", "height", "width"
LENGTH, FEATURES, OPEN = "length", "features", ""
BOXES, ANCHORS = "boxes", "anchors"  # those of an image, and those that all images have
PROPOSALS, DETECTIONS = "proposals", "detections"
TRUTH, MATCHES = "truth", "matches"
"""First axes of what has another number of rows in every image."""
LISTS = frozenset({PROPOSALS, DETECTIONS, TRUTH, MATCHES})
ROWS = frozenset({BOXES, ANCHORS, PROPOSALS, DETECTIONS, TRUTH, MATCHES})
"""First axes that count boxes: no layer needs their size."""

IMAGE_AXES: dict[int, tuple[str, ...]] = {
    0: (),
    1: (FEATURES,),
    2: (OPEN, OPEN),
    3: (CHANNELS, HEIGHT, WIDTH),
    4: (CHANNELS, DEPTH, HEIGHT, WIDTH),
}


class Dynamic:
    """A size that is known when the net runs; checked at ``size``, told as ``form``."""

    __slots__ = ("form", "size")

    def __init__(self, form: Sym, size: int) -> None:
        self.form = form
        self.size = size

    def __repr__(self) -> str:
        return f"{self.form}={self.size}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dynamic) and self.size == other.size and self.form == other.form

    def __hash__(self) -> int:
        return hash((self.size, self.form))

    def __lt__(self, other: "Size") -> bool:
        return self.size < number(other)

    def __le__(self, other: "Size") -> bool:
        return self.size <= number(other)

    def __gt__(self, other: "Size") -> bool:
        return self.size > number(other)

    def __ge__(self, other: "Size") -> bool:
        return self.size >= number(other)

    def __add__(self, other: "Size") -> "Size":
        return _dynamic(self.form + form(other), self.size + number(other))

    def __sub__(self, other: "Size") -> "Size":
        return _dynamic(self.form - form(other), self.size - number(other))

    def __rsub__(self, other: int) -> "Size":
        return _dynamic(other - self.form, other - self.size)

    def __mul__(self, other: "Size") -> "Size":
        return _dynamic(self.form * form(other), self.size * number(other))

    def __floordiv__(self, other: "Size") -> "Size":
        return _dynamic(self.form // form(other), self.size // number(other))

    def __rfloordiv__(self, other: int) -> "Size":
        return _dynamic(other // self.form, other // self.size)

    def __mod__(self, other: "Size") -> "Size":
        return _dynamic(self.form % form(other), self.size % number(other))

    def __rmod__(self, other: int) -> "Size":
        return _dynamic(other % self.form, other % self.size)

    def __neg__(self) -> "Size":
        return _dynamic(-self.form, -self.size)

    __radd__ = __add__
    __rmul__ = __mul__


Size = Dim | Dynamic


def _dynamic(formula: Dim, size: int) -> Size:
    return Dynamic(formula, size) if isinstance(formula, Sym) else formula


def number(size: Size) -> int:
    """The size that is checked: of a dynamic one, the one it was declared with."""
    return size.size if isinstance(size, Dynamic) else int(size)


def form(size: Size) -> Dim:
    """The size as arithmetic: of a dynamic one, its formula."""
    return size.form if isinstance(size, Dynamic) else size


@record
class Tensor:
    """Sizes without the batch, the name of each axis, and for integers how many they tell apart.

    ``each`` is how many of these an example has, where a layer cut it into boxes: what follows
    works on every box as on an example of its own.
    """

    sizes: tuple[Size, ...]
    axes: tuple[str, ...]
    integers: Dim | None = field(default=None)
    each: Size | None = field(default=None)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Tensor)
            and self.sizes == other.sizes
            and self.axes == other.axes
            and self.integers == other.integers
            and self.each == other.each
        )

    def __hash__(self) -> int:
        return hash((self.sizes, self.axes, self.integers, self.each))

    def resized(self, sizes: tuple[Size, ...], axes: tuple[str, ...] | None = None) -> "Tensor":
        """The same kind of tensor in other sizes."""
        return Tensor(sizes, self.axes if axes is None else axes, self.integers, self.each)

    @property
    def whole(self) -> tuple[Size, ...]:
        """The sizes of all boxes together."""
        return self.sizes if self.each is None else (self.each, *self.sizes)

    @property
    def rank(self) -> int:
        """Number of axes, the batch left out."""
        return len(self.sizes)

    def axis(self, name: str) -> int | None:
        """The place of a named axis; an axis that is open answers to every name that fits."""
        if name in self.axes:
            return self.axes.index(name)
        if self.axes == (OPEN, OPEN):
            return {CHANNELS: 0, LENGTH: None, FEATURES: 1}.get(name)
        if self.rank == 1 and name in (CHANNELS, FEATURES):
            return 0
        return self.rank - 1 if name == FEATURES and self.axes[-1:] == (CHANNELS,) else None

    def __str__(self) -> str:
        return show_sizes(self.whole)


def show_sizes(sizes: tuple[Size, ...]) -> str:
    """``[64, 56, 56]``, as the spec writes it."""
    return f"[{', '.join(map(str, sizes))}]"


def product(sizes: tuple[Size, ...]) -> Size:
    """How many values these sizes hold."""
    total: Size = 1
    for size in sizes:
        total = total * size if isinstance(total, Dynamic) else size * total
    return total
