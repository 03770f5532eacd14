"""Whether two definitions, perhaps of two files, say the same, whatever they are bound to."""

from typing import Any

from netwright.program import Definition, Module
from netwright.tree import names
from netwright.values import Partial


class Alike:
    """Compares definitions with all that they use, each pair once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], bool] = {}

    def definitions(self, before: Any, after: Any) -> bool:
        """Whether two definitions are written alike, and what they use as well."""
        if before is after:
            return True
        key = (id(before), id(after))
        if key not in self.known:
            self.known[key] = True  # what uses itself is alike if the rest is
            self.known[key] = self._written(before, after)
        return self.known[key]

    def _written(self, before: Any, after: Any) -> bool:
        if not (isinstance(before, Definition) and isinstance(after, Definition)):
            return bool(before == after)
        if before.node != after.node or before.home.sets != after.home.sets:
            return False
        used = set(names(before.node))
        return all(self._meant(before.home, after.home, name) for name in used)

    def _meant(self, before: Module, after: Module, name: str) -> bool:
        """Whether a name means the same in two files."""
        one, other = before.names.get(name), after.names.get(name)
        if isinstance(one, Definition):
            return self.definitions(one, other)
        if isinstance(one, Module):
            return isinstance(other, Module) and one.file.declarations == other.file.declarations
        return bool(one == other)

    def values(self, before: Any, after: Any) -> bool:
        """Whether two arguments are the same; of blocks, what they are with their arguments."""
        if isinstance(before, Partial) and isinstance(after, Partial):
            return self.definitions(before.target, after.target) and self.values(
                before.args, after.args
            )
        if type(before) is tuple and type(after) is tuple:
            same = len(before) == len(after)
            return same and all(map(self.values, before, after))
        return bool(before == after)
