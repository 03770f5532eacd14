"""`netwright show`: the ledger of a net, line by line."""

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.specs import Specs, chosen, single
from netwright.ledger import Row, folded, summed
from netwright.pipeline import CheckedNet
from netwright.report.table import short, table

COMMAND = Command(
    "show",
    "show the lines of a net with shapes, params and MACs",
    "FILE",
    (
        ("netwright show resnet.net --net ResNet50", "a table; equal neighbours are folded to ×N"),
        ("netwright show resnet.net --net ResNet50 --depth 1", "sums over the outermost blocks"),
        ("netwright show resnet.net --net ResNet50 --json", "every line, for a program"),
    ),
    (
        NET,
        SET,
        Option("json", "every line as JSON, in the order of computation"),
        Option("depth", "sum what is deeper than N parts of a path", "N"),
        *BOUNDS,
    ),
    most=1,
)


def run(given: Given, console: Console) -> int:
    """Print the ledger of one net; 1 if the spec has an error."""
    depth = _depth(given)
    if given.has("json"):
        console.format = "json"
    specs = Specs(given, console)
    checked = specs.check(given.operands[0])
    if specs.failed:
        specs.tell()
        return 1
    if console.format == "json":
        from netwright.report import ledger

        console.out(ledger.render(single(given, specs, checked), specs.checked[0][0]))
        return 0
    nets = chosen(checked.nets, specs, given.every("net")) or [single(given, specs, checked)]
    specs.tell()
    if console.format == "text":
        console.out("\n".join(page(net, depth) for net in nets))
    return 0


def _depth(given: Given) -> int | None:
    text = given.last("depth")
    if text and not (text.isdecimal() and int(text)):
        raise Usage(f"`--depth` takes a number from 1 on, found `{text}`")
    return int(text) if text else None


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
