"""Where pictures go: what the ending of a file asks for, and writing it."""

import os

from netwright.commands.console import Console
from netwright.commands.declare import Usage
from netwright.commands.replace import replace_all


def picture_kind(path: str, known: tuple[str, ...]) -> str:
    """The format that the name of a file asks for; `-` is an SVG."""
    ending = os.path.splitext(path.lower())[1] or path
    kind = ending.removeprefix(".").replace("-", "svg")
    if kind not in known:
        raise Usage(f"no picture ends in `{ending}`", f"it is one of {', '.join(known)}")
    return kind


def write_picture(path: str, picture: bytes, console: Console, rest: str = "") -> None:
    """Write a picture to its file, or to where the output goes; ``rest`` is said of it."""
    if path == "-":
        console.data(picture)
        return
    replace_all({path: picture})
    console.note(f"{path}: {len(picture):,} bytes{rest}")
