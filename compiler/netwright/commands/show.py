"""`netwright show`: the ledger of a net, line by line."""

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.specs import Specs, chosen, single
from netwright.ledger import Row, folded, summed
from netwright.pipeline import Checked, CheckedNet
from netwright.report.table import short, table
from netwright.spelling import nearest

COMMAND = Command(
    "show",
    "show the lines of a net with shapes, params and MACs",
    "FILE",
    (
        ("netwright show resnet.net --net ResNet50", "a table; equal neighbours are folded to ×N"),
        ("netwright show resnet.net --net ResNet50 --depth 1", "sums over the outermost blocks"),
        ("netwright show resnet.net --net ResNet50 --json", "every line, for a program"),
        ("netwright show resnet.net --net ResNet50 --line 52", "how a line comes to its numbers"),
        ("netwright show squeezenet.net --formula fire", "the params of a block, as a formula"),
    ),
    (
        NET,
        SET,
        Option("json", "every line as JSON, in the order of computation"),
        Option("depth", "sum what is deeper than N parts of a path", "N"),
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
    if console.format == "json":
        from netwright.report import ledger

        console.out(ledger.render(single(given, specs, checked), specs.checked[0][0]))
        return 0
    nets = chosen(checked.nets, specs, given.every("net")) or [single(given, specs, checked)]
    specs.tell()
    if console.format == "text":
        console.out("\n".join(page(net, depth) for net in nets))
    return 0


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


def page(net: CheckedNet, depth: int | None) -> str:
    """The net and its lines as a table."""
    instance = net.instance
    shown = folded(instance) if depth is None else list(summed(instance, depth))
    inputs = ", ".join(f"{name} {tensor}" for name, tensor in instance.inputs)
    totals = instance.totals
    kept = sum(row.activation_bytes for row in shown)
    cells = [
        ("path", "kind", "", "output", "params", "MACs", "kept", "sees"),
        *map(_cells, shown),
        ("", "", "", "", f"{totals.params:,}", short(totals.macs), short(kept), ""),
    ]
    head, *body, total = table(cells, right=(4, 5, 6, 7))
    rule = "─" * max(map(len, (head, *body, total)))
    return "\n".join(
        [f"{net.name}: {inputs}", *_facts(net), "", head, rule, *body, rule, total, ""]
    )


def _facts(net: CheckedNet) -> list[str]:
    """What is said of a net before its lines."""
    from netwright import count

    instance, totals = net.instance, net.instance.totals
    running = totals.total_params - totals.params
    return [
        f"{totals.params:,} params, and {running:,} in running statistics",
        f"depth {count.depth(instance)}, receptive field {count.receptive_field(instance):,}, "
        f"output stride {count.output_stride(instance)}",
        "kept: bytes that training keeps for one example; sees: cells of the input, by height",
    ]


def _cells(row: Row) -> tuple[str, ...]:
    times = f"×{row.times}" if row.times > 1 else ""
    output = ", ".join(map(str, row.output))
    params = f"{row.params:,}" if row.params else ""
    work = "training" if row.side else short(row.macs) if row.macs else ""
    kept = short(row.activation_bytes) if row.activation_bytes else ""
    return row.path, row.kind, times, output, params, work, kept, f"{row.receptive_field:,}"
