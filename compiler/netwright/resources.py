"""Finds the data that travels with the compiler: shipped in the package, or in the checkout."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))


def folder(name: str) -> str:
    """The folder `grammar`, `templates` or `specs`: in the package, else two levels above it."""
    shipped = os.path.join(HERE, name)
    checkout = os.path.join(os.path.dirname(os.path.dirname(HERE)), name)
    return checkout if not os.path.isdir(shipped) and os.path.isdir(checkout) else shipped


def text(package: str, name: str) -> str:
    """A text file that lies in one of our packages, also where the package is zipped."""
    try:
        with open(os.path.join(HERE, *package.split(".")[1:], name), encoding="utf-8") as file:
            return file.read()
    except NotADirectoryError:
        import pkgutil

        return (pkgutil.get_data(package, name) or b"").decode()
