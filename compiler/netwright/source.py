"""A text and the places in it, so that every message can point at what it speaks of."""

from bisect import bisect_right

from netwright.record import record


class Source:
    """A spec's text under the name that messages use for it."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in characters."""
        if self._starts is None:
            self._starts = [0]
            self._starts += [i + 1 for i, char in enumerate(self.text) if char == "\n"]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        self.place(0)
        assert self._starts is not None
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@record
class Span:
    """Characters ``start`` up to ``end`` of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, from 1."""
        return self.source.place(self.start)[1]

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    def within(self, other: "Span") -> bool:
        """Whether it lies in another span of the same source."""
        inside = other.start <= self.start and self.end <= other.end
        return inside and self.source is other.source

    def to(self, other: "Span") -> "Span":
        """From the start of this span to the end of another of the same source."""
        return Span(self.source, self.start, max(self.end, other.end))
