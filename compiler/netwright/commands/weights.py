"""`netwright weights`: weights carried from one format, or framework, to another."""

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.specs import Specs, single

COMMAND = Command(
    "weights",
    "carry weights between PyTorch, Keras and Darknet files",
    "SPEC",
    (
        (
            "netwright weights resnet.net --net ResNet50 --from resnet50.pth --to r.weights.h5",
            "PyTorch's weights for the emitted Keras model",
        ),
        (
            "netwright weights vgg.net --net VGG16 --from vgg16.h5 --to vgg16.safetensors "
            "--except 'classifier.*'",
            "all but the head",
        ),
        ("netwright weights unet.net --from unet.pth --dry-run", "only the table of names"),
    ),
    (
        NET,
        SET,
        Option("from", "the file to read; its ending is the format", "FILE"),
        Option("to", "the file to write", "FILE"),
        Option("except", "leave weights of such a path out", "PATTERN", repeats=True),
        Option("dry-run", "print the table of names, write nothing"),
        *BOUNDS,
    ),
    about="Formats: .pth, .safetensors, .keras, .weights.h5, .h5 of keras.applications, .weights.",
    most=1,
)


def run(given: Given, console: Console) -> int:
    """Carry the weights of one net, and print what went where."""
    if not given.has("from"):
        raise Usage("`weights` needs a file to read: `--from FILE`")
    if not (given.has("to") or given.has("dry-run")):
        raise Usage("`weights` needs a file to write: `--to FILE`", "`--dry-run` writes nothing")
    specs = Specs(given, console)
    checked = specs.check(given.operands[0])
    specs.tell()
    if specs.failed:
        return 1
    from netwright.weights import carry

    table = carry(
        checked,
        single(given, specs, checked),
        source=given.last("from"),
        target="" if given.has("dry-run") else given.last("to"),
        leave_out=given.every("except"),
    )
    if given.has("dry-run") or not console.quiet:
        console.out(table)
    return 0
