"""What is said where a symbol is not enough."""

from netwright.source import Span


class NotGeneral(Exception):
    """Something that symbols cannot say: the block is emitted once a distinct use."""

    def __init__(self, span: Span | None = None) -> None:
        super().__init__(span.text if span else "")
        self.span = span


class NeedsNumber(NotGeneral, TypeError):
    """The number behind a symbol was asked for: the rule of a layer branches on it."""
