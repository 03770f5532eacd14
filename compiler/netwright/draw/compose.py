"""Composes the page of a net: its level of detail, its boxes, the panels of its blocks."""

import os

from netwright.draw.blocks import Blocks
from netwright.draw.cells import fold_cells
from netwright.draw.repeats import repeats
from netwright.draw.fold import Folded, fold, loops
from netwright.draw.graph import Builder, Node, Speaker, change
from netwright.draw.lay import Layout
from netwright.draw.levels import valley
from netwright.draw.ushape import ushape
from netwright.draw.model import Drawing, Row
from netwright.draw.page import Panel, Sheet, page
from netwright.draw.panels import Distinct, distinct
from netwright.draw.speak import Numbers
from netwright.draw.symbols import Symbols, constants, legend
from netwright.draw.shoots import structure
from netwright.draw.wording import shape, short, title_case
from netwright.instance import Instance
from netwright.pipeline import Checked, CheckedNet
from netwright.record import replace


def compose(checked: Checked, net: CheckedNet, detail: int | None) -> Drawing:
    """The page of a net."""
    blocks = Blocks()
    instance = net.instance
    level = detail or 2
    deep = level == 3
    builder = Builder(
        blocks.opened if deep else blocks.closed, Numbers(blocks), turns=64 if deep else 0
    )
    graph = builder.net(instance)
    graph = graph if deep else fold_cells(graph)
    folded = fold(graph, structure(graph), find=loops if deep else repeats)
    forms = distinct(instance, blocks)
    folded = Folded(
        folded.series,
        {name: lettered(node, forms, blocks) for name, node in folded.nodes.items()},
        folded.names,
    )
    found = valley(folded) if not deep else None
    if found is not None:
        spine, shown = ushape(found), found.nodes
    else:
        spine, shown = Layout(folded, shapes=True).series(folded.series), folded.nodes
    panels = []
    if level == 2:
        for place, found in enumerate(forms.values()):
            panels.append(panel(found, forms, blocks, f"p{place}_", checked))
    source = net.definition.home.source.path
    sheet = Sheet(
        net.name,
        net.name,
        facts(instance, level),
        spine,
        shown,
        tuple(panels),
        level,
        os.path.basename(source),
    )
    return page(sheet)


def lettered(node: Node, forms: dict[object, Distinct], blocks: Blocks) -> Node:
    """A box of a block with the letter of its form."""
    if node.call is None:
        return node
    found = forms.get(blocks.form(node.call.instance))
    if found is None or not found.letter:
        return node
    return replace(node, bold=f"{node.bold} {found.letter}")


def panel(
    found: Distinct, forms: dict[object, Distinct], blocks: Blocks, prefix: str, checked: Checked
) -> Panel:
    """The panel of a block."""
    instance = found.instances[0]
    speaker: Speaker = Numbers(blocks)
    plain, note = change(instance.inputs[0][1], instance.result.tensor), ""
    if len(found.instances) > 1:
        speaker = Symbols(Numbers(blocks), found, checked.program)
        plain, note = speaker.change(), legend(found, constants(found))
    graph = Builder(blocks.closed, speaker, prefix).block(instance)
    folded = fold(graph, structure(graph))
    nodes = {name: replace(lettered(n, forms, blocks), params=0) for name, n in folded.nodes.items()}
    folded = Folded(folded.series, nodes, folded.names)
    piece = Layout(folded, shapes=False).series(folded.series)
    left, top, _, _ = piece.bounds
    name = f"{title_case(found.name)} {found.letter}".strip()
    uses = f"used {found.uses} times" if found.uses > 1 else ""
    return Panel(
        f"panel_{prefix}{found.name}",
        Row(bold=name, plain=plain, right=uses),
        note,
        piece,
        nodes,
        "",
        "",
    )


def facts(instance: Instance, level: int) -> tuple[str, ...]:
    """What is to be known of a net."""
    totals = instance.totals
    found = [f"{short(totals.params)} params", f"{short(totals.macs)} MACs"]
    inputs = [f"{name} {shape(tensor)}" for name, tensor in instance.inputs]
    outputs = [f"{o.name} {shape(o.tensor)}" for o in instance.outputs]
    found.append(f"input {', '.join(inputs)}")
    found.append(f"output {', '.join(outputs)}")
    found.append(f"detail {level} of 3")
    return tuple(found)
