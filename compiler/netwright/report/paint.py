"""Colours of a terminal, or none."""

from netwright.record import record


@record
class Paint:
    """Paints words by what they are; where colours are not wanted it gives them back."""

    colored: bool

    def error(self, text: str) -> str:
        """An error, and the place of it."""
        return self._in("1;31", text)

    def warning(self, text: str) -> str:
        """A warning, and the place of it."""
        return self._in("1;33", text)

    def other(self, text: str) -> str:
        """Another place that belongs to a mistake."""
        return self._in("36", text)

    def bar(self, text: str) -> str:
        """The frame around lines of a spec."""
        return self._in("34", text)

    def bold(self, text: str) -> str:
        """What is read first."""
        return self._in("1", text)

    def dim(self, text: str) -> str:
        """What is read last."""
        return self._in("2", text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colored and text else text
