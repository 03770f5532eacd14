"""Specs as they were: files of a git revision, with what they import."""

import os
import subprocess

from netwright import syntax
from netwright.commands.declare import Usage
from netwright.diagnostics import Report
from netwright.files import DiskFiles
from netwright.parse import parse_bytes
from netwright.program import Files


class Revision(Files):
    """The files of one revision; what is shipped with Netwright comes from where it is now."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root = _git("rev-parse", "--show-toplevel").decode().strip()
        listed = _git("ls-tree", "-r", "-z", "--name-only", "--full-tree", name)
        self.paths = frozenset(listed.decode(errors="surrogateescape").split("\0"))

    def find(self, importer: str, path: tuple[str, ...]) -> str | None:
        if not importer.startswith(f"{self.name}:"):
            return DiskFiles().find(importer, path)
        parts = [part for piece in path for part in piece.split("/")]
        target = "/".join([*parts[:-1], parts[-1].removesuffix(".net") + ".net"])
        folder = os.path.dirname(importer.removeprefix(f"{self.name}:"))
        while True:
            candidate = os.path.normpath(os.path.join(folder, target))
            if candidate in self.paths:
                return f"{self.name}:{candidate}"
            if not folder:
                return DiskFiles().find(os.path.join(self.root, ".", target), path)
            folder = os.path.dirname(folder)

    def read(self, path: str, report: Report) -> syntax.File:
        if not path.startswith(f"{self.name}:"):
            return DiskFiles().read(path, report)
        return parse_bytes(path, _git("cat-file", "blob", path), report)[1]

    def near(self, importer: str, path: tuple[str, ...]) -> list[str]:
        names = (os.path.basename(one) for one in self.paths if one.endswith(".net"))
        return sorted(name.removesuffix(".net") for name in names)

    def place(self, path: str) -> str:
        """A path from the working folder, as this revision calls it."""
        inside = os.path.relpath(os.path.abspath(path), os.path.realpath(self.root))
        if inside not in self.paths:
            raise Usage(f"no file `{path}` in the revision `{self.name}`")
        return f"{self.name}:{inside}"


def _git(*words: str) -> bytes:
    """What git says."""
    try:
        found = subprocess.run(["git", *words], capture_output=True, check=False)
    except OSError as error:
        raise Usage("git cannot be run", "revisions are read with it") from error
    if found.returncode:
        said = found.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise Usage(f"git says: {said}")
    return found.stdout
