"""`netwright draw`: a net as a picture, or as the text that tools make pictures of."""

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option
from netwright.commands.pictures import picture_kind, write_picture
from netwright.commands.specs import Specs, single

FORMATS = ("svg", "png", "pdf", "dot", "mmd", "html")
COMMAND = Command(
    "draw",
    "draw a net as SVG, PNG, PDF, DOT, Mermaid or a page",
    "FILE",
    (
        ("netwright draw resnet.net --net ResNet50 -o resnet50.svg", "one page"),
        ("netwright draw resnet.net --net ResNet50 --detail 3 -o all.pdf", "every layer"),
        ("netwright draw unet.net -o unet.mmd", "Mermaid, for a README"),
        ("netwright draw unet.net -o unet.html", "a page whose blocks open"),
    ),
    (
        NET,
        SET,
        Option("output", f"the file; its ending is of {', '.join(FORMATS)}", "FILE", short="o"),
        Option(
            "detail", "stages, stages and blocks, or everything; by its size", "N", ("1", "2", "3")
        ),
        Option("expand", "draw this block open where it stands", "BLOCK", repeats=True),
        Option("theme", "colours for a page", "THEME", ("light", "dark", "auto")),
        *BOUNDS,
    ),
    about="Without --output the file is called as the net, in lower case, with .svg.\n"
    "A net with an error is drawn up to it; the exit code is 1 then.",
    most=1,
)


def run(given: Given, console: Console) -> int:
    """Write the picture of one net; 1 if the spec has an error, of which there is a picture too."""
    kind = picture_kind(given.last("output", ".svg"), FORMATS)
    specs = Specs(given, console)
    checked = specs.check(given.operands[0])
    specs.tell()
    names = given.every("net")
    net = checked.up_to_mistakes(names) if specs.failed else single(given, specs, checked)
    if net is None:
        return 1
    from netwright.draw import CannotDraw, draw

    detail = int(given.last("detail")) if given.has("detail") else None
    try:
        theme, expand = given.last("theme", "auto"), given.every("expand")
        picture = draw(checked, net, kind, detail=detail, theme=theme, expand=expand)
    except CannotDraw as reason:
        console.complain(reason.message, reason.help)
        return 1
    rest = ", drawn up to the error" if net.instance.failed else ""
    write_picture(given.last("output", f"{net.name.lower()}.svg"), picture, console, rest)
    return int(specs.failed)
