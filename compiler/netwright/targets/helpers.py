"""Helpers of emitted files: small functions and classes, written into a file that needs them."""

import os
from functools import cache


@cache
def helper_names(target: str) -> frozenset[str]:
    """All helpers of a target."""
    from netwright.resources import data_folder as folder

    files = os.listdir(f"{folder('templates')}/{target}/helpers")
    return frozenset(file.removesuffix(".py") for file in files if file.endswith(".py"))


@cache
def helpers_called(target: str, name: str) -> tuple[str, ...]:
    """The helpers that a helper calls, those that they call in front."""
    from netwright.targets.imports import words

    own = words(helper_source(target, name).splitlines()) & helper_names(target) - {name}
    inner = (deeper for other in sorted(own) for deeper in helpers_called(target, other))
    return tuple(dict.fromkeys((*inner, *sorted(own))))


@cache
def helper_source(target: str, name: str) -> str:
    """The text of a helper, as it stands in an emitted file."""
    from netwright.resources import data_folder as folder

    home = folder("templates")
    assert home is not None, "the package lacks its templates"
    path = os.path.join(home, target, "helpers", f"{name}.py")
    with open(path, encoding="utf-8") as file:
        return file.read().strip("\n")
