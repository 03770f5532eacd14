"""Specs on disk: where an import is looked for, and how a file is read."""

import os

from netwright import syntax
from netwright.diagnostics import Report
from netwright.limits import limits
from netwright.parse import parse_bytes
from netwright.program import Files
from netwright.resources import data_folder

MARKS = ("pyproject.toml", "netwright.toml", ".git")


class DiskFiles(Files):
    """Looks in the importer's folder, in those above up to the project's root, then in the shipped.

    Where nothing marks the root it is the folder of the main file, the first to import. What lies
    outside of these, links followed, is not there.
    """

    def __init__(self) -> None:
        self.top = ""

    def find(self, importer: str, path: tuple[str, ...]) -> str | None:
        parts = [part for piece in path for part in piece.split("/")]
        target = os.path.join(*parts[:-1], parts[-1].removesuffix(".net") + ".net")
        self.top = self.top or os.path.dirname(os.path.abspath(importer))
        for folder in self._folders(importer):
            candidate = os.path.join(folder, target)
            if os.path.isfile(candidate) and _within(candidate, folder):
                return _shown(candidate)
        return None

    def read(self, path: str, report: Report) -> syntax.File:
        with open(path, "rb") as file:
            data = file.read(limits().bytes + 1)
        return parse_bytes(path, data, report)[1]

    def same(self, path: str) -> str:
        return os.path.realpath(path)

    def near(self, importer: str, path: tuple[str, ...]) -> list[str]:
        parts = [part for piece in path for part in piece.split("/")]
        found: list[str] = []
        for folder in self._folders(importer):
            place = os.path.join(folder, *parts[:-1])
            if os.path.isdir(place):
                names = sorted(os.listdir(place))
                found += [name[:-4] for name in names if name.endswith(".net")]
        return found

    def _folders(self, importer: str) -> list[str]:
        own = os.path.dirname(os.path.abspath(importer))
        folders = [own]
        while not any(os.path.exists(os.path.join(folders[-1], mark)) for mark in MARKS):
            above = os.path.dirname(folders[-1])
            if above == folders[-1]:
                folders = folders[: folders.index(self.top) + 1] if self.top in folders else [own]
                break
            folders.append(above)
        shipped = data_folder("specs")
        return [*folders, str(shipped)] if shipped is not None else folders


def _within(candidate: str, folder: str) -> bool:
    """Whether a file, its links followed, is inside a folder."""
    root = os.path.realpath(folder)
    return os.path.commonpath([os.path.realpath(candidate), root]) == root


def _shown(path: str) -> str:
    """A path as messages show it: relative where it is below the working folder."""
    here = os.getcwd()
    inside = path.startswith(here + os.sep)
    return os.path.relpath(path, here) if inside else path
