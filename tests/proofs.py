"""What is proved of the nets of the zoo, by which tests, and the page that shows it.

A test that is a proof says so, ``@pytest.mark.proves("step")``, and may record how far apart two
numbers were, ``record_property("step", 3e-9)``; a skipped one says why nothing could be proved.
`prove.py` runs these tests and keeps what came out in `data/proofs.csv`.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import keras_zoo
import zoo

from netwright.record import record
from netwright.report.table import short

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).parent / "data/proofs.csv"
PAGE = ROOT / "docs/zoo.md"
BACKENDS = ("tensorflow", "torch")


@record
class Proof:
    """A column of the page: its heading, what holds where it is proved, and whether Keras's
    backend matters to it."""

    heading: str
    says: str
    backends: bool = False


PROOFS = {
    "counts": Proof("counts", "Params, total params and MACs are the published ones, exactly."),
    "names": Proof(
        "names", "Names and shapes of the weights are those of the official model, in its order."
    ),
    "official": Proof(
        "official outputs",
        "The official model's weights load strictly, as they are, and the outputs are the same: "
        "`load_state_dict(strict=True)` in PyTorch, a saved `.weights.h5` in Keras. At most 1e-5.",
    ),
    "gradients": Proof(
        "official gradients",
        "With them the loss of a training step and the gradient of each weight are the official "
        "model's, in PyTorch. At most 1e-4, in 32 bits.",
    ),
    "carried": Proof(
        "across",
        "`netwright weights` brings a file of the official weights into the other framework, "
        "where the outputs are the official ones. At most 1e-5.",
        backends=True,
    ),
    "outputs": Proof(
        "both: outputs",
        "The emitted PyTorch and Keras have the counts of the spec and, with the same weights, the "
        "same outputs. At most 1e-6, in 64 bits; 1e-5 on PyTorch, where Keras has some numbers of "
        "32 bits in any case.",
        backends=True,
    ),
    "step": Proof(
        "both: step",
        "A step of gradient descent has the same loss in both and moves each weight as far: the "
        "gradients are equal. At most 1e-5 of the largest, in 64 bits.",
        backends=True,
    ),
    "bf16": Proof("bf16", "A step of the PyTorch module runs under bf16 autocast, on the CPU."),
    "graph": Proof(
        "one graph", "`torch.compile` takes the module in training without a graph break."
    ),
    "mixed": Proof(
        "mixed", "A step of the Keras model runs under the policy `mixed_bfloat16`.", backends=True
    ),
    "xla": Proof("XLA", "A step of the Keras model compiles with XLA, on TensorFlow and the CPU."),
}


@record
class Result:
    """What came of one proof of one net: ``proved``, ``failed``, or ``cannot`` with the reason."""

    spec: str
    net: str
    proof: str
    backend: str
    outcome: str
    apart: str = ""
    why: str = ""


Results = Mapping[tuple[str, str, str, str], Result]


def key(result: Result) -> tuple[str, str, str, str]:
    """What a result is told by."""
    return (result.spec, result.net, result.proof, result.backend)


def read() -> dict[tuple[str, str, str, str], Result]:
    """The results on record."""
    if not RECORD.exists():
        return {}
    with RECORD.open(encoding="utf-8", newline="") as lines:
        return {key(found): found for found in (Result(**row) for row in csv.DictReader(lines))}


def write(results: Results) -> None:
    """Put results on record."""
    fields = ("spec", "net", "proof", "backend", "outcome", "apart", "why")
    with RECORD.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(fields)
        for one in sorted(results):
            rows.writerow([getattr(results[one], field) for field in fields])


# The page

HEAD = """\
# The zoo, and what is proved of it

Every net of [specs/](../specs), with what the tests have proved of its emitted programs. The page
is made by one command from the tests themselves, which keeps what came out in
`tests/data/proofs.csv`:

```sh
python tests/prove.py                 # all nets on both backends of Keras: some hours on two cores
python tests/prove.py --missing       # what is not on record yet, or failed
python tests/prove.py --only resnet   # the nets whose spec or name has this in it
python tests/prove.py --page          # the page alone, from what is on record
```

A number says how far apart the two sides were at most, relative to the largest number, and 0 that
they have the very same bits. ✓ is proved where there is nothing to measure, ✗ failed, – could not
be proved (the reasons are below the tables), and an empty cell was not tried yet. Two numbers are
Keras on TensorFlow and Keras on PyTorch. Nets have their full width; images are as small as the net
allows.

