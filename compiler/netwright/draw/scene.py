"""The boxes of one body, folded, lettered and placed: a net, or the panel of a block."""

from netwright.draw.blocks import Blocks
from netwright.draw.build import Builder, Speaker, change
from netwright.draw.cells import fold_cells
from netwright.draw.fold import Folded, fold, labelled, loops
from netwright.draw.graph import Graph, Node
from netwright.draw.lay import Layout
from netwright.draw.metrics import MUTED, shortened
from netwright.draw.model import Row, Shape
from netwright.draw.page import Panel
from netwright.draw.panels import Distinct, distinct
from netwright.draw.repeats import repeats
from netwright.draw.several import Several
from netwright.draw.shoots import structure
from netwright.draw.speak import Numbers
from netwright.draw.symbols import UNSAYABLE, Symbols, legend
from netwright.draw.wording import title_case
from netwright.instance import Instance
from netwright.lower.lowerer import Lowerer
from netwright.program import Program
from netwright.record import replace

TURNS = 64  # of a loop that are drawn one by one where everything is
LONGEST_NOTE = 320.0


class Scenes:
    """Makes the scenes of one net; each block is looked at once."""

    def __init__(
        self, instance: Instance, program: Program, expanded: frozenset[str] = frozenset()
    ) -> None:
        self.instance = instance
        self.lowerer = Lowerer(program)
        self.blocks = Blocks(expanded)
        self.numbers = Numbers(self.blocks)
        self.forms = distinct(instance, self.blocks)

    def graph(self) -> Graph:
        """The net with its blocks as boxes."""
        return Builder(self.blocks.shown, self.numbers).net(self.instance)

    def closed(self) -> Folded:
        """The same with its repeats as one."""
        return labelled(self.folded(fold_cells(self.graph())))

    def opened(self) -> Folded:
        """The net with all its layers."""
        graph = Builder(self.blocks.opened, self.numbers, turns=TURNS).net(self.instance)
        return fold(graph, structure(graph), find=loops)

    def folded(self, graph: Graph) -> Folded:
        """A graph with its repeats as one, its blocks with their letters."""
        folded = fold(graph, structure(graph), find=repeats)
        nodes = {name: self.lettered(node) for name, node in folded.nodes.items()}
        return Folded(folded.series, nodes, folded.names)

    def panels(self) -> list[Panel]:
        """Each distinct block once."""
        forms = [form for form in self.forms.values() if form.name not in self.blocks.expanded]
        forms.sort(key=lambda form: not form.instances[0].failed)  # a mistake is never left out
        return [self.panel(found, f"p{place}_") for place, found in enumerate(forms)]

    def panel(self, found: Distinct, prefix: str) -> Panel:
        """The panel of a block, with symbols where its uses differ."""
        instance = found.instances[0]
        speaker, plain, note = self._speaker(found)
        folded = self.folded(Builder(self.blocks.closed, speaker, prefix).block(instance))
        nodes = {name: replace(node, params=0) for name, node in folded.nodes.items()}
        folded = Folded(folded.series, nodes, folded.names)
        piece = Layout(folded, shapes=False).series(folded.series)
        left, _, right, _ = piece.bounds
        room = max(LONGEST_NOTE, right - left)
        uses = f"used {found.uses:,} times" if found.uses > 1 else ""
        name = f"{title_case(found.name)} {found.letter}".strip()
        node = instance.definition.node
        return Panel(
            f"panel_{prefix}{found.name}",
            Row(bold=name, plain=plain, right=uses),
            shortened(note, room, MUTED),
            piece,
            nodes,
            node.doc.strip(),
            node.name.span,
        )

    def _speaker(self, found: Distinct) -> tuple[Speaker, str, str]:
        """Who speaks in a panel, what its title says, and the line below."""
        instance, note = found.instances[0], legend(found)
        if any(instance.failed for instance in found.instances):
            return self.numbers, "", note
        if len(found.instances) > 1:
            several = Several(self.numbers, found)
            try:
                speaker = Symbols(several, found, self.lowerer)
            except UNSAYABLE:
                return several, several.change(), note
            return speaker, speaker.change(), note
        result = instance.result
        after = result[0].tensor if type(result) is tuple else result.tensor
        plain = change(instance.inputs[0][1], after) if instance.inputs else ""
        return self.numbers, plain, note

    def lettered(self, node: Node) -> Node:
        """A box of a block with the letter of its form."""
        if node.call is None:
            return node
        found = self.forms.get(self.blocks.form(node.call.instance))
        return replace(node, bold=f"{node.bold} {found.letter}") if found and found.letter else node


def boxes(nodes: dict[str, Node]) -> int:
    """How many boxes are drawn; dots do not count."""
    return sum(node.shape is not Shape.TAP for node in nodes.values())
