"""Runs Graphviz: `dot` where it is installed, else the one inside the pygraphviz wheel."""

import shutil
import subprocess


class CannotDraw(Exception):
    """A picture that cannot be made here, with what would help."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def run(text: str, format: str) -> bytes:
    """A picture of a text in Graphviz's language."""
    program = shutil.which("dot")
    return _piped(program, text, format) if program else _bundled(text, format)


def _piped(program: str, text: str, format: str) -> bytes:
    """What `dot` makes; it complains of faces that are not there, which is no mistake."""
    done = subprocess.run([program, f"-T{format}"], input=text.encode(), capture_output=True)
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().split("\n")
        raise CannotDraw(f"`{program}` draws no {format.upper()}: {said[-1]}")
    return done.stdout


def _bundled(text: str, format: str) -> bytes:
    """What the Graphviz inside the wheel makes."""
    try:
        import pygraphviz
    except ImportError:
        raise CannotDraw(
            f"no {format.upper()} without Graphviz: neither `dot` nor `pygraphviz` is there",
            "`pip install 'netwright[draw]'` brings one; `-o net.html`, `-o net.dot` and "
            "`-o net.mmd` need neither",
        ) from None
    graph = pygraphviz.AGraph(string=text)
    graph.has_layout = True  # the places are in the text: `draw` then keeps them
    try:
        drawn: bytes = graph.draw(format=format)
    finally:
        graph.close()
    return drawn
