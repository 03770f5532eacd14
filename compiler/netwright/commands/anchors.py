"""`netwright anchors`: sizes of anchors that suit the boxes of a data set."""

from netwright.commands.console import Console
from netwright.commands.declare import Command, Given, Option, Usage

COMMAND = Command(
    "anchors",
    "find sizes of anchors in the boxes of a data set",
    "BOXES",
    (
        (
            "netwright anchors boxes.csv",
            "five for YOLOv2, in cells of 32 pixels of a 416 x 416 image",
        ),
        (
            "netwright anchors instances_train2017.json --k 9 --input 608 --stride 1",
            "nine, in pixels",
        ),
        ("netwright anchors VOC2007/Annotations --seed 3", "from another beginning"),
        ("netwright anchors boxes.csv --format json", "with the mean IoU, for a program"),
    ),
    (
        Option("k", "how many anchors: 5 unless said", "N"),
        Option("input", "the side of the net's image, in pixels: 416 unless said", "PIXELS"),
        Option("stride", "pixels for each cell of the map: 32 unless said", "PIXELS"),
        Option("seed", "which boxes it begins with: 0 unless said", "N"),
    ),
    about="BOXES is a table (.csv, .tsv, .txt) of widths and heights, as parts of the image or "
    "with the width and height of the image behind them; a .json file of COCO; or a folder with "
    "the .xml files of Pascal VOC. k-means with the distance 1 - IoU, as in YOLO9000.",
    most=1,
)


def run(given: Given, console: Console) -> int:
    """Print the anchors as a list of the language; 1 if boxes cannot be read."""
    from netwright.anchors.cluster import anchors
    from netwright.anchors.read import BoxesError, read

    count, seed = whole(given, "k", 5), whole(given, "seed", 0, least=0)
    cells = whole(given, "input", 416) / whole(given, "stride", 32)
    (path,) = given.operands
    try:
        boxes = read(path)
        if count > len(set(boxes)):
            unlike = f"found {len(set(boxes))} in `{path}`"
            raise BoxesError(f"{count} anchors need as many boxes of unlike size, {unlike}")
    except BoxesError as error:
        console.complain(error.message, error.help)
        return 1
    found = anchors(
        boxes, count, seed=seed, tell=lambda turn: console.progress(f"{path}: turn {turn}")
    )
    sizes = [[float(f"{side * cells:.6g}") for side in size] for size in found.sizes]
    if console.format == "json":
        from netwright.report.json import text

        facts = {"anchors": sizes, "boxes": len(boxes), "mean_iou": found.mean_iou}
        console.out(text(facts))
    else:
        console.out(f"{sizes}\n")
        console.note(f"{len(boxes):,} boxes, mean IoU {found.mean_iou:.4f}")
    return 0


def whole(given: Given, name: str, otherwise: int, *, least: int = 1) -> int:
    """The whole number of an option."""
    text = given.last(name, str(otherwise))
    if not text.isdecimal() or int(text) < least:
        raise Usage(f"`--{name}` takes a whole number of at least {least}, found `{text}`")
    return int(text)
