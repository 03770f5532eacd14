"""Files of weights: what an ending means, and how a file is written whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from netwright.weights.state import WeightsError


class Format(Enum):
    """A format; the value names the package that reads and writes it, or whose it is."""

    PICKLE = "torch"
    SAFETENSORS = "safetensors"
    KERAS = "keras"
    LEGACY = "h5py"
    DARKNET = "darknet"
    CAFFE = "caffe"


ENDINGS = {
    ".pth": Format.PICKLE,
    ".pt": Format.PICKLE,
    ".safetensors": Format.SAFETENSORS,
    ".keras": Format.KERAS,
    ".weights.h5": Format.KERAS,
    ".h5": Format.LEGACY,
    ".weights": Format.DARKNET,
    ".caffemodel": Format.CAFFE,
}
EXTRAS = {"torch": "netwright[torch]", "keras": "netwright[keras]"}
KNOWN = ", ".join(ENDINGS)


def format_of(path: str) -> Format:
    """The format that a file's ending means; the longest ending counts."""
    name = os.path.basename(path).lower()
    fits = [ending for ending in ENDINGS if name.endswith(ending)]
    if not fits:
        raise WeightsError(f"no format has the ending of `{path}`", f"the endings are {KNOWN}")
    return ENDINGS[max(fits, key=len)]


@contextmanager
def needs(path: str, package: str) -> Iterator[None]:
    """Say what to install where a format's package is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or package).partition(".")[0]
        extra = EXTRAS.get(name, name)
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
