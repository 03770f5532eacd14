"""Where the choices of a random spec come from: Hypothesis, which shrinks them, or a seed."""

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

T = TypeVar("T")


class Pen(Protocol):
    """Choices, of which the first and the smallest make the simplest spec."""

    def integer(self, least: int, most: int) -> int:
        """A whole number within bounds, both inclusive."""


class Drawn:
    """Choices that Hypothesis makes."""

    def __init__(self, draw: "DrawFn") -> None:
        from hypothesis import strategies

        self._draw = draw
        self._integers: Any = strategies.integers

    def integer(self, least: int, most: int) -> int:
        """A whole number within bounds, both inclusive."""
        return least if least == most else int(self._draw(self._integers(least, most)))


class Rolled:
    """Choices of a seed: the same spec for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def integer(self, least: int, most: int) -> int:
        """A whole number within bounds, both inclusive."""
        return self._random.randint(least, most)


def choose(pen: Pen, options: Sequence[T]) -> T:
    """One of some options, the simplest first."""
    return options[pen.integer(0, len(options) - 1)]


def chance(pen: Pen, percent: int) -> bool:
    """True that often; false is the simpler."""
    return pen.integer(1, 100) > 100 - percent


def some(pen: Pen, options: Sequence[T], most: int) -> list[T]:
    """A few of some options, in their order."""
    left = list(options)
    count = pen.integer(0, min(most, len(left)))
    picked = {pen.integer(0, len(left) - 1) for _ in range(count)}
    return [left[place] for place in sorted(picked)]
