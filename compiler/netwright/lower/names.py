"""Keys and the Python names that word them: which size can be said, and how, at this point.

Every symbol has a key of its own. A key is valid while the variable of its name still holds it;
when the name is bound again, its old keys can no longer be said.
"""

from typing import Any

from netwright.lower.text import NameOf, Text
from netwright.sym import Dim, Sym, Word, keys, show
from netwright.tensor import Dynamic, Size

MARK = "\x00"


class Names:
    """The variables of one routine's constructor."""

    def __init__(self) -> None:
        self.name_of: dict[str, str] = {}
        self.holder: dict[str, str] = {}
        self.count = 0
        self.shown: dict[Sym, str] = {}  # the normal form of sizes, which are told again and again

    def fresh(self, stem: str) -> str:
        """A key that no other symbol has."""
        self.count += 1
        return f"{stem}'{self.count}"

    def bind(self, name: str, key: str) -> None:
        """Let a variable hold a key, and no longer the one before."""
        self.name_of[key] = name
        self.holder[name] = key

    def end(self, key: str) -> None:
        """Let a variable hold nothing that can be said, where it holds a key."""
        if self.valid(key):
            del self.holder[self.name_of[key]]

    def valid(self, key: str) -> bool:
        """Whether the variable of a key still holds it."""
        name = self.name_of.get(key)
        return name is not None and self.holder.get(name) == key

    def save(self) -> Any:
        """The state, for `restore`."""
        return dict(self.name_of), dict(self.holder)

    def restore(self, state: Any) -> None:
        """Back to a saved state; keys made since stay taken."""
        self.name_of, self.holder = dict(state[0]), dict(state[1])

    def say(self, dim: Size | None) -> Text | None:
        """Text of a size: as it was written if that still holds, its normal form, or none."""
        if dim is None or isinstance(dim, Dynamic):
            return None
        if isinstance(dim, int):
            return Text.of(str(dim))
        word = dim.word
        if word is not None and all(map(self.valid, word.keys)):
            assert isinstance(word.text, Text)
            return word.text
        if not all(map(self.valid, keys(dim))):
            return None
        text = self.shown.get(dim)
        if text is None:
            text = self.shown[dim] = show(dim, lambda key: f"{MARK}{key}{MARK}")
        return self._parts(text)

    def _parts(self, text: str) -> Text:
        pieces = text.split(MARK)
        return Text.of(
            *(
                NameOf(piece, self.name_of[piece]) if odd % 2 else piece
                for odd, piece in enumerate(pieces)
            )
        )

    def worded(self, dim: Dim, text: Text) -> Dim:
        """The size, to be said by this text while its names hold."""
        if not isinstance(dim, Sym):
            return dim
        used = {name.key for name in text.names()}
        return Sym(dim.terms, Word(text, frozenset(used)))
