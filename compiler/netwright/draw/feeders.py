"""Boxes that take nothing, such as a table of positions: they stand beside what they are joined to.

A graph would have them begin beside its input, and everything between as a branch. So each gets an
edge that is not drawn, out of the box that the other value comes from. A second input of a block
whose reader stands far below gets one too.
"""

from netwright.draw.graph import HIDDEN, Edge, Graph
from netwright.draw.model import Shape

Readers = dict[str, list[str]]
FAR = 3  # boxes that the other way to a reader has more


def placed_feeders(graph: Graph) -> tuple[list[str], list[Edge]]:
    """The order of the boxes and their edges, with what places those that take nothing."""
    readers: Readers = {}
    writers: Readers = {}
    for edge in graph.edges:
        readers.setdefault(edge.tail, []).append(edge.head)
        writers.setdefault(edge.head, []).append(edge.tail)
    order, edges = list(graph.nodes), list(graph.edges)
    depth: dict[str, int] = {}
    for name in order:
        depth[name] = 1 + max((depth.get(other, 0) for other in writers.get(name, ())), default=0)
    for name in [name for name in order[1:] if name not in writers]:
        row = _row(name, readers, writers)
        if row is None:
            continue
        others = [other for other in writers[row[-1]] if other not in row and other in writers]
        far = max((depth[other] for other in others), default=0) - len(row) + 1
        if others and (_is_table(graph, name) or far >= FAR):
            tail = max(others, key=order.index)
            edges.append(Edge(tail, name, HIDDEN, 0))
            order = [each for each in order if each not in row[:-1]]
            at = order.index(row[-1])
            order[at:at] = row[:-1]
    return order, edges


def _is_table(graph: Graph, name: str) -> bool:
    """Whether something that takes nothing is no input."""
    return graph.nodes[name].shape not in (Shape.PILL, Shape.TAP)


def _row(name: str, readers: Readers, writers: Readers) -> list[str] | None:
    """A box and those behind it, up to the first that takes something else too."""
    row = [name]
    while len(set(readers.get(row[-1], ()))) == 1:
        row.append(readers[row[-1]][0])
        if len(set(writers[row[-1]])) > 1:
            return row
    return None
