"""Files of weights: which format an ending means, and a file that is written whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from netwright.weights.state import WeightsError


class Format(Enum):
    """A format, with the endings that tell it and the package that reads it."""

    PICKLE = ((".pth", ".pt"), "torch")
    SAFETENSORS = ((".safetensors",), "safetensors")
    KERAS = ((".keras", ".weights.h5"), "keras")
    LEGACY = ((".h5", ".hdf5"), "keras")
    DARKNET = ((".weights",), "")

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of its files, the usual one first."""
        return self.value[0]

    @property
    def package(self) -> str:
        """The package that reads and writes them."""
        return self.value[1]


KNOWN = tuple(ending for kind in Format if kind is not Format.DARKNET for ending in kind.endings)


def format_of(path: str) -> Format:
    """The format that a file's ending means; the longest ending counts."""
    name = os.path.basename(path).lower()
    fits = [(len(end), kind) for kind in Format for end in kind.endings if name.endswith(end)]
    if not fits:
        raise WeightsError(
            f"no format has the ending of `{path}`", f"the endings are {', '.join(KNOWN)}"
        )
    kind = max(fits, key=lambda fit: fit[0])[1]
    if kind is Format.DARKNET:
        raise WeightsError(
            f"Darknet's format cannot be carried yet: `{path}`",
            f"the endings are {', '.join(KNOWN)}",
        )
    return kind


@contextmanager
def needs(path: str, package: str) -> Iterator[None]:
    """Say what to install where a format's package is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or package).partition(".")[0]
        extra = {"torch": "netwright[torch]", "keras": "netwright[keras]"}.get(name, name)
        raise WeightsError(
            f"`{path}` needs the package `{name}`", f"pip install '{extra}'"
        ) from error


def replace(path: str, write: Callable[[str], object]) -> None:
    """Let a file be written beside its place, and put it there when it is whole."""
    folder, name = os.path.split(os.path.abspath(path))
    temporary = os.path.join(folder, f".{os.getpid()}.{name}")
    try:
        os.makedirs(folder, exist_ok=True)
        write(temporary)
        os.replace(temporary, path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WeightsError(f"cannot write `{path}`: {reason}") from error
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)
