"""What stands where a size is expected: a kernel that is a parameter, a list in a call."""

from collections.abc import Callable, Mapping

from netwright.sym.polynomial import NATURAL, Dim, Sym, variable


class Sides:
    """A kernel that is a parameter: a number or one an axis, so each axis has its own symbol."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sides) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def each(self, rank: int) -> tuple[Sym, ...]:
        """The side along each axis; a pad may be 0."""
        return tuple(variable(f"{self.key}.{axis}", NATURAL) for axis in range(rank))


class Listed:
    """A list or a number that is no size inside a call, such as what an index looks into."""

    __slots__ = ("values",)

    def __init__(self, values: object) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listed) and self.values == other.values

    def __hash__(self) -> int:
        return hash(self.values)

    def __repr__(self) -> str:
        return repr(self.values)

    def keys(self) -> set[str]:
        """None: it holds no symbol."""
        return set()

    def substitute(self, values: Mapping[str, Dim]) -> "Listed":
        """Unchanged: it holds no symbol."""
        return self

    def show(self, name: Callable[[str], str]) -> str:
        """Python text."""
        return repr(list(self.values) if isinstance(self.values, tuple) else self.values)
