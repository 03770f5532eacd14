"""The ledger of a net for people: what is said of it as a whole, and a row for each line."""

from collections.abc import Iterator, Sequence

from netwright import count
from netwright.dynamic import Constraints
from netwright.ledger import Row
from netwright.memory import Memory
from netwright.pipeline import CheckedNet
from netwright.record import field, record
from netwright.report.sheet import FORMS, Sheet
from netwright.report.table import short

PRECISIONS = {"fp32": 4, "fp16": 2, "bf16": 2, "fp64": 8}
"""Bytes of one value."""

HEAD = ("path", "kind", "", "output", "params", "MACs", "kept", "held", "sees", "stride")
NUMBERS = (4, 5, 6, 7, 8, 9)
NAMES = (
    "path",
    "kind",
    "times",
    "output",
    "params",
    "total_params",
    "macs",
    "activation_bytes",
    "inference_bytes",
    "receptive_field",
    "output_stride",
    "file",
    "line",
)


@record
class Scale:
    """What activations are counted for: examples in a batch, and the precision of a value."""

    batch: int = field(default=1)
    precision: str = field(default="fp32")

    def bytes(self, memory: Memory) -> int:
        """Bytes of some activations."""
        return memory.bytes(batch=self.batch, precision=PRECISIONS[self.precision])

    @property
    def words(self) -> str:
        """``32 examples in fp16``."""
        examples = "1 example" if self.batch == 1 else f"{self.batch:,} examples"
        return f"{examples} in {self.precision}"


def sums(rows: Sequence[Row]) -> tuple[Memory, Memory]:
    """What training keeps of all rows, and the most that inference holds in one."""
    held = max((row.held for row in rows), key=Memory.bytes, default=Memory())
    return sum((row.kept for row in rows), Memory()), held


def render(
    net: CheckedNet, rows: Sequence[Row], scale: Scale, sizes: Constraints | None, form: str
) -> str:
    """The net in one of the forms of a sheet; what is said before the rows is for a terminal."""
    page = FORMS[form](sheet(net, rows, scale))
    if form != "text":
        return page
    return "\n".join([*_facts(net, rows, scale, sizes), "", page])


def _facts(
    net: CheckedNet, rows: Sequence[Row], scale: Scale, sizes: Constraints | None
) -> Iterator[str]:
    """What is said of a net before its lines."""
    instance, totals = net.instance, net.instance.totals
    kept, held = (f"{short(scale.bytes(memory))}B" for memory in sums(rows))
    yield f"{net.name}: {', '.join(f'{name} {tensor}' for name, tensor in instance.inputs)}"
    running = totals.total_params - totals.params
    yield f"{totals.params:,} params, and {running:,} in running statistics"
    yield (
        f"depth {count.depth(instance)}, receptive field {count.receptive_field(instance):,}, "
        f"output stride {count.output_stride(instance)}"
    )
    yield f"activations of {scale.words}: training keeps {kept}, inference holds {held} at most"
    yield from sizes.sentences() if sizes is not None else ["what its sizes must be is not known"]
    yield "kept, held: bytes; sees, stride: cells of the input, by height"


def sheet(net: CheckedNet, rows: Sequence[Row], scale: Scale) -> Sheet:
    """The rows as a table, the sums at its foot."""
    totals = net.instance.totals
    kept, held = (short(scale.bytes(memory)) for memory in sums(rows))
    foot = ("", "", "", "", f"{totals.params:,}", short(totals.macs), kept, held, "", "")
    return Sheet(
        HEAD,
        tuple(_cells(row, scale) for row in rows),
        NUMBERS,
        foot,
        NAMES,
        tuple(_data(row, scale) for row in rows),
    )


def _cells(row: Row, scale: Scale) -> tuple[str, ...]:
    kept, held = scale.bytes(row.kept), scale.bytes(row.held)
    return (
        row.path,
        row.kind,
        f"×{row.times}" if row.times > 1 else "",
        ", ".join(map(str, row.output)),
        f"{row.params:,}" if row.params else "",
        "training" if row.side else short(row.macs) if row.macs else "",
        short(kept) if kept else "",
        short(held) if held else "",
        f"{row.receptive_field:,}",
        f"{row.output_stride:,}",
    )


def _data(row: Row, scale: Scale) -> tuple[object, ...]:
    return (
        row.path,
        row.kind,
        row.times,
        "; ".join(map(str, row.output)),
        row.params,
        row.total_params,
        row.macs,
        scale.bytes(row.kept),
        scale.bytes(row.held),
        row.receptive_field,
        row.output_stride,
        row.span.source.path,
        row.span.line,
    )
