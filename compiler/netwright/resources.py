"""Finds the data that travels with the compiler: shipped in the package, or in the checkout."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HERE = os.path.dirname(os.path.abspath(__file__))


def data_folder(name: str) -> "Path | None":
    """The folder `grammar`, `templates` or `specs`: in the package, else two levels above it."""
    from pathlib import Path

    home = Path(HERE)
    places = (home / name, home.parent.parent / name)
    return next((place for place in places if place.is_dir()), None)


def text(package: str, name: str) -> str:
    """A text file that lies in one of our packages, also where the package is zipped."""
    try:
        with open(os.path.join(HERE, *package.split(".")[1:], name), encoding="utf-8") as file:
            return file.read()
    except NotADirectoryError:
        import pkgutil

        return (pkgutil.get_data(package, name) or b"").decode()
