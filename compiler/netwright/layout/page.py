"""Printing a document: a stack of what is still to come, and a ruler that looks ahead in it.

The algorithm is that of `ruff format`, so that lines break where it would break them.
"""

from typing import Protocol, TypeAlias

WIDTH = 88
INDENT = 4
UP_TO_BREAK, ALL_LINES, ANY_WIDTH = 0, 1, 2


class Part(Protocol):
    """A document that is neither a text nor a list of documents."""

    def print(self, page: "Page", indent: int, flat: bool) -> None:
        """Write it, or push on the page what it consists of."""

    def measure(self, ruler: "Ruler", indent: int, flat: bool, mode: int) -> bool | None:
        """Whether everything fits, if this part decides it; else add to the ruler."""


Doc: TypeAlias = "str | list[Doc] | Part"


class Page:
    """The text so far, and the documents still to be printed, next one last."""

    __slots__ = ("column", "flat_groups", "measured", "stack", "written")

    def __init__(self, indent: int) -> None:
        self.written = [" " * (INDENT * indent)]
        self.column = INDENT * indent
        self.stack: list[tuple[int, bool, Doc]] = []
        self.flat_groups: dict[int, bool] = {}
        self.measured = False

    def print(self, indent: int, doc: Doc) -> list[str]:
        """The lines of a document, its outermost breaks expanded."""
        self.push(indent, False, doc)
        stack = self.stack
        while stack:
            indent, flat, doc = stack.pop()
            if isinstance(doc, str):
                self.write(doc)
            elif isinstance(doc, list):
                stack += [(indent, flat, part) for part in reversed(doc)]
            else:
                doc.print(self, indent, flat)
        return "".join(self.written).split("\n")

    def push(self, indent: int, flat: bool, doc: Doc) -> None:
        """Make a document the next one to be printed."""
        self.stack.append((indent, flat, doc))

    def write(self, text: str) -> None:
        """Print a text."""
        self.written.append(text)
        self.column += len(text)

    def new_line(self, indent: int) -> None:
        """Print a line break."""
        self.written.append("\n" + " " * (INDENT * indent))
        self.column = INDENT * indent

    def stays_flat(self, doc: Doc, indent: int, flat: bool) -> bool:
        """Whether a group is printed on one line; known beforehand if one around it is."""
        if flat and self.measured:
            return True
        self.measured = True
        return self.fits(doc, indent, True, UP_TO_BREAK)

    def fits(self, doc: Doc, indent: int, flat: bool, mode: int) -> bool:
        """Whether a document, and what comes after it up to a break, is within the width."""
        return Ruler(self).fits(doc, indent, flat, mode)


class Ruler:
    """How far a document would reach, if it was the next on a page."""

    __slots__ = ("column", "flat_groups", "rest", "stack")

    def __init__(self, page: Page) -> None:
        self.column = page.column
        self.rest = page.stack
        self.flat_groups = page.flat_groups
        self.stack: list[tuple[int, bool, int, Doc]] = []

    def fits(self, doc: Doc, indent: int, flat: bool, mode: int) -> bool:
        """Whether all is within the width."""
        stack, ahead = self.stack, len(self.rest)
        self.push(indent, flat, mode, doc)
        while stack or ahead:
            if stack:
                indent, flat, mode, doc = stack.pop()
            else:
                ahead -= 1
                (indent, flat, doc), mode = self.rest[ahead], UP_TO_BREAK
            fits = self._measure(doc, indent, flat, mode)
            if fits is not None:
                return fits
        return True

    def _measure(self, doc: Doc, indent: int, flat: bool, mode: int) -> bool | None:
        if isinstance(doc, str):
            return self.add(len(doc), mode)
        if isinstance(doc, list):
            self.stack += [(indent, flat, mode, part) for part in reversed(doc)]
            return None
        return doc.measure(self, indent, flat, mode)

    def push(self, indent: int, flat: bool, mode: int, doc: Doc) -> None:
        """Make a document the next one to be measured."""
        self.stack.append((indent, flat, mode, doc))

    def add(self, width: int, mode: int) -> bool | None:
        """Go on to the right; false if that is too far."""
        self.column += width
        return False if self.column > WIDTH and mode != ANY_WIDTH else None
