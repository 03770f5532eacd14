"""Gathers `##` comments, and says which belongs to the file and which to the line below it."""

from collections.abc import Iterable

from netwright.parsing.faults import Faults
from netwright.source import Span


class Docs:
    """The doc comments of a source, by the place of the token that follows them.

    A paragraph is a run of lines; one that an empty line follows belongs to no token.
    """

    def __init__(self, faults: Faults) -> None:
        self.pending: list[tuple[int, int]] = []
        self._faults = faults
        self._by_place: dict[int, list[tuple[int, int]]] = {}
        self._alone: list[list[tuple[int, int]]] = []
        self._newlines = 0

    def comment(self, start: int, end: int) -> None:
        """Take a comment; only `##` alone on its line is a doc."""
        text = self._faults.source.text
        self._newlines = 0
        if not text.startswith("##", start) or text.startswith("###", start):
            return
        if text[text.rfind("\n", 0, start) + 1 : start].strip(" \t\r\f\v\ufeff"):
            self._faults.error(
                "trailing-doc",
                start,
                end,
                "a doc comment stands alone, before what it describes",
                help="write `#`, or move the `##` to a line of its own above this one",
            )
        else:
            self.pending.append((start, end))

    def newline(self) -> None:
        """Take a newline: the second in a row, an empty line, ends a paragraph."""
        self._newlines += 1
        if self._newlines == 2 and self.pending:
            self._alone.append(self.pending)
            self.pending = []

    def attach(self, place: int) -> None:
        """Give the docs read last to the token at this place."""
        self._by_place[place] = self.pending
        self.pending = []

    def take(self, place: int) -> str:
        """The doc of what starts at this place, which it then has been given."""
        return self._text(self._by_place.pop(place)) if place in self._by_place else ""

    def of_file(self, declarations: Iterable[Span]) -> str:
        """The doc of the file: the first paragraph, outside declarations, that stands alone."""
        ends = iter(declarations)
        span = next(ends, None)
        for place, lines in enumerate(self._alone):
            start = lines[0][0]
            while span is not None and span.end <= start:
                span = next(ends, None)
            if span is None or start < span.start:
                return self._text(self._alone.pop(place))
        return ""

    def finish(self) -> None:
        """Warn of docs that nothing took."""
        for lines in (*self._alone, *self._by_place.values(), self.pending):
            if lines:
                message = "a doc comment that describes nothing"
                help = "put it right above a declaration or a line, or write `#`"
                self._faults.warning("detached-doc", lines[0][0], lines[-1][1], message, help=help)

    def _text(self, lines: list[tuple[int, int]]) -> str:
        text = self._faults.source.text
        return "\n".join(text[start + 2 : end].removeprefix(" ").rstrip() for start, end in lines)
