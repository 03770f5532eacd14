"""Measures pictures and answers beside those of others: `python benchmarks/pictures.py`.

As in `compile.py`, each figure comes from processes of its own and is a median. Rivals that are not
installed are named and left out: `pip install torchview torchinfo pydot graphviz` shows them all.
What has a bound says whether it keeps it.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from compile import (
    Row,
    Task,
    check,
    installed,
    keras,
    measure,
    measured,
    once,
    parse,
    torchinfo,
    torchvision,
    warm,
)

SPECS = Path(__file__).parents[1] / "specs"
RESNET = SPECS / "resnet.net"
DRAWN, SHOWN, COLD = 0.010, 0.150, 0.25
"""Seconds that a picture of ResNet-50 as DOT, the ledger of a net, and a process may take."""


def checked(path: Path) -> Any:
    """A spec of the zoo after all checks."""
    return check(parse(path.read_text(encoding="utf-8"), str(path)))


def resnet50() -> Any:
    """The checked spec of the ResNets, and ResNet-50 in it."""
    found = checked(RESNET)
    return found, next(net for net in found.nets if net.name == "ResNet50")


def drawing(form: str) -> Callable[[], float]:
    """Draws ResNet-50, which is checked already."""

    def seconds() -> float:
        from netwright.draw import draw

        resnet = resnet50()
        return warm(lambda: draw(*resnet, form))

    return seconds


def page(spec: Any, net: Any) -> str:
    """The ledger of a net, as `netwright show` prints it."""
    from netwright.dynamic import constraints
    from netwright.ledger import folded
    from netwright.report.page import Scale, render

    lines = folded(net.instance)
    return render(net, lines, Scale(), constraints(spec.binder, net), "text")


def showing() -> float:
    """Shows ResNet-50, which is checked already."""
    spec, net = resnet50()
    return warm(lambda: page(spec, net))


def ledgers() -> Iterator[Row]:
    """Each net of the zoo: seconds to parse and check its spec and to show it."""
    for path in sorted(SPECS.rglob("*.net")):
        if path.parent.name == "blocks":
            continue
        spec, before = checked(path), median(partial(checked, path))
        for net in spec.nets:
            yield net.name, before + median(partial(page, spec, net)), 0.0


def median(work: Callable[[], object]) -> float:
    """The median of three times, everything being imported."""
    return statistics.median(once(work) for _ in range(3))


def model_to_dot() -> Any:
    """Keras's picture of its ResNet-50 as the text that Graphviz draws; the model is built."""
    from keras.utils import model_to_dot

    model = keras()
    return lambda: model_to_dot(model, show_shapes=True).to_string()


def torchview() -> Any:
    """torchview's picture of torchvision's ResNet-50 as that text; the module is built."""
    from torchview import draw_graph

    model = torchvision("meta")
    sizes = (1, 3, 224, 224)
    return lambda: draw_graph(model, input_size=sizes, device="meta").visual_graph.source


TASKS: dict[str, Task] = {
    "draw as DOT": ("", drawing("dot")),
    "draw as Mermaid": ("", drawing("mmd")),
    "show": ("", showing),
    "keras.utils.model_to_dot": ("pydot", lambda: warm(model_to_dot(), times=3)),
    "torchview, meta device": ("torchview", lambda: warm(torchview(), times=3)),
    "torchinfo, with its module": ("torchinfo", lambda: warm(torchinfo, times=3)),
}
COMMANDS = {
    "netwright show": ("show", str(RESNET), "--net", "ResNet50"),
    "netwright show --family": ("show", str(RESNET), "--family"),
    "netwright draw": ("draw", str(RESNET), "--net", "ResNet50", "-o", "picture.dot"),
    "netwright diff": ("diff", str(RESNET), "--net", "ResNet50", "--net", "ResNet101", "-q"),
    "netwright lint": ("lint", str(RESNET), "--net", "ResNet50"),
}


def cold() -> list[Row]:
    """What whole processes take, in a folder of their own."""
    with TemporaryDirectory() as folder:
        before = os.getcwd()
        os.chdir(folder)
        try:
            return [(name, process(words), 0.0) for name, words in COMMANDS.items()]
        finally:
            os.chdir(before)


def process(words: Sequence[str]) -> float:
    """The median seconds of a process; one that finds something may end with 1."""
    command = [sys.executable, "-m", "netwright", *words]
    seconds = []
    for _ in range(7):
        start = perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        seconds.append(perf_counter() - start)
    return statistics.median(seconds)


def show(title: str, rows: list[Row], most: dict[str, float]) -> None:
    """Print a table, with the bounds that some rows have."""
    print(title)
    for name, seconds, _ in rows:
        bound = most.get(name)
        kept = (
            ""
            if bound is None
            else f"  {'within' if seconds <= bound else 'OVER'} {bound * 1000:.0f}"
        )
        print(f"  {name:38}{seconds * 1000:10.1f} ms{kept}")


def main() -> None:
    """Print the tables, or as `--one NAME` one figure as JSON."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(TASKS[sys.argv[2]])))
        return
    show(
        "ResNet-50, warm, its spec or model at hand",
        measured(TASKS, 3, __file__),
        {"draw as DOT": DRAWN},
    )
    slowest = sorted(ledgers(), key=lambda row: -row[1])[:5]
    title = "The zoo's slowest ledgers, with parse and check of their file"
    show(title, slowest, {name: SHOWN for name, *_ in slowest})
    show("Whole processes, cold", cold(), dict.fromkeys(COMMANDS, COLD))
    for module in sorted({module for module, _ in TASKS.values()}):
        if not installed(module):
            print(f"{module} is not installed: left out")


if __name__ == "__main__":
    main()
