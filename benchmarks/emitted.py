"""Measures emitted modules beside torchvision's, same weights: `python benchmarks/emitted.py`.

Both take turns, forward alone and a whole step of training, eager and under `torch.compile`; told
are medians and their ratio, and peak memory. Arguments choose nets and kinds (`ResNet50 compiled`).
It runs on the first GPU; without one on the CPU, where memory is that of whole processes, and where
`compiled`, which takes minutes a net, is left out unless it is asked for.
"""

import json
import resource
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
import torchvision
from torch import nn

import netwright

SPECS = Path(__file__).parents[1] / "specs"
NETS = {
    "ResNet18": ("resnet.net", "resnet18", {}),
    "ResNet50": ("resnet.net", "resnet50", {}),
    "MobileNet_V2": ("mobilenet.net", "mobilenet_v2", {}),
    "DenseNet121": ("densenet.net", "densenet121", {}),
    "GoogLeNet_NoAux": ("googlenet.net", "googlenet", {"aux_logits": False}),
    "SqueezeNet1_1": ("squeezenet.net", "squeezenet1_1", {}),
}
SIDES = ("emitted", "torchvision")
MODES = ("forward", "step")
KINDS = ("eager", "compiled", "memory")
WORTH_TELLING = 1.02
GPU = torch.cuda.is_available()
BATCH, TURNS = (64, 40) if GPU else (4, 15)


def built(net: str, side: str) -> nn.Module:
    """One of the two modules, on the device; weights are drawn by the same seed in both."""
    spec, official, arguments = NETS[net]
    reference = getattr(torchvision.models, official)(weights=None, **arguments)
    module = reference
    if side == "emitted":
        module = netwright.load(SPECS / spec)[net].torch_module()
        module.load_state_dict(reference.state_dict())
    return module.to("cuda" if GPU else "cpu")


def work(module: nn.Module, mode: str) -> Callable[[], Any]:
    """What is measured of a module: its forward, or a step of training."""
    device = "cuda" if GPU else "cpu"
    images = torch.randn(BATCH, 3, 224, 224, device=device)
    if mode == "forward":
        module.eval()
        return torch.inference_mode()(lambda: module(images))
    module.train()
    classes = torch.randint(1000, (BATCH,), device=device)
    optimizer = torch.optim.SGD(module.parameters(), lr=1e-4)

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.cross_entropy(module(images), classes).backward()
        optimizer.step()

    return step


def seconds(run: Callable[[], Any]) -> float:
    """Seconds of one time, to the end of what the GPU was given."""
    start = perf_counter()
    run()
    if GPU:
        torch.cuda.synchronize()
    return perf_counter() - start


def times(net: str, mode: str, *, compiled: bool) -> dict[str, float]:
    """Median seconds of both sides, which take turns."""
    runs = {}
    for side in SIDES:
        torch.manual_seed(0)
        module = built(net, side)
        runs[side] = work(torch.compile(module) if compiled else module, mode)
    found: dict[str, list[float]] = {side: [] for side in SIDES}
    for turn in range(TURNS + 3):
        for side in SIDES if turn % 2 else SIDES[::-1]:
            took = seconds(runs[side])
            if turn >= 3:
                found[side].append(took)
    return {side: statistics.median(took) for side, took in found.items()}


def memory(net: str, side: str, mode: str) -> float:
    """Megabytes at the peak of some turns, of the device or of this process."""
    torch.manual_seed(0)
    run = work(built(net, side), mode)
    for _ in range(3):
        run()
    if GPU:
        return torch.cuda.max_memory_allocated() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(*words: str) -> Any:
    """A figure from a process of its own."""
    command = [sys.executable, __file__, "--one", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout.splitlines()[-1])


def one(words: list[str]) -> Any:
    """The figure that some words ask for."""
    if words[0] == "memory":
        return memory(*words[1:])
    return times(words[1], words[2], compiled=words[0] == "compiled")


def row(kind: str, net: str, mode: str) -> float:
    """Print a line of the table; gives the ratio."""
    if kind == "memory":
        found, unit = {side: apart(kind, net, side, mode) for side in SIDES}, "MB"
    else:
        found, unit = {s: took * 1000 for s, took in apart(kind, net, mode).items()}, "ms"
    ours, theirs = (found[side] for side in SIDES)
    figures = f"{ours:10.1f} {unit}{theirs:10.1f} {unit}{ours / theirs:9.3f} ×"
    print(f"{net:16}{mode:10}{kind:10}{figures}", flush=True)
    return float(ours / theirs)


def chosen(words: list[str]) -> tuple[list[str], list[str]]:
    """The nets and kinds that are named, or all that suit the machine."""
    kinds = [word for word in words if word in KINDS]
    if not kinds:
        kinds = [kind for kind in KINDS if GPU or kind != "compiled"]
        print("" if GPU else "torch.compile is left out on a CPU: `compiled` asks for it")
    if "compiled" in kinds and shutil.which("g++") is None:
        raise SystemExit("torch.compile needs a C++ compiler")
    return [word for word in words if word not in KINDS] or list(NETS), kinds


def main() -> None:
    """Print the table, or as `--one …` one figure as JSON."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2:])))
        return
    nets, kinds = chosen(sys.argv[1:])
    device = torch.cuda.get_device_name() if GPU else f"CPU, {torch.get_num_threads()} threads"
    print(f"{device}, batch {BATCH}, 224 × 224, {TURNS} turns, medians")
    print(f"{'':36}{'emitted':>13}{'torchvision':>13}{'ratio':>11}")
    found = {
        (net, mode, kind): row(kind, net, mode) for net in nets for kind in kinds for mode in MODES
    }
    print(f"median ratio {statistics.median(found.values()):.3f}")
    for (net, mode, kind), ratio in found.items():
        if ratio > WORTH_TELLING:
            print(f"above {WORTH_TELLING}: {net} {mode} {kind} {ratio:.3f}")


if __name__ == "__main__":
    main()
