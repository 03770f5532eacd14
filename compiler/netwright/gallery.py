"""Makes `docs/gallery.md` and its pictures from the specs: `python -m netwright.gallery`."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import netwright
from netwright.api import Net
from netwright.draw import draw
from netwright.draw.wording import short
from netwright.record import record
from netwright.resources import data_folder

FOLDER = "gallery"
INTRODUCTION = """\
# Gallery

Every net of `specs/`, as `netwright draw` has it without being asked for anything: at most 60 boxes
on a page, what repeats with a badge, each block once in a panel with its symbols. The colours
follow the reader's choice of light or dark; a picture that is opened tells all arguments of a box
beneath the pointer. `python -m netwright.gallery` makes this page and its pictures.
"""


@record
class Family:
    """A spec: where it lies below `specs/`, what it says of itself, and its nets."""

    path: str
    about: str
    nets: tuple[Net, ...]


def families(specs: Path) -> Iterator[Family]:
    """The specs that have nets, those of frameworks behind the others."""
    paths = [path.relative_to(specs).as_posix() for path in specs.rglob("*.net")]
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        nets = netwright.load(specs / path)
        if nets:
            file = next(iter(nets.values()))._checked.program.main.file
            yield Family(path, _paragraph(file.doc), tuple(nets.values()))


def _paragraph(doc: str) -> str:
    return doc.strip().partition("\n\n")[0].replace("\n", " ")


def page(every: list[Family]) -> str:
    """The text of `docs/gallery.md`."""
    count = sum(len(family.nets) for family in every)
    parts = [INTRODUCTION, f"{count} nets in {len(every)} specs.\n"]
    for family in every:
        title = family.path.removesuffix(".net")
        parts.append(f"## [{title}](../specs/{family.path})\n\n{family.about}\n")
        parts += [_entry(family, net, shown=not place) for place, net in enumerate(family.nets)]
    return "\n".join(parts)


def _entry(family: Family, net: Net, *, shown: bool) -> str:
    """What is told of a net, over its picture; behind a click for all but the first of a spec."""
    image = f"![{net.name}]({FOLDER}/{picture_name(family, net)})"
    line = net._net.definition.node.name.span.line
    told = [f"{short(net.params)} params", f"{short(net.macs)} MACs", _about(net)]
    link = f'<a href="../specs/{family.path}#L{line}">{net.name}</a>'
    said = f"<b>{link}</b> · {' · '.join(filter(None, told))}"
    if shown:
        return f"{said}\n\n{image}\n"
    return f"<details><summary>{said}</summary>\n\n{image}\n\n</details>\n"


def _about(net: Net) -> str:
    doc = net._net.definition.node.doc or net.instance.definition.node.doc
    return _paragraph(doc).rstrip(".").replace("`", "")


def picture_name(family: Family, net: Net) -> str:
    """The file of a picture: the spec, and the net."""
    return f"{family.path.removesuffix('.net').replace('/', '.')}.{net.name}.svg"


def picture(family: Family, net: Net, specs: Path) -> bytes:
    """The picture of a net; its links lead to the specs, and nothing is in it twice."""
    text = draw(net._checked, net._net, "svg").decode()
    text = re.sub(' (?:font-family="Arial"|xml:space="preserve"|xlink:title="[^"]*")', "", text)
    return re.sub(
        r'xlink:href="([^#"]*)#', lambda found: _link(found[1], family, specs), text
    ).encode()


def _link(name: str, family: Family, specs: Path) -> str:
    """A link to a spec by the name of its file: that of the family, or one that it imports."""
    home = os.path.dirname(family.path)
    places = (os.path.join(home, name), name, os.path.join("blocks", name))
    found = next((place for place in places if (specs / place).is_file()), family.path)
    return f'xlink:href="../../specs/{found}#'


def write(docs: Path, specs: Path) -> Iterator[str]:
    """Write the page and its pictures, take away those of nets that are gone; the files' names."""
    every = list(families(specs))
    home = docs / FOLDER
    home.mkdir(exist_ok=True)
    files = {
        picture_name(family, net): picture(family, net, specs)
        for family in every
        for net in family.nets
    }
    for old in home.glob("*.svg"):
        if old.name not in files:
            old.unlink()
    for name, data in files.items():
        (home / name).write_bytes(data)
        yield f"{FOLDER}/{name}"
    (docs / "gallery.md").write_text(page(every), encoding="utf-8")
    yield "gallery.md"


if __name__ == "__main__":
    specs = data_folder("specs")
    if specs is None:
        sys.exit("the specs are not there")
    print(*write(specs.parent / "docs", specs), sep="\n")
