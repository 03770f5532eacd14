"""The outside as a command sees it: what it reads, and where it prints in which form."""

import os
import sys
from typing import TextIO

from netwright.commands.declare import Given, Usage

PLAIN_WIDTH = 120


class Console:
    """Standard streams and the files named on the command line."""

    def __init__(self) -> None:
        self.color = "auto"
        self.format = "text"
        self.quiet = False
        self._progress = False
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")

    def choose(self, given: Given) -> None:
        """Take over the options that all commands have."""
        self.color = given.last("color", "auto")
        self.format = given.last("format", "text")
        self.quiet = given.has("quiet")

    def out(self, text: str) -> None:
        """Print what was asked for."""
        self._clear()
        sys.stdout.write(text)

    def data(self, content: bytes) -> None:
        """Print bytes, such as those of a picture."""
        self.flush()
        sys.stdout.buffer.write(content)

    def err(self, text: str) -> None:
        """Print what goes beside it; a closed standard error is no mistake."""
        self._clear()
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            return

    def note(self, text: str) -> None:
        """Print a line that `--quiet` leaves out."""
        if not self.quiet:
            self.err(f"{text}\n")

    def progress(self, text: str) -> None:
        """Show what is being worked on, where somebody watches, until something is printed."""
        if not self.quiet and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[2K{text}")
            sys.stderr.flush()
            self._progress = True

    def complain(self, message: str, help: str = "") -> None:
        """Print a mistake that is not in a spec."""
        from netwright.report.paint import Paint

        paint = Paint(colored=self.colored(sys.stderr))
        lines = [f"{paint.error('error')}{paint.bold(f': {message}')}"]
        if help:
            lines.append(f"  {paint.bar('=')} {paint.bold('help')}: {help}")
        self.err("\n".join([*lines, ""]))

    def colored(self, stream: TextIO) -> bool:
        """Whether a stream takes colours; `--color` outdoes NO_COLOR."""
        if self.color != "auto":
            return self.color == "always"
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return not plain and stream.isatty()

    def width(self, stream: TextIO) -> int:
        """Columns of a terminal; elsewhere a usual number."""
        try:
            return max(40, os.get_terminal_size(stream.fileno()).columns)
        except (OSError, ValueError, AttributeError):
            return PLAIN_WIDTH

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file, or of standard input for `-`; no more than ``most``."""
        if path == "-":
            return sys.stdin.buffer.read(most)
        try:
            with open(path, "rb") as file:
                return file.read(most)
        except OSError as error:
            raise Usage(f"cannot read `{path}`: {reason(error)}", _instead(path)) from error

    def flush(self) -> None:
        """Hand everything over: a closed pipe shows here."""
        self._clear()
        sys.stdout.flush()

    def abandon(self) -> None:
        """Nobody reads any more: let Python flush into nothing when it ends."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _clear(self) -> None:
        if self._progress:
            sys.stderr.write("\r\x1b[2K")
            self._progress = False


def reason(error: OSError) -> str:
    """Why the system refused, in lower case."""
    return (error.strerror or str(error)).lower()


def _instead(path: str) -> str:
    """Which file beside a missing one was probably meant."""
    from netwright.spelling import nearest

    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        return f"name the files in it: `{os.path.join(path, '*.net')}`"
    if os.path.isfile(f"{path}.net"):
        return f"did you mean `{path}.net`?"
    try:
        names = [name for name in os.listdir(folder) if name.endswith(".net")]
    except OSError:
        return ""
    return nearest(os.path.basename(path), names)
