"""`netwright weights`: weights carried from one format, or framework, to another."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.specs import Specs, single

if TYPE_CHECKING:
    from netwright.api import Net
    from netwright.weights.carry import Carried

SHOWN = 12  # parts that a note lists

COMMAND = Command(
    "weights",
    "carry weights between PyTorch and Keras files",
    "SPEC",
    (
        (
            "netwright weights resnet.net --net ResNet50 --from resnet50.pth --to r.weights.h5",
            "PyTorch's weights for the emitted Keras model",
        ),
        (
            "netwright weights vgg.net --net VGG16 --set classes=10 --from vgg16.pth "
            "--to vgg10.safetensors --except classifier.6",
            "all but the last layer, as a start for ten classes",
        ),
        (
            "netwright weights yolo.net --net YOLOv2 --from yolov2.weights --to yolov2.pth",
            "Darknet's weights for PyTorch",
        ),
        ("netwright weights unet.net --net UNet --dry-run", "only the table of names"),
        (
            "netwright weights unet.net --net UNet --from unet.pth --dry-run",
            "the table, once it is sure that the file fits",
        ),
    ),
    (
        NET,
        SET,
        Option("from", "the file to read; its ending is the format", "FILE"),
        Option("to", "the file to write", "FILE"),
        Option(
            "except",
            "leave out weights of this name, or part of the net, or pattern",
            "PATTERN",
            repeats=True,
        ),
        Option("dry-run", "print the table of names, write nothing"),
        *BOUNDS,
    ),
    about="Formats: .pth and .pt, .safetensors, .keras, .weights.h5, .h5 as keras.applications "
    "publishes it, and Darknet's .weights; Caffe's .caffemodel is read.",
    most=1,
)


def run(given: Given, console: Console) -> int:
    """Carry the weights of one net, and say what went where."""
    if not (given.has("from") or given.has("dry-run")):
        raise Usage("`weights` needs a file to read: `--from FILE`")
    if not (given.has("to") or given.has("dry-run")):
        raise Usage("`weights` needs a file to write: `--to FILE`", "`--dry-run` writes nothing")
    specs = Specs(given, console)
    checked = specs.check(given.operands[0])
    specs.tell()
    if specs.failed:
        return 1
    from netwright.api import Net
    from netwright.weights import WeightsError

    net = Net(checked, single(given, specs, checked), specs.settings)
    try:
        return _table(given, console, net) if given.has("dry-run") else _carry(given, console, net)
    except WeightsError as error:
        console.complain(error.message, error.help)
        return 1


def _table(given: Given, console: Console, net: "Net") -> int:
    """Print the names, after a look at the file where there is one."""
    from netwright.weights.carry import fits
    from netwright.weights.files import needs
    from netwright.weights.listing import listing
    from netwright.weights.table import table

    if given.has("from"):
        carried = fits(net, given.last("from"), leave_out=given.every("except"))
        console.note(f"`{given.last('from')}` fits {net.name}")
        _tell(console, carried)
    with needs("the table of names", "numpy"):
        console.out(listing(table(net.name, net.instance)))
    return 0


def _carry(given: Given, console: Console, net: "Net") -> int:
    from netwright.weights import carry

    source, target = given.last("from"), given.last("to")
    console.progress(f"{source} -> {target}")
    carried = carry(net, source, target, leave_out=given.every("except"))
    count = f"{_weights(carried.names)}, {carried.scalars:,} numbers"
    console.note(f"{source} -> {target}: {count}")
    _tell(console, carried)
    return 0


def _tell(console: Console, carried: "Carried") -> None:
    """Say what became of the weights, parts of the net for all that is in them."""
    from netwright.weights.state import folded

    everything = [*carried.names, *carried.left_out, *carried.homeless]
    rows = {
        "loaded": carried.names,
        "left out": carried.left_out,
        "without a place in the Keras model": carried.homeless,
        "in the file alone": carried.unused,
    }
    for what, names in rows.items():
        parts = folded(names, [*everything, *carried.unused])
        if names and (what != "loaded" or carried.left_out):
            more = f" and {len(parts) - SHOWN} more" if len(parts) > SHOWN else ""
            console.note(f"  {what}: {', '.join(parts[:SHOWN])}{more} ({_weights(names)})")
    for ours, theirs in list(carried.other_names.items())[:1]:
        count = _weights(carried.other_names)
        console.note(f"  called otherwise in the file: `{theirs}` for `{ours}` ({count})")


def _weights(names: Collection[str]) -> str:
    return f"{len(names):,} weight{'s' if len(names) != 1 else ''}"
