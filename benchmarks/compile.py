"""Measures the compiler beside what a user would do instead: `python benchmarks/compile.py`.

Each figure comes from processes of its own, all in one run and in alternation, since only figures
of one run on one machine can be compared. Told are medians: of whole processes by the clock, of
work in them by their CPU, which other work on the machine does not change. Rivals that are not
installed are named and left out: `pip install nnef onnx torchinfo`, beside the tests' own packages,
shows them all.
"""

import json
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from compileall import compile_dir
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import rivals

import netwright

RESNET = """
block bottleneck(width, stride=1) {
    let out = 4 * width
    add [
        {
            conv1: conv(width, 1x1, bias=false)
            bn1: batch_norm
            relu
            conv2: conv(width, 3x3, stride=stride, pad=1, bias=false)
            bn2: batch_norm
            relu
            conv3: conv(out, 1x1, bias=false)
            bn3: batch_norm
        }
        if stride != 1 or in.channels != out {
            downsample: conv(out, 1x1, stride=stride, bias=false) -> batch_norm
        }
    ]
    relu
}

net ResNet(unit: block, depths: list, classes=1000) {
    input image[3, 224, 224]
    conv1: conv(64, 7x7, stride=2, pad=3, bias=false)
    bn1: batch_norm
    relu
    max_pool(3x3, stride=2, pad=1)
    for i, n in enumerate(depths) {
        layer{i+1}: for j in range(n) {
            unit(64 * 2**i, stride = 2 if i > 0 and j == 0 else 1)
        }
    }
    global_avg_pool
    fc: linear(classes)
}

net ResNet50 = ResNet(bottleneck, [3, 4, 6, 3]) {
    expect params == 25_557_032
}
"""
IMAGE = "net Large {\n    input image[8, 16, 16]\n"


BODY = "    conv(width, 3x3, pad=1, bias=false) -> batch_norm -> relu\n"
BLOCKS = "".join(f"block unit{i}(width) {{\n{BODY}}}\n" for i in range(30))


def blocks() -> str:
    """3,000 layers in 1,000 written uses of 30 blocks."""
    uses = "".join(f"    unit{i % 30}({8 + i % 30})\n" for i in range(1000))
    return f"{BLOCKS}{IMAGE}{uses}}}\n"


def turned() -> str:
    """The same in 34 turns of a loop."""
    uses = "".join(f"        unit{i}({8 + i})\n" for i in range(30))
    return f"{BLOCKS}{IMAGE}    for i in range(34) {{\n{uses}    }}\n}}\n"


def repeated(times: int) -> str:
    """Equal layers by `repeat`."""
    return f"{IMAGE}    repeat {times} {{\n        conv(8, 3x3, pad=1)\n    }}\n}}\n"


def looped(times: int) -> str:
    """Different layers by `for`."""
    body = "        layer{i}: conv(8 + i % 7, 1x1)\n"
    return f"{IMAGE}    for i in range({times}) {{\n{body}    }}\n}}\n"


def written(lines: int) -> str:
    """Layers that are written out."""
    return IMAGE + "".join(f"    layer{i}: conv(8, 1x1)\n" for i in range(lines)) + "}\n"


def parse(text: str, path: str = "benchmark.net") -> Any:
    """The syntax tree of a spec without mistakes."""
    from netwright.diagnostics import Report
    from netwright.parse import parse_bytes

    return parse_bytes(path, text.encode(), Report())[1]


def check(file: Any) -> Any:
    """A parsed spec after all checks."""
    from netwright.diagnostics import Report
    from netwright.files import DiskFiles
    from netwright.pipeline import check

    checked = check(file, DiskFiles(), Report())
    if checked.failed or not checked.nets:
        raise SystemExit(f"the benchmark's own spec is wrong: {checked.diagnostics[:1]}")
    return checked


def emit(text: str, target: str) -> str:
    """A spec as code."""
    from netwright.emit import emit

    return emit(check(parse(text)), target)


def draw(text: str) -> bytes:
    """A spec as the text that Graphviz draws."""
    from netwright.draw import draw

    checked = check(parse(text))
    return draw(checked, checked.nets[-1], "dot")


def torchvision(device: str) -> Any:
    """torchvision's ResNet-50, built."""
    import torch
    from torchvision.models import resnet50

    with torch.device(device):
        return resnet50()


def torchinfo() -> Any:
    """torchinfo's summary of torchvision's ResNet-50."""
    from torchinfo import summary

    return summary(torchvision("cpu"), (1, 3, 224, 224), verbose=0)


def onnx() -> Any:
    """The same net, read by ONNX's parser in C++, with shapes."""
    from onnx.parser import parse_model
    from onnx.shape_inference import infer_shapes

    return infer_shapes(parse_model(rivals.onnx()), check_type=True, strict_mode=True)


def nnef() -> Any:
    """The same net, read by NNEF's parser in C++, with shapes."""
    from nnef import infer_shapes, parse_string

    graph = parse_string(rivals.nnef())
    infer_shapes(graph)
    return graph


def keras() -> Any:
    """keras.applications' ResNet-50, built."""
    from keras.applications import ResNet50

    return ResNet50(weights=None)


def warm(work: Callable[[], object], *, times: int = 9) -> float:
    """Median seconds after a first time, which imports and fills caches."""
    work()
    return statistics.median(once(work) for _ in range(times))