| column | what is proved |
|---|---|
"""


def page(results: Results) -> str:
    """The page about the zoo."""
    rows = "".join(f"| {proof.heading} | {proof.says} |\n" for proof in PROOFS.values())
    families = groupby(zoo.entries(), key=lambda entry: entry.spec)
    tables = "\n".join(family(spec, list(nets), results) for spec, nets in families)
    return f"{HEAD}{rows}\n{tables}\n{reasons(results)}"


def family(spec: str, nets: list[zoo.Entry], results: Results) -> str:
    """The nets of one spec."""
    shown = [name for name in PROOFS if any(cell(net, name, results) for net in nets)]
    head = ["net", "params", "MACs", "counts as in", *(PROOFS[name].heading for name in shown)]
    lines = [head, ["---", "---:", "---:", "---", *[":-:"] * len(shown)]]
    lines += [[*facts(net), *(cell(net, name, results) for name in shown)] for net in nets]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"## [{spec}](../specs/{spec})\n\n{table}\n"


def facts(entry: zoo.Entry) -> list[str]:
    """The name of a net, its counts, and where they are published."""
    net = zoo.nets(entry.spec)[entry.net]
    keras = entry.spec.startswith("keras/")
    params = net.total_params if keras else net.params
    return [entry.net, f"{params:,}", short(net.macs), published(entry)]


def published(entry: zoo.Entry) -> str:
    """Where the counts of a net are from."""
    for row in zoo.ROWS:
        if (row.spec, row.net) == (entry.spec, entry.net):
            library, _, model = row.official.partition(" ")
            return "the paper" if library == "paper" else f"{library} `{model}`"
    for one in keras_zoo.ROWS:
        if (one.spec, one.net) == (entry.spec, entry.net):
            library = "keras.applications" if one.names_sha256 else "keras-applications 1.0.8"
            return library if one.published else "Keras's layer"
    return "the spec"


def cell(entry: zoo.Entry, proof: str, results: Results) -> str:
    """What is shown of one proof of a net."""
    backends = BACKENDS if PROOFS[proof].backends else ("",)
    found = [results.get((entry.spec, entry.net, proof, backend)) for backend in backends]
    shown = [sign(one) for one in found if one is not None]
    return shown[0] if len(set(shown)) == 1 and shown[0] in ("✓", "–") else " ".join(shown)


def sign(result: Result) -> str:
    """One result as a sign or number."""
    if result.outcome == "proved":
        return (
            f"{float(result.apart):.0e}".replace("0e+00", "0").replace("e-0", "e-")
            if result.apart
            else "✓"
        )
    return "✗" if result.outcome == "failed" else "–"


def reasons(results: Results) -> str:
    """Why some proofs could not be had, each with the nets that it is about."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for one in results.values():
        if one.outcome != "proved":
            where = f" (Keras on {one.backend})" if one.backend else ""
            nets = by_reason.setdefault((PROOFS[one.proof].heading + where, one.why), [])
            nets.append(one.net)
    lines = [
        f"- {heading}, {', '.join(sorted({*nets}))}: {why}\n"
        for (heading, why), nets in sorted(by_reason.items())
    ]
    return f"## What could not be proved\n\n{''.join([*untested(), *lines])}"


def untested() -> Iterator[str]:
    """What no test is there for, and why."""
    yield (
        "- Names, outputs and gradients beside an official model: where the counts are a paper's, "
        "keras-applications 1.0.8's (Keras 3 has no ResNeXt) or the spec's own there is none.\n"
    )
    yield "- Official gradients of keras.applications: their outputs alone are compared.\n"
    yield "- XLA: nets that have each layer of the zoo between them; one takes up to minutes.\n"
    yield "- A GPU: none was at hand. Half precision ran on the CPU, graphs on the meta device.\n"


def only(words: Iterable[str], entry: zoo.Entry | zoo.Row | keras_zoo.Row) -> bool:
    """Whether a net is one of those that words ask for, or none is asked for."""
    name = f"{entry.spec.removesuffix('.net')}:{entry.net}".lower()
    asked = [word.lower() for word in words]
    return not asked or any(word in name for word in asked)
