"""Laying out emitted Python: `ruff format` leaves the lines that come out of here as they are."""

from netwright.layout.page import INDENT, WIDTH, Page
from netwright.layout.prose import comment, docstring, unbroken
from netwright.layout.scan import Line
from netwright.layout.statements import document

__all__ = ["comment", "docstring", "layout", "unbroken"]


def layout(statement: str, indent: int) -> list[str]:
    """The lines of a statement given on one line, or of the head of a compound one.

    `indent` counts levels of four spaces. What has no place to break stays too long.
    """
    if INDENT * indent + len(statement) <= WIDTH:
        return [" " * (INDENT * indent) + statement]
    return Page(indent).print(indent, document(Line(statement)))
