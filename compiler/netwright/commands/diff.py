"""`netwright diff`: what changed between two nets, and whether checkpoints still load."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, SET, Command, Given, Option, Usage
from netwright.commands.pictures import picture_kind, write_picture
from netwright.commands.specs import Specs, chosen
from netwright.pipeline import Checked, CheckedNet

if TYPE_CHECKING:
    from netwright.report.compare import Difference

PICTURES = ("svg", "png", "pdf", "dot", "mmd")
COMMAND = Command(
    "diff",
    "tell what changed between two nets, and whether checkpoints still load",
    "BEFORE [AFTER]",
    (
        ("netwright diff HEAD:resnet.net resnet.net", "each net, since the last commit"),
        ("netwright diff old.net new.net --net ResNet50", "one net of two files"),
        ("netwright diff resnet.net --net ResNet50 --net ResNet101", "two nets of a file"),
        ("netwright diff main:resnet.net resnet.net -q", "in CI: 1 if a checkpoint breaks"),
        ("netwright diff old.net new.net --format json", "for a program"),
        ("netwright diff old.net new.net -o change.svg", "as a picture"),
    ),
    (
        Option("net", "only this net; two for one of each spec", "NAME", repeats=True),
        SET,
        Option("output", f"draw it; the ending is of {', '.join(PICTURES)}", "FILE", short="o"),
        Option("theme", "colours of the picture", "THEME", ("light", "dark", "auto")),
        *BOUNDS,
    ),
    about="A spec is a file, or REVISION:FILE of git.\n"
    "The exit code is 1 if a checkpoint of a net from before does not load into it now.",
    most=2,
)


def run(given: Given, console: Console) -> int:
    """Print the differences; 1 if a checkpoint breaks or a spec has an error."""
    specs = Specs(given, console)
    every = [_checked(specs, path) for path in given.operands]
    sides = [{net.name: net for net in checked.nets} for checked in every]
    if specs.failed:
        specs.tell()
        return 1
    if console.format in ("sarif", "github"):
        raise Usage(f"a difference has no form `{console.format}`", "text or json")
    rows = _rows(given.every("net"), specs, sides)
    if given.has("output"):
        return _draw(given, console, every, rows)
    found = [_difference(old, new) for old, new in rows]
    gone = [] if given.has("net") or not _alike(rows) else _gone(sides)
    _print(found, gone, console)
    return int(bool(gone) or any(not one.checkpoint.loads for one in found))


def _draw(
    given: Given,
    console: Console,
    every: Sequence[Checked],
    rows: Sequence[tuple[CheckedNet, CheckedNet]],
) -> int:
    """Write the picture of one difference; 1 if a checkpoint breaks."""
    if len(rows) > 1:
        names = ", ".join(new.name for _, new in rows)
        raise Usage("a picture is of one net", f"choose by `--net`: {names}")
    kind = picture_kind(given.last("output"), PICTURES)
    from netwright.draw import CannotDraw
    from netwright.draw.picture import draw_difference

    old, new = rows[0]
    try:
        before, after = (every[0], old), (every[-1], new)
        picture = draw_difference(before, after, kind, theme=given.last("theme", "auto"))
    except CannotDraw as reason:
        console.complain(reason.message, reason.help)
        return 1
    write_picture(given.last("output"), picture, console)
    return int(not _difference(old, new).checkpoint.loads)


def _checked(specs: Specs, operand: str) -> Checked:
    """A spec, as it is or as it was."""
    revision, colon, path = operand.partition(":")
    if not colon or os.path.exists(operand):
        return specs.check(operand)
    from netwright.commands.revision import Revision

    files = Revision(revision)
    return specs.check_in(files, files.place(path))


def _rows(
    names: tuple[str, ...], specs: Specs, sides: Sequence[Mapping[str, CheckedNet]]
) -> list[tuple[CheckedNet, CheckedNet]]:
    """Which net is to be compared with which."""
    before, after = sides[0], sides[-1]
    if len(names) > 2:
        raise Usage("a difference is of two nets", "`--net` once or twice")
    if len(names) == 2:
        old, new = (
            chosen(nets.values(), specs, (name,))[0]
            for nets, name in zip((before, after), names, strict=True)
        )
        return [(old, new)]
    if len(sides) == 1:
        known = f"its nets are {', '.join(before)}" if before else ""
        raise Usage("one spec alone: say which two nets by `--net`", known)
    if names:
        return [(chosen(before.values(), specs, names)[0], chosen(after.values(), specs, names)[0])]
    both = [(before[name], after[name]) for name in after if name in before]
    if not both and len(before) == len(after) == 1:
        both = list(zip(before.values(), after.values(), strict=True))
    if not both:
        raise Usage("the specs have no net in common", "`--net` twice compares two of any name")
    return both


def _alike(rows: Sequence[tuple[CheckedNet, CheckedNet]]) -> bool:
    """Whether nets are compared with those of their name."""
    return all(old.name == new.name for old, new in rows)


def _gone(sides: Sequence[Mapping[str, CheckedNet]]) -> list[str]:
    """The nets that are there no more."""
    return [name for name in sides[0] if name not in sides[-1]]


def _difference(old: CheckedNet, new: CheckedNet) -> "Difference":
    from netwright.compare import checkpoint, compare
    from netwright.report.compare import Difference

    before, after = old.instance, new.instance
    changes = compare(before, after)
    return Difference((old.name, new.name), before, after, changes, checkpoint(before, after))


def _print(found: Sequence["Difference"], gone: Sequence[str], console: Console) -> None:
    from netwright.report import compare
    from netwright.report.json import text
    from netwright.report.paint import Paint

    if console.format == "json":
        document = {"nets": [compare.document(one) for one in found], "gone": list(gone)}
        console.out(text(document))
        return
    paint = Paint(console.colored(sys.stdout))
    pages = [compare.text(one, paint) for one in found if not one.equal]
    equal = [one.names[-1] for one in found if one.equal]
    pages += [f"no change: {', '.join(equal)}\n"] if equal and not console.quiet else []
    pages += [f"no more there: {', '.join(gone)}\n"] if gone else []
    console.out("\n".join(pages))