def once(work: Callable[[], object]) -> float:
    """Seconds of this process for one time."""
    start = process_time()
    work()
    return process_time() - start


def started(command: list[str]) -> float:
    """Seconds to the end of a process of its own."""
    start = perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return perf_counter() - start


def checking(text: str) -> Callable[[], float]:
    """Parses and checks a spec, once, with everything imported."""

    def measure() -> float:
        check(parse(RESNET))
        return once(lambda: check(parse(text)))

    return measure


Task = tuple[str, Callable[[], float]]  # the package it needs, and what gives its seconds
RESNETS: dict[str, Task] = {
    "parse": ("", lambda: warm(lambda: parse(RESNET))),
    "parse and check": ("", lambda: warm(lambda: check(parse(RESNET)))),
    "parse, check and emit PyTorch": ("", lambda: warm(lambda: emit(RESNET, "torch"))),
    "parse, check and emit Keras": ("", lambda: warm(lambda: emit(RESNET, "keras"))),
    "parse, check and draw as DOT": ("", lambda: warm(lambda: draw(RESNET))),
    "NNEF: parse and shapes": ("nnef", lambda: warm(nnef)),
    "ONNX: parse and shapes": ("onnx", lambda: warm(onnx)),
    "torchvision, meta device": ("torchvision", lambda: warm(lambda: torchvision("meta"))),
    "torchvision": ("torchvision", lambda: warm(lambda: torchvision("cpu"), times=3)),
    "torchinfo": ("torchinfo", lambda: warm(torchinfo, times=3)),
    "Keras": ("keras", lambda: warm(keras, times=3)),
}
LARGE: dict[str, Task] = {
    "3,000 layers of 30 blocks, in a loop": ("", lambda: warm(lambda: check(parse(turned())))),
    "3,000 layers of 30 blocks, written": ("", lambda: warm(lambda: check(parse(blocks())))),
    "100 layers by repeat": ("", checking(repeated(100))),
    "100,000 layers by repeat": ("", checking(repeated(100_000))),
    "100,000 layers by for": ("", checking(looped(100_000))),
    "10,000 written lines": ("", checking(written(10_000))),
    "100,000 written lines": ("", checking(written(100_000))),
}
STARTS = {
    "bare Python": ("", ["-c", "pass"]),
    "import lark": ("lark", ["-c", "import lark"]),
    "netwright check resnet50.net": ("", ["-m", "netwright", "check"]),
    "import torch": ("torch", ["-c", "import torch"]),
    "import keras": ("keras", ["-c", "import keras"]),
}
SLOW = ("import torch", "import keras")
Row = tuple[str, float, float]  # a name, seconds, megabytes


def installed(module: str) -> bool:
    """Whether a module is there; none needs none."""
    return not module or find_spec(module) is not None


def starts(spec: Path) -> list[Row]:
    """What whole processes take."""
    commands = {
        name: [sys.executable, *words, *([str(spec)] if "check" in words else [])]
        for name, (module, words) in STARTS.items()
        if installed(module)
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(15):
        for name, command in commands.items():
            if turn < 3 or name not in SLOW:
                seconds[name].append(started(command))
    return [(name, statistics.median(times), 0.0) for name, times in seconds.items()]


def measure(task: Task) -> dict[str, float]:
    """Seconds and peak memory of one task, in this process."""
    seconds = task[1]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "megabytes": peak}


def measured(tasks: dict[str, Task], rounds: int, file: str = __file__) -> list[Row]:
    """Seconds and peak memory of tasks of a file, each in processes of its own."""
    names = [name for name, (module, _) in tasks.items() if installed(module)]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            print(f"… {name}", file=sys.stderr)
            command = [sys.executable, file, "--one", name]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}")
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
    return [
        (name, median(rows, "seconds"), median(rows, "megabytes")) for name, rows in found.items()
    ]


def median(rows: list[dict[str, float]], key: str) -> float:
    """The median of one figure over all processes of a task."""
    return statistics.median(row[key] for row in rows)


def show(title: str, rows: list[Row], base: str) -> None:
    """Print a table, with ratios to one of its rows."""
    unit = next(seconds for name, seconds, _ in rows if name == base)
    print(f"{title:40}{'median':>13}{'ratio':>10}{'peak':>11}")
    for name, seconds, megabytes in rows:
        peak = f"{megabytes:8.0f} MB" if megabytes else ""
        print(f"  {name:38}{seconds * 1000:10.1f} ms{seconds / unit:8.1f} ×{peak}")


def main() -> None:
    """Print the tables, or as `--one NAME` one figure as JSON."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure({**RESNETS, **LARGE}[sys.argv[2]])))
        return
    compile_dir(Path(netwright.__file__).parent, quiet=2)  # as an installation does
    with TemporaryDirectory() as folder:
        spec = Path(folder) / "resnet50.net"
        spec.write_text(RESNET, encoding="utf-8")
        cold = starts(spec)
    resnets, large = measured(RESNETS, 3), measured(LARGE, 1)
    show("Whole processes, cold", cold, "bare Python")
    show("ResNet-50, warm", resnets, "parse and check")
    show("Large nets, parse and check", large, "100 layers by repeat")
    wanted = {module for module, _ in (*RESNETS.values(), *STARTS.values())}
    for module in sorted(wanted):
        if not installed(module):
            print(f"{module} is not installed: left out")


if __name__ == "__main__":
    main()
