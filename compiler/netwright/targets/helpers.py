"""Helpers of emitted files: small functions and classes, written into a file that needs them."""

import os
from functools import cache


@cache
def helper_source(target: str, name: str) -> str:
    """The text of a helper, as it stands in an emitted file."""
    from netwright.resources import data_folder as folder

    home = folder("templates")
    assert home is not None, "the package lacks its templates"
    path = os.path.join(home, target, "helpers", f"{name}.py")
    with open(path, encoding="utf-8") as file:
        return file.read().strip("\n")
