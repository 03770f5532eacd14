"""Helpers of emitted files: small functions and classes that are written into a file that needs them."""

import os
from functools import cache


@cache
def helper_source(target: str, name: str) -> str:
    """The text of a helper, as it stands in an emitted file."""
    from netwright.resources import data_folder as folder

    path = os.path.join(folder("templates"), target, "helpers", f"{name}.py")
    with open(path, encoding="utf-8") as file:
        return file.read().strip("\n")
