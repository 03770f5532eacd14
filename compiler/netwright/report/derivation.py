"""A line of a spec, and how what it does comes to its shape and counts."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from netwright.derive import Fact, derive
from netwright.flat import Flat, Layer
from netwright.pipeline import CheckedNet
from netwright.record import record
from netwright.report.lesson import told
from netwright.report.table import table
from netwright.source import Span
from netwright.tensor import Tensor

WIDEST = 100


@record
class Case:
    """A layer with the shapes that it is given, and the paths at which it is so."""

    layer: Layer
    paths: tuple[str, ...]


def lines(net: CheckedNet, line: int, file: str = "") -> Iterator[str]:
    """The derivation of all that a line does in a net; of the main file, unless one is named."""
    for case in _cases(net, line, file):
        step = case.layer.step
        words = [line for said in told(step) for line in wrap(said, WIDEST - 2)]
        page = [
            _title(case),
            *(f"  {line}" for line in words),
            "",
            *_rows(derive(step), case.layer),
        ]
        yield "\n".join(page)


def places(net: CheckedNet, file: str = "") -> list[tuple[str, int]]:
    """The lines on which a net has layers, of one file or of all."""
    spans = {layer.step.span for layer in Flat().net(net.instance)}
    return sorted({(s.source.path, s.line) for s in spans if _is_in(s, file)})


def _is_in(span: Span, file: str) -> bool:
    return span.source.path == file or span.source.path.endswith(f"/{file}") or not file


def _cases(net: CheckedNet, line: int, file: str) -> Iterable[Case]:
    """The layers of a line, each once for the shapes that it is given."""
    file = file or net.definition.home.source.path
    found: dict[object, list[Layer]] = {}
    for layer in Flat().net(net.instance):
        step = layer.step
        if step.span.line == line and _is_in(step.span, file):
            found.setdefault((step.op, step.tensors), []).append(layer)
    return [Case(group[0], tuple(layer.path for layer in group)) for group in found.values()]


def _title(case: Case) -> str:
    step, (path, *others) = case.layer.step, case.paths
    given = ", ".join(map(str, step.tensors))
    more = f" and {len(others)} more" if others else ""
    return f"{path}{more}: `{step.op.name}` of {given}"


def _rows(facts: Iterable[Fact], layer: Layer) -> Iterator[str]:
    """A line for each fact; one that is too long goes over two."""
    told = list(facts)
    if _is_unchanged(layer) and all(fact.formula == "" or _copies(fact) for fact in told):
        yield "  output as the input, no params and no MACs\n"
        return
    cells = [
        (fact.name, f"= {fact.formula}", f"= {fact.numbers}", f"= {fact.value:,}")
        if fact.numbers and fact.numbers != str(fact.value)
        else (fact.name, f"= {fact.formula}" if fact.formula else "", "", f"= {fact.value:,}")
        for fact in told
    ]
    rows = table(cells)
    if max(map(len, rows)) > WIDEST:
        rows = table([row for cell in cells for row in _apart(cell)])
    yield from (f"  {row}" for row in rows)
    total = sum(fact.value for fact in told if not fact.name.startswith(("output", "MACs")))
    if total:
        yield f"  params and running statistics: {total:,}"
    yield ""


def _apart(cell: tuple[str, str, str, str]) -> Iterator[tuple[str, str, str]]:
    """Formula and numbers below each other."""
    name, formula, filled, value = cell
    yield (name, formula, "" if filled else value)
    if filled:
        yield ("", filled, value)


def _is_unchanged(layer: Layer) -> bool:
    step = layer.step
    same = isinstance(step.result, Tensor) and step.result in step.tensors
    return same and not step.weights and not step.macs


def _copies(fact: Fact) -> bool:
    """Whether a size is that of an input."""
    return fact.formula.rpartition(".")[2] == fact.name.rpartition(".")[2]
