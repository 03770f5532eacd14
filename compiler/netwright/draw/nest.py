"""What every box of a net opens to, from the overview down to layers, each part laid out once.

A part has a place for all that is in it; what it opens to lies in a part of its own. So the parts
of a net are no more than its distinct blocks, however many ways there are to open them.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from netwright.draw.build import Builder, params_in
from netwright.draw.cells import fold_cells
from netwright.draw.collapse import collapsed, under
from netwright.draw.fold import Folded, fold, loops
from netwright.draw.graph import Graph, Node, connected
from netwright.draw.graphviz import CannotDraw
from netwright.draw.lay import Layout
from netwright.draw.levels import valley
from netwright.draw.model import Box, Frame, Kind, Shape, Wire
from netwright.draw.page import box, nested, wire
from netwright.draw.piece import Piece
from netwright.draw.scene import TURNS, Scenes
from netwright.draw.shoots import structure
from netwright.draw.theme import FAMILIES, Family
from netwright.draw.ties import tie_shared
from netwright.draw.ushape import ushape
from netwright.draw.wording import shape
from netwright.instance import Instance, LayerStep
from netwright.record import record, replace
from netwright.source import Span

T = TypeVar("T")
MOST_BOXES = 6_000  # five times as many as any net of the zoo has
Make = Callable[[T, int], None]


@record
class Opening:
    """What a box opens to: a part, and what that is, of a block its name.

    A group is what stands under a label, a repeat has turns one by one, a block without a name is
    the layers of one box.
    """

    part: int
    kind: Kind
    block: str


@record
class Part:
    """Boxes, wires and frames that are shown together; the spine is at ``x = 0``, the top at 0.

    ``opens`` says what boxes open to, ``spans`` the lines that they stand for, by their ids.
    """

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...]
    left: float
    right: float
    height: float
    opens: dict[str, Opening]
    spans: dict[str, tuple[Span, ...]]


class Nest:
    """The parts of one net, the first of them the overview."""

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes
        self.nodes: list[Node] = []
        self.parts: dict[int, Part] = {}
        self.known: dict[Any, int] = {}
        self.column = 0.0  # the width of boxes on the spine of the net
        self.boxes = 0
        graph = Builder(scenes.blocks.closed, scenes.numbers, turns=TURNS).net(scenes.instance)
        self._take(graph)
        whole = scenes.folded(fold_cells(graph))
        found = valley(whole)
        if found is not None:
            self._add(0, ushape(found), found.nodes, graph, whole)
            return
        self.column = max(_spines(graph, scenes), default=0.0)
        self._labels(graph, 0)

    def _take(self, graph: Graph) -> None:
        """Refuse what no reader and no browser has a use for."""
        self.boxes += len(graph.nodes)
        if self.boxes > MOST_BOXES:
            raise CannotDraw(
                f"the page would have more than the {MOST_BOXES:,} boxes that one may hold",
                "an SVG of `--detail 1` has fewer",
            )

    def __len__(self) -> int:
        return len(self.known) + 1

    # What a part is made of

    def _labels(self, graph: Graph, key: int) -> None:
        """A row of boxes, each outer label as one."""
        closed = collapsed(graph, 1)
        folded = self.scenes.folded(fold_cells(_apart(closed, graph)))
        layout = Layout(folded, shapes=True, least=self.column)
        piece = layout.series(folded.series, _shown(folded.nodes))
        self._add(key, piece, folded.nodes, graph, folded)

    def _turns(self, graph: Graph, key: int) -> None:
        """Equal boxes one by one."""
        folded = fold(graph, structure(graph), find=loops)
        nodes = {name: self._turn(node) for name, node in folded.nodes.items()}
        folded = Folded(folded.series, nodes, folded.names)
        piece = Layout(folded, shapes=True).series(folded.series, _shown(folded.nodes))
        self._add(key, piece, folded.nodes, graph, folded)

    def _turn(self, node: Node) -> Node:
        """One of equal boxes, with the path that tells it from the others."""
        named = node if node.below or not node.path else replace(node, below=(node.path,))
        return self.scenes.lettered(replace(named, times=1))

    def _block(self, instance: Instance, key: int) -> None:
        """What a block does with the numbers of one use."""
        scenes = self.scenes
        graph = Builder(scenes.blocks.closed, scenes.numbers, turns=TURNS).block(instance)
        folded = scenes.folded(fold_cells(graph))
        piece = Layout(folded, shapes=True).series(folded.series, _shown(folded.nodes))
        self._add(key, piece, folded.nodes, graph, folded)

    def _layers(self, node: Node, key: int) -> None:
        """The layers of a box, one by one."""
        row = [self._layer(node, place) for place in range(len(node.steps))]
        graph = connected([_tap("in", (), (0,)), *row, _tap("out", (len(row),), ())])
        folded = fold(graph, structure(graph), find=loops)
        piece = Layout(folded, shapes=True).series(folded.series, _shown(folded.nodes))
        self._add(key, piece, folded.nodes, graph, folded)

    def _layer(self, node: Node, place: int) -> Node:
        step = node.steps[place]
        assert isinstance(step, LayerStep)
        result = step.result if not isinstance(step.result, tuple) else step.result[0]
        bold, plain = self.scenes.numbers.words(step)
        return Node(
            f"layer{place}",
            Shape.BOX,
            FAMILIES[step.op.role],
            bold,
            plain,
            (place,),
            (place + 1,),
            before=step.tensors[0],
            after=result,
            params=0 if node.reused else params_in(step),
            steps=(step,),
            role=step.op.role,
            path=node.paths[place],
            span=step.span,
            reused=node.reused,
            side=node.side,
        )

    # What a part is

    def _add(
        self, key: int, piece: Piece, nodes: dict[str, Node], graph: Graph, folded: Folded
    ) -> None:
        """Keep a part, and those that its boxes open to."""
        if key:
            self._take(graph)
        tie_shared(piece, nodes)
        left, top, right, bottom = piece.bounds
        piece.shift(0.0, -top)
        self.nodes += nodes.values()
        shown = {name: node for name, node in nodes.items() if name in piece.spots}
        self.parts[key] = Part(
            tuple(box(node, piece.spots[name]) for name, node in shown.items()),
            tuple(map(wire, piece.tracks)),
            nested(piece),
            left,
            right,
            bottom - top,
            self._opened(shown.values(), graph, folded),
            {name: spans(node, graph) for name, node in shown.items()},
        )

    def _opened(self, nodes: Iterable[Node], graph: Graph, folded: Folded) -> dict[str, Opening]:
        """What boxes open to."""
        rows: dict[str, list[Node]] = {}
        for gone, stands in folded.names.items():
            rows.setdefault(stands, []).append(graph.nodes[gone])
        each = {node.id: self._opens(node, graph, rows.get(node.id, [])) for node in nodes}
        return {name: opening for name, opening in each.items() if opening is not None}

    def _opens(self, node: Node, graph: Graph, others: list[Node]) -> Opening | None:
        """What a box opens to; nothing if it is one layer."""
        call = node.call
        block = call.instance.name if call is not None else ""
        if node.shape is Shape.BOX and not node.steps:
            row = under(graph, 1, node.path)
            return self._new(Kind.GROUP, "", _within(row, graph, 1), self._labels) if row else None
        if node.times > 1 and len(others) == node.times - 1:
            row = [graph.nodes[node.id], *others]
            return self._new(Kind.REPEAT, block, _within(row, graph, 0), self._turns)
        if call is not None:
            return self._new(Kind.BLOCK, block, call.instance, self._block, id(call.instance))
        if len(node.steps) > 1:
            return self._new(Kind.BLOCK, "", node, self._layers, (node.paths, node.steps))
        return None

    def _new(self, kind: Kind, block: str, given: T, make: Make[T], known: Any = None) -> Opening:
        """The opening to a part, which is made where it is not there yet."""
        known = object() if known is None else known
        if known not in self.known:
            self.known[known] = len(self)
            make(given, self.known[known])
        return Opening(self.known[known], kind, block)


def spans(node: Node, graph: Graph) -> tuple[Span, ...]:
    """The places in specs that a box stands for."""
    boxed = node.shape is Shape.BOX and not node.steps
    rows = under(graph, 1, node.path) if boxed else [node]
    found = [step.span for each in rows for step in each.steps]
    return tuple(dict.fromkeys(found or [span for span in (node.span,) if span is not None]))


def _spines(graph: Graph, scenes: Scenes) -> list[float]:
    """The widths that the columns of labels, and of labels in them, want."""
    folded = scenes.folded(fold_cells(_apart(collapsed(graph, 1), graph)))
    widths = Layout(folded, shapes=True).widths
    boxes = [name for name in folded.series.nodes if folded.nodes[name].shape is Shape.BOX]
    found = [widths[name] for name in boxes]
    for node in folded.nodes.values():
        row = under(graph, 1, node.path) if node.shape is Shape.BOX and not node.steps else []
        found += _spines(_within(row, graph, 1), scenes) if row else []
    return found


def _apart(closed: Graph, graph: Graph) -> Graph:
    """A graph in which no label is folded with another: each is a box of its own."""
    nodes = [
        node if graph.nodes[node.id] is node else replace(node, token=(node.path,), below=())
        for node in closed.nodes.values()
    ]
    return connected(nodes)


def _within(row: list[Node], graph: Graph, depth: int) -> Graph:
    """Some boxes of a graph alone, out of their outermost frame, with a dot for each end."""
    made = {value for node in row for value in node.outputs}
    names = {node.id for node in row}
    taken = dict.fromkeys(v for node in row for v in node.inputs if v not in made)
    leaving = (edge for edge in graph.edges if edge.tail in names and edge.head not in names)
    given = dict.fromkeys(edge.value for edge in leaving)
    nodes = [replace(node, groups=node.groups[depth:] if depth else ()) for node in row]
    return connected(
        [
            *(_tap(f"in{value}", (), (value,)) for value in taken),
            *nodes,
            *(_tap(f"out{value}", (value,), ()) for value in given),
        ]
    )


def _tap(name: str, inputs: tuple[int, ...], outputs: tuple[int, ...]) -> Node:
    return Node(name, Shape.TAP, Family.TERMINAL, "", "", inputs, outputs)


def _shown(nodes: dict[str, Node]) -> str:
    """The shape that goes into a part, which the box around it tells."""
    first = next((node for node in nodes.values() if node.before is not None), None)
    ends = any(node.shape is Shape.TAP for node in nodes.values())
    return shape(first.before) if first is not None and first.before is not None and ends else ""
