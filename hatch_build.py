"""Compiles the checkout to bytecode when it is installed as editable, as pip does with wheels.

Where Python may not write bytecode (PYTHONDONTWRITEBYTECODE), every start would compile anew.
"""

import compileall
import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bytecode(BuildHookInterface):
    """Runs before a wheel is built; does nothing for a real one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the package; a folder that cannot be written is no reason to fail."""
        if version == "editable":
            compileall.compile_dir(os.path.join(self.root, "compiler"), quiet=2)
