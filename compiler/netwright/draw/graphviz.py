"""Runs Graphviz: `dot` where it is installed, else the one inside the pygraphviz wheel."""

import shutil


class CannotDraw(Exception):
    """A picture that cannot be made here, with what would help."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def run(text: str, format: str) -> bytes:
    """A picture of a text in Graphviz's language."""
    if shutil.which("dot"):
        try:
            import graphviz
        except ImportError:
            pass
        else:
            piped: bytes = graphviz.pipe("dot", format, text.encode(), quiet=True)
            return piped
    try:
        import pygraphviz
    except ImportError:
        raise _nothing() from None
    graph = pygraphviz.AGraph(string=text)
    graph.has_layout = True  # the places are in the text: `draw` then keeps them
    try:
        drawn: bytes = graph.draw(format=format)
    finally:
        graph.close()
    return drawn


def _nothing() -> CannotDraw:
    return CannotDraw(
        "Graphviz is not there: neither `dot` with the package `graphviz`, nor `pygraphviz`",
        "`pip install 'netwright[draw]'` brings one; `-o net.dot` and `-o net.mmd` need neither",
    )
