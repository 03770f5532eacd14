"""Writes files so that all of them are new or all of them are old, at every moment."""

import os
from collections.abc import Mapping

from netwright.commands.console import reason
from netwright.commands.declare import Usage


def replace_all(files: Mapping[str, bytes]) -> list[str]:
    """Write the files whose content changes, and give their paths; nothing is left half done."""
    changed = {os.path.realpath(path): data for path, data in files.items() if differs(path, data)}
    written: list[tuple[str, str]] = []
    try:
        for path, data in changed.items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            written.append((_beside(path, data), path))
        _swap(written)
    except OSError as error:
        where = error.filename or "a file"
        raise Usage(f"cannot write `{where}`: {reason(error)}") from error
    finally:
        for temporary, _ in written:
            if os.path.lexists(temporary):
                os.unlink(temporary)
    return [path for path in files if os.path.realpath(path) in changed]


def differs(path: str, data: bytes) -> bool:
    """Whether a file is not there, or has another content."""
    try:
        with open(path, "rb") as file:
            return file.read() != data
    except FileNotFoundError:
        return True
    except OSError as error:
        raise Usage(f"cannot read `{path}`: {reason(error)}") from error


def _beside(path: str, data: bytes) -> str:
    """A temporary file in the same folder, with the content and the permissions of the file."""
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if os.path.exists(path):
        os.chmod(temporary, os.stat(path).st_mode & 0o7777)
    return temporary


def _swap(written: list[tuple[str, str]]) -> None:
    """Put each file in place; if one cannot be, put the old ones back."""
    old: list[tuple[str, bytes | None]] = []
    try:
        for temporary, path in written:
            old.append((path, _content(path)))
            os.replace(temporary, path)
    except OSError:
        for path, data in old[:-1]:
            if data is None:
                os.unlink(path)
            else:
                os.replace(_beside(path, data), path)
        raise


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
