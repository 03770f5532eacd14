"""Specs on disk: where an import is looked for, and how a file is read."""

import os
from pathlib import Path

from netwright import syntax
from netwright.diagnostics import Report
from netwright.parse import parse_bytes
from netwright.program import Files
from netwright.resources import data_folder

MARKS = ("pyproject.toml", "netwright.toml", ".git")
LARGEST = 16 * 2**20


class DiskFiles(Files):
    """Looks in the importer's folder, in those above up to the project's root, then among the shipped specs."""

    def find(self, importer: str, path: tuple[str, ...]) -> str | None:
        parts = [part for piece in path for part in piece.split("/")]
        target = os.path.join(*parts[:-1], parts[-1].removesuffix(".net") + ".net")
        for folder in self._folders(importer):
            candidate = folder / target
            if candidate.is_file() and _within(candidate, folder):
                return _shown(candidate)
        return None

    def read(self, path: str, report: Report) -> syntax.File:
        return parse_bytes(path, Path(path).read_bytes(), report)[1]

    def near(self, importer: str, path: tuple[str, ...]) -> list[str]:
        parts = [part for piece in path for part in piece.split("/")]
        found: list[str] = []
        for folder in self._folders(importer):
            place = folder.joinpath(*parts[:-1])
            if place.is_dir():
                found += sorted(entry.stem for entry in place.iterdir() if entry.suffix == ".net")
        return found

    def _folders(self, importer: str) -> list[Path]:
        own = Path(importer).absolute().parent
        folders = [own]
        for folder in (own, *own.parents):
            if folder is not own:
                folders.append(folder)
            if any((folder / mark).exists() for mark in MARKS):
                break
        else:
            folders = [own]
        shipped = data_folder("specs")
        return [*folders, shipped] if shipped is not None else folders


def _within(candidate: Path, folder: Path) -> bool:
    """Whether a file, its links followed, is inside a folder."""
    return candidate.resolve().is_relative_to(folder.resolve())


def _shown(path: Path) -> str:
    """A path as messages show it: relative where it is below the working folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
