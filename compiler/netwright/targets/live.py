"""The variables of a constructor that are wanted: by a module, a loop or a condition."""

from collections.abc import Callable
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower.text import NameOf, SizeOf, Text


class Wanted:
    """The keys that texts have asked for while code was written; asked until nothing is new."""

    def __init__(self, equal: dict[str, tuple[str, ...]]) -> None:
        self.keys: set[str] = set()
        self.local: set[str] = set()  # those that the constructor itself speaks of
        self.equal = equal

    def ask(self, key: str) -> None:
        """Note that a key is spoken of, and the keys that its variable gets its value from."""
        if key not in self.keys:
            self.keys.add(key)
            for other in self.equal.get(key, ()):
                self.ask(other)

    def render(self, text: Text, name: Callable[[NameOf], str] | None = None) -> str:
        """A text for a constructor: names as they are, sizes as the constructor knows them."""

        def one(part: NameOf) -> str:
            self.ask(part.key)
            self.local.add(part.key)
            return name(part) if name else part.name

        def size(part: SizeOf) -> str:
            if part.text is None:
                raise NotGeneral(None)
            return part.within(part.text.render(one, size))

        return text.render(one, size)


def settle(
    write: Callable[[Wanted], Any], equal: dict[str, tuple[str, ...]], kept: set[str]
) -> tuple[Any, Wanted]:
    """Write code until it asks for nothing that it was not given; ``kept`` are wanted anyway."""
    wanted = Wanted(equal)
    for key in kept:
        wanted.ask(key)
    while True:
        before = len(wanted.keys), len(wanted.local)
        code = write(wanted)
        if (len(wanted.keys), len(wanted.local)) == before:
            return code, wanted
