"""The specs that come with Netwright, by name, and copies of them for users to start from."""

import os
import re
from collections.abc import Iterable

from netwright.commands.console import Console, reason
from netwright.commands.declare import Given, Usage
from netwright.commands.replace import differs, replace_all
from netwright.commands.specs import Specs
from netwright.resources import data_folder

NET = re.compile(rb"^net\s+(\w+)", re.MULTILINE)


def home() -> str:
    """The folder that they lie in."""
    return str(data_folder("specs") or "")


def files() -> list[str]:
    """All of them, in the order of their paths."""
    found = [
        os.path.join(folder, name)
        for folder, _, names in os.walk(home())
        for name in names
        if name.endswith(".net")
    ]
    return sorted(os.path.relpath(path) if path.startswith(os.getcwd()) else path for path in found)


def name_of(path: str) -> str:
    """What a spec is called, ``keras/resnet``: its path without what all have in common."""
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(home()))
    return inside.removesuffix(".net").replace(os.sep, "/")


def mentions(path: str, words: Iterable[str]) -> bool:
    """Whether all words are in the path or the text of a spec: else no net of it has them."""
    text = f"{path} {_bytes(path).decode()}".lower()
    return all(word in text for word in words)


def copy(given: Given, console: Console) -> int:
    """Write a spec, and what it imports beside it."""
    words = given.operands[1:]
    if not words:
        raise Usage("`zoo copy` needs the name of a spec", "`netwright zoo copy resnet`")
    if len(words) > 2:
        raise Usage(f"`zoo copy` takes a name and a file, found `{words[2]}`")
    source = _meant(words[0])
    target = _target(words[1] if len(words) > 1 else "", source)
    copies = _copies(source, target, given, console)
    if not given.has("force"):
        _refuse_to_overwrite(copies)
    written = replace_all(copies)
    for path in copies:
        console.note(f"{path}{'' if path in written else ': as before'}")
    return 0


def _meant(word: str) -> str:
    """The path of the spec that a word means: by its name, or by that of a net in one alone."""
    names = {name_of(path): path for path in files()}
    asked = word.removesuffix(".net").removeprefix("specs/").lower()
    if asked in names:
        return names[asked]
    holding = [name for name, path in names.items() if _has(path, asked)]
    if len(holding) == 1:
        return names[holding[0]]
    if holding:
        raise Usage(f"several specs have a net `{word}`", f"one of {', '.join(holding)}")
    from netwright.spelling import nearest

    raise Usage(
        f"no spec `{word}` comes with Netwright", nearest(asked, names) or "`netwright zoo` has all"
    )


def _has(path: str, net: str) -> bool:
    """Whether a spec has a net of this name, in lower case."""
    return net.encode() in [found.lower() for found in NET.findall(_bytes(path))]


def _target(word: str, source: str) -> str:
    """The file to write: of a folder, one in it."""
    name = os.path.basename(source)
    if word == "-":
        raise Usage("`zoo copy` writes files, not to standard output")
    if not word or os.path.isdir(word) or word.endswith(("/", os.sep)):
        return os.path.join(word, name)
    if not word.endswith(".net"):
        raise Usage(f"a spec ends in `.net`, found `{word}`", f"`{word}.net`")
    return word


def _copies(source: str, target: str, given: Given, console: Console) -> dict[str, bytes]:
    """What to write where: an import lies to the copy as it does to the original."""
    specs = Specs(given, console)
    program = specs.check(source).program
    copies = {target: _bytes(source)}
    for module in program.modules.values():
        if module is not program.main:
            path = os.path.join(os.path.dirname(target), _beside(module.source.path, source))
            if path in copies:
                raise Usage(
                    f"`{target}` is also the name of a spec that it imports", "choose another"
                )
            copies[path] = _bytes(module.source.path)
    return copies


def _beside(path: str, source: str) -> str:
    """The path of an import from the folder of a spec, or from where the search for it ends."""
    path, folder = os.path.realpath(path), os.path.dirname(os.path.realpath(source))
    inside = os.path.relpath(path, folder)
    return os.path.relpath(path, os.path.realpath(home())) if inside.startswith("..") else inside


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Usage(f"cannot read `{path}`: {reason(error)}") from error


def _refuse_to_overwrite(copies: dict[str, bytes]) -> None:
    """Refuse where a file is there already that says something else."""
    there = [path for path, data in copies.items() if os.path.lexists(path) and differs(path, data)]
    if there:
        verb = "is" if len(there) == 1 else "are"
        listed = ", ".join(f"`{path}`" for path in there)
        raise Usage(f"{listed} {verb} there already", "`--force` writes over what is there")
