"""`netwright show`: the ledger of a net, line by line."""

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.specs import Specs, chosen, single
from netwright.commands.table import AS
from netwright.dynamic import Constraints, constraints
from netwright.ledger import folded, rows, summed
from netwright.pipeline import Checked, CheckedNet
from netwright.report import page
from netwright.report.page import Scale
from netwright.spelling import nearest

COMMAND = Command(
    "show",
    "show the lines of a net with shapes, params and MACs",
    "FILE",
    (
        ("netwright show resnet.net --net ResNet50", "a table; equal neighbours are folded to ×N"),
        ("netwright show resnet.net --net ResNet50 --depth 1", "sums over the outermost blocks"),
        ("netwright show resnet.net --net ResNet50 --json", "every line, for a program"),
        ("netwright show resnet.net --net ResNet50 --depth 1 --as latex", "for a paper"),
        ("netwright show unet.net --batch 8 --precision bf16", "what training keeps in memory"),
        ("netwright show resnet.net --net ResNet50 --line 52", "how a line comes to its numbers"),
        ("netwright show vgg.net --family --as latex", "stages by nets, the table of a paper"),
        ("netwright show squeezenet.net --formula fire", "the params of a block, as a formula"),
    ),
    (
        NET,
        SET,
        Option("json", "every line as JSON, in the order of computation"),
        AS,
        Option("batch", "examples that activations are counted for", "N"),
        Option("precision", "of one value of an activation", "NAME", words=tuple(page.PRECISIONS)),
        Option("depth", "sum what is deeper than N parts of a path", "N"),
        Option("family", "the stages of nets side by side, as papers have them"),
        Option("line", "derive shape and counts of line N, or FILE:N, in words and numbers", "N"),
        Option("formula", "the params of a block, by its own parameters", "BLOCK"),
        *BOUNDS,
    ),
    most=1,
)


def run(given: Given, console: Console) -> int:
    """Print the ledger of one net; 1 if the spec has an error."""
    depth = _number("depth", given.last("depth"))
    if given.has("json"):
        console.format = "json"
    specs = Specs(given, console)
    checked = specs.check(given.operands[0])
    if specs.failed:
        specs.tell()
        return 1
    if given.has("formula"):
        specs.tell()
        console.out(_formula(checked, given.last("formula")))
        return 0
    if given.has("line"):
        specs.tell()
        console.out(_derivation(single(given, specs, checked), given.last("line")))
        return 0
    if given.has("family"):
        found = family(given, specs, checked)
        if console.format != "json":
            specs.tell()
        console.out(_family(given, console, found))
        return 0
    shown = Shown(given, checked, depth)
    if console.format == "json":
        console.out(shown.document(single(given, specs, checked), specs.checked[0][0]))
        return 0
    nets = chosen(checked.nets, specs, given.every("net")) or [single(given, specs, checked)]
    specs.tell()
    if console.format == "text":
        console.out("\n".join(map(shown.page, nets)))
    return 0


def family(given: Given, specs: Specs, checked: Checked) -> list[CheckedNet]:
    """The nets that were asked for, or all where they vary one."""
    nets = chosen(checked.nets, specs, given.every("net"))
    bases = {net.instance.definition.name for net in nets}
    if not nets or (len(bases) > 1 and not given.has("net")):
        known = ", ".join(net.name for net in nets)
        raise Usage("say by `--net` which nets are a family", f"they are {known}" if known else "")
    return nets


def _family(given: Given, console: Console, nets: list[CheckedNet]) -> str:
    from netwright.report import family as table

    if console.format == "json":
        return table.document(nets)
    return table.FORMS[given.last("as", "text")](nets)


class Shown:
    """How nets are shown: how deep, for which batch and precision, in what form."""

    def __init__(self, given: Given, checked: Checked, depth: int | None) -> None:
        self.scale = Scale(
            _number("batch", given.last("batch")) or 1, given.last("precision", "fp32")
        )
        self.form = given.last("as", "text")
        self.checked = checked
        self.depth = depth

    def page(self, net: CheckedNet) -> str:
        """The net and its lines in the form that was asked for."""
        instance = net.instance
        lines = folded(instance) if self.depth is None else list(summed(instance, self.depth))
        sizes = self.sizes(net) if self.form == "text" else None
        return page.render(net, lines, self.scale, sizes, self.form)

    def document(self, net: CheckedNet, path: str) -> str:
        """The net and its lines for a program, every line unless a depth was asked for."""
        from netwright.report import ledger

        instance = net.instance
        lines = list(rows(instance) if self.depth is None else summed(instance, self.depth))
        return ledger.render(net, lines, path, self.scale, self.sizes(net))

    def sizes(self, net: CheckedNet) -> Constraints | None:
        """What the dynamic sizes of a net must be."""
        return constraints(self.checked.binder, net)


def _number(name: str, text: str) -> int | None:
    if text and not (text.isdecimal() and int(text)):
        raise Usage(f"`--{name}` takes a number from 1 on, found `{text}`")
    return int(text) if text else None


def _formula(checked: Checked, name: str) -> str:
    from netwright.formula import formula_text

    try:
        return f"{formula_text(checked, name)}\n"
    except LookupError as error:
        known = [one.name for one in checked.program.main.definitions]
        raise Usage(f"no block `{name}`", nearest(name, known)) from error


def _derivation(net: CheckedNet, text: str) -> str:
    """What a line does: `N` of the main file, or `FILE:N` of one that it imports."""
    from netwright.report import derivation

    file, _, wanted = text.rpartition(":")
    line = _number("line", wanted or "0")
    assert line is not None
    found = list(derivation.lines(net, line, file))
    if not found:
        places = derivation.places(net, file) or derivation.places(net)
        path, near = min(places, key=lambda one: abs(one[1] - line))
        raise Usage(f"`{net.name}` has no layer on line {text}", f"`--line {path}:{near}` has one")
    return "\n".join(found)
