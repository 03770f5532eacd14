"""Lays a graph out by its structure: a series runs straight down, branches stand beside it."""

from collections.abc import Iterable
from copy import copy

from netwright.draw.bars import shares
from netwright.draw.beside import ALIKE, FAR, beside
from netwright.draw.column import Column
from netwright.draw.comb import combed
from netwright.draw.fold import Folded
from netwright.draw.frames import Frames
from netwright.draw.fuse import HEADS
from netwright.draw.graph import HIDDEN, Edge, Node
from netwright.draw.lanes import laned
from netwright.draw.model import Line, Shape
from netwright.draw.piece import Piece, Spot, Track
from netwright.draw.sizes import height, natural
from netwright.draw.structure import (
    SINK,
    SOURCE,
    Branches,
    Comb,
    Fork,
    Lanes,
    Link,
    Pass,
    Section,
    Series,
    Tangle,
    count,
)
from netwright.draw.tangle import Untangler
from netwright.draw.ties import ARROW, LANE


class Layout:
    """Places the boxes of one graph; ``shapes`` says whether wires tell what they carry.

    ``least`` is the width that boxes of the spine have in any case.
    """

    def __init__(self, folded: Folded, *, shapes: bool, least: float = 0.0) -> None:
        self.nodes = folded.nodes
        self.names = folded.names
        self.shapes = shapes
        self.frames = Frames(folded.nodes, labels=shapes)
        self.widths: dict[str, float] = {}
        self._columns([folded.series], least)

    def quiet(self) -> "Layout":
        """The same, its wires without what they carry."""
        other = copy(self)
        other.shapes = False
        return other

    # Widths

    def _columns(self, columns: list[Series], least: float = 0.0) -> None:
        """Give columns one width; the longest branch goes on with the width of its column."""
        spine, others = list(columns), list[list[Series]]()
        for series in spine:
            for section in series.sections:
                self._beside(section, spine, others)
        names = [name for series in spine for name in series.nodes]
        self._natural(names)
        boxes = [name for name in names if self.nodes[name].shape is Shape.BOX]
        wide = max((self.widths[name] for name in boxes), default=0.0)
        wide = max(wide, least)
        self.widths |= dict.fromkeys(boxes, wide)
        for each in others:
            self._columns(each)

    def _beside(self, section: Section, spine: list[Series], others: list[list[Series]]) -> None:
        """What goes on with the width of a column, and what has its own."""
        if isinstance(section, Fork):
            others += [[shoot] for shoot in section.shoots]
            section = section.inner
        if isinstance(section, Branches):
            main, rest = main_branch(section)
            spine += main
            others += rest
        elif isinstance(section, Lanes):
            spine.append(section.series)
        elif isinstance(section, Comb):
            spine.append(section.spine)
            others.append([tooth.lead for tooth in section.teeth])
            columns = zip(*(tooth.heads for tooth in section.teeth), strict=True)
            others += [[head for head in column if head is not None] for column in columns]
            others += [[join] for join in section.joins]
        elif isinstance(section, Tangle):
            self._natural(section.nodes)

    def _natural(self, names: Iterable[str]) -> None:
        self.widths |= {name: natural(self.nodes[name]) for name in names}

    # Pieces

    def series(self, series: Series, shown: str = "") -> Piece:
        """Boxes under each other; what comes from above and goes below stays open."""
        return Column(self, series, shown).piece

    def section(self, section: Section, join: Node | None, shown: str) -> Piece:
        """What lies between two boxes."""
        match section:
            case Link():
                return self._link(section)
            case Branches():
                return self._branches(section, join, shown)
            case Comb():
                return combed(self, section, shown)
            case Lanes():
                return laned(self, section, shown)
            case Tangle():
                return Untangler(self, section).piece()
            case Fork():
                return self.section(section.inner, join, shown)

    def _link(self, link: Link) -> Piece:
        piece = Piece()
        for place, edge in enumerate(self.real(link.edges)):
            track = Track(edge, Line.FLOW, [(place * 2 * LANE, 0.0)])
            piece.inlets.append(track)
            piece.outlets.append(track)
        return piece

    def _branches(self, section: Branches, join: Node | None, shown: str) -> Piece:
        pieces = [
            self._pass(branch) if isinstance(branch, Pass) else self.series(branch, shown)
            for branch in section.branches
        ]
        is_pass = [isinstance(branch, Pass) for branch in section.branches]
        adds = join is not None and join.shape is Shape.CIRCLE
        work = [piece for piece in pieces if any(map(self._works, piece.spots))]
        main = work[0] if adds and len(work) == 1 else None
        fed = [p for p, passes in zip(pieces, is_pass, strict=True) if passes or p.inlets]
        if len(fed) == 1:  # the others come from nowhere
            for piece in pieces:
                if piece is not fed[0]:
                    piece.shift(0.0, ARROW).height += ARROW
            main = self._straight(fed[0], max(piece.height for piece in pieces))
            is_pass = [False] * len(pieces)
        return beside(pieces, is_pass, adds=adds, main=main)

    def _straight(self, piece: Piece, tall: float) -> Piece:
        """The one value that goes on, which is no skip."""
        if not piece.spots:
            for track in piece.tracks:
                track.line = Line.FLOW
            piece.rects.append((-1.0, 0.0, 1.0, tall))
        return piece

    def _works(self, name: str) -> bool:
        """Whether a box has weights that are no factors and offsets."""
        return self.nodes[name].role in HEADS

    def _pass(self, branch: Pass) -> Piece:
        piece = Piece()
        for edge in self.real((branch.edge,)):
            track = Track(edge, Line.SKIP, [(0.0, 0.0)])
            piece.inlets.append(track)
            piece.outlets.append(track)
            piece.tracks.append(track)
        return piece

    def real(self, edges: Iterable[Edge]) -> list[Edge]:
        """The edges between boxes, by the names of those that are left."""
        return [
            Edge(self.names.get(edge.tail, edge.tail), edge.head, edge.value, edge.slot)
            for edge in edges
            if edge.tail != SOURCE and edge.head != SINK and edge.value != HIDDEN
        ]

    def spot(self, name: str, x: float, top: float) -> Spot:
        """A place for a box whose top is known."""
        node, tall = self.nodes[name], height(self.nodes[name])
        spot = Spot(x, top + tall / 2, self.widths[name], tall)
        if node.parts:
            spot.parts = shares(node.parts, spot.width)
        return spot


def main_branch(section: Branches) -> tuple[list[Series], list[list[Series]]]:
    """The branch that the column goes on with, if one is far longer, and the others by width."""
    columns = sorted((b for b in section.branches if isinstance(b, Series)), key=count)
    if not columns:
        return [], []
    if len(columns) == 1 or _is_longer(columns):
        return [columns[-1]], [[each] for each in columns[:-1]]
    return [], [columns]


def _is_longer(columns: list[Series]) -> bool:
    """Whether the last of some branches, by their boxes, is far longer than the others."""
    ratio = count(columns[-2]) / count(columns[-1])
    return ratio < ALIKE if len(columns) == 2 else ratio * FAR <= 1
