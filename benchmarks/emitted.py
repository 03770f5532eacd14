"""Measures emitted models beside the official ones, same weights: `python benchmarks/emitted.py`.

Both take turns, forward alone and a whole step of training, eager and compiled; told are medians,
the ratio of these, and that of the fastest turns, which other work on the machine disturbs least;
then peak memory. Arguments choose nets and kinds (`ResNet50 compiled`). PyTorch's stand beside
torchvision's, Keras's (`keras/ResNet50`, on the backend that `KERAS_BACKEND` names) beside those of
keras.applications. It runs on the first GPU; without one on the CPU: small images, one thread and
its seconds of work in place of the clock's, since others may use the machine; memory is that of
whole processes, and `compiled`, which takes minutes a net in PyTorch, is left out unless it is
asked for.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import torch

import netwright

SPECS = Path(__file__).parents[1] / "specs"
SIDES = ("emitted", "official")
MODES = ("forward", "step")
KINDS = ("eager", "compiled", "memory")
WORTH_TELLING = 1.02
WARM = 2
GPU = torch.cuda.is_available()
DEVICE = "cuda" if GPU else "cpu"
BATCH, TURNS = (64, 40) if GPU else (2, 15)


class Pair(NamedTuple):
    """A net of a spec, and the official function that makes the same one."""

    spec: str
    net: str
    official: str
    arguments: dict[str, Any]
    size: int  # of images on the CPU, in cells; Keras's are fixed

    @property
    def keras(self) -> bool:
        """Whether it is one of keras.applications."""
        return self.spec.startswith("keras/")


PLAIN: dict[str, Any] = {}
PAIRS = {
    "ResNet18": Pair("resnet.net", "ResNet18", "resnet18", PLAIN, 128),
    "ResNet50": Pair("resnet.net", "ResNet50", "resnet50", PLAIN, 128),
    "DenseNet121": Pair("densenet.net", "DenseNet121", "densenet121", PLAIN, 128),
    "GoogLeNet_NoAux": Pair(
        "googlenet.net",
        "GoogLeNet_NoAux",
        "googlenet",
        {"aux_logits": False, "init_weights": False},
        128,
    ),
    "MobileNet_V2": Pair("mobilenet.net", "MobileNet_V2", "mobilenet_v2", PLAIN, 128),
    "SqueezeNet1_1": Pair("squeezenet.net", "SqueezeNet1_1", "squeezenet1_1", PLAIN, 160),
    "VGG11": Pair("vgg.net", "VGG11", "vgg11", PLAIN, 96),
    "InceptionV3_NoAux": Pair(
        "inception.net",
        "InceptionV3_NoAux",
        "inception_v3",
        {"aux_logits": False, "init_weights": False},
        139,
    ),
    "keras/ResNet50": Pair("keras/resnet.net", "ResNet50", "ResNet50", PLAIN, 224),
    "keras/MobileNetV2": Pair("keras/mobilenet.net", "MobileNetV2", "MobileNetV2", PLAIN, 224),
    "keras/DenseNet121": Pair("keras/densenet.net", "DenseNet121", "DenseNet121", PLAIN, 224),
}


def built(pair: Pair, side: str) -> Any:
    """One of the two models, with the weights that a seed gives the official one."""
    net = netwright.load(SPECS / pair.spec)[pair.net]
    if pair.keras:
        import keras

        keras.utils.set_random_seed(0)
        official = getattr(keras.applications, pair.official)(weights=None, **pair.arguments)
        return official if side == "official" else filled(net.keras_model(), official)
    import torchvision

    torch.manual_seed(0)
    official = getattr(torchvision.models, pair.official)(weights=None, **pair.arguments)
    if side == "official":
        return official.to(DEVICE)
    module = net.torch_module()
    module.load_state_dict(official.state_dict())
    return module.to(DEVICE)


def filled(model: Any, official: Any) -> Any:
    """A Keras model with the weights of the official one, by the names of layers."""
    for layer in official.layers:
        if layer.weights:
            model.get_layer(layer.name).set_weights(layer.get_weights())
    return model


def work(pair: Pair, side: str, mode: str, kind: str) -> Callable[[], Any]:
    """What is measured of a model: its forward, or a step of training."""
    model = built(pair, side)
    if pair.keras:
        return keras_work(model, mode, kind)
    size = 299 if GPU and "Inception" in pair.net else 224 if GPU else pair.size
    images = torch.randn(BATCH, 3, size, size, device=DEVICE)
    model.train(mode == "step")
    run = torch.compile(model) if kind == "compiled" else model
    if mode == "forward":
        return torch.inference_mode()(lambda: run(images))
    classes = torch.randint(1000, (BATCH,), device=DEVICE)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)

    def step() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(run(images), classes).backward()
        optimizer.step()

    return step


def keras_work(model: Any, mode: str, kind: str) -> Callable[[], Any]:
    """The same of a Keras model."""
    import numpy

    rng = numpy.random.default_rng(0)
    images = rng.normal(size=(BATCH, *model.input_shape[1:])).astype("float32")
    eager = kind == "eager"
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=eager)
    if mode == "forward":
        return lambda: model.predict_on_batch(images)
    classes = rng.integers(1000, size=(BATCH, 1))
    return lambda: model.train_on_batch(images, classes)


def seconds(run: Callable[[], Any]) -> float:
    """Seconds of one time, to the end of what the GPU was given."""
    clock = perf_counter if GPU else process_time
    start = clock()
    run()
    if GPU:
        torch.cuda.synchronize()
    return clock() - start


def times(pair: Pair, mode: str, kind: str) -> dict[str, list[float]]:
    """Seconds of all turns of both sides, behind some that warm them up."""
    runs = {side: work(pair, side, mode, kind) for side in SIDES}
    found: dict[str, list[float]] = {side: [] for side in SIDES}
    for turn in range(TURNS + WARM):
        for side in SIDES if turn % 2 else SIDES[::-1]:
            took = seconds(runs[side])
            if turn >= WARM:
                found[side].append(took)
    return found


def memory(pair: Pair, side: str, mode: str) -> float:
    """Megabytes at the peak of some turns, of the device or of this process."""
    run = work(pair, side, mode, "compiled" if pair.keras else "eager")
    for _ in range(WARM):
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


def one(kind: str, net: str, mode: str, side: str = "") -> Any:
    """The figure that some words ask for."""
    if kind == "memory":
        return memory(PAIRS[net], side, mode)
    return times(PAIRS[net], mode, kind)


def row(kind: str, net: str, mode: str) -> float:
    """Print a line of the table; gives the ratio."""
    if kind == "memory":
        ours, theirs = (apart(kind, net, mode, side) for side in SIDES)
        least, unit = ours / theirs, "MB"
    else:
        turns = apart(kind, net, mode)
        ours, theirs = (1000 * statistics.median(turns[side]) for side in SIDES)
        least, unit = min(turns["emitted"]) / min(turns["official"]), "ms"
    figures = f"{ours:10.1f} {unit}{theirs:10.1f} {unit}{ours / theirs:9.3f} ×{least:9.3f} ×"
    print(f"{net:20}{mode:10}{kind:10}{figures}", flush=True)
    return float(min(ours / theirs, least))


def chosen(words: list[str]) -> tuple[list[str], list[str]]:
    """The nets and kinds that are named, or all that suit the machine."""
    kinds = [word for word in words if word in KINDS]
    if not kinds:
        kinds = [kind for kind in KINDS if GPU or kind != "compiled"]
        print("" if GPU else "what is compiled is left out on a CPU: `compiled` asks for it")
    nets = [word for word in words if word not in KINDS] or list(PAIRS)
    unknown = set(nets) - set(PAIRS)
    if unknown:
        raise SystemExit(f"no net {', '.join(sorted(unknown))}; there are {', '.join(PAIRS)}")
    plain = [net for net in nets if not PAIRS[net].keras]
    if "compiled" in kinds and plain and shutil.which("g++") is None:
        raise SystemExit("torch.compile needs a C++ compiler")
    return nets, kinds


def main() -> None:
    """Print the table, or as `--one …` one figure as JSON."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*sys.argv[2:])))
        return
    nets, kinds = chosen(sys.argv[1:])
    device = torch.cuda.get_device_name() if GPU else f"CPU, {torch.get_num_threads()} threads"
    print(f"{device}, batch {BATCH}, {TURNS} turns")
    print(f"{'':40}{'emitted':>13}{'official':>13}{'medians':>11}{'fastest':>11}")
    found = {
        (net, mode, kind): row(kind, net, mode) for net in nets for kind in kinds for mode in MODES
    }
    for (net, mode, kind), ratio in found.items():
        if ratio > WORTH_TELLING:
            print(f"above {WORTH_TELLING} in both: {net} {mode} {kind} {ratio:.3f}")


if __name__ == "__main__":
    main()
